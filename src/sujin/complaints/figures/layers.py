"""逐层筛选、化解: what came into each layer and what became of it there; hops per route."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import (
    BooleanField,
    Case,
    CharField,
    Count,
    F,
    Func,
    Q,
    QuerySet,
    Sum,
    Value,
    When,
)

from sujin.complaints.custody import SOLVED
from sujin.complaints.figures.selection import Selection
from sujin.complaints.funnel import LAYERS
from sujin.complaints.models import Complaint, Spell
from sujin.engine.custody import MOVED
from sujin.engine.rates import Share
from sujin.platform.models import Org

# What became of a case at a layer, after the last time the layer had it.
OUTCOMES: Mapping[str, Q] = {
    "solved": Q(ended__in=SOLVED, is_last=True),
    "passed": Q(ended=MOVED),
    "leaked": Q(ended__in=SOLVED, is_last=False),
    "open": Q(ended=""),
    "other": ~Q(ended__in=(*SOLVED, MOVED, "")),
}


@dataclass(frozen=True, slots=True)
class Layer:
    """One layer of the funnel: ``came`` is the sum of the outcomes."""

    number: int
    outcomes: Mapping[str, int] = field(default_factory=dict)

    @property
    def came(self) -> int:
        return sum(self.outcomes.values())


def layers(asked: Selection) -> list[Layer]:
    """Every layer with what became of the cases that were ever there."""
    rows = Spell.objects.filter(complaint__in=asked.received().values("pk"), is_last_at_layer=True)
    counts = {name: Count("pk", filter=fits) for name, fits in OUTCOMES.items()}
    found = {row.pop("layer"): row for row in rows.values("layer").annotate(**counts)}
    return [Layer(number, found.get(number, dict.fromkeys(OUTCOMES, 0))) for number in LAYERS]


def at_layer(rows: QuerySet[Complaint], number: int, outcome: str) -> QuerySet[Complaint]:
    """The cases behind one number of the funnel; ``came`` is all that were ever there."""
    spells = Spell.objects.filter(layer=number, is_last_at_layer=True)
    if outcome in OUTCOMES:
        spells = spells.filter(OUTCOMES[outcome])
    return rows.filter(pk__in=spells.values("complaint"))


@dataclass(frozen=True, slots=True)
class Branch:
    """What one unit below the chosen organisation brought in; ``org`` None: brought elsewhere."""

    org: Org | None
    cases: int
    solved: int
    first: int
    hops: int
    hand_backs: int

    @property
    def share(self) -> Share:
        """Of what is solved, how much was solved in the first layer."""
        return Share(self.first, self.solved)


class _Step(Func):
    """One step of a path such as ``1/4/17/``, counted from 1; empty beyond its end."""

    function = "SPLIT_PART"
    output_field = CharField()

    def __init__(self, path: str, place: int) -> None:
        super().__init__(F(path), Value("/"), Value(place))


def branches(asked: Selection, top: Org) -> list[Branch]:
    """The units just below ``top``, by where the cases were brought, most cases first."""
    below = When(
        complaint__origin__path__startswith=top.path,
        then=_Step("complaint__origin__path", len(top.lineage) + 1),
    )
    unit = Case(below, default=Value("elsewhere"), output_field=CharField())
    rows = (
        asked.courses()
        .annotate(unit=unit)
        .values("unit")
        .annotate(
            cases=Count("pk"),
            solved=Count("pk", filter=Q(layer_closed__isnull=False)),
            first=Count("pk", filter=Q(layer_closed=1)),
            hop_sum=Sum("hops"),
            back_sum=Sum("hand_backs"),
        )
        .order_by("-cases", "unit")
    )
    found = list(rows)
    orgs = Org.objects.in_bulk([int(row["unit"]) for row in found if row["unit"].isdigit()])
    return [_branch(row, orgs, top) for row in found]


def _branch(row: Mapping[str, Any], orgs: Mapping[int, Org], top: Org) -> Branch:
    unit = row["unit"]
    org = orgs[int(unit)] if unit.isdigit() else None if unit else top
    numbers = [row[name] for name in ("cases", "solved", "first", "hop_sum", "back_sum")]
    return Branch(org, *numbers)


@dataclass(frozen=True, slots=True)
class Hops:
    """How often the cases of one routing row changed the desk, in one part of the period."""

    cases: int = 0
    hops: int = 0
    hand_backs: int = 0

    @property
    def mean(self) -> float | None:
        return self.hops / self.cases if self.cases else None


@dataclass(frozen=True, slots=True)
class Route:
    """A routing row before and from the day a policy changed."""

    row: str
    before: Hops
    after: Hops


def routes(asked: Selection, change: datetime | None) -> list[Route]:
    """Hops per row of the routing table; without a ``change`` everything is ``after``."""
    later = Q(complaint__received_at__gte=change or asked.window.since)
    is_after = Case(When(later, then=True), default=False, output_field=BooleanField())
    rows = (
        asked.courses()
        .annotate(is_after=is_after)
        .values("route_row", "is_after")
        .annotate(cases=Count("pk"), hop_sum=Sum("hops"), back_sum=Sum("hand_backs"))
    )
    found: dict[str, dict[bool, Hops]] = defaultdict(dict)
    for row in rows:
        numbers = Hops(row["cases"], row["hop_sum"], row["back_sum"])
        found[row["route_row"]][row["is_after"]] = numbers
    return [
        Route(name, parts.get(False, Hops()), parts.get(True, Hops()))
        for name, parts in sorted(found.items())
    ]
