"""The measures of one item together: its effect overall, and p-values for having asked several.

An item that helps seldom helps in one measure only. Overall is the mean of relative changes, each
weighed by its precision and taken as a change of what nobody wants (dissatisfied customers,
hours, reopened and escalated cases). Within the item everything is tested closed (Marcus, Peritz
and Gabriel, "On Closed Testing Procedures with Special Reference to Ordered Analysis of Variance",
Biometrika 63, 1976): a measure moved only if every set of measures with it in moved, and each set
is judged by its own pooled effect. Branches stay together over the measures, so what measures
share by chance is accounted for.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from math import nan

import numpy as np

from sujin.engine.effect_cards import Reason, Terms
from sujin.engine.effect_cases import Measure, RollOut
from sujin.engine.effect_chance import Trial, weights
from sujin.engine.effect_drift import Look, pool
from sujin.engine.effect_panel import Numbers, Whole, spread_over
from sujin.engine.effect_plain import UNKNOWN
from sujin.engine.effect_question import Answer, Shares, drifted


@dataclass(frozen=True, slots=True)
class Settled:
    """An answer with its p-value for having asked all of its item; NaN when nothing was asked."""

    answer: Answer
    p: float


@dataclass(frozen=True)
class _Common:
    """One measure's shares on the branches of all measures, as relative changes for the worse,
    with its weight; and the look before release, with the factor that does both to it."""

    outcome: Numbers
    released: Numbers
    used: Numbers
    weight: float
    before: Look
    factor: float


def settle(
    answers: Sequence[Answer], roll_out: RollOut, terms: Terms, seed: int
) -> tuple[Settled, ...]:
    """The answer overall, then the others in their order."""
    shares = {one.measure: one.shares for one in answers if one.shares is not None}
    if not shares:
        overall = Answer(roll_out.item, Measure.OVERALL, UNKNOWN, UNKNOWN, _why_none(answers))
        return (Settled(overall, nan), *(Settled(one, nan) for one in answers))
    keys = np.unique(np.concatenate([one.keys for one in shares.values()]))
    drawn = weights(keys.size, terms.draws, seed)
    common = {measure: _common(one, measure, keys) for measure, one in shares.items()}
    chances = {
        chosen: _pool([common[one] for one in chosen], drawn)[0].p()
        for size in range(2, len(common) + 1)
        for chosen in combinations(common, size)
    }
    overall = _overall(answers, roll_out, list(common.values()), drawn, terms)
    return (
        Settled(overall, overall.p),
        *(Settled(one, _closed(one, chances)) for one in answers),
    )


def _why_none(answers: Sequence[Answer]) -> Reason:
    """The reason of the measure that came nearest to an answer."""
    reasons = [one.missing for one in answers if one.missing is not None]
    return max(reasons, key=list(Reason).index, default=Reason.NO_CASES)


def _common(one: Shares, measure: Measure, keys: Whole) -> _Common:
    at = np.searchsorted(keys, one.keys)
    scale = -measure.better / one.base
    told = Trial(scale * one.outcome, one.released, np.empty((0, one.keys.size)))
    outcome, released, used = (
        spread_over(column, at, keys.size)
        for column in (scale * one.outcome, one.released, one.used)
    )
    weight = 1 / told.error**2
    return _Common(outcome, released, used, weight, one.before, weight * scale)


def _pool(chosen: Sequence[_Common], drawn: Numbers) -> tuple[Trial, Trial]:
    """The mean relative change by release, and by use."""
    whole = sum(one.weight for one in chosen)
    outcome, released, used = (
        np.asarray(sum(one.weight / whole * getattr(one, name) for one in chosen))
        for name in ("outcome", "released", "used")
    )
    return Trial(outcome, released, drawn), Trial(outcome, used, drawn)


def _overall(
    answers: Sequence[Answer],
    roll_out: RollOut,
    common: Sequence[_Common],
    drawn: Numbers,
    terms: Terms,
) -> Answer:
    by_release, by_use = _pool(common, drawn)
    asked = [one for one in answers if one.shares is not None]
    apart = pool([one.before for one in common], [one.factor for one in common]).p()
    is_used = any(one.on_users is not None for one in asked)
    return replace(
        max(asked, key=lambda one: one.cases),
        measure=Measure.OVERALL,
        naive=UNKNOWN,
        before_after=UNKNOWN,
        missing=None if roll_out.by_lot else drifted(apart, terms),
        effect=by_release.interval(),
        p=by_release.p(),
        drift=apart,
        on_users=by_use.interval() if is_used else None,
        shares=None,
    )


def _closed(one: Answer, chances: Mapping[tuple[Measure, ...], float]) -> float:
    """The largest p-value of the sets with the measure in; its own where it is alone."""
    return max([one.p, *(p for chosen, p in chances.items() if one.measure in chosen)])
