"""The clocks of a case, read from its docket whenever somebody looks."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sujin.complaints import law
from sujin.complaints.models import Complaint
from sujin.complaints.rulebook import rulebook
from sujin.engine import regimes, sla
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
    case: Complaint,
    ticks: Sequence[Tick],
    *,
    now: datetime,
    kind: str | None = None,
    tier: str | None = None,
) -> tuple[Reading, ...]:
    """Every clock that applies, soonest first: the institution's own, and those of the law that the
    case has kept from the day of its receipt. What is no complaint runs no legal clock."""
    is_complaint = (kind or case.kind) == "complaint"
    under = (rulebook().house, *(law.of(case.regimes) if is_complaint else ()))
    readings = regimes.read_all(
        under,
        ticks,
        tier=tier or case.tier,
        lane=case.lane,
        now=now,
        topics=law.topics_of(case.business, case.signals),
    )
    return tuple(sorted(readings, key=_soonest))


def _soonest(reading: Reading) -> tuple[bool, bool, datetime]:
    """Running clocks first, the nearest limit first."""
    is_over = reading.state in (sla.State.MET, sla.State.MISSED, sla.State.LAPSED)
    return is_over, reading.due_at is None, reading.due_at or datetime.max.replace(tzinfo=UTC)


def missing_year(now: datetime) -> int | None:
    """The first year within reach of today's working-day limits whose holidays are not loaded."""
    book = rulebook()
    horizon = (now + HORIZON).astimezone(book.house.zone).date()
    try:
        book.house.calendar.is_workday(horizon)
    except CalendarNotLoaded:
        return horizon.year
    return None


def of(case: Complaint, *, now: datetime) -> tuple[Reading, ...]:
    return read(case, case.ticks(), now=now)


def due(
    case: Complaint,
    *,
    now: datetime,
    ticks: Sequence[Tick],
    kind: str | None = None,
    tier: str | None = None,
) -> Due:
    """The earliest limit still running, the regulator's own date included."""
    readings = read(case, ticks, now=now, kind=kind, tier=tier)
    running = [
        (reading.due_at, reading.clock)
        for reading in readings
        if reading.due_at is not None and _binds(reading)
    ]
    if case.regulator_due_at and case.is_open:
        running.append((case.regulator_due_at, "regulator"))
    return Due(*min(running)) if running else Due(None, "")


def _binds(reading: Reading) -> bool:
    """A limit that is still to be kept; a window is nobody's duty."""
    runs = reading.state in (sla.State.RUNNING, sla.State.OVERDUE)
    return runs and reading.basis != "window"
