"""A measure is judged by what would have come without it, and only when that can be told."""

from dataclasses import replace
from datetime import date, timedelta
from math import isnan, log

import numpy as np
import pytest

from bench.verify.peers import PEERS, synthetic
from bench.verify.worlds import BEFORE, WORLDS, planted
from sujin.engine.verify import Declared, Definition, Observed, Reason, Verdict, judge
from sujin.engine.verify.estimate import INNER, estimate, expected
from sujin.engine.verify.noise import Regression, fitted
from sujin.engine.verify.placebo import Placebo, outliers, wider

NAMED = {world.name: world for world in WORLDS}
FIRST = date(2023, 1, 2)


def weeks(many: int) -> tuple[date, ...]:
    return tuple(FIRST + timedelta(weeks=week) for week in range(many))


def quiet(rng: np.random.Generator, many: int, level: float = 60.0) -> np.ndarray:
    return rng.poisson(level, many).astype(float)


def banked(*, seed: int = 1, controls: int = 6, many: int = 130) -> Observed:
    """Steady units with counts of chance alone."""
    rng = np.random.default_rng(seed)
    rows = {f"unit{nth}": quiet(rng, many) for nth in range(controls)}
    return Observed(weeks(many), quiet(rng, many), rows)


DECLARED = Declared(weeks(130)[BEFORE])


@pytest.mark.parametrize("name", ["plain", "season", "market recovery", "re-routing"])
def test_a_measure_that_does_nothing_is_seldom_said_to_work(name: str) -> None:
    found = [judge(one.observed, one.declared) for one in planted(NAMED[name], 0.0, 25, 11)]
    worked = sum(one.verdict is Verdict.WORKED for one in found)
    held = sum(one.net.low <= 0 <= one.net.high for one in found)
    assert worked <= 4
    assert held >= 21
    if name != "plain":
        fooled = sum(one.raw.high < 0 for one in found)
        assert fooled >= 18, "the plain before and after has to be fooled, or nothing was asked"


def test_a_third_less_is_found_and_its_interval_holds_it() -> None:
    found = [judge(one.observed, one.declared) for one in planted(NAMED["plain"], -0.3, 15, 12)]
    assert sum(one.verdict is Verdict.WORKED for one in found) >= 13
    assert sum(one.net.low <= -0.3 <= one.net.high for one in found) >= 12


def test_what_only_moved_is_no_fall() -> None:
    moved = judge(*_moved(0.5))
    assert moved.own.high < 0
    assert moved.verdict is not Verdict.WORKED
    assert moved.reason is Reason.MOVED
    ignorant = replace(_moved(0.5)[0], sinks={})
    assert judge(ignorant, DECLARED).verdict is Verdict.WORKED, "who is not told cannot know"


def _moved(share: float) -> tuple[Observed, Declared]:
    bank = banked()
    moved = np.random.default_rng(2).binomial(bank.target.astype(int), share).astype(float)
    moved[:BEFORE] = 0.0
    sink = quiet(np.random.default_rng(3), len(bank.target)) + moved
    return replace(bank, target=bank.target - moved, sinks={"company": sink}), DECLARED


def test_a_definition_that_changed_with_the_start_cannot_be_told_from_it() -> None:
    bank = banked()
    fewer = np.random.default_rng(4).binomial(bank.target.astype(int), 0.7).astype(float)
    target = np.where(np.arange(130) >= BEFORE, fewer, bank.target)
    observed = replace(bank, target=target)
    unknown = replace(DECLARED, definitions=(Definition(DECLARED.start),))
    told = judge(observed, unknown)
    assert (told.verdict, told.reason) == (Verdict.UNCLEAR, Reason.REDEFINED)
    known = replace(DECLARED, definitions=(Definition(DECLARED.start, 0.7, 0.02),))
    assert judge(observed, known).net.low <= 0 <= judge(observed, known).net.high
    assert judge(observed, DECLARED).verdict is Verdict.WORKED, "undeclared, it passes for a fall"


def test_a_control_with_a_break_of_its_own_is_left_out() -> None:
    bank = banked(controls=8)
    broken = bank.controls["unit0"].copy()
    broken[BEFORE:] *= 3
    found = judge(replace(bank, controls={**bank.controls, "unit0": broken}), DECLARED)
    assert found.left_out == ("unit0",)
    assert found.net.low <= 0 <= found.net.high


def test_less_than_was_promised_and_more_than_before_are_failures() -> None:
    bank = banked(controls=10)
    much = replace(DECLARED, promised=0.5)
    assert judge(bank, much).reason is Reason.LESS_THAN_PROMISED
    assert judge(bank, much).verdict is Verdict.FAILED
    more = bank.target.copy()
    more[BEFORE:] *= 2
    risen = judge(replace(bank, target=more), DECLARED)
    assert (risen.verdict, risen.reason) == (Verdict.FAILED, Reason.ROSE)


def test_too_little_is_said_to_be_too_little() -> None:
    bank = banked()
    late = judge(bank, replace(DECLARED, start=weeks(130)[128]))
    early = judge(bank, replace(DECLARED, start=weeks(130)[10]))
    few = judge(
        replace(bank, target=np.minimum(bank.target, 1.0) * (np.arange(130) % 9 == 0)), DECLARED
    )
    assert {late.reason, early.reason} == {Reason.TOO_SHORT}
    assert few.reason is Reason.TOO_FEW
    for one in (late, early, few):
        assert one.verdict is Verdict.UNCLEAR
        assert isnan(one.net.share)


def test_the_same_facts_have_the_same_finding() -> None:
    one, other = (judge(*_moved(0.2), seed=3) for _ in range(2))
    assert one.net == other.net
    assert one.units == other.units


def test_growth_of_customers_is_no_growth_of_complaints() -> None:
    rng, many = np.random.default_rng(5), 130
    heads = np.linspace(1e5, 3e5, many)
    observed = Observed(weeks(many), rng.poisson(6e-4 * heads).astype(float), heads=heads)
    assert judge(observed, DECLARED).net.low <= 0 <= judge(observed, DECLARED).net.high


def test_periods_that_settle_are_not_judged() -> None:
    bank = banked()
    target = bank.target.copy()
    target[BEFORE : BEFORE + 4] = 400.0
    settled = judge(replace(bank, target=target), replace(DECLARED, settle=4))
    assert settled.net.low <= 0 <= settled.net.high
    assert judge(replace(bank, target=target), DECLARED).net.share > settled.net.share


def test_what_is_expected_lies_around_the_past_and_widens_ahead() -> None:
    bank = banked()
    controls = np.array(list(bank.controls.values()))
    middle, low, high = expected(estimate(bank.target, controls, bank, DECLARED))
    assert np.all((low < middle) & (middle < high))
    assert np.mean(middle[:BEFORE]) == pytest.approx(60.0, rel=0.05)
    assert (high - low)[-1] > (high - low)[BEFORE - 20]
    assert 0 < INNER < 1


@pytest.mark.parametrize(
    ("change", "remedy"),
    [
        ({"target": np.ones(5)}, "the target: 5 counts for 130 periods"),
        ({"controls": {"unit0": np.full(130, -1.0)}}, "unit0: every count is a number from 0 to"),
        ({"starts": weeks(130)[::-1]}, "not in the order of time"),
        ({"heads": np.zeros(130)}, "heads: every figure is above 0"),
    ],
)
def test_what_cannot_be_counts_is_refused_by_name(change: dict[str, object], remedy: str) -> None:
    with pytest.raises(ValueError, match=remedy):
        replace(banked(), **change)  # type: ignore[arg-type]


def test_promises_and_settling_are_checked() -> None:
    with pytest.raises(ValueError, match=r"promised is 1\.5"):
        replace(DECLARED, promised=1.5)
    with pytest.raises(ValueError, match="settle is -1"):
        replace(DECLARED, settle=-1)


def test_noise_that_wanders_makes_the_effect_less_sure() -> None:
    rng, many = np.random.default_rng(6), 130
    rows = np.stack([np.ones(many), (np.arange(many) >= BEFORE) * 1.0])
    model = Regression(rows, np.zeros(many), np.zeros(2), np.zeros(2), np.ones(many, np.bool_))
    wandering = np.empty(many)
    wandering[0] = 0.0
    for week in range(1, many):
        wandering[week] = 0.9 * wandering[week - 1] + rng.normal(0, 0.12)
    spreads = []
    for level in (np.zeros(many), wandering):
        found = fitted(rng.poisson(200 * np.exp(level)).astype(float), model)
        spreads.append(found.weights @ np.sqrt(found.covariances[:, 1, 1]))
    assert spreads[1] > 4 * spreads[0]
    # Without wandering the spread is that of Poisson counts.
    plain = np.sqrt(1 / (200 * BEFORE) + 1 / (200 * (many - BEFORE)))
    assert spreads[0] == pytest.approx(plain, rel=0.5)


def test_counts_that_are_none_and_too_few_periods_are_refused() -> None:
    rows = np.ones((1, 3))
    model = Regression(rows, np.zeros(3), np.zeros(1), np.zeros(1), np.ones(3, np.bool_))
    with pytest.raises(ValueError, match="not below 0"):
        fitted(np.array([1.0, -1.0, 2.0]), model)
    with pytest.raises(ValueError, match="0 periods cannot tell 1 effects"):
        fitted(np.ones(3), model._replace(used=np.zeros(3, np.bool_)))


def test_placebos_widen_what_was_said_too_narrowly_and_never_narrow_it() -> None:
    calm = [Placebo(f"u{nth}", 0.0, 0.3) for nth in range(10)]
    wild = [Placebo(f"u{nth}", 0.2, 2.0 * (-1) ** nth) for nth in range(10)]
    assert wider(calm) == wider([]) == 1.0
    assert 1.5 < wider(wild) < 2.0
    assert outliers([*calm, Placebo("far", 2.0, 9.0)]) == {"far"}
    assert outliers(wild) == set()
    assert outliers([]) == set()


def test_others_are_fooled_by_a_market_that_recovers() -> None:
    told = list(planted(NAMED["market recovery"], 0.0, 20, 13))
    fooled = {
        name: sum(peer(one.observed, one.declared).high < 0 for one in told)
        for name, peer in PEERS.items()
    }
    assert fooled["before and after"] >= 15
    assert fooled["segmented regression"] >= 15
    one = synthetic(told[0].observed, told[0].declared)
    assert one.low <= one.share <= one.high
    assert log(1 + one.high) < 1.2
