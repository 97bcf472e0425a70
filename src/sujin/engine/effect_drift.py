"""Did branches run alike before an item came, as the comparison takes for granted?

Two questions, on cases before release only. Did branches that had it early already run away from
those that had it late: the slope of earliness by time, branches and periods swept out, its chance
by the score bootstrap of Kline and Santos, "A Score Based Approach to Wild Bootstrap Inference"
(Journal of Econometric Methods 1, 2012). And was there a bad or good spell just before release,
after which things turn by themselves (Ashenfelter, Review of Economics and Statistics 60, 1978):
a placebo release some weeks ahead of the true one.
"""

import numpy as np

from sujin.engine.effect_chance import Trial, weights
from sujin.engine.effect_panel import Flags, Numbers, Whole, design, lay_out, residuals

_DRAWS = 799


def drift(
    branch: Whole, week: Whole, since: Numbers, values: Numbers, *, notice: int, period: int
) -> float:
    """The p-value of drift, of both questions together; NaN when neither can be asked. ``notice``
    and ``period`` are weeks."""
    before = since < 0
    where, when, told = branch[before], week[before], values[before]
    found = [
        p
        for p in (
            _slope(where, when, _earliness(week, since)[before], told, period),
            _placebo(where, when, since[before] >= -notice, told, period),
        )
        if not np.isnan(p)
    ]
    return min(1.0, len(found) * min(found)) if found else np.nan


def _earliness(week: Whole, since: Numbers) -> Numbers:
    """1 for a release in the first week, 0 in the last or never."""
    span = max(1, int(np.ptp(week)))
    start = np.where(np.isfinite(since), week - np.where(np.isfinite(since), since, 0), np.inf)
    early: Numbers = np.clip(1 - (start - week.min()) / span, 0.0, 1.0)
    return early


def _slope(branch: Whole, week: Whole, earliness: Numbers, values: Numbers, period: int) -> float:
    panel = lay_out(branch, week, np.zeros(branch.size, dtype=bool), period)
    lean = residuals(panel, earliness * week)[0] if panel.branches else np.zeros((1, 1))
    if not np.any(np.abs(lean) > 1e-6):
        return np.nan
    lean /= np.maximum(panel.counts[0], 1)
    score = (lean * residuals(panel, values)[0]).sum(axis=1)
    drawn = np.abs(weights(panel.branches, _DRAWS, 0) @ score)
    return float((1 + np.count_nonzero(drawn >= abs(score.sum()))) / (1 + _DRAWS))


def _placebo(branch: Whole, week: Whole, released: Flags, values: Numbers, period: int) -> float:
    panel = lay_out(branch, week, released, period)
    plan = design(panel)
    if plan is None or panel.reached < 2:
        return np.nan
    outcome, dose = (
        plan.shares(residuals(panel, column)) for column in (values, released.astype(np.float64))
    )
    return Trial(outcome, dose, weights(panel.branches, _DRAWS, 0)).p()
