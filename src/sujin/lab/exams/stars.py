"""``sujin eval stars``: sheets of invented outlets whose true points are known, month after month.

Every outlet has true shares of its own, a few of them planted good or bad throughout; cases come in
numbers that differ by ten times and have nothing to do with how well they are handled. Beside ours
stands what banks do: the raw shares of the month, or of the same months, straight into points, and
a star anew each time.
"""

from argparse import ArgumentParser
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from time import process_time
from typing import Any

import numpy as np
import numpy.typing as npt

from sujin.engine import stars
from sujin.engine.stars import Item, Level
from sujin.lab.dice import generator
from sujin.lab.exams.exam import Exam, Figures
from sujin.supervision import starbook

Numbers = npt.NDArray[np.float64]
Counts = npt.NDArray[np.int64]
WINDOW, MONTHS = 6, 12  # months a sheet looks at; months that are scored
OWN = 0.3  # what an item adds by itself, from nothing to the whole being 2
PLANTED = 8  # of each sort
OFF = 0.8  # planted shares lie so far towards nothing, or towards the whole, from the mean
NEAR, FAR = 3.0, 1.9  # cases a month and item, on average, and how unevenly (log)


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--banks", type=int, default=20, help="banks to invent")
    parser.add_argument("--outlets", type=int, default=120)


@dataclass(frozen=True, slots=True, eq=False)
class Bank:
    """Items by outlets: true shares; items by outlets by months: hits and cases."""

    items: tuple[Item, ...]
    levels: tuple[Level, ...]
    shares: Numbers
    hits: Counts
    n: Counts
    good: npt.NDArray[np.int64]
    bad: npt.NDArray[np.int64]

    @property
    def points(self) -> Numbers:
        """The true points of every outlet."""
        pairs = zip(self.items, self.shares, strict=True)
        return np.asarray(sum(one.points(own) for one, own in pairs), np.float64)

    def window(self, month: int, length: int) -> tuple[Counts, Counts]:
        span = slice(month + 1 - length, month + 1)
        return self.hits[:, :, span].sum(axis=2), self.n[:, :, span].sum(axis=2)


def invented(seed: int, bank: int, outlets: int) -> Bank:
    """A bank by the pack's own items and levels."""
    rng = generator("stars", seed, bank)
    items = tuple(row.item for row in starbook.items(starbook.OUTLET).values())
    levels = tuple(row.level for row in starbook.levels(starbook.OUTLET).values())
    order = rng.permutation(outlets)
    good, bad = order[:PLANTED], order[PLANTED : 2 * PLANTED]
    # Two sorts of outlets and a skew: not the law that the sheets suppose.
    like = np.where(rng.random(outlets) < 0.3, -0.35, 0.1) + 0.1 * rng.exponential(1.0, outlets)
    shares = np.array([_shares(one, like, good, bad, rng) for one in items])
    size = rng.lognormal(np.log(NEAR), np.log(FAR), outlets)
    months = WINDOW - 1 + MONTHS
    n = rng.poisson(np.clip(size, 0.5, 20.0)[None, :, None], (len(items), outlets, months))
    hits = rng.binomial(n, shares[:, :, None])
    return Bank(items, levels, shares, hits, n, good, bad)


def _shares(
    item: Item, like: Numbers, good: Counts, bad: Counts, rng: np.random.Generator
) -> Numbers:  # fmt: skip
    """Of one item: what the outlet is like in all items, and what it is like in this one."""
    middle = (item.floor + item.full) / 2
    towards = like + rng.normal(0.0, OWN, len(like))
    found = np.clip(middle + towards * (item.full - item.floor) / 2, 0.01, 0.995)
    found[good] = middle + OFF * (item.full - middle)
    found[bad] = middle + OFF * (item.floor - middle)
    return np.asarray(found, np.float64)


def run(options: Mapping[str, Any]) -> Figures:
    """Every bank through all its months, under every rule."""
    began = process_time()
    told = {name: _Score() for name in RULES}
    for number in range(options["banks"]):
        bank = invented(options["seed"], number, options["outlets"])
        for name, rule in RULES.items():
            _rated(bank, rule, told[name])
    return {
        "banks": options["banks"],
        "outlets": options["outlets"],
        "cases_each": NEAR,
        "rules": {name: score.figures() for name, score in told.items()},
        "cpu_seconds": round(process_time() - began, 1),
    }


@dataclass(frozen=True, slots=True, eq=False)
class Rated:
    """Of one month: points, stars, and, of whoever says them, intervals and certain pairs."""

    points: Numbers
    stars: Counts
    low: Numbers | None = None
    high: Numbers | None = None
    first: Counts | None = None
    last: Counts | None = None


def by_sheets(bank: Bank, month: int, earlier: Sequence[int | None]) -> Rated:
    """The sheets as the house makes them."""
    hits, n = bank.window(month, WINDOW)
    counts = {
        one.code: (hits[at].tolist(), n[at].tolist()) for at, one in enumerate(bank.items)
    }  # fmt: skip
    found = stars.score(bank.items, counts, bank.levels, seed=month, earlier=earlier)

    def column(name: str) -> Numbers:
        return np.array([getattr(one, name) for one in found], np.float64)

    return Rated(
        column("points"), column("star").astype(np.int64), column("low"), column("high"),
        column("first").astype(np.int64), column("last").astype(np.int64),
    )  # fmt: skip


def _raw(bank: Bank, month: int, length: int) -> Rated:
    """Straight from the counts; nothing of nothing earns half."""
    hits, n = bank.window(month, length)
    share = np.divide(hits, n, out=np.full(hits.shape, np.nan), where=n > 0)
    points = np.sum(
        [
            np.where(np.isnan(own), one.weight / 2, one.points(np.nan_to_num(own)))
            for one, own in zip(bank.items, share, strict=True)
        ],
        axis=0,
    )
    return Rated(points, np.array([stars.reached(float(one), bank.levels) for one in points]))


RULES = {
    "sheets": by_sheets,
    "raw, six months": lambda bank, month, _earlier: _raw(bank, month, WINDOW),
    "raw, one month": lambda bank, month, _earlier: _raw(bank, month, 1),
}


def _rated(bank: Bank, rule: Any, score: "_Score") -> None:
    earlier: list[int | None] = [None] * bank.shares.shape[1]
    before: Rated | None = None
    truth = bank.points
    for month in range(WINDOW - 1, WINDOW - 1 + MONTHS):
        found = rule(bank, month, earlier)
        score.add(found, before, truth, bank)
        before, earlier = found, [int(one) for one in found.stars]


@dataclass(slots=True)
class _Score:
    told: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))

    def add(self, found: Rated, before: Rated | None, truth: Numbers, bank: Bank) -> None:
        from scipy.stats import spearmanr

        def keep(name: str, value: float) -> None:
            self.told[name].append(float(value))

        keep("correlation", spearmanr(found.points, truth)[0])
        top = set(np.argsort(-found.points)[:PLANTED].tolist())
        low = set(np.argsort(found.points)[:PLANTED].tolist())
        keep("good_found", len(top & set(bank.good.tolist())) / PLANTED)
        keep("bad_found", len(low & set(bank.bad.tolist())) / PLANTED)
        size = bank.n.sum(axis=(0, 2))
        keep("volume", spearmanr(found.points - truth, size)[0])
        if before is not None:
            keep("stars_moved", float((found.stars != before.stars).mean()))
            keep("ranks_kept", spearmanr(found.points, before.points)[0])
        if found.low is not None and found.high is not None:
            inside = (found.low <= truth) & (truth <= found.high)
            keep("coverage", float(inside.mean()))
            keep("coverage_good", float(inside[bank.good].mean()))
            keep("coverage_bad", float(inside[bank.bad].mean()))
        if found.first is not None and found.last is not None:
            ranks = (-truth).argsort().argsort() + 1
            keep("rank_coverage", float(((found.first <= ranks) & (ranks <= found.last)).mean()))

    def figures(self) -> Figures:
        return {name: float(np.mean(values)) for name, values in self.told.items()}


def told(figures: Figures) -> Iterable[str]:
    yield (
        f"{figures['banks']} banks of {figures['outlets']} outlets, {MONTHS} months each, "
        f"{figures['cases_each']:g} cases a month and item on average; "
        f"{figures['cpu_seconds']} CPU seconds"
    )
    for rule, found in figures["rules"].items():
        yield (
            f"{rule:>16}: rank correlation with the truth {found['correlation']:.3f}; of 8 good "
            f"among the first 8 {found['good_found']:.0%}, of 8 bad among the last "
            f"{found['bad_found']:.0%}; stars moved a month {found['stars_moved']:.1%}; ranks kept "
            f"{found['ranks_kept']:.3f}; error with volume {found['volume']:+.3f}"
        )
        if "coverage" in found:
            yield (
                f"{'':>18}intervals hold the true points {found['coverage']:.1%} (of planted good "
                f"{found['coverage_good']:.1%}, bad {found['coverage_bad']:.1%}), the true rank "
                f"{found['rank_coverage']:.1%}"
            )


EXAM = Exam(
    "stars",
    "Star sheets on invented outlets with known points, beside raw scoring.",
    add_arguments,
    run,
    told,
)
