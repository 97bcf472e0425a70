"""The weeks ahead: what is said follows the past, is as wide as it should be, and says why."""

from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest

from sujin.engine.events.scoring import Scored
from sujin.engine.foresight import Extra, Foresight, Terms, foresee
from sujin.engine.foresight.scoring import Came, score
from sujin.engine.foresight.spread import chance, drift, quantiles
from sujin.engine.series.panel import ALL, Axis, Counts, Grain, Node, Panel, panel

MONDAY, WEEKS = date(2024, 1, 1), 104
AXES = (Axis("org", {}), Axis("business", {}))
PLACES = [(org, sort) for org in ("east", "west", "north") for sort in ("card", "loan")]
WHOLE, EAST = (ALL, ALL), ("east", ALL)
TERMS = Terms()


def told(counts: Counts) -> Panel:
    """Rows are the places, columns weeks."""
    cells = [
        (PLACES[row], MONDAY + timedelta(weeks=week), float(n))
        for (row, week), n in np.ndenumerate(counts)
    ]
    last = MONDAY + timedelta(weeks=counts.shape[1]) - timedelta(days=1)
    return panel(cells, AXES, grain=Grain.WEEK, first=MONDAY, last=last, most_axes=2)


def counted(seed: int, level: float = 8.0, weeks: int = WEEKS) -> Counts:
    rng = np.random.default_rng(seed)
    return rng.poisson(level, (len(PLACES), weeks)).astype(np.float64)


def led(counts: Counts, seed: int) -> tuple[Counts, Counts]:
    """Rises that customers ask about a week before they complain."""
    rng = np.random.default_rng(seed)
    rise = rng.gamma(0.15, 40.0, counts.shape)
    asked = rng.poisson(4.0 + 3 * np.roll(rise, -1, axis=1))
    return counts + rng.poisson(rise), asked.astype(np.float64)


def cut(whole: Panel, weeks: int) -> Panel:
    counts, leaves = whole.counts[:, :weeks], whole.leaf_counts[:, :weeks]
    return replace(whole, starts=whole.starts[:weeks], counts=counts, leaf_counts=leaves)


def seen(cases: Panel, **more: dict[tuple[Node, date], Extra]) -> Foresight:
    return foresee(cases, None, TERMS, calendar=None, **more)


@pytest.fixture(scope="module")
def quiet() -> tuple[Panel, list[Foresight]]:
    """Steady places, said every six weeks of the last half year."""
    cases = told(counted(1))
    return cases, [seen(cut(cases, at)) for at in range(WEEKS - 28, WEEKS - 3, 6)]


def came(cases: Panel, said: list[Foresight], narrower: float = 1.0) -> list[Came]:
    found = []
    for one in (each for every in said for each in every.prospects):
        actual = float(cases.counts[cases.where(one.node), cases.place(one.week)])
        low, high = (one.mid + (end - one.mid) * narrower for end in (one.low, one.high))
        scored = Scored((low, one.mid, high), actual, one.naive)
        found.append(Came(scored, one.chance, one.chance >= 0.5, actual >= one.hot_from))
    return found


def test_steady_places_are_said_better_than_by_their_last_four_weeks(
    quiet: tuple[Panel, list[Foresight]],
) -> None:
    found = score(came(*quiet))
    assert found.skill.n == 5 * 4 * 12
    assert found.skill.skill is not None and found.skill.skill > 0.04
    assert 0.75 <= found.skill.within <= 0.92
    assert found.brier <= found.plain_brier + 0.01


def test_a_forecaster_a_third_as_wide_is_found_out(quiet: tuple[Panel, list[Foresight]]) -> None:
    assert score(came(*quiet, narrower=1 / 3)).skill.within < 0.6


def test_it_says_the_same_twice_and_knows_nothing_of_what_comes(
    quiet: tuple[Panel, list[Foresight]],
) -> None:
    cases, said = quiet
    assert seen(cut(cases, WEEKS - 28)) == said[0]
    other = counted(1)
    other[:, WEEKS - 28 :] = 99
    assert seen(cut(told(other), WEEKS - 28)) == said[0]


def test_too_short_a_past_says_nothing() -> None:
    assert seen(told(counted(1, weeks=30))) == Foresight()
    assert seen(told(counted(1, level=0.1))) == Foresight()


def test_small_places_are_left_out_and_no_place_is_said_under_two_names() -> None:
    counts = counted(2)
    counts[1:] = 0.0
    nodes = {one.node for one in seen(told(counts)).prospects}
    assert nodes == {WHOLE}


def test_a_coming_event_is_added_where_and_when_it_is_expected(
    quiet: tuple[Panel, list[Foresight]],
) -> None:
    cases, _said = quiet
    week = cases.starts[-1] + timedelta(weeks=2)
    plain = {(one.node, one.week): one for one in seen(cases).prospects}
    with_event = seen(cases, extra={(EAST, week): Extra(40.0, 10.0)}).prospects
    for one in with_event:
        before = plain[one.node, one.week]
        if (one.node, one.week) == (EAST, week):
            assert one.mid > before.mid + 30 and one.high - one.low > before.high - before.low
            assert one.chance > 0.9 > before.chance
            assert one.parts["event"] == 40.0
        else:
            assert one == before


def test_a_rise_of_the_last_weeks_carries_over_as_it_did_before() -> None:
    """East rises for six weeks again and again; the last time it has just begun."""
    rng, counts = np.random.default_rng(3), counted(3, level=10.0)
    for begins in (60, 76, 90, WEEKS - 2):
        counts[0, begins : begins + 6] += rng.poisson(25.0, counts[0, begins : begins + 6].shape)
    found = {one.node: one for one in seen(told(counts)).prospects if one.ahead == 1}
    rising, calm = found["east", "card"], found["west", "loan"]
    assert rising.parts["recent"] > 3 > abs(calm.parts["recent"])
    assert rising.chance > 2 * calm.chance


def test_consultations_that_lead_are_seen_to_and_help() -> None:
    counts, asked = led(counted(4), 5)
    found = foresee(told(counts), told(asked), TERMS, calendar=None)
    week = found.leads[0]
    assert week.ahead == 1 and week.helps and week.gain > 0.02
    assert week.effect > 4 * week.error > 0
    without = {one.node: one for one in seen(told(counts)).prospects if one.ahead == 1}
    parts = [one.parts["asked"] for one in found.prospects if one.ahead == 1]
    assert any(abs(part) > 0.5 for part in parts)
    assert all(one.parts["asked"] == 0 for one in without.values())


def test_consultations_that_say_nothing_are_not_believed() -> None:
    """The control: the same consultations of another bank lead nothing here."""
    counts, _asked = led(counted(4), 5)
    _other, asked = led(counted(14), 15)
    found = foresee(told(counts), told(asked), TERMS, calendar=None)
    assert all(abs(one.effect) < 3 * one.error for one in found.leads)
    assert max(one.gain for one in found.leads) < 0.02


def test_the_interval_is_widened_until_the_past_holds() -> None:
    rng = np.random.default_rng(6)
    mean = np.full((4, 500), 40.0)
    level = mean * rng.gamma(16.0, 1 / 16.0, mean.shape)
    wild, tame = rng.poisson(level).astype(float), rng.poisson(mean).astype(float)
    assert drift(tame, mean, mean) < 0.01
    assert drift(wild, mean, mean) == pytest.approx(1 / 16, abs=0.02)
    low, mid, high = quantiles(mean, mean + drift(wild, mean, mean) * mean**2)
    assert 0.78 < np.mean((wild >= low) & (wild <= high)) < 0.86
    assert (low < mid).all() and (mid < high).all()


def test_the_chance_of_a_hot_week_is_that_of_the_law() -> None:
    rng = np.random.default_rng(7)
    mean, variance = np.array([6.0]), np.array([9.0])
    drawn = rng.negative_binomial(6.0 / (9 / 6 - 1), 6 / 9, 40_000)
    assert chance(np.array([9]), mean, variance)[0] == pytest.approx(np.mean(drawn >= 9), abs=0.01)


def test_a_score_of_chances_finds_the_careless_out() -> None:
    """Who says nought or one and is wrong every second time scores worse than who says a half."""
    rows = [(0.5, False), (0.5, True)] * 10
    even = score(Came(Scored((0, 1, 2), 1, 1), p, p > 0.6, hot) for p, hot in rows)
    rash = score(Came(Scored((0, 1, 2), 1, 1), 0.95, True, hot) for _p, hot in rows)
    assert even.brier == even.plain_brier == 0.25 < rash.brier
    assert (rash.calls, rash.true, rash.hot, even.calls) == (20, 10, 10, 0)
    assert score([]).skill.n == 0
