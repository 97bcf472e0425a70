"""公平对待: groups of customers beside their equals, and the cases behind every figure."""

from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from sujin.complaints import words
from sujin.complaints.models import Complaint
from sujin.governance.metric_places import choices
from sujin.governance.models.owned import WATCH
from sujin.platform.models import Org
from sujin.platform.ui.listing import Column, Listing
from sujin.platform.ui.request import StaffRequest, holds
from sujin.supervision import fairness

CASE_COLUMNS = [
    Column("number", _("编号")), Column("received", _("受理时间")), Column("kind", _("类型")),
]  # fmt: skip


@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """The place of the address, or the widest the person watches; ``segment`` opens cases."""
    asked = holds(request, WATCH)
    places = [one for one in choices(asked.reach, {WATCH}) if one.kind not in ("department",)]
    place = next((one for one in places if one.code == asked.GET.get("org")), None)
    place = place or next(iter(places), None)
    if place is None:
        raise Http404
    over = fairness.window(asked.at)
    found = fairness.lines(place.path, over)
    context: dict[str, Any] = {
        "place": place,
        "places": places,
        "over": over,
        "groups": _grouped(found, place),
        "differing": [one for one in found if one.differs],
        "numbers": fairness.numbers(),
        **_opened(asked, place, over),
    }
    return render(request, "supervision/fairness.html", context)


def _grouped(found: list[fairness.Line], place: Org) -> list[tuple[fairness.Segment, Any]]:
    groups: dict[str, list[Any]] = {}
    for one in found:
        urls = {
            name: f"?{urlencode(told)}#listing"
            for name, told in (
                ("bad", _told(one, place, "member", "bad")),
                ("all", _told(one, place, "member", "all")),
                ("other_bad", _told(one, place, "other", "bad")),
                ("other_all", _told(one, place, "other", "all")),
            )
        }
        groups.setdefault(one.segment.code, []).append((one, urls))
    return [(fairness.segments()[code], rows) for code, rows in groups.items()]


def _told(one: fairness.Line, place: Org, who: str, which: str) -> dict[str, str]:
    return {
        "org": place.code, "segment": one.segment.code, "measure": one.measure, "who": who,
        "which": which,
    }  # fmt: skip


def _opened(asked: StaffRequest, place: Org, over: Any) -> dict[str, Any]:
    """The cases of one figure, if one was asked for."""
    segment = fairness.segments().get(asked.GET.get("segment", ""))
    measure = asked.GET.get("measure", "")
    if segment is None or measure not in fairness.MEASURES:
        return {}
    keys = fairness.cases(
        segment, measure, place.path, over, member=asked.GET.get("who") != "other",
        bad=asked.GET.get("which") != "all",
    )  # fmt: skip
    rows = Complaint.objects.within(asked.reach).filter(pk__in=keys)
    ordered = rows.defer("text", "tokens", "minhash", "bands").order_by("-received_at", "-pk")
    listing = Listing(asked.GET, ordered, columns=CASE_COLUMNS, size=20)
    cases = [(one, words.KINDS.get(one.kind, one.kind)) for one in listing.page_rows]
    return {"listing": listing, "cases": cases}
