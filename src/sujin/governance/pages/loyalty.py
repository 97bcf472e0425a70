"""变诉为金: what became of customers whose complaints were handled well, beside their equals."""

from datetime import timedelta
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from sujin.complaints.figures.selection import Window
from sujin.governance.loyalty import MOST, WITHIN, loyalty
from sujin.governance.metric_places import LINES, choices
from sujin.governance.models.owned import WATCH
from sujin.platform.ui.request import holds

YEAR = timedelta(days=365)


@require_safe
def loyal(request: HttpRequest) -> HttpResponse:
    """Of the place in the address: a year of closings that ended half a year ago, so that each was
    followed to the end."""
    asked = holds(request, WATCH)
    orgs = [org for org in choices(asked.reach, {WATCH}) if org.kind not in LINES]
    if not orgs:
        return redirect("governance:metrics")
    known = {org.code: org for org in orgs}
    org = known.get(asked.GET.get("org", "") or orgs[0].code)
    if org is None:
        raise Http404
    last = timezone.localdate(asked.at) - WITHIN - timedelta(days=1)
    window = Window(last - YEAR + timedelta(days=1), last)
    context: dict[str, Any] = {
        "org": org, "orgs": orgs, "window": window, "rows": loyalty(org.path, window),
        "within": WITHIN.days, "most": MOST,
    }  # fmt: skip
    return render(request, "governance/loyalty.html", context)
