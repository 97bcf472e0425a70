"""Sheets: few cases are drawn in, what is not known is said, and the same counts give the same."""

import numpy as np
import pytest

from sujin.engine.stars import BadSheet, Item, Level, Line, gains, reached, score
from sujin.engine.stars.shares import BadCounts, learn

ITEMS = (
    Item("answered", 40, 0.5, 1.0), Item("missed", 30, 0.4, 0.0), Item("content", 30, 0.5, 0.95),
)  # fmt: skip
LEVELS = (Level(1, 0), Level(2, 40), Level(3, 55), Level(4, 70), Level(5, 85))
Pairs = dict[str, tuple[list[int], list[int]]]


def drawn(seed: int, units: int = 60) -> Pairs:
    rng = np.random.default_rng(seed)
    found: Pairs = {}
    for item, mean in zip(ITEMS, (0.8, 0.15, 0.75), strict=True):
        n = rng.poisson(12, units)
        share = rng.beta(mean * 20, (1 - mean) * 20, units)
        found[item.code] = (rng.binomial(n, share).tolist(), n.tolist())
    return found


def test_the_same_counts_give_the_same_sheets_and_another_seed_nearly_the_same() -> None:
    first, again, other = (score(ITEMS, drawn(1), LEVELS, seed=seed) for seed in (3, 3, 4))
    assert first == again != other
    assert max(abs(a.points - b.points) for a, b in zip(first, other, strict=True)) < 1.2


def test_points_are_the_sum_of_their_lines_and_lie_in_their_interval() -> None:
    for sheet in score(ITEMS, drawn(2), LEVELS, seed=1):
        assert sheet.points == pytest.approx(sum(line.points for line in sheet.lines))
        assert sheet.low < sheet.points < sheet.high
        assert sheet.star_low <= sheet.star <= sheet.star_high
        assert 1 <= sheet.first <= sheet.last <= 60
        assert sheet.before + sheet.behind < 60


def test_one_lucky_case_is_not_before_a_hundred_good_ones() -> None:
    counts = drawn(5)
    for code in counts:
        counts[code][1][0] = counts[code][0][0] = 1
        counts[code][1][1], counts[code][0][1] = 100, 96
    counts["missed"][0][0], counts["missed"][0][1] = 0, 3
    lucky, steady = score(ITEMS, counts, LEVELS, seed=1)[:2]
    assert steady.points > lucky.points
    assert lucky.high - lucky.low > 2 * (steady.high - steady.low)


def test_a_unit_without_a_case_is_taken_for_one_of_all_and_says_so() -> None:
    counts = drawn(6)
    for code in counts:
        counts[code][0][0] = counts[code][1][0] = 0
    found = score(ITEMS, counts, LEVELS, seed=1)
    middle = np.mean([sheet.points for sheet in found])
    assert found[0].points == pytest.approx(middle, abs=6)
    assert found[0].high - found[0].low == max(sheet.high - sheet.low for sheet in found)


def test_many_complaints_alone_move_nobody() -> None:
    """Twice the cases handled equally well: more certain, and not better or worse."""
    counts = drawn(7)
    twice = {code: ([*hits], [*n]) for code, (hits, n) in counts.items()}
    for hits, n in twice.values():
        hits[0], n[0] = 10 * hits[0], 10 * n[0]
    before, after = (score(ITEMS, told, LEVELS, seed=1)[0] for told in (counts, twice))
    raw = sum(
        float(item.points(np.array([counts[item.code][0][0] / counts[item.code][1][0]]))[0])
        for item in ITEMS
    )
    assert abs(after.points - raw) < abs(before.points - raw) + 0.5
    assert after.high - after.low < before.high - before.low


def test_units_that_differ_by_chance_alone_are_not_told_apart() -> None:
    """The known-bad: raw shares, which put somebody first and somebody last."""
    rng, apart = np.random.default_rng(9), 0
    for turn in range(8):
        n = [20] * 40
        counts = {
            item.code: (rng.binomial(20, mean, 40).tolist(), n)
            for item, mean in zip(ITEMS, (0.8, 0.15, 0.75), strict=True)
        }
        found = score(ITEMS, counts, LEVELS, seed=turn)
        apart += sum(sheet.before > 0 or sheet.behind > 0 for sheet in found)
        raw = np.array(counts["answered"][0])
        assert raw.max() > raw.min() + 3
    assert apart <= 0.05 * 8 * 40


def test_what_is_far_apart_is_told_apart() -> None:
    counts = drawn(10)
    for code, share in (("answered", 0.98), ("missed", 0.01), ("content", 0.95)):
        counts[code][1][0], counts[code][0][0] = 200, round(200 * share)
    best = score(ITEMS, counts, LEVELS, seed=1)[0]
    assert best.first == 1 and best.before > 30 and best.behind == 0


def test_a_star_is_kept_until_one_is_sure_of_another() -> None:
    counts = drawn(11)
    plain = score(ITEMS, counts, LEVELS, seed=1)
    near = next(
        at for at, sheet in enumerate(plain)
        if min(abs(sheet.points - level.points) for level in LEVELS[1:]) < 0.6
    )  # fmt: skip
    had: list[int | None] = [sheet.star for sheet in plain]
    had[near] = plain[near].star + (1 if plain[near].star < 5 else -1)
    kept = score(ITEMS, counts, LEVELS, seed=1, earlier=had)
    assert kept[near].star == had[near] != plain[near].star
    far = max(range(60), key=lambda at: abs(plain[at].star - 1))
    moved = score(ITEMS, counts, LEVELS, seed=1, earlier=[1] * 60)
    assert moved[far].star == plain[far].star or plain[far].low < LEVELS[1].points
    anew = score(ITEMS, counts, LEVELS, seed=1, earlier=[1] * 60, sure=0.999)
    assert sum(one.star for one in anew) <= sum(one.star for one in moved)


def test_what_is_the_same_in_all_items_is_learnt_from_all() -> None:
    """Ten items of four cases each: one by one they say nothing, together they do."""
    rng = np.random.default_rng(12)
    items = [Item(f"i{at}", 10, 0.4, 1.0) for at in range(10)]
    like = rng.normal(0, 0.8, 80)
    share = 1 / (1 + np.exp(-(1.0 + like)))
    counts = {
        item.code: (rng.binomial(4, share).tolist(), [4] * 80) for item in items
    }  # fmt: skip
    found = score(items, counts, [Level(1, 0)], seed=1)
    truth = np.sum([item.points(share) for item in items], axis=0)
    inside = np.mean([s.low <= t <= s.high for s, t in zip(found, truth, strict=True)])
    hits, n = (np.array([pair[at] for pair in counts.values()]) for at in (0, 1))
    assert learn(hits, n, [1] * 10).spread > 0.5
    assert inside > 0.88
    assert np.corrcoef([s.points for s in found], truth)[0, 1] > 0.75


@pytest.mark.parametrize(
    ("counts", "levels", "said"),
    [
        ({"answered": ([1], [1])}, LEVELS, "missed: no counts"),
        ({item.code: ([1], [1]) for item in ITEMS} | {"x": ([1, 2], [3, 4])}, LEVELS, "same units"),
        ({item.code: ([1], [1]) for item in ITEMS}, (Level(1, 10),), "levels rise"),
    ],
)
def test_what_makes_no_sheet_is_refused(
    counts: Pairs, levels: tuple[Level, ...], said: str
) -> None:
    with pytest.raises(BadSheet, match=said):
        score(ITEMS, counts, levels, seed=1)
    with pytest.raises(BadSheet, match="floor and full"):
        score([Item("answered", 1, 0.5, 0.5)], {"answered": ([1], [1])}, LEVELS, seed=1)
    with pytest.raises(BadCounts, match="hits"):
        score([ITEMS[0]], {"answered": ([2], [1])}, LEVELS, seed=1)


def test_what_is_rare_earns_most_when_there_is_none_of_it() -> None:
    assert [*ITEMS[1].points(np.array([0.0, 0.2, 0.4, 0.9]))] == pytest.approx([30, 15, 0, 0])


def test_further_good_cases_gain_what_they_say_and_never_lose() -> None:
    few = Line("answered", 3, 5, 0.7, 0.4, 0.9, 16, 40)
    many = Line("answered", 300, 430, 0.7, 0.66, 0.74, 16, 40)
    assert gains(ITEMS[0], few, 10) > gains(ITEMS[0], many, 10) > 0
    assert gains(ITEMS[0], Line("answered", 9, 9, 1.0, 0.99, 1.0, 40, 40), 10) == 0
    assert gains(ITEMS[1], Line("missed", 3, 9, 0.3, 0.1, 0.5, 8, 30), 10) > 0


def test_a_star_takes_its_points() -> None:
    assert [reached(points, LEVELS) for points in (0, 39.9, 40, 84.99, 85, 100)] == [
        1,
        1,
        2,
        4,
        5,
        5,
    ]
