"""Workbooks: the first worksheet that holds anything, cells as a person would type them."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import ClassVar

from python_calamine import CalamineError, CalamineSheet, CalamineWorkbook

from sujin.channels.csv.flaws import CannotOpen, Flaw, Reason, flaw
from sujin.channels.csv.rows import Row

Cell = int | float | str | bool | time | date | datetime | timedelta


@dataclass(frozen=True, slots=True)
class BookSheet:
    """One worksheet; ``others`` are the sheets of the book that were left alone."""

    sheet: CalamineSheet
    others: tuple[str, ...]
    pads: ClassVar = True

    @property
    def about(self) -> str:
        left = f"（未读 not read: {'、'.join(self.others)}）" if self.others else ""
        return f"Excel · {self.sheet.name}{left}"

    def __iter__(self) -> Iterator[Row]:
        for number, values in enumerate(self.sheet.iter_rows(), 1):
            cells = [_words(value) for value in values]
            if any(cells):
                last = max(index for index, cell in enumerate(cells, 1) if cell)
                yield Row(number, number, cells[:last], _flaw(cells))


def open_workbook(path: Path) -> BookSheet:
    """Raises CannotOpen for a damaged, protected or empty book."""
    try:
        book = CalamineWorkbook.from_path(str(path))
        sheets = [book.get_sheet_by_name(name) for name in book.sheet_names]
    except CalamineError as error:
        raise CannotOpen(f"不是可读的工作簿 / not a readable workbook: {error}") from error
    filled = [sheet for sheet in sheets if sheet.start is not None]
    if not filled:
        raise CannotOpen("工作簿是空的 / the workbook is empty")
    return BookSheet(filled[0], tuple(sheet.name for sheet in filled[1:]))


def _words(value: Cell) -> str:
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime):
        return value.isoformat(" ", "seconds")
    return str(value).strip()


def _flaw(cells: list[str]) -> Flaw | None:
    return flaw(Reason.NUL) if any("\0" in cell for cell in cells) else None
