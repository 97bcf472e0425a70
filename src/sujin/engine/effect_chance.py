"""How far chance moves the estimate, where few branches share what happened to them.

The wild cluster bootstrap of Cameron, Gelbach and Miller, "Bootstrap-Based Improvements for
Inference with Clustered Errors" (Review of Economics and Statistics 90, 2008), the null imposed:
residuals of a branch keep together and change sign and size together, by Webb's six weights
(Canadian Journal of Economics 56, 2023). Estimates are divided by the error that leaving out one
branch at a time gives (MacKinnon, Nielsen and Webb, "Fast and reliable jackknife and bootstrap
methods for cluster-robust inference", Journal of Applied Econometrics 38, 2023). An interval holds
the effects that the test does not refuse.
"""

from dataclasses import dataclass
from math import sqrt

import numpy as np

from sujin.engine.effect_panel import Numbers

_WEBB = np.array([-sqrt(1.5), -1.0, -sqrt(0.5), sqrt(0.5), 1.0, sqrt(1.5)])
# Of the draws, so many are enough for the ends of an interval of 95 %.
_DRAWN_FOR_ENDS = 599
_STEPS = 7
_FARTHEST = 200.0


@dataclass(frozen=True, slots=True)
class Interval:
    """A figure and the ends of its interval of 95 %."""

    value: float
    low: float
    high: float


def weights(branches: int, draws: int, seed: int) -> Numbers:
    """Webb's weights for the branches, one row for each draw."""
    return _WEBB[np.random.default_rng(seed).integers(0, 6, (draws, branches))]


@dataclass(frozen=True)
class Trial:
    """What branches add to the estimate of the outcome and of the dose (released, or used), with
    all branches and without each (``Design.shares`` of residuals), and the draws of chance."""

    outcome: Numbers
    dose: Numbers
    drawn: Numbers

    @property
    def estimate(self) -> float:
        return float(self.outcome[0].sum() / self.dose[0].sum())

    @property
    def freedom(self) -> int:
        return int(self.outcome.shape[1]) - 1

    def p(self, effect: float = 0.0) -> float:
        """How often chance alone gives as much, were the effect this one: by Student's law with a
        degree of freedom for each branch but one, or by the bootstrap, whichever is more."""
        from scipy.stats import t

        told = self.outcome - effect * self.dose
        seen = self._seen(told)
        return max(_drawn_p(self.drawn, told, seen), float(2 * t.sf(seen, self.freedom)))

    def interval(self) -> Interval:
        """The effects not refused at 5 %; without bound where none is refused."""
        from scipy.stats import t

        bar = float(t.isf(0.025, self.freedom))
        return Interval(self.estimate, self._end(-1.0, bar), self._end(1.0, bar))

    def _end(self, side: float, bar: float) -> float:
        """Where the test begins to refuse, sought outwards and then between."""
        step = bar * max(self.error, 1e-9)
        inside, outside = 0.0, 1.1 * step
        while not self._refuses(self.estimate + side * outside, bar):
            inside, outside = outside, outside * 1.5
            if outside > _FARTHEST * step:
                return side * np.inf
        inside = max(inside, 0.9 * step if inside == 0.0 else inside)
        for _ in range(_STEPS):
            middle = (inside + outside) / 2
            if self._refuses(self.estimate + side * middle, bar):
                outside = middle
            else:
                inside = middle
        return self.estimate + side * outside

    def _refuses(self, effect: float, bar: float) -> bool:
        told = self.outcome - effect * self.dose
        seen = self._seen(told)
        return seen > bar and _drawn_p(self.drawn[:_DRAWN_FOR_ENDS], told, seen) <= 0.05

    def _seen(self, told: Numbers) -> float:
        return float(np.abs(_t(np.ones((1, told.shape[1])), told))[0])

    @property
    def error(self) -> float:
        """The standard error at the estimate, by leaving out one branch at a time."""
        told = self.outcome - self.estimate * self.dose
        return float(_spread(told[1:].sum(axis=1)[None], np.zeros(1))[0] / abs(self.dose[0].sum()))


def _drawn_p(drawn: Numbers, told: Numbers, seen: float) -> float:
    chance = np.abs(_t(drawn, told))
    return float((1 + np.count_nonzero(chance >= seen * (1 - 1e-9))) / (1 + len(drawn)))


def _t(drawn: Numbers, told: Numbers) -> Numbers:
    whole, left = drawn @ told[0], drawn @ told[1:].T
    ratio: Numbers = whole / np.maximum(_spread(left, whole), 1e-15)
    return ratio


def _spread(left: Numbers, whole: Numbers) -> Numbers:
    """The jackknife's standard error of each row."""
    count = left.shape[1]
    spread: Numbers = np.sqrt((count - 1) / count * ((left - whole[:, None]) ** 2).sum(axis=1))
    return spread
