"""The pages of a desk: fixed queries whatever the table holds, filters in the URL, bad input."""

from collections.abc import Callable
from datetime import datetime, timedelta
from types import SimpleNamespace

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from sujin.complaints.acts.claim import claim
from sujin.complaints.acts.confer import ask_departments
from sujin.complaints.acts.respond import respond
from sujin.complaints.desks import Desks
from sujin.complaints.models import Complaint
from sujin.complaints.rulebook import lines
from sujin.complaints.templatetags.cases import due_name
from sujin.config.errands import ERRANDS
from sujin.lab.cast import BRANCH_A, OUTLET_A, OUTLET_B
from sujin.platform.models import Org, Person
from tests.complaints.conftest import Told

SignIn = Callable[[Person], Client]
COMPLEX = "信用卡被扣300元年费，再不退费我就打12378投诉。"


def queries(client: Client, url: str) -> int:
    with CaptureQueriesContext(connection) as captured:
        assert client.get(url).status_code == 200
    return len(captured)


@pytest.mark.parametrize(
    "url", ["/", "/complaints", "/complaints?state=open", "/complaints?q=年费", "/complaints/early"]
)
def test_the_number_of_queries_does_not_grow_with_the_rows(
    cast: SimpleNamespace, told: Told, noon: datetime, signed_in: SignIn, url: str
) -> None:
    person = cast.liu_yang if "early" in url else cast.zhou_tao
    client = signed_in(person)
    told(COMPLEX)
    client.get(url)
    few = queries(client, url)
    for number in range(12):
        told(f"{COMPLEX}第{number}笔，商户{number * 7}号。", at=noon + timedelta(hours=number))
    assert queries(client, url) == few
    assert few <= 5 + len(ERRANDS), "one for each room that may want something of the person"


def test_a_dossier_costs_the_same_however_long_its_docket(
    cast: SimpleNamespace, told: Told, noon: datetime, signed_in: SignIn
) -> None:
    from sujin.complaints.acts.annotate import annotate

    case = told(COMPLEX)
    client = signed_in(cast.chen_li)
    url = case.get_absolute_url()
    client.get(url)
    few = queries(client, url)
    for number in range(15):
        annotate(case, note=f"第{number}次记录", by=cast.chen_li, at=noon)
    assert queries(client, url) == few


def test_chinese_is_found_by_phrase_by_one_character_and_in_traditional_script(
    cast: SimpleNamespace, told: Told, signed_in: SignIn
) -> None:
    case = told("我在ATM取款5000元时吞卡，客服說三天後處理，𠮷先生接的电话。")
    client = signed_in(cast.zhou_tao)
    for words in (
        "吞卡",
        "卡",
        "客服说",
        "客服說",
        "atm",
        "ＡＴＭ",
        "三天后处理",
        "𠮷",
        "取款 吞卡",
    ):
        found = client.get(reverse("complaints:list"), {"q": words})
        assert case in found.context["listing"].page_rows, words
    for words in ("吞钱", "房贷", "。，", "'", "\\", "a" * 500, "卡' | 'x"):
        found = client.get(reverse("complaints:list"), {"q": words})
        assert found.status_code == 200
        assert case not in found.context["listing"].page_rows, words


@pytest.mark.parametrize(
    "query",
    ["page=abc", "page=0", "page=999999999999", "sort=evil", "tier=purple", "state=&q="],
)
def test_a_question_that_makes_no_sense_gets_the_list_and_a_word(
    cast: SimpleNamespace, told: Told, signed_in: SignIn, query: str
) -> None:
    told()
    assert signed_in(cast.zhou_tao).get(f"/complaints?{query}").status_code == 200


def test_an_action_that_is_refused_says_why_and_keeps_what_was_typed(
    cast: SimpleNamespace, told: Told, signed_in: SignIn
) -> None:
    case = told(COMPLEX)
    data = {"hand-over-to": "月球支行", "hand-over-because": "请协助核实"}
    client = signed_in(cast.chen_li)
    answer = client.post(reverse("complaints:hand-over", args=[case.number]), data)
    assert answer.status_code == 422
    body = answer.content.decode()
    assert "月球支行" in body
    assert "请协助核实" in body
    assert Complaint.objects.get(pk=case.pk).offered_to is None


def test_a_reason_with_a_phone_number_is_masked_on_the_docket(
    cast: SimpleNamespace, told: Told, signed_in: SignIn
) -> None:
    case = told(COMPLEX)
    data = {"tier-to": "urgent", "tier-because": "客户13812345678来电称已联系媒体"}
    signed_in(cast.chen_li).post(reverse("complaints:tier", args=[case.number]), data)
    said = case.entries.filter(kind="complaint.retiered").get().data["because"]
    assert "138****5678" in said


def test_fields_nobody_offered_change_nothing(
    cast: SimpleNamespace, told: Told, signed_in: SignIn
) -> None:
    case = told(COMPLEX)
    before = Complaint.objects.values().get(pk=case.pk)
    data = {
        "note-note": "记录",
        "tier": "ordinary",
        "due_at": "2099-01-01",
        "closed_at": "2026-01-01",
    }
    signed_in(cast.chen_li).post(reverse("complaints:note", args=[case.number]), data)
    assert Complaint.objects.values().get(pk=case.pk) == before


def test_looking_changes_nothing_in_the_database(
    cast: SimpleNamespace, told: Told, signed_in: SignIn
) -> None:
    case = told(COMPLEX)
    before = (Complaint.objects.values().get(pk=case.pk), case.entries.count())
    client = signed_in(cast.chen_li)
    for url in ("/", "/complaints", case.get_absolute_url(), "/notices"):
        client.get(url)
    assert (Complaint.objects.values().get(pk=case.pk), case.entries.count()) == before


def test_an_export_is_masked_capped_and_on_the_record(
    cast: SimpleNamespace, told: Told, signed_in: SignIn
) -> None:
    import io

    from python_calamine import CalamineWorkbook

    told('=HYPERLINK("http://x") 我的电话13812345678，年费300元请退。', phone="13812345678")
    answer = signed_in(cast.zhou_tao).get(reverse("complaints:export"))
    rows = (
        CalamineWorkbook.from_filelike(io.BytesIO(answer.content)).get_sheet_by_index(0).to_python()
    )
    assert any("=HYPERLINK" in str(cell) for row in rows for cell in row)
    assert not any("13812345678" in str(cell) for row in rows for cell in row)
    assert signed_in(cast.chen_li).get(reverse("complaints:export")).status_code == 403


@pytest.mark.parametrize(
    "url", ["/complaints?q=%00", "/people?q=%00", "/hotline/branches?branch=%00"]
)
def test_a_nul_in_the_address_is_a_bad_request_and_no_crash(
    cast: SimpleNamespace, signed_in: SignIn, url: str
) -> None:
    assert signed_in(cast.kong_mingyu).get(url).status_code == 400


def test_lowering_the_tier_first_does_not_get_round_the_second_pair_of_eyes(
    cast: SimpleNamespace, told: Told, noon: datetime, signed_in: SignIn
) -> None:
    case = told(COMPLEX)
    client = signed_in(cast.chen_li)
    lower = {"tier-to": "ordinary", "tier-because": "客户语气缓和"}
    client.post(reverse("complaints:tier", args=[case.number]), lower)
    away = {"kind-to": "consultation", "kind-because": "只是问问"}
    client.post(reverse("complaints:kind", args=[case.number]), away)
    case.refresh_from_db()
    assert (case.kind, case.proposed_kind) == ("complaint", "consultation")
    gone = {"withdrawal-because": "客户说算了"}
    refused = client.post(reverse("complaints:withdrawal", args=[case.number]), gone)
    assert refused.status_code == 403
    case.refresh_from_db()
    assert case.is_open


def test_a_case_the_reader_may_not_see_is_not_named(
    cast: SimpleNamespace, told: Told, noon: datetime, signed_in: Callable[[Person], Client]
) -> None:
    words = "本人要求贵行立即停止违规催收行为并出具非恶意逾期证明，否则将向有关部门逐级反映。"
    theirs = told(words, phone="13500000001", origin=OUTLET_B, by=cast.ma_jun)
    ours = told(words, phone="13500000002")
    page = signed_in(cast.zhou_tao).get(ours.get_absolute_url()).content.decode()
    assert "另一机构的一件" in page and theirs.number not in page
    page = signed_in(cast.lin_lan).get(ours.get_absolute_url()).content.decode()
    assert theirs.number in page


def test_a_search_stays_within_the_filters_that_are_set(
    cast: SimpleNamespace, signed_in: Callable[[Person], Client], bank: None
) -> None:
    page = signed_in(cast.zhou_tao).get("/complaints?tier=complex&page=2&q=x").content.decode()
    search = page.partition('role="search"')[2].partition("</form>")[0]
    assert '<input type="hidden" name="tier" value="complex">' in search
    assert 'name="page"' not in search and search.count('name="q"') == 1


def test_a_branch_without_the_department_keeps_the_line_in_the_branch(
    cast: SimpleNamespace, noon: datetime
) -> None:
    desks = Desks(noon)
    outlet = Org.objects.get(code=OUTLET_A)
    for line in lines():
        desk = desks.resolve("line_branch", origin=outlet, line=line)
        assert Org.objects.get(code=BRANCH_A).pk in desk.lineage, line


def test_the_workbench_names_the_clock_that_runs_at_this_very_desk(
    cast: SimpleNamespace, told: Told, noon: datetime
) -> None:
    case = told("信用卡被扣300元年费，再不退费我就打12378投诉。")
    claim(case, by=cast.chen_li, at=noon)
    respond(case, way="phone", note="已联系", by=cast.chen_li, at=noon)
    case = Complaint.objects.select_related("desk").get(pk=case.pk)
    assert (case.due_clock, due_name(case)) == ("post", "二级分行办理")


def test_a_dossier_costs_the_same_however_many_departments_are_asked(
    cast: SimpleNamespace, told: Told, noon: datetime, signed_in: Callable[[Person], Client]
) -> None:
    case = told("信用卡被扣300元年费，再不退费我就打12378投诉。")
    claim(case, by=cast.chen_li, at=noon)
    client = signed_in(cast.chen_li)

    def queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            assert client.get(case.get_absolute_url()).status_code == 200
        return len(asked)

    client.get(case.get_absolute_url())
    before = queries()
    desks = list(Org.objects.filter(code__in=["HO-CARD", "HO-PERSONAL", "RC", "WM"]))
    ask_departments(case, desks=desks, question="责任？", by=cast.chen_li, at=noon)
    assert queries() <= before + 1
    assert before < 45
