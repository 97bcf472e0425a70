"""From cases, inspections and lists to the counts of a star sheet, and back to the rows."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Sum

from sujin.complaints.figures.selection import Window
from sujin.governance.metricbook import metrics
from sujin.platform.models import Entry, Org
from sujin.supervision import starbook
from sujin.supervision.kinds import inspection as inspecting
from sujin.supervision.kinds import shortcoming as mending
from sujin.supervision.kinds import star as kinds
from sujin.supervision.models import Inspection, Shortcoming, StarAppeal
from sujin.supervision.starbook import INSPECTION, METRIC, StarItem

Tally = tuple[int, int]  # hits, n
# Item -> outlet -> keys that a granted appeal leaves out.
LeftOut = Mapping[str, Mapping[int, frozenset[int]]]


@dataclass(frozen=True, slots=True)
class Row:
    """One thing behind a line: the key of its subject, whether it was good, and of how many."""

    key: int
    hits: int
    n: int


def counts(
    outlets: Sequence[Org], window: Window, left_out: LeftOut
) -> dict[str, list[Tally]]:  # fmt: skip
    """Of each item of the pack the counts of every outlet, in their order: one query an item."""
    found = {}
    for code, item in starbook.items().items():
        by_outlet = _tallies(item, outlets, window)
        for outlet, keys in left_out.get(code, {}).items():
            kept = [row for row in rows(item, outlet, outlets, window) if row.key not in keys]
            by_outlet[outlet] = (sum(one.hits for one in kept), sum(one.n for one in kept))
        found[code] = [by_outlet.get(one.pk, (0, 0)) for one in outlets]
    return found


def left_out(round_key: int) -> LeftOut:
    """What the granted appeals of a round leave out."""
    rows = StarAppeal.objects.filter(sheet__round=round_key, state=kinds.GRANTED)
    found: dict[str, dict[int, frozenset[int]]] = defaultdict(dict)
    for item, outlet, keys in rows.values_list("item", "sheet__outlet", "keys"):
        found[item][outlet] = found[item].get(outlet, frozenset()) | frozenset(keys)
    return found


def _tallies(item: StarItem, outlets: Sequence[Org], window: Window) -> dict[int, Tally]:
    if item.source == METRIC:
        by_path = {one.path: one.pk for one in outlets}
        told = _fact(item, window).values("path").annotate(hits=Sum("value"), n=Count("key"))
        pairs = told.order_by().values_list("path", "hits", "n")
        return {by_path[path]: (int(hits), n) for path, hits, n in pairs if path in by_path}
    found: dict[int, Tally] = defaultdict(lambda: (0, 0))
    for outlet, row in _own(item, {one.pk for one in outlets}, window):
        hits, n = found[outlet]
        found[outlet] = (hits + row.hits, n + row.n)
    return dict(found)


def _fact(item: StarItem, window: Window) -> QuerySet[Any]:
    return metrics()[item.code].fact.within(window.since, window.until)


def rows(
    item: StarItem, outlet: int, outlets: Iterable[Org], window: Window
) -> list[Row]:  # fmt: skip
    """Everything behind one outlet's line, the newest first."""
    if item.source == METRIC:
        path = next(one.path for one in outlets if one.pk == outlet)
        told = _fact(item, window).filter(path=path).order_by("-at", "-key")
        return [Row(key, int(value), 1) for key, value in told.values_list("key", "value")]
    return [row for _outlet, row in _own(item, {outlet}, window)]


def _own(item: StarItem, outlets: set[int], window: Window) -> Iterable[tuple[int, Row]]:
    return _inspected(outlets, window) if item.source == INSPECTION else _echoed(outlets, window)


def _inspected(outlets: set[int], window: Window) -> Iterable[tuple[int, Row]]:
    """Of each inspection handed in the items passed, of those that apply."""
    told = Inspection.objects.filter(
        outlet__in=outlets, submitted_at__gte=window.since, submitted_at__lt=window.until
    )
    ordered = told.order_by("-submitted_at", "-pk")
    for key, outlet, result in ordered.values_list("pk", "outlet", "result"):
        marks = [one["mark"] for one in result if one["mark"] != inspecting.SKIP]
        yield outlet, Row(key, marks.count(inspecting.PASS), len(marks))


def _echoed(outlets: set[int], window: Window) -> Iterable[tuple[int, Row]]:
    """Of shortcomings found in the window that were answered or fell due: answered in time."""
    late = Entry.objects.filter(
        subject=Shortcoming.subject, subject_id=OuterRef("pk"),
        kind=mending.ShortcomingEscalated.code,
    )  # fmt: skip
    told = Shortcoming.objects.filter(
        outlet__in=outlets, inspection__submitted_at__gte=window.since,
        inspection__submitted_at__lt=window.until,
    ).annotate(late=Exists(late))  # fmt: skip
    ripe = told.filter(Q(answered_at__isnull=False) | Q(late=True))
    for key, outlet, is_late in ripe.order_by("-pk").values_list("pk", "outlet", "late"):
        yield outlet, Row(key, int(not is_late), 1)
