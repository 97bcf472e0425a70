"""人工改级: per row of tiers.csv how often people overrode it, and what stands out."""

import csv
import io
from collections.abc import Iterator, Sequence
from typing import Any
from urllib.parse import urlencode

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.views.decorators.http import require_safe

from sujin.complaints.figures.overrides import RowFigures, overrides
from sujin.complaints.figures.selection import DAYS_MAX, Window, last_days
from sujin.complaints.kinds.base import in_language
from sujin.complaints.pages.measured import read_day
from sujin.engine.rates import Share
from sujin.platform.acts.export import exported
from sujin.platform.ui.request import StaffRequest, holds, staff

READERS = frozenset({"approve", "export", "journal"})
DAYS = 180
PRESETS = (30, 90, 180, 360)
FORMULA = ("=", "+", "-", "@", "\t", "\r")


@require_safe
def overrides_page(request: HttpRequest) -> HttpResponse:
    """The rows of the table in a period, within reach; every number opens its cases."""
    asked = staff(request)
    if not READERS & asked.reach.may:
        raise PermissionDenied
    window, note = _window(asked)
    rows = overrides(asked.reach, window)
    lines = [_line(one, window) for one in rows]
    decided, moved = sum(one.decided for one in rows), sum(one.overridden for one in rows)
    context = {
        "lines": lines,
        "standing_out": [line for line in lines if line["row"].stands_out],
        "whole": Share(moved, decided),
        "window": window,
        "presets": PRESETS,
        "note": note,
    }
    return render(request, "complaints/overrides.html", context)


@require_safe
def overrides_export(request: HttpRequest) -> HttpResponse:
    """The same as a CSV file, on the record."""
    asked = holds(request, "export")
    window, _note = _window(asked)
    lines = list(_csv_lines(overrides(asked.reach, window)))
    exported("overrides", len(lines) - 1, by=asked.person, at=asked.at)
    memory = io.StringIO()
    csv.writer(memory).writerows(lines)
    response = HttpResponse("\ufeff" + memory.getvalue(), content_type="text/csv; charset=utf-8")
    name = f"overrides-{timezone.localdate(asked.at):%Y%m%d}.csv"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _window(request: StaffRequest) -> tuple[Window, str]:
    """The period of the address; a note when it could not be used."""
    asked = [request.GET.get(name, "") for name in ("from", "to")]
    if not any(asked):
        days = request.GET.get("days", "")
        return last_days(int(days) if days in map(str, PRESETS) else DAYS, request.at), ""
    first, last = map(read_day, asked)
    if first is None or last is None or last < first or (last - first).days >= DAYS_MAX:
        note = _t("起止日期不完整、颠倒或超过 %(n)d 天，未采用。") % {"n": DAYS_MAX}
        return last_days(DAYS, request.at), note
    return Window(first, last), ""


def _line(figures: RowFigures, window: Window) -> dict[str, Any]:
    return {
        "row": figures,
        "because": in_language(figures.row.because),
        "decided": _cases(figures, window),
        "up": _cases(figures, window, "up"),
        "down": _cases(figures, window, "down"),
        "months": [(month, moved, of) for month, (of, moved) in sorted(figures.months.items())],
    }


def _cases(figures: RowFigures, window: Window, way: str = "") -> str:
    """The address of the list that shows exactly the cases behind a number."""
    asked = {"tier_row": figures.row.row, "from": str(window.first), "to": str(window.last)}
    if way:
        asked["overridden"] = way
    return f"{reverse('complaints:list')}?{urlencode(asked)}"


def _csv_lines(rows: Sequence[RowFigures]) -> Iterator[list[str]]:
    yield [
        _t("规则行"), _t("分级"), _t("理由"), _t("判定件数"), _t("上调"), _t("下调"),
        _t("改级占比"), _t("区间下限"), _t("区间上限"), _t("明显偏高"), _t("人给的理由"),
    ]  # fmt: skip
    for one in rows:
        low, high = one.share.interval
        told = "；".join(f"{because}×{times}" for because, times in one.reasons)
        yield [
            one.row.row, one.row.tier.value, in_language(one.row.because), str(one.decided),
            str(one.up), str(one.down), f"{one.share.rate or 0:.4f}", f"{low:.4f}",
            f"{high:.4f}", _t("是") if one.stands_out else "", _plainly(told),
        ]  # fmt: skip


def _plainly(told: str) -> str:
    """A reason that begins like a formula stays words."""
    return f"'{told}" if told.startswith(FORMULA) else told
