"""Which column is what: by its header, by the words in it, by a header much like it, by content.

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
from sujin.channels.csv.layouts import CFPB, CN, LAYOUTS, Layout, plain
from sujin.channels.csv.rejects import is_ours
from sujin.channels.csv.wording import OTHERWISE

ALIKE = 0.86
# Fewer signs in common than this prove nothing about a Chinese header.
CONTAINED = 3
# A Latin name at least this long is still itself when one letter is wrong, missing or too many.
SPELT = 6
# A header holds its name and a little more; a sentence that mentions the name is no header.
AROUND = 8
MOSTLY = 0.9
PROSE = 12
# Whatever is longer is what somebody said; nobody calls a column that.
NAME_MAX = 100
NAMES_A_NUMBER = re.compile(r"(id|no|number|num|ref|reference|key|编号|单号|序号|流水号|号)$")
# Running numbers of a sheet: two files would have them in common.
BARE_NUMBERS = frozenset({"no", "num", "number", "key"})
NUMBERS = ("phone", "id_number", "card", "account", "amount")
DATED = ("received", "sent")
WHAT_MATTERS = ("text", "product", "issue")
CORE = (*WHAT_MATTERS, "id", "received")
_HAN = re.compile(r"[\u3400-\u9fff]")
_TALK = re.compile("[我了没吗呢]")


class How(StrEnum):
    """What a guess rests on."""

    MAPPING = "按映射 mapping"
    NAME = "列名 name"
    WORDS = "列名的词 words"
    ALIKE = "列名相近 similar"
    CONTENT = "按内容 content"
    KEPT = "原样保留 kept"
    IGNORED = "忽略 ignored"


BY_NAME = (How.MAPPING, How.NAME, How.WORDS, How.ALIKE)


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
    def named(self) -> int:
        """Columns recognised by their header."""
        return sum(guess.how in BY_NAME for guess in self.guesses)

    @property
    def core(self) -> int:
        """Those of them without which a table is not one of complaints."""
        return sum(guess.how in BY_NAME and guess.field in CORE for guess in self.guesses)

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
    guesser.by_header()
    guesser.by_content()
    return Columns(chosen, tuple(guesser.rest()))


def _likeliest(header: Sequence[str], examples: Sequence[Sequence[str]]) -> Layout:
    def explained(layout: Layout) -> tuple[int, bool]:
        guesser = _Guesser(header, examples, layout)
        guesser.by_header()
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
            # A sentence is no name, unless the officer's mapping says so.
            column: plain(name) if len(name) <= NAME_MAX else ""
            for column, name in enumerate(self.header)
            if not is_ours(name)
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

    def by_header(self) -> None:
        """By the whole name, by its words, by a name much like it; the likelier name first."""
        known = self.layout.field_of
        exact = [(*known[name], column) for column, name in self._open.items() if name in known]
        for _rank, field, column in sorted(exact):
            self._take(column, field, How.NAME)
        worded = sorted(
            (rank, column, field)
            for column in self._open
            for field, rank in self._said(column).items()
        )
        for _rank, column, field in worded:
            if self._can_be(column, field):
                self._take(column, field, How.WORDS)
        self._by_likeness()

    def _said(self, column: int) -> Mapping[str, int]:
        return self.layout.words.fields(self.header[column]) if self._open[column] else {}

    def _by_likeness(self) -> None:
        likely = sorted(
            (-_likeness(name, known), column, field)
            for column, name in self._open.items()
            if not self._said(column)
            for known, (_rank, field) in self.layout.field_of.items()
            if _likeness(name, known) >= ALIKE
        )
        for _score, column, field in likely:
            if self._bears_out(column, field):
                self._take(column, field, How.ALIKE)

    def by_content(self) -> None:
        for field in ("received", "id", "text"):
            found = [column for column in self._open if self._may_hold(column, field)]
            if found and field not in self.taken:
                best = max(found, key=self._length) if field == "text" else found[0]
                self._take(best, field, How.CONTENT)

    def _may_hold(self, column: int, field: str) -> bool:
        """Cells like those of the field, and a name that says nothing else."""
        name = self.header[column]
        says = {meant for layout in LAYOUTS.values() for meant in layout.meanings(name)}
        if not self._bears_out(column, field) or says - {field} or OTHERWISE[field].search(name):
            return False
        if field == "id":
            is_bare = self.layout is CFPB and plain(name) in BARE_NUMBERS
            return bool(NAMES_A_NUMBER.search(name.lower())) and not is_bare
        # The longest words of a table that is about something else would be anybody's.
        return field != "text" or any(
            guess.field in CORE and guess.how in BY_NAME for guess in self.taken.values()
        )

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

    def _can_be(self, column: int, field: str) -> bool:
        """Whether nothing in the cells speaks against what the name says."""
        cells = self._cells(column)
        if field in DATED:
            return self._bears_out(column, field)
        if field == "id":
            # The same complaint may stand in the file twice.
            is_own = len(set(cells)) >= MOSTLY * len(cells)
            return bool(cells) and is_own and not any(map(_is_prose, cells))
        is_dated = cells and sum(map(is_date, cells)) >= MOSTLY * len(cells)
        return not is_dated and (field not in NUMBERS or self._bears_out(column, field))

    def _bears_out(self, column: int, field: str) -> bool:
        """Whether the cells look like what the field holds."""
        cells = self._cells(column)
        if field in DATED:
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
        return 0.9 if len(name) <= len(known) + AROUND and not _TALK.search(name) else 0.0
    if not _HAN.search(name) and (abs(len(name) - len(known)) > 1 or len(known) < SPELT):
        return 0.0
    matcher = SequenceMatcher(None, name, known, autojunk=False)
    if min(matcher.real_quick_ratio(), matcher.quick_ratio()) < ALIKE:
        return 0.0
    return matcher.ratio()
