"""Did branches run alike before an item came, as the comparison takes for granted?

Two questions, on cases before release only. Did branches that had it early already run away from
those that had it late: the slope of earliness by time, branches and periods swept out, its chance
by the score bootstrap of Kline and Santos, "A Score Based Approach to Wild Bootstrap Inference"
(Journal of Econometric Methods 1, 2012). And was there a bad or good spell just before release,
after which things turn by themselves (Ashenfelter, Review of Economics and Statistics 60, 1978):
a placebo release some weeks ahead of the true one.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from sujin.engine.effect_chance import Trial, weights
from sujin.engine.effect_panel import (
    Flags,
    Numbers,
    Whole,
    design,
    lay_out,
    residuals,
    spread_over,
)

_DRAWS = 599


@dataclass(frozen=True)
class Slope:
    """What each of the branches adds to the slope of earliness by time."""

    keys: Whole
    parts: Numbers

    def p(self) -> float:
        drawn = np.abs(weights(self.keys.size, _DRAWS, 0) @ self.parts)
        return float((1 + np.count_nonzero(drawn >= abs(self.parts.sum()))) / (1 + _DRAWS))


@dataclass(frozen=True)
class Placebo:
    """What each of the branches adds to the estimate of a release some weeks ahead."""

    keys: Whole
    outcome: Numbers
    dose: Numbers

    def p(self) -> float:
        return Trial(self.outcome, self.dose, weights(self.keys.size, _DRAWS, 0)).p()


@dataclass(frozen=True)
class Look:
    """Both questions; None where there are too few cases before release to ask."""

    slope: Slope | None
    placebo: Placebo | None

    def p(self) -> float:
        """The p-value of both together; NaN when neither can be asked."""
        asked = [one.p() for one in (self.slope, self.placebo) if one is not None]
        return min(1.0, len(asked) * min(asked)) if asked else np.nan


def look(
    branch: Whole, week: Whole, since: Numbers, values: Numbers, *, notice: int, period: int
) -> Look:
    """What cases before release say of drift; ``notice`` and ``period`` are weeks."""
    before = since < 0
    where, when, told = branch[before], week[before], values[before]
    return Look(
        _slope(where, when, earliness(week, since)[before], told, period),
        _placebo(where, when, since[before] >= -notice, told, period),
    )


def pool(looks: Sequence[Look], factors: Sequence[float]) -> Look:
    """One look at the sum of several measures, each times its factor."""
    pairs = list(zip(looks, factors, strict=True))
    slopes = [(one.slope, by) for one, by in pairs if one.slope is not None]
    placebos = [(one.placebo, by) for one, by in pairs if one.placebo is not None]
    return Look(
        _pooled_slope(slopes) if slopes else None, _pooled_placebo(placebos) if placebos else None
    )


def _pooled_slope(slopes: Sequence[tuple[Slope, float]]) -> Slope:
    keys = np.unique(np.concatenate([one.keys for one, _by in slopes]))
    parts = np.zeros(keys.size)
    for one, by in slopes:
        parts[np.searchsorted(keys, one.keys)] += by * one.parts
    return Slope(keys, parts)


def _pooled_placebo(placebos: Sequence[tuple[Placebo, float]]) -> Placebo:
    keys = np.unique(np.concatenate([one.keys for one, _by in placebos]))
    outcome, dose = (np.zeros((keys.size + 1, keys.size)) for _ in range(2))
    for one, by in placebos:
        at = np.searchsorted(keys, one.keys)
        outcome += by * spread_over(one.outcome, at, keys.size)
        dose += abs(by) * spread_over(one.dose, at, keys.size)
    return Placebo(keys, outcome, dose)


def earliness(week: Whole, since: Numbers) -> Numbers:
    """1 for a release in the first week, 0 in the last or never."""
    span = max(1, int(np.ptp(week)))
    start = np.where(np.isfinite(since), week - np.where(np.isfinite(since), since, 0), np.inf)
    early: Numbers = np.clip(1 - (start - week.min()) / span, 0.0, 1.0)
    return early


def _slope(
    branch: Whole, week: Whole, early: Numbers, values: Numbers, period: int
) -> Slope | None:
    panel = lay_out(branch, week, np.zeros(branch.size, dtype=bool), period)
    if not panel.branches:
        return None
    steep = early * week
    lean = residuals(panel, steep)[0]
    if np.isnan(lean).any() or np.abs(lean).max() <= 1e-6:
        return None
    lean /= np.maximum(panel.counts[0], 1)
    parts = (lean * residuals(panel, values)[0]).sum(axis=1)
    return Slope(panel.keys, parts / (lean * panel.sums(steep)[0]).sum())


def _placebo(
    branch: Whole, week: Whole, released: Flags, values: Numbers, period: int
) -> Placebo | None:
    panel = lay_out(branch, week, released, period)
    plan = design(panel)
    if plan is None or panel.reached < 2:
        return None
    outcome, dose = (
        plan.shares(residuals(panel, column)) for column in (values, released.astype(np.float64))
    )
    return Placebo(panel.keys, outcome, dose)
