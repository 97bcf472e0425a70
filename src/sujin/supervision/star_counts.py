"""From cases, inspections, lists, answers and trainings to the counts of a sheet, and back to rows.

Whatever lies at or below a unit is the unit's.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Subquery, Sum
from django.utils import timezone

from sujin.complaints.figures.selection import Window
from sujin.platform.journal import Kind
from sujin.platform.models import Entry, Org
from sujin.supervision import starbook
from sujin.supervision.kinds import inspection as inspecting
from sujin.supervision.kinds import shortcoming as mending
from sujin.supervision.kinds import star as kinds
from sujin.supervision.kinds import training as teaching
from sujin.supervision.models import (
    AnswerSheet,
    Enrolment,
    Inspection,
    Shortcoming,
    StarAppeal,
)
from sujin.supervision.questionnaires import CASE, OVERALL, numbers, of_sort
from sujin.supervision.sampling import still_asked
from sujin.supervision.starbook import INSPECTION, SHORTCOMING, SURVEY, TRAINING, StarItem

Tally = tuple[int, int]  # hits, n
# Item -> unit -> keys that a granted appeal leaves out.
LeftOut = Mapping[str, Mapping[int, frozenset[int]]]


@dataclass(frozen=True, slots=True)
class Row:
    """One thing behind a line: the key of its subject, whether it was good, and of how many."""

    key: int
    hits: int
    n: int


def counts(
    scheme: str, units: Sequence[Org], window: Window, left_out: LeftOut
) -> dict[str, list[Tally]]:
    """Of each item of the scheme the counts of every unit, in their order: one query an item."""
    found = {}
    by_key = {one.pk: one for one in units}
    for code, item in starbook.items(scheme).items():
        told = _tallies(item, units, window)
        for unit, keys in left_out.get(code, {}).items():
            kept = [row for row in rows(item, by_key[unit], window) if row.key not in keys]
            told[unit] = (sum(one.hits for one in kept), sum(one.n for one in kept))
        found[code] = [told.get(one.pk, (0, 0)) for one in units]
    return found


def left_out(round_key: int) -> LeftOut:
    """What the granted appeals of a round leave out."""
    rows = StarAppeal.objects.filter(sheet__round=round_key, state=kinds.GRANTED)
    found: dict[str, dict[int, frozenset[int]]] = defaultdict(dict)
    for item, unit, keys in rows.values_list("item", "sheet__unit", "keys"):
        found[item][unit] = found[item].get(unit, frozenset()) | frozenset(keys)
    return found


def rows(item: StarItem, unit: Org, window: Window) -> list[Row]:
    """Everything behind one unit's line, the newest first."""
    if item.metric is not None:
        told = item.metric.fact.within(window.since, window.until, unit.path).order_by(
            "-at", "-key"
        )
        return [Row(key, int(value), 1) for key, value in told.values_list("key", "value")]
    return [row for _path, row in _READERS[item.source](unit.path, window)]


def _tallies(item: StarItem, units: Sequence[Org], window: Window) -> dict[int, Tally]:
    found: dict[int, Tally] = defaultdict(lambda: (0, 0))
    of_path = _Owners(units)
    for path, hits, n in _told(item, window):
        unit = of_path(path)
        if unit is not None:
            found[unit] = (found[unit][0] + hits, found[unit][1] + n)
    return dict(found)


def _told(item: StarItem, window: Window) -> Iterable[tuple[str, int, int]]:
    """Path, hits and cases; of a metric summed by the database."""
    if item.metric is not None:
        rows: QuerySet[Any] = item.metric.fact.within(window.since, window.until)
        told = rows.values("path").annotate(hits=Sum("value"), n=Count("key")).order_by()
        yield from ((path, int(hits), n) for path, hits, n in told.values_list("path", "hits", "n"))
        return
    for path, row in _READERS[item.source]("", window):
        yield path, row.hits, row.n


class _Owners:
    """Which of the units a path lies at or below."""

    def __init__(self, units: Sequence[Org]) -> None:
        self._units = {one.path: one.pk for one in units}
        self._depths = sorted({one.path.count("/") for one in units})

    def __call__(self, path: str) -> int | None:
        steps = path.rstrip("/").split("/")
        for depth in self._depths:
            unit = self._units.get("/".join(steps[:depth]) + "/")
            if unit is not None:
                return unit
        return None


Read = Iterable[tuple[str, Row]]


def _inspected(below: str, window: Window) -> Read:
    """Of each inspection handed in the items passed, of those that apply."""
    told = Inspection.objects.filter(
        outlet__path__startswith=below, submitted_at__gte=window.since,
        submitted_at__lt=window.until,
    )  # fmt: skip
    ordered = told.order_by("-submitted_at", "-pk")
    for key, path, result in ordered.values_list("pk", "outlet__path", "result"):
        marks = [one["mark"] for one in result if one["mark"] != inspecting.SKIP]
        yield path, Row(key, marks.count(inspecting.PASS), len(marks))


def _echoed(below: str, window: Window) -> Read:
    """Of shortcomings found in the window that were answered or fell due: whether the first answer
    came by the first day."""
    told = Shortcoming.objects.filter(
        outlet__path__startswith=below, inspection__submitted_at__gte=window.since,
        inspection__submitted_at__lt=window.until,
    ).annotate(
        first=Subquery(_entries(mending.ShortcomingAnswered).values("at")[:1]),
        due=Subquery(_entries(mending.ShortcomingFound).values("data__due_at")[:1]),
        late=Exists(_entries(mending.ShortcomingEscalated)),
    )  # fmt: skip
    ripe = told.filter(Q(first__isnull=False) | Q(late=True)).order_by("-pk")
    for key, path, first, due in ripe.values_list("pk", "outlet__path", "first", "due"):
        is_good = first is not None and first <= datetime.fromisoformat(due)
        yield path, Row(key, int(is_good), 1)


def _entries(kind: type[Kind]) -> QuerySet[Entry]:
    rows = Entry.objects.filter(
        subject=Shortcoming.subject, subject_id=OuterRef("pk"), kind=kind.code
    )
    return rows.order_by("pk")


def _surveyed(below: str, window: Window) -> Read:
    """Of customers' own answers after their case that count: as content as the pack says."""
    asked = [one.code for one in of_sort(CASE)]
    told = AnswerSheet.objects.filter(
        still_asked("invitation__complaint__"), invitation__unit__path__startswith=below,
        at__gte=window.since, at__lt=window.until, counted=True, invitation__sample=None,
        invitation__questionnaire__in=asked, scores__has_key=OVERALL,
    ).order_by("-at", "-pk")  # fmt: skip
    least = int(numbers()["top"])
    for key, path, scores in told.values_list("pk", "invitation__unit__path", "scores"):
        yield path, Row(key, int(int(scores[OVERALL]) >= least), 1)


def _trained(below: str, window: Window) -> Read:
    """Of trainings that fell due in the window, but of who is excused: passed by their day."""
    told = Enrolment.objects.filter(
        org__path__startswith=below, due_on__gte=window.first, due_on__lte=window.last
    ).exclude(state=teaching.EXCUSED)
    ordered = told.order_by("-due_on", "-pk")
    for key, path, due_on, passed_at in ordered.values_list(
        "pk", "org__path", "due_on", "passed_at"
    ):
        is_good = passed_at is not None and timezone.localdate(passed_at) <= due_on
        yield path, Row(key, int(is_good), 1)


_READERS: Mapping[str, Callable[[str, Window], Read]] = {
    INSPECTION: _inspected, SHORTCOMING: _echoed, SURVEY: _surveyed, TRAINING: _trained,
}  # fmt: skip
