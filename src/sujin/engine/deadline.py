"""When a limit ends: whole local days or exact hours, moved by the time that did not count."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from sujin.engine.limits import Limit, Unit
from sujin.engine.ticks import Pause
from sujin.engine.workdays import Calendar

_SECOND = timedelta(seconds=1)
_ONE_DAY = timedelta(days=1)
_LAST_SECOND = time(23, 59, 59, fold=1)


@dataclass(frozen=True, slots=True)
class Place:
    """Where days are counted: the calendar of days on and off, and the local time zone."""

    calendar: Calendar
    zone: ZoneInfo


def due(
    limit: Limit, start: datetime, pauses: Sequence[Pause], until: datetime, place: Place
) -> tuple[datetime, timedelta]:
    """When a limit that began at ``start`` ends, knowing the pauses up to ``until``, and how much
    time they exclude. All moments are in UTC. Raises CalendarNotLoaded.

    Pauses move the exact end and the last day is made whole once, so many short pauses gain no
    day each. A pause may begin in the hours that making the last day whole has given; what was
    used of them is not given back, yet no clock runs out while it is paused.
    """
    exact = _exact_end(limit, start, place)
    whole = _whole(limit, exact, place) if limit.roll_to_workday else exact
    return moved(limit, (exact, whole), since=start, pauses=pauses, until=until, place=place)


def moved(
    limit: Limit,
    end: tuple[datetime, datetime],
    *,
    since: datetime,
    pauses: Sequence[Pause],
    until: datetime,
    place: Place,
) -> tuple[datetime, timedelta]:
    """The exact end and what it was made whole to, as the pauses after ``since`` move it; and how
    much time they exclude."""
    exact, ends_at = end
    excluded = timedelta()
    for pause in pauses:
        begins, to = max(pause.since, since), min(pause.until or until, until)
        if begins < to and not is_past(begins, ends_at, limit):
            exact = max(exact, begins) + (to - begins)
            excluded += to - begins
            ends_at = _whole(limit, exact, place)
    return ends_at, excluded


def is_past(moment: datetime, ends_at: datetime, limit: Limit) -> bool:
    """A day lasts until its last second is over; hours end on the instant."""
    return moment > ends_at if limit.unit is Unit.HOUR else moment >= ends_at + _SECOND


def local_day(moment: datetime, zone: ZoneInfo) -> date:
    """The latest local date reached by this moment.

    Where clocks went back over midnight (St. John's until 2011: 00:01 became 23:01) the evening
    comes twice; its second hour belongs to the day that had already begun, or a matter received
    later would end earlier.
    """
    local = moment.astimezone(zone)
    if not local.fold:
        return local.date()
    following = local.date() + _ONE_DAY
    earlier_offset = local.replace(fold=0).utcoffset() or timedelta()
    began = datetime.combine(following, time.min, tzinfo=UTC) - earlier_offset
    has_begun = began.astimezone(zone).date() == following
    return following if has_begun else local.date()


@lru_cache(maxsize=1 << 12)
def end_of_day(day: date, zone: ZoneInfo) -> datetime:
    """23:59:59 local time, in UTC; the later one where clocks go back over it (fold)."""
    return datetime.combine(day, _LAST_SECOND, tzinfo=zone).astimezone(UTC)


def _exact_end(limit: Limit, start: datetime, place: Place) -> datetime:
    """The end before pauses and rolling; for days the last second of one."""
    if limit.unit is Unit.HOUR:
        return start + timedelta(hours=limit.amount)
    day = local_day(start, place.zone)
    if limit.count_start_day:
        day -= _ONE_DAY
    working = limit.unit is Unit.WORKING_DAY
    add = place.calendar.add_working if working else place.calendar.add_natural
    return end_of_day(add(day, limit.amount), place.zone)


def _whole(limit: Limit, exact: datetime, place: Place) -> datetime:
    """The exact end, for days carried to the end of its local day or of the next working day."""
    if limit.unit is Unit.HOUR:
        return exact
    day = local_day(exact, place.zone)
    if limit.ends_on_a_workday:
        day = place.calendar.roll(day)
    return end_of_day(day, place.zone)
