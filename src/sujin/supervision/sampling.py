"""From closed complaints to a design: how many of each unit, and how near the answer will come."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from hashlib import sha256

from django.db.models import Q, QuerySet

from sujin.complaints.acts.withdraw import WITHDRAWN
from sujin.complaints.draft import CaseKind
from sujin.complaints.figures.selection import midnight
from sujin.complaints.models import Complaint
from sujin.engine.survey_design import Stratum, allocate, margin
from sujin.platform.models import Org
from sujin.platform.reach import Reach
from sujin.supervision.models import Invitation
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
    """Who is to be asked. ``members`` are the cases by unit, one a customer; ``promised`` is the
    margin if as many answer as expected, ``best`` if all do; ``quiet`` customers were left out."""

    layers: tuple[Layer, ...]
    members: Mapping[int, Sequence[int]]
    answering: float
    promised: float
    best: float
    quiet: int = 0

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
    return Complaint.objects.within(reach).filter(
        still_asked(), origin__path__startswith=unit.path,
        closed_at__gte=midnight(since), closed_at__lt=midnight(until + timedelta(days=1)),
    )  # fmt: skip


def still_asked(to: str = "") -> Q:
    """Cases whose customers are asked: whatever became something else since is not told of either.
    ``to`` is the way to the case."""
    asked = {f"{to}kind": CaseKind.COMPLAINT, f"{to}merged_into__isnull": True}
    return Q(**asked) & ~Q(**{f"{to}outcome": WITHDRAWN})


def asked_since(at: datetime) -> datetime:
    """Whoever was asked after this is left in peace."""
    return at - timedelta(days=int(numbers()["quiet_days"]))


def one_each(rows: QuerySet[Complaint], at: datetime) -> tuple[list[tuple[int, str]], int]:
    """The first case of every customer, with the path of its unit, and how many customers are left
    out because they were asked a short while ago."""
    lately = Invitation.objects.filter(made_at__gt=asked_since(at)).order_by()
    asked = {
        key
        for keys in lately.values_list("complaint__customer_keys", flat=True)
        for key in keys
    }  # fmt: skip
    told = list(rows.order_by("pk").values_list("pk", "origin__path", "customer_keys"))
    customers = _customers([keys for _pk, _path, keys in told])
    quiet = {
        customer
        for customer, (_pk, _path, keys) in zip(customers, told, strict=True)
        if not asked.isdisjoint(keys)
    }  # fmt: skip
    first: dict[int, tuple[int, str]] = {}
    for customer, (pk, path, _keys) in zip(customers, told, strict=True):
        if customer not in quiet:
            first.setdefault(customer, (pk, path))
    return list(first.values()), len(quiet)


def _customers(cases: Sequence[Sequence[str]]) -> list[int]:
    """Of each case the place of its customer's first one. Cases that share a key are of one
    customer, so are those that a third one joins; a case without keys is a customer of its own."""
    leader = list(range(len(cases)))

    def head(place: int) -> int:
        while leader[place] != place:
            leader[place] = leader[leader[place]]
            place = leader[place]
        return place

    holder: dict[str, int] = {}
    for place, keys in enumerate(cases):
        for key in keys:
            one, other = head(holder.setdefault(key, place)), head(place)
            leader[max(one, other)] = min(one, other)
    return [head(place) for place in range(len(cases))]


def by_unit(cases: Iterable[tuple[int, str]], unit: Org) -> dict[int, list[int]]:
    """Cases by the unit right below ``unit`` in which they arose; its own are of itself."""
    depth = len(unit.lineage)
    members: dict[int, list[int]] = defaultdict(list)
    for pk, path in cases:
        steps = path.strip("/").split("/")
        members[int(steps[depth]) if len(steps) > depth else unit.pk].append(pk)
    return members


def design(
    members: Mapping[int, Sequence[int]], total: int, answering: float, quiet: int = 0
) -> Design:
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
    promised, best = _margin(layers, answering), _margin(layers, 1.0)
    return Design(layers, members, answering, promised, best, quiet)


def _margin(layers: Sequence[Layer], answering: float) -> float:
    return margin(Stratum(one.name, one.size, one.n * answering) for one in layers)
