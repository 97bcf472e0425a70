"""How far counts may lie from what is expected: negative binomial, as wide as the past asks."""

import numpy as np
from scipy import stats

from sujin.engine.events.scoring import LEVELS
from sujin.engine.series.panel import Counts

INNER = LEVELS[-1] - LEVELS[0]
# Closer to its mean than this a variance is that of a Poisson count.
_POISSON = 1.0005
# The most that the level may drift, as a share of its square; halved so often to find it.
_WIDEST, _HALVINGS = 0.5, 14


def quantiles(mean: Counts, variance: Counts) -> tuple[Counts, Counts, Counts]:
    """.1, .5 and .9 of counts of this mean and variance, whole cases."""
    size, share = _law(mean, variance)
    low, mid, high = (stats.nbinom.ppf(level, size, share) for level in LEVELS)
    return np.maximum(low, 0.0), np.maximum(mid, 0.0), high


def chance(at_least: Counts, mean: Counts, variance: Counts) -> Counts:
    """The probability of so many cases or more."""
    size, share = _law(mean, variance)
    return np.asarray(stats.nbinom.sf(at_least - 1, size, share))


def drift(came: Counts, mean: Counts, variance: Counts) -> float:
    """What has to be added to the variance, as a share of the mean's square, so that of ``came`` as
    many as promised lie from .1 to .9; nought when they do already. A count at an end is half in
    (mid-P), for whole cases would otherwise always promise too much."""
    least, most = 0.0, _WIDEST
    if _within(came, mean, variance) >= INNER:
        return 0.0
    for _ in range(_HALVINGS):
        middle = (least + most) / 2
        if _within(came, mean, variance + middle * mean**2) >= INNER:
            most = middle
        else:
            least = middle
    return most


def _within(came: Counts, mean: Counts, variance: Counts) -> float:
    size, share = _law(mean, variance)
    below = stats.nbinom.cdf(came - 1, size, share)
    middle = below + stats.nbinom.pmf(came, size, share) / 2
    return float(np.mean((middle >= LEVELS[0]) & (middle <= LEVELS[-1])))


def _law(mean: Counts, variance: Counts) -> tuple[Counts, Counts]:
    wide = np.maximum(variance, mean * _POISSON)
    share = mean / wide
    return mean * share / (1 - share), share
