"""Which of several units differ from all of them together, and which only look as if they did.

A league table ranks noise. Here each unit's count is held against the share of all units by an
exact binomial mid-p value, turned into a normal score. Units differ more than chance for reasons
that have nothing to do with their work: the variance that most of them have between each other is
added to that of chance (Spiegelhalter 2005, Statistics in Medicine 24:1185-1202, and Spiegelhalter
et al. 2012, Journal of the Royal Statistical Society A 175:1-47: winsorised scores, additive random
effects after DerSimonian and Laird). Of the units then said to differ, at most a share ``q`` is
expected not to (Benjamini and Hochberg 1995, Journal of the Royal Statistical Society B
57:289-300).
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
    as by chance the scores vary, at least 1."""

    standings: tuple[Standing, ...]
    p: tuple[float, ...]
    spread: float


def compare(hits: Sequence[int], of: Sequence[int], share: float, q: float) -> Compared:
    """``hits[i]`` out of ``of[i]`` where all units together have ``share``.

    Raises ValueError when there are more hits than cases, or a share that is none.
    """
    k, n = np.asarray(hits, np.int64), np.asarray(of, np.int64)
    if len(k) != len(n) or (k < 0).any() or (k > n).any() or not 0 <= share <= 1 or not 0 < q < 1:
        raise ValueError("hits lie between 0 and the cases; share and q between 0 and 1")
    if not len(k) or share in (0.0, 1.0):
        return Compared((Standing.SAME,) * len(k), (1.0,) * len(k), 1.0)
    scores = _scores(k, n, share)
    spread = _spread(scores[n > 0])
    p = _two_sided(scores * _held_back(n, share, spread))
    told = p <= discoveries.threshold([float(one) for one in p], q)
    standings = (
        Standing(int(np.sign(score))) if is_told else Standing.SAME
        for score, is_told in zip(scores, told, strict=True)
    )
    return Compared(tuple(standings), tuple(float(one) for one in p), spread)


def _scores(
    k: npt.NDArray[np.int64], n: npt.NDArray[np.int64], share: float
) -> npt.NDArray[np.float64]:
    from scipy.stats import binom, norm

    half = 0.5 * binom.pmf(k, n, share)
    upper, lower = binom.sf(k, n, share) + half, binom.cdf(k - 1, n, share) + half
    found = np.where(upper < lower, norm.isf(upper), -norm.isf(lower))
    return np.asarray(np.clip(found, -_FARTHEST, _FARTHEST), np.float64)


def _spread(scores: npt.NDArray[np.float64]) -> float:
    """The mean square of the scores, the outermost drawn in; 1 where that is within chance."""
    if len(scores) < 2:
        return 1.0
    low, high = np.quantile(scores, [WINSORISED, 1 - WINSORISED])
    mean = float(np.mean(np.clip(scores, low, high) ** 2)) / _DRAWN_IN
    return mean if mean > 1 + 2 * sqrt(2 / len(scores)) else 1.0


def _held_back(n: npt.NDArray[np.int64], share: float, spread: float) -> npt.NDArray[np.float64]:
    """By what each score is multiplied for the variance between units."""
    weights = n[n > 0] / (share * (1 - share))
    if spread == 1.0 or len(weights) < 2:
        return np.ones(len(n))
    left = weights.sum() - (weights**2).sum() / weights.sum()
    between = max((len(weights) * spread - (len(weights) - 1)) / left, 0.0)
    return np.asarray(1 / np.sqrt(1 + between * n / (share * (1 - share))), np.float64)


def _two_sided(scores: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    from scipy.stats import norm

    return np.asarray(np.minimum(2 * norm.sf(np.abs(scores)), 1.0), np.float64)
