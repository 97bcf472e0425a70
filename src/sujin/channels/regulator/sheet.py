"""A spreadsheet of letters as plain rows: XLSX and CSV, read without trusting the file.

An XLSX is a ZIP that can unfold into anything, so it is opened in a child process that may use
only so much memory and time (``unfold.py``); the worst a hostile file can do is end that child.
"""

import csv
import io
import json
import subprocess
import sys
import zipfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _t

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

# The limit is of the process, not of a reader; the default would refuse one long letter's file.
csv.field_size_limit(BYTES_MAX)


@dataclass(frozen=True, slots=True)
class Row:
    """One letter as written: its line in the file and a text per column of ``COLUMNS``."""

    line: int
    cells: dict[str, str]


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
    return _sheet(name, table)


def _sheet(name: str, table: Sequence[Sequence[str]]) -> Sheet:
    heading = [cell.strip() for cell in table[0]] if table else []
    missing = [column for column in COLUMNS if column not in heading]
    if missing:
        raise Fault(
            _t("第一行缺少这些列：%(columns)s") % {"columns": "、".join(missing)},
            _t("请下载模板，不要改动第一行"),
        )
    places = {column: heading.index(column) for column in COLUMNS}
    rows = [
        Row(line, {column: _cell(cells, place) for column, place in places.items()})
        for line, cells in enumerate(table[1:], 2)
        if any(cell.strip() for cell in cells)
    ]
    if not rows:
        raise Fault(_t("文件里没有一行转办件"), _t("请从第二行起填写"))
    if len(rows) > ROWS_MAX:
        raise Fault(
            _t("文件有 %(n)d 行，超过 %(limit)d 行的上限") % {"n": len(rows), "limit": ROWS_MAX},
            _t("请分成几个文件上传"),
        )
    ignored = tuple(sorted({cell for cell in heading if cell and cell not in COLUMNS}))
    return Sheet(name[:160], tuple(rows), ignored)


def _cell(cells: Sequence[str], place: int) -> str:
    return cells[place].replace("\0", "").strip() if place < len(cells) else ""


def _separated(content: bytes) -> list[list[str]]:
    """CSV in UTF-8 or GB18030, which is what a Chinese Excel saves."""
    text = _decoded(content)
    first = text.partition("\n")[0]
    between = max(",\t;", key=first.count)
    try:
        return list(csv.reader(io.StringIO(text, newline=""), delimiter=between))
    except csv.Error as error:
        raise Fault(
            _t("CSV 读不下去：%(error)s") % {"error": error}, _t("请另存为 XLSX 后上传")
        ) from None


def _decoded(content: bytes) -> str:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Fault(_t("文件的编码不是 UTF-8 或 GB18030"), _t("请另存为 XLSX 后上传"))


def _workbook(content: bytes) -> list[list[str]]:
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
    return [[_text(cell) for cell in row] for row in json.loads(done.stdout)]


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
