"""How many cases came for each that would have come without the measure.

A controlled interrupted time series (Lopez Bernal, Cummins and Gasparrini, International Journal of
Epidemiology 47, 2018): level, trend, the year's course, what the controls did, changes of
definition, and from the start on the measure, on the logarithms of counts, with noise that wanders
(`noise`). What the controls did counts fully until the past says otherwise.
"""

from dataclasses import dataclass
from math import exp, inf, log, pi, sqrt
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from scipy.stats import norm

from sujin.engine.verify.noise import GRID, Posterior, Regression, draws, fitted, means
from sujin.engine.verify.observed import LEAST_AFTER, LEAST_BEFORE, Counts, Declared, Observed

INNER = 0.95
_YEAR = 365.2425
# Standard deviations of logarithms before anything was seen: of growth in a year and of the year's
# course, beyond what the controls show or, without any, altogether; and of the weight of what the
# controls did. Learnt freely that weight is too small, for controls have noise of their own, and a
# market that recovers would be credited to the measure (errors in variables).
_TREND, _TREND_ALONE = 0.15, 0.5
_COURSE, _COURSE_ALONE = 0.2, 1.0
_CONTROL = 0.07
# Harmonics of the year that so many years before the start can tell.
_HARMONICS = ((1.9, 2), (0.95, 1))
_HALF, _BISECTIONS = 0.5, 60
# Standard deviations of the logarithm of a ratio: nobody knows one better, nor less.
_SURE, _ANY = 1e-3, 2.0


class _Row(NamedTuple):
    """One effect's values by period, and the normal prior of its coefficient."""

    values: Counts
    middle: float
    spread: float


class TooShort(ValueError):
    """Too few periods before or after the start."""


@dataclass(frozen=True, slots=True)
class Change:
    """A change as a share: -0.2 says a fifth fewer; 95 of 100 such intervals hold the truth."""

    share: float
    low: float
    high: float


@dataclass(frozen=True, eq=False)
class Estimate:
    """``posterior`` of all effects, the measure's in row ``measure``; ``wider``: how many times the
    spread of the measure's effect is taken, because unmeasured units jumped more than was said."""

    posterior: Posterior
    model: Regression
    names: tuple[str, ...]
    start: int
    wider: float = 1.0

    @property
    def measure(self) -> int:
        return self.names.index("measure")

    @property
    def middle(self) -> float:
        """The logarithm of the effect."""
        return float(means(self.posterior)[self.measure])

    @property
    def spread(self) -> float:
        """Its standard deviation."""
        at = self.measure
        inside = self.posterior.covariances[:, at, at]
        between = (self.posterior.means[:, at] - self.middle) ** 2
        return self.wider * sqrt(float(self.posterior.weights @ (inside + between)))

    def change(self, inner: float = INNER) -> Change:
        """The effect as a share; ``inner`` of like intervals hold it."""
        low, high = (exp(self.quantile(p)) - 1 for p in ((1 - inner) / 2, (1 + inner) / 2))
        return Change(exp(self.middle) - 1, low, high)

    def quantile(self, p: float) -> float:
        """Of the logarithm of the effect."""
        at, weights = self.measure, self.posterior.weights
        each = self.posterior.means[:, at]
        around = self.middle + self.wider * (each - self.middle)
        spreads = self.wider * np.sqrt(self.posterior.covariances[:, at, at])
        low, high = float((around - 9 * spreads).min()), float((around + 9 * spreads).max())
        for _ in range(_BISECTIONS):
            middle = (low + high) / 2
            if weights @ norm.cdf((middle - around) / spreads) < p:
                low = middle
            else:
                high = middle
        return (low + high) / 2

    def drawn(self, rng: np.random.Generator, many: int) -> Counts:
        """Logarithms of the effect as likely as they are."""
        found = draws(self.posterior, rng, many)[:, self.measure]
        return self.middle + self.wider * (found - self.middle)


def estimate(
    target: Counts, controls: Counts, observed: Observed, declared: Declared, *,
    start: int | None = None,
) -> Estimate:  # fmt: skip
    """The effect on ``target`` (one count a period) beside ``controls`` (a row for each, perhaps
    none). ``start`` is another period to take for the start. Raises TooShort."""
    at = observed.place(declared.start) if start is None else start
    if at >= len(observed.starts):
        raise TooShort(f"no period begins on or after {declared.start}")
    model, names = _model(controls, observed, declared, at)
    after = int(model.used[at:].sum())
    if at < LEAST_BEFORE or after < LEAST_AFTER:
        told = f"{at} periods before the start and {after} after it; {LEAST_BEFORE} and"
        raise TooShort(f"{told} {LEAST_AFTER} are needed")
    return Estimate(fitted(target, model), model, names, at)


def _model(
    controls: Counts, observed: Observed, declared: Declared, at: int
) -> tuple[Regression, tuple[str, ...]]:
    periods = len(observed.starts)
    alone = not len(controls)
    years = np.array([(day - observed.starts[at]).days / _YEAR for day in observed.starts])
    found = {
        "level": _row(np.ones(periods)),
        "measure": _row(np.arange(periods) >= at),
        "trend": _row(years, spread=_TREND_ALONE if alone else _TREND),
    }
    found |= _course(years, at, _COURSE_ALONE if alone else _COURSE)
    if not alone:
        found["controls"] = _row(_moved(controls, at), 1.0, _CONTROL)
    for nth, one in enumerate(declared.definitions):
        step = np.arange(periods) >= observed.place(one.at)
        known = (0.0, _ANY) if one.ratio is None else (log(one.ratio), max(one.spread, _SURE))
        found[f"definition{nth + 1}"] = _row(step, *known)
    used = np.ones(periods, np.bool_)
    used[at : at + declared.settle] = False
    offset = np.zeros(periods) if observed.heads is None else np.log(observed.heads)
    rows = np.array([one.values for one in found.values()])
    middle = np.array([one.middle for one in found.values()])
    precision = np.array([one.spread for one in found.values()]) ** -2.0
    return Regression(rows, offset, middle, precision, used), tuple(found)


def _row(values: npt.ArrayLike, middle: float = 0.0, spread: float = inf) -> _Row:
    return _Row(np.asarray(values, np.float64), middle, spread)


def _course(years: Counts, at: int, spread: float) -> dict[str, _Row]:
    before = float(years[at] - years[0])
    most = next((turns for least, turns in _HARMONICS if before >= least), 0)
    return {
        f"{name}{turn}": _row(wave(2 * pi * turn * years), spread=spread)
        for turn in range(1, most + 1)
        for name, wave in (("cos", np.cos), ("sin", np.sin))
    }


def _moved(controls: Counts, at: int) -> Counts:
    """How the controls moved together, as logarithms around their level before the start."""
    together = np.log(controls.sum(axis=0) + _HALF)
    return np.asarray(together - together[:at].mean())


def expected(found: Estimate, inner: float = INNER) -> tuple[Counts, Counts, Counts]:
    """By period: what the model expects without the measure, and between what so many counts lie:
    as unsure as the fit is, as the level wanders, and as counts are."""
    keep = [row for row in range(len(found.names)) if row != found.measure]
    rows = found.model.rows[keep]
    weights, each = found.posterior.weights, found.posterior.means[:, keep]
    middle = weights @ each
    inside = np.einsum("g,gij->ij", weights, found.posterior.covariances[:, keep][:, :, keep])
    between = np.einsum("g,gi,gj->ij", weights, each - middle, each - middle)
    unsure = np.einsum("it,ij,jt->t", rows, inside + between, rows)
    mean = np.exp(found.model.offset + middle @ rows)
    wandering, dispersion = weights @ GRID[:, 0], weights @ GRID[:, 2]
    spread = np.sqrt(dispersion * mean + mean**2 * (unsure + wandering))
    z = norm.ppf((1 + inner) / 2)
    # On square roots counts are nearly normal, and none is below 0.
    root, half = np.sqrt(mean), z * spread / (2 * np.sqrt(mean))
    return mean, np.maximum(root - half, 0.0) ** 2, (root + half) ** 2
