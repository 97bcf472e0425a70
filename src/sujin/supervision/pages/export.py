"""The findings as a spreadsheet: the same filters, on the record."""

import io
from collections.abc import Iterable

import xlsxwriter
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.views.decorators.http import require_safe

from sujin.complaints.pages.export import MEDIA_TYPE, ROWS_MAX
from sujin.platform.acts.export import exported
from sujin.supervision import rules
from sujin.supervision.models import Finding
from sujin.supervision.pages.findings import listed
from sujin.supervision.pages.guard import inspector


@require_safe
def export(request: HttpRequest) -> HttpResponse:
    """What the list shows, at most ROWS_MAX rows."""
    asked = inspector(request)
    rows = list(listed(asked).rows[:ROWS_MAX])
    exported("findings", len(rows), by=asked.person, at=asked.at)
    response = HttpResponse(_workbook(rows), content_type=MEDIA_TYPE)
    name = f"findings-{timezone.localdate(asked.at):%Y%m%d}.xlsx"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _workbook(rows: Iterable[Finding]) -> bytes:
    memory = io.BytesIO()
    with xlsxwriter.Workbook(memory, {"in_memory": True}) as book:
        sheet = book.add_worksheet(_t("核查发现"))
        lines: list[list[object]] = [[*_headings()], *map(_cells, rows)]
        for number, cells in enumerate(lines):
            for column, value in enumerate(cells):
                sheet.write_string(number, column, str(value))
    return memory.getvalue()


def _headings() -> list[str]:
    return [
        _t("发现时间"), _t("单位"), _t("做法"), _t("期间"), _t("状态"), _t("件数"), _t("说明"),
        _t("认定理由"),
    ]  # fmt: skip


def _cells(one: Finding) -> list[object]:
    found_at = f"{timezone.localtime(one.found_at):%Y-%m-%d}" if one.found_at else ""
    return [
        found_at, one.unit, rules.title(one.detector), "、".join(one.periods),
        one.get_state_display(), len(one.cases), one.explanation, one.reason,
    ]  # fmt: skip
