"""Records of a delimited text, one by one, whatever has happened to the file.

A quote that never closes would swallow the rows after it. A record that spans lines and does not
come out right is therefore given up as its first line alone, and reading goes on with the second.
"""

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from sujin.archive.encoding import text_of
from sujin.archive.reasons import Reason
from sujin.archive.said import Refused

DELIMITERS = ",\t;|"
# The longest record: a narrative has fewer lines and characters.
LINES_MAX = 2000
CELL_MAX = 131_072
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f]")


@dataclass(frozen=True, slots=True)
class Record:
    """``line`` is where it begins; either it has cells or a flaw."""

    line: int
    cells: list[str]
    flaw: Reason | None = None


class _RunsOn(Exception):
    """The record has too many lines to be one."""


class _Lines:
    """Lines with a way back to the second line of a record."""

    def __init__(self, source: Iterator[str]) -> None:
        self._source = source
        self._again: list[str] = []
        self.taken: list[str] = []
        self.number = 0

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        if len(self.taken) >= LINES_MAX:
            raise _RunsOn
        line = self._again.pop() if self._again else next(self._source)
        self.number += 1
        self.taken.append(line)
        return line

    def begin(self) -> int:
        """A new record: the number of its first line."""
        self.taken.clear()
        return self.number + 1

    def back(self) -> None:
        """Give back all lines taken but the first."""
        self.number -= len(self.taken) - 1
        self._again.extend(reversed(self.taken[1:]))
        del self.taken[1:]


class Delimited:
    """A text file: its header first, then its records; ``blank`` counts the empty lines."""

    def __init__(self, path: Path, encoding: str) -> None:
        self._path, self._encoding = path, encoding
        self.blank = 0
        with text_of(path, encoding) as file:
            first = next((line for line in file if line.strip()), "")
        if not first:
            raise Refused(f"{path}：文件里没有内容", f"{path}: the file holds nothing")
        self._delimiter = max(DELIMITERS, key=first.count)
        self.header = self._header()

    def __iter__(self) -> Iterator[Record]:
        """The records below the header."""
        records = self._records()
        next(records)
        return records

    def _header(self) -> list[str]:
        head = next(self._records())
        if head.flaw is not None:
            raise Refused(
                f"{self._path}：表头读不了（引号不成对？）",
                f"{self._path}: the header cannot be read (unbalanced quotes?)",
            )
        return _distinct([cell.strip().lstrip("\ufeff") for cell in head.cells])

    def _records(self) -> Iterator[Record]:
        """All records, the header first: it says how many cells the others have."""
        self.blank = width = 0
        with text_of(self._path, self._encoding) as file:
            lines = _Lines(file)
            reader = self._reader(lines)
            while True:
                start = lines.begin()
                try:
                    cells, flaw = next(reader), None
                except StopIteration:
                    return
                except (csv.Error, _RunsOn) as error:
                    cells, flaw = [], _flaw_of(error, len(lines.taken))
                if not cells and flaw is None:
                    self.blank += 1
                    continue
                flaw = flaw or _flaw_in(cells, lines.taken, width)
                if flaw in _SPANNING:
                    lines.back()
                    reader = self._reader(lines)
                    flaw = _bytes_of(lines.taken) or flaw
                width = width or len(cells)
                yield Record(start, cells if flaw is None else [], flaw)

    def _reader(self, lines: _Lines) -> Iterator[list[str]]:
        return csv.reader(lines, delimiter=self._delimiter, strict=True)


_SPANNING = (Reason.QUOTES, Reason.TOO_LONG)


def _flaw_in(cells: list[str], lines: list[str], width: int) -> Reason | None:
    if width and len(cells) != width:
        return Reason.QUOTES if len(lines) > 1 else _bytes_of(lines) or Reason.CELLS
    return _bytes_of(lines)


def _flaw_of(error: Exception, lines: int) -> Reason:
    return Reason.TOO_LONG if "field limit" in str(error) and lines == 1 else Reason.QUOTES


def _bytes_of(lines: list[str]) -> Reason | None:
    """Whether a byte of them is spoiled or no character of a text; almost all lines are ASCII."""
    for line in lines:
        if _CONTROL.search(line):
            return Reason.BYTES
        if line.isascii():
            continue
        try:
            line.encode("utf-8")
        except UnicodeEncodeError:
            return Reason.BYTES
    return None


def _distinct(names: list[str]) -> list[str]:
    """Columns without a name are numbered, and so is the second of one name."""
    seen: dict[str, int] = {}
    told = []
    for at, name in enumerate(names, start=1):
        seen[name] = seen.get(name, 0) + 1
        told.append(
            f"({at})" if not name else name if seen[name] == 1 else f"{name} ({seen[name]})"
        )
    return told
