"""A round as a spreadsheet: every sheet with its lines, on the record."""

import io
from collections.abc import Iterable

import xlsxwriter
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _t
from django.views.decorators.http import require_safe

from sujin.complaints.pages.export import MEDIA_TYPE, ROWS_MAX
from sujin.platform.acts.export import exported
from sujin.supervision import starbook
from sujin.supervision.models import StarSheet
from sujin.supervision.pages.stars import chosen, listed, reader, rounds_of, scheme_of


@require_safe
def export(request: HttpRequest, scheme: str) -> HttpResponse:
    """What the list shows, at most ROWS_MAX sheets."""
    asked = reader(request)
    row = scheme_of(scheme)
    found = chosen(asked, rounds_of(asked, row))
    if found is None:
        raise Http404
    rows = list(listed(asked, row, found).rows[:ROWS_MAX])
    exported("stars", len(rows), by=asked.person, at=asked.at)
    response = HttpResponse(_workbook(scheme, rows), content_type=MEDIA_TYPE)
    name = f"{scheme}-{found.month:%Y%m}.xlsx"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _workbook(scheme: str, rows: Iterable[StarSheet]) -> bytes:
    memory = io.BytesIO()
    items = starbook.items(scheme)
    with xlsxwriter.Workbook(memory, {"in_memory": True}) as book:
        sheet = book.add_worksheet(_t("评分"))
        sheet.write_row(0, 0, [*_headings(), *(str(row) for row in items.values())])
        for number, one in enumerate(rows, 1):
            points = {line["item"]: line["points"] for line in one.lines}
            told = [one.unit.code, str(one.unit), one.star_name, one.points, one.low, one.high]
            ranks = [f"{one.rank_first}-{one.rank_last}"]
            sheet.write_row(number, 0, [*told, *ranks, *(points.get(code) for code in items)])
    return memory.getvalue()


def _headings() -> list[str]:
    return [
        _t("机构号"), _t("单位"), _t("等级"), _t("得分"), _t("下限"), _t("上限"), _t("可能的位次"),
    ]  # fmt: skip
