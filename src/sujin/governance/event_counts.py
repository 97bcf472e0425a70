"""An event's stream: the cases that may be about it, counted by days. Every figure of an event is
one of these cases, so that each opens what it counts."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from functools import reduce
from operator import or_
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Count, Min, Q
from django.db.models.functions import TruncDate

from sujin.complaints.draft import CaseKind
from sujin.complaints.figures.selection import midnight
from sujin.complaints.models import Complaint
from sujin.complaints.models.complaint import ComplaintQuerySet
from sujin.complaints.rulebook import rulebook
from sujin.engine.events.baseline import Stretch
from sujin.engine.text import tsquery
from sujin.engine.workdays import CalendarNotLoaded
from sujin.governance.models import Event
from sujin.platform.models import Org
from sujin.platform.models.identity import below

HISTORY = 84  # days before the event from which ordinary days are learnt: twelve weeks
BANK_DAYS = 56
COMPLAINT, CONSULTATION = CaseKind.COMPLAINT.value, CaseKind.CONSULTATION.value
_SUNDAY, _FRIDAY = 6, 4
DAY = timedelta(days=1)


def cases(event: Event, kind: str = COMPLAINT) -> ComplaintQuerySet:
    """Counted cases of one kind in the event's businesses, causes, branches, and words when given;
    an event without any of the first two and words has none."""
    if not (event.business or event.cause or event.words):
        return Complaint.objects.none()
    rows = Complaint.objects.filter(kind=kind, counted=True)
    if event.business:
        rows = rows.filter(_business(event.business))
    if event.cause:
        rows = rows.filter(cause__in=event.cause)
    if event.branches:
        paths = Org.objects.filter(pk__in=event.branches).values_list("path", flat=True)
        rows = rows.filter(below(paths, "origin__path"))
    return rows.filter(_words(event.words)) if event.words else rows


def _business(codes: Iterable[str]) -> Q:
    return reduce(or_, (Q(business=code) | Q(business__startswith=f"{code}.") for code in codes))


def _words(words: Iterable[str]) -> Q:
    """Any of the ways in which customers may say it."""
    asked = [tsquery(one) for one in words]
    return reduce(or_, (Q(tokens__matching=one) for one in asked if one), Q(pk__in=()))


def daily(event: Event, first: date, last: date, kind: str = COMPLAINT) -> dict[date, int]:
    """Cases received on each local day from ``first`` to ``last``; days without any are absent."""
    zone = ZoneInfo(settings.TIME_ZONE)
    rows = cases(event, kind).filter(
        received_at__gte=midnight(first), received_at__lt=midnight(last + DAY)
    )
    counted = rows.order_by().annotate(day=TruncDate("received_at", tzinfo=zone)).values("day")
    return {one["day"]: one["n"] for one in counted.annotate(n=Count("pk"))}


def stretch(counts: dict[date, int], first: date, days: int) -> Stretch:
    """Consecutive days as the engine takes them."""
    held = [first + timedelta(days=n) for n in range(days)]
    return Stretch(tuple(counts.get(day, 0) for day in held), tuple(map(weekday, held)))


def weekday(day: date) -> int:
    """The kind of day: a holiday is a Sunday, a make-up day a Friday. Where next year's calendar
    is not published yet, a day is what it is called."""
    plain = day.weekday()
    try:
        works = rulebook().house.calendar.is_workday(day)
    except CalendarNotLoaded:
        return plain
    if works:
        return min(plain, _FRIDAY)
    return max(plain, _FRIDAY + 1) if plain > _FRIDAY else _SUNDAY


def bank_day(before: date) -> float:
    """The mean number of complaints of the whole bank on one of the eight weeks before a day."""
    since = midnight(before - timedelta(days=BANK_DAYS))
    rows = Complaint.objects.filter(kind=COMPLAINT, counted=True, received_at__gte=since)
    return rows.filter(received_at__lt=midnight(before)).count() / BANK_DAYS


def first_complaint(event: Event, at: datetime) -> datetime | None:
    """When the first complaint of the stream came, from the event's beginning to ``at``, or None:
    it may be about something else still, so the lead is never flattered."""
    until = min(midnight(event.last_day + DAY), at)
    rows = cases(event).filter(received_at__gte=event.starts_at, received_at__lte=until)
    found: datetime | None = rows.aggregate(first=Min("received_at"))["first"]
    return found
