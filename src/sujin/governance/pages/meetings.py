"""研判会: the list, and the form that convenes one with what data proposes."""

from django.db.models import Count, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from sujin.governance.acts.convene_meeting import convene_meeting, convenes
from sujin.governance.forms_meeting import ConveneForm
from sujin.governance.kinds import meeting as kinds
from sujin.governance.models import Meeting
from sujin.governance.models.owned import WATCH
from sujin.governance.models.problem import GOVERN
from sujin.governance.topics import topics
from sujin.platform.refusal import Refusal
from sujin.platform.ui.listing import Column, Filter, Listing, Sort
from sujin.platform.ui.request import StaffRequest, holds

COLUMNS = [
    Column("meeting", _("会议")),
    Column("state", _("状态")),
    Column("topics", _("议题")),
    Column("decisions", _("决定")),
]
SORTS = [Sort("new", _("最近在前"), ("-held_on", "-pk"))]


@require_safe
def meetings(request: HttpRequest) -> HttpResponse:
    """Those in reach, the latest first."""
    asked = holds(request, WATCH)
    context = {"listing": _listed(asked), "may_convene": convenes(asked.reach)}
    return render(request, "governance/meetings.html", context)


def _listed(asked: StaffRequest) -> Listing[Meeting]:
    rows = Meeting.objects.within(asked.reach).annotate(decided=Count("decisions"))
    filters = [
        Filter("sort", _("会议"), tuple(kinds.SORTS.items()), _of_sort),
        Filter("state", _("状态"), tuple(kinds.MEETING_STATES.items()), _of_state),
    ]
    return Listing(asked.GET, rows, filters=filters, sorts=SORTS, columns=COLUMNS, size=20)


def _of_sort(rows: QuerySet[Meeting], value: str) -> QuerySet[Meeting]:
    return rows.filter(sort=value)


def _of_state(rows: QuerySet[Meeting], value: str) -> QuerySet[Meeting]:
    return rows.filter(state=value)


@require_http_methods(["GET", "HEAD", "POST"])
def meeting_new(request: HttpRequest) -> HttpResponse:
    """GET: what data would put on the agenda today; POST: the meeting is convened."""
    asked = holds(request, GOVERN)
    form = ConveneForm(asked.at, asked.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            return redirect(convene_meeting(**form.cleaned_data, by=asked.person, at=asked.at))
        except Refusal as refusal:
            form.add_error(None, str(refusal))
    proposed = topics(timezone.localdate(asked.at)) if convenes(asked.reach) else []
    context = {"form": form, "topics": proposed}
    return render(
        request, "governance/meeting_new.html", context, status=422 if form.errors else 200
    )
