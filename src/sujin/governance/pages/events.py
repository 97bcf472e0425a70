"""事件: the list, with the lead of the lines and what each brought so far."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from sujin.complaints import words
from sujin.complaints.rulebook import lines
from sujin.governance import event_leads, event_rules
from sujin.governance.kinds.event import DRAFT, EVENT_STATES
from sujin.governance.models import Event
from sujin.governance.models.event import READERS, announces
from sujin.platform.ui.listing import Column, Filter, Listing, Sort
from sujin.platform.ui.request import StaffRequest, staff

COLUMNS = [
    Column("event", _("事件")),
    Column("state", _("状态")),
    Column("starts", _("发生或生效"), "new"),
    Column("lead", _("口径提前量")),
    Column("excess", _("多出的投诉（95%区间）")),
    Column("mentions", _("舆情（负面）")),
]
SORTS = [Sort("new", _("最近在前"), ("-starts_at", "-pk"))]


def reader(request: HttpRequest) -> StaffRequest:
    """The request if the person may read of events; 403 otherwise."""
    asked = staff(request)
    if not READERS & asked.reach.may:
        raise PermissionDenied
    return asked


def announcer(request: HttpRequest) -> StaffRequest:
    """The request if the person may announce events; 403 otherwise."""
    asked = staff(request)
    if not announces(asked.reach):
        raise PermissionDenied
    return asked


def _of_state(rows: QuerySet[Event], value: str) -> QuerySet[Event]:
    return rows.filter(state=value)


def _of_kind(rows: QuerySet[Event], value: str) -> QuerySet[Event]:
    return rows.filter(kind=value)


def _of_line(rows: QuerySet[Event], value: str) -> QuerySet[Event]:
    return rows.filter(lines__contains=[value])


def _filters(asked: StaffRequest) -> list[Filter[Event]]:
    may_draft = announces(asked.reach)
    states = tuple(pair for pair in EVENT_STATES.items() if may_draft or pair[0] != DRAFT)
    named = tuple((code, words.line(code)) for code in lines())
    return [
        Filter("state", _("状态"), states, _of_state),
        Filter("kind", _("事件类别"), tuple(event_rules.names()), _of_kind),
        Filter("line", _("条线"), named, _of_line),
    ]


@require_safe
def events(request: HttpRequest) -> HttpResponse:
    """Announced ones for everybody who answers for something; drafts for those who announce."""
    asked = reader(request)
    negative = Count("mentions", filter=Q(mentions__tone="negative"))
    rows = Event.objects.readable(asked.reach).listed()
    rows = rows.annotate(said=Count("mentions"), said_badly=negative)
    listing = Listing(
        request.GET, rows, filters=_filters(asked), sorts=SORTS, columns=COLUMNS, size=20
    )
    context = {
        "listing": listing,
        "lines": [_line(one, asked) for one in listing.page_rows],
        "may_announce": announces(asked.reach),
    }
    return render(request, "governance/events.html", context)


def _line(event: Event, asked: StaffRequest) -> dict[str, Any]:
    return {
        "event": event,
        "lead": event_leads.told(event_leads.of_event(event, asked.at)),
        "is_future": event.is_future(asked.at),
    }
