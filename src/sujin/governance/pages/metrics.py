"""指标目录: every metric with its definition and owner, and what it comes to in a month."""

import csv
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.views.decorators.http import require_safe

from sujin.governance.cells import guarded
from sujin.governance.cube import is_summed, late_since
from sujin.governance.metric_board import Line, board, months_back
from sujin.governance.metric_places import choices, scope
from sujin.governance.metricbook import AREAS, Metric
from sujin.governance.metricbook import metrics as catalogue
from sujin.governance.models.owned import WATCH
from sujin.platform.acts.export import exported
from sujin.platform.models import Org
from sujin.platform.ui.request import StaffRequest, holds

CSV_TYPE = "text/csv; charset=utf-8"
SHOWN = 18
_MONTH = re.compile(r"(20\d\d)-(0[1-9]|1[0-2])")


@dataclass(frozen=True, slots=True)
class Asked:
    """The place and the month of the address."""

    org: Org
    first: date
    orgs: Sequence[Org]
    metrics: Sequence[Metric]


@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """The place and month of the address; else the last whole month of the reader's own."""
    person = holds(request, WATCH)
    asked = ask(person)
    lines = board(asked.metrics, asked.org, asked.first)
    context: dict[str, Any] = {
        "org": asked.org, "orgs": asked.orgs, "month": f"{asked.first:%Y-%m}",
        "months": month_names(person),
        "areas": [(AREAS[area], [one for one in lines if one.metric.area == area])
                  for area in AREAS],
        "late": late_since() if is_summed(scope(asked.org)) else None,
        "unfinished": asked.first == this_month(person),
        "may_export": "export" in person.reach.may,
    }  # fmt: skip
    return render(request, "governance/metrics.html", context)


@require_safe
def export(request: HttpRequest) -> HttpResponse:
    """The same as a table with every definition; on the record."""
    person = holds(request, "export")
    holds(request, WATCH)
    asked = ask(person)
    lines = board(asked.metrics, asked.org, asked.first)
    exported("metrics", len(lines), by=person.person, at=person.at)
    response = HttpResponse("\ufeff", content_type=CSV_TYPE)
    name = f"metrics-{asked.org.code}-{asked.first:%Y%m}.csv"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    table = csv.writer(response)
    table.writerow(_heads())
    table.writerows(guarded(_plain(one)) for one in lines)
    table.writerow(guarded([_t("导出人 %(staff)s") % {"staff": person.person.staff_no}]))
    return response


def ask(person: StaffRequest) -> Asked:
    """404 for a place outside the reader's reach, or a month that has not begun."""
    orgs = choices(person.reach, {WATCH})
    known = {org.code: org for org in orgs}
    code = person.GET.get("org", "") or next(iter(known), "")
    first = _first(person)
    if code not in known or first > this_month(person):
        raise Http404
    mine = [one for one in catalogue().values() if one.needs & person.reach.may]
    return Asked(known[code], first, orgs, mine)


def this_month(person: StaffRequest) -> date:
    return timezone.localdate(person.at).replace(day=1)


def _first(person: StaffRequest) -> date:
    named = person.GET.get("month", "")
    found = _MONTH.fullmatch(named)
    if named and found is None:
        raise Http404
    if found is None:
        return months_back(this_month(person), 2)[0]
    return date(int(found[1]), int(found[2]), 1)


def month_names(person: StaffRequest) -> list[str]:
    """The months one can choose, the latest first."""
    return [f"{one:%Y-%m}" for one in reversed(months_back(this_month(person), SHOWN))]


def _heads() -> list[str]:
    return [
        _t("指标"), _t("本期"), _t("95%% 区间") % (), _t("件数"), _t("上月"), _t("去年同月"),
        _t("定义"), _t("分子"), _t("分母"), _t("归口"), _t("出处"),
    ]  # fmt: skip


def _plain(line: Line) -> list[str | int]:
    metric = line.metric
    return [
        str(metric), line.now.said, line.now.span, line.now.n, line.before.said,
        line.year_ago.said, metric.said("definition"), metric.said("numerator"),
        metric.said("denominator"), metric.owner_name, metric.source,
    ]  # fmt: skip
