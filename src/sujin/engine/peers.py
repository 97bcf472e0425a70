"""Published figures of several banks side by side: rates, how far chance moves them, and ranks only
where it cannot have made them.

A count is taken as Poisson; its exact interval is that of Garwood, Biometrika 28 (1936), pages
437-442. Two quarters of one bank are compared given their sum, which makes the share of the later
one binomial (Przyborowski and Wilenski, Biometrika 31, 1940, pages 313-323), with the bounds of
Clopper and Pearson. A rank is a range: behind every bank whose interval lies wholly before, ahead
of every bank whose interval lies wholly behind.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from sujin.engine.proportion import exact_upper

SURE = 0.95


@dataclass(frozen=True, slots=True)
class Rate:
    """A count over a base, with its exact interval."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Rank:
    """From ``best`` to ``worst``, 1 being the fewest complaints."""

    best: int
    worst: int

    @property
    def is_sure(self) -> bool:
        return self.best == self.worst


def poisson(count: float, sure: float = SURE) -> tuple[float, float]:
    """The exact interval of a count. Raises ValueError below nought."""
    from scipy.special import gammaincinv

    if count < 0:
        raise ValueError(f"{count} is no count")
    half = (1 - sure) / 2
    low = float(gammaincinv(count, half)) if count > 0 else 0.0
    return low, float(gammaincinv(count + 1, 1 - half))


def rate(count: float, base: float, scale: float) -> Rate:
    """``count`` for each ``scale`` of the base. Raises ValueError unless the base is above 0."""
    if base <= 0:
        raise ValueError(f"{base} is no base")
    low, high = poisson(count)
    return Rate(*(value / base * scale for value in (count, low, high)))


def ranks(rates: Sequence[Rate]) -> list[Rank]:
    """In the order given."""
    return [
        Rank(
            1 + sum(other.high < one.low for other in rates),
            len(rates) - sum(other.low > one.high for other in rates),
        )
        for one in rates
    ]


def index(value: float, group: Sequence[float]) -> float | None:
    """100 is the middle of the group; None when that is nought, or nobody is in it."""
    middle = median(group) if group else 0.0
    return 100 * value / middle if middle else None


def change(now: int, before: int) -> Rate | None:
    """How much more, as a share of before, with its exact interval; None after nothing."""
    if not before:
        return None
    both, half = now + before, 1 - (1 - SURE) / 2
    high, low = exact_upper(now, both, half), 1 - exact_upper(before, both, half)
    return Rate(now / before - 1, _odds(low) - 1, _odds(high) - 1)


def _odds(share: float) -> float:
    return share / (1 - share) if share < 1 else float("inf")
