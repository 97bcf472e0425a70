"""A guideline helped, harmed, made no difference, or nobody can tell: and why, in each case."""

from dataclasses import replace

import numpy as np
import pytest

from sujin.engine.effects import (
    Cases,
    Effect,
    Measure,
    Reason,
    RollOut,
    Terms,
    Verdict,
    judge,
)

WEEKS = 60
STAGED = {branch: 10 + 2 * branch for branch in range(18)}
HOURS = Terms(measures=(Measure.HOURS,))


def told(effect: float = 0.0, *, branches: int = 20, each: int = 4, seed: int = 1) -> Cases:
    """Cases of one item, looked up when they are hard; using it multiplies chances and hours by
    one and the effect, from the week of ``STAGED``."""
    rng = np.random.default_rng(seed)
    branch = np.tile(np.arange(branches), WEEKS * each)
    week = np.repeat(np.arange(WEEKS), branches * each)
    start = np.array([STAGED.get(one, 10**6) for one in range(branches)])[branch]
    hard = rng.normal(0, 1, branch.size)
    used = (week >= start) & (rng.random(branch.size) < 1 / (1 + np.exp(-1 - hard)))
    load = 0.3 * hard + 0.2 * rng.normal(0, 1, branches)[branch] + np.log1p(effect) * used
    load += 0.1 * np.sin(week / 8)
    reopened, escalated, sour = (
        (rng.random(branch.size) < base * np.exp(load)).astype(float) for base in (0.2, 0.15, 0.25)
    )
    hours = np.exp(load + rng.normal(0, 0.5, branch.size))
    item = np.full(branch.size, 7)
    return Cases(branch, week, item, used, used, reopened, escalated, hours, 1 - sour)


def hours(cases: Cases, roll_out: RollOut | None = None, terms: Terms = HOURS) -> Effect:
    return judge(cases, [roll_out or RollOut(7, STAGED)], seed=1, terms=terms)[0].effects[0]


def test_a_planted_effect_is_recovered_on_cases_and_on_users() -> None:
    found = hours(told(-0.3))
    assert (found.verdict, found.because) == (Verdict.HELPS, Reason.BETTER)
    assert found.low < 0.7**0.73 < found.high
    assert found.on_users is not None
    assert found.on_users.low < 0.7 < found.on_users.high
    assert found.on_users.value < found.effect


def test_whoever_compares_users_with_others_is_fooled_where_we_are_not() -> None:
    found = hours(told(0.0))
    assert found.naive.low > 1.1
    assert found.verdict in (Verdict.NO_DIFFERENCE, Verdict.TOO_LITTLE)


def test_an_item_that_helps_everywhere_helps_overall_with_its_compliance_told() -> None:
    card = judge(told(-0.3), [RollOut(7, STAGED)], seed=1)[0]
    assert card.overall.verdict is Verdict.HELPS
    assert card.overall.low < 0.7**0.73 - 1 < card.overall.high
    assert [one.measure for one in card.effects] == list(Terms().measures)
    assert 0.6 < card.used == card.shown < 0.8
    satisfied = card.effects[-1]
    assert satisfied.effect > 0


def test_a_harmful_item_is_found() -> None:
    card = judge(told(0.35), [RollOut(7, STAGED)], seed=1)[0]
    assert (card.overall.verdict, card.overall.because) == (Verdict.HARMS, Reason.WORSE)
    assert card.effects[2].verdict is Verdict.HARMS


def test_an_item_without_effect_makes_no_difference_when_there_is_enough_to_say_so() -> None:
    found = hours(told(0.0, each=12))
    assert (found.verdict, found.because) == (Verdict.NO_DIFFERENCE, Reason.WITHIN_MARGIN)
    assert 1 / 1.1 < found.low < 1 < found.high < 1.1


def test_too_little_says_how_much_more_would_do() -> None:
    found = hours(told(-0.1, each=1))
    assert found.verdict is Verdict.TOO_LITTLE
    assert found.more > 1
    assert found.detectable > 1 / found.effect


def test_what_is_called_says_which_drift_would_feign_it() -> None:
    assert 1.1 < hours(told(-0.3)).feigned_by < 5


def test_the_same_cases_give_the_same_cards_and_their_order_means_nothing() -> None:
    cases = told(-0.2)
    shuffled = np.random.default_rng(5).permutation(cases.branch.size)
    other = Cases(*(getattr(cases, name)[shuffled] for name in Cases.__dataclass_fields__))
    first, again, third = (
        judge(one, [RollOut(7, STAGED)], seed=3) for one in (cases, cases, other)
    )
    assert first == again
    assert third[0].overall.effect == pytest.approx(first[0].overall.effect)
    assert third[0].overall.p == pytest.approx(first[0].overall.p)


@pytest.mark.parametrize(
    ("start", "reason"),
    [
        ({}, Reason.NEVER_OUT),
        (dict.fromkeys(range(20), 30), Reason.NOBODY_WAITS),
        (dict.fromkeys(range(20), 0), Reason.NOBODY_WAITS),
        (dict.fromkeys(range(10), 0), Reason.NOBODY_WAITS),
        (dict.fromkeys(range(19), 30), Reason.NOBODY_WAITS),
        ({0: 30, 1: 30}, Reason.FEW_BRANCHES),
        (dict.fromkeys(range(10), 1), Reason.UNCHECKED),
    ],
)
def test_a_roll_out_that_compares_nothing_says_so(start: dict[int, int], reason: Reason) -> None:
    found = hours(told(-0.3), RollOut(7, start))
    assert (found.verdict, found.because) == (Verdict.TOO_LITTLE, reason)


def test_one_branch_few_cases_and_none() -> None:
    assert hours(told(branches=1)).because is Reason.NOBODY_WAITS
    cases = told(-0.3)
    few = Cases(*(getattr(cases, name)[::150] for name in Cases.__dataclass_fields__))
    assert hours(few).verdict is Verdict.TOO_LITTLE
    none = hours(cases.of(8))
    assert none.because is Reason.NO_CASES
    assert np.isnan(none.effect)
    assert (none.low, none.high) == (0.0, np.inf)
    assert judge(cases, [], seed=1) == []


def test_an_event_that_hardly_happens_is_no_proof_of_no_difference() -> None:
    cases = told()
    calm = replace(cases, escalated=np.zeros(cases.branch.size))
    card = judge(calm, [RollOut(7, STAGED)], seed=1)[0]
    assert card.effects[1].because is Reason.FEW_CASES
    assert card.overall.because is not Reason.FEW_CASES


def drifting(per_week: float) -> Cases:
    """Early branches get faster by themselves."""
    cases = told()
    early = np.clip((50 - 2 * cases.branch) / 50, 0, 1)
    return replace(cases, hours=cases.hours * np.exp(-per_week * early * cases.week))


def test_branches_that_drifted_apart_before_release_keep_the_verdict_back() -> None:
    found = hours(drifting(0.03))
    assert (found.verdict, found.because) == (Verdict.TOO_LITTLE, Reason.DRIFTED)
    assert found.p_all < 0.05
    assert judge(drifting(0.03), [RollOut(7, STAGED)], seed=1)[0].overall.because is Reason.DRIFTED


def test_where_the_order_was_drawn_by_lot_drift_is_told_and_keeps_nothing_back() -> None:
    found = hours(drifting(0.03), RollOut(7, STAGED, by_lot=True))
    assert found.drift < 0.05
    assert found.because is not Reason.DRIFTED


def test_among_many_items_one_alone_is_not_named_by_chance() -> None:
    cases = told(-0.12, each=2, seed=4)
    alone = judge(cases, [RollOut(7, STAGED)], seed=1)[0].overall
    others = [RollOut(8 + n, STAGED) for n in range(60)]
    copies = [replace(cases, item=np.full(cases.branch.size, one.item)) for one in others]
    columns = (
        np.concatenate([getattr(one, name) for one in (cases, *copies)])
        for name in Cases.__dataclass_fields__
    )
    among = judge(Cases(*columns), [RollOut(7, STAGED), *others], seed=1, terms=HOURS)[0]
    assert among.effects[0].p_all == pytest.approx(min(1.0, 61 * among.effects[0].p))
    assert alone.p_all == alone.p


def test_cases_that_cannot_be_are_refused() -> None:
    cases = told()
    with pytest.raises(ValueError, match="1, 0"):
        replace(cases, reopened=cases.reopened + 0.5)
    with pytest.raises(ValueError, match="above nought"):
        replace(cases, hours=-cases.hours)
    with pytest.raises(ValueError, match="length"):
        replace(cases, week=cases.week[1:])


def test_an_item_rolled_out_twice_is_refused() -> None:
    with pytest.raises(ValueError, match="another version"):
        judge(told(), [RollOut(7, STAGED), RollOut(7, {})], seed=1)
