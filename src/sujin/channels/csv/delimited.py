"""Text files: bytes to rows, whatever a row does to its quotes.

``csv`` alone would let one open quote eat the rest of the file. Here a broken row ends where a line
may begin another one: from there on everything is read again.
"""

import csv
import io
import re
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from itertools import count, islice, takewhile
from typing import BinaryIO, ClassVar

from sujin.channels.csv import encoding as encodings
from sujin.channels.csv.flaws import Flaw, Reason, flaw
from sujin.channels.csv.rows import Row

LINES_MAX = 200
LINE_MAX = 1 << 20
ROW_MAX = 4 << 20
DELIMITERS = {",": "逗号 comma", "\t": "制表符 tab", ";": "分号 semicolon"}
SAMPLE_LINES = 200
# Of a table this wide hardly a line of anybody's words has as many cells as a row.
WIDE = 6
ALIKE = 2
_NUL_PICTURE = "␀"
_NUMBER = re.compile(r"\d+")
_WORD = re.compile(r"[^\W\d_]+")


@dataclass(frozen=True, slots=True)
class Line:
    """One physical line; what could not be decoded is spelled ``\\xff``."""

    number: int
    text: str
    flaw: Flaw | None


class RunawayQuote(Exception):
    """A quoted cell has taken more lines than any complaint has."""


class Lines:
    """Lines for ``csv.reader``; remembers what the current row has ``taken``.

    ``width`` is the number of cells of a sound row, 0 while unknown.
    """

    def __init__(self, source: Iterator[Line], delimiter: str) -> None:
        self._source, self._delimiter = source, delimiter
        self._given_back: deque[Line] = deque()
        self._size = 0
        self.taken: list[Line] = []
        self.width = 0

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        if len(self.taken) > LINES_MAX and self._ran_away():
            raise RunawayQuote
        line = self._given_back.popleft() if self._given_back else next(self._source)
        self.taken.append(line)
        self._size += len(line.text)
        return line.text

    def begin(self) -> None:
        """A new row."""
        self.taken.clear()
        self._size = 0

    def swallowed(self, cells: Sequence[str]) -> Line | None:
        """The first line inside the quotes of the row ``cells`` that is a row by itself: a quote
        left open, and another one closing it by chance further down."""
        if self.width < WIDE:
            return None
        return next((line for line in self.taken[1:] if self._resembles(line, cells)), None)

    def keep_broken(self) -> list[Line]:
        """The lines of the broken row; from the first that may begin another row, all is given
        back to be read again."""
        first, *others = self.taken
        broken = list(takewhile(lambda line: not self._may_begin_row(line), others))
        self._given_back.extendleft(reversed(others[len(broken) :]))
        return [first, *broken]

    def _ran_away(self) -> bool:
        """A whole row inside the quotes shows that they were never closed."""
        newest = self.taken[1:] if len(self.taken) == LINES_MAX + 1 else self.taken[-1:]
        return self._size > ROW_MAX or any(map(self._is_row, newest))

    def _is_row(self, line: Line) -> bool:
        return len(self._cells(line)) == self.width

    def _may_begin_row(self, line: Line) -> bool:
        """Prose has a blank before its first comma, and a row's number or date has none."""
        cells = self._cells(line)
        return len(cells) == self.width or (len(cells) > 1 and " " not in cells[0])

    def _resembles(self, line: Line, cells: Sequence[str]) -> bool:
        """As many cells, and those before the open quote shaped alike, a number or a date among
        them: the last line of somebody's words may have as many by chance."""
        before = takewhile(lambda cell: "\n" not in cell, cells)
        inside = self._cells(line) if self._is_row(line) else ()
        shapes = zip(map(_shape, before), map(_shape, inside), strict=False)
        alike = [one for one, other in shapes if one and one == other]
        return len(alike) >= ALIKE and any("0" in shape for shape in alike)

    def _cells(self, line: Line) -> list[str]:
        """The line by itself, its own quotes forgiven."""
        with suppress(csv.Error):
            return next(csv.reader([line.text], delimiter=self._delimiter))
        return []


@dataclass(frozen=True, slots=True)
class TextSheet:
    """A text file; iterating reads it from the top, blank lines left out."""

    opened: Callable[[], BinaryIO]
    encoding: str
    delimiter: str

    pads: ClassVar = False

    @property
    def about(self) -> str:
        return f"CSV · {self.encoding.upper()} · {DELIMITERS[self.delimiter]}"

    def __iter__(self) -> Iterator[Row]:
        # The reader's own limit would report an over-long text as a broken file.
        csv.field_size_limit(2 * ROW_MAX)
        with self.opened() as file:
            lines = Lines(_lines(file, self.encoding), self.delimiter)
            yield from _rows(lines, self.delimiter)


def open_text(opened: Callable[[], BinaryIO]) -> TextSheet:
    """Find out alphabet and delimiter of what ``opened`` opens, afresh each time.

    Raises CannotOpen.
    """
    with opened() as file:
        encoding = encodings.detect(file)
    with opened() as file:
        sample = [line.text for line in islice(_lines(file, encoding), SAMPLE_LINES)]
    return TextSheet(opened, encoding, _delimiter(sample))


def _rows(lines: Lines, delimiter: str) -> Iterator[Row]:
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    for number in count(1):
        lines.begin()
        try:
            cells = next(reader)
        except StopIteration:
            return
        except RunawayQuote:
            yield _broken(number, lines, flaw(Reason.RUNAWAY_QUOTE, lines=LINES_MAX), delimiter)
        except csv.Error as error:
            yield _broken(number, lines, flaw(Reason.QUOTING, said=error), delimiter)
        else:
            if any(line.text.strip() for line in lines.taken):
                lines.width = lines.width or len(cells)
                yield _sound(number, lines, cells, delimiter)


def _sound(number: int, lines: Lines, cells: list[str], delimiter: str) -> Row:
    """The row as it was read, unless its quotes hold a whole other one."""
    inside = lines.swallowed(cells)
    if inside is not None:
        return _broken(number, lines, flaw(Reason.OPEN_QUOTE, line=inside.number), delimiter)
    return Row(number, lines.taken[0].number, cells, _first_flaw(lines.taken))


def _shape(cell: str) -> str:
    """``2026-03-01`` and ``2026-3-12`` have one shape; an empty cell has none."""
    return _WORD.sub("a", _NUMBER.sub("0", cell.strip()))


def _broken(number: int, lines: Lines, found: Flaw, delimiter: str) -> Row:
    kept = lines.keep_broken()
    cells = "".join(line.text for line in kept).strip("\r\n").split(delimiter)
    return Row(number, kept[0].number, cells, _first_flaw(kept) or found)


def _first_flaw(lines: Sequence[Line]) -> Flaw | None:
    if len(lines) > LINES_MAX + 1:
        return flaw(Reason.RUNAWAY_QUOTE, lines=LINES_MAX)
    return next((line.flaw for line in lines if line.flaw is not None), None)


def _lines(file: BinaryIO, encoding: str) -> Iterator[Line]:
    if encoding == "utf-16":
        text = io.TextIOWrapper(file, encoding, newline="\n")
        for number, words in enumerate(text, 1):
            nul = flaw(Reason.NUL) if "\0" in words else None
            yield Line(number, words.replace("\0", _NUL_PICTURE), nul)
        return
    for number, raw in enumerate(_raw_lines(file), 1):
        yield _line(number, raw, encoding)


def _line(number: int, raw: bytes, encoding: str) -> Line:
    found = _flaw(raw, encoding)
    text = raw.decode(encoding, "backslashreplace" if found else "strict")
    if found:
        text = text[:LINE_MAX].replace("\0", _NUL_PICTURE)
    return Line(number, text.removeprefix("\ufeff") if number == 1 else text, found)


def _flaw(raw: bytes, encoding: str) -> Flaw | None:
    if len(raw) > LINE_MAX:
        return flaw(Reason.LINE_TOO_LONG, limit=LINE_MAX)
    if b"\0" in raw:
        return flaw(Reason.NUL)
    if not raw.isascii() and not encodings.decodes(raw, encoding):
        return flaw(Reason.ENCODING, encoding=encoding.upper())
    return None


def _raw_lines(file: BinaryIO) -> Iterator[bytes]:
    """Lines by LF or CRLF, or by CR where the file has no LF; never more than a bit in memory."""
    head = file.read(encodings.PIECE)
    file.seek(0)
    if b"\r" in head and b"\n" not in head:
        yield from _by_carriage_return(file)
        return
    while raw := file.readline(LINE_MAX + 1):
        yield raw
        while len(raw) > LINE_MAX and not raw.endswith(b"\n"):
            # The rest of a line that is already refused.
            raw = file.readline(LINE_MAX + 1)


def _by_carriage_return(file: BinaryIO) -> Iterator[bytes]:
    rest = b""
    while piece := file.read(encodings.PIECE):
        *whole, rest = (rest + piece).split(b"\r")
        yield from (line + b"\n" for line in whole)
    if rest:
        yield rest


def _delimiter(sample: list[str]) -> str:
    """The one that splits the first line, and the most lines into as many cells as the first."""
    return max(DELIMITERS, key=lambda delimiter: _fit(sample, delimiter))


def _fit(sample: list[str], delimiter: str) -> tuple[bool, float, int]:
    widths: list[int] = []
    with suppress(csv.Error):
        widths.extend(len(cells) for cells in csv.reader(sample, delimiter=delimiter) if cells)
    first = widths[0] if widths else 0
    return first > 1, widths.count(first) / max(1, len(widths)), first
