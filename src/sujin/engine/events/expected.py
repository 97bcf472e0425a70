"""What an event is going to bring, day by day, with an interval: from like events, or the pack.

Totals of like events, per unit of size, are pooled as logarithms and drawn towards the pack's own
figure (normal-normal shrinkage, as in Gelman and others, Bayesian Data Analysis, chapter 5); their
courses over the days are pooled as logarithms, too. Draws of the future are weighed by how well
they explain what has come already, so that the band narrows as the event goes on.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from scipy.special import gammaln

from sujin.engine.events.baseline import Baseline, Numbers
from sujin.engine.events.scoring import LEVELS

DRAWS = 4000
LIKE_LEAST = 3
# What the pack says counts as much as so many events: of the spread, and of the course.
_PACK_SPREAD, _PACK_COURSE = 2.0, 3.0
_TILT = 0.35  # standard deviation of the logarithm of a half-life
_DAY = 0.2  # of a single day's own share
_FLOOR = 1e-3


class Method(StrEnum):
    """What the forecast was made from."""

    LIKE = "like"
    PACK = "pack"


@dataclass(frozen=True, slots=True)
class Shape:
    """A row of the pack: days of rise, height of the peak in complaints per unit of size, days
    until half is left, and the standard deviation of the logarithm of the whole."""

    rise: int
    peak: float
    half_life: float
    spread: float


@dataclass(frozen=True, slots=True)
class Like:
    """An event of the same kind before: its daily excess from its first day on, and its size."""

    excess: tuple[float, ...]
    size: float


@dataclass(frozen=True, slots=True)
class Expected:
    """Quantiles .1, .5 and .9 of all complaints of the stream for each day, the median excess of
    each day and the whole, its interval, by which method and from how many like events."""

    days: tuple[tuple[float, float, float], ...]
    excess: tuple[float, ...]
    total: tuple[float, float, float]
    method: Method
    likes: int


def curve(shape: Shape, days: int) -> Numbers:
    """A straight rise to the peak, then halving every half-life; per unit of size."""
    up = shape.peak * (np.arange(shape.rise) + 1) / (shape.rise + 1)
    down = shape.peak * np.exp2(-np.arange(max(days - shape.rise, 0)) / shape.half_life)
    return np.asarray(np.concatenate([up, down])[:days], dtype=np.float64)


def expect(
    likes: Sequence[Like],
    shape: Shape,
    size: float,
    base: Baseline,
    weekdays: Sequence[int],
    *,
    received: Sequence[int] = (),
    skipped: int = 0,
    seed: int,
) -> Expected:
    """``weekdays`` are all days of the watch from the event's first, ``received`` what has come on
    the first of them; ``skipped`` days lie between what ``base`` was fitted to and the event. With
    fewer than three like events the pack's row alone is the source."""
    rng = np.random.default_rng(seed)
    pack = curve(shape, len(weekdays))
    usable = [one for one in likes if one.size > 0 and one.excess]
    method = Method.LIKE if len(usable) >= LIKE_LEAST else Method.PACK
    kept = usable if method is Method.LIKE else []
    middle, spread = _total(kept, pack, shape.spread)
    course = _course(kept, pack)
    totals = size * np.exp(rng.normal(middle, spread, DRAWS))
    excess = totals[:, None] * _tilted(course, shape.half_life, rng)
    quiet = base.drawn(weekdays, rng, DRAWS, skipped)
    weights = _weights(excess + quiet, np.asarray(received, dtype=np.float64), base.dispersion)
    chosen = rng.choice(DRAWS, DRAWS, p=weights)
    excess, quiet = excess[chosen], quiet[chosen]
    counts = base.noisy(quiet, rng) + rng.poisson(excess)
    days = np.quantile(counts, LEVELS, axis=0).T
    low, mid, high = np.quantile(excess.sum(axis=1), LEVELS).tolist()
    return Expected(
        tuple((row[0], row[1], row[2]) for row in days.tolist()),
        tuple(np.median(excess, axis=0).tolist()),
        (low, mid, high),
        method,
        len(usable),
    )


def _total(likes: Sequence[Like], pack: Numbers, spread: float) -> tuple[float, float]:
    """Mean and standard deviation of the logarithm of the whole excess per unit of size."""
    first = float(np.log(pack.sum()))
    if not likes:
        return first, spread
    seen = np.array([np.log(_whole(one, pack) / one.size) for one in likes])
    n = len(seen)
    between = (_PACK_SPREAD * spread**2 + float(((seen - seen.mean()) ** 2).sum())) / (
        _PACK_SPREAD + n - 1
    )
    precision = 1 / spread**2 + n / between
    middle = (first / spread**2 + float(seen.sum()) / between) / precision
    return middle, float(np.sqrt(between + 1 / precision))


def _whole(like: Like, pack: Numbers) -> float:
    """All that the event brought; of one that is still going on, as the pack's course lets hope."""
    seen = np.asarray(like.excess[: pack.size])
    share = float(pack[: seen.size].sum() / pack.sum())
    return max(float(seen.sum()), 0.5) / max(share, _FLOOR)


def _course(likes: Sequence[Like], pack: Numbers) -> Numbers:
    """Which share of the whole falls on which day, pooled as logarithms."""
    logs = _PACK_COURSE * np.log(pack / pack.sum() + _FLOOR)
    for one in likes:
        seen = np.zeros_like(pack)
        held = np.maximum(np.asarray(one.excess[: pack.size]), 0.0)
        seen[: held.size] = np.convolve(np.pad(held, 1, mode="edge"), np.ones(3) / 3, mode="valid")
        logs = logs + np.log(seen / max(seen.sum(), _FLOOR) + _FLOOR)
    pooled = np.exp(logs / (_PACK_COURSE + len(likes)))
    return np.asarray(pooled / pooled.sum())


def _tilted(course: Numbers, half_life: float, rng: np.random.Generator) -> Numbers:
    """Courses that fade faster or slower, and whose days are uneven: draws by days."""
    slopes = rng.normal(0.0, _TILT * np.log(2) / half_life, DRAWS)
    bent = np.exp(-slopes[:, None] * np.arange(course.size)[None, :])
    uneven = np.exp(rng.normal(0.0, _DAY, (DRAWS, course.size)) - _DAY**2 / 2)
    shares = course[None, :] * bent
    return np.asarray(shares / shares.sum(axis=1, keepdims=True) * uneven)


def _weights(means: Numbers, received: Numbers, dispersion: float) -> Numbers:
    """How well each draw explains what has come, by the quasi-likelihood; all alike when nothing
    has."""
    if not received.size:
        return np.full(len(means), 1 / len(means))
    seen = np.maximum(means[:, : received.size], 1e-6)
    logs = (received * np.log(seen) - seen - gammaln(received + 1)).sum(axis=1) / dispersion
    heavy = np.exp(logs - logs.max())
    return np.asarray(heavy / heavy.sum())
