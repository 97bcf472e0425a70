"""Units on target are left in peace as often as promised; a unit off it is found; small numbers
accuse nobody."""

import numpy as np
import pytest

from sujin.engine.indicators import (
    Count,
    Promise,
    Rule,
    State,
    Target,
    Verdict,
    exact_lower,
    is_beyond,
    judge,
    quantile,
    quantile_interval,
    tail,
)

PROMISE = Promise(alpha=0.001, run=8)
PERIODS = 52


def judged(counts: list[Count], target: Target) -> list[Verdict]:
    return [judge(counts[:at], now, target, PROMISE) for at, now in enumerate(counts)]


def years(
    share: float, target: Target, *, units: int, seed: int, cases: int = 60
) -> list[list[Count]]:
    """A year of weeks for each unit; how many cases a week has is chance, too."""
    rng = np.random.default_rng(seed)
    found = []
    for _unit in range(units):
        sizes = rng.poisson(cases, PERIODS)
        found.append([Count(int(rng.binomial(n, share)), int(n)) for n in sizes])
    return found


@pytest.mark.parametrize("allowed", [0.03, 0.1, 0.5])
@pytest.mark.parametrize("cases", [25, 60, 400])
def test_units_on_target_are_accused_no_more_often_than_promised(
    allowed: float, cases: int
) -> None:
    target = Target(allowed, least=20)
    told = [
        verdict
        for unit in years(allowed, target, units=60, seed=11, cases=cases)
        for verdict in judged(unit, target)
        if verdict.state != State.FEW
    ]
    accused = sum(one.state == State.BREACHED for one in told)
    # One-sided 99.9 % allowance for the chance of this simulation itself.
    most = PROMISE.false_a_period * len(told)
    assert accused <= most + 3.1 * most**0.5, f"{accused} of {len(told)}, promised {most:.1f}"


def test_a_plain_comparison_would_accuse_units_on_target_nearly_every_second_week() -> None:
    """The known-bad control of the promise."""
    target = Target(0.1, least=20)
    counts = [one for unit in years(0.1, target, units=60, seed=11) for one in unit]
    plain = sum(is_beyond(one, target) for one in counts) / len(counts)
    assert plain > 40 * PROMISE.false_a_period
    assert plain > 0.35


def test_a_unit_twice_beyond_its_target_is_found_within_three_weeks() -> None:
    target = Target(0.1, least=20)
    late = []
    for unit in years(0.22, target, units=100, seed=3, cases=120):
        verdicts = judged(unit, target)
        late.append(next(at for at, one in enumerate(verdicts) if one.state == State.BREACHED))
    assert sorted(late)[90] <= 2


def test_a_unit_a_little_off_for_long_is_found_by_its_run() -> None:
    target = Target(0.5, least=20)
    unit = [Count(16, 30)] * 12
    verdicts = judged(unit, target)
    assert [one.rule for one in verdicts[:7]] == [None] * 7
    found = next(one for one in verdicts if one.state == State.BREACHED)
    assert found.rule == Rule.RUN and found.run >= 8 and found.run_p <= 0.5**8


def test_a_run_that_chance_makes_likely_must_be_longer() -> None:
    """Of 30 cases at 3 % one bad one lies beyond, as happens in three weeks of five."""
    target = Target(0.03, least=20)
    verdicts = judged([Count(1, 30)] * 14, target)
    first = next(at for at, one in enumerate(verdicts) if one.rule == Rule.RUN)
    assert first + 1 > 8
    assert verdicts[7].state == State.BEYOND and verdicts[7].run == 8


def test_a_good_week_ends_a_run_and_a_week_without_cases_does_not() -> None:
    target = Target(0.5, least=20)
    bad, good, few = Count(16, 30), Count(10, 30), Count(2, 2)
    assert judged([bad] * 6 + [good] + [bad] * 6, target)[-1].state == State.BEYOND
    assert judged([bad] * 5 + [few] + [bad] * 6, target)[-1].rule == Rule.RUN


def test_few_cases_accuse_nobody_however_bad() -> None:
    assert judge([], Count(9, 9), Target(0.01, least=10), PROMISE).state == State.FEW
    assert judge([], Count(10, 10), Target(0.01, least=10), PROMISE).state == State.BREACHED


@pytest.mark.parametrize(("bad", "n"), [(5, 20), (30, 100), (1, 50), (0, 40)])
def test_the_bound_and_the_chance_say_the_same(bad: int, n: int) -> None:
    """The Clopper-Pearson bound lies beyond a share exactly when the tail there is below alpha."""
    lower = exact_lower(Count(bad, n), 1 - PROMISE.alpha)
    for share in (0.5 * lower, 0.999 * lower, 1.001 * lower, 2 * lower):
        if 0 < share < 1:
            assert (tail(bad, n, share) <= PROMISE.alpha) == (lower >= share), share


def test_more_bad_cases_than_cases_are_refused() -> None:
    with pytest.raises(ValueError, match="3 of 2"):
        judge([], Count(3, 2), Target(0.1, 1), PROMISE)


def test_the_interval_of_a_median_holds_it_as_often_as_it_says() -> None:
    rng = np.random.default_rng(seed=8)
    held = 0
    for _round in range(400):
        ends = quantile_interval(list(rng.exponential(1.0, 41)), 0.5)
        assert ends is not None
        held += ends[0] <= np.log(2) <= ends[1]
    assert held >= 0.95 * 400 - 3.1 * (400 * 0.05 * 0.95) ** 0.5
    assert quantile_interval([1.0, 2.0], 0.5) is None
    assert quantile([3.0, 1.0, 2.0, 9.0], 0.5) == 2.0 and quantile([], 0.5) is None
