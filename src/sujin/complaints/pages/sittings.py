"""Sittings as figures: how many of which kind, who came, what came of it, what was averted."""

from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q, QuerySet

from sujin.complaints import tables
from sujin.complaints.models import Participant, Session
from sujin.complaints.models.session import KINDS, SIDES
from sujin.engine.proportion import interval
from sujin.platform.models import Org


@dataclass(frozen=True, slots=True)
class Figure:
    """One count; ``field`` and ``value`` are the filter that opens what was counted."""

    label: str
    count: int
    field: str = ""
    value: str = ""


@dataclass(frozen=True, slots=True)
class Share:
    """A proportion in percent with the interval within which it lies with 95 percent."""

    label: str
    hits: int
    of: int

    @property
    def percent(self) -> float | None:
        return round(100 * self.hits / self.of, 1) if self.of else None

    @property
    def low(self) -> float:
        return round(100 * interval(self.hits, self.of)[0], 1)

    @property
    def high(self) -> float:
        return round(100 * interval(self.hits, self.of)[1], 1)


def figures(rows: QuerySet[Session], branches: dict[int, Org]) -> dict[str, Any]:
    """The figures of the sittings listed, in a fixed number of queries."""
    held = rows.filter(held_at__isnull=False)
    return {
        "total": rows.order_by().count(),
        "kinds": _counted(held, "kind", {code: str(name) for code, name in KINDS.items()}),
        "outcomes": _counted(held, "outcome", dict(tables.choices(tables.outcomes()))),
        "branches": _by_branch(held, branches),
        "attendance": _attendance(held),
        "avoided": _avoided(rows),
    }


def _counted(rows: QuerySet[Session], field: str, names: dict[str, str]) -> list[Figure]:
    found = dict(rows.order_by().values_list(field).annotate(n=Count("pk")))
    return [Figure(name, found.get(code, 0), field, code) for code, name in names.items()]


def _by_branch(rows: QuerySet[Session], branches: dict[int, Org]) -> list[Figure]:
    counts: Counter[int] = Counter()
    by_door = rows.order_by().values_list("complaint__origin__path").annotate(n=Count("pk"))
    for path, count in by_door:
        above = [int(step) for step in path.split("/") if step]
        counts.update({pk: count for pk in above if pk in branches})
    return [Figure(str(branches[pk]), n, "branch", str(pk)) for pk, n in counts.most_common()]


def _attendance(held: QuerySet[Session]) -> list[Share]:
    """Of those invited to sittings with minutes, who came; side by side."""
    rows = Participant.objects.filter(session__in=held.order_by().values("pk"))
    found = rows.values_list("side").annotate(of=Count("pk"), hits=Count("pk", Q(attended=True)))
    known = {side: (hits, of) for side, of, hits in found}
    return [Share(str(name), *known[side]) for side, name in SIDES.items() if side in known]


def _avoided(rows: QuerySet[Session]) -> Share:
    """Of the checked ones; what nobody has checked is no success."""
    found = rows.order_by().filter(Q(is_whole=True)).exclude(avoided="")
    counted = found.aggregate(of=Count("pk"), hits=Count("pk", Q(avoided="yes")))
    return Share("", counted["hits"], counted["of"])


def lines(sessions: list[Session]) -> list[dict[str, Any]]:
    """One page of sittings with who came."""
    came: dict[int, list[bool | None]] = defaultdict(list)
    invited = Participant.objects.filter(session__in=[one.pk for one in sessions])
    for session, attended in invited.values_list("session", "attended"):
        came[session].append(attended)
    return [
        {
            "session": one,
            "came": sum(bool(each) for each in came[one.pk]),
            "invited": len(came[one.pk]),
            "outcome": tables.name(tables.outcomes(), one.outcome),
            "shows_check": getattr(one, "is_whole", False),
        }
        for one in sessions
    ]
