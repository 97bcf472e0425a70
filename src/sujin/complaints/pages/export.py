"""The list as a spreadsheet: the same filters, masked, capped, and on the record."""

import io
from collections.abc import Iterable

import xlsxwriter
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.views.decorators.http import require_safe

from sujin.complaints import words
from sujin.complaints.models import Complaint
from sujin.complaints.pages.cases import SORTS, filters, search
from sujin.platform.acts.export import exported
from sujin.platform.ui.listing import Listing
from sujin.platform.ui.request import holds

ROWS_MAX = 5_000
MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@require_safe
def export(request: HttpRequest) -> HttpResponse:
    """What the list shows, at most ROWS_MAX rows; the last row says so when there were more."""
    asked = holds(request, "export")
    listing = Listing(
        request.GET,
        search(asked, request.GET.get("q", "").strip()[:100]),
        filters=filters(asked),
        sorts=SORTS,
    )
    rows = list(listing.rows[: ROWS_MAX + 1])
    exported("complaints", min(len(rows), ROWS_MAX), by=asked.person, at=asked.at)
    response = HttpResponse(workbook(rows, str(asked.person.staff_no)), content_type=MEDIA_TYPE)
    name = f"complaints-{timezone.localdate(asked.at):%Y%m%d}.xlsx"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def workbook(rows: list[Complaint], staff_no: str) -> bytes:
    """Every cell a string: a complaint that begins with an equals sign stays a complaint."""
    memory = io.BytesIO()
    with xlsxwriter.Workbook(memory, {"in_memory": True}) as book:
        sheet = book.add_worksheet(_t("投诉"))
        for column, heading in enumerate(_headings()):
            sheet.write_string(0, column, heading)
        for line, case in enumerate(rows[:ROWS_MAX], 1):
            for column, value in enumerate(_cells(case)):
                sheet.write_string(line, column, value)
        note = _t("导出人 %(staff)s") % {"staff": staff_no}
        if len(rows) > ROWS_MAX:
            note += "；" + _t("只导出前 %(n)d 条，请缩小筛选范围") % {"n": ROWS_MAX}
        sheet.write_string(min(len(rows), ROWS_MAX) + 1, 0, note)
    return memory.getvalue()


def _headings() -> list[str]:
    return [
        _t("编号"), _t("类型"), _t("分级"), _t("渠道"), _t("受理时间"), _t("业务类别"),
        _t("投诉原因"), _t("承办"), _t("责任人"), _t("时限"), _t("诉求"),
    ]  # fmt: skip


def _cells(case: Complaint) -> Iterable[str]:
    yield case.number
    yield str(words.KINDS.get(case.kind, case.kind))
    yield str(words.TIERS.get(case.tier, case.tier))
    yield str(words.CHANNELS.get(case.channel, case.channel))
    yield f"{timezone.localtime(case.received_at):%Y-%m-%d %H:%M}"
    yield words.business(case.business, case.pack)
    yield words.cause(case.cause, case.pack)
    yield str(case.desk or "")
    yield str(case.accountable or "")
    yield f"{timezone.localtime(case.due_at):%Y-%m-%d %H:%M}" if case.due_at else ""
    yield case.text[:30_000]
