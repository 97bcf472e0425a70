"""Who is named in a complaint cannot be read, searched or carried away; the story can."""

import io
from collections.abc import Callable
from datetime import datetime
from types import SimpleNamespace

from django.test import Client
from django.urls import reverse
from python_calamine import CalamineWorkbook

from sujin.complaints.acts.annotate import annotate
from sujin.complaints.models import Complaint, Contact
from sujin.platform.models import Person
from tests.complaints.conftest import Told

WORDS = (
    "我叫李晓梅，住江南省临江市滨河区解放路12号3栋502室。客户经理王建国态度很差，"
    "车牌苏A12345的ETC在网点被多收了300元年费，要求退还。"
)
SECRETS = ("李晓梅", "解放路", "502室", "王建国", "A12345")


def test_names_and_homes_are_masked_where_a_case_is_read_searched_and_exported(
    cast: SimpleNamespace, told: Told, noon: datetime, signed_in: Callable[[Person], Client]
) -> None:
    case = told(WORDS)
    annotate(case, note="客户经理王建国承认态度不好", by=cast.wang_xiuying, at=noon)
    client = signed_in(cast.zhou_tao)
    page = client.get(case.get_absolute_url()).content.decode()
    sheet = exported(client)
    notes = "".join(str(entry.data) for entry in case.entries.all())
    assert "王某态度很差" in case.text and "临江市滨河区****" in case.text
    assert case.number in sheet
    assert not any(secret in page + sheet + notes + case.text for secret in SECRETS)
    assert found(client, "态度很差") == [case]
    assert [found(client, secret) for secret in SECRETS[:4]] == [[], [], [], []]


def test_what_was_said_is_kept_word_for_word_under_seal(told: Told) -> None:
    case = told(WORDS)
    assert Contact.objects.get(complaint=case).raw == WORDS


def test_without_masking_the_search_would_find_them(
    cast: SimpleNamespace, told: Told, signed_in: Callable[[Person], Client]
) -> None:
    """The known-bad control: the same words in a text that was stored unmasked."""
    case = told("经手人的做法让人不满，要求退年费。张江支行")
    assert found(signed_in(cast.zhou_tao), "张江") == [case]


def exported(client: Client) -> str:
    """Every cell of the sheet that leaves the house."""
    answer = client.get(reverse("complaints:export"))
    book = CalamineWorkbook.from_filelike(io.BytesIO(answer.content))
    return str(book.get_sheet_by_index(0).to_python())


def found(client: Client, words: str) -> list[Complaint]:
    answer = client.get(reverse("complaints:list"), {"q": words})
    return list(answer.context["listing"].page_rows)
