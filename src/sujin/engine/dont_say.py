"""What is not said to a customer: blame passed on, guarantees, threats, ways out closed.

Each finding has its place in the text, why it is wrong and the words to say instead. The words are
a table of the pack; the row ``~`` holds what takes any of them back, such as a customer's own
report of what somebody said.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sujin.engine.cues import Cue, Span, clauses, levelled, sentences
from sujin.engine.tables import Cells, Shape

_SHAPE = Shape(
    "dont_say",
    must=("row", "phrase", "unless", "why_zh", "instead_zh", "article"),
    may=("why_en", "instead_en"),
)
_EVERY = "~"


@dataclass(frozen=True, slots=True)
class Taboo:
    """A row of dont_say.csv."""

    row: str
    cue: Cue
    why: Mapping[str, str]
    instead: Mapping[str, str]
    article: str


@dataclass(frozen=True, slots=True)
class Slip:
    """What was said at ``start`` to ``end``, in its sentence, and the better wording."""

    row: str
    words: str
    start: int
    end: int
    sentence: str
    why: Mapping[str, str]
    instead: Mapping[str, str]
    article: str


def read_taboos(rows: Sequence[Mapping[str, str]]) -> tuple[Taboo, ...]:
    """The table of the pack. Raises BadTable naming row and column."""
    table = list(_SHAPE.rows(rows))
    shared = [word for cells in table if cells.text("phrase") == _EVERY for word in _away(cells)]
    return tuple(_taboo(cells, shared) for cells in table if cells.text("phrase") != _EVERY)


def slips(text: str, taboos: Sequence[Taboo]) -> tuple[Slip, ...]:
    """Every finding in the order of the text; of words inside each other the longest counts."""
    plain = levelled(text)
    found = [
        (at, sentence, taboo)
        for sentence in sentences(plain)
        for clause in clauses(plain, sentence)
        for taboo in taboos
        for at in taboo.cue.hits(plain, clause)
    ]
    found.sort(key=lambda one: (one[0].start, -one[0].end))
    told: list[Slip] = []
    for at, sentence, taboo in found:
        if not told or at.start >= told[-1].end:
            told.append(_slip(text, at, sentence, taboo))
    return tuple(told)


def _slip(text: str, at: Span, sentence: Span, taboo: Taboo) -> Slip:
    return Slip(
        taboo.row,
        text[slice(*at)],
        *at,
        sentence=text[slice(*sentence)],
        why=taboo.why,
        instead=taboo.instead,
        article=taboo.article,
    )


def _taboo(cells: Cells, shared: Sequence[str]) -> Taboo:
    if not cells.text("instead_zh"):
        raise cells.bad("instead_zh", "the better wording is missing")
    return Taboo(
        cells.row,
        Cue(cells.text("phrase"), [*_away(cells), *shared]),
        {language: cells.text(f"why_{language}") for language in ("zh", "en")},
        {language: cells.text(f"instead_{language}") for language in ("zh", "en")},
        cells.text("article"),
    )


def _away(cells: Cells) -> list[str]:
    return cells.text("unless").split("|")
