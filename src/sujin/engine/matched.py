"""Do two kinds of customers fare differently, once like is compared with like?

Customers are put into strata of their equals; within each the two kinds are compared, and the
strata are put together by the weights of Mantel and Haenszel (Journal of the National Cancer
Institute 22, 1959, pages 719-748), with the interval of Greenland and Robins for the ratio of risks
(Biometrics 41, 1985, pages 55-68). A stratum with one kind alone says nothing and is left out.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp, log, sqrt

from sujin.engine.proportion import Z95


@dataclass(frozen=True, slots=True)
class Stratum:
    """``hits`` of ``n`` of the kind that is asked about, ``other_hits`` of ``other_n`` besides."""

    hits: int
    n: int
    other_hits: int
    other_n: int


@dataclass(frozen=True, slots=True)
class Ratio:
    """The risk of the kind asked about for each of the other; its 95 % interval None where one of
    them has no hit. ``n`` and ``other_n`` are those in strata that count."""

    value: float | None
    low: float | None
    high: float | None
    n: int
    other_n: int

    @property
    def tells(self) -> bool:
        """Whether the interval leaves 1 out."""
        return self.low is not None and self.high is not None and not self.low <= 1 <= self.high


def compare(strata: Sequence[Stratum]) -> Ratio:
    """Raises ValueError when a stratum has more hits than customers."""
    for one in strata:
        if not (0 <= one.hits <= one.n and 0 <= one.other_hits <= one.other_n):
            raise ValueError(f"{one} has more hits than customers")
    both = [one for one in strata if one.n and one.other_n]
    above = sum(one.hits * one.other_n / (one.n + one.other_n) for one in both)
    below = sum(one.other_hits * one.n / (one.n + one.other_n) for one in both)
    n, other_n = sum(one.n for one in both), sum(one.other_n for one in both)
    if not above or not below:
        return Ratio(0.0 if below else None, None, None, n, other_n)
    ratio, half = above / below, Z95 * sqrt(_variance(both) / (above * below))
    return Ratio(ratio, exp(log(ratio) - half), exp(log(ratio) + half), n, other_n)


def _variance(both: Sequence[Stratum]) -> float:
    total = 0.0
    for one in both:
        size, hits = one.n + one.other_n, one.hits + one.other_hits
        total += (one.n * one.other_n * hits - one.hits * one.other_hits * size) / size**2
    return total
