"""How good a stored forecast was: pinball loss (Koenker and Bassett, Econometrica 46, 1978) beside
the naive forecast, which says that next Tuesday is like the last four Tuesdays.

The naive one gets the quantiles of a Poisson law around that mean: a bare number three times over
would lose to anything that has an interval.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.stats import poisson

LEVELS = (0.1, 0.5, 0.9)
NAIVE_WEEKS = 4


@dataclass(frozen=True, slots=True)
class Skill:
    """Of ``n`` scored days: mean losses, the share of the naive loss that was saved (negative:
    worse than naive; None: nothing to compare), and how often the day fell within .1 to .9."""

    n: int
    loss: float
    naive: float
    within: float

    @property
    def skill(self) -> float | None:
        return 1 - self.loss / self.naive if self.n and self.naive > 0 else None


@dataclass(frozen=True, slots=True)
class Scored:
    """One day that has come: what was said of it, what came, and the naive mean."""

    quantiles: tuple[float, float, float]
    actual: float
    naive: float

    @property
    def loss(self) -> float:
        return pinball(self.quantiles, self.actual)

    @property
    def naive_loss(self) -> float:
        return pinball(naive_quantiles(self.naive), self.actual)


def pinball(quantiles: Sequence[float], actual: float) -> float:
    """The mean over the levels; nought is perfect."""
    pairs = zip(quantiles, LEVELS, strict=True)
    losses = [max(level * (actual - said), (level - 1) * (actual - said)) for said, level in pairs]
    return float(np.mean(losses))


def naive_quantiles(mean: float) -> tuple[float, float, float]:
    """The Poisson quantiles around the mean of the same weekdays."""
    low, mid, high = (float(poisson.ppf(level, max(mean, 1e-9))) for level in LEVELS)
    return low, mid, high


def naive_mean(same_weekdays: Sequence[float]) -> float:
    """Of the last four like days before the forecast was made, latest last."""
    last = same_weekdays[-NAIVE_WEEKS:]
    return float(np.mean(last)) if last else 0.0


def skill(scored: Iterable[Scored]) -> Skill:
    """All scored days together."""
    days = list(scored)
    if not days:
        return Skill(0, 0.0, 0.0, 0.0)
    within = [one.quantiles[0] <= one.actual <= one.quantiles[2] for one in days]
    return Skill(
        len(days),
        float(np.mean([one.loss for one in days])),
        float(np.mean([one.naive_loss for one in days])),
        float(np.mean(within)),
    )
