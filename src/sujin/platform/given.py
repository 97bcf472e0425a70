"""What somebody gives a command on its line: a table, a seed. Usable, or refused in a sentence."""

import csv
from argparse import ArgumentTypeError
from collections.abc import Iterator, Sequence
from pathlib import Path

SEED_MAX = 2**32 - 1  # what every generator takes
CELL_MAX = 131_072  # characters; csv's own limit, which others in the process may have lifted


class Unreadable(ValueError):
    """The file cannot be read as a table; the message names the file, and the column or line."""


def rows(file: Path, columns: Sequence[str]) -> Iterator[dict[str, str]]:
    """The cells of these columns, row after row, of a CSV in UTF-8 with a line of headings; empty
    where a row is short. Raises Unreadable, also on the way."""
    try:
        with file.open(encoding="utf-8-sig", newline="") as source:
            yield from _cells(file, csv.DictReader(source), columns)
    except UnicodeDecodeError as wrong:
        raise Unreadable(f"{file}: not in UTF-8: {wrong}") from wrong
    except OSError as wrong:
        raise Unreadable(f"{file}: {wrong.strerror or wrong}") from wrong


def headings(file: Path) -> tuple[str, ...]:
    """The names of the columns of a CSV in UTF-8; empty for an empty file. Raises Unreadable."""
    try:
        with file.open(encoding="utf-8-sig", newline="") as source:
            return tuple(csv.DictReader(source).fieldnames or ())
    except (UnicodeDecodeError, OSError, csv.Error) as wrong:
        raise Unreadable(f"{file}: {wrong}") from wrong


def seed(given: str) -> int:
    """A whole number from 0 to ``SEED_MAX``."""
    if not given.isdecimal() or int(given) > SEED_MAX:
        raise ArgumentTypeError(f"{given!r} is no whole number from 0 to {SEED_MAX}")
    return int(given)


def _cells(
    file: Path, reader: "csv.DictReader[str]", columns: Sequence[str]
) -> Iterator[dict[str, str]]:
    try:
        missing = set(columns) - set(reader.fieldnames or ())
        if missing:
            has = ", ".join(reader.fieldnames or ()) or "nothing"
            raise Unreadable(f"{file}: no column {', '.join(sorted(missing))}; it has {has}")
        for row in reader:
            cells = {column: row[column] or "" for column in columns}
            if any(len(cell) > CELL_MAX for cell in cells.values()):
                raise Unreadable(f"{file}: line {reader.line_num}: a cell of over {CELL_MAX}")
            yield cells
    except csv.Error as wrong:
        raise Unreadable(f"{file}: line {reader.line_num}: {wrong}") from wrong
