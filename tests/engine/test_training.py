"""Duties, holdings, questions and groups of units: what the engine says, and what it does not."""

from datetime import date, timedelta

import numpy as np
import pytest

from sujin.engine.training import (
    Demand,
    Holding,
    Record,
    Share,
    Taken,
    coverage,
    duties,
    holding,
    is_passed,
)
from sujin.engine.training_effect import cohorts, series, trained_on
from sujin.engine.training_items import Flaw, items

DAY, WEEK = timedelta(days=1), timedelta(weeks=1)
MARCH = date(2026, 3, 2)
DEMANDS = (
    Demand("teller", "basics", 30),
    Demand("handler", "basics", 15),
    Demand("handler", "x", 9),
)


def test_who_holds_two_posts_learns_by_the_day_of_the_one_that_asks_first() -> None:
    posts = [Taken("teller", MARCH), Taken("handler", MARCH + 20 * DAY)]
    assert duties(posts, DEMANDS) == {"basics": MARCH + 30 * DAY, "x": MARCH + 29 * DAY}
    assert duties([Taken("sysadmin", MARCH)], DEMANDS) == {}


@pytest.mark.parametrize(
    ("record", "told"),
    [
        (None, Holding.DUE),
        (Record(MARCH), Holding.DUE),
        (Record(MARCH - DAY), Holding.OVERDUE),
        (Record(MARCH, passed=True, valid_until=MARCH), Holding.HELD),
        (Record(MARCH, passed=True, valid_until=MARCH - DAY), Holding.LAPSED),
        (Record(MARCH, passed=True), Holding.LAPSED),
        (Record(MARCH - DAY, exempt_until=MARCH), Holding.EXEMPT),
        (Record(MARCH - DAY, exempt_until=MARCH - DAY), Holding.OVERDUE),
        (Record(MARCH, tries_left=False), Holding.FAILED),
        (Record(MARCH, was_held=True), Holding.LAPSED),
    ],
)
def test_a_person_stands_where_the_day_says(record: Record | None, told: Holding) -> None:
    assert holding(MARCH, record, MARCH) is told


def test_nobody_recorded_is_overdue_the_day_after_the_last_one() -> None:
    assert holding(MARCH - DAY, None, MARCH) is Holding.OVERDUE


def test_coverage_counts_people_who_hold_all_of_it() -> None:
    held, due, exempt = Holding.HELD, Holding.DUE, Holding.EXEMPT
    told = [{"a": held, "b": held}, {"a": held, "b": due}, {"a": exempt, "b": held}, {"a": exempt}]
    assert coverage(told) == Share(2, 3), "who is exempt from everything is not asked for"
    assert (coverage(told).missing, coverage([]).value) == (1, None)
    low, high = coverage(told).between
    assert 0 < low < 2 / 3 < high < 1


def test_the_pass_mark_is_reached_exactly_at_its_percent() -> None:
    assert is_passed(4, 5, 80)
    assert not is_passed(3, 5, 80)
    assert not is_passed(6, 8, 80)
    assert not is_passed(0, 0, 80)


def test_a_question_that_the_best_get_wrong_is_called_misleading_and_a_sound_one_is_not() -> None:
    rng = np.random.default_rng(5)
    sheets = []
    for able in rng.random(200):
        sheet = {f"q{nth}": bool(rng.random() < able) for nth in range(6)}
        sheet["turned"] = bool(rng.random() < 1 - able)
        sheet["known"] = bool(rng.random() < 0.99)
        sheets.append(sheet)
    told = {one.key: one for one in items(sheets, least=20)}
    assert told["turned"].flaw is Flaw.MISLEADING
    assert told["known"].flaw is Flaw.EASY
    assert {told[f"q{nth}"].flaw for nth in range(6)} == {Flaw.NONE}
    assert all((told[f"q{nth}"].tells or 0) > 0.2 for nth in range(6))
    assert {one.flaw for one in items(sheets[:10], least=20)} == {Flaw.FEW}
    assert items([], least=20) == []


def test_pure_chance_is_seldom_called_misleading() -> None:
    rng = np.random.default_rng(6)
    flaws = [
        one.flaw
        for _ in range(60)
        for one in items(
            [{f"q{nth}": bool(rng.random() < 0.7) for nth in range(6)} for _ in range(60)], least=20
        )
    ]
    assert flaws.count(Flaw.MISLEADING) / len(flaws) < 0.10, "5 % by design"


def test_a_unit_is_trained_on_the_day_on_which_so_many_had_passed() -> None:
    days = [MARCH + nth * DAY for nth in range(8)]
    assert trained_on(days, 10, 80) == MARCH + 7 * DAY
    assert trained_on(days[:7], 10, 80) is None
    assert trained_on([], 0, 80) is None


def test_units_trained_in_one_month_go_together_beside_those_not_yet_trained() -> None:
    trained = {"1": MARCH, "2": MARCH + 20 * DAY, "3": MARCH + 100 * DAY, "4": None,
               "5": MARCH + 400 * DAY}  # fmt: skip
    first, second, third = cohorts(trained, trained, weeks=26)
    assert (first.units, first.start, first.settle) == (("1", "2"), MARCH, 3)
    assert first.until == MARCH + 29 * WEEK
    assert first.controls == ("4", "5"), "the third was trained meanwhile and is no control"
    assert second.units == ("3",)
    assert third.controls == ("4",)
    told = cohorts(trained, trained, weeks=26, least=2)
    assert [one.units for one in told] == [("1", "2"), ("3",)]


def test_a_unit_that_is_nearly_trained_is_neither_judged_nor_compared_with() -> None:
    """78 % of its people passed before the last week looked at: it is no untrained unit."""
    trained = {"1": MARCH, "nearly": None, "later": None, "gone": MARCH - 300 * DAY, "none": None}
    begun = {"1": MARCH, "nearly": MARCH + DAY, "later": MARCH + 400 * DAY, "gone": None,
             "none": None}  # fmt: skip
    told = {one.units: one.controls for one in cohorts(trained, begun, weeks=26)}
    assert told[("1",)] == ("later", "none"), "nor is one whose trained people have left"
    assert "nearly" not in {unit for units in told for unit in units}


def test_groups_never_begin_in_the_same_week() -> None:
    """The last days of a month and the first of the next may lie in one week."""
    trained = {"1": date(2025, 7, 31), "2": date(2025, 8, 2), "3": date(2025, 8, 5), "4": None}
    starts = [one.start for one in cohorts(trained, trained, weeks=26)]
    assert starts == [date(2025, 7, 28), date(2025, 8, 4)]


def test_the_series_ends_with_the_last_week_that_was_to_be_looked_at() -> None:
    trained = {"1": MARCH, "2": MARCH, "4": None}
    cohort = cohorts(trained, trained, weeks=10)[0]
    starts = tuple(MARCH + nth * WEEK for nth in range(-60, 40))
    ones = np.ones(len(starts))
    observed, declared = series(cohort, starts, {"1": ones, "2": ones}, promised=0.15, chosen=13)
    assert observed.starts[-1] == cohort.until - WEEK
    assert observed.target.tolist() == [2.0] * len(observed.starts)
    assert observed.controls["4"].sum() == 0, "without counts it had none"
    assert (declared.start, declared.settle, declared.promised) == (MARCH - 13 * WEEK, 14, 0.15)
