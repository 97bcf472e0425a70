"""What a person is told."""

from typing import cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from sujin.platform.models import Notice
from sujin.platform.ui.listing import Column, Listing
from sujin.platform.ui.request import StaffRequest


@require_safe
def notices(request: HttpRequest) -> HttpResponse:
    asked = cast(StaffRequest, request)
    rows = Notice.objects.to(asked.person).select_related("entry", "entry__by")
    listing = Listing(
        request.GET,
        rows.order_by("-told_at", "-pk"),
        columns=[
            Column("told", _("时间")),
            Column("number", _("编号")),
            Column("what", _("事项")),
            Column("by", _("经办")),
        ],
        size=30,
    )
    return render(request, "platform/notices.html", {"listing": listing})


@require_POST
def notice(request: HttpRequest, pk: int) -> HttpResponse:
    """Mark it read and go to what it is about."""
    asked = cast(StaffRequest, request)
    found = get_object_or_404(Notice.objects.to(asked.person).select_related("entry"), pk=pk)
    if found.read_at is None:
        Notice.objects.filter(pk=pk).update(read_at=asked.at)
    return redirect(found.target)


@require_POST
def all_read(request: HttpRequest) -> HttpResponse:
    asked = cast(StaffRequest, request)
    Notice.objects.to(asked.person).unread().update(read_at=asked.at)
    return redirect("platform:notices")
