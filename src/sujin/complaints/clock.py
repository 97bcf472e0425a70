"""The clocks of a case, read from its docket whenever somebody looks."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sujin.complaints.models import Complaint
from sujin.complaints.rulebook import rulebook
from sujin.engine import sla
from sujin.engine.sla import Reading, Tick


@dataclass(frozen=True, slots=True)
class Due:
    """The next moment that would break a limit, and which clock it is; ``None`` when none runs."""

    at: datetime | None
    clock: str


def read(
    ticks: Sequence[Tick], *, kind: str, tier: str, lane: str, now: datetime
) -> tuple[Reading, ...]:
    """Every clock that applies, soonest first. Consultations and suggestions run no legal clock."""
    book = rulebook()
    limits = [row for row in book.limits if kind == "complaint" or row.basis != "law"]
    return sla.read(ticks, limits, book.calendar, tier=tier, lane=lane, now=now, zone=book.zone)


def of(case: Complaint, *, now: datetime) -> tuple[Reading, ...]:
    return read(case.ticks(), kind=case.kind, tier=case.tier, lane=case.lane, now=now)


def due(
    case: Complaint,
    *,
    now: datetime,
    ticks: Sequence[Tick],
    kind: str | None = None,
    tier: str | None = None,
) -> Due:
    """The earliest limit still running, the regulator's own date included."""
    readings = read(ticks, kind=kind or case.kind, tier=tier or case.tier, lane=case.lane, now=now)
    running = [
        (reading.due_at, reading.clock)
        for reading in readings
        if reading.due_at is not None and reading.state in (sla.State.RUNNING, sla.State.OVERDUE)
    ]
    if case.regulator_due_at and case.is_open:
        running.append((case.regulator_due_at, "regulator"))
    return Due(*min(running)) if running else Due(None, "")
