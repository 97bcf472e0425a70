"""Invented months of dissatisfied customers, of whom everything is known: who complained, who
showed it otherwise, and who never said a word."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sujin.engine.silent import Lists
from sujin.lab.dice import generator

MONTHS, RECENT = 12, 3
COMPLAINS, SHOWS = -1.0, -0.6  # log-odds of either sign for the middle customer


@dataclass(frozen=True, slots=True)
class World:
    """What changes in the last three months: how many are dissatisfied (``fewer``), how likely a
    dissatisfied customer complains (``harder``), how many of the deterred ask again instead
    (``asks_instead``). ``alike``: how much the two signs go together in one customer.
    ``strays``: content customers who newly look as if they were not, for each dissatisfied one."""

    name: str
    fewer: float = 1.0
    harder: float = 1.0
    asks_instead: float = 0.0
    alike: float = 0.0
    strays: float = 0.0


def months(world: World, seed: int, size: int) -> tuple[list[Lists], list[int]]:
    """The lists of twelve months, and how many were dissatisfied in each."""
    rng = generator(f"hushed-{world.name}", seed)
    found, truth = [], []
    for month in range(MONTHS):
        is_new = month >= MONTHS - RECENT
        n = int(rng.poisson(size * (world.fewer if is_new else 1.0)))
        found.append(_month(world, rng, n, is_new))
        truth.append(n)
    return found, truth


def _month(world: World, rng: np.random.Generator, n: int, is_new: bool) -> Lists:
    upset = world.alike * rng.standard_normal(n)
    complains = _drawn(rng, COMPLAINS + upset)
    shows = _drawn(rng, SHOWS + upset)
    if is_new:
        deterred = complains & (rng.random(n) >= world.harder)
        complains &= ~deterred
        shows |= deterred & (rng.random(n) < world.asks_instead)
    strays = int(rng.poisson(n * world.strays)) if is_new else 0
    return Lists(
        int((complains & shows).sum()),
        int((complains & ~shows).sum()),
        int((shows & ~complains).sum()) + strays,
    )


def _drawn(rng: np.random.Generator, odds: npt.NDArray[np.float64]) -> npt.NDArray[np.bool_]:
    drawn: npt.NDArray[np.bool_] = rng.random(len(odds)) < 1 / (1 + np.exp(-odds))
    return drawn


def spans(found: Sequence[Lists]) -> tuple[Lists, Lists]:
    """What came before the last three months, and these."""
    return sum(found[:-RECENT], Lists()), sum(found[-RECENT:], Lists())
