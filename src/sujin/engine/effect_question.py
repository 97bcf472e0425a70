"""One question: what did this item's release do to this measure, on the scale it is compared on?"""

from dataclasses import dataclass, replace

import numpy as np

from sujin.engine.effect_cards import Reason, Terms
from sujin.engine.effect_cases import Cases, Measure, RollOut
from sujin.engine.effect_chance import Interval, Trial, weights
from sujin.engine.effect_drift import Look, earliness, look
from sujin.engine.effect_panel import (
    Design,
    Flags,
    Numbers,
    Panel,
    Whole,
    design,
    lay_out,
    residuals,
)
from sujin.engine.effect_plain import UNKNOWN, after_against_before, users_against_others

YEAR = 52  # weeks


@dataclass(frozen=True)
class Shares:
    """What each of the branches ``keys`` adds to the estimates (``Design.shares``): of the outcome,
    of being released and of being used. ``base`` is the mean before release of what nobody wants,
    1 for logarithms; ``before`` the look at drift."""

    keys: Whole
    outcome: Numbers
    released: Numbers
    used: Numbers
    base: float
    before: Look


@dataclass(frozen=True, slots=True)
class Answer:
    """An ``Effect`` before it stands among the others: logarithms for hours, and no verdict yet.
    ``missing`` says why there can be none; ``leverage`` is the effect that a drift of one a year
    between branches of the first week and of the last would feign."""

    item: int
    measure: Measure
    naive: Interval
    before_after: Interval
    missing: Reason | None = None
    effect: Interval = UNKNOWN
    p: float = np.nan
    cases: int = 0
    branches: int = 0
    reached: int = 0
    drift: float = np.nan
    leverage: float = np.nan
    on_users: Interval | None = None
    shares: Shares | None = None


@dataclass(frozen=True)
class _Told:
    """The cases of which the measure is known."""

    branch: Whole
    week: Whole
    since: Numbers
    used: Flags
    values: Numbers

    @property
    def out(self) -> Flags:
        return self.since >= 0


def answer(cases: Cases, roll_out: RollOut, measure: Measure, terms: Terms, seed: int) -> Answer:
    """What the cases of an item say of one measure."""
    told = _told(cases, roll_out, measure)
    plain = Answer(
        roll_out.item,
        measure,
        users_against_others(told.values, told.out, told.used),
        after_against_before(told.values, told.out, np.isfinite(told.since)),
    )
    panel = lay_out(told.branch, told.week, told.out, terms.weeks)
    plan = design(panel)
    counted = replace(
        plain, cases=int(panel.kept.sum()), branches=panel.branches, reached=panel.reached
    )
    missing = _missing(told, counted, terms) or _too_few(told.values[panel.kept], measure, terms)
    if missing is not None or plan is None:
        return replace(counted, missing=missing or Reason.FEW_BRANCHES)
    found = _compared(counted, told, (panel, plan), terms, seed)
    return replace(found, missing=None) if roll_out.by_lot else found


def _told(cases: Cases, roll_out: RollOut, measure: Measure) -> _Told:
    values, since = cases.outcome(measure), roll_out.weeks_since(cases)
    known = ~np.isnan(values)
    return _Told(
        cases.branch[known], cases.week[known], since[known], cases.used[known], values[known]
    )


def _missing(told: _Told, counted: Answer, terms: Terms) -> Reason | None:
    if not told.values.size:
        return Reason.NO_CASES
    if not told.out.any():
        return Reason.NEVER_OUT
    if not counted.reached:
        return Reason.NOBODY_WAITS
    if counted.branches < terms.least_branches or counted.reached < terms.least_reached:
        return Reason.FEW_BRANCHES
    return None


def _too_few(values: Numbers, measure: Measure, terms: Terms) -> Reason | None:
    events = values.sum()
    is_seldom = min(events, values.size - events) < terms.least_events
    if values.size < terms.least_cases or (is_seldom and not measure.is_ratio):
        return Reason.FEW_CASES
    return Reason.FEW_CASES if values.std() == 0 else None


def _compared(
    counted: Answer, told: _Told, laid: tuple[Panel, Design], terms: Terms, seed: int
) -> Answer:
    """The answer where there is something to compare; the drift is asked of all the cases."""
    panel, plan = laid
    drawn = weights(panel.branches, terms.draws, seed)
    outcome, released, used = (
        plan.shares(residuals(panel, np.asarray(column, dtype=np.float64)))
        for column in (told.values, told.out, told.used)
    )
    trial = Trial(outcome, released, drawn)
    columns = (told.branch, told.week, told.since, told.values)
    before = look(*columns, notice=terms.notice, period=terms.weeks)
    apart = before.p()
    enough = told.used[told.out & panel.kept].mean() >= terms.least_used
    return replace(
        counted,
        effect=trial.interval(),
        p=trial.p(),
        drift=apart,
        leverage=_leverage(told, panel, plan),
        missing=drifted(apart, terms),
        on_users=Trial(outcome, used, drawn).interval() if enough else None,
        shares=Shares(
            panel.keys, outcome, released, used, _base(told, panel, counted.measure), before
        ),
    )


def _leverage(told: _Told, panel: Panel, plan: Design) -> float:
    away = earliness(told.week, told.since) * told.week / YEAR
    return float(plan.shares(panel.sums(away))[0].sum())


def _base(told: _Told, panel: Panel, measure: Measure) -> float:
    mean = float(told.values[panel.kept & ~told.out].mean())
    if measure.is_ratio:
        return 1.0
    return max(mean if measure.better < 0 else 1 - mean, 1 / panel.branch.size)


def drifted(apart: float, terms: Terms) -> Reason | None:
    """Why drift before release keeps a verdict back, if it does."""
    if np.isnan(apart):
        return Reason.UNCHECKED
    return Reason.DRIFTED if apart <= terms.alpha_drift else None
