"""Which of several units differ from all of them together, and which only look as if they did.

A league table ranks noise. Here each unit is held against all others together by an exact mid-p
value (hypergeometric: the totals are given), turned into a normal score. Units differ more than
chance for reasons that have nothing to do with their work: the variance that most of them have
between each other is added to that of chance (Spiegelhalter 2005, Statistics in Medicine
24:1185-1202, and Spiegelhalter et al. 2012, Journal of the Royal Statistical Society A 175:1-47:
winsorised scores, additive random effects after DerSimonian and Laird). Of few units, where drawing
in the outermost would hardly touch it, the spread that a unit is judged by is that of the others;
of fewer than five none is taken out, since nothing can be said of it. Of the units then said to
differ, at most a share ``q`` is expected not to (Benjamini and Hochberg 1995, Journal of the Royal
Statistical Society B 57:289-300).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum
from math import sqrt

import numpy as np
import numpy.typing as npt

from sujin.engine import discoveries

WINSORISED = 0.1
# What the mean square of normal scores comes to once their outer tenths are drawn in.
_DRAWN_IN = 0.6787
# From so many units on the outer tenths are drawn in; below so many there is no spread to speak of.
_MANY, _FEWEST = 20, 5
# A score beyond this says no more: the tail of a float ends.
_FARTHEST = 37.0


class Standing(IntEnum):
    """Where a unit's share stands beside that of all."""

    BELOW = -1
    SAME = 0
    ABOVE = 1


@dataclass(frozen=True, slots=True)
class Compared:
    """One for each unit, in their order; ``p`` are two-sided. ``spread`` is how many times as much
    as by chance the scores vary, at least 1; of few units that of the others, in the middle."""

    standings: tuple[Standing, ...]
    p: tuple[float, ...]
    spread: float


def compare(hits: Sequence[int], of: Sequence[int], q: float) -> Compared:
    """``hits[i]`` out of ``of[i]`` of each unit.

    Raises ValueError when there are more hits than cases, or a ``q`` that is no share.
    """
    k, n = np.asarray(hits, np.int64), np.asarray(of, np.int64)
    if len(k) != len(n) or (k < 0).any() or (k > n).any() or not 0 < q < 1:
        raise ValueError("hits lie between 0 and the cases, q between 0 and 1")
    if not len(k) or k.sum() in (0, n.sum()):
        return Compared((Standing.SAME,) * len(k), (1.0,) * len(k), 1.0)
    scores = _scores(k, n)
    spreads = _spreads(scores, n > 0)
    p = _two_sided(scores * _held_back(n, float(k.sum() / n.sum()), spreads))
    told = p <= discoveries.threshold([float(one) for one in p], q)
    standings = (
        Standing(int(np.sign(score))) if is_told else Standing.SAME
        for score, is_told in zip(scores, told, strict=True)
    )
    return Compared(tuple(standings), tuple(float(one) for one in p), float(np.median(spreads)))


def _scores(k: npt.NDArray[np.int64], n: npt.NDArray[np.int64]) -> npt.NDArray[np.float64]:
    """Of each unit against the others together."""
    from scipy.stats import hypergeom, norm

    law = hypergeom(int(n.sum()), int(k.sum()), n)
    half = 0.5 * law.pmf(k)
    upper, lower = law.sf(k) + half, law.cdf(k - 1) + half
    found = np.where(upper < lower, norm.isf(upper), -norm.isf(lower))
    return np.asarray(np.clip(found, -_FARTHEST, _FARTHEST), np.float64)


def _spreads(
    scores: npt.NDArray[np.float64], counts: npt.NDArray[np.bool_]
) -> npt.NDArray[np.float64]:
    """For each unit, how many times as much as by chance scores vary."""
    if counts.sum() < _FEWEST:
        return np.ones(len(scores))
    if counts.sum() >= _MANY:
        low, high = np.quantile(scores[counts], [WINSORISED, 1 - WINSORISED])
        drawn = np.clip(scores[counts], low, high)
        return np.full(len(scores), _beyond(drawn, _DRAWN_IN))
    places = np.arange(len(scores))
    return np.array([_beyond(scores[counts & (places != at)], 1.0) for at in places])


def _beyond(scores: npt.NDArray[np.float64], usual: float) -> float:
    """The mean square, 1 where it is within chance."""
    mean = float(np.mean(scores**2)) / usual
    return mean if mean > 1 + 2 * sqrt(2 / len(scores)) else 1.0


def _held_back(
    n: npt.NDArray[np.int64], share: float, spreads: npt.NDArray[np.float64]
) -> npt.NDArray[np.float64]:
    """By what each score is multiplied for the variance between units."""
    weights = n[n > 0] / (share * (1 - share))
    left = weights.sum() - (weights**2).sum() / weights.sum()
    if left <= 0:
        return np.ones(len(n))
    between = np.maximum((len(weights) * spreads - (len(weights) - 1)) / left, 0.0)
    between = np.where(spreads > 1.0, between, 0.0)
    return np.asarray(1 / np.sqrt(1 + between * n / (share * (1 - share))), np.float64)


def _two_sided(scores: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    from scipy.stats import norm

    return np.asarray(np.minimum(2 * norm.sf(np.abs(scores)), 1.0), np.float64)
