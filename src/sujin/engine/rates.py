"""Shares of counts, with how far a small number can be trusted."""

from dataclasses import dataclass
from math import sqrt

# Below this many cases a share is shown with its interval and is never ranked.
FEW = 20
# The normal quantile of a two-sided interval of 95 %.
Z_95 = 1.959963984540054


@dataclass(frozen=True, slots=True)
class Share:
    """``part`` of ``whole``, both counts (or seconds), part at most whole."""

    part: float
    whole: float

    @property
    def rate(self) -> float | None:
        """The share, None of nothing."""
        return self.part / self.whole if self.whole else None

    @property
    def is_small(self) -> bool:
        return 0 < self.whole < FEW

    @property
    def interval(self) -> tuple[float, float]:
        """Wilson's 95 % interval (Wilson 1927); 0 to 1 of nothing."""
        n = self.whole
        if not n:
            return 0.0, 1.0
        p, z2 = self.part / n, Z_95 * Z_95
        middle = (p + z2 / (2 * n)) / (1 + z2 / n)
        half = Z_95 * sqrt(p * (1 - p) / n + z2 / (4 * n * n)) / (1 + z2 / n)
        return max(middle - half, 0.0), min(middle + half, 1.0)
