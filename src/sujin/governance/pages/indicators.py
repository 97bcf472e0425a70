"""The board of indicators: units beside indicators, each figure with what it may say."""

import csv
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from sujin.governance.cells import guarded
from sujin.governance.indicatorbook import Indicator, terms
from sujin.governance.indicatorbook import indicators as rows_of_pack
from sujin.governance.kinds.order import CLOSED, figure
from sujin.governance.models import FlashReport, Gauge, Wave, WorkOrder
from sujin.governance.models.owned import WATCH
from sujin.governance.sparks import Spark, spark
from sujin.platform.acts.export import exported
from sujin.platform.models import Org
from sujin.platform.ui.request import StaffRequest, holds

SHOWN = 6
ORDERS = 20
CSV_TYPE = "text/csv; charset=utf-8"
SHOW = (("attention", _("只看要留意的机构")), ("breached", _("只看确认超标的机构")))
TELLING = {"attention": ("breached", "beyond"), "breached": ("breached",)}


@dataclass(frozen=True, slots=True)
class Cell:
    """One figure as the board shows it; no gauge before the first period was over."""

    row: Indicator
    gauge: Gauge | None
    spark: Spark | None
    order: WorkOrder | None


@dataclass(frozen=True, slots=True)
class Line:
    """One unit with its figures, in the order of the columns."""

    org: Org
    cells: tuple[Cell, ...]


@require_safe
def indicators(request: HttpRequest) -> HttpResponse:
    """What the address asks for, of the units in reach."""
    asked = holds(request, WATCH)
    columns, lines = board(asked)
    own = {place.pk for place in asked.reach.places(WATCH)}
    mine = WorkOrder.objects.within(asked.reach).select_related("org", "owner")
    standing = list(mine.standing().order_by("acknowledged_at", "acknowledge_by")[:ORDERS])
    context: dict[str, Any] = {
        "columns": columns,
        "lines": lines,
        "choices": _choices(asked),
        "standing": [(one, one.owner_id in own) for one in standing],
        "closed": mine.filter(state=CLOSED).order_by("-closed_at")[:5],
        "beside": _beside(asked),
        "terms": terms(),
        "may_export": "export" in asked.reach.may,
        "last": Gauge.objects.order_by("-gauged_at").first(),
    }
    return render(request, "governance/indicators.html", context)


@require_safe
def export(request: HttpRequest) -> HttpResponse:
    """The board as a table, with the same filters, on the record."""
    asked = holds(request, "export")
    holds(request, WATCH)
    _columns, lines = board(asked)
    gauges = [cell.gauge for line in lines for cell in line.cells if cell.gauge is not None]
    exported("indicators", len(gauges), by=asked.person, at=asked.at)
    response = HttpResponse("\ufeff", content_type=CSV_TYPE)
    name = f"indicators-{timezone.localdate(asked.at):%Y%m%d}.csv"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    table = csv.writer(response)
    table.writerow(_heads())
    table.writerows(guarded(_plain(one)) for one in gauges)
    table.writerow(guarded([_t("导出人 %(staff)s") % {"staff": asked.person.staff_no}]))
    return response


def board(asked: StaffRequest) -> tuple[list[Indicator], list[Line]]:
    """Columns and lines; units without any figure in reach are left out."""
    wanted = asked.GET.get("indicator", "")
    columns = [one for one in rows_of_pack().values() if wanted in ("", one.code)]
    columns = columns or list(rows_of_pack().values())
    found = _gauges(asked, columns)
    orders = {(one.indicator, one.org_id): one for one in _standing(asked)}
    orgs = {gauges[0].org for gauges in found.values()}
    lines = [
        Line(org, tuple(_cell(row, org, found, orders) for row in columns))
        for org in sorted(orgs, key=lambda org: org.path)
    ]
    telling = TELLING.get(asked.GET.get("show", ""))
    return columns, [one for one in lines if telling is None or _says(one, telling)]


def _gauges(
    asked: StaffRequest, columns: Sequence[Indicator]
) -> dict[tuple[str, int], list[Gauge]]:
    """The last figures of each indicator and unit, the oldest first: one query."""
    periods = Q(pk__in=[])
    for row in columns:
        whole = row.period.before(timezone.localdate(asked.at), SHOWN)
        periods |= Q(indicator=row.code, first__gte=whole[0].first)
    rows = Gauge.objects.within(asked.reach).filter(periods).select_related("org")
    found: dict[tuple[str, int], list[Gauge]] = defaultdict(list)
    for one in rows.order_by("first"):
        found[one.indicator, one.org_id].append(one)
    return found


def _standing(asked: StaffRequest) -> list[WorkOrder]:
    return list(WorkOrder.objects.within(asked.reach).standing())


def _cell(
    row: Indicator,
    org: Org,
    found: dict[tuple[str, int], list[Gauge]],
    orders: dict[tuple[str, int], WorkOrder],
) -> Cell:
    key = (row.code, org.pk)
    gauges = found.get(key, [])
    last = gauges[-1] if gauges else None
    return Cell(row, last, spark(gauges) if gauges else None, orders.get(key))


def _says(line: Line, states: Sequence[str]) -> bool:
    return any(cell.gauge is not None and cell.gauge.state in states for cell in line.cells)


def _choices(asked: StaffRequest) -> list[dict[str, Any]]:
    """The two filters, with what is chosen."""
    named = [(one.code, str(one)) for one in rows_of_pack().values()]
    return [
        {"name": "indicator", "label": _("指标"), "options": named,
         "chosen": asked.GET.get("indicator", "")},
        {"name": "show", "label": _("看哪些"), "options": SHOW,
         "chosen": asked.GET.get("show", "")},
    ]  # fmt: skip


def _beside(asked: StaffRequest) -> dict[str, int]:
    """Warnings and flash reports have owners and clocks of their own; here they are counted."""
    waves = Wave.objects.within(asked.reach).filter(state="raised").count()
    flashes = FlashReport.objects.within(asked.reach).unacknowledged().count()
    return {"waves": waves, "flashes": flashes}


def _heads() -> list[str]:
    return [
        _t("机构号"), _t("机构"), _t("指标"), _t("自"), _t("至"), _t("件数"), _t("不利一侧"),
        _t("测值"), _t("区间下限"), _t("区间上限"), _t("目标"), _t("状态"),
    ]  # fmt: skip


def _plain(one: Gauge) -> list[str | int]:
    shown = [figure(one.indicator, value) for value in (one.value, one.low, one.high)]
    return [
        one.org.code, str(one.org), str(one.row or one.indicator), one.first.isoformat(),
        one.last.isoformat(), one.n, one.bad, *shown, figure(one.indicator, one.threshold),
        one.get_state_display(),
    ]  # fmt: skip
