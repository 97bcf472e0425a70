"""Per desk and per outlet: the share of delay, limits run out, solved on the spot, the burden."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from django.db.models import (
    Case,
    Count,
    DateTimeField,
    DurationField,
    ExpressionWrapper,
    F,
    FloatField,
    Q,
    QuerySet,
    Sum,
    Value,
    When,
)
from django.db.models.expressions import Combinable
from django.db.models.functions import Cast, Coalesce, Extract, Greatest

from sujin.complaints.figures.selection import Selection
from sujin.complaints.funnel import OUTLETS
from sujin.complaints.models import Overrun, Spell
from sujin.engine.rates import Share
from sujin.platform.models import Org

SHOWN = 40


@dataclass(frozen=True, slots=True)
class Unit:
    """One desk: how long it had the ball, pauses taken out, and what ran out while it had it."""

    org: Org
    cases: int
    seconds: float
    share: Share
    late: int
    late_seconds: float
    late_share: Share


@dataclass(frozen=True, slots=True)
class Whole:
    """Everything all desks together held, and were late."""

    seconds: float
    late: int
    late_seconds: float


def units(asked: Selection) -> tuple[list[Unit], Whole]:
    """The SHOWN desks that held longest, and the whole that their shares are shares of."""
    ids = asked.received().values("pk")
    held = Spell.objects.filter(complaint__in=ids).annotate(held=held_seconds(asked.now))
    late = overrun(asked.now).filter(complaint__in=ids)
    total = held.aggregate(seconds=Coalesce(Sum("held"), 0.0))["seconds"]
    late_total = late.aggregate(cases=Count("complaint", distinct=True), seconds=_late_sum())
    whole = Whole(total, late_total["cases"], late_total["seconds"])
    rows = held.values("desk").annotate(
        cases=Count("complaint", distinct=True), seconds=Sum("held")
    )
    top = list(rows.order_by("-seconds", "desk")[:SHOWN])
    over = late.filter(desk__in=[row["desk"] for row in top]).values("desk")
    found = over.annotate(cases=Count("complaint", distinct=True), seconds=_late_sum())
    lates = {row["desk"]: (row["cases"], row["seconds"]) for row in found}
    orgs = Org.objects.in_bulk([row["desk"] for row in top])
    return [_unit(row, lates.get(row["desk"], (0, 0.0)), orgs, whole) for row in top], whole


def _unit(
    row: dict[str, float], late: tuple[int, float], orgs: dict[int, Org], whole: Whole
) -> Unit:
    return Unit(
        org=orgs[int(row["desk"])],
        cases=int(row["cases"]),
        seconds=row["seconds"],
        share=Share(row["seconds"], whole.seconds),
        late=late[0],
        late_seconds=late[1],
        late_share=Share(late[1], whole.late_seconds),
    )


def desk_share(asked: Selection, desks: list[int]) -> Share:
    """How much of the time that the cases of a selection were held, these desks held them."""
    rows = Spell.objects.filter(complaint__in=asked.received().values("pk"))
    rows = rows.annotate(held=held_seconds(asked.now))
    parts = rows.aggregate(
        own=Coalesce(Sum("held", filter=Q(desk__in=desks)), 0.0),
        whole=Coalesce(Sum("held"), 0.0),
    )
    return Share(parts["own"], parts["whole"])


def held_seconds(now: datetime) -> Greatest:
    """How long a spell's desk itself had the ball as of ``now``: the SQL of ``Spell.held``."""
    until = Coalesce(F("until"), Value(now), output_field=DateTimeField())
    waiting = Case(
        When(waiting_since__isnull=False, then=_seconds(until - F("waiting_since"))),
        default=Value(0.0),
        output_field=FloatField(),
    )
    waited = Cast(F("waited_seconds"), FloatField())
    return Greatest(_seconds(until - F("since")) - waited - waiting, Value(0.0))


def overrun(now: datetime) -> QuerySet[Any]:
    """Limits that have run out by ``now``, with by how much."""
    until = Coalesce(F("until"), Value(now), output_field=DateTimeField())
    rows = Overrun.objects.filter(due_at__lt=now)
    return cast(QuerySet[Any], rows.annotate(late=_seconds(until - F("due_at"))))


def _late_sum() -> Coalesce:
    return Coalesce(Sum("late"), 0.0)


def _seconds(span: Combinable) -> Cast:
    wrapped = ExpressionWrapper(span, output_field=DurationField())
    return Cast(Extract(wrapped, "epoch"), FloatField())


@dataclass(frozen=True, slots=True)
class Spot:
    """当时当地 at one outlet: of what stayed with it, how much it solved the same day for good."""

    org: Org
    share: Share


def spots(asked: Selection) -> tuple[list[Spot], Share]:
    """The outlets with most cases of their own, and the share of all of them together."""
    rows: QuerySet[Any] = asked.courses().filter(first_desk=F("complaint__origin"), layer_first=1)
    counts = {"cases": Count("pk"), "spot": Count("pk", filter=Q(on_the_spot=True))}
    whole = rows.aggregate(**counts)
    found = rows.values("first_desk").annotate(**counts).order_by("-cases", "first_desk")[:SHOWN]
    orgs = Org.objects.in_bulk([row["first_desk"] for row in found])
    lines = [Spot(orgs[row["first_desk"]], Share(row["spot"], row["cases"])) for row in found]
    return lines, Share(whole["spot"], whole["cases"])


@dataclass(frozen=True, slots=True)
class Burden:
    """减负: what the cases brought to an outlet asked of outlets."""

    org: Org | None
    cases: int
    minutes: int
    hops: int
    hand_backs: int

    @property
    def minutes_each(self) -> float:
        return self.minutes / self.cases if self.cases else 0.0


def burdens(asked: Selection) -> tuple[list[Burden], Burden, Burden]:
    """The outlets with most minutes; all of them together; and all of them in the baseline."""
    rows = _of_outlets(asked)
    found = rows.values("complaint__origin").annotate(**_sums())
    top = list(found.order_by("-minutes", "complaint__origin")[:SHOWN])
    orgs = Org.objects.in_bulk([row["complaint__origin"] for row in top])
    lines = [_burden(row, orgs[row["complaint__origin"]]) for row in top]
    before = _of_outlets(asked.before).aggregate(**_sums())
    return lines, _burden(rows.aggregate(**_sums()), None), _burden(before, None)


def _of_outlets(asked: Selection) -> QuerySet[Any]:
    """Cases brought to outlets; their sums are the burden."""
    return asked.courses().filter(complaint__origin__kind__in=OUTLETS)


def _sums() -> dict[str, Coalesce | Count]:
    return {
        "cases": Count("pk"),
        "minutes": Coalesce(Sum("outlet_minutes"), 0),
        "hop_sum": Coalesce(Sum("hops"), 0),
        "back_sum": Coalesce(Sum("hand_backs"), 0),
    }


def _burden(row: dict[str, int], org: Org | None) -> Burden:
    return Burden(org, row["cases"], row["minutes"], row["hop_sum"], row["back_sum"])
