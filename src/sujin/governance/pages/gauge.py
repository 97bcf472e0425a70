"""The cases behind one figure of an indicator, as far as the reader's reach goes."""

from datetime import date
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from sujin.complaints.models import Complaint
from sujin.governance import gauging
from sujin.governance.indicatorbook import terms
from sujin.governance.models import Gauge, WorkOrder
from sujin.governance.models.owned import WATCH
from sujin.platform.ui.request import StaffRequest, holds

CASES_MAX = 200
PERIODS = 16


@require_safe
def gauge(request: HttpRequest, code: str, org: str, first: str) -> HttpResponse:
    """What it is made of, its past, and the order that it opened."""
    asked = holds(request, WATCH)
    found = _found(asked, code, org, first)
    row = found.row
    if row is None:
        raise Http404
    past = Gauge.objects.filter(indicator=code, org=found.org).select_related("org")
    orders = WorkOrder.objects.within(asked.reach).filter(indicator=code, org=found.org)
    context: dict[str, Any] = {
        "gauge": found,
        "row": row,
        "gauges": past.order_by("-first")[:PERIODS],
        "order": orders.order_by("-opened_at").first(),
        "terms": terms(),
        **_cases(asked, found),
    }
    return render(request, "governance/gauge.html", context)


def _found(asked: StaffRequest, code: str, org: str, first: str) -> Gauge:
    try:
        day = date.fromisoformat(first)
    except ValueError as error:
        raise Http404 from error
    rows = Gauge.objects.within(asked.reach).select_related("org")
    found = rows.filter(indicator=code, org__code=org, first=day).first()
    if found is None:
        raise Http404
    return found


def _cases(asked: StaffRequest, found: Gauge) -> dict[str, Any]:
    """Those that the reader may see, on the wrong side first; how many there are besides."""
    row = found.row
    rows = gauging.behind(row, found) if row is not None else []
    mine = Complaint.objects.within(asked.reach).select_related("desk", "origin")
    seen = mine.defer("tokens", "minhash", "bands").in_bulk({one.case for one in rows})
    shown = [one for one in rows if one.case in seen][:CASES_MAX]
    return {
        "cases": [
            {"case": seen[one.case], "is_bad": bool(row.bad([one.value])) if row else False,
             "days": None if row is None or row.is_share else one.value}
            for one in shown
        ],
        "now": len(rows),
        "hidden": len(rows) - len(shown),
    }  # fmt: skip
