"""Lots by risk: exact chances between bounds, always so many, nobody to the own unit."""

from itertools import combinations
from math import prod

import numpy as np
import pytest

from sujin.engine.sample import (
    CannotSample,
    Place,
    assigned,
    chances,
    coverage,
    detection,
    draw,
    pivotal,
)

RISKS = [float(one) for one in np.random.default_rng(5).lognormal(0, 1, 60)]


def test_chances_follow_risk_between_their_bounds_and_come_to_the_visits() -> None:
    found = chances(RISKS, 12, 2.0)
    assert found.sum() == pytest.approx(12)
    assert found.min() >= 0.1 - 1e-9 and found.max() <= 0.4 + 1e-9
    order = np.argsort(RISKS)
    assert np.all(np.diff(found[order]) >= -1e-12)


def test_a_factor_of_one_is_drawing_blindly() -> None:
    assert np.allclose(chances(RISKS, 12, 1.0), 0.2)


def test_everywhere_is_everywhere() -> None:
    assert np.allclose(chances(RISKS, 60, 3.0), 1.0)
    assert len(pivotal(chances(RISKS, 60, 3.0), np.random.default_rng(1))) == 60


def test_each_place_is_drawn_as_often_as_its_chance_says_and_always_so_many() -> None:
    wanted, times = chances(RISKS, 12, 2.0), 6000
    rng, hits = np.random.default_rng(7), np.zeros(60)
    for _time in range(times):
        taken = pivotal(wanted, rng)
        assert len(taken) == 12
        hits[taken] += 1
    errors = np.sqrt(wanted * (1 - wanted) / times)
    assert np.abs((hits / times - wanted) / errors).max() < 4.5


def test_that_one_neighbour_was_drawn_says_little_of_the_other() -> None:
    """The known-bad: a systematic draw in a fixed order, where the next one is never drawn."""
    wanted, times = chances([1.0] * 40, 8, 1.0), 4000
    rng = np.random.default_rng(3)
    both = sum({0, 1} <= set(pivotal(wanted, rng).tolist()) for _time in range(times))
    assert both / times == pytest.approx(8 / 40 * 7 / 39, abs=0.008)
    systematic = [set(range(int(start), 40, 5)) for start in rng.integers(0, 5, times)]
    assert not any({0, 1} <= taken for taken in systematic)


def test_a_plan_sends_nobody_where_barred_and_nobody_twice_on_a_day() -> None:
    places = [Place(key, risk, frozenset({key % 4})) for key, risk in enumerate(RISKS)]
    for seed in range(40):
        drawn = draw(places, [0, 1, 2, 3], visits=20, days=8, factor=2.0, seed=seed)
        assert len({one.place for one in drawn}) == 20
        assert all(one.inspector != one.place % 4 for one in drawn)
        assert len({(one.inspector, one.day) for one in drawn}) == 20
        loads = [sum(one.inspector == who for one in drawn) for who in range(4)]
        assert max(loads) <= 8


def test_the_same_seed_is_the_same_plan_and_another_is_another() -> None:
    places = [Place(key, risk) for key, risk in enumerate(RISKS)]
    plans = [draw(places, [1, 2], visits=9, days=20, factor=2.0, seed=seed) for seed in (4, 4, 5)]
    assert plans[0] == plans[1] != plans[2]


def test_who_must_go_to_the_own_unit_is_no_plan() -> None:
    with pytest.raises(CannotSample, match="more inspectors"):
        assigned([frozenset({1})], [1], 5, np.random.default_rng(1))
    uneven = assigned([{2}, {2}, {2}, {1}], [1, 2], 5, np.random.default_rng(1))
    assert uneven == [1, 1, 1, 2]


@pytest.mark.parametrize(
    ("visits", "days", "said"),
    [(0, 5, "visits=0"), (61, 99, "visits=61"), (30, 5, "allow 10"), (3, 0, "one day")],
)
def test_what_cannot_be_drawn_is_refused_with_the_remedy(visits: int, days: int, said: str) -> None:
    places = [Place(key, risk) for key, risk in enumerate(RISKS)]
    with pytest.raises(CannotSample, match=said):
        draw(places, [1, 2], visits=visits, days=days, factor=2.0, seed=1)
    with pytest.raises(CannotSample, match="positive"):
        draw([Place(1, 0.0)], [1], visits=1, days=1, factor=2.0, seed=1)
    with pytest.raises(CannotSample, match="factor"):
        chances(RISKS, 3, 0.9)


@pytest.mark.parametrize("bad", [1, 2, 3, 5, 8])
def test_detection_is_the_mean_over_all_places_where_something_may_be_wrong(bad: int) -> None:
    by_place = [float(one) for one in chances(RISKS[:8], 3, 2.0)]
    every = [
        1 - prod(1 - 0.8 * by_place[at] for at in chosen) for chosen in combinations(range(8), bad)
    ]
    assert detection(by_place, 0.8, bad) == pytest.approx(sum(every) / len(every), abs=1e-12)
    with pytest.raises(ValueError, match="bad=9"):
        detection(by_place, 0.8, 9)


def test_a_year_of_plans_covers_what_it_says() -> None:
    assert coverage([0.5, 0.1], 2) == pytest.approx((0.75 + 0.19) / 2)
