"""A hot spot is where the ratio is surely above one: not where the numbers are small."""

import numpy as np
import pytest

from sujin.engine.hotspots import Risk, smooth

AREAS = 36
SURELY = 0.95


def usual(seed: int) -> list[float]:
    """A year of a bank whose branches are of every size."""
    rng = np.random.default_rng(seed)
    return [float(n) for n in rng.lognormal(5, 1.1, AREAS).round()]


def period(past: list[float], seed: int, ratios: dict[int, float] | None = None) -> list[int]:
    """A thirteenth of such a year, some areas with more than their share."""
    rng = np.random.default_rng(seed)
    means = [n / 13 * (ratios or {}).get(area, 1.0) for area, n in enumerate(past)]
    return [int(n) for n in rng.poisson(means)]


def hot(found: list[Risk]) -> set[int]:
    return {area for area, one in enumerate(found) if one.exceedance > SURELY}


def test_in_a_bank_where_nothing_happens_almost_nothing_is_hot() -> None:
    """The rule of thumb beside it, a raw ratio of one and a half, is the known-bad control."""
    called = thumbed = 0
    for seed in range(60):
        past = usual(seed)
        found = smooth(period(past, seed + 1000), past)
        called += len(hot(found))
        thumbed += sum(one.observed > 1.5 * one.expected for one in found)
    assert called / (60 * AREAS) < 0.01
    assert thumbed / (60 * AREAS) > 0.05


def test_an_area_with_twice_its_share_is_found_when_there_are_cases_to_tell() -> None:
    found = missed = 0
    for seed in range(60):
        past = usual(seed)
        large = int(np.argsort(past)[-3])
        assert past[large] / 13 > 20
        is_hot = large in hot(smooth(period(past, seed, {large: 2.0}), past))
        found, missed = found + is_hot, missed + (not is_hot)
    assert found / (found + missed) > 0.9


def test_three_cases_instead_of_one_are_drawn_towards_the_whole() -> None:
    past = [13.0, *[1300.0] * 20]
    found = smooth([3, *[100] * 20], past)
    assert found[0].observed / found[0].expected > 2.5
    assert found[0].ratio < 1.5
    assert found[0].exceedance < SURELY


def test_what_rises_everywhere_makes_nobody_hot() -> None:
    past = [130.0] * 12
    found = smooth([30] * 12, past)
    assert not hot(found)
    assert found[0].expected == pytest.approx(30)
    assert found[0].ratio == pytest.approx(1, abs=0.01)


def test_the_interval_holds_the_ratio_and_narrows_with_numbers() -> None:
    past = [100.0, 100.0, 10_000.0, 10_000.0]
    few, *_rest, many = smooth([4, 12, 700, 1100], past)
    assert few.low < few.ratio < few.high
    assert many.high - many.low < few.high - few.low


def test_no_cases_and_no_past_are_no_hot_spot() -> None:
    assert not hot(smooth([0, 0, 0], [5, 5, 5]))
    new = smooth([0, 40, 40], [0, 500, 500])[0]
    assert new.expected > 0
    assert new.exceedance < SURELY
    assert smooth([], []) == []


def test_an_area_without_a_past_that_brings_many_is_hot() -> None:
    assert 0 in hot(smooth([40, 40, 40, 40, 40], [0, 500, 500, 500, 500]))


def test_a_higher_bar_is_passed_by_fewer() -> None:
    past = usual(3)
    counts = period(past, 3, {int(np.argmax(past)): 1.4})
    low, high = smooth(counts, past), smooth(counts, past, above=1.5)
    assert all(a.exceedance >= b.exceedance for a, b in zip(low, high, strict=True))
    assert len(hot(high)) < len(hot(low))


def test_areas_and_pasts_of_different_length_are_refused() -> None:
    with pytest.raises(ValueError, match="2 areas were observed, 1 have a past"):
        smooth([1, 2], [3.0])


def test_the_interval_holds_the_true_ratio_as_often_as_it_says() -> None:
    """Whether the areas differ or not. Where they do not, an interval about the best spread alone
    is a hundredth wide and useless to whoever reads it."""
    for spread in (0.0, 0.3):
        held = seen = 0
        for seed in range(60):
            rng = np.random.default_rng(seed)
            past = usual(seed)
            truth = rng.gamma(1 / spread**2, spread**2, AREAS) if spread else np.ones(AREAS)
            counts = [int(n) for n in rng.poisson(np.array(past) / 13 * truth)]
            for one, ratio in zip(smooth(counts, past), truth, strict=True):
                seen += 1
                held += one.low <= ratio <= one.high
        assert held / seen > 0.9
    even = smooth([22] * 12, [286.0] * 12)
    assert even[0].high - even[0].low > 0.1
