"""The map of a distribution: units in their tree, with who read, understood, passed, did what."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, fields
from datetime import datetime

from django.db.models import Count, Q

from sujin.knowledge.models import Acknowledgement, Distribution
from sujin.platform.models import Org
from sujin.platform.reach import Reach


@dataclass(slots=True)
class Tally:
    """People who have it to read; of them, those who opened, understood, passed; units that have
    it, and of them those that wrote measures; people who are late."""

    people: int = 0
    read: int = 0
    understood: int = 0
    passed: int = 0
    late: int = 0
    units: int = 0
    measures: int = 0

    def add(self, other: "Tally") -> None:
        for one in fields(self):
            setattr(self, one.name, getattr(self, one.name) + getattr(other, one.name))

    @property
    def missing(self) -> int:
        return self.people - self.understood

    @property
    def share(self) -> float:
        """Of the people, those who understood; 0 where there is nobody."""
        return self.understood / self.people if self.people else 0.0


@dataclass(slots=True)
class Unit:
    """One organisation of the map; ``tally`` counts it and everything below it in reach."""

    org: Org
    depth: int = 0
    tally: Tally = field(default_factory=Tally)
    children: list["Unit"] = field(default_factory=list)

    @property
    def is_silent(self) -> bool:
        """Nobody in it, or below it, has understood anything yet."""
        return self.tally.understood == 0

    def walk(self) -> Iterator["Unit"]:
        yield self
        for child in self.children:
            yield from child.walk()


def unit_map(distribution: Distribution, reach: Reach, at: datetime) -> list[Unit]:
    """The tops of the tree in reach; in each row of siblings the silent ones first, then the least
    read. Three queries, whatever its size."""
    own = _counted(distribution, reach, at)
    orgs = {org.pk: Unit(org) for org in Org.objects.filter(pk__in=_with_parents(own))}
    for key, tally in own.items():
        for step in orgs[key].org.lineage:
            if step in orgs:
                orgs[step].tally.add(tally)
    tops = []
    for unit in orgs.values():
        parent = orgs.get(unit.org.parent_id or 0)
        (parent.children if parent else tops).append(unit)
    return _ordered(_trimmed(tops))


def _counted(distribution: Distribution, reach: Reach, at: datetime) -> dict[int, Tally]:
    """Unit -> its own people, those below it not counted."""
    rows = Acknowledgement.objects.expected().within(reach).filter(distribution=distribution)
    is_over = distribution.is_over(at)
    measured = set(distribution.measures.values_list("unit", flat=True).distinct())
    done = Q(understood_at__isnull=False)
    counted = (
        rows.order_by()
        .values("unit")
        .annotate(
            people=Count("pk"),
            opened=Count("pk", filter=Q(read_at__isnull=False)),
            done=Count("pk", filter=done),
            passed=Count("pk", filter=Q(passed_at__isnull=False)),
        )
    )
    return {
        int(one["unit"]): Tally(
            one["people"], one["opened"], one["done"], one["passed"],
            one["people"] - one["done"] if is_over else 0,
            1, int(one["unit"] in measured),
        )
        for one in counted
    }  # fmt: skip


def _with_parents(own: Mapping[int, Tally]) -> set[int]:
    paths = Org.objects.filter(pk__in=own).values_list("path", flat=True)
    return {int(step) for path in paths for step in path.split("/") if step}


def _trimmed(tops: list[Unit]) -> list[Unit]:
    """Without the head office where nobody of it has it to read."""
    if len(tops) == 1 and tops[0].org.is_root and not _has_own(tops[0]):
        return tops[0].children
    return tops


def _has_own(unit: Unit) -> bool:
    below = sum(child.tally.people for child in unit.children)
    return unit.tally.people > below


def _ordered(units: Iterable[Unit], depth: int = 0) -> list[Unit]:
    told = sorted(units, key=lambda one: (not one.is_silent, one.tally.share, one.org.code))
    for one in told:
        one.depth = depth
        one.children = _ordered(one.children, depth + 1)
    return told


def silent(tops: Iterable[Unit]) -> list[Unit]:
    """Units that have people of their own of whom nobody has understood; the largest first."""
    found = [one for top in tops for one in top.walk() if one.is_silent and _has_own(one)]
    return sorted(found, key=lambda one: (-one.tally.people, one.org.code))
