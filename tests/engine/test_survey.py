"""Scores and samples: intervals that cover what they promise, beside ones that do not."""

from collections.abc import Callable
from dataclasses import dataclass
from math import ceil, inf, sqrt

import numpy as np
import pytest

from sujin.engine.proportion import Z95
from sujin.engine.survey import Answers, Of, Score, gap, nps, share, stratified
from sujin.engine.survey_design import Stratum, allocate, draw, margin, needed

RUNS = 4000
Counts = tuple[int, int, int]
# Promoters, passives, detractors: from even to nearly all of one mind.
TRUTHS = ((0.5, 0.3, 0.2), (0.34, 0.33, 0.33), (0.8, 0.15, 0.05), (0.1, 0.2, 0.7),
          (0.92, 0.06, 0.02), (0.02, 0.05, 0.93))  # fmt: skip
SIZES = (20, 50, 100, 400)
SHARES = (0.5, 0.7, 0.85, 0.95, 0.99)
# Of one cell: the score intervals may dip this far at a few answers, never on average.
CELL, MEAN = 0.90, 0.94


def covered(asked: Callable[[Counts], Score], truth: tuple[float, ...], n: int, seed: int) -> float:
    """How often the interval of ``n`` answers holds the true score."""
    dice = np.random.default_rng(seed=seed)
    hits, memory = 0, dict[Counts, Score]()
    for up, middle, down in dice.multinomial(n, truth, size=RUNS).tolist():
        key = (up, middle, down)
        score = memory.get(key) or memory.setdefault(key, asked(key))
        hits += score.low <= truth[0] - truth[2] <= score.high
    return hits / RUNS


def plain_wald(counts: Counts) -> Score:
    """The interval one finds in textbooks: the known-bad control."""
    up, middle, down = counts
    n = up + middle + down
    value = (up - down) / n
    half = Z95 * sqrt(max(0.0, (up + down) / n - value**2) / n)
    return Score(value, value - half, value + half, n)


def test_the_net_promoter_interval_covers_what_it_promises() -> None:
    found = {
        (truth, n): covered(lambda counts: nps(*counts), truth, n, seed=place)
        for place, (truth, n) in enumerate((truth, n) for truth in TRUTHS for n in SIZES)
    }
    assert min(found.values()) >= CELL, found
    assert np.mean(list(found.values())) >= MEAN


def test_the_plain_interval_does_not_where_few_are_nearly_of_one_mind() -> None:
    for truth in ((0.92, 0.06, 0.02), (0.02, 0.05, 0.93)):
        assert covered(plain_wald, truth, 20, seed=1) < 0.86
        assert covered(lambda counts: nps(*counts), truth, 20, seed=1) >= CELL


def test_the_interval_of_a_share_covers_what_it_promises() -> None:
    found = {}
    for place, (truth, n) in enumerate((truth, n) for truth in SHARES for n in SIZES):
        dice = np.random.default_rng(seed=place)
        told = [share(int(up), n) for up in dice.binomial(n, truth, RUNS)]
        found[truth, n] = float(np.mean([one.low <= truth <= one.high for one in told]))
    assert min(found.values()) >= CELL, found
    assert np.mean(list(found.values())) >= MEAN


@dataclass(frozen=True)
class Town:
    """A finite population in strata, and how many of each answer."""

    sizes: tuple[int, ...]
    answers: tuple[int, ...]
    truths: tuple[tuple[float, float, float], ...]

    def people(self) -> list[Counts]:
        """How many of each stratum are promoters, passives, detractors."""
        found = []
        for size, truth in zip(self.sizes, self.truths, strict=True):
            up, down = round(size * truth[0]), round(size * truth[2])
            found.append((up, size - up - down, down))
        return found

    def true(self, of: Of) -> float:
        whole = sum(self.sizes)
        up, down = (sum(one[place] for one in self.people()) for place in (0, 2))
        return up / whole if of is Of.SHARE else (up - down) / whole


CALM, EVEN, CROSS = (0.85, 0.1, 0.05), (0.5, 0.3, 0.2), (0.2, 0.3, 0.5)
TOWNS = {
    "fpc, proportional": Town((200, 100, 60), (100, 50, 30), (CALM, EVEN, CROSS)),
    "unequal weights": Town((4000, 400, 100), (40, 40, 40), (CALM, EVEN, CROSS)),
    "unequal, turned": Town((4000, 400, 100), (40, 40, 40), (CROSS, EVEN, CALM)),
    "tiny strata": Town((900, 30, 12, 8), (60, 6, 5, 5), (EVEN, CALM, CROSS, CROSS)),
    "near the edge": Town((2000, 500), (60, 30), ((0.94, 0.04, 0.02), (0.9, 0.06, 0.04))),
    "half asked": Town((120, 80), (60, 40), ((0.9, 0.06, 0.04), CROSS)),
    "few answers": Town((3000, 1500, 700), (10, 6, 5), (CALM, EVEN, CROSS)),
}  # fmt: skip


def surveyed(town: Town, seed: int) -> list[list[Answers]]:
    """The town asked again and again, without replacement."""
    dice = np.random.default_rng(seed=seed)
    runs = [
        dice.multivariate_hypergeometric(people, n, size=RUNS).tolist()
        for people, n in zip(town.people(), town.answers, strict=True)
    ]
    return [
        [Answers(f"s{place}", town.sizes[place], up, middle, down, town.answers[place])
         for place, (up, middle, down) in enumerate(run)]
        for run in zip(*runs, strict=True)
    ]  # fmt: skip


def coverage(town: Town, of: Of, seed: int) -> tuple[float, float]:
    """How often the interval holds the truth, and by how much the estimate is off on average."""
    scores = [stratified([_told(one, of) for one in run], of) for run in surveyed(town, seed)]
    truth = town.true(of)
    hits = [one.low - 1e-12 <= truth <= one.high + 1e-12 for one in scores]
    return float(np.mean(hits)), float(np.mean([one.value or 0.0 for one in scores])) - truth


def _told(one: Answers, of: Of) -> Answers:
    """Of a share nobody is a detractor."""
    if of is Of.NPS:
        return one
    return Answers(one.name, one.size, one.up, one.middle + one.down, 0, one.asked)


@pytest.mark.parametrize("of", list(Of))
@pytest.mark.parametrize("name", list(TOWNS))
def test_a_stratified_score_covers_the_truth_and_is_not_biased(name: str, of: Of) -> None:
    found, off = coverage(TOWNS[name], of, seed=7)
    assert found >= 0.92, found
    assert abs(off) < 0.01


def test_who_ignores_the_weights_is_wrong() -> None:
    town = TOWNS["unequal weights"]
    crude = []
    for run in surveyed(town, seed=3):
        crude.append(share(sum(one.up for one in run), sum(one.n for one in run)))
    truth = town.true(Of.SHARE)
    assert abs(float(np.mean([one.value for one in crude])) - truth) > 0.2
    assert np.mean([one.low <= truth <= one.high for one in crude]) < 0.05
    assert coverage(town, Of.SHARE, seed=3)[0] > 0.92


def test_who_ignores_that_half_was_asked_promises_too_little() -> None:
    town = TOWNS["half asked"]
    run = [_told(one, Of.SHARE) for one in surveyed(town, seed=5)[0]]
    endless = [Answers(one.name, one.size * 10**6, one.up, one.middle) for one in run]
    assert stratified(run, Of.SHARE).half < 0.8 * stratified(endless, Of.SHARE).half


def test_all_who_answered_of_all_there_are_leave_no_doubt() -> None:
    score = stratified([Answers("a", 10, 7, 3, 0, 10), Answers("b", 5, 5, 0, 0, 5)], Of.SHARE)
    assert (score.value, score.low, score.high) == pytest.approx((0.8, 0.8, 0.8))
    assert score.effective == inf


def test_one_stratum_of_an_endless_population_is_the_plain_score() -> None:
    for of, plain in ((Of.NPS, nps(30, 15, 5)), (Of.SHARE, share(30, 50))):
        middle, down = (15, 5) if of is Of.NPS else (20, 0)
        score = stratified([Answers("a", 10**9, 30, middle, down)], of)
        assert (score.value, score.n) == (plain.value, plain.n)
        assert score.low == pytest.approx(plain.low, abs=0.005)
        assert score.high == pytest.approx(plain.high, abs=0.005)


def test_a_stratum_nobody_answered_in_is_named_and_not_guessed() -> None:
    told = [Answers("a", 300, 20, 10, 0, 40), Answers("b", 100, 0, 0, 0, 10)]
    score = stratified(told, Of.SHARE)
    assert (score.missing, score.coverage, score.response) == (("b",), 0.75, 0.6)
    assert score.value == pytest.approx(2 / 3)
    silent = stratified([Answers("b", 100, 0, 0, 0, 10)], Of.NPS)
    assert (silent.value, silent.coverage, silent.low, silent.high) == (None, 0.0, -1.0, 1.0)


def test_nothing_is_known_of_nobody_and_nonsense_is_refused() -> None:
    assert (share(0, 0).value, nps(0, 0, 0).value) == (None, None)
    assert nps(20, 0, 0).low < 1.0
    for up, of in ((3, 2), (-1, 2)):
        with pytest.raises(ValueError, match="no share"):
            share(up, of)
    with pytest.raises(ValueError, match="nobody"):
        nps(-1, 0, 0)


def test_a_gap_knows_when_it_is_one() -> None:
    far = gap(share(95, 100), share(60, 100))
    near = gap(share(19, 20), share(17, 20))
    assert far is not None and far.is_certain and far.value == pytest.approx(0.35)
    assert near is not None and not near.is_certain
    assert gap(share(0, 0), share(1, 2)) is None


def test_sizes_sum_exactly_and_never_ask_more_than_there_are() -> None:
    dice = np.random.default_rng(seed=11)
    for _ in range(300):
        strata = {f"s{place}": int(size) for place, size in enumerate(dice.integers(0, 200, 8))}
        least = int(dice.integers(0, 12))
        floors = sum(min(least, size) for size in strata.values())
        total = int(dice.integers(floors, sum(strata.values()) + 1))
        spreads = {name: float(dice.random()) for name in strata} if total % 2 else None
        given = allocate(strata, total, least, spreads)
        assert sum(given.values()) == total
        assert all(min(least, strata[name]) <= n <= strata[name] for name, n in given.items())


def test_sizes_follow_the_strata_and_with_known_spreads_follow_those() -> None:
    assert allocate({"a": 600, "b": 300, "c": 100}, 100, 1) == {"a": 60, "b": 30, "c": 10}
    neyman = allocate({"a": 500, "b": 500}, 90, 1, {"a": 0.5, "b": 0.25})
    assert neyman == {"a": 60, "b": 30}
    with pytest.raises(ValueError, match="between"):
        allocate({"a": 5, "b": 5}, 11, 1)
    with pytest.raises(ValueError, match="between"):
        allocate({"a": 5, "b": 5}, 3, 4)


def test_the_promised_margin_is_kept_when_as_many_answer() -> None:
    for town in TOWNS.values():
        design = [
            Stratum(f"s{place}", size, n)
            for place, (size, n) in enumerate(zip(town.sizes, town.answers, strict=True))
        ]
        runs = surveyed(town, seed=2)[:200]
        widest = max(
            stratified([_told(one, Of.SHARE) for one in run], Of.SHARE).half for run in runs
        )
        assert widest <= margin(design) * 1.1


def test_the_size_a_margin_needs_gives_that_margin() -> None:
    for population in (50, 384, 1000, 100_000):
        n = needed(population, 0.05)
        assert margin([Stratum("a", population, n)]) <= 0.05 + 0.001
        assert n == population or margin([Stratum("a", population, n - 2)]) > 0.05
    assert needed(10**9, 0.05) == ceil(Z95**2 / 4 / 0.05**2) == 385
    with pytest.raises(ValueError, match="margin"):
        needed(100, 0.0)
    with pytest.raises(ValueError, match="nobody of b"):
        margin([Stratum("a", 10, 2), Stratum("b", 10, 0)])


def test_a_draw_comes_out_the_same_again_and_is_fair() -> None:
    members = {"a": list(range(40)), "b": [100, 101, 102]}
    sizes = {"a": 10, "b": 3}
    once = draw(members, sizes, seed=1)
    assert once == draw({"b": [102, 100, 101], "a": members["a"][::-1]}, sizes, seed=1)
    assert once != draw(members, sizes, seed=2)
    assert once["b"] == [100, 101, 102]
    assert len(set(once["a"])) == 10
    times = np.zeros(40)
    for seed in range(2000):
        times[draw(members, sizes, seed)["a"]] += 1
    # A quarter each: the furthest of forty stays within four standard errors.
    assert np.abs(times / 2000 - 0.25).max() < 4 * sqrt(0.25 * 0.75 / 2000)
