"""The board as a spreadsheet: the same filters, within reach, on the record."""

import io
from collections.abc import Iterable

import xlsxwriter
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.views.decorators.http import require_safe

from sujin.complaints.pages.export import MEDIA_TYPE, ROWS_MAX
from sujin.governance.models.owned import WATCH
from sujin.governance.pages.waves import Item, items, listed
from sujin.platform.acts.export import exported
from sujin.platform.ui.request import holds


@require_safe
def export(request: HttpRequest) -> HttpResponse:
    """What the board shows, at most ROWS_MAX rows."""
    asked = holds(request, "export")
    holds(request, WATCH)
    rows = list(listed(asked).rows[:ROWS_MAX])
    made, _known = items(rows)
    exported("waves", len(made), by=asked.person, at=asked.at)
    response = HttpResponse(_workbook(made, asked.person.staff_no), content_type=MEDIA_TYPE)
    name = f"waves-{timezone.localdate(asked.at):%Y%m%d}.xlsx"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _workbook(made: list[Item], staff_no: str) -> bytes:
    memory = io.BytesIO()
    with xlsxwriter.Workbook(memory, {"in_memory": True}) as book:
        sheet = book.add_worksheet(_t("预警"))
        sheet.write_row(0, 0, _heads())
        for line, one in enumerate(made, 1):
            for column, value in enumerate(_cells(one)):
                if isinstance(value, float):
                    sheet.write_number(line, column, value)
                else:
                    sheet.write_string(line, column, value)
        sheet.write_string(len(made) + 1, 0, _t("导出人 %(staff)s") % {"staff": staff_no})
    return memory.getvalue()


def _heads() -> list[str]:
    return [
        _t("编号"), _t("类型"), _t("哪里"), _t("自"), _t("首次预警"), _t("最近预警"), _t("件数"),
        _t("预期"), _t("不会预警的件数"), _t("为什么"), _t("状态"), _t("归口"),
    ]  # fmt: skip


def _cells(one: Item) -> Iterable[str | float]:
    wave = one.wave
    yield str(wave.pk)
    yield wave.get_stream_display()
    yield one.name
    yield from (day.isoformat() for day in (wave.since, wave.first_alarm, wave.last_alarm))
    yield from (float(wave.observed), round(wave.expected, 2), float(wave.silent_at))
    yield "、".join(map(str, one.detectors))
    yield wave.get_state_display()
    yield str(wave.owner or "")
