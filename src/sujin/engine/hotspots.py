"""Where do more cases come from than its share? Small numbers are drawn towards the whole.

Each area's share of the past says how many of the period's cases it should have had (indirect
standardisation), so season and what rises everywhere cancel out. Observed counts are Poisson about
a ratio of its own; the ratios of all areas follow a gamma law of mean 1 whose spread is fitted to
the counts themselves (empirical Bayes; Clayton and Kaldor, Biometrics 43, 1987). An area is judged
by the chance that its ratio lies above a bar (Richardson, Thomson, Best and Elliott, Environmental
Health Perspectives 112, 2004), never by the raw ratio, which is largest where there is least.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp, log

import numpy as np
import numpy.typing as npt
from scipy import optimize, stats
from scipy.special import gammaln

_INNER = 0.95
# What an area without a past is taken to have had: half a case, so that nothing is divided by 0.
_UNSEEN = 0.5
# The spread of the ratios lies between these shapes of the gamma law: wide apart, and all alike.
_SHAPES = (0.2, 1e4)
Numbers = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Risk:
    """``ratio`` is the smoothed one, ``low`` to ``high`` its 95 % interval; ``exceedance`` the
    chance that the true one lies above the bar that was asked for."""

    observed: int
    expected: float
    ratio: float
    low: float
    high: float
    exceedance: float


def smooth(observed: Sequence[int], usual: Sequence[float], *, above: float = 1.0) -> list[Risk]:
    """One for each area, in order; ``usual`` is how many cases it had in the past."""
    if len(observed) != len(usual):
        raise ValueError(f"{len(observed)} areas were observed, {len(usual)} have a past")
    counts = np.asarray(observed, dtype=np.float64)
    past = np.asarray(usual, dtype=np.float64) + _UNSEEN
    expected = counts.sum() * past / past.sum()
    shape = _shape(counts, expected)
    law = stats.gamma(counts + shape, scale=1 / (expected + shape))
    low, high = law.interval(_INNER)
    columns = (expected, law.mean(), low, high, law.sf(above))
    return [
        Risk(int(count), *map(float, figures))
        for count, *figures in zip(counts, *columns, strict=True)
    ]


def _shape(counts: Numbers, expected: Numbers) -> float:
    """Of the gamma law of the ratios, by the likelihood of the counts (negative binomial)."""
    if counts.sum() == 0:
        return _SHAPES[1]

    def loss(at: float) -> float:
        shape = exp(at)
        told = gammaln(counts + shape) - gammaln(shape)
        told += shape * np.log(shape / (shape + expected))
        told += counts * np.log(expected / (shape + expected))
        return -float(told.sum())

    found = optimize.minimize_scalar(loss, bounds=(log(_SHAPES[0]), log(_SHAPES[1])))
    return exp(float(found.x))
