"""月度通报: a month of the house, or of one branch, as a page and as files."""

import re
from datetime import date
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from sujin.governance.metric_places import LINES
from sujin.governance.models.owned import WATCH
from sujin.platform.models import Org
from sujin.platform.ui.request import StaffRequest, holds
from sujin.reports.monthly.figures import Month, monthly
from sujin.reports.monthly.words import report
from sujin.reports.pages import papers
from sujin.reports.parts import Report

SHOWN = 18
_MONTH = re.compile(r"(20\d\d)-(0[1-9]|1[0-2])")


@require_safe
def month(request: HttpRequest) -> HttpResponse:
    """The month and organisation of the address; else the last whole month of the reader's own.
    Departments take no complaints in: theirs are the metrics of their line."""
    asked = holds(request, WATCH)
    if not _orgs(asked):
        return redirect("governance:metrics")
    org, chosen = _asked(asked)
    context: dict[str, Any] = {
        "report": _report(asked, org, chosen), "org": org, "month": str(chosen),
        "months": _months(asked), "may_export": "export" in asked.reach.may, "orgs": _orgs(asked),
    }  # fmt: skip
    return render(request, "reports/monthly.html", context)


@require_safe
def paper(request: HttpRequest, form: str) -> HttpResponse:
    """The same as a file; on the record."""
    asked = holds(request, "export")
    holds(request, WATCH)
    made = _report(asked, *_asked(asked))
    return papers.paper(made, form, by=asked.person, at=asked.at)


def _report(asked: StaffRequest, org: Org, chosen: Month) -> Report:
    return report(monthly(chosen, org), org, asked.reach, asked.at)


def _asked(asked: StaffRequest) -> tuple[Org, Month]:
    """404 for an organisation outside the reader's reach, or a month that has not begun."""
    today = timezone.localdate(asked.at)
    named = asked.GET.get("month", "")
    found = _MONTH.fullmatch(named)
    if named and found is None:
        raise Http404
    chosen = Month(date(int(found[1]), int(found[2]), 1)) if found else Month.of(today).before
    if chosen.first > today:
        raise Http404
    known = {org.code: org for org in _orgs(asked)}
    code = asked.GET.get("org", "") or next(iter(known), "")
    if code not in known:
        raise Http404
    return known[code], chosen


def _orgs(asked: StaffRequest) -> list[Org]:
    """The reader's own and the branches below: the head office sees every first-level branch."""
    places = [place for place in asked.reach.places(WATCH) if place.kind not in LINES]
    if asked.reach.everything:
        rows = Org.objects.filter(kind__in=["head", "branch1"])
    else:
        own = [place.pk for place in places]
        rows = Org.objects.filter(pk__in=own) | Org.objects.filter(
            parent__in=own, kind__in=["branch2", "sub", "outlet"]
        )
    return list(rows.order_by("path").distinct())


def _months(asked: StaffRequest) -> list[str]:
    one = Month.of(timezone.localdate(asked.at))
    found = []
    for _ in range(SHOWN):
        found.append(str(one))
        one = one.before
    return found
