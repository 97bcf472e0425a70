"""指标核查: the findings, one of them, and what is said to it."""

from collections.abc import Callable, Mapping
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from sujin.complaints import words
from sujin.complaints.kinds.base import in_language
from sujin.complaints.models import Complaint
from sujin.platform.models import Org
from sujin.platform.refusal import Refusal
from sujin.platform.ui.listing import Column, Filter, Listing, Sort
from sujin.platform.ui.request import StaffRequest
from sujin.supervision import rules
from sujin.supervision.acts import hear
from sujin.supervision.counting import UNITS
from sujin.supervision.forms import ExplainForm, JudgeForm, SettleForm
from sujin.supervision.models import Finding, Round
from sujin.supervision.models.finding import STATES, explained_by
from sujin.supervision.pages.chart import ROW, bars
from sujin.supervision.pages.guard import reader, visible

COLUMNS = [
    Column("found", _("发现时间"), sort="found"),
    Column("unit", _("单位")),
    Column("detector", _("做法")),
    Column("figures", _("实际与预期")),
    Column("state", _("状态")),
]
SORTS = [Sort("found", _("发现时间"), ("-found_at",))]
CASE_COLUMNS = [
    Column("number", _("编号")),
    Column("received", _("受理时间")),
    Column("kind", _("类型")),
]


@require_safe
def findings(request: HttpRequest) -> HttpResponse:
    """Findings within the person's reach, newest first."""
    asked = reader(request)
    listing = listed(asked)
    context = {
        "listing": listing,
        "lines": [line(one) for one in listing.page_rows],
        "last": Round.objects.order_by("-pk").first(),
    }
    return render(request, "supervision/findings.html", context)


def listed(request: StaffRequest) -> Listing[Finding]:
    """The list as the address asks for it."""
    units = Org.objects.filter(kind__in=UNITS, parent__parent__isnull=True).order_by("pk")
    named = tuple((str(unit.pk), str(unit)) for unit in units)
    known = tuple((code, in_language(row.title)) for code, row in rules.detectors().items())
    return Listing(
        request.GET,
        Finding.objects.within(request.reach).select_related("unit"),
        filters=[
            Filter("state", _("状态"), STATES, lambda rows, value: rows.filter(state=value)),
            Filter("unit", _("单位"), named, lambda rows, value: rows.filter(unit_id=int(value))),
            Filter("detector", _("做法"), known, lambda rows, value: rows.filter(detector=value)),
        ],
        sorts=SORTS,
        columns=COLUMNS,
    )


def line(finding: Finding) -> dict[str, Any]:
    """A finding as the list shows it."""
    return {"finding": finding, "title": rules.title(finding.detector), "loudest": finding.loudest}


@require_safe
def finding(request: HttpRequest, pk: int) -> HttpResponse:
    """One finding: numbers, picture, cases, what it does not prove, both sides' words."""
    asked = reader(request)
    return _show(asked, visible(asked, pk))


@require_POST
def explanation(request: HttpRequest, pk: int) -> HttpResponse:
    """The unit speaks."""
    asked = reader(request)
    return _said(asked, visible(asked, pk), "explain", ExplainForm(request.POST))


@require_POST
def verdict(request: HttpRequest, pk: int) -> HttpResponse:
    """Somebody of another unit judges."""
    asked = reader(request)
    return _said(asked, visible(asked, pk), "judge", JudgeForm(request.POST))


@require_POST
def settlement(request: HttpRequest, pk: int) -> HttpResponse:
    """What was done about it."""
    asked = reader(request)
    return _said(asked, visible(asked, pk), "settle", SettleForm(request.POST))


ACTS: Mapping[str, Callable[..., None]] = {
    "explain": hear.explain,
    "judge": hear.judge,
    "settle": hear.settle,
}


def _said(request: StaffRequest, found: Finding, name: str, form: forms.Form) -> HttpResponse:
    if name not in _allowed(request, found):
        raise Http404
    try:
        if form.is_valid():
            ACTS[name](found, **form.cleaned_data, by=request.person, at=request.at)
            messages.success(request, _t("已记录"))
            return redirect(found)
    except Refusal as refusal:
        form.add_error(None, str(refusal))
    return _show(request, found, {name: form}, status=422)


def _allowed(request: StaffRequest, found: Finding) -> dict[str, forms.Form]:
    """What the person may do to it now, with an empty form each."""
    allowed: dict[str, forms.Form] = {}
    own = found.unit_id in explained_by(request.reach)
    if own and found.state in ("found", "explained"):
        allowed["explain"] = ExplainForm(initial={"words": found.explanation})
    if "judge" in request.reach.may and not own and found.state in ("found", "explained"):
        allowed["judge"] = JudgeForm()
    if "judge" in request.reach.may and not own and found.state in ("upheld", "dismissed"):
        allowed["settle"] = SettleForm()
    return allowed


def _show(
    request: StaffRequest,
    found: Finding,
    bound: dict[str, forms.Form] | None = None,
    status: int = 200,
) -> HttpResponse:
    cases = Complaint.objects.within(request.reach).filter(pk__in=found.cases)
    ordered = cases.defer("text", "tokens", "minhash", "bands").order_by("-received_at", "-pk")
    listing = Listing(request.GET, ordered, columns=CASE_COLUMNS, size=20)
    drawn = bars(found)
    context = {
        **line(found),
        "row": rules.detectors().get(found.detector),
        "forms": _allowed(request, found) | (bound or {}),
        "bars": drawn,
        "height": ROW * len(drawn),
        "entries": found.entries.select_related("by").order_by("-at", "-pk"),
        "listing": listing,
        "cases": [(one, words.KINDS.get(one.kind, one.kind)) for one in listing.page_rows],
        "now": request.at,
    }
    return render(request, "supervision/finding.html", context, status=status)
