"""Groups of near-identical texts, as far as a reader may see them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import Count, Max, Min, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from sujin.complaints import kinds, likeness
from sujin.complaints.models import Complaint
from sujin.engine.differing import Piece, compared
from sujin.platform.models import Entry, Org
from sujin.platform.reach import Reach

BRANCHES_MAX = 12
ALSO_MAX = 20
# What is named as alike without being grouped. At a million invented complaints one text in 2,500
# has a stranger that is as like (`sujin eval repeats`).
LIKE = 0.35
KEY = Coalesce("group_id", "pk")
HEAVY = ("tokens", "minhash", "bands", "customer_keys", "known")


@dataclass(frozen=True, slots=True)
class Extent:
    """How far a group goes: ``size`` counts all its cases, the rest only those in reach."""

    size: int
    seen: int
    first: datetime | None
    last: datetime | None
    branches: Sequence[Org]
    branches_more: int
    channels: Sequence[str]

    @property
    def unseen(self) -> int:
        return self.size - self.seen


@dataclass(frozen=True, slots=True)
class Also:
    """Cases in like words that are in no group with this one; ``unseen`` are outside the reach."""

    rows: Sequence[tuple[Complaint, int]]
    unseen: int
    spoiled: bool
    left_out: int


def groups(reach: Reach) -> QuerySet[Complaint]:
    """For each group with cases in reach the oldest of them, with ``size`` and ``latest`` of those
    in reach; what else belongs to the group is nobody's business here."""
    keyed = Complaint.objects.within(reach).annotate(key=KEY)
    headed = Complaint.objects.filter(group__isnull=False).values("group")
    members = keyed.filter(Q(group__isnull=False) | Q(pk__in=headed))
    # By the two indexes, not by the key, which has none.
    beside = Q(group=OuterRef("key")) | Q(pk=OuterRef("key"))
    mine = Complaint.objects.within(reach).filter(beside).order_by()
    mine_together = mine.annotate(together=Value(1)).values("together")
    oldest = members.order_by().values("key").annotate(oldest=Min("pk")).values("oldest")
    return (
        Complaint.objects.within(reach)
        .filter(pk__in=oldest)
        .annotate(key=KEY)
        .annotate(size=Subquery(mine_together.annotate(n=Count("pk")).values("n")))
        .annotate(latest=Subquery(mine_together.annotate(last=Max("received_at")).values("last")))
        .defer(*HEAVY)
    )


def key_of(case: Complaint) -> int:
    """The case that all of a group are grouped with."""
    return case.group_id or case.pk


def members(case: Complaint, reach: Reach) -> QuerySet[Complaint]:
    """The cases of its group that are in reach, itself among them."""
    rows = Complaint.objects.within(reach).filter(_of(key_of(case)))
    return rows.select_related("desk", "origin").defer(*HEAVY).order_by("received_at", "pk")


def extent(case: Complaint, rows: QuerySet[Complaint]) -> Extent:
    """Of the group of ``case``, whose cases in reach are ``rows``; three queries."""
    facts: dict[str, Any] = rows.order_by().aggregate(
        seen=Count("pk"),
        first=Min("received_at"),
        last=Max("received_at"),
        origins=ArrayAgg("origin", distinct=True, default=[]),
        channels=ArrayAgg("channel", distinct=True, default=[]),
    )
    origins = facts.pop("origins")
    branches = list(Org.objects.filter(pk__in=origins).order_by("path")[:BRANCHES_MAX])
    size = Complaint.objects.filter(_of(key_of(case))).count()
    more = len(origins) - len(branches)
    return Extent(size=size, branches=branches, branches_more=more, **facts)


def also(case: Complaint, template: str, reach: Reach) -> Also:
    """Like texts of whoever is not in the group, most like first, from the index."""
    near = likeness.near(template, top=ALSO_MAX, without=case.pk)
    like = {pk: share for pk, share in near.cases.items() if share >= LIKE}
    found = Complaint.objects.filter(pk__in=like, merged_into__isnull=True)
    outside = found.exclude(_of(key_of(case)))
    known = set(outside.values_list("pk", flat=True))
    rows = Complaint.objects.within(reach).filter(pk__in=known).select_related("desk", "origin")
    shown = sorted(rows.defer(*HEAVY), key=lambda row: (-like[row.pk], row.pk))
    return Also(
        rows=[(row, round(like[row.pk] * 100)) for row in shown],
        unseen=len(known) - len(shown),
        spoiled=bool(near.spoiled),
        left_out=near.left_out,
    )


def removed(case: Complaint, reach: Reach) -> list[Complaint]:
    """Cases in reach that somebody took out of this group and nobody has put anywhere since."""
    taken = Entry.objects.of(kinds.Ungrouped).filter(
        subject=Complaint.subject, data__before=key_of(case)
    )
    rows = Complaint.objects.within(reach).filter(group__isnull=True)
    return list(rows.filter(pk__in=taken.values("subject_id")).defer(*HEAVY).order_by("pk"))


def marked(rows: Iterable[Complaint], template: str) -> list[tuple[Complaint, list[Piece]]]:
    """Each case with its text in pieces that are, or are not, in the template."""
    return [(row, compared(row.text, template)) for row in rows]


def _of(key: int) -> Q:
    return Q(group=key) | Q(pk=key)
