"""The pages of trainings: who sees what, that figures open their people, and how a test looks."""

import io
import re
from collections.abc import Callable
from datetime import datetime, timedelta
from types import SimpleNamespace

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from python_calamine import CalamineWorkbook

from sujin.complaints.models import Complaint
from sujin.lab.cast import BRANCH_A, BRANCH_B, OUTLET_A, OUTLET_B
from sujin.platform import reach
from sujin.platform.models import Org, Person, Post
from sujin.supervision import errands, roll
from sujin.supervision.acts import take_test as test
from sujin.supervision.acts.drill import CannotDrill, answer_drill, begin_drill, questions
from sujin.supervision.acts.enrol import enrol
from sujin.supervision.kinds import training as kinds
from sujin.supervision.models import Attempt, Drill, Enrolment
from sujin.supervision.theme import proposals
from sujin.supervision.trainingbook import demands, trainings
from tests.supervision.school import BASICS, CARE, DAY, enrolment, matrix, sheet, shelves, sit

SignedIn = Callable[[Person], Client]
COVERAGE = "/training/coverage"


@pytest.fixture
def school(cast: SimpleNamespace, noon: datetime) -> SimpleNamespace:
    shelves(noon, cast.zheng_gang)
    matrix(noon)
    return cast


@pytest.fixture(autouse=True)
def _at_noon(noon: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    """Requests come at the moment of which the tests speak."""
    monkeypatch.setattr(timezone, "now", lambda: noon)


def body(client: Client, address: str) -> str:
    found = client.get(address)
    assert found.status_code == 200, address
    return found.content.decode()


def test_a_teller_sees_the_own_trainings_and_nobody_elses(
    school: SimpleNamespace, signed_in: SignedIn
) -> None:
    client = signed_in(school.wang_xiuying)
    told = body(client, "/training")
    assert "投诉处理基本功" in told
    assert "岗位应学" in told
    assert client.get(COVERAGE).status_code == 403
    assert client.get("/training/coverage/people").status_code == 403
    assert client.get(enrolment(school.li_jianguo).get_absolute_url()).status_code == 404
    assert "题目分析" not in body(client, f"/training/courses/{BASICS}")


def test_who_watches_sees_the_people_below_and_none_of_another_branch(
    school: SimpleNamespace, signed_in: SignedIn
) -> None:
    client = signed_in(school.zhou_tao)
    told = body(client, COVERAGE)
    assert "江南分行" in told
    assert "北川" not in told
    other, outlet = (Org.objects.get(code=code).pk for code in (BRANCH_B, OUTLET_B))
    for address in (COVERAGE, "/training/coverage/people", "/training/coverage/export",
                    "/training/proposals"):  # fmt: skip
        for unit in (other, outlet):
            assert client.get(f"{address}?unit={unit}").status_code == 404
    people = body(client, "/training/coverage/people")
    assert "王秀英" in people
    assert "马骏" not in people
    assert client.get(enrolment(school.ma_jun).get_absolute_url()).status_code == 404
    assert client.get(enrolment(school.wang_xiuying).get_absolute_url()).status_code == 200
    assert "马骏" in body(signed_in(school.sun_qian), "/training/coverage/people")


def test_every_figure_opens_as_many_people_as_it_says(
    school: SimpleNamespace, signed_in: SignedIn, noon: datetime
) -> None:
    sit(enrolment(school.zhao_min), noon)
    client, root = signed_in(school.lin_lan), Org.objects.get(parent__isnull=True)
    figures = roll.by_unit([root.pk], demands(), timezone.localdate(noon))[root.pk]
    told = body(client, COVERAGE)
    assert f"{figures.coverage.hits} / {figures.coverage.of}" in told
    links = dict(re.findall(r'metric-value num" href="[^"]*pile=(\w+)">([^<]+)<', told))
    assert links["uncovered"] == str(figures.coverage.missing)
    opened = body(client, "/training/coverage/people?pile=uncovered")
    assert f'<span class="count">{figures.coverage.missing}</span>' in opened
    tellers = body(client, f"{COVERAGE}?role=teller&training={BASICS}")
    assert "0 / 1 人" in tellers
    assert body(client, "/training/coverage/people?role=teller&pile=due").count("<tr>") == 1


def test_all_is_said_only_of_all(school: SimpleNamespace, noon: datetime) -> None:
    from sujin.engine.training import Share
    from sujin.supervision.templatetags.training import share, whole

    assert (whole(Share(999, 1000)), whole(Share(5, 5)), whole(Share(0, 0))) == ("99%", "100%", "—")
    assert share(Share(999, 1000)) == "100%", "the known-bad way to say it"


def test_pages_take_the_same_queries_however_many_people_there_are(
    school: SimpleNamespace, signed_in: SignedIn, noon: datetime
) -> None:
    client = signed_in(school.lin_lan)
    pages = [COVERAGE, "/training/coverage/people", f"/training/courses/{BASICS}"]

    def counted(address: str) -> int:
        with CaptureQueriesContext(connection) as seen:
            body(client, address)
        return len(seen)

    before = {page: counted(page) for page in pages}
    outlet = Org.objects.get(code=OUTLET_A)
    for nth in range(25):
        person = Person.objects.create(staff_no=f"3000{nth:02}", name=f"新{nth}")
        Post.objects.create(person=person, org=outlet, role="teller",
                            since=timezone.localdate(noon) - nth * DAY)  # fmt: skip
    matrix(noon)
    for person in Person.objects.filter(staff_no__startswith="3000")[:5]:
        sit(enrolment(person), noon - timedelta(hours=1))
    assert {page: counted(page) for page in pages} == before


def test_a_test_is_begun_answered_and_explained_on_one_page(
    school: SimpleNamespace, signed_in: SignedIn, noon: datetime
) -> None:
    client, row = signed_in(school.wang_xiuying), enrolment(school.wang_xiuying)
    page = row.get_absolute_url()
    assert "开始" in body(client, page)
    assert client.post(f"{page}/beginning").status_code == 302
    shown = body(client, page)
    assert shown.count("<fieldset>") == 6
    assert "正确答案" not in shown
    attempt = row.attempts.get()
    wrong = sheet(attempt, noon, wrong=3)
    assert client.post(f"{page}/answers", {"number": 1, **wrong}).status_code == 302
    told = body(client, page)
    assert told.count("答错，请读") == 3
    assert "正确答案" not in told
    given = [one for one in _marked(attempt) if f"{one['answer']}</p>" in told]
    assert not given, "three tries are not over"
    assert "/knowledge/" in told
    assert "2026-03-05 起可以再考" in told
    again = client.post(f"{page}/answers", {"number": 1, **wrong})
    assert again.status_code == 422
    assert "重新开始" in again.content.decode()
    assert client.post(f"{page}/beginning").status_code == 422
    assert client.post(f"{page}/answers", {"number": "x"}).status_code == 422
    assert client.post(f"{page}/nonsense").status_code == 404


def _marked(attempt: Attempt) -> list[dict[str, str]]:
    return list(attempt.entries.of(kinds.AttemptAnswered).get().data["answers"])


def test_the_right_answers_are_shown_once_no_try_is_left_or_it_is_passed(
    school: SimpleNamespace, signed_in: SignedIn, noon: datetime
) -> None:
    client = signed_in(school.wang_xiuying)
    row, other = enrolment(school.wang_xiuying), enrolment(school.wang_xiuying, CARE)
    for nth in range(3):
        assert "正确答案" not in body(client, row.get_absolute_url())
        sit(row, noon + 3 * nth * DAY, wrong=2)
    assert body(client, row.get_absolute_url()).count("正确答案") == 2
    sit(other, noon, wrong=1)
    assert body(client, other.get_absolute_url()).count("正确答案") == 1
    enrol(
        trainings()[BASICS], unit=Org.objects.get(code=OUTLET_A), because=kinds.SHORTCOMING,
        source="三次没有通过，面授以后再考", due_on=timezone.localdate(noon) + 50 * DAY,
        role="teller", by=school.li_jianguo, at=noon,
    )  # fmt: skip
    assert "正确答案" not in body(client, row.get_absolute_url()), "there are tries again"


def test_a_supervisor_sees_how_far_somebody_is_but_neither_questions_nor_answers(
    school: SimpleNamespace, signed_in: SignedIn, noon: datetime
) -> None:
    row = enrolment(school.wang_xiuying)
    test.begin(row, by=school.wang_xiuying, at=noon)
    client, page = signed_in(school.zhou_tao), row.get_absolute_url()
    assert "<fieldset>" not in body(client, page).split("免训")[0]
    assert client.post(f"{page}/beginning").status_code == 422
    assert client.post(f"{page}/answers", {"number": 1}).status_code == 422
    sit(row, noon)
    assert "正确答案" not in body(client, page)


def test_a_supervisor_excuses_and_enrols_from_the_pages(
    school: SimpleNamespace, signed_in: SignedIn, noon: datetime
) -> None:
    client, row = signed_in(school.zhou_tao), enrolment(school.wang_xiuying)
    page = row.get_absolute_url()
    assert client.post(f"{page}/excuse", {"until": "", "because": ""}).status_code == 422
    told = {"until": "2026-06-30", "because": "外派三个月，返岗再训"}
    assert client.post(f"{page}/excuse", told).status_code == 302
    row.refresh_from_db()
    assert (row.state, str(row.excused_until)) == (kinds.EXCUSED, "2026-06-30")
    branch = Org.objects.get(code=BRANCH_A)
    address = "/training/courses/missold/enrolment"
    form = {"unit": branch.pk, "role": "teller", "because": "theme", "due_on": "2026-04-30",
            "source": "三季度理财投诉占比高于其他分行"}  # fmt: skip
    assert client.post(address, form).status_code == 302
    assert enrolment(school.wang_xiuying, "missold").because == kinds.THEME
    other = {**form, "unit": Org.objects.get(code=BRANCH_B).pk}
    assert client.post(address, other).status_code == 422
    assert signed_in(school.wang_xiuying).post(address, form).status_code == 403
    assert signed_in(school.qian_wei).post(address, form).status_code == 404


def test_the_auditor_looks_and_enrols_nobody(school: SimpleNamespace, signed_in: SignedIn) -> None:
    client = signed_in(school.qian_wei)
    assert client.get(COVERAGE).status_code == 200
    assert 'id="enrol"' not in body(client, f"/training/courses/{BASICS}")
    assert 'id="enrol"' in body(signed_in(school.lin_lan), f"/training/courses/{BASICS}")


def test_unknown_names_in_the_address_are_nothing_asked_or_404(
    school: SimpleNamespace, signed_in: SignedIn
) -> None:
    client = signed_in(school.lin_lan)
    assert body(client, f"{COVERAGE}?role=nobody&training=nothing")
    assert body(client, "/training/coverage/people?pile=nonsense")
    for address in (f"{COVERAGE}?unit=99999999", f"{COVERAGE}?unit=x", "/training/courses/nothing",
                    "/training/courses/nothing/drill", "/training/tests/999999"):  # fmt: skip
        assert client.get(address).status_code == 404


def test_the_workbook_says_what_the_page_says_and_is_on_the_record(
    school: SimpleNamespace, signed_in: SignedIn
) -> None:
    made = signed_in(school.lin_lan).get("/training/coverage/export")
    book = CalamineWorkbook.from_filelike(io.BytesIO(made.content))
    rows = book.get_sheet_by_name("单位").to_python()
    assert rows[0][:3] == ["名称", "应学人数", "学全人数"]
    root = Org.objects.get(parent__isnull=True)
    assert rows[1][0] == root.name
    assert "王秀英" not in str(rows)


def waiting(person: Person, at: datetime) -> list[tuple[str, str]]:
    return [(one.wants, one.about) for one in errands.tests(reach.of(person, at), at)]


def test_what_is_due_soon_waits_on_the_workbench_of_the_person_alone(
    school: SimpleNamespace, noon: datetime
) -> None:
    near = noon + 20 * DAY
    told = [
        (one.wants, one.about) for one in errands.tests(reach.of(school.wang_xiuying, near), near)
    ]
    assert told == [("培训到期", "投诉处理基本功")]
    late = noon + 31 * DAY
    told = [
        (one.wants, one.about) for one in errands.tests(reach.of(school.wang_xiuying, late), late)
    ]
    assert told[0] == ("培训逾期", "投诉处理基本功")
    assert not waiting(school.wang_xiuying, noon)
    sit(enrolment(school.wang_xiuying), noon, wrong=6)
    Enrolment.objects.update(due_on=timezone.localdate(noon))
    waits = [about for _wants, about in waiting(school.wang_xiuying, noon)]
    assert "投诉处理基本功" not in waits, "it may not be tried again yet"


def _case(org: Org, nth: int, at: datetime, **more: object) -> Complaint:
    told = {"business": "card.credit.billing", "cause": "pricing", "tier": "ordinary", **more}
    return Complaint.objects.create(
        number=f"2003-{nth:07}", kind="complaint", lane="ordinary", channel="counter",
        text="张三的信用卡年费多收了，电话13812345678，要求退还。", received_at=at - 20 * DAY,
        closed_at=at - DAY, origin=org, seen_by=list(org.tokens), **told,
    )  # fmt: skip


def test_a_drill_shows_a_masked_case_of_the_own_reach_and_marks_it_by_its_codes(
    school: SimpleNamespace, signed_in: SignedIn, noon: datetime
) -> None:
    client, page = signed_in(school.zhou_tao), "/training/courses/card-fees/drill"
    _case(Org.objects.get(code=OUTLET_B), 1, noon)
    assert client.post(f"{page}/beginning").status_code == 422, "the other branch's is no case"
    _case(Org.objects.get(code=OUTLET_A), 2, noon)
    assert client.post(f"{page}/beginning").status_code == 302
    told = body(client, page)
    assert told.count("<fieldset>") == 3
    assert "13812345678" not in told
    drill = Drill.objects.get()
    said = {one.name: str(one.right) for one in questions(drill)}
    assert client.post(f"{page}/answers", said).status_code == 302
    assert "3/3" in body(client, page)
    assert client.post(f"{page}/answers", said).status_code == 404
    assert client.post(f"{page}/beginning").status_code == 422, "a case is practised on once"
    drill.refresh_from_db()
    assert all(getattr(drill, column) == value for column, value in drill.replay().items())


def test_a_drill_on_a_case_coded_anew_or_gone_is_void(
    school: SimpleNamespace, noon: datetime
) -> None:
    case = _case(Org.objects.get(code=OUTLET_A), 1, noon)
    drill = begin_drill(trainings()["card-fees"], by=school.zhou_tao, at=noon)
    assert begin_drill(trainings()["card-fees"], by=school.zhou_tao, at=noon) == drill
    said = {one.name: str(one.right) for one in questions(drill)}
    with pytest.raises(CannotDrill):
        answer_drill(drill, said, by=school.li_jianguo, at=noon)
    Complaint.objects.filter(pk=case.pk).update(cause="service")
    with pytest.raises(CannotDrill, match="换一件"):
        answer_drill(drill, said, by=school.zhou_tao, at=noon)
    drill.refresh_from_db()
    assert (drill.right, drill.ended_at) == (None, noon)


def test_who_had_to_stand_aside_does_not_practise_on_the_case(
    school: SimpleNamespace, noon: datetime
) -> None:
    _case(Org.objects.get(code=OUTLET_A), 1, noon, recused=[school.zhou_tao.pk])
    with pytest.raises(CannotDrill):
        begin_drill(trainings()["card-fees"], by=school.zhou_tao, at=noon)


def test_a_unit_whose_theme_stands_out_is_proposed_and_none_by_chance(
    school: SimpleNamespace, branches: list[Org], noon: datetime, signed_in: SignedIn
) -> None:
    serial = iter(range(10_000))
    for org in branches:
        for nth in range(60):
            hit = nth % 10 == 0 or (org == branches[0] and nth % 2 == 0)
            cause = "pricing" if hit else "service"
            _case(org, next(serial), noon - DAY * (nth % 60), cause=cause)
    root = Org.objects.get(parent__isnull=True)
    found = proposals(root, timezone.localdate(noon))
    assert [(one.unit, one.training.code) for one in found] == [(branches[0], "card-fees")]
    assert (found[0].hits > 20, found[0].of) == (True, found[0].of_others // 9)
    told = body(signed_in(school.lin_lan), "/training/proposals")
    assert "安排培训" in told
    assert f"?unit={branches[0].pk}#enrol" in told
    Complaint.objects.all().update(cause="service")
    assert proposals(root, timezone.localdate(noon)) == []
