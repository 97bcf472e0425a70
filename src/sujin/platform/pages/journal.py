"""The audit log: everything that happened, newest first, for the auditor."""

from typing import cast

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from sujin.platform import journal as grammar
from sujin.platform.models import Entry
from sujin.platform.ui.listing import Column, Filter, Listing
from sujin.platform.ui.request import StaffRequest

COLUMNS = [
    Column("at", _("时间")),
    Column("by", _("经办")),
    Column("subject", _("对象")),
    Column("kind", _("事项")),
    Column("data", _("内容")),
]


@require_safe
def journal(request: HttpRequest) -> HttpResponse:
    """Only for an auditor of the whole house: entries of every subject stand side by side here."""
    asked = cast(StaffRequest, request)
    if "journal" not in asked.reach.may or not asked.reach.everything:
        raise PermissionDenied
    kinds = tuple((code, kind.title) for code, kind in sorted(grammar.known_kinds().items()))
    rows = Entry.objects.select_related("by").order_by("-at", "-pk")
    listing = Listing(
        request.GET,
        _of(rows, request.GET.get("q", "").strip()[:32]),
        filters=[Filter("kind", _("事项"), kinds, _kind)],
        columns=COLUMNS,
    )
    return render(request, "platform/journal.html", {"listing": listing})


def _kind(rows: QuerySet[Entry], value: str) -> QuerySet[Entry]:
    return rows.filter(kind=value)


def _of(rows: QuerySet[Entry], staff_no: str) -> QuerySet[Entry]:
    """Only what one member of staff did."""
    return rows.filter(by__staff_no=staff_no) if staff_no else rows
