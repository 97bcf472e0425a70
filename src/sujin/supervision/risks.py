"""What makes a visit to an outlet likelier: facts from the dockets, weighed by the pack.

How many complaints an outlet has never ranks it; here it may only send somebody to look. Small
counts are drawn in to what all have (``engine.hotspots``).
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from django.db.models import Count, Max, Q

from sujin.complaints.draft import CaseKind
from sujin.complaints.models import Complaint
from sujin.engine.hotspots import smooth
from sujin.platform.models import Org
from sujin.supervision.inspectionbook import numbers, risks
from sujin.supervision.kinds import inspection
from sujin.supervision.models import Finding, Inspection, Shortcoming

YEAR = timedelta(days=365)
MONTH_DAYS = 30.44
NEVER = 120.0  # months; whoever was never visited counts in full
# A share is drawn in as if so many more had been asked and had said what all say.
LIKE_ALL = 10
Facts = dict[str, Mapping[int, float]]


def outlets_below(place: Org) -> list[Org]:
    """The outlets that a plan of this place draws from."""
    return list(Org.objects.under(place).filter(kind="outlet").order_by("pk"))


def risk_of(outlets: Sequence[Org], at: datetime) -> dict[int, float]:
    """Of each outlet: 1, and more for everything the pack names. Six queries."""
    found, rows = facts(outlets, at), risks()
    return {
        one.pk: 1 + sum(row.of(found[row.code].get(one.pk, 0.0)) for row in rows.values())
        for one in outlets
    }


def facts(outlets: Sequence[Org], at: datetime) -> Facts:
    """By the code of the pack's row, the value of each outlet."""
    keys = [one.pk for one in outlets]
    return {
        "unseen": _unseen(keys, at),
        "standing": _standing(keys),
        "again": _again(keys, at),
        "complaints": _complaints(keys, at),
        "dissatisfied": _dissatisfied(keys, at),
        "gamed": _gamed(outlets),
    }


def _unseen(keys: Sequence[int], at: datetime) -> dict[int, float]:
    rows = Inspection.objects.filter(outlet__in=keys, state=inspection.SUBMITTED)
    seen = dict(rows.values_list("outlet").annotate(last=Max("submitted_at")))
    return {
        key: (at - seen[key]).days / MONTH_DAYS if key in seen else NEVER for key in keys
    }  # fmt: skip


def _standing(keys: Sequence[int]) -> dict[int, float]:
    rows = Shortcoming.objects.standing().filter(outlet__in=keys)
    return dict(rows.values_list("outlet").annotate(n=Count("pk")))


def _again(keys: Sequence[int], at: datetime) -> dict[int, float]:
    since = at - timedelta(days=int(numbers()["again_days"]))
    rows = Shortcoming.objects.filter(outlet__in=keys, again_of__isnull=False)
    rows = rows.filter(inspection__submitted_at__gte=since)
    return dict(rows.values_list("outlet").annotate(n=Count("pk")))


def _complaints(keys: Sequence[int], at: datetime) -> dict[int, float]:
    rows = Complaint.objects.filter(
        origin__in=keys, kind=CaseKind.COMPLAINT, counted=True, received_at__gte=at - YEAR,
        received_at__lt=at,
    )  # fmt: skip
    counts = dict(rows.values_list("origin").annotate(n=Count("pk")))
    if not keys:
        return {}
    ratios = smooth([counts.get(key, 0) for key in keys], [1.0] * len(keys))
    return {key: one.ratio for key, one in zip(keys, ratios, strict=True)}


def _dissatisfied(keys: Sequence[int], at: datetime) -> dict[int, float]:
    rows = Complaint.objects.filter(
        origin__in=keys, called_back_at__gte=at - YEAR, satisfied__in=["yes", "no"]
    )
    told = {
        key: (bad, asked)
        for key, bad, asked in rows.values_list("origin").annotate(
            bad=Count("pk", filter=Q(satisfied="no")), asked=Count("pk")
        )
    }
    asked = sum(of for _bad, of in told.values())
    share = sum(bad for bad, _of in told.values()) / asked if asked else 0.0
    return {
        key: (bad + LIKE_ALL * share) / (of + LIKE_ALL)
        for key, (bad, of) in ((key, told.get(key, (0, 0))) for key in keys)
    }


def _gamed(outlets: Sequence[Org]) -> dict[int, float]:
    """A finding belongs to a first-level branch: to all its outlets."""
    units = set(Finding.objects.filter(verdict="upheld").values_list("unit", flat=True))
    return {one.pk: float(bool(units.intersection(one.lineage))) for one in outlets}
