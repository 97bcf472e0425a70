"""Groups of near-identical texts across customers: how far each goes, and what differs."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from sujin.complaints import groups as told
from sujin.complaints.acts.ungroup import regroup, ungroup
from sujin.complaints.forms_groups import RemovalForm
from sujin.complaints.models import Complaint
from sujin.complaints.pages.export import MEDIA_TYPE, ROWS_MAX, workbook
from sujin.complaints.pages.guard import allowed
from sujin.platform.acts.export import exported
from sujin.platform.refusal import Refusal
from sujin.platform.ui.listing import Column, Listing, Sort
from sujin.platform.ui.request import StaffRequest, holds, staff

PAGE_SIZE = 20
COLUMNS = [
    Column("number", _("最早的一件")),
    Column("text", _("文本")),
    Column("size", _("可见件数"), sort="size"),
    Column("first", _("首次受理"), sort="first"),
    Column("latest", _("最近受理"), sort="latest"),
]
SORTS = [
    Sort("latest", _("最近受理"), ("-latest",)),
    Sort("size", _("可见件数"), ("-size",)),
    Sort("first", _("首次受理"), ("-received_at",)),
]


@require_safe
def groups(request: HttpRequest) -> HttpResponse:
    """Every group with cases in reach."""
    asked = staff(request)
    listing = Listing(request.GET, told.groups(asked.reach), sorts=SORTS, columns=COLUMNS)
    return render(request, "complaints/groups.html", {"listing": listing})


@require_safe
def group(request: HttpRequest, number: str) -> HttpResponse:
    """The group that the case is in, or what is like it while it is in none."""
    asked = staff(request)
    return _show(asked, _case(asked, number))


@require_safe
def export(request: HttpRequest, number: str) -> HttpResponse:
    """The group's cases in reach as a spreadsheet, on the record."""
    case = _case(staff(request), number)
    asked = holds(request, "export")
    rows = list(told.members(case, asked.reach).select_related("accountable")[: ROWS_MAX + 1])
    exported("complaints", min(len(rows), ROWS_MAX), by=asked.person, at=asked.at)
    response = HttpResponse(workbook(rows, str(asked.person.staff_no)), content_type=MEDIA_TYPE)
    name = f"group-{case.number}-{timezone.localdate(asked.at):%Y%m%d}.xlsx"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@require_POST
def removal(request: HttpRequest, number: str) -> HttpResponse:
    """It does not belong: out of its group, with a reason."""
    case = allowed(request, number, "link")
    form = RemovalForm(request.POST)
    beside = told.members(case, staff(request).reach).exclude(pk=case.pk).first() or case
    return _do(request, case, form, ungroup, _t("已移出；在本页下方可以放回"), back=beside)


@require_POST
def return_(request: HttpRequest, number: str) -> HttpResponse:
    """It belongs after all."""
    case = allowed(request, number, "link")
    return _do(request, case, None, regroup, _t("已放回本组"), back=case)


def _do(
    request: HttpRequest,
    case: Complaint,
    form: RemovalForm | None,
    act: Callable[..., None],
    done: str,
    *,
    back: Complaint,
) -> HttpResponse:
    asked = staff(request)
    if form is not None and not form.is_valid():
        return _show(asked, case, wrong=(case.pk, form), status=422)
    given = form.cleaned_data if form is not None else {}
    try:
        act(case, **given, by=asked.person, at=asked.at)
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return _show(asked, case, status=422)
    messages.success(request, done)
    return redirect("complaints:group", back.number)


def _case(request: StaffRequest, number: str) -> Complaint:
    rows = Complaint.objects.within(request.reach).defer(*told.HEAVY)
    case = rows.filter(number=number).first()
    if case is None:
        raise Http404
    return case


def _show(
    request: StaffRequest,
    case: Complaint,
    *,
    wrong: tuple[int, RemovalForm] | None = None,
    status: int = 200,
) -> HttpResponse:
    rows = told.members(case, request.reach)
    template = rows.first() or case
    listing = Listing(request.GET, rows, size=PAGE_SIZE)
    shown: dict[str, Any] = {
        "case": case,
        "head": told.key_of(case),
        "template": template,
        "extent": told.extent(case, rows),
        "listing": listing,
        "marked": told.marked(listing.page_rows, template.text),
        "also": told.also(case, template.text, request.reach),
        "removed": told.removed(case, request.reach),
        "form": RemovalForm(),
        "wrong": wrong,
        "may_link": "link" in request.reach.may,
        "may_export": "export" in request.reach.may,
    }
    return render(request, "complaints/group.html", shown, status=status)
