"""From closed complaints to a design: how many of each unit, and how near the answer will come."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from hashlib import sha256

from django.db.models import QuerySet

from sujin.complaints.acts.withdraw import WITHDRAWN
from sujin.complaints.draft import CaseKind
from sujin.complaints.figures.selection import midnight
from sujin.complaints.models import Complaint
from sujin.engine.survey_design import Stratum, allocate, margin
from sujin.platform.models import Org
from sujin.platform.reach import Reach
from sujin.supervision.questionnaires import numbers


@dataclass(frozen=True, slots=True)
class Layer:
    """One unit of the design: what it has, what is asked of it."""

    unit: int
    name: str
    size: int
    n: int


@dataclass(frozen=True, slots=True)
class Design:
    """Who is to be asked. ``members`` are the cases by unit; ``promised`` is the margin if as many
    answer as expected, ``best`` if all do."""

    layers: tuple[Layer, ...]
    members: Mapping[int, Sequence[int]]
    answering: float
    promised: float
    best: float

    @property
    def population(self) -> int:
        return sum(one.size for one in self.layers)

    @property
    def n(self) -> int:
        return sum(one.n for one in self.layers)

    @property
    def digest(self) -> str:
        """Tells two populations apart."""
        return frame_digest([case for cases in self.members.values() for case in cases])


def frame_digest(cases: Sequence[int]) -> str:
    return sha256(",".join(map(str, sorted(cases))).encode()).hexdigest()[:16]


def population(reach: Reach, unit: Org, since: date, until: date) -> QuerySet[Complaint]:
    """Complaints received at the unit or below that closed in the days; as the reach allows."""
    rows = Complaint.objects.within(reach).filter(
        origin__path__startswith=unit.path, kind=CaseKind.COMPLAINT, merged_into__isnull=True,
        closed_at__gte=midnight(since), closed_at__lt=midnight(until + timedelta(days=1)),
    )  # fmt: skip
    return rows.exclude(outcome=WITHDRAWN)


def by_unit(rows: QuerySet[Complaint], unit: Org) -> dict[int, list[int]]:
    """Cases by the unit right below ``unit`` in which they arose; its own are of itself."""
    depth = len(unit.lineage)
    members: dict[int, list[int]] = defaultdict(list)
    for pk, path in rows.order_by("pk").values_list("pk", "origin__path"):
        steps = path.strip("/").split("/")
        members[int(steps[depth]) if len(steps) > depth else unit.pk].append(pk)
    return members


def design(members: Mapping[int, Sequence[int]], total: int, answering: float) -> Design:
    """In proportion to the units, each with a few at least. Raises ValueError when ``total`` is too
    few for that, or more than there are."""
    least = int(numbers()["stratum_least"])
    sizes = {str(unit): len(cases) for unit, cases in members.items()}
    given = allocate(sizes, total, least)
    names = {org.pk: str(org) for org in Org.objects.filter(pk__in=members)}
    layers = tuple(
        Layer(unit, names[unit], len(cases), given[str(unit)])
        for unit, cases in sorted(members.items())
    )
    return Design(layers, members, answering, _margin(layers, answering), _margin(layers, 1.0))


def _margin(layers: Sequence[Layer], answering: float) -> float:
    return margin(Stratum(one.name, one.size, one.n * answering) for one in layers)
