"""Who arrives when: ordinary days by expectation and noise, and on top of them what is planted."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from sujin.complaints.draft import CaseKind
from sujin.lab.dice import generator
from sujin.lab.people import Homes
from sujin.lab.plants import Event, Plants, Wave
from sujin.lab.scenes import Scene, scenes
from sujin.lab.volume import Grid, branch_weights, day_weights, days, noisy

KIND_SHARES = {
    CaseKind.COMPLAINT: 0.76,
    CaseKind.CONSULTATION: 0.19,
    CaseKind.SUGGESTION: 0.03,
    CaseKind.BUD: 0.02,
}
# Plants may fill this much of a story; a smaller story gets smaller plants rather than only plants.
MOST_PLANTED = 0.15


@dataclass(frozen=True, slots=True)
class Arrival:
    """One contact to be told, before it has a customer, a channel or words."""

    day: date
    branch: str
    scene: str
    kind: CaseKind
    wave: str = ""
    event: str = ""


@dataclass(frozen=True, slots=True)
class Ground:
    """The bank's ordinary expectation: days by branches by scenes, for each kind of contact."""

    span: tuple[date, ...]
    branches: tuple[str, ...]
    scenes: tuple[Scene, ...]
    expected: dict[CaseKind, Grid]
    mean_day: float

    def cell(self, wave: Wave) -> Grid:
        """The expectation of the wave's own cell, one number for each day of the story."""
        where = self.branches.index(wave.branch), self._place(wave.scene)
        return np.asarray(self.expected[CaseKind.COMPLAINT][:, where[0], where[1]])

    def _place(self, code: str) -> int:
        return [scene.code for scene in self.scenes].index(code)

    def offset(self, day: date) -> int:
        """Which day of the story this is; negative or beyond its length when outside."""
        return (day - self.span[0]).days


def ground(where: Homes, plants: Plants, start: date, end: date, size: float) -> Ground:
    """The expectation of ``size`` ordinary contacts between two days, interventions included."""
    span = days(start, end)
    shape = day_weights(span)[:, None, None] * branch_weights(where)[None, :, None]
    shape = shape * _effects(where, plants, span)
    expected = {
        kind: np.asarray(shape * share * size / len(span) * _appetite(kind)[None, None, :])
        for kind, share in KIND_SHARES.items()
    }
    return Ground(tuple(span), where.branches, scenes(), expected, size / len(span))


def arrivals(seed: int, base: Ground, plants: Plants, scale: float) -> list[Arrival]:
    """Every contact of the story in a stable order; ``scale`` shrinks the plants."""
    rng = generator("arrivals", seed)
    found = [*_ordinary(rng, base)]
    for wave in plants.waves:
        found += _of_wave(rng, base, wave, scale)
    for event in plants.events:
        found += _of_event(rng, base, event, scale)
    return found


def planted_size(base: Ground, plants: Plants) -> float:
    """How many contacts the plants are expected to bring at full scale."""
    waves = sum(float(_extra(base, wave).sum()) for wave in plants.waves)
    events = sum(float(_pull(base, event).sum()) for event in plants.events)
    return waves + events + sum(group.members for group in plants.groups)


def _appetite(kind: CaseKind) -> Grid:
    """Share of each scene within a kind; suggestions need an idea, buds need a counter."""
    wanted = {
        CaseKind.COMPLAINT: [one.share for one in scenes()],
        CaseKind.CONSULTATION: [one.asked for one in scenes()],
        CaseKind.SUGGESTION: [one.asked if one.invites_ideas else 0.0 for one in scenes()],
        CaseKind.BUD: [one.share for one in scenes()],
    }[kind]
    return np.asarray(np.array(wanted) / sum(wanted), dtype=np.float64)


def _effects(where: Homes, plants: Plants, span: Sequence[date]) -> Grid:
    effects = np.ones((len(span), len(where.branches), len(scenes())))
    codes = [scene.code for scene in scenes()]
    for one in plants.interventions:
        first = max(0, (one.first - span[0]).days)
        rows = [where.branches.index(branch) for branch in one.branches]
        effects[np.ix_(range(first, len(span)), rows, [codes.index(c) for c in one.scenes])] *= (
            one.effect
        )
    return effects


def _ordinary(rng: Generator, base: Ground) -> Iterator[Arrival]:
    for kind, expected in base.expected.items():
        counts = noisy(rng, expected)
        for place in np.argwhere(counts):
            day, branch, scene = place.tolist()
            one = Arrival(base.span[day], base.branches[branch], base.scenes[scene].code, kind)
            yield from [one] * int(counts[day, branch, scene])


def _of_wave(rng: Generator, base: Ground, wave: Wave, scale: float) -> Iterator[Arrival]:
    counts: NDArray[np.int64] = rng.poisson(_extra(base, wave) * scale)
    for day, count in zip(base.span, counts.tolist(), strict=True):
        one = Arrival(day, wave.branch, wave.scene, CaseKind.COMPLAINT, wave=wave.code)
        yield from [one] * count


def _extra(base: Ground, wave: Wave) -> Grid:
    """What a wave adds to its cell on each day of the story."""
    extra = np.maximum(base.cell(wave) * (wave.multiplier - 1), wave.least)
    length = (wave.last - wave.first).days + 1
    ages = np.arange(len(base.span)) - base.offset(wave.first)
    slope = 2 * (ages + 1) / (length + 1) if wave.ramps else np.ones(len(ages))
    return np.where((ages >= 0) & (ages < length), extra * slope, 0.0)


def _of_event(rng: Generator, base: Ground, event: Event, scale: float) -> Iterator[Arrival]:
    weights = base.expected[CaseKind.COMPLAINT].sum(axis=(0, 2))
    counts = rng.poisson(_pull(base, event) * scale)
    codes, shares = list(event.scenes), list(event.scenes.values())
    for day, count in zip(base.span, counts.tolist(), strict=True):
        branches = rng.choice(len(weights), size=count, p=weights / weights.sum())
        told = rng.choice(len(codes), size=count, p=shares)
        asks = rng.random(count) < event.consultations
        for branch, scene, ask in zip(branches.tolist(), told.tolist(), asks.tolist(), strict=True):
            kind = CaseKind.CONSULTATION if ask else CaseKind.COMPLAINT
            yield Arrival(day, base.branches[branch], codes[scene], kind, event=event.code)


def _pull(base: Ground, event: Event) -> Grid:
    """What an event adds to the whole bank on each day of the story."""
    pull = np.zeros(len(base.span))
    for age, value in enumerate(event.curve):
        day = base.offset(event.first + timedelta(days=age))
        if 0 <= day < len(pull):
            pull[day] = value * base.mean_day
    return pull
