"""待批: what waits for this person's yes, decided one by one or several at once."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from sujin.complaints import approvers, precedents, sides
from sujin.complaints.acts.decide import grant, refuse
from sujin.complaints.forms_timing import DecideForm
from sujin.complaints.models import Approval
from sujin.complaints.pages.guard import bar_recused
from sujin.complaints.sides import Entities
from sujin.platform.refusal import Refusal
from sujin.platform.ui.listing import Column, Filter, Listing
from sujin.platform.ui.request import StaffRequest, staff

COLUMNS = [Column("what", _("事项")), Column("do", _("操作"))]
STATES = (("waiting", _("待批")), ("granted", _("已同意")), ("refused", _("未同意")))


def _state(rows: Any, value: str) -> Any:
    if value == "waiting":
        return rows.waiting()
    return rows.filter(granted=value == "granted")


@require_safe
def approvals(request: HttpRequest) -> HttpResponse:
    """Requests about cases in reach; those this person may decide carry the buttons."""
    return _show(staff(request))


@require_POST
def decision(request: HttpRequest, pk: int) -> HttpResponse:
    """Grant or refuse one request."""
    asked = staff(request)
    approval = readable(asked).filter(pk=pk).first()
    if approval is None:
        raise Http404
    if not approvers.may_decide(asked.reach, approval.approvers, approval.complaint):
        raise PermissionDenied
    bar_recused(approval.complaint, asked)
    form = DecideForm(request.POST, prefix=f"a{pk}")
    act = refuse if "refuse" in request.POST else grant
    try:
        if form.is_valid():
            act(approval, words=form.cleaned_data["words"], by=asked.person, at=asked.at)
            messages.success(request, _t("已同意") if act is grant else _t("已退回并说明理由"))
            return redirect("complaints:approvals")
    except Refusal as refusal:
        form.add_error("words", str(refusal))
    return _show(asked, bound={pk: form}, status=422)


def readable(request: StaffRequest) -> QuerySet[Approval]:
    """Requests about cases that the reader sees whole, and what the reader's own side asked."""
    entities = Entities()
    own = sides.of_reader(request.reach, entities)
    asked_by_us = sides.written_by(own, entities, "asked_by", "asked_at")
    rows = Approval.objects.within(request.reach).select_related("complaint", "complaint__desk")
    if request.reach.everything:
        return rows
    return rows.filter(entities.whole(request.reach, "complaint__") | Q(asked_by_us))


def _show(
    request: StaffRequest, bound: dict[int, DecideForm] | None = None, status: int = 200
) -> HttpResponse:
    rows = readable(request).select_related("asked_by", "decided_by")
    params = request.GET.copy()
    params.setdefault("state", "waiting")
    listing = Listing(
        params,
        rows.order_by("asked_at", "pk"),
        filters=[Filter("state", _("状态"), STATES, _state)],
        columns=COLUMNS,
        size=20,
    )
    lines = [_line(one, request, bound or {}) for one in listing.page_rows]
    context = {"listing": listing, "lines": lines}
    return render(request, "complaints/approvals.html", context, status=status)


def _line(
    approval: Approval, request: StaffRequest, bound: dict[int, DecideForm]
) -> dict[str, Any]:
    is_mine = (
        approval.is_waiting
        and approval.asked_by_id != request.person.pk
        and approval.complaint.may_be_handled_by(request.person)
        and approvers.may_decide(
            request.reach.without_place_of(approval.asked_by_id),
            approval.approvers,
            approval.complaint,
        )
    )
    form = bound.get(approval.pk) or DecideForm(prefix=f"a{approval.pk}")
    return {
        "approval": approval,
        "form": form if is_mine else None,
        "approvers": approvers.names(approval.approvers),
        "departures": precedents.sentences(approval.data.get("departure", {})),
    }
