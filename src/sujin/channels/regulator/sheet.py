"""A spreadsheet of letters as plain rows: XLSX and CSV, read without trusting the file.

An XLSX is a ZIP that can unfold into anything, so it is opened in a child process that may use
only so much memory and time (``unfold.py``); the worst a hostile file can do is end that child.
"""

import io
import json
import subprocess
import sys
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from sujin.channels.csv.delimited import open_text
from sujin.channels.csv.flaws import CannotOpen, Reason
from sujin.channels.csv.rows import Row as Written
from sujin.channels.fields import Fault

COLUMNS = (
    "转办机构",
    "文号",
    "转办日期",
    "反馈期限",
    "姓名",
    "手机号",
    "身份证号",
    "投诉内容",
    "涉及机构",
)
BYTES_MAX = 5 * 1024 * 1024
ROWS_MAX = 5000
UNFOLDED_MAX = 64 * 1024 * 1024
SECONDS_MAX = 30
# Spreadsheet programs keep 15 digits of a number; what a longer one lost cannot be had back.
LOST = "\N{REPLACEMENT CHARACTER}"
FLAWS = {
    Reason.ENCODING: _("有无法解码的字符，请另存为 XLSX 后上传"),
    Reason.NUL: _("含有空字符，请删除后再上传"),
    Reason.QUOTING: _("引号不成对；单元格里的引号要写两遍"),
    Reason.OPEN_QUOTE: _("引号没有结束，后面的行也被读进了同一格；请补上引号"),
    Reason.RUNAWAY_QUOTE: _("引号没有结束，后面的行也被读进了同一格；请补上引号"),
    Reason.LINE_TOO_LONG: _("超过 1 MB，请写下要点，全文作为材料上传"),
}


@dataclass(frozen=True, slots=True)
class Row:
    """One letter as written: its line in the file and a text per column of ``COLUMNS``.

    ``flaw`` is the sentence for a row that cannot be read as one letter; its cells are a guess.
    """

    line: int
    cells: dict[str, str]
    flaw: str = ""


@dataclass(frozen=True, slots=True)
class Sheet:
    """The letters of a file; ``ignored`` names its columns that nobody asked for."""

    name: str
    rows: tuple[Row, ...]
    ignored: tuple[str, ...]


def take(name: str, size: int, read: Callable[[int], bytes]) -> Sheet:
    """The rows of a file somebody handed in; raises Fault for one that cannot be read whole."""
    too_large = Fault(
        _t("文件超过 %(mb)d MB 的上限") % {"mb": BYTES_MAX // 1024 // 1024},
        _t("请分成几个文件上传"),
    )
    if size > BYTES_MAX:
        raise too_large
    content = read(BYTES_MAX + 1)
    if len(content) > BYTES_MAX:
        raise too_large
    ending = name.rpartition(".")[2].lower()
    if ending not in {"xlsx", "csv"}:
        raise Fault(_t("只能读 XLSX 或 CSV 文件"), _t("请用模板另存为 XLSX 后上传"))
    table = _workbook(content) if ending == "xlsx" else _separated(content)
    return _sheet(name, table, pads=ending == "xlsx")


def _sheet(name: str, table: Sequence[Written], *, pads: bool) -> Sheet:
    heading = [cell.strip() for cell in table[0].cells] if table else []
    missing = [column for column in COLUMNS if column not in heading]
    if missing:
        raise Fault(
            _t("第一行缺少这些列：%(columns)s") % {"columns": "、".join(missing)},
            _t("请下载模板，不要改动第一行"),
        )
    places = {column: heading.index(column) for column in COLUMNS}
    rows = [
        Row(
            row.number,
            {column: _cell(row.cells, place) for column, place in places.items()},
            _flaw(row, len(row.cells) if pads else len(heading)),
        )
        for row in table[1:]
        if any(cell.strip() for cell in row.cells)
    ]
    ignored = tuple(sorted({cell for cell in heading if cell and cell not in COLUMNS}))
    return Sheet(name[:160], _as_many_as_we_take(rows), ignored)


def _as_many_as_we_take(rows: Sequence[Row]) -> tuple[Row, ...]:
    if not rows:
        raise Fault(_t("文件里没有一行转办件"), _t("请从第二行起填写"))
    if len(rows) > ROWS_MAX:
        raise Fault(
            _t("文件有 %(n)d 行，超过 %(limit)d 行的上限") % {"n": len(rows), "limit": ROWS_MAX},
            _t("请分成几个文件上传"),
        )
    return tuple(rows)


def _cell(cells: Sequence[str], place: int) -> str:
    return cells[place].replace("\0", "").strip() if place < len(cells) else ""


def _flaw(row: Written, columns: int) -> str:
    """Why a row is not one letter, with its line; empty for a sound row of ``columns`` cells."""
    cells = len(row.cells)
    if row.flaw is not None:
        fault = str(FLAWS[row.flaw.reason])
    elif cells < columns:
        fault = _t("只有 %(cells)d 格，第一行有 %(columns)d 列；空着的格子也要留出分隔符")
    elif cells > columns:
        fault = _t("有 %(cells)d 格，第一行只有 %(columns)d 列；含逗号的内容要放在双引号里")
    else:
        return ""
    told = fault % {"cells": cells, "columns": columns}
    return _t("%(column)s：%(fault)s") % {"column": _place(row), "fault": told}


def _place(row: Written) -> str:
    """As a spreadsheet counts and, where that differs, as a text editor does."""
    if row.number == row.line:
        return _t("第 %(row)d 行") % {"row": row.number}
    return _t("第 %(row)d 行（文本第 %(line)d 行）") % {"row": row.number, "line": row.line}


def _separated(content: bytes) -> list[Written]:
    """CSV as the importer reads it: one broken row costs no other letter."""
    try:
        return list(open_text(partial(io.BytesIO, content)))
    except CannotOpen:
        raise Fault(
            _t("文件的编码不是 UTF-8、UTF-16 或 GB18030"), _t("请另存为 XLSX 后上传")
        ) from None


def _workbook(content: bytes) -> list[Written]:
    if _declared_size(content) > UNFOLDED_MAX:
        raise _unreadable()
    child = Path(__file__).with_name("unfold.py")
    try:
        done = subprocess.run(  # noqa: S603 - our own interpreter and our own file
            [sys.executable, "-I", str(child), str(ROWS_MAX + 2), str(UNFOLDED_MAX)],
            input=content,
            capture_output=True,
            timeout=SECONDS_MAX,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise _unreadable() from None
    if done.returncode != 0:
        raise _unreadable()
    return [
        Written(number, number, [_text(cell) for cell in row])
        for number, row in enumerate(json.loads(done.stdout), 1)
    ]


def _text(cell: Any) -> str:
    return cell if isinstance(cell, str) else LOST


def _declared_size(content: bytes) -> int:
    """What the ZIP says it unfolds into; the child finds out when that is a lie."""
    try:
        return sum(part.file_size for part in zipfile.ZipFile(io.BytesIO(content)).infolist())
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        raise _unreadable() from None


def _unreadable() -> Fault:
    return Fault(_t("文件已损坏、加了密码，或展开后过大"), _t("请用模板重新填写后上传"))
