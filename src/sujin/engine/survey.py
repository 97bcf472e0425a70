"""What customers said, as a share or as a net promoter score, with how sure one may be of it.

A score of few answers, or of answers that are all alike, misleads without its interval. The net
promoter score has the adjusted Wald interval AW(3, T) of Rocks, The American Statistician 70
(2016), 365-372: three answers are added, three quarters of one at either end and one and a half in
the middle. A share has Wilson's (``engine.proportion``) on the effective number of answers (Kish,
Survey Sampling, 1965, section 8.2; in intervals Korn and Graubard, Survey Methodology 24, 1998).
In a stratified sample a stratum weighs what it has of the population, and what was asked of a
finite population counts for more (Cochran, Sampling Techniques, third edition, 1977, chapter 5).
Whoever did not answer is taken to be like those of the same stratum who did; a stratum in which
nobody answered is named and not guessed at.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from math import hypot, inf, sqrt

from sujin.engine.proportion import Z95

# Rocks' three answers: at the upper end, in the middle, at the lower end.
ADDED = (0.75, 1.5, 0.75)
# One answer at either end of a share: what is known of it before anybody spoke.
ADDED_TO_SHARE = (1.0, 0.0, 1.0)
# A stratum's own spread counts like so many answers spread as all of them are.
BORROWED = 2.0


class Of(StrEnum):
    """What is estimated."""

    SHARE = "share"
    NPS = "nps"


@dataclass(frozen=True, slots=True)
class Answers:
    """What a stratum of ``size`` customers said: ``up`` are promoters, or whoever is content;
    ``down`` detractors, of a share nobody. ``asked`` so many."""

    name: str
    size: int
    up: int
    middle: int
    down: int = 0
    asked: int = 0

    @property
    def n(self) -> int:
        return self.up + self.middle + self.down


@dataclass(frozen=True, slots=True)
class Score:
    """``value`` with its 95 % interval; None where nobody answered. ``n`` answers tell as much as
    ``effective`` drawn one by one. ``missing`` strata are not in it: it covers ``coverage``."""

    value: float | None
    low: float
    high: float
    n: int
    effective: float = 0.0
    asked: int = 0
    missing: tuple[str, ...] = ()
    coverage: float = 1.0

    @property
    def half(self) -> float:
        """Half the width of the interval: the margin."""
        return (self.high - self.low) / 2

    @property
    def response(self) -> float | None:
        """The share of those asked who answered."""
        return self.n / self.asked if self.asked else None


def share(up: int, of: int, *, asked: int = 0) -> Score:
    """The share of ``up`` in ``of`` answers. Raises ValueError when that is none."""
    if not 0 <= up <= of:
        raise ValueError(f"{up} of {of} is no share")
    if of == 0:
        return Score(None, 0.0, 1.0, 0, asked=asked)
    return Score(up / of, *_wilson(up / of, of), of, of, asked)


def nps(promoters: int, passives: int, detractors: int, *, asked: int = 0) -> Score:
    """Promoters less detractors as a share of all answers, from -1 to 1. Raises ValueError for
    counts below nought."""
    if min(promoters, passives, detractors) < 0:
        raise ValueError("no fewer than nobody can answer")
    n = promoters + passives + detractors
    if n == 0:
        return Score(None, -1.0, 1.0, 0, asked=asked)
    low, high = _adjusted_wald(promoters / n, detractors / n, n)
    return Score((promoters - detractors) / n, low, high, n, n, asked)


def stratified(strata: Sequence[Answers], of: Of) -> Score:
    """The population's score from a stratified sample, each stratum with its own weight."""
    heard = [one for one in strata if one.n and one.size]
    missing = tuple(one.name for one in strata if one.size and not one.n)
    asked, whole = sum(one.asked for one in strata), sum(one.size for one in strata)
    told = sum(one.size for one in heard)
    if not heard:
        empty = share(0, 0) if of is Of.SHARE else nps(0, 0, 0)
        return replace(empty, asked=asked, missing=missing, coverage=0.0)
    up = sum(one.size / told * one.up / one.n for one in heard)
    down = sum(one.size / told * one.down / one.n for one in heard)
    effective = _effective(heard, (up, 1 - up - down, down), of)
    value = up if of is Of.SHARE else up - down
    low, high = _wilson(up, effective) if of is Of.SHARE else _adjusted_wald(up, down, effective)
    n = sum(one.n for one in heard)
    return Score(value, low, high, n, effective, asked, missing, told / whole)


def _effective(heard: Sequence[Answers], shares: tuple[float, ...], of: Of) -> float:
    """How many answers drawn one by one from an endless population would tell as much."""
    n, told = sum(one.n for one in heard), sum(one.size for one in heard)
    added = ADDED if of is Of.NPS else ADDED_TO_SHARE
    # Answers that are all alike do not prove that everybody is.
    smooth = [
        (n * part + more) / (n + sum(added)) for part, more in zip(shares, added, strict=True)
    ]
    variance, pooled = 0.0, [0.0, 0.0, 0.0]
    for one in heard:
        own = zip((one.up, one.middle, one.down), smooth, strict=True)
        parts = [(count + BORROWED * part) / (one.n + BORROWED) for count, part in own]
        weight, left = one.size / told, max(0.0, 1 - one.n / one.size)
        variance += weight**2 * left * _spread(parts, of) / one.n
        pooled = [so_far + weight * part for so_far, part in zip(pooled, parts, strict=True)]
    return _spread(pooled, of) / variance if variance > 0 else inf


def _spread(parts: Sequence[float], of: Of) -> float:
    """The variance of one answer."""
    up, _middle, down = parts
    return up * (1 - up) if of is Of.SHARE else up + down - (up - down) ** 2


def _wilson(value: float, of: float) -> tuple[float, float]:
    spread = Z95 * Z95 / of
    middle = (value + spread / 2) / (1 + spread)
    half = Z95 * sqrt(max(0.0, value * (1 - value)) / of + spread / (4 * of)) / (1 + spread)
    return max(0.0, middle - half), min(1.0, middle + half)


def _adjusted_wald(up: float, down: float, of: float) -> tuple[float, float]:
    if of == inf:
        return up - down, up - down
    n = of + sum(ADDED)
    more, less = (of * up + ADDED[0]) / n, (of * down + ADDED[2]) / n
    half = Z95 * sqrt(max(0.0, more + less - (more - less) ** 2) / n)
    return max(-1.0, more - less - half), min(1.0, more - less + half)


@dataclass(frozen=True, slots=True)
class Gap:
    """One score less another, with its 95 % interval."""

    value: float
    low: float
    high: float

    @property
    def is_certain(self) -> bool:
        """Whether nought lies outside the interval."""
        return self.low > 0 or self.high < 0


def gap(one: Score, other: Score) -> Gap | None:
    """By how much ``one`` is above ``other``, as if they were of different people: method 10 of
    Newcombe, Statistics in Medicine 17 (1998), 873-890. None where either says nothing."""
    if one.value is None or other.value is None:
        return None
    value = one.value - other.value
    low = value - hypot(one.value - one.low, other.high - other.value)
    high = value + hypot(one.high - one.value, other.value - other.low)
    return Gap(value, low, high)
