"""Others who are asked the same: the plain before and after, and three published methods."""

from collections.abc import Callable
from math import expm1, log
from typing import Final

import numpy as np
import numpy.typing as npt
from scipy.optimize import nnls

from sujin.engine.verify import Change
from sujin.engine.verify.judge import before_after
from sujin.engine.verify.observed import Declared, Observed

Reals = npt.NDArray[np.float64]
Peer = Callable[[Observed, Declared], Change]

_YEAR, _Z = 52.18, 1.959963984540054
_LAGS, _ROUNDS = 4, 30


def plain(observed: Observed, declared: Declared) -> Change:
    """The time after against as long a time before, as counts."""
    return before_after(observed, observed.place(declared.start))


def segmented(observed: Observed, declared: Declared) -> Change:
    """Quasi-Poisson segmented regression with trend and two harmonics of the year (Bernal, Cummins
    and Gasparrini, International Journal of Epidemiology 46, 2017); the target alone."""
    rows = _rows(observed, declared, None)
    return _change(*_quasi_poisson(rows, observed.target))


def controlled(observed: Observed, declared: Declared) -> Change:
    """The same beside the controls, whose logarithm is another column, with the autocorrelation-
    robust errors of Newey and West (Econometrica 55, 1987), as in controlled interrupted time
    series (Lopez Bernal and others, International Journal of Epidemiology 47, 2018)."""
    together = np.log(sum(observed.controls.values()) + 0.5)
    rows = _rows(observed, declared, together)
    return _change(*_quasi_poisson(rows, observed.target, robust=True))


def synthetic(observed: Observed, declared: Declared) -> Change:
    """Synthetic control (Abadie, Diamond and Hainmueller, 2010) on logarithms, its interval by
    inverting moving-block permutations (Chernozhukov, Wuethrich and Zhu, Journal of the American
    Statistical Association 116, 2021)."""
    start = observed.place(declared.start)
    ours = np.log(observed.target + 0.5)
    rows = np.log(np.array(list(observed.controls.values())) + 0.5)
    middle, others = ours[:start].mean(), rows[:, :start].mean(axis=1)
    weights = _convex((rows[:, :start] - others[:, None]).T, ours[:start] - middle)
    left = ours - middle - weights @ (rows - others[:, None])
    effects = np.linspace(-1.2, 1.2, 241)
    inside = [effect for effect in effects if _permuted(left, start, effect) > 0.05]
    best = float(left[start:].mean())
    low, high = (min(inside), max(inside)) if inside else (best, best)
    return Change(expm1(best), expm1(low), expm1(high))


PEERS: Final[dict[str, Peer]] = {
    "before and after": plain,
    "segmented regression": segmented,
    "controlled, Newey-West": controlled,
    "synthetic control": synthetic,
}


def _permuted(left: Reals, start: int, effect: float) -> float:
    """The share of shifts of the residuals whose last block is as far out."""
    told = left.copy()
    told[start:] -= effect
    length = len(left) - start
    around = np.concatenate([told, told[: length - 1]])
    sums = np.abs(np.convolve(around, np.ones(length), "valid"))
    return float(np.mean(sums >= sums[start] - 1e-12))


def _convex(rows: Reals, ours: Reals) -> Reals:
    """Weights from 0 on that add up to 1."""
    heavy = 1e3
    found, _ = nnls(np.vstack([rows, np.full(rows.shape[1], heavy)]), np.append(ours, heavy))
    return np.asarray(found)


def _rows(observed: Observed, declared: Declared, controls: Reals | None) -> Reals:
    start, many = observed.place(declared.start), len(observed.starts)
    weeks = np.arange(many)
    turn = 2 * np.pi * weeks / _YEAR
    rows = [np.ones(many), (weeks >= start) * 1.0, (weeks - start) / _YEAR]
    rows += [wave(nth * turn) for nth in (1, 2) for wave in (np.cos, np.sin)]
    rows += [] if controls is None else [controls - controls.mean()]
    for one in declared.definitions:
        step = (weeks >= observed.place(one.at)) * 1.0
        if one.ratio is None:
            rows.append(step)
    return np.array(rows)


def _quasi_poisson(rows: Reals, counts: Reals, *, robust: bool = False) -> tuple[float, float]:
    """Coefficient of the measure, and its standard error."""
    beta = np.zeros(len(rows))
    beta[0] = log(counts.mean() + 0.01)
    for _ in range(_ROUNDS):
        mean = np.exp(np.clip(beta @ rows, -10, 20))
        matrix = (rows * mean) @ rows.T + 1e-9 * np.eye(len(rows))
        step = np.linalg.solve(matrix, rows @ (counts - mean))
        beta = beta + np.clip(step, -2, 2)
    mean = np.exp(np.clip(beta @ rows, -10, 20))
    bread = np.linalg.inv((rows * mean) @ rows.T + 1e-9 * np.eye(len(rows)))
    free = max(len(counts) - len(rows), 1)
    meat = np.eye(len(rows)) * max(float(((counts - mean) ** 2 / mean).sum()) / free, 1.0)
    if robust:
        meat = _newey_west(rows * (counts - mean)) @ bread * len(counts) / free
    covariance = bread @ meat
    return float(beta[1]), float(np.sqrt(covariance[1, 1]))


def _newey_west(scores: Reals) -> Reals:
    found = np.asarray(scores @ scores.T, np.float64)
    for lag in range(1, _LAGS + 1):
        part = scores[:, lag:] @ scores[:, :-lag].T
        found += (1 - lag / (_LAGS + 1)) * (part + part.T)
    return np.asarray(found)


def _change(middle: float, error: float) -> Change:
    return Change(*(expm1(middle + z * error) for z in (0.0, -_Z, _Z)))
