"""Units that do not differ are not said to; those that do are found; what all share is no merit."""

import numpy as np
import pytest

from sujin.engine.standing import Standing, compare

UNITS, CASES, Q = 36, 200, 0.05


def told(rng: np.random.Generator, shares: np.ndarray) -> tuple[Standing, ...]:
    of = rng.integers(20, CASES, len(shares))
    hits = rng.binomial(of, shares)
    return compare(hits.tolist(), of.tolist(), Q).standings


def test_of_units_that_are_alike_few_are_said_to_differ() -> None:
    rng = np.random.default_rng(3)
    rounds = [any(told(rng, np.full(UNITS, 0.2))) for _ in range(400)]
    assert np.mean(rounds) <= Q + 0.02


def test_a_plain_interval_for_each_unit_would_accuse_nearly_every_time() -> None:
    """The known-bad: what a table with a 95 % interval a row invites one to read."""
    rng, accused = np.random.default_rng(3), []
    for _ in range(200):
        of = rng.integers(20, CASES, UNITS)
        hits = rng.binomial(of, 0.2)
        accused.append(bool((np.abs(hits / of - 0.2) > 1.96 * np.sqrt(0.16 / of)).any()))
    assert np.mean(accused) > 0.7


def test_the_one_that_is_much_worse_is_found_and_on_the_right_side() -> None:
    rng = np.random.default_rng(5)
    shares = np.full(UNITS, 0.2)
    shares[4], shares[9] = 0.45, 0.03
    found = [told(rng, shares) for _ in range(100)]
    worse = [one[4] is Standing.ABOVE for one in found]
    assert np.mean(worse) > 0.9
    assert np.mean([one[9] is Standing.BELOW for one in found]) > 0.4


def test_where_units_vary_anyway_the_spread_is_taken_out() -> None:
    """Shares drawn unit by unit (beta, standard deviation .08): nobody stands out of that."""
    rng = np.random.default_rng(8)
    rounds = []
    for _ in range(300):
        of = rng.integers(100, 2000, UNITS)
        hits = rng.binomial(of, rng.beta(20, 80, UNITS))
        made = compare(hits.tolist(), of.tolist(), Q)
        assert made.spread > 2
        rounds.append(sum(one is not Standing.SAME for one in made.standings))
    assert np.mean(rounds) <= 0.25, "units a round, of 36"


def test_nothing_is_said_of_nothing() -> None:
    assert compare([], [], Q).standings == ()
    assert compare([0, 0], [10, 20], Q).standings == (Standing.SAME, Standing.SAME)
    assert compare([0], [0], Q).standings == (Standing.SAME,)


@pytest.mark.parametrize("units", [2, 3, 4, 5, 6, 9, 12, 20, 36])
def test_one_that_is_twice_as_bad_is_found_among_few_as_among_many(units: int) -> None:
    rng, found = np.random.default_rng(units), []
    for _ in range(60):
        of = np.full(units, 1000)
        hits = rng.binomial(of, [0.2, *[0.1] * (units - 1)])
        found.append(compare(hits.tolist(), of.tolist(), Q).standings[0] is Standing.ABOVE)
    assert np.mean(found) > 0.9


@pytest.mark.parametrize("units", [2, 4, 6, 10])
def test_few_that_are_alike_are_not_said_to_differ(units: int) -> None:
    rng = np.random.default_rng(17)
    rounds = []
    for _ in range(400):
        of = rng.integers(20, CASES, units)
        hits = rng.binomial(of, 0.2)
        rounds.append(any(compare(hits.tolist(), of.tolist(), Q).standings))
    assert np.mean(rounds) <= Q + 0.02


@pytest.mark.parametrize(
    ("hits", "of", "q"), [([3], [2], Q), ([-1], [2], Q), ([1], [2, 3], Q), ([1], [2], 0.0)]
)
def test_what_is_no_share_is_refused(hits: list[int], of: list[int], q: float) -> None:
    with pytest.raises(ValueError, match="between 0"):
        compare(hits, of, q)
