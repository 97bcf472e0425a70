"""What can be said of a case as a number: a table in code, each a question to what is here already.

Every metric of the catalogue is a statistic of one fact. A fact is a query whose rows are its
denominator: when and where each counts, of which line, whose case it is, and its value. The cube
sums the same queries up, so that a board and a list of cases cannot disagree.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from functools import cache
from typing import Any, NamedTuple

from django.db.models import (
    BooleanField,
    Exists,
    ExpressionWrapper,
    F,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Value,
)
from django.db.models import DurationField as Span
from django.db.models.expressions import Combinable
from django.db.models.functions import Cast, Extract, Floor, Greatest

from sujin import packs
from sujin.complaints.draft import CaseKind
from sujin.complaints.figures.selection import Window
from sujin.complaints.models import Complaint, Course, Overrun, Promise, Review, Rung

HOUSE_PACK = "cn_bank"
KEPT_AS_IT_WAS = "upheld_decision"
UNREACHED, SATISFIED = "unreached", "yes"
UPHELD = ("upheld", "partly")
SECONDS_A_DAY = 86_400
AGAIN_WITHIN = timedelta(days=30)
COLUMNS = ("at", "path", "line", "key", "value")


class Unit(StrEnum):
    """What the value of a fact is: 1 for whatever is counted, 1 or 0, seconds, or a number."""

    COUNT = "count"
    SHARE = "share"
    SECONDS = "seconds"
    NUMBER = "number"


class Moment(StrEnum):
    """By which moment of a case a fact belongs to a day. The database marks a day of one of these
    whenever something in it changes (migration ``0011_metrics``)."""

    RECEIVED = "received"
    CLOSED = "closed"
    CALLED = "called"
    CONTACTED = "contacted"
    ANSWERED = "answered"
    REVIEWED = "reviewed"
    PROMISED = "promised"


class Row(NamedTuple):
    """One case of the denominator: where it counts, its key, and its value; seconds as days."""

    path: str
    case: int
    value: float


@dataclass(frozen=True, slots=True)
class Fact:
    """``query`` makes rows with the columns of COLUMNS, of all times and places. What ``ripens``
    still changes for recent cases, so that a period is not like the one before."""

    code: str
    unit: Unit
    moment: Moment
    query: Callable[[], QuerySet[Any]]
    ripens: bool = False

    @property
    def is_measured(self) -> bool:
        """Whether its values are more than 0 and 1, so that they have quantiles."""
        return self.unit in (Unit.SECONDS, Unit.NUMBER)

    def within(self, since: datetime, until: datetime, path: str = "") -> QuerySet[Any]:
        """Its rows from ``since`` until before ``until``, at or below ``path``."""
        return self.query().filter(at__gte=since, at__lt=until, path__startswith=path)

    def rows(self, window: Window, path: str) -> Iterable[Row]:
        """Each case of a period at or below a path."""
        scale = SECONDS_A_DAY if self.unit is Unit.SECONDS else 1
        found = self.within(window.since, window.until, path)
        for where, case, value in found.values_list("path", "key", "value"):
            yield Row(where, case, value / scale)


def _number(value: Combinable) -> Cast:
    return Cast(value, IntegerField())


def _yes(condition: Q | Combinable) -> Cast:
    return _number(ExpressionWrapper(condition, output_field=BooleanField()))


def _span(start: str, end: str) -> Cast:
    span = ExpressionWrapper(F(end) - F(start), output_field=Span())
    return _number(Greatest(Floor(Extract(span, "epoch")), Value(0.0)))


def _complaints(at: str, value: Combinable, *conditions: Q, **alone: Any) -> QuerySet[Any]:
    """Complaints by the place they were brought to."""
    rows = Complaint.objects.filter(*conditions, kind=CaseKind.COMPLAINT, **alone)
    return rows.annotate(at=F(at), path=F("origin__path"), key=F("pk"), value=value)


def _counted(value: Combinable) -> QuerySet[Any]:
    """Complaints received, each matter once."""
    return _complaints("received_at", value, counted=True)


def _ended(value: Combinable) -> QuerySet[Any]:
    """Complaints closed; what goes on under another number was not closed."""
    return _complaints("closed_at", value, closed_at__isnull=False, merged_into=None)


def _courses(at: str, value: Combinable, **conditions: Any) -> QuerySet[Any]:
    """The way complaints took; what had ended before it reached us is nobody's here."""
    known: dict[str, Any] = {"complaint__kind": CaseKind.COMPLAINT, f"{at}__isnull": False}
    rows: QuerySet[Any] = Course.objects.filter(is_history=False, **known, **conditions)
    found: QuerySet[Any] = rows.annotate(
        at=F(at), path=F("complaint__origin__path"), line=F("complaint__line"),
        key=F("complaint_id"), value=value,
    )  # fmt: skip
    return found


def _in_limit() -> QuerySet[Any]:
    over = Overrun.objects.filter(
        complaint=OuterRef("complaint"), due_at__lt=OuterRef("answered_at")
    )
    return _courses("answered_at", _yes(~Exists(over)))


def _again() -> QuerySet[Any]:
    """Whether the same matter came again, under a number of its own, soon after closing."""
    later = Complaint.objects.filter(
        repeat_of=OuterRef("pk"), received_at__gte=OuterRef("closed_at"),
        received_at__lt=OuterRef("closed_at") + AGAIN_WITHIN,
    )  # fmt: skip
    return _ended(_yes(~Exists(later)))


def _climbed() -> QuerySet[Any]:
    """Rungs that are reached when a limit is over; reminders before it are none."""
    rungs = Rung.objects.filter(complaint=OuterRef("pk"), row__in=_broken_rungs())
    return _ended(_yes(Exists(rungs))).filter(course__is_history=False)


def _changed() -> QuerySet[Any]:
    """At the desk whose answer was reviewed."""
    rows = Review.objects.filter(decided_at__isnull=False)
    return rows.annotate(
        at=F("decided_at"), path=F("answered_desk__path"), line=F("complaint__line"),
        key=F("complaint_id"), value=_yes(~Q(verdict=KEPT_AS_IT_WAS)),
    )  # fmt: skip


def _missed() -> QuerySet[Any]:
    """At the desk that promised; one that is neither kept nor missed has not fallen due."""
    settled = Q(kept_at__isnull=False) | Q(missed_at__isnull=False)
    rows = Promise.objects.filter(settled, released_at__isnull=True)
    return rows.annotate(
        at=F("due_at"), path=F("desk__path"), line=F("complaint__line"),
        key=F("complaint_id"), value=_yes(Q(missed_at__isnull=False)),
    )  # fmt: skip


def _called(value: Combinable, *conditions: Q) -> QuerySet[Any]:
    return _complaints("called_back_at", value, *conditions, called_back_at__isnull=False)


@cache
def _broken_rungs() -> tuple[str, ...]:
    rows = packs.rows(HOUSE_PACK, "ladder")
    return tuple(row["row"] for row in rows if float(row["hours"]) >= 0)


@cache
def _online() -> tuple[str, ...]:
    return tuple(packs.manifest(HOUSE_PACK)["metrics"]["online"])


_CODED = ~Q(business="") & ~Q(cause="") & ~Q(touchpoint="")
_CAUSED = ~Q(cause="") & ~Q(fault="")
_AGAIN = Q(repeat_of__isnull=False)
_ONE = Value(1, output_field=IntegerField())

FACTS: Mapping[str, Fact] = {
    one.code: one
    for one in (
        Fact("received", Unit.COUNT, Moment.RECEIVED, lambda: _counted(_ONE)),
        Fact("transferred", Unit.SHARE, Moment.RECEIVED,
             lambda: _counted(_yes(Q(lane="regulator")))),
        Fact("online", Unit.SHARE, Moment.RECEIVED,
             lambda: _counted(_yes(Q(channel__in=_online())))),
        Fact("vulnerable", Unit.SHARE, Moment.RECEIVED,
             lambda: _counted(_yes(Q(vulnerable=True)))),
        Fact("coded", Unit.SHARE, Moment.RECEIVED, lambda: _counted(_yes(_CODED))),
        Fact("ended", Unit.SHARE, Moment.RECEIVED,
             lambda: _counted(_yes(Q(closed_at__isnull=False))), ripens=True),
        Fact("repeat", Unit.SHARE, Moment.RECEIVED,
             lambda: _complaints("received_at", _yes(_AGAIN), merged_into=None)),
        Fact("on_spot", Unit.SHARE, Moment.RECEIVED,
             lambda: _courses("complaint__received_at", _number(F("on_the_spot")),
                              first_desk=F("complaint__origin"), layer_first=1)),
        Fact("contact", Unit.SECONDS, Moment.CONTACTED,
             lambda: _courses("contacted_at", _span("complaint__received_at", "contacted_at"))),
        Fact("answer", Unit.SECONDS, Moment.ANSWERED,
             lambda: _courses("answered_at", _span("complaint__received_at", "answered_at"))),
        Fact("in_limit", Unit.SHARE, Moment.ANSWERED, _in_limit),
        Fact("closing", Unit.SECONDS, Moment.CLOSED,
             lambda: _ended(_span("received_at", "closed_at"))),
        Fact("upheld", Unit.SHARE, Moment.CLOSED,
             lambda: _ended(_yes(Q(finding__in=UPHELD))).exclude(finding="")),
        Fact("caused", Unit.SHARE, Moment.CLOSED, lambda: _ended(_yes(_CAUSED))),
        Fact("first_time", Unit.SHARE, Moment.CLOSED, _again, ripens=True),
        Fact("escalated", Unit.SHARE, Moment.CLOSED, _climbed),
        Fact("handed_back", Unit.SHARE, Moment.CLOSED,
             lambda: _ended(_yes(Q(course__hand_backs__gt=0))).filter(course__is_history=False)),
        Fact("hops", Unit.NUMBER, Moment.CLOSED,
             lambda: _ended(_number(F("course__hops"))).filter(course__is_history=False)),
        Fact("outlet_minutes", Unit.NUMBER, Moment.CLOSED,
             lambda: _ended(_number(F("course__outlet_minutes"))).filter(course__is_history=False)),
        Fact("reached", Unit.SHARE, Moment.CALLED, lambda: _called(_yes(~Q(satisfied=UNREACHED)))),
        Fact("satisfied", Unit.SHARE, Moment.CALLED,
             lambda: _called(_yes(Q(satisfied=SATISFIED)), ~Q(satisfied=UNREACHED))),
        Fact("changed", Unit.SHARE, Moment.REVIEWED, _changed),
        Fact("missed", Unit.SHARE, Moment.PROMISED, _missed),
    )
}  # fmt: skip
