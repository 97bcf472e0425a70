"""Star sheets: points from shares, stars from points, ranks where they can be told apart.

Every item of a sheet is a share: so many good ones of so many. A raw share ranks noise: the best
and the worst of many units are mostly those with the fewest cases. Points rise in a straight line
from ``floor`` to ``full`` of the shares that units are taken for (``shares``). All that is said of
points, stars and ranks is read off common draws, so that intervals of sums and of ranks are those
of sums and ranks (Goldstein and Spiegelhalter 1996, JRSS A 159:385-443). One unit is said to be
before another only where nearly all draws say so; units that are drawn in need no further
correction for how many they are (Gelman, Hill and Yajima 2012, Journal of Research on Educational
Effectiveness 5:189-211).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sujin.engine.stars.shares import Counts, Numbers, drawn, learn

DRAWS = 2000
INNER = 0.95
# Standard deviations apart at which one unit is put before another: 97.5 % of all draws say so.
_BEFORE = 1.959964


class BadSheet(ValueError):
    """Items or counts that make no sheet; the message says which."""


@dataclass(frozen=True, slots=True)
class Item:
    """``floor`` earns nothing, ``full`` the whole ``weight``; of what should be rare ``full`` is
    the smaller."""

    code: str
    weight: float
    floor: float
    full: float

    def points(self, share: Numbers) -> Numbers:
        """Of each share."""
        reached = (share - self.floor) / (self.full - self.floor)
        return np.asarray(self.weight * np.clip(reached, 0.0, 1.0), np.float64)


@dataclass(frozen=True, slots=True)
class Level:
    """A star and the points it takes."""

    star: int
    points: float


@dataclass(frozen=True, slots=True)
class Line:
    """One item of a sheet: the counts, the share they are taken for with its 95 % interval, the
    points, and what they could be."""

    item: str
    hits: int
    n: int
    share: float
    low: float
    high: float
    points: float
    weight: float


@dataclass(frozen=True, slots=True)
class Sheet:
    """``low`` to ``high`` hold the true points, ``star_low`` to ``star_high`` the star they make,
    ``first`` to ``last`` the rank, each with 95 %; ``before`` and ``behind`` count the units that
    this one is surely before or behind."""

    lines: tuple[Line, ...]
    points: float
    low: float
    high: float
    star: int
    star_low: int
    star_high: int
    first: int
    last: int
    before: int
    behind: int


def score(
    items: Sequence[Item],
    counts: Mapping[str, tuple[Sequence[int], Sequence[int]]],
    levels: Sequence[Level],
    *,
    seed: int,
    earlier: Sequence[int | None] = (),
    sure: float = 0.75,
) -> list[Sheet]:
    """One sheet for each unit, in the order of the counts; the same arguments give the same sheets.

    ``counts[item]`` are hits and cases of every unit; a unit without a case is taken for one of
    all, and its interval says so. Where ``earlier`` names the star a unit had, it keeps it until
    draws with a share of ``sure`` say another. Raises BadSheet.
    """
    _refuse(items, counts, levels)
    hits = np.array([counts[item.code][0] for item in items], np.int64)
    n = np.array([counts[item.code][1] for item in items], np.int64)
    signs = [1 if item.full > item.floor else -1 for item in items]
    rng = np.random.default_rng(seed)
    shares = drawn(learn(hits, n, signs), hits, n, DRAWS, rng)
    lines, totals = [], np.zeros((1, DRAWS))
    for at, item in enumerate(items):
        points = item.points(shares[at])
        lines.append(_lines(item, hits[at], n[at], shares[at], points))
        totals = totals + points
    had = list(earlier) or [None] * len(totals)
    return _sheets([*zip(*lines, strict=True)], totals, levels, had, sure)


def _refuse(
    items: Sequence[Item],
    counts: Mapping[str, tuple[Sequence[int], Sequence[int]]],
    levels: Sequence[Level],
) -> None:
    for item in items:
        if item.code not in counts:
            raise BadSheet(f"{item.code}: no counts")
        if item.floor == item.full or item.weight <= 0:
            raise BadSheet(f"{item.code}: floor and full differ, the weight is above 0")
    if len({len(one) for pair in counts.values() for one in pair}) != 1:
        raise BadSheet("every item has counts of the same units")
    points = [level.points for level in levels]
    if not levels or points != sorted(points) or points[0] > 0:
        raise BadSheet("levels rise from one that takes no points")


def _lines(
    item: Item, hits: Counts, n: Counts, shares: Numbers, points: Numbers
) -> list[Line]:  # fmt: skip
    low, high = np.quantile(shares, [(1 - INNER) / 2, (1 + INNER) / 2], axis=1)
    mean, earned = shares.mean(axis=1), points.mean(axis=1)
    return [
        Line(
            item.code, int(hits[at]), int(n[at]), float(mean[at]), float(low[at]), float(high[at]),
            float(earned[at]), item.weight,
        )
        for at in range(len(hits))
    ]  # fmt: skip


def _sheets(
    lines: Sequence[Sequence[Line]],
    drawn: Numbers,
    levels: Sequence[Level],
    earlier: Sequence[int | None],
    sure: float,
) -> list[Sheet]:
    ends = [(1 - INNER) / 2, (1 + INNER) / 2]
    low, high = np.quantile(drawn, ends, axis=1)
    ranks = (-drawn).argsort(axis=0).argsort(axis=0) + 1
    first, last = np.quantile(ranks, ends, axis=1, method="closest_observation")
    before, behind = surely_before(drawn)
    found = []
    for at, own in enumerate(lines):
        points = sum(one.points for one in own)
        star = _star(drawn[at], points, levels, earlier[at], sure)
        found.append(
            Sheet(
                tuple(own), points, float(low[at]), float(high[at]), star,
                reached(float(low[at]), levels), reached(float(high[at]), levels),
                int(first[at]), int(last[at]),
                int(before[at]), int(behind[at]),
            )
        )  # fmt: skip
    return found


def surely_before(drawn: Numbers) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Of each unit, how many it is surely before and how many surely behind: by the difference of
    its draws from another's, taken for normal."""
    mean, spread = drawn.mean(axis=1), drawn.var(axis=1)
    before = np.zeros(len(drawn), np.int64)
    behind = np.zeros(len(drawn), np.int64)
    for at in range(len(drawn)):
        apart = (mean[at] - mean) / np.sqrt(np.maximum(spread[at] + spread, 1e-12))
        before[at], behind[at] = (apart >= _BEFORE).sum(), (apart <= -_BEFORE).sum()
    return before, behind


def reached(points: float, levels: Sequence[Level]) -> int:
    """The star that so many points make."""
    return max(level.star for level in levels if level.points <= points + 1e-9)


def _star(
    drawn: Numbers, points: float, levels: Sequence[Level], had: int | None, sure: float
) -> int:  # fmt: skip
    """What the points say; another than the star it had only where ``sure`` of the draws say
    that it is higher, or lower, than that."""
    now = reached(points, levels)
    if had is None or now == had or had not in {level.star for level in levels}:
        return now
    stars = np.array([reached(float(one), levels) for one in drawn])
    moved = float((stars > had).mean()) if now > had else float((stars < had).mean())
    return now if moved >= sure else had


def gains(item: Item, line: Line, more: int) -> float:
    """The points that ``more`` further cases, all of them good, would add to a line. What the
    counts leave open is taken from how sure the line is: a share with its interval is worth so
    many cases (the variance of a beta law)."""
    spread = max((line.high - line.low) / (2 * 1.959964), 1e-6)
    worth = max(line.share * (1 - line.share) / spread**2 - 1, 1.0)
    hits = line.share * worth + (0 if item.full < item.floor else more)
    ends = np.array([line.share, hits / (worth + more)])
    now, then = item.points(ends)
    return float(max(then - now, 0.0))
