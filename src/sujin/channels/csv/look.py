"""The first look at a file: which row names the columns, what they are, how it writes dates."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from sujin.channels.csv import dates
from sujin.channels.csv.columns import Columns, How, read_header
from sujin.channels.csv.dates import Dates
from sujin.channels.csv.flaws import CannotOpen
from sujin.channels.csv.layouts import AUTO, LAYOUTS
from sujin.channels.csv.rows import Row, Sheet
from sujin.channels.csv.sheet import open_sheet

EXAMPLES = 1000
# A title, a unit and a date may stand above the header of a ledger.
HEADER_WITHIN = 10
ENOUGH_NAMES = 2


@dataclass(frozen=True, slots=True)
class Looked:
    """A file after the first look; ``header`` is the row that names the columns."""

    sheet: Sheet
    header: Row
    columns: Columns
    dates: Dates


def look(path: Path, *, layout: str, mapping: Mapping[str, str]) -> Looked:
    """Open the file and find out what its columns are. Raises CannotOpen."""
    sheet = open_sheet(path)
    first = list(islice(sheet, EXAMPLES))
    header, columns = _header(first, layout, mapping)
    below = [row.cells for row in first if row.number > header.number and row.flaw is None]
    return Looked(sheet, header, columns, dates.detect(_dates(columns, below)))


def _dates(columns: Columns, rows: Sequence[Sequence[str]]) -> list[str]:
    places = [columns.fields[name] for name in ("received", "sent") if name in columns.fields]
    return [cells[at].strip() for cells in rows for at in places if at < len(cells)]


def _header(first: Sequence[Row], layout: str, mapping: Mapping[str, str]) -> tuple[Row, Columns]:
    """The first row, unless a later one clearly names our columns and the first does not."""
    if not first:
        raise CannotOpen("文件里没有内容 / the file holds nothing")
    if first[0].flaw is not None:
        raise CannotOpen(f"表头读不了 / unreadable header: {first[0].flaw.sentence}")
    if mapping:
        return _required(first, _named_by(mapping, first), layout, mapping)
    top = _columns(first, 0, layout)
    if _names(top) and top.matters:
        return first[0], top
    for at in range(1, min(HEADER_WITHIN, len(first))):
        columns = _columns(first, at, layout)
        if _names(columns) >= ENOUGH_NAMES and columns.matters:
            return first[at], columns
    return _required(first, 0, layout, mapping)


def _named_by(mapping: Mapping[str, str], first: Sequence[Row]) -> int:
    """The row that holds every header the officer named."""
    for at, row in enumerate(first[:HEADER_WITHIN]):
        if set(mapping.values()) <= {cell.strip() for cell in row.cells}:
            return at
    return 0


def _columns(
    first: Sequence[Row], at: int, layout: str, mapping: Mapping[str, str] = {}
) -> Columns:
    chosen = None if layout == AUTO else LAYOUTS[layout]
    examples = [row.cells for row in first[at + 1 :] if row.flaw is None]
    return read_header(first[at].cells, examples, chosen, mapping)


def _names(columns: Columns) -> int:
    """Columns recognised by their header."""
    return sum(guess.how in (How.MAPPING, How.NAME, How.ALIKE) for guess in columns.guesses)


def _required(
    first: Sequence[Row], at: int, layout: str, mapping: Mapping[str, str]
) -> tuple[Row, Columns]:
    columns = _columns(first, at, layout, mapping)
    if columns.matters:
        return first[at], columns
    seen = ", ".join(guess.header or "（无名 unnamed）" for guess in columns.guesses)
    raise CannotOpen(
        "找不到诉求内容，也找不到业务类别或投诉原因，请用 --mapping 指定 / no column for the text, "
        f"the product or the issue; name one with --mapping. 文件里的列 columns seen: {seen}"
    )
