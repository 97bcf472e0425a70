"""每周复盘材料: a week of the ledger as a page and as files."""

from datetime import date
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from sujin.complaints.pages.measured import read_day
from sujin.governance.models.owned import WATCH
from sujin.platform.ui.request import StaffRequest, holds
from sujin.reports.pages import papers
from sujin.reports.weekly.figures import WEEK, monday, weekly
from sujin.reports.weekly.words import report

SHOWN = 12


@require_safe
def week(request: HttpRequest) -> HttpResponse:
    """The week of the address, else this one."""
    asked = holds(request, WATCH)
    first = _asked(asked)
    today = timezone.localdate(asked.at)
    context: dict[str, Any] = {
        "report": report(weekly(first, asked.reach, today)), "week": first.isoformat(),
        "weeks": [(monday(today) - WEEK * ago).isoformat() for ago in range(SHOWN)],
        "may_export": "export" in asked.reach.may,
    }  # fmt: skip
    return render(request, "reports/weekly.html", context)


@require_safe
def paper(request: HttpRequest, form: str) -> HttpResponse:
    """The same as a file; on the record."""
    asked = holds(request, "export")
    holds(request, WATCH)
    made = report(weekly(_asked(asked), asked.reach, timezone.localdate(asked.at)))
    return papers.paper(made, form, by=asked.person, at=asked.at)


def _asked(asked: StaffRequest) -> date:
    """404 for a day that is none, or a week that has not begun."""
    named, today = asked.GET.get("week", ""), timezone.localdate(asked.at)
    day = read_day(named) if named else today
    if day is None or monday(day) > today:
        raise Http404
    return monday(day)
