"""The queue of corrections: the likeliest wrong first, looked at once, learnt from."""

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from io import BytesIO
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from pytest_django.fixtures import Settings
from python_calamine import CalamineWorkbook

from sujin.complaints import kinds, schooling
from sujin.complaints.acts import confirm
from sujin.complaints.acts.receive import receive_all
from sujin.complaints.acts.recode import recode
from sujin.complaints.acts.suspect import suspect_all
from sujin.complaints.coders import agreement, judgements, lessons
from sujin.complaints.draft import Declared, Draft, Outcome
from sujin.complaints.models import Complaint, Learner, Suspect
from sujin.engine.folding import fold
from sujin.engine.lessons import CONFIRMED, CORRECTED, DECLARED, UNCHANGED, is_examined
from sujin.lab.cast import OUTLET_A, OUTLET_B
from sujin.platform.acts.organise import system_person
from sujin.platform.models import Entry, Person
from tests.complaints.conftest import Told
from tests.complaints.schoolroom import ROWS

Browser = Callable[[Person], Client]
RUDE = "柜员态度恶劣，服务态度差，推诿敷衍"
VAGUE = "办得不顺心"


@pytest.fixture(autouse=True)
def school(settings: Settings, tmp_path: Path) -> Iterator[None]:
    settings.MODELS_ROOT = tmp_path / "models"
    schooling.look_again()
    yield
    schooling.look_again()


def heard(texts: Sequence[str], at: datetime, origin: str = OUTLET_A) -> list[Complaint]:
    drafts = [Draft("counter", text, at, origin) for text in texts]
    receipts = receive_all(drafts, by=system_person(), at=at)
    return [Complaint.objects.get(pk=receipt.complaint.pk) for receipt in receipts]


def of_cause() -> list[Suspect]:
    return list(Suspect.objects.filter(axis="cause").order_by("-score", "-pk"))


@pytest.fixture
def planted(cast: SimpleNamespace, told: Told, noon: datetime) -> Complaint:
    """A handler's slip: what is plainly about service is filed under pricing."""
    case = told(RUDE)
    recode(case, codes={"cause": "pricing"}, because="手滑", by=cast.chen_li, at=noon)
    return Complaint.objects.get(pk=case.pk)


def test_a_planted_slip_stands_on_top_of_the_queue(
    planted: Complaint, noon: datetime, cast: SimpleNamespace, signed_in: Browser
) -> None:
    heard([VAGUE, "信用卡年费太高，要求退还", "排队时间长，没人管"], noon)
    suspect_all(at=noon)
    top = of_cause()[0]
    assert (top.complaint, top.why, top.code, top.machine) == (
        planted,
        "people",
        "pricing",
        "service",
    )
    page = signed_in(cast.chen_li).get(reverse("complaints:corrections"))
    assert page.context["lines"][0]["case"] == planted


def test_what_a_handler_corrected_rightly_is_not_asked_again(
    cast: SimpleNamespace, told: Told, noon: datetime
) -> None:
    """The known-good control: without the slip there is no such row."""
    case = told(RUDE)
    assert case.cause == "service"
    suspect_all(at=noon)
    assert not [one for one in of_cause() if one.why == "people"]


def test_the_machine_is_right_by_one_click_and_it_is_on_the_docket(
    planted: Complaint, noon: datetime, cast: SimpleNamespace, signed_in: Browser
) -> None:
    suspect_all(at=noon)
    client = signed_in(cast.chen_li)
    url = reverse("complaints:correction", args=[of_cause()[0].pk])
    answer = client.post(url, {"verdict": "machine", "query": "why=people"})
    assert answer.headers["Location"] == f"{reverse('complaints:corrections')}?why=people"
    planted.refresh_from_db()
    entry = planted.entries.of(kinds.Recoded).latest("pk")
    assert (planted.cause, entry.by, entry.data["settles"]) == ("service", cast.chen_li, ["cause"])
    assert planted.replay()["cause"] == "service"
    assert client.post(url, {"verdict": "machine"}).status_code == 404
    suspect_all(at=noon)
    assert not [one for one in of_cause() if one.complaint_id == planted.pk]


def test_a_code_that_is_kept_is_confirmed_and_not_asked_again(
    planted: Complaint, noon: datetime, cast: SimpleNamespace, signed_in: Browser
) -> None:
    suspect_all(at=noon)
    url = reverse("complaints:correction", args=[of_cause()[0].pk])
    signed_in(cast.shen_qiu).post(url, {"verdict": "keep"})
    entry = planted.entries.of(kinds.CodeConfirmed).get()
    assert entry.data | {} == {
        "axis": "cause",
        "kept": "pricing",
        "machine": "service",
        "because": "",
    }
    suspect_all(at=noon)
    assert not [one for one in of_cause() if one.complaint_id == planted.pk]
    assert agreement("cause").n == 1


def test_another_code_is_chosen_and_an_unknown_one_refused(
    planted: Complaint, noon: datetime, cast: SimpleNamespace, signed_in: Browser
) -> None:
    suspect_all(at=noon)
    client, url = signed_in(cast.chen_li), reverse("complaints:correction", args=[of_cause()[0].pk])
    before = planted.entries.count()
    client.post(url, {"verdict": "other", "code": "nonsense"})
    assert planted.entries.count() == before
    client.post(url, {"verdict": "other", "code": "facility"})
    planted.refresh_from_db()
    assert planted.cause == "facility"


def test_another_branchs_case_never_appears_nor_can_be_judged(
    noon: datetime, cast: SimpleNamespace, signed_in: Browser
) -> None:
    (theirs,) = heard([VAGUE], noon, OUTLET_B)
    suspect_all(at=noon)
    mine = Suspect.objects.get(complaint=theirs, axis="cause")
    client = signed_in(cast.chen_li)
    page = client.get(reverse("complaints:corrections"))
    assert page.context["listing"].count == 0
    url = reverse("complaints:correction", args=[mine.pk])
    assert client.post(url, {"verdict": "other", "code": "service"}).status_code == 404
    for whole in (cast.lin_lan, cast.ma_jun):
        page = signed_in(whole).get(reverse("complaints:corrections"))
        assert page.context["listing"].count > 0, whole


def test_only_who_may_recode_sees_the_queue(cast: SimpleNamespace, signed_in: Browser) -> None:
    for person, status in (
        (cast.chen_li, 200),
        (cast.wang_xiuying, 403),
        (cast.qian_wei, 403),
        (cast.kong_mingyu, 403),
    ):
        page = signed_in(person).get(reverse("complaints:corrections"))
        assert page.status_code == status, person


def test_the_queue_asks_as_many_questions_for_many_rows_as_for_one(
    noon: datetime, cast: SimpleNamespace, signed_in: Browser
) -> None:
    client, url = signed_in(cast.lin_lan), reverse("complaints:corrections")

    def questions() -> int:
        suspect_all(at=noon)
        with CaptureQueriesContext(
            connection,
        ) as asked:
            client.get(url)
        return len(asked)

    heard([VAGUE], noon)
    client.get(url)
    few = questions()
    heard([f"{VAGUE}{n}" for n in "甲乙丙丁戊己庚"], noon + timedelta(days=1))
    assert questions() == few


def test_the_export_holds_what_the_filters_show_and_is_on_the_record(
    planted: Complaint, noon: datetime, cast: SimpleNamespace, signed_in: Browser
) -> None:
    heard([VAGUE], noon)
    suspect_all(at=noon)
    url = reverse("complaints:corrections_export")
    answer = signed_in(cast.zhou_tao).get(url, {"why": "people"})
    rows = CalamineWorkbook.from_filelike(BytesIO(answer.content)).get_sheet_by_index(0).to_python()
    assert [row[0] for row in rows[1:]] == [planted.number]
    assert Entry.objects.filter(kind="person.exported", data__what="corrections").count() == 1
    assert signed_in(cast.chen_li).get(url).status_code == 403


def test_who_stands_for_a_code_is_read_from_the_dockets(
    cast: SimpleNamespace, told: Told, noon: datetime
) -> None:
    corrected, kept = told(RUDE), told("排队时间长，没人管")
    recode(corrected, codes={"cause": "facility"}, because="设备", by=cast.chen_li, at=noon)
    suspect_all(at=noon)
    Suspect.objects.get_or_create(
        complaint=kept, axis="cause", defaults={"score": 0.5, "confidence": 0.5, "why": "unsure"}
    )
    confirm.keep(kept, axis="cause", by=cast.chen_li, at=noon)
    told("信用卡年费太高，要求退还")
    told("金豆乐园", declared=Declared(cause="disclosure"))
    told("打不通客服电话，无人接听", outcome=Outcome("explanation", noon))
    found = {lesson.code: lesson.source for lesson in lessons("cause") if lesson.code != "service"}
    assert found == {"facility": CORRECTED, "disclosure": DECLARED}
    services = {one.source for one in lessons("cause") if one.code == "service"}
    assert services == {CONFIRMED, UNCHANGED}
    assert [one.is_settled for one in judgements("cause")] == [False, True]


def test_corrections_of_handlers_change_what_the_next_model_says(
    cast: SimpleNamespace, noon: datetime, signed_in: Browser
) -> None:
    rows = [(text, code) for text, code in ROWS if "金豆" in text or "彩屏" in text][::4]
    cases = heard([text for text, _code in rows], noon)
    assert {case.cause for case in cases} == {""}
    suspect_all(at=noon)
    for case, (_text, code) in zip(cases, rows, strict=True):
        confirm.correct(case, axis="cause", code=code, by=cast.chen_li, at=noon)
    learn = ("train", "--from-corrections", "--axis", "cause", "--by", cast.lin_lan.staff_no)
    # So few were examined that only somebody who says why may use it.
    with pytest.raises(CommandError, match="只考核了"):
        call_command(*learn)
    (version,) = schooling.versions("cause")
    call_command("train", "--activate", version, "--axis", "cause", "--force", "试点支行先用")
    (new,) = heard(["清早我表弟参加金豆乐园，一头雾水"], noon + timedelta(days=2))
    assert new.cause == "disclosure"
    triaged = new.entries.of(kinds.Triaged).get().what()
    assert isinstance(triaged, kinds.Triaged)
    assert triaged.models["cause"] == Learner.objects.get(axis="cause").version
    card = schooling.card("cause", triaged.models["cause"])
    assert set(card["examined"]) == {CORRECTED}
    assert card["examined"][CORRECTED] == sum(is_examined(fold(text)) for text, _code in rows)
    dossier = signed_in(cast.chen_li).get(new.get_absolute_url()).content.decode()
    assert triaged.models["cause"] in dossier
    page = signed_in(cast.zhou_tao).get(reverse("complaints:model", args=["cause"]))
    assert page.status_code == 200
    assert page.context["is_current"]


def test_without_anything_that_people_coded_nothing_is_trained(
    cast: SimpleNamespace, told: Told
) -> None:
    told(RUDE)
    with pytest.raises(CommandError, match="可供考核"):
        call_command("train", "--from-corrections", "--axis", "cause")
    assert not Entry.objects.of(kinds.Trained).exists()
