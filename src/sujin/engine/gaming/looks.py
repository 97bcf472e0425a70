"""One look for each way of gaming: is this case a trial of it, when, and does it look like a hit?

The lengths (how many last days, how many minutes) are the pack's; see ``Lengths``.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sujin.engine.gaming.record import Record

NEAR_LIMIT_DAYS = 7  # so many days before a limit are compared with the last one
OFFICE_HOURS = range(8, 18)
_DAY, _HOUR, _MINUTE = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Lengths:
    """How near counts as near, in the unit of each name."""

    last_days: int = 3
    first_days: int = 5
    brink_hours: int = 24
    hollow_minutes: int = 60
    quick_minutes: int = 60
    early_days: int = 3
    round_minutes: int = 30


@dataclass(frozen=True, slots=True)
class Look:
    """A trial, by the moment that says which period it belongs to; ``before`` counts whole days
    left to a limit, where there is one."""

    at: datetime
    hit: bool
    before: int = -1


def retyped_late(case: Record, by: Lengths) -> Look | None:
    """Of what stopped being a complaint: in the last days of a month."""
    return _in_last_days(case.retyped_at, by)


def retyped_often(case: Record, by: Lengths) -> Look | None:
    """Of what was received: stopped being a complaint, whenever."""
    return Look(case.received_at, case.retyped_at is not None)


def lowered_late(case: Record, by: Lengths) -> Look | None:
    """Of tiers made lighter: in the last days of a month."""
    return _in_last_days(case.lowered_at, by)


def brink(case: Record, by: Lengths) -> Look | None:
    """Of what was answered in the last week before its limit: in the last hours."""
    if case.answered_at is None or case.due_at is None:
        return None
    left = case.due_at - case.answered_at
    if not timedelta(0) <= left < NEAR_LIMIT_DAYS * _DAY:
        return None
    return Look(case.answered_at, left < by.brink_hours * _HOUR, left // _DAY)


def hollow(case: Record, by: Lengths) -> Look | None:
    """Of what was closed: minutes after the record of an investigation, and taken up again."""
    if case.closed_at is None or case.investigated_at is None:
        return None
    quick = case.closed_at - case.investigated_at < by.hollow_minutes * _MINUTE
    return Look(case.closed_at, quick and case.reopened_at is not None)


def praised_quickly(case: Record, by: Lengths) -> Look | None:
    """Of words through the customers' page: content, within minutes of the answer, in working
    hours."""
    if case.said_at is None or case.answered_at is None:
        return None
    soon = timedelta(0) <= case.said_at - case.answered_at < by.quick_minutes * _MINUTE
    at_work = case.said_at.weekday() < 5 and case.said_at.hour in OFFICE_HOURS
    return Look(case.said_at, case.said == "yes" and soon and at_work)


def praised_always(case: Record, by: Lengths) -> Look | None:
    """Of words through the customers' page: content."""
    return None if case.said_at is None else Look(case.said_at, case.said == "yes")


def moved_back(case: Record, by: Lengths) -> Look | None:
    """Of what staff entered in the first days of a month: dated into the month before."""
    if not case.typed or case.entered_at.day > by.first_days:
        return None
    return Look(case.entered_at, case.received_at.month != case.entered_at.month)


def round_times(case: Record, by: Lengths) -> Look | None:
    """Of what staff dated back by hand: to a full or half hour."""
    if not case.typed or case.entered_at - case.received_at < by.round_minutes * _MINUTE:
        return None
    at = case.received_at
    return Look(case.entered_at, at.minute % 30 == 0 and at.second == 0)


def withdrawn_early(case: Record, by: Lengths) -> Look | None:
    """Of customers who were called: withdrew within days of the first call."""
    if case.contacted_at is None:
        return None
    gone = case.withdrawn_at
    soon = gone is not None and gone - case.contacted_at < by.early_days * _DAY
    return Look(case.contacted_at, soon)


def _in_last_days(at: datetime | None, by: Lengths) -> Look | None:
    return None if at is None else Look(at, is_late(at, by.last_days))


def is_late(at: datetime, days: int) -> bool:
    """Whether ``at`` lies in the last ``days`` of its month."""
    return (at + days * _DAY).month != at.month
