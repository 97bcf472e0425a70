"""Invented banks with one measure each, whose true effect is known, and what may be taken for it.

Weekly counts of one unit with the measure, ten without, and one to which cases may be moved. All
follow a common course (a random walk and the year's season), each a little differently; every unit
has a level of its own that wanders, and counts more spread than Poisson's.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from math import log1p
from typing import Final

import numpy as np
import numpy.typing as npt

from sujin.engine.verify import Declared, Definition, Observed

Reals = npt.NDArray[np.float64]

BEFORE, AFTER, CONTROLS = 104, 26, 10
_FIRST = date(2023, 1, 2)
_YEAR = 52.18
_DISPERSION = 1.3
CONFOUNDS: Final = ("season", "trend", "autocorrelation", "market", "rerouted", "definition")


@dataclass(frozen=True, slots=True)
class World:
    """What a bank is like: the confounders that are at work, cases a week, and how the level of a
    unit wanders: standard deviation and correlation of its logarithm."""

    name: str
    at_work: frozenset[str] = frozenset()
    level: float = 40.0
    wander: float = 0.08
    memory: float = 0.3


WORLDS: Final = (
    World("plain"),
    World("season", frozenset({"season"})),
    World("trend", frozenset({"trend"})),
    World("autocorrelation", frozenset({"autocorrelation"}), wander=0.15, memory=0.8),
    World("market recovery", frozenset({"market"})),
    World("re-routing", frozenset({"rerouted"})),
    World("definition change", frozenset({"definition"})),
    World("all together", frozenset(CONFOUNDS), wander=0.12, memory=0.6),
)


@dataclass(frozen=True, eq=False)
class Planted:
    """What the verifier sees, and the truth."""

    observed: Observed
    declared: Declared
    effect: float


def planted(world: World, effect: float, number: int, seed: int) -> Iterator[Planted]:
    """So many banks with a measure of this ``effect`` (a share)."""
    for at in range(number):
        rng = np.random.default_rng([seed, WORLDS_BY_NAME.get(world.name, 99), at])
        yield _bank(world, effect, rng)


WORLDS_BY_NAME: Final = {world.name: at for at, world in enumerate(WORLDS)}


def _bank(world: World, effect: float, rng: np.random.Generator) -> Planted:
    weeks = np.arange(BEFORE + AFTER, dtype=np.float64)
    after = weeks >= BEFORE
    common = _common(world, weeks, rng)
    units = [
        _unit(world, common, weeks, world.level * np.exp(rng.normal(0, 0.4)), rng)
        for _ in range(CONTROLS + 1)
    ]
    target = _unit(world, common, weeks, world.level, rng)
    if "trend" in world.at_work:
        target = target * np.exp(rng.normal(-0.1, 0.1) * (weeks - BEFORE) / _YEAR)
    target = target * np.exp(log1p(effect) * after)
    sink = units.pop()
    if "rerouted" in world.at_work:
        moved = rng.uniform(0.15, 0.35) * target * after
        target, sink = target - moved, sink + moved
    target, definitions = _defined(world, target, weeks, rng)
    starts = tuple(_FIRST + timedelta(weeks=int(week)) for week in weeks)
    observed = Observed(
        starts,
        _counts(target, rng),
        {f"unit{nth}": _counts(unit, rng) for nth, unit in enumerate(units)},
        {"elsewhere": _counts(sink, rng)} if "rerouted" in world.at_work else {},
    )
    return Planted(observed, Declared(starts[BEFORE], definitions=definitions), effect)


def _common(world: World, weeks: Reals, rng: np.random.Generator) -> Reals:
    """Logarithms of what moves everybody."""
    found = np.cumsum(rng.normal(0, 0.015, len(weeks)))
    if "season" in world.at_work:
        # High before the start, low after it, as it is for whoever acts when it burns.
        found = found + 0.35 * np.cos(2 * np.pi * (weeks - BEFORE + 8) / _YEAR)
    if "trend" in world.at_work:
        found = found - 0.25 * weeks / _YEAR
    if "market" in world.at_work:
        fall = rng.uniform(0.3, 0.6)
        found = found + fall / (1 + np.exp((weeks - BEFORE - rng.uniform(-4, 4)) / 2))
    return np.asarray(found)


def _unit(
    world: World, common: Reals, weeks: Reals, level: float, rng: np.random.Generator
) -> Reals:
    turn = 2 * np.pi * weeks / _YEAR
    own = rng.normal(0, 0.04) * np.cos(turn) + rng.normal(0, 0.04) * np.sin(turn)
    own += rng.normal(0, 0.05) * (weeks - BEFORE) / _YEAR
    wandering = np.empty(len(weeks))
    wandering[0] = rng.normal(0, world.wander)
    new = rng.normal(0, world.wander * np.sqrt(1 - world.memory**2), len(weeks))
    for week in range(1, len(weeks)):
        wandering[week] = world.memory * wandering[week - 1] + new[week]
    return np.asarray(level * np.exp(common * rng.normal(1, 0.1) + own + wandering))


def _defined(
    world: World, target: Reals, weeks: Reals, rng: np.random.Generator
) -> tuple[Reals, tuple[Definition, ...]]:
    """Fewer things are counted from some day on: before the start by nobody knows how much, or at
    it by a ratio that double coding told."""
    if "definition" not in world.at_work:
        return target, ()
    ratio = rng.uniform(0.6, 0.85)
    at_start = bool(rng.random() < 0.5)
    week = BEFORE if at_start else BEFORE - int(rng.integers(12, 40))
    day = _FIRST + timedelta(weeks=week)
    target = target * np.where(weeks >= week, ratio, 1.0)
    if not at_start:
        return target, (Definition(day),)
    spread = 0.03
    return target, (Definition(day, float(ratio * np.exp(rng.normal(0, spread))), spread),)


def _counts(means: Reals, rng: np.random.Generator) -> Reals:
    spread = _DISPERSION - 1
    return rng.poisson(rng.gamma(means / spread, spread)).astype(np.float64)
