"""The clocks of a case, read from its docket whenever somebody looks."""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sujin.complaints.models import Complaint
from sujin.complaints.rulebook import rulebook
from sujin.engine import sla
from sujin.engine.sla import Reading, Tick
from sujin.engine.workdays import CalendarNotLoaded

# The longest working-day limit of a pack stays well inside this.
HORIZON = timedelta(days=21)


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
    readings: list[Reading] = []
    for name in dict.fromkeys(row.clock for row in limits):
        rows = [row for row in limits if row.clock == name]
        # A working-day limit cannot be read into a year whose holidays are not known yet. That
        # must not stop a complaint: the others run, and the screen names the year that is missing.
        with suppress(CalendarNotLoaded):
            readings += sla.read(
                ticks, rows, book.calendar, tier=tier, lane=lane, now=now, zone=book.zone
            )
    return tuple(sorted(readings, key=_soonest))


def _soonest(reading: Reading) -> tuple[bool, bool, datetime]:
    """Running clocks first, the nearest limit first."""
    is_over = reading.state in (sla.State.MET, sla.State.MISSED)
    return is_over, reading.due_at is None, reading.due_at or datetime.max.replace(tzinfo=UTC)


def missing_year(now: datetime) -> int | None:
    """The first year within reach of today's working-day limits whose holidays are not loaded."""
    book = rulebook()
    horizon = (now + HORIZON).astimezone(book.zone).date()
    try:
        book.calendar.is_workday(horizon)
    except CalendarNotLoaded:
        return horizon.year
    return None


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
