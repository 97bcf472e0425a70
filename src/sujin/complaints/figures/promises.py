"""Per desk: of what was promised to customers and has fallen due, how much was kept in time."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, F, Q

from sujin.complaints.figures.selection import Selection
from sujin.complaints.models import Promise
from sujin.engine.rates import Share
from sujin.platform.models import Org

SHOWN = 40
IN_TIME = Q(kept_at__lte=F("due_at"))


# What ended before the moment came, without being merged, owed nothing at that moment.
OWED = (
    Q(complaint__closed_at__isnull=True)
    | Q(complaint__merged_into__isnull=False)
    | Q(complaint__closed_at__gt=F("due_at"))
)


def fallen_due(now: datetime) -> Q:
    """Promises whose moment has passed while they were owed, or that were kept before it; released
    ones owe nothing, nor do those of a case that had been withdrawn by then."""
    is_kept = Q(kept_at__isnull=False)
    return Q(released_at__isnull=True) & (is_kept | (Q(due_at__lt=now) & OWED))


@dataclass(frozen=True, slots=True)
class Kept:
    """One desk: promises fallen due, the share kept in time, and the cases behind both."""

    org: Org
    share: Share
    cases: int
    broken_cases: int


def promises(asked: Selection) -> tuple[list[Kept], Share]:
    """The SHOWN desks that promised most, and all of them together."""
    rows = Promise.objects.filter(
        fallen_due(asked.now), complaint__in=asked.received().values("pk")
    )
    total = rows.aggregate(due=Count("pk"), kept=Count("pk", filter=IN_TIME))
    found = list(
        rows.values("desk")
        .annotate(
            due=Count("pk"),
            kept=Count("pk", filter=IN_TIME),
            cases=Count("complaint", distinct=True),
            broken=Count("complaint", distinct=True, filter=~IN_TIME | Q(kept_at__isnull=True)),
        )
        .order_by("-due", "desk")[:SHOWN]
    )
    orgs = Org.objects.in_bulk([row["desk"] for row in found])
    lines = [
        Kept(orgs[row["desk"]], Share(row["kept"], row["due"]), row["cases"], row["broken"])
        for row in found
    ]
    return lines, Share(total["kept"], total["due"])
