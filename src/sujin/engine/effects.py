"""Did a guideline or script help? Verdicts from its staged roll-out, branch by branch.

By intention: every case an item is about counts from the week the item was out in its branch,
looked up or not, since staff look up what is hard. The estimate is by imputation
(``effect_panel``), chance by the wild cluster bootstrap and by leaving out branches
(``effect_chance``); of the two the more cautious is told, because each alone is too bold in banks
that suit the other. P-values are adjusted so that with probability 1 - alpha no item is named that
does nothing: each item has an equal share of alpha (Bonferroni), and within it the overall effect
and the measures are tested closed (``effect_item``). No difference means that the interval
lies within a margin (two one-sided tests, Schuirmann, Journal of Pharmacokinetics and
Biopharmaceutics 15, 1987). The effect where it was used is the ratio of effects on outcome and on
use (Wald), its interval by inverting the test (Anderson and Rubin, Annals of Mathematical
Statistics 20, 1949), which few users make wide and never wrong.

It holds while branches would have run alike without the item. ``effect_drift`` tests that on
cases before release; drift too small for it to see (Roth, American Economic Review: Insights 4,
2022), or another novelty that came branch by branch in the same weeks, is taken for an effect.
Only drawing the order of branches by lot keeps the first away.
"""

from collections.abc import Sequence
from dataclasses import replace
from math import ceil, inf, isnan, log

import numpy as np

from sujin.engine.effect_cards import Card, Effect, Reason, Terms, Verdict
from sujin.engine.effect_cases import TOLD, Cases, Measure, RollOut
from sujin.engine.effect_chance import Interval
from sujin.engine.effect_item import Settled, settle
from sujin.engine.effect_question import Answer, answer

__all__ = [
    "TOLD", "Card", "Cases", "Effect", "Interval", "Measure", "Reason", "RollOut", "Terms",
    "Verdict", "judge",
]  # fmt: skip


def judge(
    cases: Cases, roll_outs: Sequence[RollOut], *, seed: int, terms: Terms | None = None
) -> list[Card]:
    """A card for each roll-out, in their order; the same answer for the same facts and seed.

    Raises ValueError when an item is rolled out twice.
    """
    asked = terms or Terms()
    if len({one.item for one in roll_outs}) != len(roll_outs):
        raise ValueError("an item is rolled out once; another version is another item")
    # Fewer draws could not tell chances as small as the share of alpha that each item has.
    draws = max(asked.draws, ceil(4 * len(roll_outs) / asked.alpha))
    drawn = replace(asked, draws=draws)
    told = [(one, cases.of(one.item)) for one in roll_outs]
    asked_of = [
        tuple(answer(mine, one, measure, drawn, seed) for measure in asked.measures)
        for one, mine in told
    ]
    items = max(1, sum(any(not isnan(one.p) for one in answers) for answers in asked_of))
    return [
        _card(mine, roll_out, settle(answers, roll_out, drawn, seed), drawn, items)
        for (roll_out, mine), answers in zip(told, asked_of, strict=True)
    ]


def _card(
    cases: Cases, roll_out: RollOut, settled: Sequence[Settled], terms: Terms, items: int
) -> Card:
    out = roll_out.weeks_since(cases) >= 0
    after = int(out.sum())
    shown, used = (float(flags[out].sum() / max(after, 1)) for flags in (cases.shown, cases.used))
    overall, *effects = (_effect(one, terms, items) for one in settled)
    return Card(roll_out.item, after, shown, used, overall, tuple(effects))


def _effect(settled: Settled, terms: Terms, items: int) -> Effect:
    one, p_all = settled.answer, min(1.0, items * settled.p)
    verdict, because = _verdict(one, p_all, terms)
    detectable, more = _turning(one, items, terms)
    told = [_readable(each, one.measure) for each in (one.effect, one.naive, one.before_after)]
    return Effect(
        item=one.item,
        measure=one.measure,
        verdict=verdict,
        because=because,
        effect=told[0].value,
        low=told[0].low,
        high=told[0].high,
        p=one.p,
        p_all=p_all,
        cases=one.cases,
        branches=one.branches,
        reached=one.reached,
        drift=one.drift,
        detectable=detectable,
        more=more,
        feigned_by=_feigned_by(one),
        on_users=one.on_users and _readable(one.on_users, one.measure),
        naive=told[1],
        before_after=told[2],
    )


def _verdict(one: Answer, p_all: float, terms: Terms) -> tuple[Verdict, Reason]:
    margin = _margin(one.measure, terms)
    if one.missing is not None:
        return Verdict.TOO_LITTLE, one.missing
    if -margin <= one.effect.low and one.effect.high <= margin:
        return Verdict.NO_DIFFERENCE, Reason.WITHIN_MARGIN
    if p_all <= terms.alpha:
        if one.effect.value * one.measure.better > 0:
            return Verdict.HELPS, Reason.BETTER
        return Verdict.HARMS, Reason.WORSE
    return Verdict.TOO_LITTLE, Reason.AMONG_MANY if one.p <= terms.alpha else Reason.WIDE


def _margin(measure: Measure, terms: Terms) -> float:
    if measure is Measure.OVERALL:
        return terms.margin_ratio - 1
    return log(terms.margin_ratio) if measure.is_ratio else terms.margin_share


def _turning(one: Answer, items: int, terms: Terms) -> tuple[float, float]:
    """The least effect that could have been called, and how many times the cases it would take
    for one as large as the estimate; errors shrink with the root of cases."""
    from scipy.stats import t

    if isnan(one.p):
        return inf, inf
    freedom = max(one.branches - 1, 1)
    error = (one.effect.high - one.effect.low) / 2 / float(t.isf(0.025, freedom))
    least = error * float(t.isf(terms.alpha / items / 2, freedom))
    more = max(1.0, (least / abs(one.effect.value)) ** 2) if one.effect.value else inf
    return _factor(least) if one.measure.is_ratio else least, more


def _feigned_by(one: Answer) -> float:
    if isnan(one.p) or not one.leverage:
        return inf
    drift = abs(one.effect.value / one.leverage)
    return _factor(drift) if one.measure.is_ratio else drift


def _readable(told: Interval, measure: Measure) -> Interval:
    if not measure.is_ratio:
        return told
    return Interval(_factor(told.value), _factor(told.low), _factor(told.high))


def _factor(logarithm: float) -> float:
    return float(np.exp(logarithm)) if logarithm < 700 or isnan(logarithm) else inf
