"""Where do more cases come from than its share? Small numbers are drawn towards the whole.

Each area's share of the past says how many of the period's cases it should have had (indirect
standardisation), so season and what rises everywhere cancel out. Observed counts are Poisson about
a ratio of its own; the ratios of all areas follow a gamma law of mean 1 (Clayton and Kaldor,
Biometrics 43, 1987). How far they spread is learnt from the counts, and averaged over instead of
set to its best value, which for few areas is often no spread at all; every spread is as likely
beforehand (Gelman, Bayesian Analysis 1, 2006). An area is judged by the chance that its ratio lies
above a bar (Richardson, Thomson, Best and Elliott, Environmental Health Perspectives 112, 2004),
never by the raw ratio, which is largest where there is least.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.special import gammainc, gammaincc, gammaln, logsumexp

_INNER = 0.95
# What an area without a past is taken to have had: half a case, so that nothing is divided by 0.
_UNSEEN = 0.5
# Standard deviations that the ratios of a bank's areas may have: from all alike to wide apart.
_SPREADS = np.linspace(0.02, 1.5, 38)
# Halvings that find a bound of an interval to a thousandth.
_HALVINGS = 20
Numbers = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Risk:
    """``ratio`` is the smoothed one, ``low`` to ``high`` its 95 % interval; ``exceedance`` the
    chance that the true one lies above the bar that was asked for."""

    observed: int
    expected: float
    ratio: float
    low: float
    high: float
    exceedance: float


def smooth(observed: Sequence[int], usual: Sequence[float], *, above: float = 1.0) -> list[Risk]:
    """One for each area, in order; ``usual`` is how many cases it had in the past."""
    if len(observed) != len(usual):
        raise ValueError(f"{len(observed)} areas were observed, {len(usual)} have a past")
    counts = np.asarray(observed, dtype=np.float64)
    past = np.asarray(usual, dtype=np.float64) + _UNSEEN
    expected = counts.sum() * past / past.sum()
    mix = _Mixture.learnt(counts, expected)
    low, high = mix.quantile((1 - _INNER) / 2), mix.quantile((1 + _INNER) / 2)
    columns = (expected, mix.mean(), low, high, mix.above(np.full_like(counts, above)))
    return [
        Risk(int(count), *map(float, figures))
        for count, *figures in zip(counts, *columns, strict=True)
    ]


@dataclass(frozen=True, slots=True, eq=False)
class _Mixture:
    """What is believed of each area's ratio: a gamma law for every spread (columns), weighted by
    how well that spread explains all counts."""

    shapes: Numbers
    rates: Numbers
    weights: Numbers

    @classmethod
    def learnt(cls, counts: Numbers, expected: Numbers) -> "_Mixture":
        """After the counts were seen."""
        prior = 1 / _SPREADS**2
        shapes, rates = counts[:, None] + prior, expected[:, None] + prior
        told = gammaln(shapes) - gammaln(prior) + prior * np.log(prior) - shapes * np.log(rates)
        likelihood = told.sum(axis=0)
        return cls(shapes, rates, np.exp(likelihood - logsumexp(likelihood)))

    def mean(self) -> Numbers:
        return self._weighed(self.shapes / self.rates)

    def above(self, ratio: Numbers) -> Numbers:
        """The chance that each area's ratio is larger."""
        return self._weighed(gammaincc(self.shapes, self.rates * ratio[:, None]))

    def quantile(self, share: float) -> Numbers:
        """The ratio below which each area's lies with this chance, by halving."""
        low: Numbers = np.zeros(len(self.shapes))
        high: Numbers = 10 * (1 + (self.shapes / self.rates).max(axis=1, initial=0))
        for _ in range(_HALVINGS):
            middle = (low + high) / 2
            below = self._weighed(gammainc(self.shapes, self.rates * middle[:, None]))
            low, high = np.where(below < share, middle, low), np.where(below < share, high, middle)
        return (low + high) / 2

    def _weighed(self, by_spread: Numbers) -> Numbers:
        found: Numbers = np.asarray(by_spread @ self.weights, dtype=np.float64)
        return found
