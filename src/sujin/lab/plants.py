"""What is hidden in the story: waves, events, interventions, organised agents and gaming.

Dates are fractions of the story's span so that a story of any length has them all. Each plant says
what should be found; what really fell is counted from the truth records.
"""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from sujin.lab.dice import dice
from sujin.lab.people import Homes, phone, staff_name
from sujin.lab.phrases import table
from sujin.lab.scenes import scene


class EventKind(StrEnum):
    """Where an event comes from."""

    NEWS = "news"
    OWN_POLICY = "own_policy"
    OUTAGE = "outage"
    MARKET = "market"
    OTHER_AGENCY = "other_agency"


@dataclass(frozen=True, slots=True)
class Wave:
    """More of one scene in one branch for some days; ``outlet`` when it is one outlet's trouble.

    Each day brings ``multiplier`` times the cell's expectation, and never fewer than ``least``
    beyond it (a small bank's cells would hide any multiple). ``ramps`` means it grows slowly.
    """

    code: str
    branch: str
    scene: str
    business: str
    cause: str
    first: date
    last: date
    multiplier: float
    least: float
    ramps: bool = False
    outlet: str = ""


@dataclass(frozen=True, slots=True)
class Event:
    """Something that moves the whole bank: scenes it feeds (with shares) and its daily curve.

    ``curve`` starts on ``first`` and is in multiples of the mean day of the whole bank.
    """

    code: str
    kind: EventKind
    title: str
    first: date
    lines: tuple[str, ...]
    scenes: Mapping[str, float]
    curve: tuple[float, ...]
    consultations: float


@dataclass(frozen=True, slots=True)
class Intervention:
    """From ``first`` on, these scenes come ``effect`` times as often in these branches.

    An effect of one is a sham: announced, and without any consequence.
    """

    code: str
    title: str
    branches: tuple[str, ...]
    scenes: tuple[str, ...]
    first: date
    effect: float


@dataclass(frozen=True, slots=True)
class AgentGroup:
    """Organised agents: many principals, one text with small edits, one telephone, one letter."""

    code: str
    first: date
    last: date
    members: int
    scene: str
    variant: int
    agent: str
    phone: str
    authority: str


@dataclass(frozen=True, slots=True)
class Gaming:
    """A branch that re-types complaints as consultations in the last days of each month."""

    code: str
    branch: str
    last_days: int
    share: float


@dataclass(frozen=True, slots=True)
class Habit:
    """What a branch does otherwise than the others, told by its desks in ``lab.past``.

    ``size`` is a share of the cases it could be done to, or a factor on what is granted.
    """

    code: str
    what: str
    branch: str
    size: float


@dataclass(frozen=True, slots=True)
class Plants:
    """Everything hidden in one story."""

    waves: tuple[Wave, ...]
    events: tuple[Event, ...]
    interventions: tuple[Intervention, ...]
    groups: tuple[AgentGroup, ...]
    gaming: tuple[Gaming, ...]
    habits: tuple[Habit, ...] = ()


# A branch is named by its place in the plan, so that a plan of any size has it.
GAMING_BRANCH = 6
HABITS = (
    ("G2", "lowered_late", 3, 0.7),
    ("G3", "staff_surveys", 8, 0.5),
    ("D1", "mean", 4, 0.65),
    ("D2", "generous", 7, 1.5),
    ("D3", "erratic", 9, 2.5),
)


def planted(seed: int, where: Homes, start: date, end: date) -> Plants:
    """The plants of a story; they depend on nothing but these four."""
    span = (end - start).days
    return Plants(
        tuple(_waves(where, start, span)),
        tuple(_events(start, span)),
        tuple(_interventions(where, start, span)),
        tuple(_groups(seed, start, span)),
        (Gaming("G1", _branch(where, GAMING_BRANCH), last_days=3, share=0.6),),
        tuple(Habit(code, what, _branch(where, at), size) for code, what, at, size in HABITS),
    )


def _branch(where: Homes, place: int) -> str:
    return where.branches[place % len(where.branches)]


def _waves(where: Homes, start: date, span: int) -> Iterable[Wave]:
    for row in table("waves"):
        branch, first = _branch(where, int(row["branch"])), _day(row, start, span)
        what = scene(row["scene"])
        yield Wave(
            row["code"],
            branch,
            what.code,
            what.business,
            what.cause,
            first,
            first + timedelta(days=int(row["days"]) - 1),
            float(row["multiplier"]),
            float(row["least"]),
            bool(row["ramps"]),
            where.outlets[branch][0] if row["one_outlet"] else "",
        )


def _events(start: date, span: int) -> Iterable[Event]:
    for row in table("events"):
        yield Event(
            row["code"],
            EventKind(row["kind"]),
            row["title"],
            _day(row, start, span),
            tuple(row["lines"].split()),
            _shares(row["scenes"]),
            _curve(int(row["days"]), int(row["rise"]), float(row["peak"]), float(row["half_life"])),
            float(row["asking"]),
        )


def _day(row: dict[str, str], start: date, span: int) -> date:
    return start + timedelta(days=int(span * float(row["start"])))


def _shares(fed: str) -> dict[str, float]:
    pairs = [pair.split(":") for pair in fed.split()]
    total = sum(float(share) for _, share in pairs)
    return {name: float(share) / total for name, share in pairs}


def _curve(length: int, rise: int, peak: float, half_life: float) -> tuple[float, ...]:
    """A straight rise of some days to the peak, then a decay by half every half-life."""
    up = [peak * (day + 1) / (rise + 1) for day in range(rise)]
    down = [peak * math.exp2(-day / half_life) for day in range(length - rise)]
    return tuple(round(value, 4) for value in (*up, *down))


def _interventions(where: Homes, start: date, span: int) -> Iterable[Intervention]:
    for row in table("interventions"):
        named = row["branches"]
        places = range(len(where.branches)) if named == "all" else map(int, named.split())
        yield Intervention(
            row["code"],
            row["title"],
            tuple(dict.fromkeys(_branch(where, place) for place in places)),
            tuple(row["scenes"].split()),
            _day(row, start, span),
            float(row["effect"]),
        )


def _groups(seed: int, start: date, span: int) -> Iterable[AgentGroup]:
    rng = dice("agents", seed)
    for row in table("agents"):
        first = _day(row, start, span)
        yield AgentGroup(
            row["code"],
            first,
            first + timedelta(days=int(row["days"])),
            int(row["members"]),
            row["scene"],
            int(row["variant"]),
            staff_name(rng),
            phone(rng),
            f"授权委托书（统一打印版，编号{row['code']}-{first:%Y}，代理权限：全权代理）",
        )
