"""An invented bank whose guidelines and scripts have known effects: what the exam of effects asks.

Branches differ in level and size; the year has a season and a trend; shocks of a branch last for
weeks. Items come to branches one by one, sooner where things stand worse, and some branches never
get them. Staff look an item up when the case is hard, some branches more than others, and more
with the weeks. Only a case in which the item was used is moved by it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from numpy.random import Generator

from sujin.engine.effects import TOLD, Cases, Measure, RollOut
from sujin.lab.dice import generator

Numbers = npt.NDArray[np.float64]
Whole = npt.NDArray[np.int64]
WEEKS = 78
BRANCHES = (8, 40)
CASES = 3.0  # of a topic, a week and branch
BASE = {Measure.REOPENED: 0.14, Measure.ESCALATED: 0.10, Measure.SATISFIED: 0.25}  # 0.25 are not
HOURS, SCATTER, HARD = 6.0, 0.7, 0.35
LEVELS, SEASON, TREND, SHOCK, STAYS = 0.25, 0.12, 0.10, 0.10, 0.7
FIRST, LAST, NEVER = 20, 66, 10**6
ANSWERED = 0.5  # share of customers who answer whether they were satisfied
# What using an item does to the chance of a reopening, of an escalation and of dissatisfaction,
# and to hours, as a share of it.
EFFECTS = (-0.30, -0.20, -0.10, 0.25, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0)


@dataclass(frozen=True)
class Bank:
    """``moved`` is what the items truly did to each case, on the scale of the comparison:
    chances, and logarithms of hours."""

    cases: Cases
    roll_outs: tuple[RollOut, ...]
    effects: tuple[float, ...]
    branches: int
    moved: Mapping[Measure, Numbers]


@dataclass(frozen=True)
class _Place:
    """What an item finds: levels of branch and week for its topic, and its week of release."""

    level: Numbers
    start: Whole
    habit: Numbers


def tell(seed: int, effects: Sequence[float] = EFFECTS, *, drift: float = 0.0) -> Bank:
    """A bank; with ``drift`` the branches that took an item early got better by themselves, by
    such a logarithm over the whole time."""
    rng = generator("effects", seed)
    branches = int(rng.integers(BRANCHES[0], BRANCHES[1] + 1))
    standing = rng.normal(0, LEVELS, branches)
    size = CASES * rng.lognormal(0, 0.4, branches)
    habit = rng.beta(4, 3, branches)
    parts = [
        _topic(rng, item, effect, size, _place(rng, standing, habit, drift))
        for item, effect in enumerate(effects)
    ]
    names = parts[0][0].keys()
    columns = {name: np.concatenate([part[0][name] for part in parts]) for name in names}
    moved = {measure: np.concatenate([part[1][measure] for part in parts]) for measure in TOLD}
    outs = tuple(part[2] for part in parts)
    return Bank(Cases(**columns), outs, tuple(effects), branches, moved)


def _place(rng: Generator, standing: Numbers, habit: Numbers, drift: float) -> _Place:
    branches, week = standing.size, np.arange(WEEKS)
    season = SEASON * np.sin(2 * np.pi * (week / 52 + rng.random()))
    trend = rng.normal(0, TREND) * week / WEEKS
    start = _starts(rng, standing)
    early = np.clip((LAST - start) / (LAST - FIRST), 0, 1)
    away = -drift * early[:, None] * week / WEEKS
    level = standing[:, None] + season + trend + _shocks(rng, branches) + away
    return _Place(level, start, habit)


def _starts(rng: Generator, standing: Numbers) -> Whole:
    """The worse a branch stands, the sooner it asks for the item; chance has more of a say."""
    order = np.argsort(rng.normal(0, 1, standing.size) - 0.5 * standing / LEVELS)
    reached = min(standing.size - 1, round(standing.size * rng.uniform(0.7, 1.0)))
    start = np.full(standing.size, NEVER)
    start[order[:reached]] = np.sort(rng.integers(FIRST, LAST, reached))
    return start


def _shocks(rng: Generator, branches: int) -> Numbers:
    drawn = rng.normal(0, SHOCK, (branches, WEEKS))
    drawn[:, 0] /= (1 - STAYS**2) ** 0.5
    for week in range(1, WEEKS):
        drawn[:, week] += STAYS * drawn[:, week - 1]
    return drawn


_Topic = tuple[dict[str, npt.NDArray[np.generic]], dict[Measure, Numbers], RollOut]


def _topic(rng: Generator, item: int, effect: float, size: Numbers, place: _Place) -> _Topic:
    """The cases that one item is about."""
    count = rng.poisson(size[:, None], place.level.shape)
    branch, week = (np.repeat(axis, count[np.nonzero(count)]) for axis in np.nonzero(count))
    hard = rng.normal(0, 1, branch.size)
    shown, used = _looked_up(rng, week - place.start[branch], hard, place.habit[branch])
    push = np.log1p(effect) * used * rng.uniform(0.7, 1.3, size.size)[branch]
    told, moved = _outcomes(rng, place.level[branch, week] + HARD * hard, push)
    told |= {"branch": branch, "week": week, "item": np.full(branch.size, item)}
    reached = np.nonzero(place.start < NEVER)[0]
    out = RollOut(item, {int(one): int(place.start[one]) for one in reached})
    return told | {"shown": shown, "used": used}, moved, out


def _looked_up(
    rng: Generator, since: Whole, hard: Numbers, habit: Numbers
) -> tuple[npt.NDArray[np.bool_], npt.NDArray[np.bool_]]:
    wont = np.clip((since + 6) / 12, 0.5, 1)  # it takes weeks to become a habit
    chance = wont / (1 + np.exp(-(np.log(habit / (1 - habit)) + 0.9 * hard + 0.6)))
    shown = (since >= 0) & (rng.random(since.size) < 0.9)
    return shown, shown & (rng.random(since.size) < chance)


def _outcomes(
    rng: Generator, load: Numbers, push: Numbers
) -> tuple[dict[str, npt.NDArray[np.generic]], dict[Measure, Numbers]]:
    """The four measures of each case, and what the push did to each."""
    told: dict[str, npt.NDArray[np.generic]] = {}
    moved: dict[Measure, Numbers] = {Measure.HOURS: push}
    for measure, base in BASE.items():
        without, chance = (np.minimum(base * np.exp(each), 0.95) for each in (load, load + push))
        told[measure.value] = (rng.random(load.size) < chance).astype(np.float64)
        moved[measure] = chance - without
    told["hours"] = HOURS * np.exp(load + push + rng.normal(0, SCATTER, load.size))
    silent = rng.random(load.size) >= ANSWERED
    told["satisfied"] = np.where(silent, np.nan, 1.0 - np.asarray(told["satisfied"], float))
    moved[Measure.SATISFIED] = -moved[Measure.SATISFIED]
    return told, moved
