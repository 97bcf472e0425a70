"""Each fact counts what it says: a case of each sort, planted beside its opposite."""

from datetime import datetime, timedelta
from types import SimpleNamespace

import pytest
from django.utils import timezone

from sujin.complaints.acts.receive import receive
from sujin.complaints.draft import Draft
from sujin.complaints.figures.selection import Window
from sujin.complaints.models import Complaint, Course, Overrun, Promise, Review, Rung
from sujin.governance.facts import FACTS
from sujin.governance.gauging import figure
from sujin.governance.indicatorbook import Period, indicators
from sujin.lab.cast import BRANCH_A, OUTLET_A, OUTLET_B
from sujin.platform.models import Org

DAY, HOUR = timedelta(days=1), timedelta(hours=1)


@pytest.fixture
def pair(cast: SimpleNamespace, noon: datetime) -> tuple[Complaint, Complaint]:
    """Two complaints of outlet A, taken in ten days ago."""
    at = noon - 10 * DAY
    told = [
        receive(Draft("counter", text, at, OUTLET_A), by=cast.wang_xiuying, at=at).complaint
        for text in ("信用卡年费多收三百元，要求退还", "柜台排队两小时没有人管，态度还差")
    ]
    return told[0], told[1]


def values(code: str, noon: datetime, org: str = BRANCH_A) -> list[float]:
    today = timezone.localdate(noon)
    path = Org.objects.get(code=org).path
    rows = FACTS[code].rows(Window(today - 6 * DAY, today), path)
    return sorted(row.value for row in rows)


def changed(case: Complaint, **told: object) -> None:
    Complaint.objects.filter(pk=case.pk).update(**told)


def test_an_answer_after_a_limit_ran_out_is_not_in_limit(
    pair: tuple[Complaint, Complaint], noon: datetime
) -> None:
    for case in pair:
        told = {"entry": 1, "answered_at": noon - DAY}
        Course.objects.update_or_create(complaint=case, defaults=told)
    late, intime = pair
    for case, due in ((late, noon - 2 * DAY), (intime, noon + 2 * DAY)):
        Overrun.objects.create(complaint=case, desk=case.origin, clock="decision", due_at=due)
    assert values("in_limit", noon) == [0.0, 1.0]
    Course.objects.filter(complaint=late).update(is_history=True)
    assert values("in_limit", noon) == [1.0]


def test_days_run_from_receipt_to_closing_and_a_merged_case_was_not_closed(
    pair: tuple[Complaint, Complaint], noon: datetime
) -> None:
    first, second = pair
    changed(first, closed_at=noon - DAY)
    changed(second, closed_at=noon - 2 * DAY)
    assert values("closing", noon) == [8.0, 9.0]
    changed(second, merged_into=first)
    assert values("closing", noon) == [9.0]


def test_a_repeat_counts_in_the_week_it_came(
    pair: tuple[Complaint, Complaint], noon: datetime
) -> None:
    first, second = pair
    changed(first, received_at=noon - DAY)
    changed(second, received_at=noon - DAY, repeat_of=first)
    assert values("repeat", noon) == [0.0, 1.0]
    assert values("repeat", noon + 8 * DAY) == []


def test_a_decision_upheld_on_review_counts_beside_one_that_was_changed(
    pair: tuple[Complaint, Complaint], cast: SimpleNamespace, noon: datetime
) -> None:
    for case, verdict in zip(pair, ("upheld_decision", "changed"), strict=True):
        Review.objects.create(
            complaint=case, answered_at=noon, answered_desk=case.origin, asked_at=noon,
            asked_words="不服", desk=case.origin, decided_at=noon - DAY, verdict=verdict,
            reasons="查证", way="letter", proof="挂号", decided_by=cast.zhou_tao,
        )  # fmt: skip
    assert values("changed", noon) == [0.0, 1.0]


def test_a_call_that_nobody_answered_reached_nobody(
    pair: tuple[Complaint, Complaint], noon: datetime
) -> None:
    for case, said in zip(pair, ("no", "unreached"), strict=True):
        changed(case, called_back_at=noon - DAY, satisfied=said)
    assert values("reached", noon) == [0.0, 1.0]


def test_a_reminder_before_the_limit_is_not_reported_up(
    pair: tuple[Complaint, Complaint], noon: datetime
) -> None:
    for case, row in zip(pair, ("f1", "f3"), strict=True):
        changed(case, closed_at=noon - DAY)
        Course.objects.update_or_create(complaint=case, defaults={"entry": 1})
        Rung.objects.create(complaint=case, row=row, due_at=noon, at=noon)
    assert values("escalated", noon) == [0.0, 1.0]


def test_a_promise_that_the_customer_released_counts_for_nobody(
    pair: tuple[Complaint, Complaint], cast: SimpleNamespace, noon: datetime
) -> None:
    due = noon - DAY
    told = [{"kept_at": due - HOUR}, {"missed_at": due + HOUR}, {"released_at": due - HOUR}]
    for one in told:
        Promise.objects.create(
            complaint=pair[0], kind="call_back", what="回电", due_at=due, desk=pair[0].origin,
            made_by=cast.wang_xiuying, made_at=due - DAY, **one,
        )  # fmt: skip
    assert values("missed", noon) == [0.0, 1.0]


def test_another_branch_has_none_of_these_cases(
    pair: tuple[Complaint, Complaint], noon: datetime
) -> None:
    changed(pair[0], closed_at=noon - DAY)
    assert values("closing", noon, OUTLET_B) == []
    assert len(values("closing", noon, OUTLET_A)) == 1


def test_periods_are_whole_weeks_and_months(noon: datetime) -> None:
    today = timezone.localdate(noon)
    week, month = Period.WEEK.before(today, 1)[0], Period.MONTH.before(today, 2)
    assert (week.first.weekday(), week.days, week.last < today) == (0, 7, True)
    assert [(one.first.day, one.days) for one in month] == [(1, 31), (1, 28)]


def test_a_share_at_least_counts_the_misses_as_the_wrong_side() -> None:
    reached, repeats = indicators()["call_back_reached"], indicators()["repeat_share"]
    told = [1.0, 1.0, 0.0, 1.0]
    assert (reached.bad(told), repeats.bad(told)) == (1, 3)
    assert reached.target.allowed == pytest.approx(0.3)
    assert figure(reached, told)[0] == 0.75 == figure(repeats, told)[0]
    assert figure(reached, []) == (None, None, None)
