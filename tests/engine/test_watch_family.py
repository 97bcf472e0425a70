"""One exam for every detector of the family: what each must do on the same few series."""

from collections.abc import Callable
from datetime import date

import numpy as np
import pytest

from sujin.engine.series.panel import Axis, Grain, Panel, panel
from sujin.engine.series.seasons import season
from sujin.engine.watch import DAILY, WEEKLY, Streams, Terms, review
from sujin.engine.watch.concentrated import concentrated
from sujin.engine.watch.evidence import weigh_many
from sujin.engine.watch.growing import growing
from sujin.engine.watch.repeated import repeated
from sujin.engine.watch.signals import Signals, lately

CODES = [f"n{i:02}" for i in range(24)]
LOUD = "n03"
LENGTH = {Grain.WEEK: 100, Grain.DAY: 240}
Detector = Callable[[Panel, Panel, Terms], Signals]


def counted(rows: np.ndarray, grain: Grain) -> Panel:
    """A panel of one axis: a row of counts for each code."""
    start = date(2024, 1, 1)
    cells = [
        ((code,), start + grain.step * at, float(count))
        for code, row in zip(CODES, rows, strict=True)
        for at, count in enumerate(row)
    ]
    last = start + grain.step * (rows.shape[1] - 1)
    return panel(cells, (Axis("node", {}),), grain=grain, first=start, last=last)


def quiet(grain: Grain, *, seed: int, level: float = 6.0) -> np.ndarray:
    rng = np.random.default_rng(seed)
    levels = level * rng.gamma(30.0, 1 / 30, (len(CODES), 1))
    return rng.negative_binomial(levels / 0.3, 1 / 1.3, (len(CODES), LENGTH[grain]))


def repeats_of(cases: np.ndarray, *, seed: int) -> np.ndarray:
    """A quarter of the cases are somebody's second."""
    return np.random.default_rng(seed).binomial(cases, 0.25)


def _growing(cases: Panel, _: Panel, terms: Terms) -> Signals:
    moved = season(cases.starts, terms.grain, None)
    return growing(cases, moved, terms, at=len(cases.starts) - 1, seed=1)


def _concentrated(cases: Panel, repeats: Panel, terms: Terms) -> Signals:
    return concentrated(cases, _growing(cases, repeats, terms), terms, seed=1)


def _repeated(cases: Panel, repeats: Panel, terms: Terms) -> Signals:
    moved = season(cases.starts, terms.grain, None)
    return repeated(cases, repeats, moved, terms, at=len(cases.starts) - 1, seed=1)


FAMILY: dict[str, Detector] = {
    "growing": _growing,
    "concentrated": _concentrated,
    "repeated": _repeated,
}
EVERY = pytest.mark.parametrize("name", FAMILY)
GRAINS = pytest.mark.parametrize("terms", [WEEKLY, DAILY], ids=["week", "day"])


def heard(name: str, terms: Terms, cases: np.ndarray, repeats: np.ndarray) -> dict[str, float]:
    """p-values by code; what the detector did not speak of is 1."""
    whole, again = counted(cases, terms.grain), counted(repeats, terms.grain)
    signals = FAMILY[name](whole, again, terms)
    speaking = again if name == "repeated" else whole
    told = {speaking.nodes[row][0]: p for row, p in zip(signals.rows, signals.p, strict=True)}
    return {code: float(told.get(code, 1.0)) for code in CODES}


def raised(rows: np.ndarray, times: float, periods: int) -> np.ndarray:
    loud = rows.copy()
    loud[CODES.index(LOUD), -periods:] = np.ceil(loud[CODES.index(LOUD), -periods:] * times) + 3
    return loud


@EVERY
@GRAINS
def test_it_is_silent_on_nothing_and_on_what_never_changes(name: str, terms: Terms) -> None:
    shape = (len(CODES), LENGTH[terms.grain])
    for level in (0, 4):
        p = heard(name, terms, np.full(shape, level), np.full(shape, level // 2))
        assert min(p.values()) > 0.01


@EVERY
@GRAINS
def test_it_hears_a_fivefold_rise_at_the_right_node_and_only_there(name: str, terms: Terms) -> None:
    cases = quiet(terms.grain, seed=3)
    loud = raised(cases, 5.0, 3)
    again = repeats_of(cases, seed=4)
    again[CODES.index(LOUD), -3:] = 0.8 * loud[CODES.index(LOUD), -3:]
    p = heard(name, terms, loud, again)
    assert p[LOUD] < 1e-5
    assert min(value for code, value in p.items() if code != LOUD) > 1e-4


@EVERY
def test_the_same_counts_give_the_same_answer_twice(name: str) -> None:
    cases = raised(quiet(Grain.WEEK, seed=5), 2.0, 2)
    again = repeats_of(cases, seed=6)
    assert heard(name, WEEKLY, cases, again) == heard(name, WEEKLY, cases, again)


@EVERY
@GRAINS
def test_a_hundredth_of_quiet_nodes_seem_remarkable_at_one_in_a_hundred(
    name: str, terms: Terms
) -> None:
    found: list[float] = []
    for seed in range(20):
        cases = quiet(terms.grain, seed=seed)
        found += heard(name, terms, cases, repeats_of(cases, seed=seed)).values()
    # 480 nodes: 4.8 are to be expected; 14 or more have a chance of 1 in 2,000.
    assert sum(p <= 0.01 for p in found) < 14


def test_a_tail_that_is_not_calibrated_would_be_seen() -> None:
    """The control: a normal tail in the place of ours, on the same quiet nodes."""
    found = 0
    for seed in range(20):
        rows = quiet(Grain.WEEK, seed=seed, level=0.6)
        past, now = rows[:, :-1], rows[:, -1]
        found += int(np.sum(now > past.mean(axis=1) + 2.326 * past.std(axis=1)))
    assert found >= 14


@EVERY
def test_nobody_is_told_of_fewer_cases_than_the_least(name: str) -> None:
    rows = np.zeros((len(CODES), LENGTH[Grain.WEEK]), np.int64)
    rows[0, -1] = WEEKLY.least - 1
    assert min(heard(name, WEEKLY, rows, rows).values()) == 1.0


def test_a_day_that_goes_on_says_no_more_than_when_it_is_over() -> None:
    """So looking every hour is no more chance of a false warning than looking once."""
    mean, variance = np.full((1, 14), 3.0), np.full((1, 14), 5.0)
    for so_far in range(3, 12):
        said = []
        for today in range(so_far, 25):
            counts = np.full((1, 14), 3.0)
            counts[0, 0] = today
            said.append(weigh_many(lately(counts, mean, variance), DAILY.waves)[0])
        assert said == sorted(said), said


def test_of_a_day_that_goes_on_only_growth_is_asked() -> None:
    rows = raised(quiet(Grain.DAY, seed=3), 5.0, 2)
    cases = counted(rows, Grain.DAY)
    found = review(Streams(cases, is_over=False), DAILY, calendar=None, now=cases.starts[-1])
    assert found and {name for one in found for name in one.detectors} == {"growing"}


@pytest.mark.parametrize("terms", [WEEKLY, DAILY], ids=["week", "day"])
@pytest.mark.parametrize("mean", [0.3, 3.0, 300.0])
def test_the_more_cases_the_more_it_speaks_for_a_wave_however_many(
    terms: Terms, mean: float
) -> None:
    """Two hundred letters where three were expected are no noise because no wave is so large."""
    back = terms.waves.back
    said = []
    for times in (1, 2, 4, 10, 40, 100, 1000, 100_000):
        counts = np.full((1, back), mean)
        counts[0, 0] = round(mean * times) + 1
        told = lately(counts, np.full((1, back), mean), np.full((1, back), 1.5 * mean))
        said.append(float(weigh_many(told, terms.waves)[0]))
    assert said == sorted(said), said
    assert said[-1] > 50.0
