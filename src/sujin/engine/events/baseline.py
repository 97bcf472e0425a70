"""What would have come without the event: a quasi-Poisson regression on the weeks before it.

Log-linear in the day of the week and a slow trend (an interrupted time series: Bernal, Cummins and
Gasparrini, International Journal of Epidemiology 46, 2017). Weekday effects and trend are drawn
towards nought, for a branch's stream may have three cases a week. Past waves weigh less, by their
Anscombe residuals (Noufaily and others, Statistics in Medicine 32, 2013). A holiday is handed in as
a Sunday, a make-up day as a Friday.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Numbers = npt.NDArray[np.float64]
LEAST_DAYS = 14
_ROUNDS = 25
_WEEKDAYS = 7
# Prior standard deviations of logarithms: of a weekday's effect, and of the trend in four weeks.
_WEEKDAY_SD, _TREND_SD = 0.6, 0.1
_MONTH = 28.0
_LEVEL_SD = 10.0
# Residuals beyond it weigh less: the one-sided 0.5 % point of the normal law.
_OUTLYING = 2.58
_LEAST_MEAN = 0.02


class TooShort(ValueError):
    """Fewer days before the event than a week's rhythm can be read from."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """Consecutive days: counts, and which kind of day each is, 0 Monday to 6 Sunday."""

    counts: tuple[int, ...]
    weekdays: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Baseline:
    """The fitted law; ``dispersion`` is how many times the variance exceeds Poisson's."""

    coefficients: Numbers
    covariance: Numbers
    dispersion: float
    length: int

    def means(self, weekdays: Sequence[int], skipped: int = 0) -> Numbers:
        """Expectation of the days that follow what was fitted, ``skipped`` days later."""
        return np.asarray(np.exp(self._rows(weekdays, skipped) @ self.coefficients))

    def drawn(
        self, weekdays: Sequence[int], rng: np.random.Generator, draws: int, skipped: int = 0
    ) -> Numbers:
        """Expectations as unsure as the fit is: draws by days."""
        betas = rng.multivariate_normal(
            self.coefficients, self.covariance, draws, method="cholesky"
        )
        return np.exp(np.clip(betas @ self._rows(weekdays, skipped).T, -8.0, 8.0))

    def noisy(self, means: Numbers, rng: np.random.Generator) -> Numbers:
        """Counts around the expectations: negative binomial with this dispersion."""
        extra = self.dispersion - 1.0
        if extra < 1e-3:
            return rng.poisson(means).astype(np.float64)
        return rng.poisson(rng.gamma(means / extra, extra)).astype(np.float64)

    def _rows(self, weekdays: Sequence[int], skipped: int) -> Numbers:
        return _design(weekdays, self.length + skipped, self.length)


def fit(before: Stretch) -> Baseline:
    """Fit the days before. Raises TooShort under two weeks."""
    counts = np.asarray(before.counts, dtype=np.float64)
    if counts.size < LEAST_DAYS:
        raise TooShort(f"{counts.size} days before the event; at least {LEAST_DAYS} are needed")
    rows = _design(before.weekdays, 0, counts.size)
    weights = np.ones_like(counts)
    beta, dispersion, inverse = _solved(rows, counts, weights)
    residuals = _anscombe(counts, np.exp(rows @ beta), dispersion)
    weights = np.where(residuals > _OUTLYING, (_OUTLYING / np.maximum(residuals, 1e-9)) ** 2, 1.0)
    beta, dispersion, inverse = _solved(rows, counts, weights)
    return Baseline(beta, inverse * dispersion, dispersion, counts.size)


def _design(weekdays: Sequence[int], start: int, length: int) -> Numbers:
    """Level, seven weekdays, and the trend with its nought at the last day fitted."""
    days = len(weekdays)
    rows = np.zeros((days, 2 + _WEEKDAYS))
    rows[:, 0] = 1.0
    rows[np.arange(days), 1 + np.asarray(weekdays, dtype=int)] = 1.0
    rows[:, -1] = (start + np.arange(days) - length + 1) / _MONTH
    return rows


def _solved(rows: Numbers, counts: Numbers, weights: Numbers) -> tuple[Numbers, float, Numbers]:
    """Penalised iteratively reweighted least squares, then the dispersion by Pearson."""
    spread = [_LEVEL_SD, *[_WEEKDAY_SD] * _WEEKDAYS, _TREND_SD]
    penalty = np.diag(1 / np.square(spread))
    beta = np.zeros(rows.shape[1])
    beta[0] = np.log(max(counts.mean(), _LEAST_MEAN))
    inverse = np.linalg.inv(penalty)
    for _round in range(_ROUNDS):
        means = np.exp(np.clip(rows @ beta, -8.0, 12.0))
        force = weights * means
        inverse = np.linalg.inv((rows.T * force) @ rows + penalty)
        step = inverse @ (rows.T @ (weights * (counts - means)) - penalty @ beta)
        beta = beta + np.clip(step, -2.0, 2.0)
        if np.abs(step).max() < 1e-8:
            break
    means = np.exp(np.clip(rows @ beta, -8.0, 12.0))
    free = max(weights.sum() - float(np.trace(inverse @ ((rows.T * (weights * means)) @ rows))), 1)
    pearson = float((weights * (counts - means) ** 2 / means).sum()) / free
    return np.asarray(beta), max(1.0, pearson), np.asarray(inverse, dtype=np.float64)


def _anscombe(counts: Numbers, means: Numbers, dispersion: float) -> Numbers:
    """Nearly normal residuals of counts."""
    shifted = counts ** (2 / 3) - means ** (2 / 3)
    return np.asarray(1.5 * shifted / (means ** (1 / 6) * np.sqrt(dispersion)))
