"""宣教: chosen where complaints of a topic stand out, declared before it is held, and judged on its
day against other places; what cannot be told is called 证据不足."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from sujin.complaints.figures.selection import midnight
from sujin.complaints.models import Complaint
from sujin.engine.verify import Declared, Observed, Verdict, judge
from sujin.lab.cast import BRANCH_A, BRANCH_B, OUTLET_A
from sujin.platform import reach
from sujin.platform.acts.organise import system_person
from sujin.platform.models import Notice, Org
from sujin.supervision import errands, topics
from sujin.supervision.acts.hold_outreach import (
    CannotReachOut,
    cancel_outreach,
    declared_of,
    hold_outreach,
    inform_of_outreach,
    judge_outreaches,
    observed_of,
    plan_outreach,
)
from sujin.supervision.kinds import outreach as kinds
from sujin.supervision.models import Outreach
from tests.governance.ledger_town import town_of
from tests.supervision.test_proposals import replayed

SignedIn = Callable[[Any], Client]
DAY, WEEK = timedelta(days=1), timedelta(weeks=1)
WHY = "半年里老人被骗的投诉比别处多"
pytestmark = pytest.mark.django_db


def org(code: str) -> Org:
    return Org.objects.get(code=code)


def planned(cast: SimpleNamespace, at: datetime, **changes: Any) -> Outreach:
    told: dict[str, Any] = {
        "topic": "scams", "place": org(BRANCH_A), "segment": "elderly", "method": "village",
        "planned_on": timezone.localdate(at) + 7 * DAY, "why": WHY, "by": cast.zhou_tao, "at": at,
        **changes,
    }  # fmt: skip
    return plan_outreach(**told)


def held(cast: SimpleNamespace, at: datetime) -> Outreach:
    made = planned(cast, at)
    then = at + 7 * DAY
    hold_outreach(
        made, held_on=timezone.localdate(then), reached=120, counted_how="签到表，夫妻算两人",
        by=cast.zhou_tao, at=then,
    )  # fmt: skip
    made.refresh_from_db()
    return made


def grow(places: list[str], now: datetime, *, since: date, fall: float, level: float) -> None:
    """Ninety weeks of complaints about safety of money; from ``since`` on fewer at branch A."""
    rng = np.random.default_rng(7)
    monday = timezone.localdate(now)
    monday -= timedelta(days=monday.weekday()) + WEEK
    own, rows = org(BRANCH_A), []
    for ago in range(90):
        day = monday - WEEK * ago
        for place in Org.objects.filter(path__in=[own.path, *places]).order_by("pk"):
            keep = 1 - fall * (place == own and day >= since)
            rows += [case(day, place) for _ in range(rng.poisson(level * keep))]
    store(rows)


def case(day: date, place: Org, cause: str = "fund_safety") -> Complaint:
    received = midnight(day) + timedelta(hours=30)
    return Complaint(
        kind="complaint", lane="ordinary", channel="counter", text="甲", received_at=received,
        closed_at=received, origin=place, business="payment", cause=cause,
        seen_by=list(place.tokens),
    )  # fmt: skip


def store(rows: list[Complaint]) -> None:
    known = Complaint.objects.count()
    for place, row in enumerate(rows):
        row.number = f"2004-{known + place:07}"
    Complaint.objects.bulk_create(rows)


@pytest.mark.parametrize(
    ("fall", "level", "verdict"),
    [(0.6, 10.0, Verdict.WORKED), (0.0, 30.0, Verdict.FAILED), (0.0, 0.6, Verdict.UNCLEAR)],
)
def test_the_weeks_since_are_judged_on_the_declared_day(
    cast: SimpleNamespace, noon: datetime, fall: float, level: float, verdict: Verdict
) -> None:
    then, places = noon - 20 * WEEK, town_of(cast)
    grow(places, noon, since=timezone.localdate(then) + 7 * DAY, fall=fall, level=level)
    row = held(cast, then)
    assert {one["org"] for one in row.controls} >= set(places)
    assert judge_outreaches(by=system_person(), at=midnight(row.judge_on - DAY)) == 0
    assert judge_outreaches(by=system_person(), at=noon) == 1
    assert judge_outreaches(by=system_person(), at=noon) == 0
    row.refresh_from_db()
    assert (row.state, row.verdict) == (kinds.JUDGED, verdict)
    if verdict is Verdict.UNCLEAR:
        assert row.verdict_name == "证据不足"
    replayed(row)
    inform_of_outreach(row.entries.get(kind="outreach.judged"))
    assert Notice.objects.filter(person=cast.zhou_tao).exists()


def risen(row: Outreach, seed: int) -> Observed:
    """Weekly counts without any effect: twice as many at the place in the weeks by which the topic
    was chosen, and as many as ever before and since."""
    rng, weeks, since = np.random.default_rng(seed), 84, 13
    end = row.judge_on - WEEK
    starts = tuple(end - WEEK * ago for ago in reversed(range(weeks)))
    first, last = topics.span(timezone.localdate(row.planned_at))
    high = np.array([1 + (first <= day <= last) for day in starts])
    assert high[-since:].max() == 1
    controls = {f"c{at}": rng.poisson(30.0, weeks).astype(float) for at in range(4)}
    return Observed(starts, rng.poisson(30.0 * high).astype(float), controls)


def test_what_rose_by_chance_and_falls_back_by_itself_is_not_credited(
    cast: SimpleNamespace, noon: datetime
) -> None:
    """A topic is chosen where it rose; it falls back whoever teaches what."""
    row = held(cast, noon - 20 * WEEK)
    told = declared_of(row)
    judged = told.start + WEEK * told.settle
    naive = Declared(judged, told.promised)
    towns = [risen(row, seed) for seed in range(12)]
    falsely = [judge(one, naive, seed=row.pk).verdict is Verdict.WORKED for one in towns]
    assert sum(falsely) >= 3, "weeks of choosing counted as the time before"
    assert not any(judge(one, told, seed=row.pk).verdict is Verdict.WORKED for one in towns)
    assert observed_of(row, row.judge_on).starts[0] < told.start


def test_the_weeks_of_choosing_are_neither_before_nor_after(
    cast: SimpleNamespace, noon: datetime
) -> None:
    row = held(cast, noon)
    first, _last = topics.span(timezone.localdate(row.planned_at))
    declared = declared_of(row)
    assert row.held_on is not None
    judged = declared.start + WEEK * declared.settle
    assert declared.start == first
    assert row.held_on <= judged < row.held_on + WEEK
    assert judged.weekday() == 0


@pytest.mark.parametrize(
    ("change", "remedy"),
    [
        ({"topic": "weather"}, "从列表里选"),
        ({"segment": "cats"}, "从列表里选"),
        ({"method": "magic"}, "从列表里选"),
        ({"planned_on": date(2026, 3, 2)}, "最早是明天"),
        ({"planned_on": date(2036, 3, 2)}, "最晚一年"),
        ({"why": "好"}, "为什么在这里"),
        ({"place": BRANCH_B}, "本单位和下级"),
        ({"by": "chen_li_none"}, "本单位和下级"),
    ],
)
def test_a_plan_that_cannot_be_judged_is_refused(
    cast: SimpleNamespace, noon: datetime, change: dict[str, Any], remedy: str
) -> None:
    if "place" in change:
        change = {"place": org(BRANCH_B)}
    if "by" in change:
        change = {"by": cast.wang_xiuying}
    with pytest.raises(CannotReachOut, match=remedy):
        planned(cast, noon, **change)
    assert not Outreach.objects.exists()


def test_holding_says_whom_it_reached_and_how_they_were_counted(
    cast: SimpleNamespace, noon: datetime
) -> None:
    row, then = planned(cast, noon), noon + 8 * DAY
    good: dict[str, Any] = {
        "held_on": timezone.localdate(noon) + 7 * DAY, "reached": 80, "counted_how": "按签到表",
        "by": cast.zhou_tao, "at": then,
    }  # fmt: skip
    for change, remedy in (
        ({"held_on": timezone.localdate(noon)}, "计划以后"),
        ({"held_on": timezone.localdate(then) + DAY}, "不晚于今天"),
        ({"held_on": row.judge_on - WEEK, "at": midnight(row.judge_on)}, "太近"),
        ({"reached": 0}, "多少人"),
        ({"counted_how": "估"}, "怎么数"),
        ({"by": cast.sun_qian}, "或上级登记"),
    ):
        with pytest.raises(CannotReachOut, match=remedy):
            hold_outreach(row, **{**good, **change})
    with pytest.raises(IntegrityError), transaction.atomic():
        Outreach.objects.filter(pk=row.pk).update(state=kinds.HELD)
    hold_outreach(row, **good)
    acts: list[Callable[[], Any]] = [
        lambda: hold_outreach(row, **good),
        lambda: cancel_outreach(row, because="下雨改期了", by=cast.zhou_tao, at=then),
    ]
    for act in acts:
        with pytest.raises(CannotReachOut, match="已经举行"):
            act()


def test_what_is_cancelled_is_not_judged(cast: SimpleNamespace, noon: datetime) -> None:
    row = planned(cast, noon)
    with pytest.raises(CannotReachOut, match="写明理由"):
        cancel_outreach(row, because="雨", by=cast.zhou_tao, at=noon)
    mine = reach.of(cast.zhou_tao, noon)
    assert [one.wants for one in errands.outreaches(mine, noon)] == ["举行宣教并登记"]
    cancel_outreach(row, because="集市停办，改到下季度", by=cast.zhou_tao, at=noon)
    assert not list(errands.outreaches(mine, noon))
    assert judge_outreaches(by=system_person(), at=midnight(row.judge_on)) == 0


def test_a_topic_stands_out_where_it_is_more_than_chance_and_only_there(
    cast: SimpleNamespace, noon: datetime
) -> None:
    town_of(cast)
    today = timezone.localdate(noon)
    rows = []
    for place in Org.objects.filter(kind="branch1").order_by("path"):
        often = 30 if place.code == BRANCH_A else 6
        rows += [case(today - 3 * WEEK, place) for _ in range(often)]
        rows += [case(today - 3 * WEEK, place, "service") for _ in range(100 - often)]
    store(rows)
    mine = reach.of(cast.lin_lan, noon)
    every = topics.cells(topics.places(mine), today)
    out = [(one.topic.code, one.place.code, one.hits, one.among) for one in every if one.stands_out]
    assert out == [("scams", BRANCH_A, 30, 100)]
    one = next(one for one in every if one.stands_out)
    assert one.low < 0.30 < one.high
    assert [cell.place.code for cell in every][:1] == [topics.places(mine)[0].code]


def test_few_cases_are_never_named(cast: SimpleNamespace, noon: datetime) -> None:
    town_of(cast)
    today = timezone.localdate(noon)
    rows = [case(today - 3 * WEEK, org(BRANCH_A)) for _ in range(4)]
    for place in Org.objects.filter(kind="branch1"):
        rows += [case(today - 3 * WEEK, place, "service") for _ in range(200)]
    store(rows)
    mine = reach.of(cast.lin_lan, noon)
    assert not any(one.stands_out for one in topics.cells(topics.places(mine), today))


def test_a_branch_sees_its_own_and_the_head_office_all(
    cast: SimpleNamespace, noon: datetime, signed_in: SignedIn
) -> None:
    own = planned(cast, noon, place=org(OUTLET_A))
    other = planned(cast, noon, place=org(BRANCH_B), by=cast.lin_lan)
    for person, seen in (
        (cast.zhou_tao, {own.pk}), (cast.sun_qian, {other.pk}), (cast.lin_lan, {own.pk, other.pk}),
        (cast.wang_xiuying, set()),
    ):  # fmt: skip
        mine = Outreach.objects.within(reach.of(person, noon))
        assert set(mine.values_list("pk", flat=True)) == seen
    assert signed_in(cast.sun_qian).get(own.get_absolute_url()).status_code == 404
    assert signed_in(cast.zhou_tao).get(own.get_absolute_url()).status_code == 200
    assert signed_in(cast.wang_xiuying).get(own.get_absolute_url()).status_code == 403


def test_the_pages_plan_and_hold_and_show_the_verdict(
    cast: SimpleNamespace, noon: datetime, signed_in: SignedIn
) -> None:
    browser = signed_in(cast.zhou_tao)
    new, topics_page = reverse("supervision:outreach_new"), reverse("supervision:outreach_topics")
    for asked in ("", "scams", "nothing"):
        assert browser.get(topics_page, {"topic": asked}).status_code == 200
    place = org(BRANCH_A)
    assert browser.get(f"{new}?topic=scams&place={place.pk}").status_code == 200
    filled = {
        "topic": "scams", "place": place.pk, "segment": "elderly", "method": "hall", "why": WHY,
        "planned_on": (timezone.localdate() + 9 * DAY).isoformat(), "version": "",
    }  # fmt: skip
    assert browser.post(new, {**filled, "planned_on": "2020-01-01"}).status_code == 422
    assert browser.post(new, {**filled, "place": org(BRANCH_B).pk}).status_code == 422
    assert browser.post(new, filled).status_code == 302
    row = Outreach.objects.get()
    verb = reverse("supervision:outreach_verb", args=[row.pk, "holding"])
    early = {"held_on": "2020-01-01", "reached": 5, "counted_how": "签到表"}
    assert browser.post(verb, early).status_code == 422
    cancel = reverse("supervision:outreach_verb", args=[row.pk, "cancelling"])
    assert browser.post(cancel, {"because": "集市停办，改到下季度"}).status_code == 302
    assert browser.post(cancel.replace("cancelling", "nothing"), {}).status_code == 404
    then = noon - 20 * WEEK
    grow(town_of(cast), noon, since=timezone.localdate(then) + 7 * DAY, fall=0.0, level=0.6)
    judged = held(cast, then)
    judge_outreaches(by=system_person(), at=noon)
    page = browser.get(judged.get_absolute_url()).content.decode()
    assert "证据不足" in page
    assert "不能说宣教有用，也不能说没用" in page


def test_lists_and_topics_cost_the_same_however_many(
    cast: SimpleNamespace, noon: datetime, signed_in: SignedIn
) -> None:
    browser = signed_in(cast.lin_lan)
    planned(cast, noon)
    pages = [reverse("supervision:outreaches"), reverse("supervision:outreach_topics")]
    costs = []
    for _time in range(2):
        for page in pages:
            browser.get(page, {"topic": "scams"})
            with CaptureQueriesContext(connection) as counted:
                browser.get(page, {"topic": "scams"})
            costs.append(len(counted))
        for _more in range(3):
            planned(cast, noon)
        store([case(timezone.localdate() - 3 * WEEK, org(BRANCH_A)) for _ in range(20)])
    assert costs[:2] == costs[2:]
