"""A log-linear model of one series of counts, climbed to its most probable coefficients.

Poisson likelihood with a normal prior on every coefficient (ridge), by Newton's method: the
quasi-Poisson regression that Farrington and others (1996) and Noufaily and others (2013) base
their outbreak detection on. Loops for numba; they hold no lock and share nothing.
"""

from math import exp, log, sqrt
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from numba import njit

Numbers = npt.NDArray[np.float64]

_HIGHEST = 30.0  # e^30 cases in one period are no longer a count of complaints
# Half a case that was not seen: nothing seen is no proof of a level of 0 (Jeffreys' prior).
_UNSEEN = 0.5
_ENOUGH = 1e-3
_LONGEST_STEP = 2.0
_LOG2_E = 1.4426950408889634
# The logarithm of 2 in two parts, the first of few bits, so that its multiples are exact.
_LN2_HIGH, _LN2_LOW = 0.6931471803691238, 1.9082149292705877e-10
_INVERSES = (0.0, *(1.0 / nth for nth in range(1, 14)))
# Sums that may be taken in any order are taken four at a time.
ANY_ORDER = {"reassoc", "nsz", "contract"}


class Model(NamedTuple):
    """``design``: a row for each effect, the level first, a column for each period; ``offset``: the
    logarithm of the exposure of each period; ``precision`` of the normal prior of each effect (0:
    none); ``prior``: a dispersion and the degrees of freedom it is worth."""

    design: Numbers
    offset: Numbers
    precision: Numbers
    prior: Numbers


class Past(NamedTuple):
    """One series, how much each of its periods counts in a fit, and what the coefficients expect of
    each: ``means`` are kept by whoever moves the coefficients."""

    counts: Numbers
    weights: Numbers
    means: Numbers


@njit(nogil=True, cache=True)
def factor(matrix: Numbers) -> Numbers:  # pragma: no cover
    """The lower triangle L of ``matrix`` = L L' (Cholesky), for a positive definite one."""
    p = matrix.shape[0]
    lower = np.zeros((p, p))
    for i in range(p):
        for j in range(i + 1):
            rest = matrix[i, j]
            for k in range(j):
                rest -= lower[i, k] * lower[j, k]
            if i == j:
                lower[i, i] = sqrt(max(rest, 1e-12))
            else:
                lower[i, j] = rest / lower[j, j]
    return lower


@njit(nogil=True, cache=True)
def descend(lower: Numbers, right: Numbers) -> Numbers:  # pragma: no cover
    """x of L x = right."""
    found = np.empty(right.shape[0])
    for i in range(right.shape[0]):
        rest = right[i]
        for k in range(i):
            rest -= lower[i, k] * found[k]
        found[i] = rest / lower[i, i]
    return found


@njit(nogil=True, cache=True)
def solve(lower: Numbers, right: Numbers) -> Numbers:  # pragma: no cover
    """x of L L' x = right."""
    found = descend(lower, right)
    p = right.shape[0]
    for i in range(p - 1, -1, -1):
        rest = found[i]
        for k in range(i + 1, p):
            rest -= lower[k, i] * found[k]
        found[i] = rest / lower[i, i]
    return found


@njit(nogil=True, cache=True)
def level(model: Model, beta: Numbers, t: int) -> float:  # pragma: no cover
    """How many cases are to be expected in period ``t``."""
    eta = model.offset[t]
    for i in range(beta.shape[0]):
        eta += model.design[i, t] * beta[i]
    return exp(min(eta, _HIGHEST))


@njit(nogil=True, cache=True)
def expected(
    past: Past, model: Model, beta: Numbers, begin: int, end: int
) -> None:  # pragma: no cover
    """Fills the means of periods ``begin`` to ``end`` - 1."""
    means = past.means[begin:end]
    means[:] = model.offset[begin:end]
    for i in range(beta.shape[0]):
        _add(means, beta[i], model.design[i, begin:end])
    exponentials(means)


@njit(nogil=True, cache=True, fastmath=ANY_ORDER)
def _add(to: Numbers, times: float, other: Numbers) -> None:  # pragma: no cover
    for t in range(to.shape[0]):
        to[t] += times * other[t]


@njit(nogil=True, cache=True, fastmath=ANY_ORDER)
def exponentials(values: Numbers) -> None:  # pragma: no cover
    """Writes e to their power over ``values``, cut at 30 and -300, to one part in 1e13.

    The library's exponential takes one value at a time; here four or eight go together: a power of
    two, put into the exponent's bits, times Taylor's series of what is left (Muller, Elementary
    Functions, 3rd edition, 2016, chapter 11)."""
    bits = values.view(np.int64)
    for t in range(values.shape[0]):
        x = min(max(values[t], -300.0), _HIGHEST)
        power = np.floor(x * _LOG2_E + 0.5)
        rest = (x - power * _LN2_HIGH) - power * _LN2_LOW
        told = 1.0
        for nth in range(13, 0, -1):
            told = 1.0 + told * rest * _INVERSES[nth]
        values[t] = told
        bits[t] += np.int64(power) << 52


@njit(nogil=True, cache=True, fastmath=ANY_ORDER)
def _products(one: Numbers, other: Numbers) -> float:  # pragma: no cover
    total = 0.0
    for t in range(one.shape[0]):
        total += one[t] * other[t]
    return total


@njit(nogil=True, cache=True)
def _slope(past: Past, model: Model, n: int) -> tuple[Numbers, Numbers]:  # pragma: no cover
    """The information and the score of periods 0 to n - 1, at the means of ``past``."""
    p = model.design.shape[0]
    matrix, gradient = np.zeros((p, p)), np.zeros(p)
    heavy, rest, weighed = np.empty(n), np.empty(n), np.empty(n)
    for t in range(n):
        heavy[t] = past.weights[t] * past.means[t]
        rest[t] = past.weights[t] * past.counts[t] - heavy[t]
    for i in range(p):
        column = model.design[i, :n]
        gradient[i] = _products(rest, column)
        for t in range(n):
            weighed[t] = heavy[t] * column[t]
        for j in range(i + 1):
            matrix[i, j] = _products(weighed, model.design[j, :n])
    return matrix, gradient


@njit(nogil=True, cache=True)
def climb(
    past: Past, model: Model, beta: Numbers, n: int, most: int
) -> Numbers:  # pragma: no cover
    """Moves ``beta``, whose means ``past`` holds, to the most probable coefficients of periods 0 to
    n - 1, in at most ``most`` steps, and the means with it; gives the factor of the information."""
    lower = np.eye(beta.shape[0])
    for _ in range(most):
        matrix, gradient = _slope(past, model, n)
        gradient[0] += _UNSEEN
        for i in range(beta.shape[0]):
            matrix[i, i] += model.precision[i]
            gradient[i] -= model.precision[i] * beta[i]
        lower = factor(matrix)
        step = solve(lower, gradient)
        longest = np.max(np.abs(step))
        beta += step * min(1.0, _LONGEST_STEP / max(longest, 1e-12))
        expected(past, model, beta, 0, n)
        if longest < _ENOUGH:
            break
    return lower


@njit(nogil=True, cache=True)
def start(past: Past, model: Model, beta: Numbers, n: int) -> None:  # pragma: no cover
    """Coefficients to begin with: the mean level of periods 0 to n - 1 by their weights, nothing
    else."""
    beta[:] = 0.0
    total, exposed = _UNSEEN, 0.0
    for t in range(n):
        total += past.weights[t] * past.counts[t]
        exposed += past.weights[t] * exp(model.offset[t])
    beta[0] = log(total / max(exposed, 1e-9))
    expected(past, model, beta, 0, n)
