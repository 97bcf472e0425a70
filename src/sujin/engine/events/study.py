"""Event study: how many complaints came because of it, how fast it faded, until when it lasted.

After MacKinlay, "Event Studies in Economics and Finance" (Journal of Economic Literature 35, 1997):
observed less counterfactual, the counterfactual fitted before the event (``baseline``). Every
interval is made of simulated counterfactuals, so it holds the fit's own error and the noise of
days. Half-lives by least squares over a grid, bootstrapped with the days' noise.
"""

from dataclasses import dataclass

import numpy as np

from sujin.engine.events.baseline import Baseline, Numbers, Stretch, fit

DRAWS = 2000
TAIL = 0.025  # of each side: intervals of 95 %
_HALF_LIVES = np.exp(np.linspace(np.log(0.25), np.log(60.0), 90))
_WINDOW = 7
_SMOOTH = np.ones(3) / 3


@dataclass(frozen=True, slots=True)
class Decay:
    """Days until half is left, with its interval; counted from ``peak``, a day of the event."""

    peak: int
    half_life: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Study:
    """``excess`` complaints over the whole stretch, with the interval; ``expected`` and ``daily``
    (observed less expected) day by day; ``lasted`` the last day that was still above what chance
    makes of ordinary days; it and ``decay`` are None without a sure excess."""

    observed: int
    excess: float
    low: float
    high: float
    expected: tuple[float, ...]
    daily: tuple[float, ...]
    lasted: int | None
    decay: Decay | None

    @property
    def is_sure(self) -> bool:
        return self.low > 0


def study(before: Stretch, during: Stretch, *, seed: int) -> Study:
    """Compare the days of the event with what the days before let expect. Raises TooShort."""
    rng = np.random.default_rng(seed)
    base = fit(before)
    observed = np.asarray(during.counts, dtype=np.float64)
    drawn = base.drawn(during.weekdays, rng, DRAWS)
    without = base.noisy(drawn, rng)
    low, high = np.quantile(observed.sum() - without.sum(axis=1), [TAIL, 1 - TAIL])
    means = base.means(during.weekdays)
    daily = observed - means
    return Study(
        observed=int(observed.sum()),
        excess=float(daily.sum()),
        low=float(low),
        high=float(high),
        expected=tuple(means.tolist()),
        daily=tuple(daily.tolist()),
        lasted=_lasted(observed, without) if low > 0 else None,
        decay=_decay(observed, drawn, base, rng) if low > 0 else None,
    )


def _lasted(observed: Numbers, without: Numbers) -> int | None:
    """The last day whose week, ending with it, is beyond the simulated weeks; a whole ordinary week
    after it ends the search, for in a long watch some later week stands out by chance."""
    seen = _weeks(observed[None, :])[0]
    bound = np.quantile(_weeks(without), 1 - TAIL, axis=0)
    above = np.flatnonzero((seen > bound) & (observed > without.mean(axis=0)))
    if not above.size:
        return None
    gaps = np.flatnonzero(np.diff(above) > _WINDOW)
    return int(above[gaps[0]] if gaps.size else above[-1])


def _weeks(days: Numbers) -> Numbers:
    """Sums of the seven days that end with each."""
    totals = np.cumsum(days, axis=1)
    before = np.pad(totals, ((0, 0), (_WINDOW, 0)))[:, : days.shape[1]]
    return np.asarray(totals - before)


def _decay(
    observed: Numbers, drawn: Numbers, base: Baseline, rng: np.random.Generator
) -> Decay | None:
    means = drawn.mean(axis=0)
    smooth = np.convolve(np.pad(observed - means, 1, mode="edge"), _SMOOTH, mode="valid")
    peak = int(np.argmax(smooth))
    tail, around = observed[peak:], means[peak:]
    if tail.size < 3:
        return None
    basis = np.exp2(-np.arange(tail.size)[None, :] / _HALF_LIVES[:, None])
    best, height = _fitted((tail - around)[None, :], around, basis)
    again = base.noisy(drawn[:, peak:], rng) + rng.poisson(
        height[0] * basis[best[0]], drawn[:, peak:].shape
    )
    drawn_best, _heights = _fitted(again - around, around, basis)
    low, high = np.quantile(_HALF_LIVES[drawn_best], [TAIL, 1 - TAIL])
    return Decay(peak, float(_HALF_LIVES[best[0]]), float(low), float(high))


def _fitted(excess: Numbers, around: Numbers, basis: Numbers) -> tuple[np.ndarray, Numbers]:
    """For each row of excesses the half-life of the grid that fits best, and its height."""
    heavy = 1 / np.sqrt(np.maximum(around, 0.5))
    along = (excess * heavy) @ basis.T
    norm = (basis**2 * heavy).sum(axis=1)
    height = np.maximum(along / norm, 0.0)
    best = np.argmax(height * along, axis=1)
    return best, height[np.arange(len(best)), best]
