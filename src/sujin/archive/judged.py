"""What a scan found: warnings with their series, and what lies below each."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sujin.archive.said import Said


@dataclass(frozen=True, slots=True)
class Line:
    """A series for a picture: counts a period, and the band they were expected in (empty where
    nothing is expected yet). ``alarms`` are the periods that gave a warning."""

    starts: Sequence[date]
    counts: Sequence[float]
    middle: Sequence[float | None]
    low: Sequence[float | None]
    high: Sequence[float | None]
    alarms: frozenset[date] = frozenset()


@dataclass(frozen=True, slots=True)
class Share:
    """A part of a node: how many in the time of the warning, and in such a time before it."""

    name: str
    observed: int
    usual: float

    @property
    def excess(self) -> float:
        return self.observed - self.usual


@dataclass(frozen=True, slots=True)
class Warned:
    """One warning. ``node`` gives the value of every column it names; nothing is everything.
    From ``since`` to ``peak``, when the evidence was strongest, came ``observed`` cases."""

    node: dict[str, str]
    detectors: tuple[str, ...]
    first_alarm: date
    last_alarm: date
    since: date
    peak: date
    observed: float
    expected: float
    low: float
    high: float
    p: float
    evidence: float
    silent_at: float
    relatives: int
    line: Line
    parts: Sequence[tuple[str, Sequence[Share]]]
    cells: Sequence[Share]

    @property
    def name(self) -> Said:
        named = " · ".join(self.node.values())
        return Said(named or "全部", named or "Everything")


@dataclass(frozen=True, slots=True)
class Judged:
    """Warnings, the strongest first; ``context`` are the largest series, warned of or not;
    ``unjudged`` says which of the newest days nobody has judged."""

    warnings: Sequence[Warned]
    context: Sequence[tuple[Said, Line]]
    remarks: Sequence[Said]
    promise: Said
    unjudged: Sequence[Said] = ()
