"""What became of the cases that knowledge is about, as the engine of effects reads it."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from functools import reduce
from operator import or_
from typing import Any

import numpy as np
from django.db.models import Exists, F, Min, OuterRef, Q
from django.db.models.functions import Coalesce, Least

from sujin.complaints import kinds
from sujin.complaints.models import Complaint, Rung
from sujin.engine.effect_cases import Cases, RollOut
from sujin.knowledge.models import Usage, Version
from sujin.knowledge.models.usage import HELPED, SHOWN, USED
from sujin.platform.models import Entry, Org
from sujin.platform.organisation import OrgKind

# What lies longer back says little of today and costs every night.
SPAN = timedelta(days=540)
WEEK = 7
# What ended sooner after it came to the first branch has had no time to show anything.
LEAST = timedelta(weeks=4)
SATISFIED = {"yes": 1.0, "no": 0.0}
COLUMNS = ("pk", "origin__path", "received_at", "ended_at", "satisfied", "again", "climbed")
# Answered; or closed without an answer, as what was brought in from elsewhere may be.
ENDED = Coalesce("answered_at", "closed_at")
# The end of a version, as ``end_of`` says it of one that is at hand.
END = Least(Coalesce("ended_at", "valid_to"), "valid_to")


def judged_versions(at: datetime) -> list[Version]:
    """Versions that came branch by branch, are about something, not too old to be compared, and
    did not end within four weeks of their first branch."""
    rows = Version.objects.filter(staged_until__isnull=False, released_at__gt=at - SPAN)
    about = rows.exclude(business=[], cause=[], demand=[])
    dated = about.annotate(first=Min("stages__since"), end=END)
    lasted = dated.exclude(end__lte=at, end__lt=F("first") + LEAST)
    return list(lasted.select_related("item").prefetch_related("stages__org").order_by("pk"))


def topic(version: Version) -> Q:
    """The cases that a version is about, by the codes of its scope."""
    asked = Q()
    if version.business:
        below = (Q(business=code) | Q(business__startswith=f"{code}.") for code in version.business)
        asked &= reduce(or_, below)
    if version.cause:
        asked &= Q(cause__in=version.cause)
    if version.demand:
        asked &= Q(demand__in=version.demand)
    return asked


def roll_out(version: Version, branches: Iterable[int]) -> RollOut:
    """From which week each branch has it; where it ended before it came, never. By lot, if the
    docket says so."""
    known, end = set(branches), end_of(version)
    start = {
        stage.org_id: week_of(stage.since)
        for stage in version.stages.all()
        if stage.org_id in known and stage.since < end
    }
    told = version.entries.filter(kind="version.released").values_list("data", flat=True).first()
    return RollOut(version.pk, start, by_lot=bool(told and told.get("by_lot")))


def end_of(version: Version) -> datetime:
    """When it was withdrawn, superseded, or ran out: what came in later is not of this version."""
    assert version.valid_to is not None
    return min(version.ended_at or version.valid_to, version.valid_to)


def week_of(at: datetime) -> int:
    """The number of the week."""
    return at.toordinal() // WEEK


def branches() -> dict[str, int]:
    """First-level branches by the beginning of the paths of all that lies below them."""
    rows = Org.objects.filter(kind=OrgKind.BRANCH1)
    return {path: pk for pk, path in rows.values_list("pk", "path")}


def cases(versions: Sequence[Version], at: datetime, below: dict[str, int]) -> Cases:
    """The answered complaints each version is about, version after version."""
    told = [_of(version, at, below) for version in versions]
    columns = [np.concatenate(one) for one in zip(*told, strict=True)] if told else _nothing()
    return Cases(*columns)


def _nothing() -> list[np.ndarray]:
    whole, flags, numbers = np.int64, np.bool_, np.float64
    kinds_of = (whole, whole, whole, flags, flags, numbers, numbers, numbers, numbers)
    return [np.zeros(0, kind) for kind in kinds_of]


def _of(version: Version, at: datetime, below: dict[str, int]) -> list[np.ndarray]:
    rows = [row for row in _rows(version, at) if _branch(row[1], below)]
    seen = _used(version, (SHOWN, USED, HELPED))
    used = _used(version, (USED, HELPED))
    return [
        np.array([_branch(row[1], below) for row in rows], np.int64),
        np.array([week_of(row[2]) for row in rows], np.int64),
        np.full(len(rows), version.pk, np.int64),
        np.array([row[0] in seen for row in rows], np.bool_),
        np.array([row[0] in used for row in rows], np.bool_),
        np.array([row[5] for row in rows], np.float64),
        np.array([row[6] for row in rows], np.float64),
        np.array([_hours(row[2], row[3]) for row in rows], np.float64),
        np.array([SATISFIED.get(row[4], np.nan) for row in rows], np.float64),
    ]


def _rows(version: Version, at: datetime) -> list[tuple[Any, ...]]:
    """Received before the version ended, ended, no part of another case; whether the customer came
    again, whether a rung of the ladder was climbed."""
    reopened = Entry.objects.of(kinds.Reopened).filter(
        subject="complaint", subject_id=OuterRef("pk")
    )
    repeated = Complaint.objects.filter(repeat_of=OuterRef("pk"))
    rungs = Rung.objects.filter(complaint=OuterRef("pk"))
    rows = Complaint.objects.annotate(ended_at=ENDED).filter(
        topic(version), kind="complaint", merged_into__isnull=True,
        ended_at__isnull=False, received_at__gt=at - SPAN, received_at__lte=at,
        received_at__lt=end_of(version),
    )  # fmt: skip
    marks = {"again": Exists(reopened) | Exists(repeated), "climbed": Exists(rungs)}
    return list(rows.annotate(**marks).order_by("pk").values_list(*COLUMNS))


def _used(version: Version, ways: Iterable[str]) -> set[int]:
    rows = Usage.objects.filter(version=version, way__in=list(ways), case__isnull=False)
    return set(rows.values_list("case", flat=True).distinct())  # type: ignore[arg-type]


def _branch(path: str, below: dict[str, int]) -> int:
    steps = path.split("/")
    return below.get("/".join(steps[:2]) + "/", 0)


def _hours(received: datetime, ended: datetime) -> float:
    hours = (ended - received).total_seconds() / 3600
    return hours if hours > 0 else np.nan
