"""部门队列: what the person's desks are asked for, what they hold, and their share of delay."""

from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from sujin.complaints.figures.selection import DAYS, Selection, last_days
from sujin.complaints.figures.units import desk_share
from sujin.complaints.models import Assignment, Complaint
from sujin.platform.models import Org
from sujin.platform.reach import roles
from sujin.platform.ui.listing import Column, Filter, Listing, Sort
from sujin.platform.ui.request import StaffRequest, holds

DUE = (("over", _("已超期")), ("ahead", _("未到期")))
STEPS = (("opinion", _("出具意见")), ("coached", _("按方案联系客户")))
WAITING = (("claim", _("待接手")), ("offered", _("移交中")), ("over", _("已超限")))
ASKED_COLUMNS = [
    Column("number", _("编号")),
    Column("question", _("请办事项")),
    Column("desk", _("部门")),
    Column("by", _("提出")),
    Column("due", _("期限")),
]
HELD_COLUMNS = [
    Column("number", _("编号")),
    Column("tier", _("分级")),
    Column("text", _("诉求")),
    Column("business", _("业务")),
    Column("desk", _("承办")),
    Column("received", _("受理")),
    Column("due", _("时限")),
]


@require_safe
def queue(request: HttpRequest) -> HttpResponse:
    """``show=held`` lists the cases the desks have; otherwise what they were asked."""
    asked = holds(request, "claim")
    desks = [post.org for post in asked.reach.posts if "claim" in roles()[post.role].may]
    ids = [desk.pk for desk in desks]
    is_held = request.GET.get("show") == "held"
    listing: Listing[Any] = _held(asked, ids) if is_held else _asked(asked, ids)
    context = {
        "listing": listing,
        "is_held": is_held,
        "desks": desks,
        "days": DAYS,
        **_share(asked, desks),
    }
    return render(request, "complaints/queue.html", context)


def _asked(request: StaffRequest, desks: list[int]) -> Listing[Assignment]:
    rows = Assignment.objects.owed().within(request.reach).asked_of(request.reach)
    rows = rows.select_related("complaint", "desk", "asked_by")

    def due(rows: QuerySet[Assignment], value: str) -> QuerySet[Assignment]:
        late = Q(due_at__lt=request.at)
        return rows.filter(late if value == "over" else ~late)

    return Listing(
        request.GET,
        rows,
        filters=[
            Filter("due", _("期限"), DUE, due),
            Filter("step", _("步骤"), STEPS, lambda rows, value: rows.filter(step=value)),
        ],
        sorts=[Sort("due", _("期限"), ("due_at",))],
        columns=ASKED_COLUMNS,
    )


def _held(request: StaffRequest, desks: list[int]) -> Listing[Complaint]:
    rows = Complaint.objects.within(request.reach).open().filter(desk__in=desks)
    rows = rows.select_related("desk", "accountable")
    narrowed = {
        "claim": Q(claimed_at__isnull=True),
        "offered": Q(offered_to__isnull=False),
        "over": Q(due_at__lt=request.at),
    }
    return Listing(
        request.GET,
        rows.defer("tokens", "minhash", "bands", "customer_keys", "known"),
        filters=[
            Filter("state", _("状态"), WAITING, lambda rows, value: rows.filter(narrowed[value]))
        ],
        sorts=[Sort("due", _("时限"), ("due_at",))],
        columns=HELD_COLUMNS,
    )


def _share(request: StaffRequest, desks: list[Org]) -> dict[str, Any]:
    """The desks' part of the time that the complaints in reach have cost, and what others went on
    without after asking them."""
    window = last_days(DAYS, request.at)
    chosen = Selection(request.reach, window, "complaint", None, request.at)
    silent = Assignment.objects.within(request.reach).filter(desk__in=desks).silent()
    return {
        "window": window,
        "share": desk_share(chosen, [desk.pk for desk in desks]),
        "silent": silent.filter(complaint__in=chosen.received()).count(),
    }
