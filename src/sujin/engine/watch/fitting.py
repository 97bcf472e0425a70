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


class Model(NamedTuple):
    """``design``: a row for each period, a column for each effect, the level first; ``offset``: the
    logarithm of the exposure of each period; ``precision`` of the normal prior of each effect (0:
    none); ``prior``: a dispersion and the degrees of freedom it is worth."""

    design: Numbers
    offset: Numbers
    precision: Numbers
    prior: Numbers


class Past(NamedTuple):
    """One series and how much each of its periods counts in a fit."""

    counts: Numbers
    weights: Numbers


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
        eta += model.design[t, i] * beta[i]
    return exp(min(eta, _HIGHEST))


@njit(nogil=True, cache=True)
def _slope(
    past: Past, model: Model, beta: Numbers, n: int
) -> tuple[Numbers, Numbers]:  # pragma: no cover
    """The information and the score of periods 0 to n - 1."""
    p = beta.shape[0]
    matrix, gradient = np.zeros((p, p)), np.zeros(p)
    for t in range(n):
        mean = level(model, beta, t)
        heavy, rest = past.weights[t] * mean, past.weights[t] * (past.counts[t] - mean)
        for i in range(p):
            z = model.design[t, i]
            gradient[i] += rest * z
            for j in range(i + 1):
                matrix[i, j] += heavy * z * model.design[t, j]
    return matrix, gradient


@njit(nogil=True, cache=True)
def climb(
    past: Past, model: Model, beta: Numbers, n: int, most: int
) -> Numbers:  # pragma: no cover
    """Moves ``beta`` to the most probable coefficients of periods 0 to n - 1, in at most ``most``
    steps; gives the factor of the information there."""
    lower = np.eye(beta.shape[0])
    for _ in range(most):
        matrix, gradient = _slope(past, model, beta, n)
        gradient[0] += _UNSEEN
        for i in range(beta.shape[0]):
            matrix[i, i] += model.precision[i]
            gradient[i] -= model.precision[i] * beta[i]
        lower = factor(matrix)
        step = solve(lower, gradient)
        longest = np.max(np.abs(step))
        beta += step * min(1.0, _LONGEST_STEP / max(longest, 1e-12))
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
