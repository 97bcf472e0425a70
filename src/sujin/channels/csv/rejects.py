"""The rows that could not be taken in: reason and own cells, ready to be corrected.

The first columns are ours; a corrected file is imported as it is and they are passed over. So is
the apostrophe before a cell that a spreadsheet would take for a formula: it is put there when the
file is written and taken off when it comes back.
"""

import csv
import os
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from types import TracebackType
from typing import Self, TextIO

from sujin.channels.csv.flaws import Flaw, Reason
from sujin.channels.csv.rows import Row, Sheet

OURS = ("sujin_row", "sujin_line", "sujin_reason", "sujin_message")
# What begins a formula, of full width as well, and our own mark before it: both ways are exact.
_FORMULA = re.compile("'*[=+\\-@\t\r\n＝＋－＠]")


def is_ours(header: str) -> bool:
    return header.strip() in OURS


@dataclass(frozen=True, slots=True)
class Returned:
    """A file of rejects that comes back: its cells as they were before we wrote them out."""

    sheet: Sheet

    @property
    def pads(self) -> bool:
        return self.sheet.pads

    @property
    def about(self) -> str:
        return self.sheet.about

    def __iter__(self) -> Iterator[Row]:
        return (replace(row, cells=[_freed(cell) for cell in row.cells]) for row in self.sheet)


class Rejects:
    """Writes the file when the first row is rejected; ``path`` ``None`` only counts."""

    def __init__(self, path: Path | None, header: Sequence[str]) -> None:
        self.path = path
        self.counts: Counter[Reason] = Counter()
        self._theirs = [at for at, name in enumerate(header) if not is_ours(name)]
        self._header = [header[at] for at in self._theirs]
        self._width = len(header)
        self._file: TextIO | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._file is not None:
            self._file.close()

    @property
    def total(self) -> int:
        return self.counts.total()

    def add(self, row: Row, found: Flaw) -> None:
        self.counts[found.reason] += 1
        if self.path is None:
            return
        if self._file is None:
            self._file = _create(self.path)
            csv.writer(self._file).writerow([*OURS, *map(_harmless, self._header)])
        ours = [row.number, row.line, found.reason.value, found.sentence]
        csv.writer(self._file).writerow([*ours, *map(_harmless, self._cells(row))])

    def flush(self) -> None:
        """What has been rejected so far is on disk, whatever happens next."""
        if self._file is not None:
            self._file.flush()

    def _cells(self, row: Row) -> list[str]:
        ours = self._width - len(self._theirs)
        if len(row.cells) != self._width:
            return row.cells[ours:]
        return [row.cells[at] for at in self._theirs]


def _harmless(cell: str) -> str:
    """A text to every spreadsheet."""
    return f"'{cell}" if _FORMULA.match(cell) else cell


def _freed(cell: str) -> str:
    return cell[1:] if cell.startswith("'") and _FORMULA.match(cell) else cell


def _create(path: Path) -> TextIO:
    """For the owner's eyes only: the cells are personal data in the clear."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    # The mark at the beginning is how Excel knows the file is UTF-8.
    return os.fdopen(handle, "w", encoding="utf-8-sig", newline="")
