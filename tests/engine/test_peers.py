"""Rates of peers: exact intervals, ranks only where chance cannot have made them."""

import numpy as np
import pytest

from sujin.engine.peers import Rank, change, index, poisson, ranks, rate


@pytest.mark.parametrize(
    ("count", "low", "high"),
    [(0, 0.0, 3.689), (1, 0.0253, 5.572), (10, 4.795, 18.39), (100, 81.36, 121.63)],
)
def test_the_interval_of_a_count_is_garwoods(count: int, low: float, high: float) -> None:
    """His table, as every handbook prints it."""
    assert poisson(count) == pytest.approx((low, high), rel=1e-3)


def test_the_interval_holds_the_truth_as_often_as_it_says() -> None:
    rng = np.random.default_rng(seed=4)
    for truth in (0.7, 6.0, 40.0):
        held = [low <= truth <= high for low, high in map(poisson, rng.poisson(truth, 2000))]
        assert sum(held) >= 0.95 * 2000 - 3.1 * (2000 * 0.05 * 0.95) ** 0.5


def test_no_count_lies_below_nought_and_no_base_at_it() -> None:
    with pytest.raises(ValueError, match="no count"):
        poisson(-1)
    with pytest.raises(ValueError, match="no base"):
        rate(3, 0, 1000)


def test_banks_whose_intervals_overlap_share_their_ranks() -> None:
    few, near, many = rate(10, 1e6, 1e6), rate(14, 1e6, 1e6), rate(90, 1e6, 1e6)
    assert ranks([many, few, near]) == [Rank(3, 3), Rank(1, 2), Rank(1, 2)]
    assert [one.is_sure for one in ranks([many, few, near])] == [True, False, False]


def test_equal_banks_are_hardly_ever_told_apart_where_plain_order_always_would() -> None:
    """The known-bad control: the plain order names a worst bank every time."""
    rng = np.random.default_rng(seed=6)
    accused = 0
    for _quarter in range(300):
        rates = [rate(int(count), 1.0, 1.0) for count in rng.poisson(60.0, 6)]
        accused += any(one.is_sure for one in ranks(rates))
    assert accused <= 0.05 * 300


def test_the_middle_of_the_group_is_a_hundred() -> None:
    assert index(30.0, [10.0, 20.0, 60.0]) == 150.0
    assert index(30.0, []) is None and index(1.0, [0.0, 0.0, 5.0]) is None


def test_a_change_that_chance_explains_has_nought_in_its_interval() -> None:
    told = change(104, 100)
    assert told is not None and told.low < 0 < told.high
    risen = change(170, 100)
    assert risen is not None and risen.value == pytest.approx(0.7) and risen.low > 0
    assert change(5, 0) is None
    gone = change(0, 8)
    assert gone is not None and gone.value == gone.low == -1.0 and -1 < gone.high < 0
