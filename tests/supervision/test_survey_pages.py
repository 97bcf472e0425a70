"""The pages of surveys: scores with their intervals, the lists behind them, samples before and
after the draw, for whoever may see them."""

import io
from collections.abc import Callable
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from python_calamine import CalamineWorkbook

from sujin.complaints.acts.withdraw import WITHDRAWN
from sujin.complaints.figures.selection import Window
from sujin.complaints.forms_answering import CallBackForm
from sujin.complaints.models import Complaint
from sujin.lab.cast import BRANCH_A, BRANCH_B, OUTLET_A, OUTLET_B
from sujin.platform.models import Entry, Org, Person
from sujin.supervision import silent, star_counts, starbook
from sujin.supervision.acts.fill_in import customer, fill_in
from sujin.supervision.models import AnswerSheet, Invitation, SampleSurvey
from tests.conftest import SHANGHAI
from tests.supervision.survey_town import ANGRY, CONTENT, DAY, called_back, closed, said, sent
from tests.supervision.test_silent import year

SignIn = Callable[[Person], Client]


@pytest.fixture
def now(bank: None) -> datetime:
    """A page reads the clock of the wall."""
    return timezone.now()


@pytest.fixture
def last(now: datetime) -> datetime:
    """The tenth of the last month that is over."""
    day = silent.months_over(now, 1)[0]
    return datetime(day.year, day.month, 10, 9, 0, tzinfo=SHANGHAI)


def month(at: datetime, content: int, angry: int, org: str = OUTLET_A) -> list[AnswerSheet]:
    return [
        said(at + timedelta(minutes=place), CONTENT if place < content else ANGRY, org)
        for place in range(content + angry)
    ]


def test_the_board_shows_intervals_flags_and_the_gap_to_what_staff_wrote(
    now: datetime, last: datetime, cast: SimpleNamespace, signed_in: SignIn
) -> None:
    for sheet in month(last, 8, 8):
        called_back(sheet.invitation.complaint, "yes", by=cast.zhao_min, at=last + DAY)
    said(last, CONTENT, seconds=1)
    page = signed_in(cast.lin_lan).get("/surveys")
    body = page.content.decode()
    whole = page.context["whole"]
    assert (whole.told.sent, whole.cells[0].score.value, whole.told.uncounted) == (17, 0.5, 1)
    assert "(28–72)" in body, "Wilson's interval of 8 in 16"
    assert "仅 16 份" in body
    assert "1 份：快得不像读过题" in body
    assert "<strong>50</strong> 个百分点" in body
    assert "8 件回访记为满意、客户自己答不满意" in body


def test_every_figure_opens_the_sheets_that_made_it(
    now: datetime, last: datetime, cast: SimpleNamespace, signed_in: SignIn
) -> None:
    sheets = month(last, 6, 4)
    month(last, 5, 0, OUTLET_B)
    said(last, CONTENT, seconds=1)
    called_back(sheets[-1].invitation.complaint, "yes", by=cast.zhao_min, at=last)
    browser = signed_in(cast.lin_lan)
    page = browser.get("/surveys")
    for row in (page.context["whole"], *page.context["rows"]):
        opened = {
            row.cells[0].url: row.cells[0].score.n, row.returned: row.told.filled,
            row.uncounted: row.told.uncounted, row.otherwise: row.told.otherwise,
        }  # fmt: skip
        for url, count in opened.items():
            assert browser.get(url).context["listing"].count == count, url
    (flag,) = page.context["flags"]
    assert browser.get(flag[2]).context["listing"].count == flag[1] == 1


def test_few_answers_are_not_told_and_no_unit_is_ranked(
    now: datetime, last: datetime, cast: SimpleNamespace, signed_in: SignIn
) -> None:
    month(last, 0, 4)
    month(last, 6, 0, OUTLET_B)
    page = signed_in(cast.lin_lan).get("/surveys")
    a, b = page.context["rows"]
    assert (a.cells[0].is_hidden, b.cells[0].is_hidden, b.cells[0].is_few) == (True, False, True)
    assert "少于5份" in page.content.decode()
    assert [row.name for row in (a, b)] == [str(Org.objects.get(code=BRANCH_A)),
                                            str(Org.objects.get(code=BRANCH_B))]  # fmt: skip


def test_the_dissatisfied_who_said_nothing_stand_beside_the_score(
    now: datetime, last: datetime, cast: SimpleNamespace, signed_in: SignIn
) -> None:
    month(last, 6, 0)
    branch = Org.objects.get(code=BRANCH_A)
    few = signed_in(cast.lin_lan).get("/surveys")
    assert "两份名单都有的太少，不作估计" in few.content.decode()
    year(branch, now, {"both": 20, "complained": 40, "other": 30})
    for person in (cast.lin_lan, cast.zhou_tao):
        page = signed_in(person).get("/surveys")
        found = page.context["whole"].silent
        # 60 on both lists, 120 complained only, 90 on the other only: 90 and 120 * 90 / 61 more.
        assert found.silent == pytest.approx(90 + 120 * 90 / 61, rel=0.06)
        assert "名客户不满意但没有投诉" in page.content.decode()


def test_one_month_may_be_looked_at_alone(
    now: datetime, last: datetime, cast: SimpleNamespace, signed_in: SignIn
) -> None:
    month(last, 5, 0)
    before = last.replace(day=1) - timedelta(days=15)
    month(before, 0, 7)
    browser = signed_in(cast.lin_lan)
    assert browser.get("/surveys").context["whole"].told.sent == 12
    one = browser.get(f"/surveys?month={before:%Y-%m}").context["whole"]
    assert (one.told.sent, one.cells[0].score.value) == (7, 0.0)
    month(now, 3, 0)
    running = browser.get("/surveys?month=now").context["whole"]
    assert running.told.sent == 3
    assert browser.get(running.returned).context["listing"].count == 3
    assert browser.get("/surveys").context["whole"].told.sent == 12


def test_a_branch_sees_itself_and_a_stranger_nothing(
    now: datetime, last: datetime, cast: SimpleNamespace, signed_in: SignIn
) -> None:
    month(last, 5, 1)
    month(last, 6, 0, OUTLET_B)
    own, foreign = (Org.objects.get(code=code) for code in (BRANCH_A, BRANCH_B))
    browser = signed_in(cast.zhou_tao)
    page = browser.get("/surveys")
    assert (page.context["under"], page.context["whole"].told.sent) == (own, 6)
    assert str(foreign) not in page.content.decode()
    root = Org.objects.get(parent__isnull=True)
    for path in ("surveys", "surveys/sheets", "surveys/sheets/export"):
        for unit in (foreign.pk, root.pk, 10**9, "x"):
            assert browser.get(f"/{path}?unit={unit}").status_code == 404
    assert browser.get("/surveys/sheets").context["listing"].count == 6
    for person in (cast.wang_xiuying, cast.he_jing, cast.kong_mingyu):
        for path in ("surveys", "surveys/new", "surveys/sheets", "surveys/sheets/export"):
            assert signed_in(person).get(f"/{path}").status_code == 403
    assert signed_in(cast.qian_wei).get("/surveys/new").status_code == 403


def test_words_are_read_by_topic_and_score_and_link_the_cases_in_reach(
    now: datetime, last: datetime, cast: SimpleNamespace, signed_in: SignIn
) -> None:
    loud = said(last, ANGRY, words="信用卡年费乱收，收费没有说清")
    said(last, CONTENT, words="很满意")
    month(last, 2, 0)
    # A branch reads what is said of its unit, and opens no case that it may not see.
    hidden = said(last, ANGRY, words="贷款利率算错了", seen_by=["o:1"])
    browser = signed_in(cast.zhou_tao)
    page = browser.get("/surveys/sheets?score=low")
    body = page.content.decode()
    assert page.context["listing"].count == 2
    assert "年费乱收" in body and "很满意" not in body
    assert loud.invitation.complaint.number in body
    assert hidden.invitation.complaint.number not in body
    assert loud.topic
    by_topic = browser.get(f"/surveys/sheets?topic={loud.topic}")
    assert loud in by_topic.context["listing"].page_rows


def test_of_too_few_answers_nobody_reads_who_said_what(
    now: datetime, last: datetime, cast: SimpleNamespace, signed_in: SignIn
) -> None:
    loud = said(last, ANGRY, words="年费乱收")
    number = loud.invitation.complaint.number
    called_back(loud.invitation.complaint, "yes", by=cast.zhao_min, at=last)
    month(last, 2, 1)
    readers = (cast.li_jianguo, cast.zhou_tao, cast.lin_lan)
    for person in readers:
        browser = signed_in(person)
        page = browser.get("/surveys/sheets")
        body = page.content.decode()
        assert page.context["listing"].count == 4
        assert "年费乱收" not in body and number not in body
        assert [one["marks"] for one in page.context["lines"]] == [[]] * 4
        for narrowed in ("score=low", f"topic={loud.topic}", "flag=otherwise"):
            assert browser.get(f"/surveys/sheets?{narrowed}").context["listing"].count == 0
        assert browser.get("/surveys").context["whole"].told.otherwise == 0
    exported = signed_in(cast.zhou_tao).get("/surveys/sheets/export").content
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(exported)).get_sheet_by_index(0)
    assert "年费乱收" not in str(sheet.to_python())
    # With a fifth one they are read; the case is told above the unit, never at it.
    month(last, 1, 0)
    bodies = [signed_in(one).get("/surveys/sheets").content.decode() for one in readers]
    assert ["年费乱收" in body for body in bodies] == [True] * 3
    assert [number in body for body in bodies] == [False, True, True]
    assert "年费乱收" in signed_in(cast.lin_lan).get("/surveys/sheets?score=low").content.decode()


def test_a_months_few_answers_are_not_read_in_it(
    now: datetime, last: datetime, cast: SimpleNamespace, signed_in: SignIn
) -> None:
    said(last, ANGRY, words="年费乱收")
    month(last.replace(day=1) - timedelta(days=15), 6, 0)
    browser = signed_in(cast.li_jianguo)
    assert "年费乱收" in browser.get("/surveys/sheets?month=recent").content.decode()
    alone = browser.get(f"/surveys/sheets?month={last:%Y-%m}")
    assert alone.context["listing"].count == 1
    assert "年费乱收" not in alone.content.decode()


def test_what_is_no_complaint_any_more_is_in_no_score_and_no_list(
    now: datetime, last: datetime, cast: SimpleNamespace, signed_in: SignIn
) -> None:
    month(last, 6, 0)
    other = closed(last)
    changes: tuple[dict[str, Any], ...] = (
        {"kind": "consultation"}, {"outcome": WITHDRAWN}, {"merged_into": other},
    )  # fmt: skip
    browser = signed_in(cast.lin_lan)
    for told in changes:
        sheet = said(last, ANGRY, words="年费乱收")
        before = browser.get("/surveys").context["whole"]
        assert (before.told.sent, before.cells[0].score.n) == (7, 7)
        Complaint.objects.filter(pk=sheet.invitation.complaint_id).update(**told)
        after = browser.get("/surveys").context["whole"]
        assert (after.told.sent, after.told.filled, after.cells[0].score.value) == (6, 6, 1.0)
        listed = browser.get(after.returned)
        assert listed.context["listing"].count == 6
        assert "年费乱收" not in listed.content.decode()


def test_nor_does_it_count_in_the_stars_of_its_unit(now: datetime) -> None:
    sheets = month(now, 3, 1)
    item = starbook.items("branch")["b_surveyed"]
    today = timezone.localdate(now)
    unit, window = Org.objects.get(code=BRANCH_A), Window(today - DAY, today + DAY)
    assert len(star_counts.rows(item, unit, window)) == 4
    changed = Complaint.objects.filter(pk=sheets[-1].invitation.complaint_id)
    changed.update(kind="consultation")
    assert [row.hits for row in star_counts.rows(item, unit, window)] == [1, 1, 1]


def test_an_address_nobody_meant_breaks_nothing(
    now: datetime, last: datetime, cast: SimpleNamespace, signed_in: SignIn
) -> None:
    month(last, 1, 0)
    browser = signed_in(cast.zhou_tao)
    for sample in ("²", "٣", "9" * 40, "x"):
        for path in ("sheets", "sheets/export"):
            assert browser.get(f"/surveys/{path}?sample={sample}").status_code == 200


@pytest.mark.parametrize("days", [{"until": "9999-12-31"}, {"since": "0001-01-01"}])
def test_days_beyond_the_calendar_are_refused(
    now: datetime, cast: SimpleNamespace, signed_in: SignIn, days: dict[str, str]
) -> None:
    closed(now)
    page = signed_in(cast.lin_lan).post("/surveys/new", plan(now, **days))
    assert page.status_code == 422
    assert ("不能晚于今天" if "until" in days else "开始日期太早") in page.content.decode()


def test_an_export_is_on_the_record_and_holds_what_the_list_holds(
    now: datetime, last: datetime, cast: SimpleNamespace, signed_in: SignIn
) -> None:
    month(last, 2, 3)
    month(last, 4, 0, OUTLET_B)
    answer = signed_in(cast.zhou_tao).get("/surveys/sheets/export?score=low")
    rows = CalamineWorkbook.from_filelike(io.BytesIO(answer.content))
    assert len(rows.get_sheet_by_index(0).to_python()) == 1 + 3
    entry = Entry.objects.get(kind="person.exported")
    assert (entry.by, entry.data) == (cast.zhou_tao, {"what": "surveys", "rows": 3})
    assert signed_in(cast.li_jianguo).get("/surveys/sheets/export").status_code == 403


def test_the_pages_ask_as_many_questions_of_few_answers_as_of_many(
    now: datetime, last: datetime, cast: SimpleNamespace, signed_in: SignIn
) -> None:
    browser = signed_in(cast.lin_lan)
    month(last, 1, 1)
    month(last, 1, 1, OUTLET_B)
    for path in ("/surveys", "/surveys/sheets", "/surveys/sheets?flag=otherwise"):
        browser.get(path)
        with CaptureQueriesContext(connection) as few:
            browser.get(path)
        month(last, 9, 3)
        month(last, 3, 9, OUTLET_B)
        with CaptureQueriesContext(connection) as many:
            browser.get(path)
        assert len(many) == len(few), path


def plan(now: datetime, **changes: Any) -> dict[str, Any]:
    today = timezone.localdate(now)
    return {
        "name": "三季度抽样", "questionnaire": "sample", "since": f"{today - 20 * DAY}",
        "unit": Org.objects.get(parent__isnull=True).pk, "until": f"{today}", "total": 20,
        "answering": 50, **changes,
    }  # fmt: skip


def test_the_design_is_shown_before_anything_is_drawn(
    now: datetime, cast: SimpleNamespace, signed_in: SignIn
) -> None:
    for place in range(40):
        closed(now - place * timedelta(hours=1), OUTLET_A if place % 4 else OUTLET_B)
    browser = signed_in(cast.lin_lan)
    assert browser.get("/surveys/new").status_code == 200
    shown = browser.post("/surveys/new", plan(now))
    body = shown.content.decode()
    assert "共 <strong>40</strong> 件，抽 <strong>20</strong> 件" in body
    assert f"<strong>{shown.context['points']['promised']:.1f}</strong> 个百分点" in body
    assert not SampleSurvey.objects.exists()
    unseen = browser.post("/surveys/new", plan(now, draw="1"))
    assert unseen.status_code == 422 and "请再看一遍" in unseen.content.decode()
    seen = shown.context["digest"]
    done = browser.post("/surveys/new", plan(now, draw="1", seen=seen), follow=True)
    assert done.status_code == 200
    assert Invitation.objects.filter(sample=SampleSurvey.objects.get()).count() == 20
    late = browser.post("/surveys/new", plan(now, total=21))
    assert late.status_code == 422 and "至多 20 件" in late.content.decode()
    rest = browser.post("/surveys/new", plan(now, total=20))
    assert "20 位客户 30 天内已经请过" in rest.content.decode()


def test_a_result_weighs_the_units_and_names_who_did_not_answer(
    now: datetime, cast: SimpleNamespace, signed_in: SignIn
) -> None:
    for place in range(60):
        closed(now - place * timedelta(hours=1), OUTLET_A if place < 48 else OUTLET_B)
    browser = signed_in(cast.lin_lan)
    seen = browser.post("/surveys/new", plan(now)).context["digest"]
    browser.post("/surveys/new", plan(now, draw="1", seen=seen))
    made = SampleSurvey.objects.get()
    a = Org.objects.get(code=BRANCH_A).pk
    marks = {"overall": 5, "attitude": 4, "solved": 1, "recommend": 10}
    for place, asked in enumerate(made.invitations.filter(stratum=a).order_by("pk")):
        secret = sent(asked, now)
        if place < 10:
            told = marks if place < 6 else {**marks, "overall": 1, "recommend": 0}
            fill_in(secret, scores=told, words="", network="", seconds=60, by=customer(), at=now)
    page = browser.get(f"/surveys/{made.pk}")
    main = page.context["main"]
    b = str(Org.objects.get(code=BRANCH_B))
    assert (main.weighted.value, main.weighted.n, main.weighted.missing) == (0.6, 10, (b,))
    assert main.weighted.coverage == pytest.approx(0.8)
    body = page.content.decode()
    assert f"{b} 没有人答，不在估计里" in body
    assert "承诺误差" in body
    opened = browser.get(f"/surveys/sheets?unit={made.unit_id}&sample={made.pk}")
    assert opened.context["listing"].count == 10
    # However small the margin of those who answered: it was promised of all.
    SampleSurvey.objects.update(margin=1.0)
    assert not browser.get(f"/surveys/{made.pk}").context["is_kept"]
    for asked in made.invitations.exclude(stratum=a):
        secret = sent(asked, now)
        fill_in(secret, scores=marks, words="", network="", seconds=60, by=customer(), at=now)
    assert browser.get(f"/surveys/{made.pk}").context["is_kept"]
    assert signed_in(cast.zhou_tao).get(f"/surveys/{made.pk}").status_code == 404
    assert browser.get("/surveys/999999").status_code == 404


def test_the_call_back_form_says_what_to_say() -> None:
    lines = CallBackForm.script.fget(None)  # type: ignore[attr-defined]
    assert len(lines) == 3
    assert "不用您再说一遍" in lines[2]
