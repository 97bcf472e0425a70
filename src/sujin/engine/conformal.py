"""A threshold with a promise: of the cases that are urgent, at most a share is missed.

Of urgent cases whose truth is known, each has a score: how urgent it looked. A case is missed when
its score is below the threshold. Only urgent cases are looked at, so the promise is about them, not
about all cases (class-conditional conformal prediction: Vovk, "Conditional validity of inductive
conformal predictors", Proceedings of Machine Learning Research 25, 2012).

Two promises can be made. On average: the expected share missed is at most alpha (Angelopoulos,
Bates, Fisch, Lei and Schuster, "Conformal risk control", ICLR 2024). With confidence: the share
missed is at most alpha but for a chance delta of an unlucky calibration ("Learn then test",
Angelopoulos and others, 2021, along one ordered path; the bound is that of Clopper and Pearson,
Biometrika 26, 1934). Both hold as long as the next urgent case comes as those did: exchangeably.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import ceil, floor, log

import numpy as np

# The score of a case that the rules call urgent by themselves: no threshold misses it.
CAUGHT = 2.0
_ROUNDING = 1e-9  # 0.02 * 50 is not quite 1 in floating point


class Method(StrEnum):
    """On average over calibrations, or for all but an unlucky share delta of them."""

    AVERAGE = "average"
    CONFIDENT = "confident"


class CannotPromise(ValueError):
    """No threshold can carry the promise; the message says what is missing."""


@dataclass(frozen=True, slots=True)
class Guarantee:
    """What is promised: a case scoring `threshold` or more is looked at. Of the `n` urgent cases of
    the calibration `missed` score less. `delta` is 0 for a promise on average."""

    threshold: float
    alpha: float
    method: Method
    delta: float
    n: int
    missed: int

    def refers(self, score: float) -> bool:
        """Whether a person must look at a case of this score."""
        return score >= self.threshold


def guarantee(
    scores: Sequence[float],
    *,
    alpha: float,
    method: Method = Method.AVERAGE,
    delta: float = 0.1,
) -> Guarantee:
    """The highest threshold that keeps the promise, from the scores of urgent cases.

    The cases must not have taught the score. Raises CannotPromise when there are fewer of them
    than `fewest` says, ValueError for an alpha, delta or score that is no number in range.
    """
    least = fewest(alpha, method, delta)
    known = np.sort(np.asarray(scores, np.float64))
    if not np.isfinite(known).all():
        raise ValueError("a score is not a number")
    if len(known) < least:
        raise CannotPromise(
            f"{len(known)} urgent cases; a promise of {alpha:.2%} needs at least {least}"
        )
    may_miss = _may_miss(len(known), alpha, method, delta)
    threshold = float(known[may_miss])
    missed = int(np.searchsorted(known, threshold, side="left"))
    given = delta if method is Method.CONFIDENT else 0.0
    return Guarantee(threshold, alpha, method, given, len(known), missed)


def fewest(alpha: float, method: Method = Method.AVERAGE, delta: float = 0.1) -> int:
    """How many urgent cases a calibration needs: with fewer, not even a threshold that misses none
    of them proves anything. On average (n + 1) alpha must reach 1."""
    if not 0 < alpha < 1 or not 0 < delta < 1:
        raise ValueError("alpha and delta lie between 0 and 1")
    if method is Method.AVERAGE:
        return ceil(1 / alpha - 1 - _ROUNDING)
    return ceil(log(delta) / log(1 - alpha) - _ROUNDING)


def _may_miss(n: int, alpha: float, method: Method, delta: float) -> int:
    """How many of `n` urgent cases of the calibration may lie below the threshold."""
    if method is Method.AVERAGE:
        return floor(alpha * (n + 1) + _ROUNDING) - 1
    from scipy.stats import binom

    # Clopper and Pearson: the upper bound of k misses is at most alpha exactly when so few would
    # be rare, were alpha the truth. Thresholds are tried from the safest on and stop at the first
    # that fails.
    counts = np.arange(n)
    return int(np.argmin(binom.cdf(counts, n, alpha) <= delta)) - 1
