"""What every report is told in: parts with sentences and tables; as a book and as a spreadsheet."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO

import xlsxwriter
from django.conf import settings
from django.utils.timezone import localtime
from django.utils.translation import gettext as _t

from sujin.platform.documents import book as books
from sujin.platform.documents.book import Book, Piece

SHEET_NAME_MAX = 31
# What a spreadsheet does not take in the name of a sheet.
# A count as it is written; a code that begins with 0 stays words.
NUMBER = re.compile(r"0|[1-9][\d,]*(\.\d+)?", re.ASCII)
FORBIDDEN = "[]:*?/\\'"


@dataclass(frozen=True, slots=True)
class Table:
    """A table with its heads; every row as long as they are. ``links`` are the cases behind each
    row, empty where there are none to show."""

    title: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    links: tuple[str, ...] = ()

    @property
    def labelled(self) -> list[tuple[str, list[tuple[str, str]]]]:
        """Each row as pairs of head and cell, with its link."""
        links = self.links or ("",) * len(self.rows)
        return [
            (link, list(zip(self.head, row, strict=True)))
            for link, row in zip(links, self.rows, strict=True)
        ]


@dataclass(frozen=True, slots=True)
class Part:
    """A chapter of a report: sentences, then tables."""

    title: str
    said: tuple[str, ...]
    tables: tuple[Table, ...]


@dataclass(frozen=True, slots=True)
class Report:
    """``basis`` is printed on every form: what is counted, and what must be known to read it."""

    title: str
    label: str
    basis: tuple[str, ...]
    parts: tuple[Part, ...]


def book(report: Report, at: datetime) -> Book:
    """The same words as the page, for print."""
    chapters = [books.Chapter(_t("口径与核对"), (), (_text(report.basis),))]
    for part in report.parts:
        pieces = [_text(part.said)] if part.said else []
        pieces += [
            Piece(books.TABLE, table.title, head=table.head, rows=table.rows)
            for table in part.tables
            if table.rows
        ]
        chapters.append(books.Chapter(part.title, (), tuple(pieces)))
    return Book(
        report.title, report.label, settings.INSTITUTION,
        ((_t("编制时间"), f"{localtime(at):%Y-%m-%d %H:%M}"),), tuple(chapters),
        settings.INSTITUTION, at,
    )  # fmt: skip


def _text(said: Sequence[str]) -> Piece:
    return Piece(books.TEXT, "", "\n\n".join(said))


def workbook(report: Report) -> bytes:
    """A sheet of every sentence and one of each table; counts as numbers, the rest as it stands on
    the page."""
    made = BytesIO()
    with xlsxwriter.Workbook(made, {"in_memory": True}) as file:
        bold = file.add_format({"bold": True})
        first = file.add_worksheet(_t("说明"))
        lines = [report.title, *report.basis]
        lines += [line for part in report.parts for line in ("", part.title, *part.said)]
        for row, line in enumerate(lines):
            first.write_string(row, 0, line)
        for part in report.parts:
            for table in part.tables:
                _sheet(file, f"{part.title}-{table.title}", table, bold)
    return made.getvalue()


def _sheet(
    file: xlsxwriter.Workbook, name: str, table: Table, bold: xlsxwriter.format.Format
) -> None:
    place = len(file.worksheets())
    plain = "".join(sign for sign in name if sign not in FORBIDDEN)
    sheet = file.add_worksheet(f"{place:02}{plain}"[:SHEET_NAME_MAX])
    for column, head in enumerate(table.head):
        sheet.write_string(0, column, head, bold)
    for row, cells in enumerate(table.rows, start=1):
        for column, cell in enumerate(cells):
            if column and NUMBER.fullmatch(cell):
                sheet.write_number(row, column, float(cell.replace(",", "")))
            else:
                sheet.write_string(row, column, cell)
    sheet.freeze_panes(1, 1)
