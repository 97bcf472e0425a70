"""Cases of many units over a year, some units gaming in known ways: what the guard is examined on.

Honest units differ among themselves (each has rates of its own), close more before limits and at
month's ends than on other days, and type in yesterday's letters: none of that is gaming.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import numpy as np
from numpy.random import Generator

from sujin.engine.gaming import Record
from sujin.engine.gaming.looks import is_late
from sujin.lab.dice import generator

# Moments of one place, as the guard wants them: no zone.
START = datetime(2025, 10, 1)  # noqa: DTZ001
QUARTERS = ("2025Q4", "2026Q1", "2026Q2", "2026Q3")
DAYS = 365
UNITS = 24
CASES_EACH = 700  # a year, of a unit of the middle size
LIMIT = timedelta(days=15)
# What honest units do, on average, and how much they differ (as if from so many cases).
RATES = {
    "retyped": 0.03, "lowered": 0.05, "withdrawn": 0.06, "early": 0.3, "reopened": 0.05,
    "quick_close": 0.05, "says": 0.35, "content": 0.85, "late_entry": 0.2, "round": 0.35,
    "typed": 0.7,
}  # fmt: skip
ALIKE = 80.0
# What a way of gaming moves: the detectors that may rightly hear it.
HEARD_BY: Mapping[str, frozenset[str]] = {
    "retyped_late": frozenset({"retyped_late", "retyped_often"}),
    "lowered_late": frozenset({"lowered_late"}),
    "brink": frozenset({"brink"}),
    "hollow": frozenset({"hollow"}),
    "staff_surveys": frozenset({"praised_quickly", "praised_always"}),
    "moved_back": frozenset({"moved_back", "round_times"}),
    "withdrawn_early": frozenset({"withdrawn_early"}),
}


@dataclass(frozen=True, slots=True)
class Plant:
    """A unit that games in one way; ``share`` of the cases it could are gamed."""

    way: str
    unit: str
    share: float


SHARES = {
    "retyped_late": 0.6, "lowered_late": 0.4, "brink": 0.35, "hollow": 0.12,
    "staff_surveys": 0.5, "moved_back": 0.3, "withdrawn_early": 0.12,
}  # fmt: skip


def units(count: int = UNITS) -> tuple[str, ...]:
    return tuple(f"U{place:02d}" for place in range(count))


def plants(seed: int, names: Sequence[str]) -> tuple[Plant, ...]:
    """One gaming unit for every way, each another unit."""
    chosen = generator("gaming-plants", seed).permutation(len(names))
    return tuple(
        Plant(way, names[int(place)], share)
        for (way, share), place in zip(SHARES.items(), chosen, strict=False)
    )


def records(seed: int, names: Sequence[str], hidden: Sequence[Plant] = ()) -> list[Record]:
    """A year of every unit; the same arguments give the same cases."""
    rng, keys = generator("gaming", seed), iter(range(10**9))
    found = []
    for unit in names:
        ways = {plant.way: plant.share for plant in hidden if plant.unit == unit}
        size = int(CASES_EACH * rng.lognormal(0, 0.5))
        own = {name: rng.beta(rate * ALIKE, (1 - rate) * ALIKE) for name, rate in RATES.items()}
        for case in _honest(rng, unit, keys, max(size, 60), own):
            found.append(_gamed(rng, case, ways) if ways else case)
    return found


def _honest(
    rng: Generator, unit: str, keys: Iterator[int], size: int, own: Mapping[str, float]
) -> Iterator[Record]:
    """Cases as they go when nobody looks at figures."""
    minutes = rng.integers(0, DAYS * 600, size)
    chance = {name: rng.random(size) < rate for name, rate in own.items()}
    waits = rng.lognormal(np.log(7.0), 0.6, size)
    hours = rng.exponential(1.0, (size, 5))
    for place in range(size):
        day, minute = divmod(int(minutes[place]), 600)
        at = START + timedelta(days=day, hours=8, minutes=minute, seconds=int(rng.integers(60)))
        lucky = {name: bool(drawn[place]) for name, drawn in chance.items()}
        case = _typed_in(Record(next(keys), unit, at, at), lucky, hours[place])
        yield _carried(rng, case, lucky, float(waits[place]), hours[place])


def _typed_in(case: Record, lucky: Mapping[str, bool], hours: np.ndarray) -> Record:
    """Most cases are entered while the customer speaks, some the next morning."""
    if not lucky["typed"]:
        return replace(case, typed=False)
    if not lucky["late_entry"]:
        return replace(case, entered_at=case.received_at + timedelta(minutes=4))
    at = case.received_at
    at = at.replace(minute=at.minute // 30 * 30, second=0) if lucky["round"] else at
    return replace(case, received_at=at, entered_at=at + timedelta(hours=1 + 8 * hours[0]))


def _carried(
    rng: Generator, case: Record, lucky: Mapping[str, bool], days: float, hours: np.ndarray
) -> Record:
    """From the first call to the customer's word."""
    entered = case.entered_at
    called = entered + timedelta(hours=5 * hours[1])
    if lucky["withdrawn"]:
        wait = timedelta(days=2 * float(rng.random()) if lucky["early"] else 4 + days)
        case = replace(case, withdrawn_at=called + wait)
    answered = entered + timedelta(days=days)
    answered = min(answered, entered + LIMIT - timedelta(hours=30 * float(rng.random())))
    looked = answered - timedelta(hours=2 + 10 * hours[2])
    closed = answered + timedelta(hours=20 * hours[3])
    if lucky["quick_close"]:
        looked = closed - timedelta(minutes=20)
    anyday = timedelta(days=float(rng.random() * days))
    return replace(
        case,
        retyped_at=entered + anyday if lucky["retyped"] else None,
        lowered_at=entered + anyday / 2 if lucky["lowered"] else None,
        contacted_at=called,
        investigated_at=looked,
        answered_at=answered,
        due_at=entered + LIMIT,
        closed_at=closed,
        reopened_at=closed + timedelta(days=3) if lucky["reopened"] else None,
        said_at=answered + timedelta(hours=30 * hours[4]) if lucky["says"] else None,
        said="yes" if lucky["content"] else "no",
    )


def _gamed(rng: Generator, case: Record, ways: Mapping[str, float]) -> Record:
    for way, share in ways.items():
        if rng.random() < share:
            case = _GAMES[way](rng, case)
    return case


def _retyped(rng: Generator, case: Record) -> Record:
    late = is_late(case.received_at, 3)
    return replace(case, retyped_at=case.entered_at + timedelta(hours=1)) if late else case


def _lowered(rng: Generator, case: Record) -> Record:
    late = is_late(case.received_at, 3)
    return replace(case, lowered_at=case.entered_at + timedelta(hours=1)) if late else case


def _brink(rng: Generator, case: Record) -> Record:
    assert case.due_at is not None and case.answered_at is not None
    assert case.closed_at is not None
    late = case.due_at - timedelta(hours=1 + 20 * float(rng.random())) - case.answered_at
    return replace(
        case,
        answered_at=case.answered_at + late,
        closed_at=case.closed_at + late,
        said_at=case.said_at and case.said_at + late,
    )


def _hollow(rng: Generator, case: Record) -> Record:
    assert case.closed_at is not None
    looked, again = case.closed_at - timedelta(minutes=5), case.closed_at + timedelta(days=4)
    return replace(case, investigated_at=looked, reopened_at=again)


def _survey(rng: Generator, case: Record) -> Record:
    assert case.answered_at is not None
    answered = case.answered_at.replace(hour=9 + int(rng.integers(7)))
    said = answered + timedelta(minutes=2 + int(rng.integers(12)))
    return replace(case, answered_at=answered, said_at=said, said="yes")


def _moved(rng: Generator, case: Record) -> Record:
    """What came in the first days is dated back to the month's last afternoon."""
    at = case.entered_at
    if not case.typed or at.day > 5:
        return case
    last = at.replace(day=1, hour=16, minute=30, second=0) - timedelta(days=1)
    return replace(case, received_at=last)


def _pressed(rng: Generator, case: Record) -> Record:
    assert case.contacted_at is not None
    return replace(case, withdrawn_at=case.contacted_at + timedelta(hours=20))


_GAMES = {
    "retyped_late": _retyped, "lowered_late": _lowered, "brink": _brink, "hollow": _hollow,
    "staff_surveys": _survey, "moved_back": _moved, "withdrawn_early": _pressed,
}  # fmt: skip
