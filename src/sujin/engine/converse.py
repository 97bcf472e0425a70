"""What an assistant does with a customer's words: answer from what was found, ask once, hand the
matter to a person, or say plainly that it does not know.

It never words an answer: it names one of the candidates it was given, or none. Who is distressed,
complains or asks for a person is not argued with, however well a text would fit.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from enum import StrEnum

from sujin.engine.folding import fold
from sujin.engine.tables import BadTable, Shape
from sujin.engine.voices import Hearing

_THRESHOLDS = Shape("assistant", must=("row", "value"), languages="because")
_SIGNALS = Shape(
    "assistant_signals", must=("row", "signal", "act", "kind"), may=("weak",), languages="because"
)
# Why, where no row of a signal says it; rows of the table bear other names.
CHOSEN, SURE, NEAR, SHORT, TWICE, UNKNOWN = "chosen", "sure", "near", "short", "twice", "unknown"
UNHELPED = "unhelped"


class Act(StrEnum):
    """What the assistant does next."""

    ANSWER = "answer"
    ASK = "ask"
    HAND_OVER = "hand_over"
    DECLINE = "decline"


@dataclass(frozen=True, slots=True)
class Candidate:
    """One text that may be quoted; ``confidence`` is how likely it answers, 0 to 1; ``score`` how
    near it is, comparable within one search; ``covers`` is the share of what the words tell that
    it holds, 0 to 1."""

    key: int | str
    confidence: float
    score: float = 1.0
    covers: float = 1.0


@dataclass(frozen=True, slots=True)
class State:
    """The dialogue so far: ``asked`` whether one clarifying question stands unanswered or was
    used up since the last answer, ``failures`` how often it knew nothing or did not help."""

    asked: bool = False
    failures: int = 0


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Rows of ``assistant.csv``: confidences, a share of the score, a length in characters, two
    counts, four chances of voices, and a share of the words."""

    answer_at: float
    lead: float
    ask_at: float
    offer_at: float
    short_under: float
    offers: float
    failures: float
    harm_at: float
    need_at: float
    doubt_under: float
    question_at: float
    cover_at: float

    @property
    def hearing(self) -> Hearing:
        """From which chances on a voice is heard."""
        return Hearing(self.harm_at, self.need_at, self.doubt_under)


@dataclass(frozen=True, slots=True)
class SignalRow:
    """What a signal in the words leads to; ``kind`` is what a case of it would be. A ``weak`` one
    has words that stand in a plain question too."""

    row: str
    signal: str
    act: Act
    kind: str
    because: Mapping[str, str]
    weak: bool = False


@dataclass(frozen=True, slots=True)
class Move:
    """``keys`` are the candidates quoted or offered, never any other; ``because`` is a row of
    ``assistant_signals.csv`` or one of the words above; ``kind`` what a case would be."""

    act: Act
    because: str
    keys: tuple[int | str, ...] = ()
    kind: str = "consultation"


def decide(
    words: str,
    candidates: Sequence[Candidate],
    state: State,
    *,
    signals: Collection[str],
    thresholds: Thresholds,
    rows: Sequence[SignalRow],
    question: float = 1.0,
) -> Move:
    """The next move on ``words``; ``candidates`` best first, ``signals`` those in the words. The
    first row of the table whose signal is there decides; then the candidates do. ``question`` is
    the chance that this is a general question at all: without it nothing is quoted at once."""
    for row in rows:
        if row.signal in signals:
            return Move(row.act, row.row, kind=row.kind)
    found = [one for one in candidates if one.confidence >= thresholds.offer_at]
    if question >= thresholds.question_at and found and _is_clear(found, thresholds):
        return Move(Act.ANSWER, SURE, (found[0].key,))
    if found and found[0].confidence >= thresholds.ask_at and not state.asked:
        is_short = len(fold(words)) < thresholds.short_under
        offered = found[: int(thresholds.offers)]
        return Move(Act.ASK, SHORT if is_short else NEAR, tuple(one.key for one in offered))
    return failed(state, thresholds, UNKNOWN)


def _is_clear(found: Sequence[Candidate], thresholds: Thresholds) -> bool:
    """Sure enough, about most of what was said, and well ahead: two texts almost equally near are
    a question, not an answer."""
    best = found[0]
    second = found[1].score if len(found) > 1 else 0.0
    return (
        best.confidence >= thresholds.answer_at
        and best.covers >= thresholds.cover_at
        and best.score - second >= thresholds.lead * best.score
    )


def chosen(key: int | str, offered: Collection[int | str], state: State, of: Thresholds) -> Move:
    """The customer pressed a button: the text offered is quoted, one never offered is not."""
    if key in offered:
        return Move(Act.ANSWER, CHOSEN, (key,))
    return failed(state, of, UNKNOWN)


def failed(state: State, thresholds: Thresholds, because: str) -> Move:
    """It knows nothing, or what it said did not help: said once; the next time a person takes
    over."""
    if state.failures + 1 >= thresholds.failures:
        return Move(Act.HAND_OVER, UNHELPED if because == UNHELPED else TWICE)
    return Move(Act.DECLINE, because)


def after(move: Move, state: State) -> State:
    """The dialogue with this move made."""
    if move.act is Act.ANSWER:
        return replace(state, asked=False)
    if move.act is Act.ASK:
        return replace(state, asked=True)
    is_failure = move.act is Act.DECLINE and move.because in (UNKNOWN, UNHELPED)
    return State(asked=False, failures=state.failures + is_failure)


def read_thresholds(rows: Sequence[Mapping[str, str]]) -> Thresholds:
    """Every threshold, once. Raises BadTable."""
    found: dict[str, float] = {}
    names = {field.name for field in fields(Thresholds)}
    for cells in _THRESHOLDS.rows(rows):
        value = cells.decimal("value")
        if cells.row not in names or value is None:
            raise cells.bad("value", f"a number for one of {', '.join(sorted(names))}")
        cells.languages("because")
        found[cells.row] = float(value)
    if missing := names - found.keys():
        raise BadTable("assistant", "", "row", f"missing: {', '.join(sorted(missing))}")
    return Thresholds(**found)


def read_signals(
    rows: Sequence[Mapping[str, str]], known: Collection[str], kinds: Collection[str]
) -> tuple[SignalRow, ...]:
    """The rows in table order; ``known`` are the signals there are words for. Raises BadTable."""
    acts = {Act.HAND_OVER.value, Act.DECLINE.value}
    return tuple(
        SignalRow(
            cells.row,
            cells.code("signal", frozenset(known)),
            Act(cells.code("act", acts)),
            cells.code("kind", frozenset(kinds)),
            cells.languages("because"),
            cells.yes("weak"),
        )
        for cells in _SIGNALS.rows(rows)
    )
