"""What was said of a week, in words: where, how many against how many, and why."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from sujin.governance import wave_words
from sujin.governance.models import Event, Prospect

REASONS = {
    "season": _("季节与节假日"),
    "trend": _("长期趋势"),
    "recent": _("近几周的升降延续"),
    "asked": _("同处咨询的升降"),
    "event": _("将至的事件"),
}
_RECENT = timedelta(days=28)
_DAY = timedelta(days=1)
# A reason is named that moves this share of a usual week, and this many cases.
_SHARE, _CASES = 0.05, 0.5


@dataclass(frozen=True, slots=True)
class Reason:
    """So many cases more, or fewer, and the cases or the page that show it."""

    name: Any
    cases: float
    url: str


@dataclass(frozen=True, slots=True)
class Line:
    """One row as pages show it. ``cases`` are those of its week, ``page`` the node's series."""

    row: Prospect
    name: str
    page: str
    cases: str
    reasons: tuple[Reason, ...]
    events: tuple[Event, ...]


def lines(rows: Sequence[Prospect]) -> list[Line]:
    """These rows with names and addresses: two queries, however many there are."""
    known = wave_words.names([row.node for row in rows])
    keys = {key for row in rows for key in row.events}
    events = Event.objects.in_bulk(keys) if keys else {}
    return [_line(row, known, events) for row in rows]


def _line(row: Prospect, known: wave_words.Names, events: dict[int, Event]) -> Line:
    mine = tuple(events[key] for key in row.events if key in events)
    return Line(
        row, known.node(row.node), known.page("complaint", row.node),
        known.cases("complaint", row.node, row.week, row.last_day),
        tuple(_reasons(row, known, mine)), mine,
    )  # fmt: skip


def _reasons(row: Prospect, known: wave_words.Names, events: Sequence[Event]) -> Iterable[Reason]:
    """Those that matter, the weightiest first."""
    said_on = row.week - timedelta(weeks=row.ahead - 1)
    least = max(_SHARE * row.usual, _CASES)
    for name, cases in sorted(row.parts.items(), key=lambda pair: -abs(pair[1])):
        if abs(cases) >= least and name in REASONS:
            yield Reason(REASONS[name], cases, _shown(name, row, known, said_on, events))


def _shown(
    name: str, row: Prospect, known: wave_words.Names, said_on: date, events: Sequence[Event]
) -> str:
    if name == "event" and events:
        return reverse("governance:event", args=[events[0].pk])
    if name in ("recent", "asked"):
        kind = "complaint" if name == "recent" else "consultation"
        return known.cases(kind, row.node, said_on - _RECENT, said_on - _DAY)
    return known.page("complaint", row.node)
