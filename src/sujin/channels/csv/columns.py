"""Which column is what: by its header, by a header much like it, by what stands in it.

Nothing is guessed in silence: every column of the file gets a ``Guess`` that says what it was taken
for and why. A mapping given by the officer outranks every guess.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

from sujin.channels.csv.dates import is_date
from sujin.channels.csv.flaws import CannotOpen
from sujin.channels.csv.layouts import CN, LAYOUTS, Layout, plain
from sujin.channels.csv.rejects import is_ours

ALIKE = 0.86
# Fewer signs in common than this prove nothing about a Chinese header.
CONTAINED = 3
MOSTLY = 0.9
PROSE = 12
NAMES_A_NUMBER = re.compile(r"(id|no|number|num|ref|reference|key|编号|单号|序号|流水号|号)$")
NUMBERS = ("phone", "id_number", "card", "account", "amount")
WHAT_MATTERS = ("text", "product", "issue")
_HAN = re.compile(r"[\u3400-\u9fff]")


class How(StrEnum):
    """What a guess rests on."""

    MAPPING = "按映射 mapping"
    NAME = "列名 name"
    ALIKE = "列名相近 similar"
    CONTENT = "按内容 content"
    KEPT = "原样保留 kept"
    IGNORED = "忽略 ignored"


@dataclass(frozen=True, slots=True)
class Guess:
    """One column: ``field`` is our name for it, empty for one that is kept as it is or ignored."""

    column: int
    header: str
    how: How
    field: str = ""


@dataclass(frozen=True, slots=True)
class Columns:
    """The whole header read."""

    layout: Layout
    guesses: tuple[Guess, ...]

    @property
    def width(self) -> int:
        return len(self.guesses)

    @property
    def fields(self) -> dict[str, int]:
        """Field -> where it stands."""
        return {guess.field: guess.column for guess in self.guesses if guess.field}

    @property
    def kept(self) -> dict[str, int]:
        """Header -> where it stands, for columns that are kept as they are."""
        kept: dict[str, int] = {}
        for guess in self.guesses:
            if guess.how is How.KEPT:
                numbered = f"{guess.header} #{guess.column + 1}".strip()
                is_free = guess.header and guess.header not in (*kept, *self.layout.headers)
                kept[guess.header if is_free else numbered] = guess.column
        return kept

    @property
    def matters(self) -> bool:
        """Whether any column says what the complaint is about."""
        return any(guess.field in WHAT_MATTERS for guess in self.guesses)

    def header_of(self, field: str) -> str:
        return self.guesses[self.fields[field]].header


def read_header(
    header: Sequence[str],
    examples: Sequence[Sequence[str]],
    layout: Layout | None,
    mapping: Mapping[str, str],
) -> Columns:
    """What each column is; ``layout`` ``None`` picks the one that explains most of the header.

    ``examples`` are the first rows. Raises CannotOpen when ``mapping`` names what is not there.
    """
    chosen = layout or _likeliest(header, examples)
    guesser = _Guesser(header, examples, chosen)
    guesser.obey(mapping)
    guesser.by_name()
    guesser.by_likeness()
    guesser.by_content()
    return Columns(chosen, tuple(guesser.rest()))


def _likeliest(header: Sequence[str], examples: Sequence[Sequence[str]]) -> Layout:
    def explained(layout: Layout) -> tuple[int, bool]:
        guesser = _Guesser(header, examples, layout)
        guesser.by_name()
        guesser.by_likeness()
        return len(guesser.taken), (layout is CN) == is_chinese

    words = " ".join([*header, *(cell for cells in examples[:50] for cell in cells)])
    is_chinese = 5 * len(_HAN.findall(words)) > len(words)
    return max(LAYOUTS.values(), key=explained)


class _Guesser:
    def __init__(
        self, header: Sequence[str], examples: Sequence[Sequence[str]], layout: Layout
    ) -> None:
        self.header = [name.strip() for name in header]
        self.layout = layout
        self.taken: dict[str, Guess] = {}
        self._examples = examples
        self._open = {
            column: plain(name) for column, name in enumerate(self.header) if not is_ours(name)
        }

    def obey(self, mapping: Mapping[str, str]) -> None:
        for field, name in mapping.items():
            if field not in self.layout.headers:
                have = ", ".join(self.layout.headers)
                raise CannotOpen(f"映射里没有这个字段 / unknown field {field!r}. 可用 have: {have}")
            if name not in self.header:
                raise CannotOpen(
                    f"映射 {field} = {name!r}：文件里没有这一列 / no such column. "
                    f"有 have: {', '.join(self.header)}"
                )
            self._take(self.header.index(name), field, How.MAPPING)

    def by_name(self) -> None:
        for column, name in list(self._open.items()):
            self._take(column, self.layout.field_of.get(name, ""), How.NAME)

    def by_likeness(self) -> None:
        likely = sorted(
            (-_likeness(name, known), column, field)
            for column, name in self._open.items()
            for known, field in self.layout.field_of.items()
            if _likeness(name, known) >= ALIKE
        )
        for _score, column, field in likely:
            if self._bears_out(column, field):
                self._take(column, field, How.ALIKE)

    def by_content(self) -> None:
        for field in ("received", "id", "text"):
            found = [column for column in self._open if self._bears_out(column, field)]
            if field == "id":
                found = [at for at in found if NAMES_A_NUMBER.search(self.header[at].lower())]
            if found and field not in self.taken:
                best = max(found, key=self._length) if field == "text" else found[0]
                self._take(best, field, How.CONTENT)

    def rest(self) -> list[Guess]:
        """Every column in order: the ones recognised, and what becomes of the others."""
        known = {guess.column: guess for guess in self.taken.values()}
        return [known.get(column) or self._left(column) for column in range(len(self.header))]

    def _left(self, column: int) -> Guess:
        name = self.header[column]
        # An unnamed column of numbers, or of nothing, is the running index of whoever saved it.
        is_index = not name and all(cell.isdigit() for cell in self._cells(column))
        how = How.IGNORED if is_index or is_ours(name) else How.KEPT
        return Guess(column, name, how)

    def _take(self, column: int, field: str, how: How) -> None:
        if field and field not in self.taken and column in self._open:
            self.taken[field] = Guess(column, self.header[column], how, field)
            del self._open[column]

    def _bears_out(self, column: int, field: str) -> bool:
        """Whether the cells look like what the field holds."""
        cells = self._cells(column)
        if field in ("received", "sent"):
            return bool(cells) and sum(map(is_date, cells)) >= MOSTLY * len(cells)
        if field == "id":
            return bool(cells) and len(set(cells)) == len(cells) and not any(map(_is_prose, cells))
        if field == "text":
            return self._length(column) >= PROSE and not any(map(is_date, cells))
        if field in NUMBERS:
            return all(any(map(str.isdigit, cell)) for cell in cells)
        return True

    def _length(self, column: int) -> float:
        cells = self._cells(column)
        return sum(map(len, cells)) / max(1, len(cells))

    def _cells(self, column: int) -> list[str]:
        """The example cells of a column that hold anything."""
        return [
            cells[column].strip()
            for cells in self._examples
            if len(cells) > column and cells[column].strip()
        ]


def _is_prose(cell: str) -> bool:
    return len(cell) > 64 or " " in cell or is_date(cell)


def _likeness(name: str, known: str) -> float:
    if len(known) >= CONTAINED and known in name and _HAN.search(known):
        return 0.9
    matcher = SequenceMatcher(None, name, known, autojunk=False)
    if min(matcher.real_quick_ratio(), matcher.quick_ratio()) < ALIKE:
        return 0.0
    return matcher.ratio()
