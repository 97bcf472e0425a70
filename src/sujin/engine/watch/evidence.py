"""How much the last periods speak for a wave: the likelihood ratio of "a wave" to "nothing new".

A wave adds cases by a shape over the last periods, in sizes measured by the standard deviation of
its window; shapes and sizes are averaged over (a mixture likelihood ratio, as in Lai, "Sequential
multiple hypothesis testing and efficient fault detection-isolation", IEEE Transactions on
Information Theory 46, 2000). Counts are negative binomial, and a wave adds Poisson cases to them.
Its logarithm is the evidence, in nats: 0 says nothing, and by Markov's inequality a series
without a wave reaches x with probability at most exp(-x).
"""

from dataclasses import dataclass
from math import exp, lgamma, log, log1p, sqrt
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from numba import njit

from sujin.engine.watch.fitting import Numbers

# For each law, the periods back, and of each what `chance_by` needs.
Laws = npt.NDArray[np.float64]

# Standard deviations of a window, and how often a wave is so large.
Sizes = tuple[tuple[float, float], ...]
# Without the largest, a count far beyond every wave would fit none of them, and say nothing.
SIZES: Sizes = (
    *((size, 1.0) for size in (1.5, 2.5, 4.0, 6.0)),
    *((size, 0.05) for size in (10.0, 20.0, 50.0, 150.0, 500.0)),
)

# Closer to its mean than this a variance is that of a Poisson count.
_POISSON = 1.0005


@dataclass(frozen=True, slots=True)
class Shape:
    """Of a wave's cases, the shares by period, the first period first; they add up to 1 for a wave
    that is over and to less for one that goes on. ``odds`` weigh it among the others."""

    name: str
    shares: tuple[float, ...]
    odds: float = 1.0


class Waves(NamedTuple):
    """Every wave that is looked for. Row s of ``shares`` runs back in time from now, over
    ``lengths[s]`` periods; ``sizes`` are standard deviations of the window, and ``often`` their
    odds."""

    shares: Numbers
    lengths: Numbers
    odds: Numbers
    sizes: Numbers
    often: Numbers

    @property
    def back(self) -> int:
        """How many periods the longest shape covers."""
        return int(self.shares.shape[1])


class Lately(NamedTuple):
    """The last periods of one series, the latest first, and what was expected of them."""

    counts: Numbers
    mean: Numbers
    variance: Numbers


def waves(shapes: tuple[Shape, ...], sizes: Sizes) -> Waves:
    """The table of ``shapes`` in every one of ``sizes``. Raises ValueError for an empty one."""
    if not shapes or not sizes:
        raise ValueError("a wave needs at least one shape and one size")
    longest = max(len(shape.shares) for shape in shapes)
    shares = np.zeros((len(shapes), longest))
    for row, shape in enumerate(shapes):
        shares[row, : len(shape.shares)] = shape.shares[::-1]
    odds = np.array([shape.odds for shape in shapes])
    lengths = np.array([len(shape.shares) for shape in shapes], np.float64)
    size, often = np.array(sizes, np.float64).T.copy()
    return Waves(shares, lengths, odds / odds.sum(), size, often / often.sum())


@njit(nogil=True, cache=True)
def log_chance(count: float, mean: float, variance: float) -> float:  # pragma: no cover
    """The logarithm of the probability of a count, negative binomial or Poisson, but for the part
    that does not depend on mean and variance."""
    constant, slope, size = _law(mean, variance)
    return chance_by(count, constant, slope, size)


@njit(nogil=True, cache=True)
def _law(mean: float, variance: float) -> tuple[float, float, float]:  # pragma: no cover
    """What `chance_by` needs to know of a mean and a variance; a size of 0 says Poisson."""
    if variance <= mean * _POISSON:
        return -mean, log(mean), 0.0
    size = mean * mean / (variance - mean)
    return -lgamma(size) - size * log1p(mean / size), -log1p(size / mean), size


@njit(nogil=True, cache=True)
def chance_by(
    count: float, constant: float, slope: float, size: float
) -> float:  # pragma: no cover
    told = constant + count * slope
    return told if size == 0.0 else told + lgamma(count + size)


@njit(nogil=True, cache=True)
def added(waves: Waves, row: int, size: float, variance: Numbers) -> float:  # pragma: no cover
    """How many cases a wave of shape ``row`` and so many standard deviations brings."""
    total = 0.0
    for back in range(int(waves.lengths[row])):
        total += variance[back]
    return size * sqrt(total)


@njit(nogil=True, cache=True)
def prepare(mean: Numbers, variance: Numbers, waves: Waves) -> Laws:  # pragma: no cover
    """Every law that counts of these means and variances may follow: of each shape in each size,
    and, first, without a wave."""
    number = waves.sizes.shape[0]
    laws = np.zeros((1 + waves.lengths.shape[0] * number, mean.shape[0], 3))
    for back in range(mean.shape[0]):
        laws[0, back] = _law(mean[back], variance[back])
    for place in range(1, laws.shape[0]):
        row, size = (place - 1) // number, waves.sizes[(place - 1) % number]
        cases = added(waves, row, size, variance)
        for back in range(int(waves.lengths[row])):
            more = cases * waves.shares[row, back]
            laws[place, back] = _law(mean[back] + more, variance[back] + more)
    return laws


@njit(nogil=True, cache=True)
def weigh_by(counts: Numbers, laws: Laws, waves: Waves) -> float:  # pragma: no cover
    """The evidence of the last periods, by the laws that `prepare` made."""
    back = counts.shape[0]
    plain = np.empty(back)
    for step in range(back):
        c, s, z = laws[0, step]
        plain[step] = chance_by(counts[step], c, s, z)
    number = waves.sizes.shape[0]
    ratios = np.empty(laws.shape[0] - 1)
    for place in range(ratios.shape[0]):
        row = place // number
        ratio = log(waves.odds[row] * waves.often[place % number])
        for step in range(int(waves.lengths[row])):
            c, s, z = laws[place + 1, step]
            ratio += chance_by(counts[step], c, s, z) - plain[step]
        ratios[place] = ratio
    return _together(ratios)


@njit(nogil=True, cache=True)
def weigh(lately: Lately, waves: Waves) -> float:  # pragma: no cover
    """The evidence of the last periods. Cases beyond the largest wave speak as those just within it
    do, each by as much: the slope of the likelihood ratio there."""
    counts = np.empty_like(lately.counts)
    beyond = 0.0
    for back in range(counts.shape[0]):
        mean, variance = lately.mean[back], lately.variance[back]
        most = mean + waves.sizes[-1] * sqrt(variance)
        counts[back] = min(lately.counts[back], most)
        if lately.counts[back] > most:
            beyond += (lately.counts[back] - most) * _slope(mean, variance, most)
    return beyond + weigh_by(counts, prepare(lately.mean, lately.variance, waves), waves)


@njit(nogil=True, cache=True)
def _slope(mean: float, variance: float, most: float) -> float:  # pragma: no cover
    """By how much one more case speaks against ``mean`` when ``most`` were to be expected."""
    if variance <= mean * _POISSON:
        return log(most / mean)
    size = mean * mean / (variance - mean)
    return log(most / mean) - log((most + size) / (mean + size))


@njit(nogil=True, cache=True)
def _together(ratios: Numbers) -> float:  # pragma: no cover
    """The logarithm of the sum of their exponentials."""
    most = np.max(ratios)
    total = 0.0
    for ratio in ratios:
        total += exp(ratio - most)
    return float(most + log(total))


@njit(nogil=True, cache=True)
def weigh_many(many: Lately, waves: Waves) -> Numbers:  # pragma: no cover
    """`weigh` for every row of arrays of two axes, periods on the second."""
    evidence = np.empty(many.counts.shape[0])
    for row in range(evidence.shape[0]):
        lately = Lately(many.counts[row], many.mean[row], many.variance[row])
        evidence[row] = weigh(lately, waves)
    return evidence


@njit(nogil=True, cache=True)
def weigh_on(counts: Numbers, told: Lately, first: int, waves: Waves) -> None:  # pragma: no cover
    """`weigh` for one series at every period from ``first`` on: ``told.mean`` and ``told.variance``
    have a row for each, ``told.counts`` takes the evidence."""
    back = told.mean.shape[1]
    lately = np.empty(back)
    for t in range(first, counts.shape[0]):
        for step in range(back):
            lately[step] = counts[t - step]
        at = t - first
        told.counts[at] = weigh(Lately(lately, told.mean[at], told.variance[at]), waves)
