"""Watching the promise: false alarms stay under what was said, and a broken one is heard."""

from itertools import pairwise

import numpy as np
import pytest

from sujin.engine.vigil import Guard, Tally

DELTA = 0.05
RUNS = 300


def ever_proved(rate: float, seed: int, cases: int = 400) -> bool:
    chance = np.random.default_rng(seed)
    missed = np.cumsum(chance.random(cases) < rate)
    return any(Tally(int(m), n).evidence(0.02) >= 1 / DELTA for n, m in enumerate(missed, 1))


def test_a_kept_promise_is_hardly_ever_called_broken_however_often_one_looks() -> None:
    assert sum(ever_proved(0.02, seed) for seed in range(RUNS)) / RUNS <= DELTA


def test_a_broken_one_is() -> None:
    assert sum(ever_proved(0.10, seed) for seed in range(40)) / 40 > 0.9


def test_looking_at_a_fixed_interval_every_day_would_cry_wolf() -> None:
    """The known-bad control: a test meant to be read once, read after every case."""
    from scipy.stats import binom

    def cries(seed: int) -> bool:
        missed = np.cumsum(np.random.default_rng(seed).random(400) < 0.02)
        return bool((binom.sf(missed - 1, np.arange(1, 401), 0.02) < DELTA).any())

    assert sum(cries(seed) for seed in range(100)) / 100 > 2 * DELTA


def test_the_interval_holds_the_rate_and_narrows() -> None:
    few, many = Tally(1, 50).interval(), Tally(20, 1000).interval()
    assert few[0] < 0.02 < few[1]
    assert many[0] < 0.02 < many[1]
    assert many[1] - many[0] < few[1] - few[0]
    assert Tally(0, 0).interval() == (0.0, 1.0)
    assert Tally(0, 10).interval()[0] == 0.0
    assert Tally(10, 10).interval()[1] == 1.0
    with pytest.raises(ValueError, match="no proportion"):
        Tally(3, 2)


def test_the_evidence_and_the_interval_say_the_same() -> None:
    for missed, n in ((3, 40), (9, 100), (2, 100)):
        proved = Tally(missed, n).evidence(0.02) >= 1 / DELTA
        assert proved == (Tally(missed, n).interval(DELTA)[0] > 0.02)


def guarded(seed: int, shift: float) -> Guard:
    chance = np.random.default_rng(seed)
    guard = Guard(0.01, seed)
    guard.know(chance.beta(1, 20, 300))
    for score in [*chance.beta(1, 20, 200), *np.clip(chance.beta(1, 20, 400) + shift, 0, 1)]:
        guard.see(float(score))
    return guard


def test_the_guard_is_quiet_while_nothing_changes_and_rings_when_scores_move() -> None:
    assert sum(guarded(seed, 0.0).rings for seed in range(60)) <= 3
    rang = [guarded(seed, 0.05) for seed in range(20)]
    assert all(guard.rings for guard in rang)
    assert all(200 < (guard.rang_at or 0) < 400 for guard in rang)


def test_the_guard_is_the_same_twice_and_never_unrings() -> None:
    one, two = guarded(4, 0.05), guarded(4, 0.05)
    assert (one.capital, one.rang_at) == (two.capital, two.rang_at)
    guard = Guard(0.01, 1)
    states = [guard.see(score) for score in [0.5] * 50 + [0.9] * 100 + [0.001] * 400]
    assert all(not before or after for before, after in pairwise(states))
