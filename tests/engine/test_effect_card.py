"""A headline's drop is taken apart into factors whose product it is."""

from dataclasses import replace
from datetime import date, timedelta
from math import prod

import numpy as np
import pytest

from sujin.engine.verify import Declared, Definition, Observed
from sujin.engine.verify.card import Cause, Span, effect_card

FIRST, WEEKS = date(2023, 1, 2), 126
BEFORE, AFTER = (Span(date(y, 1, 1), date(y, 5, 31)) for y in (2024, 2025))
START, MOVED, REDEFINED = date(2024, 12, 23), date(2024, 11, 25), date(2024, 10, 28)
TRUTH = {Cause.MARKET: 0.8, Cause.DEFINITION: 0.9, Cause.MOVED: 0.8, Cause.MEASURE: 0.75}
DECLARED = Declared(START, definitions=(Definition(REDEFINED, 0.9, 0.02),))


def banked(seed: int = 3, level: float = 400.0) -> Observed:
    rng = np.random.default_rng(seed)
    starts = tuple(FIRST + timedelta(weeks=week) for week in range(WEEKS))
    since = {
        cause: np.array([day >= first for day in starts])
        for cause, first in (
            (Cause.MARKET, date(2024, 9, 2)), (Cause.DEFINITION, REDEFINED), (Cause.MOVED, MOVED),
            (Cause.MEASURE, START),
        )
    }  # fmt: skip
    factor = {cause: np.where(since[cause], TRUTH[cause], 1.0) for cause in TRUTH}
    own = level * factor[Cause.MARKET] * factor[Cause.DEFINITION] * factor[Cause.MEASURE]
    target, handed = own * factor[Cause.MOVED], own * (1 - factor[Cause.MOVED])
    market = level * factor[Cause.MARKET]
    return Observed(
        starts,
        rng.poisson(target).astype(float),
        {f"unit{nth}": rng.poisson(market).astype(float) for nth in range(8)},
        {"company": rng.poisson(market + handed).astype(float)},
    )


def test_each_cause_is_told_apart_and_their_product_is_the_drop() -> None:
    card = effect_card(banked(), DECLARED, before=BEFORE, after=AFTER, moved_on=MOVED)
    assert card.raw == pytest.approx(prod(TRUTH.values()), rel=0.05)
    assert prod(part.factor for part in card.parts) == pytest.approx(card.raw)
    for cause, truth in TRUTH.items():
        part = card.of(cause)
        assert part.low <= truth <= part.high, cause
        assert part.high - part.low < 0.35, cause
        assert part.high < 1, cause
    for cause in (Cause.SEASON, Cause.TREND, Cause.REST):
        part = card.of(cause)
        assert part.low <= 1.0 <= part.high, cause


def test_who_is_not_told_of_the_company_credits_the_measure() -> None:
    """The known-bad control: without its sinks the card calls what was handed on an effect."""
    card = effect_card(replace(banked(), sinks={}), DECLARED, before=BEFORE, after=AFTER)
    assert card.of(Cause.MOVED).factor == 1.0
    assert card.of(Cause.MEASURE).high < TRUTH[Cause.MEASURE]


def test_the_card_leaves_out_the_controls_that_the_verdict_leaves_out() -> None:
    bank = banked()
    broken = bank.controls["unit0"].copy()
    broken[104:] *= 4
    card = effect_card(
        replace(bank, controls={**bank.controls, "unit0": broken}), DECLARED, before=BEFORE,
        after=AFTER, moved_on=MOVED,
    )  # fmt: skip
    part = card.of(Cause.MEASURE)
    assert part.low <= TRUTH[Cause.MEASURE] <= part.high


def test_the_same_facts_give_the_same_card() -> None:
    cards = [
        effect_card(banked(), DECLARED, before=BEFORE, after=AFTER, moved_on=MOVED, seed=4)
        for _ in range(2)
    ]
    assert cards[0] == cards[1]


def test_without_controls_nothing_is_said_to_be_the_market() -> None:
    bare = replace(banked(), controls={}, sinks={})
    card = effect_card(bare, DECLARED, before=BEFORE, after=AFTER)
    assert card.of(Cause.MARKET).factor == 1.0


def test_a_time_without_periods_or_cases_is_refused() -> None:
    gone = Span(date(2030, 1, 1), date(2030, 2, 1))
    with pytest.raises(ValueError, match="no period begins between 2030-01-01"):
        effect_card(banked(), DECLARED, before=BEFORE, after=gone)
    empty = replace(banked(), target=np.zeros(WEEKS), sinks={})
    with pytest.raises(ValueError, match="has no cases"):
        effect_card(empty, DECLARED, before=BEFORE, after=AFTER)
