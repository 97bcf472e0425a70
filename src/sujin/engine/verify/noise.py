"""A log-linear model whose weeks resemble their neighbours, and what it leaves unsure.

Counts are linearised around their fitted means (penalised quasi-likelihood: Breslow and Clayton,
Journal of the American Statistical Association 88, 1993). What is left is noise of counts, `phi`
times Poisson's, and a level that wanders and comes back: a first-order autoregression of standard
deviation `tau` and correlation `rho`. Nobody knows the three, so every likely combination on a grid
is tried and counts by its restricted likelihood (as in INLA: Rue, Martino and Chopin, Journal of
the Royal Statistical Society B 71, 2009). Restricted likelihood is what kept its promise best for
short interrupted series (Turner and others, BMC Medical Research Methodology 21, 2021). Each
combination costs one pass of the Kalman filter.
"""

from itertools import product
from math import log
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from numba import njit

Numbers = npt.NDArray[np.float64]

_RHO = (0.0, 0.25, 0.5, 0.7, 0.85, 0.95)
_TAU = (0.03, 0.06, 0.1, 0.15, 0.22, 0.32, 0.5)
_PHI = (1.0, 1.25, 1.6, 2.2, 3.5, 6.0)
# Half as likely a standard deviation as one so much smaller.
_TAU_SCALE = 0.2
_ROUNDS, _HIGHEST, _LEAST = 25, 30.0, 1e-3


def _grid() -> Numbers:
    wandering = [(t * t, r, p, -t / _TAU_SCALE) for t, r, p in product(_TAU, _RHO, _PHI)]
    # Without a wandering level there is no correlation to try: as likely as all of those together.
    still = [(0.0, 0.0, p, log(len(_RHO))) for p in _PHI]
    return np.array(still + wandering)


GRID = _grid()
# Enough of it to see where the means lie.
_COARSE = np.ascontiguousarray(GRID[::9])


class Regression(NamedTuple):
    """``rows``: one for each effect, a column for each period. ``offset``: known logarithms.
    ``middle`` and ``precision`` of the normal prior of each effect (precision 0: none). Periods
    that are not ``used`` say nothing."""

    rows: Numbers
    offset: Numbers
    middle: Numbers
    precision: Numbers
    used: npt.NDArray[np.bool_]


class Posterior(NamedTuple):
    """By combination of the noise: its weight, and mean and covariance of the effects."""

    weights: Numbers
    means: Numbers
    covariances: Numbers


def fitted(counts: Numbers, model: Regression) -> Posterior:
    """What ``counts`` say of the effects. Raises ValueError for counts that are none, and for fewer
    used periods than effects."""
    if not np.all(np.isfinite(counts)) or np.any(counts < 0):
        raise ValueError("counts are finite and not below 0")
    if model.used.sum() <= len(model.rows):
        raise ValueError(f"{model.used.sum()} periods cannot tell {len(model.rows)} effects")
    beta = _begun(counts, model)
    found = _posterior(counts, model, beta, _COARSE)
    # Once more around the means that the wandering level leaves.
    return _posterior(counts, model, found.weights @ found.means, GRID)


def _begun(counts: Numbers, model: Regression) -> Numbers:
    """Penalised Poisson regression, to have means to linearise around."""
    rows, count = model.rows[:, model.used], counts[model.used]
    offset = model.offset[model.used]
    beta = model.middle.copy()
    beta[0] = log((count.sum() + 0.5) / np.exp(offset + beta[1:] @ rows[1:]).sum())
    for _ in range(_ROUNDS):
        mean = np.exp(np.minimum(offset + beta @ rows, _HIGHEST))
        pull = rows @ (count - mean) - model.precision * (beta - model.middle)
        step = np.linalg.solve((rows * mean) @ rows.T + np.diag(model.precision + 1e-9), pull)
        beta = beta + np.clip(step, -2.0, 2.0)
        if np.abs(step).max() < _LEAST:
            break
    return np.asarray(beta)


def _posterior(counts: Numbers, model: Regression, beta: Numbers, grid: Numbers) -> Posterior:
    eta = np.minimum(model.offset + beta @ model.rows, _HIGHEST)
    mean = np.exp(eta)
    columns = np.vstack([eta - model.offset + (counts - mean) / mean, model.rows])
    spread = np.where(model.used, 1.0 / mean, np.inf)
    size = len(grid), len(model.rows)
    told = Posterior(np.empty(size[0]), np.empty(size), np.empty((*size, size[1])))
    _weigh(np.ascontiguousarray(columns), spread, model, grid, told)
    weights = np.exp(told.weights - told.weights.max())
    return told._replace(weights=weights / weights.sum())


@njit(nogil=True, cache=True)
def _weigh(
    columns: Numbers, spread: Numbers, model: Regression, grid: Numbers, told: Posterior
) -> None:  # pragma: no cover
    """Fills ``told``; its weights are logarithms."""
    middle, precision = model.middle, model.precision
    p = middle.shape[0]
    for at in range(grid.shape[0]):
        products, lost = _filtered(columns, spread, grid[at])
        matrix = products[1:, 1:] + np.diag(precision)
        right = products[1:, 0] + precision * middle
        inverse = np.linalg.inv(matrix + 1e-9 * np.eye(p))
        mean = inverse @ right
        left = products[0, 0] + np.sum(precision * middle * middle) - np.sum(mean * right)
        _sign, size = np.linalg.slogdet(matrix + 1e-9 * np.eye(p))
        told.weights[at] = grid[at, 3] - 0.5 * (lost + size + left)
        told.means[at] = mean
        told.covariances[at] = inverse


@njit(nogil=True, cache=True)
def _filtered(
    columns: Numbers, spread: Numbers, noise: Numbers
) -> tuple[Numbers, float]:  # pragma: no cover
    """Sums of products of what is new in each column, by its variance; and the logarithms of those
    variances, together. All columns run through one filter (de Jong, Biometrika 78, 1991)."""
    tau2, rho, phi = noise[0], noise[1], noise[2]
    q = columns.shape[0]
    state, new, products = np.zeros(q), np.empty(q), np.zeros((q, q))
    variance, lost = tau2, 0.0
    for t in range(columns.shape[1]):
        if spread[t] < np.inf:
            total = variance + phi * spread[t]
            lost += log(total)
            for i in range(q):
                new[i] = columns[i, t] - state[i]
            for i in range(q):
                for j in range(i + 1):
                    products[i, j] += new[i] * new[j] / total
            gain = variance / total
            for i in range(q):
                state[i] += gain * new[i]
            variance *= 1.0 - gain
        for i in range(q):
            state[i] *= rho
        variance = rho * rho * variance + (1.0 - rho * rho) * tau2
    for i in range(q):
        for j in range(i):
            products[j, i] = products[i, j]
    return products, lost


def means(posterior: Posterior) -> Numbers:
    """The effects on average."""
    return np.asarray(posterior.weights @ posterior.means)


def draws(posterior: Posterior, rng: np.random.Generator, many: int) -> Numbers:
    """Effects as likely as they are: draws by effects."""
    taken = rng.multinomial(many, posterior.weights)
    found = [
        rng.multivariate_normal(mean, covariance, number, method="cholesky")
        for mean, covariance, number in zip(
            posterior.means, posterior.covariances, taken, strict=True
        )
        if number
    ]
    return np.concatenate(found)
