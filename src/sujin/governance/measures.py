"""What an indicator may measure: a table in code, each a question to what is here already."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

from django.db.models import Exists, F, OuterRef, Q

from sujin import packs
from sujin.complaints.draft import CaseKind
from sujin.complaints.figures.selection import Window
from sujin.complaints.models import Complaint, Course, Overrun, Promise, Review, Rung

HOUSE_PACK = "cn_bank"
KEPT_AS_IT_WAS = "upheld_decision"
UNREACHED = "unreached"
SECONDS_A_DAY = 86_400


class Row(NamedTuple):
    """One case of the denominator: where it counts, its key, and 1 for the numerator, 0 beside it;
    of a measure of days, how many it took."""

    path: str
    case: int
    value: float


@dataclass(frozen=True, slots=True)
class Measure:
    """``quantile`` is None for a share. ``rows`` are all those of a period, at or below a path."""

    code: str
    quantile: float | None
    rows: Callable[[Window, str], Iterable[Row]]


def _complaints(window: Window, path: str, moment: str) -> Q:
    """Complaints whose ``moment`` lies in the window, brought to a place at or below ``path``."""
    since_until = {f"{moment}__gte": window.since, f"{moment}__lt": window.until}
    return Q(kind=CaseKind.COMPLAINT, origin__path__startswith=path, **since_until)


def _in_limit(window: Window, path: str) -> Iterable[Row]:
    """By the first answer; what had ended before it reached us is nobody's here."""
    over = Overrun.objects.filter(
        complaint=OuterRef("complaint"), due_at__lt=OuterRef("answered_at")
    )
    rows = Course.objects.filter(
        complaint__kind=CaseKind.COMPLAINT, complaint__origin__path__startswith=path,
        answered_at__gte=window.since, answered_at__lt=window.until, is_history=False,
    ).annotate(late=Exists(over))  # fmt: skip
    for place, case, late in rows.values_list("complaint__origin__path", "complaint", "late"):
        yield Row(place, case, float(not late))


def _days(window: Window, path: str) -> Iterable[Row]:
    """What goes on under another number was not closed."""
    rows = Complaint.objects.filter(_complaints(window, path, "closed_at"), merged_into=None)
    found = rows.annotate(took=F("closed_at") - F("received_at"))
    for place, case, took in found.values_list("origin__path", "pk", "took"):
        yield Row(place, case, max(took.total_seconds(), 0.0) / SECONDS_A_DAY)


def _repeats(window: Window, path: str) -> Iterable[Row]:
    rows = Complaint.objects.filter(_complaints(window, path, "received_at"), merged_into=None)
    for place, case, earlier in rows.values_list("origin__path", "pk", "repeat_of"):
        yield Row(place, case, float(earlier is not None))


def _changed(window: Window, path: str) -> Iterable[Row]:
    """At the desk whose answer was reviewed."""
    rows = Review.objects.filter(
        answered_desk__path__startswith=path,
        decided_at__gte=window.since, decided_at__lt=window.until,
    )  # fmt: skip
    for place, case, verdict in rows.values_list("answered_desk__path", "complaint", "verdict"):
        yield Row(place, case, float(verdict != KEPT_AS_IT_WAS))


def _reached(window: Window, path: str) -> Iterable[Row]:
    rows = Complaint.objects.filter(_complaints(window, path, "called_back_at"))
    for place, case, said in rows.values_list("origin__path", "pk", "satisfied"):
        yield Row(place, case, float(said != UNREACHED))


def _escalated(window: Window, path: str) -> Iterable[Row]:
    """Rungs that are reached when a limit is over; reminders before it are none."""
    climbed = Rung.objects.filter(complaint=OuterRef("pk"), row__in=_broken_rungs())
    rows = Complaint.objects.filter(
        _complaints(window, path, "closed_at"), merged_into=None, course__is_history=False
    ).annotate(climbed=Exists(climbed))
    for place, case, was in rows.values_list("origin__path", "pk", "climbed"):
        yield Row(place, case, float(was))


def _missed(window: Window, path: str) -> Iterable[Row]:
    """At the desk that promised."""
    rows = Promise.objects.filter(
        desk__path__startswith=path, due_at__gte=window.since, due_at__lt=window.until,
        released_at__isnull=True,
    )  # fmt: skip
    for place, case, missed in rows.values_list("desk__path", "complaint", "missed_at"):
        yield Row(place, case, float(missed is not None))


@cache
def _broken_rungs() -> tuple[str, ...]:
    rows = packs.rows(HOUSE_PACK, "ladder")
    return tuple(row["row"] for row in rows if float(row["hours"]) >= 0)


MEASURES: Mapping[str, Measure] = {
    one.code: one
    for one in (
        Measure("in_limit", None, _in_limit),
        Measure("median_days", 0.5, _days),
        Measure("p90_days", 0.9, _days),
        Measure("repeat_share", None, _repeats),
        Measure("changed_reviews", None, _changed),
        Measure("call_back_reached", None, _reached),
        Measure("escalated_share", None, _escalated),
        Measure("missed_promises", None, _missed),
    )
}
