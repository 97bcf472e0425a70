"""Spreadsheets we hand out: the empty template, and the rejected rows with their reasons.

Every cell is written as a string: nothing a stranger wrote can become a formula or a link.
"""

import io
from collections.abc import Iterable, Sequence

from django.utils.translation import gettext as _t
from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from sujin.channels.regulator.letters import Verdict
from sujin.channels.regulator.receive import agencies
from sujin.channels.regulator.sheet import BYTES_MAX, COLUMNS, ROWS_MAX

WIDTHS = (26, 26, 13, 13, 12, 16, 24, 70, 26)
TEXT_ONLY = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}


def template() -> bytes:
    """The empty sheet with a page of explanations; its cells are text, so no digit gets lost."""
    memory = io.BytesIO()
    with Workbook(memory, {"in_memory": True, **TEXT_ONLY}) as book:
        _page(book, _t("转办件"), COLUMNS, (), WIDTHS)
        _page(book, _t("填写说明"), (_t("列"), _t("怎么填")), _help(), (16, 90))
    return memory.getvalue()


def rejected(verdicts: Iterable[Verdict]) -> bytes:
    """Rejected rows as they were written, with their line in the file and every reason."""
    rows = [
        (str(verdict.row.line), "\n".join(verdict.because), *verdict.row.cells.values())
        for verdict in verdicts
    ]
    memory = io.BytesIO()
    with Workbook(memory, {"in_memory": True, **TEXT_ONLY}) as book:
        heading = (_t("行号"), _t("未接收的原因"), *COLUMNS)
        _page(book, _t("未接收"), heading, rows, (8, 60, *WIDTHS))
    return memory.getvalue()


def _page(
    book: Workbook,
    name: str,
    heading: Sequence[str],
    rows: Iterable[Sequence[str]],
    widths: Sequence[int],
) -> None:
    page: Worksheet = book.add_worksheet(name)
    bold: Format = book.add_format({"bold": True, "bg_color": "#E9EBF8", "border": 1})
    text: Format = book.add_format({"num_format": "@", "text_wrap": True, "valign": "top"})
    for place, (word, width) in enumerate(zip(heading, widths, strict=True)):
        page.set_column(place, place, width, text)
        page.write_string(0, place, word, bold)
    for line, row in enumerate(rows, 1):
        for place, cell in enumerate(row):
            # A cell of a spreadsheet holds 32,767 characters.
            page.write_string(line, place, cell[:32_767], text)
    page.freeze_panes(1, 0)


def _help() -> list[tuple[str, str]]:
    names = "、".join(agencies().values())
    return [
        ("转办机构", _t("必填。%(names)s，或其他机构；可只写 12378、12363") % {"names": names}),
        ("文号", _t("必填。转办函的编号；同一机构同一文号只登记一次")),
        ("转办日期", _t("转办函的日期，写成 2026-03-02")),
        ("反馈期限", _t("转办函要求反馈的日期，写成 2026-03-17")),
        ("姓名", _t("客户姓名")),
        ("手机号", _t("客户电话")),
        ("身份证号", _t("18 位身份证号或其他证件号码；单元格须为文本格式")),
        ("投诉内容", _t("必填。转办函所附的投诉全文")),
        ("涉及机构", _t("客户所属分行或网点的名称或机构号；不清楚就留空")),
        (
            _t("上限"),
            _t("一个文件不超过 %(rows)d 行、%(mb)d MB")
            % {"rows": ROWS_MAX, "mb": BYTES_MAX // 1024 // 1024},
        ),
    ]
