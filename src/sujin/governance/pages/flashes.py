"""快报: the list, one report, its files, and what is done with it."""

from collections.abc import Callable, Mapping
from statistics import median
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from sujin.governance import flash as flashes_of
from sujin.governance.acts.issue_flash import acknowledge_flash, issue_flash
from sujin.governance.kinds.flash import DRAFTED, FLASH_STATES, REPLACED
from sujin.governance.models import FlashReport
from sujin.governance.models.event import announces
from sujin.governance.pages.events import reader
from sujin.platform import documents
from sujin.platform.refusal import Refusal
from sujin.platform.ui.listing import Column, Filter, Listing, Sort
from sujin.platform.ui.request import StaffRequest

OWNS = "draft"
COLUMNS = [
    Column("label", _("编号")),
    Column("title", _("标题")),
    Column("state", _("状态")),
    Column("seconds", _("触发到成稿")),
    Column("receipts", _("已确认")),
    Column("due", _("确认期限"), "new"),
]
SORTS = [Sort("new", _("最近在前"), ("-drafted_at", "-pk"))]
VERBS: Mapping[str, tuple[Callable[..., None], Any]] = {
    "issue": (issue_flash, _("已签发，归口部门的确认时限开始计算")),
    "receipt": (acknowledge_flash, _("已确认")),
}


def _of_state(rows: QuerySet[FlashReport], value: str) -> QuerySet[FlashReport]:
    return rows.filter(state=value)


FILTERS = [Filter("state", _("状态"), tuple(FLASH_STATES.items()), _of_state)]


@require_safe
def flashes(request: HttpRequest) -> HttpResponse:
    """Those in reach, the latest first; how soon they were there."""
    mine = FlashReport.objects.within(reader(request).reach)
    done = Count("receipts", filter=Q(receipts__acknowledged_at__isnull=False))
    rows = mine.annotate(owners=Count("receipts"), acknowledged=done)
    listing = Listing(request.GET, rows, filters=FILTERS, sorts=SORTS, columns=COLUMNS, size=20)
    firsts = mine.filter(version=1).only("triggered_at", "drafted_at")
    seconds = [one.seconds for one in firsts.order_by("-pk")[:200]]
    context = {
        "listing": listing,
        "median": median(seconds) if seconds else None,
        "n": len(seconds),
    }
    return render(request, "governance/flashes.html", context)


@require_safe
def flash(request: HttpRequest, pk: int) -> HttpResponse:
    """One report as it was written."""
    asked = reader(request)
    return _show(asked, _found(asked, pk))


@require_safe
def paper(request: HttpRequest, pk: int, form: str) -> HttpResponse:
    """The same words as a file."""
    found = _found(reader(request), pk)
    made = documents.FORMS.get(form)
    if made is None or made.large:
        raise Http404
    return documents.response(made, flashes_of.written(found), found.label)


@require_POST
def perform(request: HttpRequest, pk: int, verb: str) -> HttpResponse:
    """Issue it, or acknowledge it."""
    asked = reader(request)
    if verb not in VERBS:
        raise Http404
    act, done = VERBS[verb]
    allowed = announces(asked.reach) if verb == "issue" else OWNS in asked.reach.may
    if not allowed:
        raise PermissionDenied
    found = _found(asked, pk)
    try:
        act(found, by=asked.person, at=asked.at)
    except Refusal as refusal:
        return _show(asked, found, str(refusal), status=422)
    messages.success(request, str(done))
    return redirect(found)


def _found(asked: StaffRequest, pk: int) -> FlashReport:
    rows = FlashReport.objects.within(asked.reach).select_related("drafted_by", "issued_by")
    found = rows.filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def _show(
    asked: StaffRequest, found: FlashReport, refusal: str = "", status: int = 200
) -> HttpResponse:
    receipts = list(found.receipts.select_related("owner", "acknowledged_by").order_by("pk"))
    mine = [one for one in receipts if asked.reach.allows(OWNS, one.owner.tokens)]
    waits = any(one.acknowledged_at is None for one in mine) and found.state != REPLACED
    context = {
        "flash": found,
        "body": documents.html(flashes_of.written(found)),
        "opens": FlashReport.objects.explained(asked.reach).filter(pk=found.pk).exists(),
        "receipts": receipts,
        "versions": FlashReport.objects.within(asked.reach).about(found.of, found.of_id),
        "history": [(one, one.what()) for one in found.entries.select_related("by").in_order()],
        "may_issue": announces(asked.reach)
        and found.state == DRAFTED
        and found.drafted_by_id != asked.person.pk,
        "may_acknowledge": waits,
        "refusal": refusal,
        "line": flashes_of.line_of(found, asked.at),
    }
    return render(asked, "governance/flash.html", context, status=status)
