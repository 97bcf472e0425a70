"""检查计划: the plans, one of them with its draw, and drawing a new one."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from sujin.engine.sample import coverage, detection
from sujin.platform.models import Entry, Org
from sujin.platform.models.entry import EntryQuerySet
from sujin.platform.refusal import Refusal
from sujin.platform.ui.listing import Column, Filter, Listing, Sort
from sujin.platform.ui.request import holds
from sujin.supervision.acts.draw_plan import digest_of, draw_plan, drawn_again
from sujin.supervision.forms_inspection import PlanForm
from sujin.supervision.inspectionbook import numbers, risks, sorts
from sujin.supervision.kinds import inspection as kinds
from sujin.supervision.models import Inspection, InspectionPlan
from sujin.supervision.models.inspection import PLAN
from sujin.supervision.pages.inspections import reader

COLUMNS = [
    Column("name", _("检查计划")), Column("sort", _("哪一种")), Column("days", _("时间")),
    Column("visits", _("抽中")), Column("state", _("状态")),
]  # fmt: skip
ROWS = [
    Column("outlet", _("网点")), Column("inspector", _("检查人")), Column("day", _("哪一天")),
    Column("chance", _("被抽中的机会")), Column("state", _("状态")),
]  # fmt: skip
YEAR_MONTHS = 12


@require_safe
def plans(request: HttpRequest) -> HttpResponse:
    """Those in reach, the latest first."""
    asked = reader(request)
    known = tuple((row.code, str(row)) for row in sorts().values())
    listing = Listing(
        asked.GET,
        InspectionPlan.objects.within(asked.reach).select_related("org").defer("pool"),
        filters=[
            Filter("sort", _("哪一种"), known, lambda rows, value: rows.filter(sort=value)),
            Filter(
                "state", _("状态"), tuple(kinds.PLAN_STATES.items()),
                lambda rows, value: rows.filter(state=value),
            ),
        ],
        sorts=[Sort("new", _("最近在前"), ("-drawn_at", "-pk"))],
        columns=COLUMNS,
    )  # fmt: skip
    context = {"listing": listing, "may_draw": PLAN in asked.reach.may}
    return render(request, "supervision/plans.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def plan_new(request: HttpRequest) -> HttpResponse:
    """GET: the form; POST: the lots are drawn."""
    asked = holds(request, PLAN)
    form = PlanForm(asked, asked.POST or None)
    if request.method == "POST" and form.is_valid():
        told = dict(form.cleaned_data)
        org: Org = told.pop("org")
        try:
            return redirect(draw_plan(org, **told, by=asked.person, at=asked.at))
        except Refusal as refusal:
            form.add_error(None, str(refusal))
    context = {"form": form, "factor": numbers()["factor"], "risks": risks().values()}
    status = 422 if form.errors else 200
    return render(request, "supervision/plan_new.html", context, status=status)


@require_safe
def plan(request: HttpRequest, pk: int) -> HttpResponse:
    """One: what was drawn, how sure it is to find something, and, once over, the draw again."""
    asked = reader(request)
    found = InspectionPlan.objects.within(asked.reach).select_related("org").filter(pk=pk).first()
    if found is None:
        raise Http404
    rows = Inspection.objects.filter(plan=found).select_related("outlet", "inspector")
    listing = Listing(
        asked.GET, rows, columns=ROWS, sorts=[Sort("day", _("哪一天"), ("day", "pk"))], size=100
    )
    context = {
        "plan": found,
        "listing": listing,
        "draw": _draw(found),
        "history": [(one, one.what()) for one in found.entries.select_related("by").in_order()],
    }
    return render(request, "supervision/plan.html", context)


def _draw(found: InspectionPlan) -> dict[str, Any]:
    """What is promised of the draw, as it was made."""
    chances = found.entries.of(kinds.PlanDrawn).get().data["chances"]
    sees, pool = float(numbers()["sees"]), len(chances)
    equal = found.visits / pool
    told: dict[str, Any] = {
        "pool": pool,
        "equal": equal,
        "most": max(chances),
        "least": min(chances),
        "sees": sees,
        "year": coverage(chances, YEAR_MONTHS),
        "finds": [
            (bad, detection(chances, sees, bad))
            for bad in sorted({1, max(1, pool // 20), max(1, pool // 10)})
        ],
    }
    if not found.runs:
        told["again"] = _is_the_same(found)
    return told


def _is_the_same(found: InspectionPlan) -> bool:
    """Drawn again with the seed that is told now: the same outlets, people and days as set then."""
    set_then = {(one.subject_id, one.data["inspector"], one.data["day"]) for one in _entries(found)}
    outlets = dict(Inspection.objects.filter(plan=found).values_list("outlet", "pk"))
    again = {(outlets.get(outlet), who, day.isoformat()) for outlet, who, day in drawn_again(found)}
    return digest_of(found.seed) == found.digest and again == set_then


def _entries(found: InspectionPlan) -> EntryQuerySet:
    keys = Inspection.objects.filter(plan=found).values_list("pk", flat=True)
    return Entry.objects.about(Inspection.subject, keys).of(kinds.InspectionSet)
