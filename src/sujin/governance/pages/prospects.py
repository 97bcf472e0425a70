"""前瞻研判: the weeks ahead, the likeliest to be hot first; and how good what was said has been."""

import csv
from datetime import date
from typing import Any

from django.db.models import Max, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from sujin.complaints.pages.export import ROWS_MAX
from sujin.governance.cells import guarded
from sujin.governance.foresight_rules import rules
from sujin.governance.models import Foresight, Prospect
from sujin.governance.models.owned import WATCH
from sujin.governance.prospect_scores import narrowed, worths
from sujin.governance.prospect_words import Line, lines
from sujin.platform.acts.export import exported
from sujin.platform.ui.listing import Column, Filter, Listing, Sort
from sujin.platform.ui.request import StaffRequest, holds

WEEKS_SHOWN, SHOWN = 26, 12
AHEAD = tuple((str(n), label) for n, label in enumerate(
    (_("第一周"), _("第二周"), _("第三周"), _("第四周")), 1
))  # fmt: skip
SAID = (("called", _("提示为热点的")), ("event", _("有将至事件的")))
CAME = (
    ("inside", _("落在范围内")),
    ("outside", _("落在范围外")),
    ("called", _("提示过热点")),
    ("true", _("提示后成真")),
    ("missed", _("热点未提示")),
)
LIKELY = [Sort("likely", _("最可能在前"), ("-chance", "-mid", "pk"))]
LATEST = [Sort("latest", _("最近在前"), ("-week", "-chance", "pk"))]
COLUMNS = [Column("node", _("哪里")), Column("said", _("预计"))]


@require_safe
def prospects(request: HttpRequest) -> HttpResponse:
    """The chosen study's rows in reach, the latest study when none is chosen."""
    asked = holds(request, WATCH)
    listing, found = listed(asked)
    context: dict[str, Any] = {
        "listing": listing,
        "lines": lines(list(listing.page_rows)),
        "foresight": found,
        "labels": dict(AHEAD),
        "worths": _named(worths(_lately(asked))),
        "scored_weeks": rules().scored.days // 7,
        "factor": rules().terms.factor,
        "may_export": "export" in asked.reach.may,
    }
    return render(request, "governance/prospects.html", context)


def listed(asked: StaffRequest) -> tuple[Listing[Prospect], Foresight | None]:
    """What the address asks for, within reach."""
    known = list(Foresight.objects.order_by("-week")[:WEEKS_SHOWN])
    params = asked.GET.copy()
    by_week = {one.week.isoformat(): one for one in known}
    if known and params.get("week") not in by_week:
        params["week"] = known[0].week.isoformat()
    found = by_week.get(params.get("week", ""))
    rows = Prospect.objects.within(asked.reach).select_related("foresight")
    filters = [
        Filter("week", _("哪一周的研判"), tuple((week, week) for week in by_week), _of_week),
        Filter("ahead", _("哪一周"), AHEAD, _of_ahead),
        Filter("said", _("只看"), SAID, _of_said),
    ]
    made = Listing(params, rows, filters=filters, sorts=LIKELY, columns=COLUMNS, size=SHOWN)
    return made, found


def _of_week(rows: QuerySet[Prospect], value: str) -> QuerySet[Prospect]:
    return rows.filter(foresight__week=date.fromisoformat(value))


def _of_ahead(rows: QuerySet[Prospect], value: str) -> QuerySet[Prospect]:
    return rows.filter(ahead=int(value))


def _of_said(rows: QuerySet[Prospect], value: str) -> QuerySet[Prospect]:
    return rows.filter(called=True) if value == "called" else rows.exclude(events=[])


def _lately(asked: StaffRequest) -> QuerySet[Prospect]:
    """What was scored in reach, of so many weeks back from the last that was."""
    rows = Prospect.objects.within(asked.reach).scored()
    last = rows.aggregate(last=Max("week"))["last"]
    return rows.filter(week__gt=last - rules().scored) if last else rows


def _named(found: list[Any]) -> list[tuple[Any, Any]]:
    labels = {int(code): label for code, label in AHEAD}
    return [(labels.get(one.ahead, _("合计")), one) for one in found]


@require_safe
def foresight(request: HttpRequest, pk: int) -> HttpResponse:
    """Where the docket's links lead: the page of that week."""
    holds(request, WATCH)
    return redirect(get_object_or_404(Foresight, pk=pk))


@require_safe
def scores(request: HttpRequest) -> HttpResponse:
    """The rows behind the figures: what was said, and what came."""
    asked = holds(request, WATCH)
    filters = [
        Filter("ahead", _("提前多久"), AHEAD, _of_ahead),
        Filter("came", _("结果"), CAME, narrowed),
    ]
    listing = Listing(
        asked.GET, _lately(asked).select_related("foresight"), filters=filters, sorts=LATEST,
        columns=COLUMNS, size=20,
    )  # fmt: skip
    context = {
        "listing": listing, "lines": lines(list(listing.page_rows)), "labels": dict(AHEAD),
        "scored_weeks": rules().scored.days // 7,
    }  # fmt: skip
    return render(request, "governance/prospect_scores.html", context)


@require_safe
def export(request: HttpRequest) -> HttpResponse:
    """The chosen study as CSV with what came of it, on the record."""
    asked = holds(request, "export")
    holds(request, WATCH)
    listing, found = listed(asked)
    if found is None:
        raise Http404
    rows = lines(list(listing.rows[:ROWS_MAX]))
    exported("prospects", len(rows), by=asked.person, at=asked.at)
    response = HttpResponse("\ufeff", content_type="text/csv; charset=utf-8")
    name = f"prospects-{found.week:%Y%m%d}.csv"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    write = csv.writer(response)
    write.writerow(_heads())
    write.writerows(guarded(_cells(one)) for one in rows)
    return response


def _heads() -> list[str]:
    return [
        _t("研判于"), _t("哪一周"), _t("提前周数"), _t("哪里"), _t("平常"), _t("低（10%）"),
        _t("中（50%）"), _t("高（90%）"), _t("几件起算热点"), _t("热点的可能"), _t("理由"),
        _t("实际"),
    ]  # fmt: skip


def _cells(one: Line) -> list[Any]:
    row = one.row
    said_on = row.foresight.week
    why = "；".join(f"{reason.name} {reason.cases:+.1f}" for reason in one.reasons)
    return [
        said_on.isoformat(), row.week.isoformat(), row.ahead, one.name, row.usual, row.low,
        row.mid, row.high, row.hot_from, row.chance, why,
        "" if row.actual is None else row.actual,
    ]  # fmt: skip
