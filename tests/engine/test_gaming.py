"""One exam for every detector of gaming: silent on nothing and on honest years, hears a planted
rise, says why, and says the same twice. And its known-bad controls."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import numpy as np
import pytest

from sujin.engine.discoveries import threshold
from sujin.engine.gaming import (
    DETECTORS,
    Detector,
    Lengths,
    Limits,
    Reading,
    Record,
    State,
    Tally,
    guard,
)
from sujin.engine.gaming.count import slope, tallies
from sujin.engine.gaming.peers import Law, law_of, upper_tail
from sujin.lab import gaming

Judge = Callable[[Mapping[str, Sequence[Tally]], Mapping[str, Limits]], list[Reading]]
PERIOD = "2026Q3"
EACH = pytest.mark.parametrize("detector", DETECTORS, ids=lambda one: one.code)
LIMITS = {one.code: Limits() for one in DETECTORS}
YEARS, UNITS = 25, 12


def honest(rng: np.random.Generator, detector: Detector, lift: float = 0.0) -> list[Tally]:
    """A quarter of units that differ as people do; ``lift`` is what the first one adds."""
    found = []
    for place in range(UNITS):
        trials = int(rng.integers(40, 200))
        share = rng.beta(4.0, 36.0)
        hits = int(rng.binomial(trials, min(1.0, share + (lift if place == 0 else 0.0))))
        own = (0.1, 300.0) if detector.own else None
        found.append(Tally(f"U{place}", PERIOD, hits, trials, own))
    return found


def false_share(judge: Judge, detector: Detector) -> float:
    """In how many honest quarters anybody is accused."""
    rng = np.random.default_rng(seed=7)
    years = [judge({detector.code: honest(rng, detector)}, LIMITS) for _year in range(YEARS)]
    return sum(any(one.state is State.FOUND for one in found) for found in years) / YEARS


def naive(counted: Mapping[str, Sequence[Tally]], limits: Mapping[str, Limits]) -> list[Reading]:
    """The known-bad control: each cell for itself, three binomial standard errors."""
    found = []
    for code, rows in counted.items():
        share = sum(one.hits for one in rows) / max(1, sum(one.trials for one in rows))
        for one in rows:
            error = (share * (1 - share) / max(1, one.trials)) ** 0.5
            loud = one.trials and one.hits / one.trials > share + 3 * error
            state = State.FOUND if loud else State.QUIET
            found.append(Reading(code, one.unit, one.period, one.hits, one.trials, state))
    return found


@EACH
def test_a_detector_is_silent_on_nothing_and_says_that_it_is_too_few(detector: Detector) -> None:
    assert guard({detector.code: []}, LIMITS) == []
    nothing = [Tally(f"U{place}", PERIOD, 0, 0) for place in range(8)]
    assert {one.state for one in guard({detector.code: nothing}, LIMITS)} == {State.TOO_FEW}
    small = [Tally(f"U{place}", PERIOD, 5, 6) for place in range(8)]
    assert {one.state for one in guard({detector.code: small}, LIMITS)} == {State.TOO_FEW}


@EACH
def test_a_detector_is_silent_where_all_units_are_alike(detector: Detector) -> None:
    flat = [Tally(f"U{place}", PERIOD, 30, 100) for place in range(12)]
    assert {one.state for one in guard({detector.code: flat}, LIMITS)} == {State.QUIET}


@EACH
def test_a_detector_accuses_in_few_honest_quarters(detector: Detector) -> None:
    assert false_share(guard, detector) <= 0.10 + 2 * (0.1 * 0.9 / YEARS) ** 0.5


def test_a_detector_without_control_of_false_discoveries_fails_the_same_exam() -> None:
    assert false_share(naive, DETECTORS[0]) > 0.5


@EACH
def test_a_detector_hears_a_planted_rise_and_says_why(detector: Detector) -> None:
    rows = honest(np.random.default_rng(seed=3), detector, lift=0.5)
    readings = guard({detector.code: rows}, LIMITS)
    loud = [one for one in readings if one.state is State.FOUND]
    assert [one.unit for one in loud] == ["U0"]
    assert loud[0].observed > loud[0].high > loud[0].expected > loud[0].low
    assert loud[0].share_low < loud[0].share < loud[0].share_high
    assert loud[0].share < loud[0].observed / loud[0].trials
    assert guard({detector.code: rows}, LIMITS) == readings


@EACH
def test_what_would_have_silenced_it_does_and_one_more_does_not(detector: Detector) -> None:
    rows = honest(np.random.default_rng(seed=3), detector, lift=0.5)
    loud = next(one for one in guard({detector.code: rows}, LIMITS) if one.state is State.FOUND)
    below = [replace(rows[0], hits=loud.silent_at), *rows[1:]]
    assert not [one for one in guard({detector.code: below}, LIMITS) if one.unit == "U0"
                and one.state is State.FOUND]  # fmt: skip
    above = [replace(rows[0], hits=loud.silent_at + 1), *rows[1:]]
    assert [one for one in guard({detector.code: above}, LIMITS) if one.state is State.FOUND]


@EACH
def test_every_way_of_gaming_is_heard_in_a_year_of_cases(
    detector: Detector, year: list[Record], hidden: tuple[gaming.Plant, ...]
) -> None:
    if detector.code in ("round_times", "praised_always", "retyped_often"):
        pytest.skip("follows from another plant and need not be loud by itself")
    due = {one.unit for one in hidden if detector.code in gaming.HEARD_BY[one.way]}
    counted = {detector.code: tallies(detector, year, gaming.QUARTERS, Lengths())}
    loud = {one.unit for one in guard(counted, LIMITS) if one.state is State.FOUND}
    assert due <= loud
    assert len(loud - due) <= 1, "one in ten may be false, no more"


@pytest.fixture(scope="module")
def hidden() -> tuple[gaming.Plant, ...]:
    return gaming.plants(5, gaming.units(12))


@pytest.fixture(scope="module")
def year(hidden: tuple[gaming.Plant, ...]) -> list[Record]:
    return gaming.records(5, gaming.units(12), hidden)


def test_a_rise_that_the_whole_house_has_is_nobodys_gaming() -> None:
    busy = [Tally(f"U{place}", PERIOD, 40, 100, (0.1, 900.0)) for place in range(12)]
    assert {one.state for one in guard({"retyped_late": busy}, LIMITS)} == {State.QUIET}


def test_a_rise_that_the_units_own_receipts_explain_is_no_gaming() -> None:
    calm = [Tally(f"U{place}", PERIOD, 10, 100, (0.1, 900.0)) for place in range(11)]
    flooded = Tally("U11", PERIOD, 45, 100, (0.45, 900.0))
    found = guard({"retyped_late": [*calm, flooded]}, LIMITS)
    assert not [one for one in found if one.state is State.FOUND]
    told = guard({"retyped_late": [*calm, replace(flooded, own=(0.1, 900.0))]}, LIMITS)
    assert [one.unit for one in told if one.state is State.FOUND] == ["U11"]


def test_a_steep_but_smooth_course_before_the_limit_lets_expect_its_last_day() -> None:
    smooth = slope([64, 55, 47, 40, 34, 29, 25])
    assert smooth is not None
    assert smooth[0] == pytest.approx(64 / 294, abs=0.03)
    assert slope([50, 0, 1, 0, 0, 0, 0]) is None


def test_two_units_that_game_alike_do_not_hide_one_another() -> None:
    rows = [Tally(f"U{place}", PERIOD, 8, 100) for place in range(14)]
    loud = [Tally("A", PERIOD, 60, 100), Tally("B", PERIOD, 55, 100)]
    found = guard({"brink": [*rows, *loud]}, LIMITS)
    assert {one.unit for one in found if one.state is State.FOUND} == {"A", "B"}


def test_peers_that_differ_by_more_than_chance_widen_what_is_usual() -> None:
    n = np.full(10, 100.0)
    rising = np.array([5.0 + 3 * step for step in range(10)])
    alike, apart = law_of(n, np.full(10, 20.0)), law_of(n, rising)
    assert alike is not None and apart is not None
    assert apart.weight < alike.weight
    assert upper_tail(100, apart)[40] > upper_tail(100, alike)[40]
    assert law_of(n[:1], n[:1]) is None


def test_the_tail_sums_to_what_the_law_says() -> None:
    tail = upper_tail(50, Law(0.3, 40.0))
    assert tail[0] == pytest.approx(1.0)
    assert float(np.sum(tail[1:])) == pytest.approx(50 * 0.3)
    assert np.all(np.diff(tail) <= 0)


def test_benjamini_and_hochberg_by_hand() -> None:
    told = [0.01, 0.02, 0.03, 0.5]
    assert threshold(told, 0.05) == pytest.approx(0.0375)
    assert threshold(told, 0.05, dependent=True) == 0.0
    assert threshold([0.001, 0.9], 0.05, dependent=True) == pytest.approx(0.05 / 3)
    assert threshold([], 0.1) == 0.0
    with pytest.raises(ValueError, match="no share"):
        threshold(told, 1.5)
    with pytest.raises(ValueError, match="between"):
        threshold([1.2], 0.1)


def test_more_hits_than_trials_are_refused() -> None:
    with pytest.raises(ValueError, match="3 of 2"):
        Tally("U", PERIOD, 3, 2)


def test_a_case_counts_in_its_quarter_and_in_the_year() -> None:
    at = datetime(2026, 7, 30, 10, 0)  # noqa: DTZ001 - local, as records are
    case = Record(1, "U", at, at, retyped_at=at + timedelta(hours=1))
    late = next(one for one in DETECTORS if one.code == "retyped_late")
    found = {one.period: (one.hits, one.trials) for one in
             tallies(late, [case], ["2026Q2", "2026Q3"], Lengths())}  # fmt: skip
    assert found == {"2026Q2": (0, 0), "2026Q3": (1, 1), "year": (1, 1)}
