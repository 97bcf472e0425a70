"""How good what was said turned out: loss against the naive forecast, the interval, the calls."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from sujin.engine.events.scoring import Scored, Skill, skill
from sujin.engine.series.panel import Counts

_BINS = (0.0, 0.1, 0.25, 0.5, 0.75, 1.0)


@dataclass(frozen=True, slots=True)
class Came:
    """One week that has come: what was said of it and of its being hot, whether it was called hot,
    and whether it was."""

    scored: Scored
    chance: float
    called: bool
    was_hot: bool


@dataclass(frozen=True, slots=True)
class Bin:
    """Weeks whose chance was said to be between ``low`` and ``high``: what was said on average, and
    how many were hot."""

    low: float
    high: float
    n: int
    said: float
    hot: int


@dataclass(frozen=True, slots=True)
class Score:
    """``skill`` of the counts; of the chances Brier's score (1950: the mean squared error of a
    probability) and that of saying the common share every time; ``calls`` that a week be hot, of
    which ``true`` came true, of ``hot`` weeks in all."""

    skill: Skill
    brier: float
    plain_brier: float
    calls: int
    true: int
    hot: int
    bins: tuple[Bin, ...]


def score(weeks: Iterable[Came]) -> Score:
    """All weeks together; of none a score of noughts."""
    came = list(weeks)
    said = np.array([one.chance for one in came])
    hot = np.array([one.was_hot for one in came], dtype=np.float64)
    share = float(hot.mean()) if came else 0.0
    called = [one for one in came if one.called]
    return Score(
        skill(one.scored for one in came),
        float(np.mean((said - hot) ** 2)) if came else 0.0,
        share * (1 - share),
        len(called),
        sum(one.was_hot for one in called),
        int(hot.sum()),
        tuple(_bins(said, hot)),
    )


def _bins(said: Counts, hot: Counts) -> Iterable[Bin]:
    places = np.digitize(said, _BINS[1:-1])
    for place, (low, high) in enumerate(pairwise(_BINS)):
        own = places == place
        if own.any():
            yield Bin(low, high, int(own.sum()), float(np.mean(said[own])), int(hot[own].sum()))
