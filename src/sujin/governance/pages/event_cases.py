"""The cases behind every figure of an event, as far as the reader's reach goes."""

from datetime import date

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from sujin.complaints.figures.selection import midnight
from sujin.complaints.models import Complaint
from sujin.complaints.pages.cases import COLUMNS, SORTS
from sujin.complaints.pages.measured import read_day
from sujin.governance.event_counts import COMPLAINT, CONSULTATION, DAY, cases
from sujin.governance.pages.event import found
from sujin.governance.pages.events import reader
from sujin.platform.ui.listing import Filter, Listing

KINDS = ((COMPLAINT, _("投诉")), (CONSULTATION, _("咨询")))
# The rows are of the kind asked for already.
OF_KIND: Filter[Complaint] = Filter("kind", _("类型"), KINDS, lambda rows, _value: rows)


@require_safe
def event_cases(request: HttpRequest, pk: int) -> HttpResponse:
    """Of the whole watch, or of one day."""
    asked = reader(request)
    event = found(asked, pk)
    kind = request.GET.get("kind", "")
    chosen = kind if kind in dict(KINDS) else COMPLAINT
    rows = cases(event, chosen).within(asked.reach).select_related("desk", "accountable")
    rows = rows.filter(
        received_at__gte=midnight(event.first_day), received_at__lt=midnight(event.last_day + DAY)
    )
    listing = Listing(
        request.GET,
        rows.defer("tokens", "minhash", "bands", "customer_keys", "known"),
        filters=[OF_KIND, *_of_day(request)],
        sorts=SORTS,
        columns=COLUMNS,
    )
    context = {"event": event, "listing": listing, "is_all": asked.reach.everything}
    return render(request, "governance/event_cases.html", context)


def _of_day(request: HttpRequest) -> list[Filter[Complaint]]:
    """Asked only by a link; a day outside the watch has no cases."""
    day = read_day(request.GET.get("day", ""))
    return [] if day is None else [_day(day)]


def _day(day: date) -> Filter[Complaint]:
    since, until = midnight(day), midnight(day + DAY)
    label = day.isoformat()
    return Filter(
        "day", _("日期"), ((label, label),),
        lambda rows, _value: rows.filter(received_at__gte=since, received_at__lt=until),
    )  # fmt: skip
