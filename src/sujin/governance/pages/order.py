"""One work order: what opened it, what became of it, and what its owner may do."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _t
from django.views.decorators.http import require_POST, require_safe

from sujin.governance.acts.answer_order import acknowledge_order, may_answer, report_order
from sujin.governance.forms_order import PlanForm, ReportForm
from sujin.governance.indicatorbook import terms
from sujin.governance.kinds.order import OPENED
from sujin.governance.models import Gauge, WorkOrder
from sujin.governance.models.owned import WATCH
from sujin.platform.refusal import Refusal
from sujin.platform.ui.request import StaffRequest, holds

# So many periods are enough to see how it came, and how it went.
SHOWN = 16


@require_safe
def order(request: HttpRequest, pk: int) -> HttpResponse:
    """The order as far as the reader's reach goes."""
    asked = holds(request, WATCH)
    return _show(asked, _found(asked, pk))


@require_POST
def acknowledge(request: HttpRequest, pk: int) -> HttpResponse:
    """The owner takes it in hand."""
    return _do(request, pk, PlanForm(request.POST), acknowledge_order)


@require_POST
def report(request: HttpRequest, pk: int) -> HttpResponse:
    """The owner says what was done so far."""
    return _do(request, pk, ReportForm(request.POST), report_order)


def _found(asked: StaffRequest, pk: int) -> WorkOrder:
    rows = WorkOrder.objects.within(asked.reach).select_related("owner", "org")
    found = rows.filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def _do(request: HttpRequest, pk: int, form: forms.Form, act: Callable[..., None]) -> HttpResponse:
    asked = holds(request, WATCH)
    found = _found(asked, pk)
    if form.is_valid():
        try:
            act(found, **form.cleaned_data, by=asked.person, at=asked.at)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _t("已登记"))
            return redirect(found)
    return _show(asked, found, form, status=422)


def _show(
    asked: StaffRequest, found: WorkOrder, bound: forms.Form | None = None, status: int = 200
) -> HttpResponse:
    gauges = Gauge.objects.filter(indicator=found.indicator, org=found.org).select_related("org")
    docket = list(found.entries.select_related("by").in_order())
    context: dict[str, Any] = {
        "order": found,
        "gauges": gauges.order_by("-first")[:SHOWN],
        "opened": next(entry.what() for entry in docket if entry.kind == "order.opened"),
        "history": [(entry, entry.what()) for entry in docket],
        "terms": terms(),
        **_forms(asked, found, bound),
    }
    return render(asked, "governance/order.html", context, status=status)


def _forms(asked: StaffRequest, found: WorkOrder, bound: forms.Form | None) -> dict[str, Any]:
    """The one thing that is next, for whoever may do it."""
    if not found.stands or not may_answer(found, asked.reach):
        return {"form": bound}
    opens = found.state == OPENED
    verb = "acknowledgement" if opens else "report"
    return {"form": bound or (PlanForm() if opens else ReportForm()), "verb": f"order_{verb}"}
