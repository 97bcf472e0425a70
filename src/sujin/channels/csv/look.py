"""The first look at a file: which row names the columns, what they are, how it writes dates."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from sujin.channels.csv import dates
from sujin.channels.csv.columns import BY_NAME, NAME_MAX, Columns, read_header
from sujin.channels.csv.dates import Dates
from sujin.channels.csv.flaws import CannotOpen
from sujin.channels.csv.layouts import AUTO, LAYOUTS
from sujin.channels.csv.rejects import Returned, is_ours
from sujin.channels.csv.rows import Row, Sheet
from sujin.channels.csv.sheet import open_sheet
from sujin.engine.text import redact

EXAMPLES = 1000
# A title, a unit and a date may stand above the header of a ledger.
HEADER_WITHIN = 10
ENOUGH_NAMES = 2
# No name of a column is so long; no year has so many digits.
HAN_MAX = 40
WORDS_MAX = 12
DIGITS = 5
SHOWN = 24
_HAN = re.compile(r"[\u3400-\u9fff]")
_NUMBER = re.compile(r"[-+]?[¥$]?[\d.,\s-]+%?")


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
    if any(is_ours(cell) for row in islice(sheet, HEADER_WITHIN) for cell in row.cells):
        sheet = Returned(sheet)
    first = list(islice(sheet, EXAMPLES))
    header, columns = _header(first, layout, mapping)
    below = [row.cells for row in first if row.number > header.number and row.flaw is None]
    return Looked(sheet, header, columns, dates.detect(_dates(columns, below)))


def _dates(columns: Columns, rows: Sequence[Sequence[str]]) -> list[str]:
    places = [columns.fields[name] for name in ("received", "sent") if name in columns.fields]
    return [cells[at].strip() for cells in rows for at in places if at < len(cells)]


def _header(first: Sequence[Row], layout: str, mapping: Mapping[str, str]) -> tuple[Row, Columns]:
    """The first row, unless a later one names more of our columns."""
    if not first:
        raise CannotOpen("文件里没有内容 / the file holds nothing")
    if first[0].flaw is not None:
        raise CannotOpen(f"表头读不了 / unreadable header: {first[0].flaw.sentence}")
    if mapping:
        return _required(first, _named_by(mapping, first), layout, mapping)
    top = _columns(first, 0, layout)
    if top.named < ENOUGH_NAMES or not top.matters:
        for at in range(1, min(HEADER_WITHIN, len(first))):
            columns = _columns(first, at, layout)
            if columns.named >= ENOUGH_NAMES and columns.matters and not _is_data(columns):
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


def _required(
    first: Sequence[Row], at: int, layout: str, mapping: Mapping[str, str]
) -> tuple[Row, Columns]:
    """The row at ``at`` as the header. Raises CannotOpen when it is none: a row of data that is
    taken for one would be lost."""
    columns = _columns(first, at, layout, mapping)
    if not mapping and _is_data(columns):
        places = "、".join(str(place + 1) for place in _data_in(columns))
        raise CannotOpen(
            f"第 {first[at].number} 行像是数据，不是列名（第 {places} 格是日期、号码或整句话）。"
            "请在文件最上面加一行列名；如果它们就是列名，请用 --mapping 指定 / row "
            f"{first[at].number} looks like data, not like column names (cells {places}): add a "
            "header row, or name the columns with --mapping"
        )
    if columns.matters and (mapping or columns.core):
        return first[at], columns
    seen = ", ".join(_briefly(guess.header) for guess in columns.guesses)
    raise CannotOpen(
        "找不到诉求内容，也找不到业务类别或投诉原因，请用 --mapping 指定；"
        "如果第一行不是列名，请加一行列名 / no column for the text, the product or the issue: "
        "name one with --mapping, or add a header row if there is none. "
        f"文件里的列 columns seen: {seen}"
    )


def _is_data(columns: Columns) -> bool:
    """One word in common with our names does not make a header of a row of dates and sentences."""
    return columns.core < ENOUGH_NAMES and bool(_data_in(columns))


def _data_in(columns: Columns) -> list[int]:
    """Places of the cells that no column is called by."""
    open_ones = (guess for guess in columns.guesses if guess.how not in BY_NAME)
    return [guess.column for guess in open_ones if _looks_like_data(guess.header.strip())]


def _looks_like_data(cell: str) -> bool:
    is_number = bool(_NUMBER.fullmatch(cell)) and sum(map(str.isdigit, cell)) >= DIGITS
    is_sentence = len(_HAN.findall(cell)) >= HAN_MAX or len(cell.split()) >= WORDS_MAX
    return dates.is_date(cell) or is_number or is_sentence or "。" in cell or len(cell) > NAME_MAX


def _briefly(header: str) -> str:
    """A name as the terminal may show it; it may be a customer's words after all."""
    return redact(header).text[:SHOWN] or "（无名 unnamed）"
