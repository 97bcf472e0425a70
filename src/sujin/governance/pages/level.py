"""本级看板: the home of a level (management, department, outlet): its figures, who stands out
below, and its own list to clear."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from sujin.complaints import tally
from sujin.complaints.figures.selection import Window, last_days
from sujin.engine.standing import Standing
from sujin.governance import cube
from sujin.governance.metric_board import Line, UnitLine, exactly, units
from sujin.governance.metric_figures import Figure
from sujin.governance.metric_places import LINES, below, own, scope
from sujin.governance.metricbook import LEVELS, Metric, Statistic, metrics
from sujin.governance.models import Problem, Wave, WorkOrder
from sujin.governance.models.owned import WATCH
from sujin.governance.topics import topics
from sujin.platform.errands import errands
from sujin.platform.models import Org
from sujin.platform.organisation import OrgKind
from sujin.platform.ui.request import StaffRequest, staff

DAYS = 30
TOPICS = 3
# Of which metrics units below are looked at for whoever stands out.
LOOKED_AT = ("escalated", "repeat", "median_days", "satisfied")
SMALL = (OrgKind.OUTLET, OrgKind.SUB)
ANY = frozenset({WATCH, "annotate"})


@dataclass(frozen=True, slots=True)
class Waiting:
    """Something of which ``n`` wait at ``url``."""

    label: Promise
    n: int
    url: str


@require_safe
def level(request: HttpRequest) -> HttpResponse:
    """Of the desk in the address, else the widest that the person has."""
    asked = staff(request)
    desks = own(asked.reach, ANY)
    if not desks:
        raise PermissionDenied
    org = _chosen(asked, desks)
    name = level_of(org)
    chosen = [
        one for one in metrics().values() if name in one.levels and one.needs & asked.reach.may
    ]
    window = last_days(DAYS, asked.at)
    watches = WATCH in asked.reach.may
    context: dict[str, Any] = {
        "org": org, "desks": desks, "level": LEVELS[name], "window": window,
        "lines": _lines(chosen, org, window),
        "late": cube.late_since() if cube.is_summed(scope(org)) else None,
        "errands": errands(asked.reach, asked.at),
        "waiting": _waiting(asked, asked.at) if watches else [],
        "standouts": _standouts(org, window, desks) if watches else [],
        "topics": topics(timezone.localdate(asked.at))[:TOPICS] if asked.reach.everything else [],
        "sees_all": asked.reach.everything,
        "watches": watches,
    }  # fmt: skip
    return render(request, "governance/level.html", context)


def _lines(chosen: Sequence[Metric], org: Org, window: Window) -> list[Line]:
    """Counts are right at once, from the tally; the rest as of the last minute, so that the page is
    quick on the busiest morning."""
    facts = [one.fact for one in chosen]
    lines = exactly(chosen, org, window, window.before, late=facts)
    if org.kind in LINES:
        return lines
    n = int(tally.board([org], window.first, window.last).cases.sum())
    return [
        replace(one, now=Figure(one.metric, n, float(n)))
        if one.metric.statistic is Statistic.COUNT
        else one
        for one in lines
    ]


def level_of(org: Org) -> str:
    if org.kind in LINES:
        return "department"
    return "outlet" if org.kind in SMALL else "management"


def _chosen(asked: StaffRequest, desks: Sequence[Org]) -> Org:
    code = asked.GET.get("org", "") or desks[0].code
    found = next((org for org in desks if org.code == code), None)
    if found is None:
        raise Http404
    return found


def _standouts(org: Org, window: Window, desks: Sequence[Org]) -> list[tuple[Metric, UnitLine]]:
    """Units right below that differ for the worse from all of them together."""
    orgs = below(org)
    found: list[tuple[Metric, UnitLine]] = []
    if len(orgs) < 2:
        return found
    for code in LOOKED_AT:
        metric = metrics()[code]
        bad = Standing.BELOW if metric.better == "more" else Standing.ABOVE
        told = units(metric, orgs, window, desks, late=[metric.fact]).lines
        found += [(metric, one) for one in told if one.standing is bad]
    return found


def _waiting(asked: StaffRequest, at: datetime) -> list[Waiting]:
    """What stands in the reader's reach and waits for somebody."""
    problems = Problem.objects.within(asked.reach).standing()
    late = problems.filter(due_on__lt=timezone.localdate(at))
    counts = (
        (_("待签收的预警"), Wave.objects.within(asked.reach).filter(state="raised"), "waves", ""),
        (_("办理中的督办单"), WorkOrder.objects.within(asked.reach).standing(), "indicators", ""),
        (_("没有办结的问题"), problems, "ledger", ""),
        (_("逾期的问题"), late, "ledger", "?which=late"),
    )
    return [
        Waiting(label, rows.count(), reverse(f"governance:{page}") + query)
        for label, rows, page, query in counts
    ]
