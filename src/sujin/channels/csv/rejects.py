"""The rows that could not be taken in: reason and own cells, ready to be corrected.

The first columns are ours; a corrected file is imported as it is and they are passed over.
"""

import csv
import os
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Self, TextIO

from sujin.channels.csv.flaws import Flaw, Reason
from sujin.channels.csv.rows import Row

OURS = ("sujin_row", "sujin_line", "sujin_reason", "sujin_message")


def is_ours(header: str) -> bool:
    return header.strip() in OURS


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
            csv.writer(self._file).writerow([*OURS, *self._header])
        ours = [row.number, row.line, found.reason.value, found.sentence]
        csv.writer(self._file).writerow([*ours, *self._cells(row)])

    def flush(self) -> None:
        """What has been rejected so far is on disk, whatever happens next."""
        if self._file is not None:
            self._file.flush()

    def _cells(self, row: Row) -> list[str]:
        ours = self._width - len(self._theirs)
        if len(row.cells) != self._width:
            return row.cells[ours:]
        return [row.cells[at] for at in self._theirs]


def _create(path: Path) -> TextIO:
    """For the owner's eyes only: the cells are personal data in the clear."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    # The mark at the beginning is how Excel knows the file is UTF-8.
    return os.fdopen(handle, "w", encoding="utf-8-sig", newline="")
