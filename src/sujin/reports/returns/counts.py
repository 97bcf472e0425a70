"""What a cell of a return may count: complaints received, open or closed, each matter once."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import DurationField, ExpressionWrapper, Q, QuerySet
from django.db.models.functions import TruncDate

from sujin.complaints.draft import CaseKind
from sujin.complaints.figures.selection import Window
from sujin.complaints.models import Complaint
from sujin.governance.facts import UPHELD

WEEKS_4, WEEKS_8 = timedelta(days=28), timedelta(days=56)
ZONE = ZoneInfo("Asia/Shanghai")


@dataclass(frozen=True, slots=True)
class Count:
    """``money``: what is paid to the customers of these cases, not how many they are."""

    among: Callable[[Window], Q]
    money: bool = False


def _received(window: Window) -> Q:
    return Q(received_at__gte=window.since, received_at__lt=window.until)


def _closed(window: Window) -> Q:
    return Q(closed_at__gte=window.since, closed_at__lt=window.until)


def _open(at: datetime) -> Q:
    return Q(received_at__lt=at) & (Q(closed_at__isnull=True) | Q(closed_at__gte=at))


def _within(longest: timedelta) -> Q:
    """By the calendar, the day of receipt not counted."""
    return Q(took__lte=longest)


def _active(window: Window) -> Q:
    return Q(received_at__lt=window.until) & (
        Q(closed_at__isnull=True) | Q(closed_at__gte=window.since)
    )


COUNTS: Mapping[str, Count] = {
    "received": Count(_received),
    "closed": Count(_closed),
    "closed_4w": Count(lambda window: _closed(window) & _within(WEEKS_4)),
    "closed_8w": Count(lambda window: _closed(window) & _within(WEEKS_8) & ~_within(WEEKS_4)),
    "closed_late": Count(lambda window: _closed(window) & ~_within(WEEKS_8)),
    "upheld": Count(lambda window: _closed(window) & Q(finding__in=UPHELD)),
    "redress": Count(lambda window: _closed(window) & Q(remedy__gt=0), money=True),
    "open_start": Count(lambda window: _open(window.since)),
    "open_end": Count(lambda window: _open(window.until)),
}
WHERE: Mapping[str, Q] = {
    "": Q(),
    "regulator": Q(lane="regulator"),
    "vulnerable": Q(vulnerable=True),
}
# By what a cell may be split -> the column that says it.
SPLITS: Mapping[str, str] = {
    "business": "business",
    "cause": "cause",
    "branch": "origin__path",
    "product": "business",
}


# Of a return of rows, which complaints have one.
ROWS_OF: Mapping[str, Callable[[Window], Q]] = {"received": _received, "active": _active}
# Each matter once, or each complaint that goes on under its own number.
BASES: Mapping[str, Q] = {"matters": Q(counted=True), "complaints": Q(merged_into__isnull=True)}


def base(name: str) -> QuerySet[Complaint, Any]:
    """Complaints of the whole house; ``took`` are the calendar days to closing."""
    took = TruncDate("closed_at", tzinfo=ZONE) - TruncDate("received_at", tzinfo=ZONE)
    rows = Complaint.objects.filter(BASES[name], kind=CaseKind.COMPLAINT)
    return rows.annotate(took=ExpressionWrapper(took, output_field=DurationField()))
