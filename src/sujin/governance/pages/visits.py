"""走访: the list, the form that proposes one, and the list as a file."""

import csv
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import Count, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from sujin.complaints import words
from sujin.complaints.pages.export import ROWS_MAX
from sujin.complaints.pages.measured import read_day
from sujin.governance import hotmap, wave_words
from sujin.governance.acts.propose_visit import propose_visit
from sujin.governance.cells import guarded
from sujin.governance.forms_visit import ProposalForm
from sujin.governance.hotmap import Cell, Span
from sujin.governance.kinds import visit as kinds
from sujin.governance.models import Concern, Visit
from sujin.governance.models.visit import READERS, VISIT
from sujin.platform.acts.export import exported
from sujin.platform.models import Org
from sujin.platform.refusal import Refusal
from sujin.platform.ui.listing import Column, Filter, Listing, Sort
from sujin.platform.ui.request import StaffRequest, holds, staff

COLUMNS = [
    Column("place", _("走访哪里")),
    Column("state", _("状态")),
    Column("visitor", _("谁去")),
    Column("due", _("走访期限"), "due"),
    Column("concerns", _("问题（未确认）")),
]
SORTS = [
    Sort("new", _("最近在前"), ("-proposed_at", "-pk")),
    Sort("due", _("走访期限"), ("due_on", "pk")),
]
WHICH = (("mine", _("我去的")), ("late", _("逾期的")), ("unconfirmed", _("有问题未确认的")))


def reader(request: HttpRequest) -> StaffRequest:
    """The request if the person watches, goes on visits, or answers at a desk; 403 otherwise."""
    asked = staff(request)
    if not READERS & asked.reach.may:
        raise PermissionDenied
    return asked


@require_safe
def visits(request: HttpRequest) -> HttpResponse:
    """Those in reach, the latest first."""
    asked = reader(request)
    context = {"listing": _listed(asked), "may_export": "export" in asked.reach.may}
    return render(request, "governance/visits.html", context)


def _listed(asked: StaffRequest) -> Listing[Visit]:
    waiting = Count("concerns", filter=Q(concerns__state__in=kinds.UNCONFIRMED))
    rows = Visit.objects.within(asked.reach).select_related("place", "visitor")
    rows = rows.annotate(found=Count("concerns"), waiting=waiting)
    filters = [
        Filter("state", _("状态"), tuple(kinds.VISIT_STATES.items()), _of_state),
        Filter("which", _("范围"), WHICH, lambda rows, value: _which(rows, value, asked)),
    ]
    return Listing(asked.GET, rows, filters=filters, sorts=SORTS, columns=COLUMNS, size=20)


def _of_state(rows: QuerySet[Visit], value: str) -> QuerySet[Visit]:
    return rows.filter(state=value)


def _which(rows: QuerySet[Visit], value: str, asked: StaffRequest) -> QuerySet[Visit]:
    today = timezone.localdate(asked.at)
    unconfirmed = Concern.objects.unconfirmed().values("visit")
    return {
        "mine": rows.filter(visitor__in=[asked.person.pk, *asked.reach.stood_in_for]),
        "late": rows.filter(
            Q(state=kinds.PROPOSED, answer_by__lt=asked.at)
            | Q(state=kinds.ACCEPTED, due_on__lt=today)
        ),
        "unconfirmed": rows.filter(pk__in=unconfirmed),
    }[value]


@require_http_methods(["GET", "HEAD", "POST"])
def visit_new(request: HttpRequest) -> HttpResponse:
    """GET: the hot cell and the form; POST: somebody is asked to go."""
    asked = holds(request, VISIT)
    cell = _cell(asked)
    form = ProposalForm(cell.place, asked.at, asked.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            told = form.cleaned_data
            return redirect(
                propose_visit(cell.place, cell.span, **told, by=asked.person, at=asked.at)
            )
        except Refusal as refusal:
            form.add_error(None, str(refusal))
    return render(request, "governance/visit_new.html", _contents(cell, form), status=_status(form))


def _status(form: ProposalForm) -> int:
    return 422 if form.errors else 200


def _contents(cell: Cell, form: ProposalForm) -> dict[str, Any]:
    known = wave_words.names([cell.node])
    return {
        "cell": cell,
        "form": form,
        "business": words.named("business", cell.span.business) if cell.span.business else "",
        "cases_url": known.cases("complaint", cell.node, cell.span.first, cell.span.last),
    }


def _cell(asked: StaffRequest) -> Cell:
    """The cell that the address names, if the person may send somebody there."""
    place = Org.objects.filter(code=asked.GET.get("org", "")).first()
    first, last = (read_day(asked.GET.get(name, "")) for name in ("from", "to"))
    if place is None or first is None or last is None:
        raise Http404
    if not asked.reach.allows(VISIT, place.tokens):
        raise Http404
    span = Span(asked.GET.get("class", ""), first, last)
    if span not in _spans(asked, span.business):
        raise Http404
    cell = hotmap.cell_of(place, span)
    if cell is None:
        raise Http404
    return cell


def _spans(asked: StaffRequest, business: str) -> list[Span]:
    """The columns that the map has today."""
    if business and business not in hotmap.tops():
        return []
    return hotmap.by_period(timezone.localdate(asked.at), business)


@require_safe
def export(request: HttpRequest) -> HttpResponse:
    """Every concern of the visits listed, and visits without one, as CSV; on the record."""
    asked = holds(request, "export")
    reader(request)
    rows = list(_listed(asked).rows[:ROWS_MAX])
    exported("visits", len(rows), by=asked.person, at=asked.at)
    response = HttpResponse("\ufeff", content_type="text/csv; charset=utf-8")
    name = f"visits-{timezone.localdate(asked.at):%Y%m%d}.csv"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    write = csv.writer(response)
    write.writerow(_heads())
    readable = Concern.objects.readable(asked.reach).filter(visit__in=[one.pk for one in rows])
    found = list(readable.select_related("owner").order_by("visit", "number"))
    for visit in rows:
        mine: list[Concern | None] = [one for one in found if one.visit_id == visit.pk]
        write.writerows(guarded([*_of_visit(visit), *_of_concern(one)]) for one in mine or [None])
    return response


def _heads() -> list[str]:
    return [
        _t("走访"), _t("走访哪里"), _t("业务"), _t("自"), _t("至"), _t("件数"), _t("应有"),
        _t("比值"), _t("高于应有的概率"), _t("谁去"), _t("走访期限"), _t("状态"), _t("走访日期"),
        _t("问题"), _t("轻重"), _t("发现了什么"), _t("归口单位"), _t("整改期限"), _t("问题状态"),
        _t("改了什么"), _t("退回次数"),
    ]  # fmt: skip


def _of_visit(visit: Visit) -> list[Any]:
    told = visit.figures
    figures = [told.get(name, "") for name in ("observed", "expected", "ratio", "exceedance")]
    return [
        visit.pk, str(visit.place), visit.business_name, visit.first, visit.last, *figures,
        str(visit.visitor or ""), visit.due_on, visit.get_state_display(), visit.visited_on,
    ]  # fmt: skip


def _of_concern(concern: Concern | None) -> list[Any]:
    if concern is None:
        return [""] * 8
    due = timezone.localtime(concern.due_at).date() if concern.due_at else ""
    return [
        concern.number, concern.severity_name, concern.words, str(concern.owner),
        due, concern.get_state_display(), concern.answer, concern.returns,
    ]  # fmt: skip
