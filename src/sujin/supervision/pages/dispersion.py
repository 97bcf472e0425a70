"""赔付尺度: how the branches' remedies differ in like cases, by the last round."""

from collections import defaultdict
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from sujin.complaints.models import Complaint
from sujin.platform.models import Org
from sujin.platform.ui.request import StaffRequest
from sujin.supervision.models import Finding, Round
from sujin.supervision.pages.chart import ROW, WIDTH, factors
from sujin.supervision.pages.guard import inspector

TELLING_SHOWN = 5
# A decision three times or a third of the like lies at the edge of the picture.
EDGE = 1.1


@require_safe
def dispersion(request: HttpRequest) -> HttpResponse:
    """Every unit with its factor and interval, its decisions as points, its telling cases."""
    asked = inspector(request)
    last = Round.objects.order_by("-pk").first()
    context: dict[str, Any] = {"last": last}
    if last is not None:
        context |= _contents(last, asked)
    return render(request, "supervision/dispersion.html", context)


def _contents(last: Round, request: StaffRequest) -> dict[str, Any]:
    names = {str(org.pk): str(org) for org in Org.objects.filter(parent__parent__isnull=True)}
    levels = [one for one in last.departures if one["way"] == "level"]
    spreads = {one["unit"]: one for one in last.departures if one["way"] == "spread"}
    levels.sort(key=lambda one: -one["effect"])
    keys = {key for one in levels for key in one["telling"][:TELLING_SHOWN]}
    cases = Complaint.objects.within(request.reach).in_bulk(keys)
    found = dict(Finding.objects.filter(detector="remedy_level").values_list("unit_id", "pk"))
    points = _points(last)
    lines = [
        {
            "bar": bar,
            "level": bar.reading,
            "spread": spreads.get(bar.reading["unit"]),
            "finding": found.get(int(bar.reading["unit"])),
            "points": [(x, bar.y) for x in points[bar.reading["unit"]]],
            "cases": [cases[key] for key in bar.reading["telling"] if key in cases],
        }
        for bar in factors(levels, names)
    ]
    return {"lines": lines, "height": ROW * len(lines), "width": WIDTH}


def _points(last: Round) -> dict[str, list[float]]:
    found: dict[str, list[float]] = defaultdict(list)
    for one in last.points:
        off = min(max(float(one["off"]), -EDGE), EDGE)
        found[one["unit"]].append(round(WIDTH * (off + EDGE) / (2 * EDGE), 1))
    return found
