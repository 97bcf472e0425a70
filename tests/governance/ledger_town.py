"""Branches beside branch A, and three years of weekly cases with a measure of known effect."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from types import SimpleNamespace

import numpy as np
from django.utils import timezone

from sujin.complaints.figures.selection import midnight
from sujin.complaints.models import Complaint
from sujin.engine.text import search_tokens
from sujin.governance.models import Measure
from sujin.lab.cast import BRANCH_A
from sujin.platform.models import Org

BRANCHES, WEEKS = 4, 66
WEEK = timedelta(weeks=1)
TEXT = "年费收取前没有通知"


def town_of(_cast: SimpleNamespace) -> list[str]:
    """The paths of as many branches beside branch A, made if they are not there."""
    branch = Org.objects.get(code=BRANCH_A)
    paths = []
    for nth in range(BRANCHES):
        code = f"BZ-{nth:02}"
        known = Org.objects.filter(code=code).first()
        if known is None:
            known = Org.objects.create(
                code=code, name=f"对照{nth}分行", kind=branch.kind, parent=branch.parent
            )
            known.path = f"{branch.parent.path}{known.pk}/"  # type: ignore[union-attr]
            known.save()
        paths.append(known.path)
    return paths


def grow(
    measure: Measure, now: datetime, *, fall: float, everywhere: float = 0.0, level: float = 10.0,
    paths: Sequence[str] = (), seed: int = 5, weeks: int = WEEKS,
) -> None:  # fmt: skip
    """Card cases of branch A and those beside it up to last week. From the start on there are so
    much fewer at branch A (``fall``), or everywhere."""
    rng = np.random.default_rng(seed)
    target = Org.objects.get(code=BRANCH_A)
    told = [one["org"] for one in measure.controls] or list(paths)
    beside = list(Org.objects.filter(path__in=told))
    last = timezone.localdate(now)
    last -= timedelta(days=last.weekday()) + WEEK
    rows = []
    for ago in range(weeks):
        monday = last - WEEK * ago
        begun = monday >= measure.starts_on
        for org in (target, *beside):
            keep = (1 - everywhere * begun) * (1 - fall * begun * (org == target))
            rows += [_case(monday, org) for _ in range(rng.poisson(level * keep))]
    for number, row in enumerate(rows):
        row.number = f"2003-{number:07}"
    Complaint.objects.bulk_create(rows)


def _case(day: date, org: Org) -> Complaint:
    received = midnight(day) + timedelta(hours=30)
    return Complaint(
        kind="complaint", lane="ordinary", channel="counter", text=TEXT,
        tokens=search_tokens(TEXT), received_at=received, closed_at=received, origin=org,
        business="card.credit.billing", cause="service", touchpoint="counter",
        seen_by=list(org.tokens),
    )  # fmt: skip
