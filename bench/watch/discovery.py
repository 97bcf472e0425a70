"""A promise over many series at once: of the warnings of one review, at most a tenth are false.

2,000 weekly series of the 42 scenarios, read in one week; 2 % or 10 % of them are in the second
week of an outbreak of size 6 or 8. Benjamini–Hochberg at q = 0.10 on everybody's p-values;
realised FDR is the mean share of false ones among a review's warnings. Once more with a shock that
all series share. ``python -m bench.watch.discovery --seed 7``; ``--claim normal`` plants an
uncalibrated tail as ours.
"""

import argparse
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from scipy import stats

from bench.watch import farrington, ours
from bench.watch.detectors import OURS, PUBLISHED
from bench.watch.noufaily import (
    BASELINE,
    FIRST,
    PAST_SIZES,
    SCENARIOS,
    WEEKS,
    at_least_one,
    cases,
    endemic,
)
from bench.watch.runs import Counts, Flags, Reals

Q = 0.10
SERIES, REVIEWS, FAST_REVIEWS = 2000, 30, 6
SHARES, SIZES = (0.02, 0.10), (6, 8)
MIXES = tuple((share, size) for share in SHARES for size in SIZES)
SHOCK = 0.10  # standard deviation of the logarithm of the week's common factor
LEAST_POWER, POWER_MIX = 0.65, (0.10, 6)

Tail = Callable[[Counts], Reals]
"""Counts (N, T) -> p-values (N,) of their last week, against the series' own past."""


@dataclass(frozen=True)
class Review:
    """``counts`` (N, T), read in the last week; for each mix who is ill and his counts."""

    counts: Counts
    ill: dict[tuple[float, int], Flags]
    with_outbreaks: dict[tuple[float, int], Counts]


@dataclass(frozen=True)
class Kept:
    """What became of the promise, a figure per review."""

    false_share: list[float]
    power: list[float]

    def line(self) -> str:
        error = np.std(self.false_share) / np.sqrt(len(self.false_share))
        return f"FDR {self.fdr:.3f} ± {error:.3f}   power {float(np.mean(self.power)):.3f}"

    @property
    def fdr(self) -> float:
        return float(np.mean(self.false_share))


def draw(seed: int, shock: float) -> Review:
    rng = np.random.default_rng(seed)
    scenario = rng.integers(0, len(SCENARIOS), SERIES)
    last = int(rng.integers(FIRST + 1, WEEKS))
    mean = np.stack([s.mean() for s in SCENARIOS])[scenario][:, : last + 1]
    phi = np.array([s.phi for s in SCENARIOS])[scenario][:, None]
    common = np.exp(rng.normal(-(shock**2) / 2, shock, last + 1))
    counts = endemic(rng, mean * common, phi)
    deviation, runs = np.sqrt(phi * mean), np.arange(SERIES)
    for _ in PAST_SIZES:
        begin = rng.integers(BASELINE, FIRST - 1, SERIES)
        past = rng.poisson(rng.choice(PAST_SIZES, SERIES) * deviation[runs, begin])
        counts += cases(rng, begin, past, FIRST, last + 1)
    ill, waves = {}, {}
    start = np.full(SERIES, last - 1)
    for share, size in MIXES:
        ill[share, size] = rng.random(SERIES) < share
        many = at_least_one(rng, size * deviation[:, last - 1]) * ill[share, size]
        waves[share, size] = counts + cases(rng, start, many, last + 1, last + 1)
    return Review(counts, ill, waves)


def farrington_tail(counts: Counts) -> Reals:
    """The plug-in negative-binomial tail, as R has it."""
    last = counts.shape[1] - 1
    return farrington.expected(counts, last).tail(counts[:, last:])[:, 0]


def normal_tail(counts: Counts) -> Reals:
    """What is wrong on purpose: a normal tail for counts, right in the middle and nowhere else."""
    last = counts.shape[1] - 1
    found = farrington.expected(counts, last)
    z = (counts[:, last] - found.mean[:, 0]) / np.sqrt(found.phi * found.mean)[:, 0]
    return np.asarray(stats.norm.sf(z))


def tails() -> dict[str, Tail]:
    """Whose promises are compared."""
    return {OURS: ours.chances, PUBLISHED: farrington_tail, "normal": normal_tail}


def discoveries(p: Reals, q: float = Q) -> Flags:
    """Benjamini and Hochberg 1995."""
    ordered = np.sort(p)
    within = np.flatnonzero(ordered <= q * np.arange(1, len(p) + 1) / len(p))
    return p <= ordered[within[-1]] if len(within) else np.zeros(len(p), bool)


def keep(tail: Tail, reviews: Sequence[Review]) -> dict[tuple[float, int], Kept]:
    """Only the ill are read anew for a mix: the others are as they were."""
    kept = {mix: Kept([], []) for mix in MIXES}
    for review in reviews:
        quiet = tail(review.counts)
        for mix, figures in kept.items():
            ill = review.ill[mix]
            p = quiet.copy()
            p[ill] = tail(review.with_outbreaks[mix][ill])
            found = discoveries(p)
            figures.false_share.append(float((found & ~ill).sum() / max(1, found.sum())))
            figures.power.append(float((found & ill).sum() / max(1, ill.sum())))
    return kept


def failures(kept: dict[tuple[float, int], Kept]) -> list[str]:
    """Empty when the promise is kept in every mix, with power enough to be worth it."""
    found = [
        f"FDR {figures.fdr:.3f} > {Q} at {share:.0%}, k={size}"
        for (share, size), figures in kept.items()
        if figures.fdr > Q
    ]
    power = float(np.mean(kept[POWER_MIX].power))
    return found + ([f"power {power:.3f} < {LEAST_POWER}"] if power < LEAST_POWER else [])


def lines(kept: dict[tuple[float, int], Kept]) -> Iterator[str]:
    for (share, size), figures in kept.items():
        yield f"   {share:>4.0%} ill, k={size}   {figures.line()}"


def main() -> int:
    read = argparse.ArgumentParser(prog="bench.watch.discovery", description=__doc__)
    read.add_argument("--seed", type=int, required=True)
    read.add_argument("--fast", action="store_true")
    read.add_argument("--claim", default=OURS, help="whose promise the verdict is about")
    asked = read.parse_args()
    number = FAST_REVIEWS if asked.fast else REVIEWS
    claimed = ["there is no such tail"]
    for shock in (0.0, SHOCK):
        reviews = [draw(1000 * asked.seed + n, shock) for n in range(number)]
        sys.stdout.write(f"\nshock shared by all series: {shock}\n")
        for name, tail in tails().items():
            kept = keep(tail, reviews)
            sys.stdout.write("\n".join([name, *lines(kept)]) + "\n")
            if name == asked.claim and not shock:
                claimed = failures(kept)
    missing = f"does not hold ({'; '.join(claimed)})" if claimed else "holds"
    sys.stdout.write(f"\nG7 {asked.claim}: {missing}\n")
    return 1 if claimed else 0


if __name__ == "__main__":
    sys.exit(main())
