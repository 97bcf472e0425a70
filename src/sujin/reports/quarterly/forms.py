"""The bulletin as a book (PDF, Word) and as a spreadsheet."""

from datetime import datetime
from io import BytesIO

import xlsxwriter
from django.conf import settings
from django.utils.timezone import localtime
from django.utils.translation import gettext as _t

from sujin.platform.documents import book as books
from sujin.platform.documents.book import Book, Piece
from sujin.reports.quarterly import words
from sujin.reports.quarterly.figures import Bulletin

SHEET_NAME_MAX = 31
# What a spreadsheet does not take in the name of a sheet.
FORBIDDEN = "[]:*?/\\'"


def book(bulletin: Bulletin, at: datetime) -> Book:
    """The same words as the page, for print."""
    chapters = [books.Chapter(_t("口径与核对"), (), (_text(tuple(words.cautions(bulletin))),))]
    for part in words.parts(bulletin):
        pieces = [_text(part.said)]
        pieces += [
            Piece(books.TABLE, table.title, head=table.head, rows=table.rows)
            for table in part.tables
        ]
        chapters.append(books.Chapter(part.title, (), tuple(pieces)))
    return Book(
        words.title(bulletin),
        _t("通报"),
        settings.INSTITUTION,
        (
            (_t("口径"), words.basis(bulletin)),
            (_t("编制时间"), f"{localtime(at):%Y-%m-%d %H:%M}"),
        ),
        tuple(chapters),
        settings.INSTITUTION,
        at,
    )


def _text(said: tuple[str, ...]) -> Piece:
    return Piece(books.TEXT, "", "\n\n".join(said))


def workbook(bulletin: Bulletin) -> bytes:
    """A sheet of every chapter's sentences and one of each table, as texts in what is written and
    as they stand on the page."""
    made = BytesIO()
    with xlsxwriter.Workbook(made, {"in_memory": True}) as file:
        bold = file.add_format({"bold": True})
        first = file.add_worksheet(_t("说明"))
        lines = [words.title(bulletin), *words.cautions(bulletin)]
        lines += [line for part in words.parts(bulletin) for line in ("", part.title, *part.said)]
        for row, line in enumerate(lines):
            first.write_string(row, 0, line)
        for part in words.parts(bulletin):
            for table in part.tables:
                _sheet(file, f"{part.title}-{table.title}", table, bold)
    return made.getvalue()


def _sheet(
    file: xlsxwriter.Workbook, name: str, table: words.Table, bold: xlsxwriter.format.Format
) -> None:
    place = len(file.worksheets())
    plain = "".join(sign for sign in name if sign not in FORBIDDEN)
    sheet = file.add_worksheet(f"{place:02}{plain}"[:SHEET_NAME_MAX])
    for column, head in enumerate(table.head):
        sheet.write_string(0, column, head, bold)
    for row, cells in enumerate(table.rows, start=1):
        for column, cell in enumerate(cells):
            number = cell.replace(",", "")
            if column and number.replace(".", "", 1).isdigit():
                sheet.write_number(row, column, float(number))
            else:
                sheet.write_string(row, column, cell)
    sheet.freeze_panes(1, 1)
