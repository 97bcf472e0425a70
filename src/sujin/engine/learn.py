"""LEARN: which of the five letters a contact note shows, and which a person must decide.

L Listen 倾听, E Empathy 共情, A Apology 致歉, R React 处理, N Notify 告知. The words are tables of
the pack. A letter is ``seen`` only where a strong cue stands that nothing puts in doubt; a weak
cue, one that is denied, wished by the customer, planned or conditional is ``unclear`` and comes
with its sentence and the question to decide. Nothing in doubt is silently seen or silently absent.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from sujin.engine.cues import LOOK_BACK, Cue, Span, clauses, levelled, pattern, sentences
from sujin.engine.tables import Cells, Shape

_LETTERS = Shape("learn_letters", must=("letter", "title_zh", "prompt_zh"), languages="title",
                 may=("prompt_en", "ask_zh", "ask_en", "avoid_zh", "avoid_en"))  # fmt: skip
_CUES = Shape("learn", must=("row", "letter", "cue", "unless", "strength"))
_DOUBTS = Shape(
    "learn_doubts",
    must=("row", "letters", "words", "side", "gap", "not_after"),
    languages="ask",
)
_STRENGTHS = frozenset({"strong", "weak"})
_SIDES = frozenset({"before", "behind", "earlier", "around"})


class State(StrEnum):
    """How a letter stands in a note."""

    SEEN = "seen"
    UNCLEAR = "unclear"
    ABSENT = "absent"


@dataclass(frozen=True, slots=True)
class Mark:
    """One letter of a note: ``evidence`` is the sentence at ``start`` to ``end``, ``row`` the cue,
    ``because`` the reason or, where a person must decide, the question."""

    letter: str
    state: State
    evidence: str
    start: int
    end: int
    row: str
    because: Mapping[str, str]


Marks = tuple[Mark, ...]


@dataclass(frozen=True, slots=True)
class Letter:
    """What a letter is called, what to say, what to ask of a weak cue, what not to do."""

    code: str
    title: Mapping[str, str]
    prompt: Mapping[str, str]
    ask: Mapping[str, str]
    avoid: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class CueRow:
    """A row of learn.csv."""

    row: str
    letter: str
    written: str
    cue: Cue
    is_strong: bool


@dataclass(frozen=True, slots=True)
class Doubt:
    """A row of learn_doubts.csv: words that put a cue beside them in doubt."""

    row: str
    letters: frozenset[str]
    words: re.Pattern[str]
    side: str
    gap: int | None
    not_after: tuple[str, ...]
    ask: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Rules:
    """The three tables, read."""

    letters: tuple[Letter, ...]
    cues: tuple[CueRow, ...]
    doubts: tuple[Doubt, ...]


Rows = Sequence[Mapping[str, str]]


def read_rules(letters: Rows, cues: Rows, doubts: Rows) -> Rules:
    """The tables of the pack. Raises BadTable naming table, row and column."""
    named = tuple(map(_letter, _LETTERS.rows(letters)))
    known = frozenset(letter.code for letter in named)
    return Rules(
        named,
        tuple(_cue(cells, known) for cells in _CUES.rows(cues)),
        tuple(_doubt(cells, known) for cells in _DOUBTS.rows(doubts)),
    )


def mark(note: str, rules: Rules) -> Marks:
    """A mark for each letter, in the order of the table. Positions are those of ``note``."""
    plain = levelled(note)
    found = [hit for sentence in sentences(plain) for hit in _hits(plain, sentence, rules)]
    return tuple(_mark(note, letter, found) for letter in rules.letters)


@dataclass(frozen=True, slots=True)
class _Hit:
    cue: CueRow
    at: Span
    sentence: Span
    doubt: Doubt | None


def _hits(plain: str, sentence: Span, rules: Rules) -> Iterator[_Hit]:
    for clause in clauses(plain, sentence):
        for cue in rules.cues:
            for at in cue.cue.hits(plain, clause):
                doubts = (one for one in rules.doubts if cue.letter in one.letters)
                doubt = next(
                    (one for one in doubts if _doubts(one, plain, clause, at, sentence)), None
                )
                yield _Hit(cue, at, sentence, doubt)


def _doubts(doubt: Doubt, plain: str, clause: Span, at: Span, sentence: Span) -> bool:
    where = {
        "before": Span(clause.start, at.start),
        "behind": Span(at.end, clause.end),
        "earlier": Span(max(sentence.start, at.start - LOOK_BACK), at.start),
        "around": Span(
            max(sentence.start, at.start - LOOK_BACK), min(sentence.end, at.end + LOOK_BACK)
        ),
    }[doubt.side]
    return any(
        _is_near(doubt, match, at) and not plain.endswith(doubt.not_after, 0, match.start())
        for match in doubt.words.finditer(plain, *where)
    )


def _is_near(doubt: Doubt, match: re.Match[str], at: Span) -> bool:
    if doubt.gap is None:
        return True
    away = at.start - match.end() if doubt.side in ("before", "earlier") else match.start() - at.end
    return away <= doubt.gap


def _mark(note: str, letter: Letter, found: Sequence[_Hit]) -> Mark:
    """The first sentence that shows the letter beyond doubt, else the first that might."""
    own = sorted((hit for hit in found if hit.cue.letter == letter.code), key=lambda hit: hit.at)
    sure = next((hit for hit in own if hit.cue.is_strong and hit.doubt is None), None)
    hit = sure or next(iter(own), None)
    if hit is None:
        return Mark(letter.code, State.ABSENT, "", 0, 0, "", letter.prompt)
    state = State.SEEN if sure else State.UNCLEAR
    because = _found(hit) if sure else (hit.doubt.ask if hit.doubt else letter.ask)
    start, end = hit.sentence
    return Mark(letter.code, state, note[start:end], start, end, hit.cue.row, because)


def _found(hit: _Hit) -> Mapping[str, str]:
    return {"zh": f"“{hit.cue.written}”", "en": f'"{hit.cue.written}"'}


def _letter(cells: Cells) -> Letter:
    return Letter(
        cells.text("letter"),
        _both(cells, "title"),
        _both(cells, "prompt"),
        _both(cells, "ask"),
        _both(cells, "avoid"),
    )


def _both(cells: Cells, prefix: str) -> Mapping[str, str]:
    return {language: cells.text(f"{prefix}_{language}") for language in ("zh", "en")}


def _cue(cells: Cells, letters: frozenset[str]) -> CueRow:
    written = cells.text("cue")
    if not written:
        raise cells.bad("cue", "the words are missing")
    return CueRow(
        cells.row,
        cells.code("letter", letters),
        written,
        Cue(written, cells.text("unless").split("|")),
        cells.code("strength", _STRENGTHS) == "strong",
    )


def _doubt(cells: Cells, letters: frozenset[str]) -> Doubt:
    return Doubt(
        cells.row,
        cells.codes("letters", letters) or letters,
        pattern(cells.text("words").split("|")),
        cells.code("side", _SIDES),
        cells.whole("gap"),
        tuple(filter(None, cells.text("not_after").split("|"))),
        cells.languages("ask"),
    )
