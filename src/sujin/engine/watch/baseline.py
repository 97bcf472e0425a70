"""What is to be expected of a series, period by period, from what came before.

A log-linear model (`fitting`) is refitted at every period on all periods but the last few, in which
a wave may already be rising. A past period counts by the chance that no wave is in it, in the place
of the weights for large residuals of Farrington and others (1996) and Noufaily and others (2013),
which draw the dispersion of small counts down. The variance of what is to come is that of the
counts and that of the fitted level.
"""

from math import exp, log, sqrt
from typing import NamedTuple

import numpy as np
from numba import njit

from sujin.engine.watch.evidence import SIZES, log_chance
from sujin.engine.watch.fitting import (
    ANY_ORDER,
    Model,
    Numbers,
    Past,
    climb,
    descend,
    expected,
    level,
    start,
)

# How many periods of the past hold a wave, and how large it is there, in standard deviations.
_RARE = 0.005
_OFTEN = sum(often for _, often in SIZES)
_SURE = 50.0
# In deviations: so near its mean a count is no sign of a wave (1 in 400 at most), and so many times
# as large as it is far a wave would bring more.
_NEAR, _TOO_LARGE = 1.0, 4.0
# With so many cases expected, a period tells half as much of the dispersion as one with many.
_TELLS = 1.0
# The most that the level itself may vary, as a share of its square: that of nothing ever seen.
_UNSURE = 2.0
_FAR, _FEW = 4.0, 10.0
_FIRST_PASSES, _FIRST_STEPS, _STEPS = 3, 8, 2


class Outlook(NamedTuple):
    """Of one series: a row for each period from the first one judged, in ``mean`` and ``variance``
    columns that run back in time from it."""

    mean: Numbers
    variance: Numbers
    dispersion: Numbers


@njit(nogil=True, cache=True)
def _weight(count: float, mean: float, dispersion: float) -> float:  # pragma: no cover
    """The chance that no wave is in a period."""
    variance = dispersion * mean
    far = (count - mean) / sqrt(variance)
    if far <= _NEAR:
        return 1.0
    # What is larger than the largest wave is one for sure.
    count = min(count, mean + SIZES[-1][0] * sqrt(variance))
    plain = log_chance(count, mean, variance)
    odds = 0.0
    for size, often in SIZES:
        if size > _TOO_LARGE * max(far, _NEAR * 2):
            break
        more = size * sqrt(variance)
        odds += often * exp(min(log_chance(count, mean + more, variance + more) - plain, _SURE))
    return float(1.0 / (1.0 + _RARE * odds / _OFTEN))


@njit(nogil=True, cache=True, fastmath=ANY_ORDER)
def _dispersion(past: Past, model: Model, n: int) -> float:  # pragma: no cover
    """Pearson's statistic by its degrees of freedom, drawn towards the prior; at least 1. A period
    in which hardly a case is expected says little of it, and counts for little."""
    squares, heavy = 0.0, 0.0
    for t in range(n):
        mean = past.means[t]
        worth = past.weights[t] * mean / (mean + _TELLS)
        squares += past.weights[t] * (past.counts[t] - mean) ** 2 / (mean + _TELLS)
        heavy += worth
    freedom = max(heavy * (1.0 - model.design.shape[0] / n), 0.0)
    prior, of_prior = model.prior[0], model.prior[1]
    if freedom + of_prior <= 0.0:
        return 1.0
    return float(max((squares + prior * of_prior) / (freedom + of_prior), 1.0))


@njit(nogil=True, cache=True)
def _begin(past: Past, model: Model, beta: Numbers, n: int) -> float:  # pragma: no cover
    """The first fit: weights and coefficients in turn; gives the dispersion."""
    # What lies far beyond nine tenths of the past would bend the first fit and hide in it.
    most = _FAR * np.quantile(past.counts[:n], 0.9) + _FEW
    for t in range(n):
        past.weights[t] = 1.0 if past.counts[t] <= most else 0.0
    start(past, model, beta, n)
    dispersion = 1.0
    for _ in range(_FIRST_PASSES):
        climb(past, model, beta, n, _FIRST_STEPS)
        dispersion = _dispersion(past, model, n)
        for t in range(n):
            past.weights[t] = _weight(past.counts[t], past.means[t], dispersion)
    return dispersion


@njit(nogil=True, cache=True)
def _ahead(
    model: Model, lower: Numbers, t: int, mean: float, dispersion: float
) -> tuple[float, float]:  # pragma: no cover
    """Mean and variance of a count to come in period t: that of counts, and that of the fitted
    level. What is not known of season and trend raises the mean, for it is multiplied: a level that
    may be three times as high or as low is higher on average."""
    root = descend(lower, model.design[:, t])
    unsure = min(dispersion * np.sum(root * root), _UNSURE)
    of_level = min(dispersion / lower[0, 0] ** 2, unsure)
    mean *= exp((unsure - of_level) / 2.0)
    return mean, dispersion * mean + mean**2 * unsure


@njit(nogil=True, cache=True)
def expect(
    counts: Numbers, model: Model, first: int, gap: int, outlook: Outlook
) -> None:  # pragma: no cover
    """Fills ``outlook`` for every period of one series from ``first`` on, each judged from the
    periods that lie ``gap`` or more before it."""
    past = Past(counts, np.ones(counts.shape[0]), np.empty(counts.shape[0]))
    beta = np.empty(model.design.shape[0])
    dispersion = _begin(past, model, beta, first - gap + 1)
    for t in range(first, counts.shape[0]):
        n = t - gap + 1
        if t > first:
            expected(past, model, beta, n - 1, n)
            past.weights[n - 1] = _weight(counts[n - 1], past.means[n - 1], dispersion)
        lower = climb(past, model, beta, n, _STEPS)
        dispersion = _dispersion(past, model, n)
        at = t - first
        outlook.dispersion[at] = dispersion
        for back in range(outlook.mean.shape[1]):
            likely = level(model, beta, t - back)
            mean, variance = _ahead(model, lower, t - back, likely, dispersion)
            outlook.mean[at, back], outlook.variance[at, back] = mean, variance


@njit(nogil=True, cache=True)
def pattern(counts: Numbers, model: Model, gap: int) -> Numbers:  # pragma: no cover
    """How one series moves, as logarithms around its level, one for each of its periods; the last
    ``gap`` of them are not learnt from."""
    past = Past(counts, np.ones(counts.shape[0]), np.empty(counts.shape[0]))
    beta = np.empty(model.design.shape[0])
    _begin(past, model, beta, counts.shape[0] - gap)
    climb(past, model, beta, counts.shape[0] - gap, _FIRST_STEPS)
    moved = np.empty(counts.shape[0])
    for t in range(counts.shape[0]):
        moved[t] = log(level(model, beta, t)) - beta[0]
    return moved
