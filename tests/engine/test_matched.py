"""Like compared with like: the truth is found where a crude comparison is fooled."""

import numpy as np
import pytest

from sujin.engine.matched import Stratum, compare


def drawn(rng: np.random.Generator, ratio: float) -> list[Stratum]:
    """Strata whose risk and mix of kinds go together: what confounds a crude comparison."""
    found = []
    for _ in range(30):
        risk, share = rng.uniform(0.05, 0.4), 0.0
        share = 0.9 - 2 * risk
        n, other = int(100 * share) + 5, int(100 * (1 - share)) + 5
        hits, others = rng.binomial(n, risk * ratio), rng.binomial(other, risk)
        found.append(Stratum(int(hits), n, int(others), other))
    return found


@pytest.mark.parametrize("ratio", [1.0, 0.6])
def test_the_interval_holds_the_truth(ratio: float) -> None:
    rng = np.random.default_rng(4)
    held = []
    for _ in range(400):
        made = compare(drawn(rng, ratio))
        assert made.low is not None and made.high is not None
        held.append(made.low <= ratio <= made.high)
    assert np.mean(held) >= 0.93


def test_a_crude_comparison_of_the_same_customers_is_fooled() -> None:
    """The known-bad: without strata an effect is seen that there is not."""
    rng, fooled = np.random.default_rng(4), []
    for _ in range(100):
        strata = drawn(rng, 1.0)
        whole = Stratum(
            sum(one.hits for one in strata), sum(one.n for one in strata),
            sum(one.other_hits for one in strata), sum(one.other_n for one in strata),
        )  # fmt: skip
        fooled.append(compare([whole]).tells)
    assert np.mean(fooled) > 0.9


def test_the_example_of_a_textbook() -> None:
    """Two strata by hand: (10/100 against 20/100) and (5/50 against 10/50) are both one half."""
    made = compare([Stratum(10, 100, 20, 100), Stratum(5, 50, 10, 50)])
    assert made.value == pytest.approx(0.5)
    assert (made.n, made.other_n) == (150, 150)


def test_one_kind_alone_says_nothing() -> None:
    made = compare([Stratum(3, 10, 0, 0), Stratum(0, 0, 2, 9)])
    assert (made.value, made.n, made.other_n) == (None, 0, 0)
    assert compare([Stratum(0, 10, 3, 10)]).value == 0.0
    with pytest.raises(ValueError, match="more hits"):
        compare([Stratum(3, 2, 0, 1)])
