"""Signals in a complaint that change how it must be treated: a regulator, a child, a threat.

The words are a table of the pack. A word does not count where one of its `unless` words stands in
the six characters before it and in the same clause: 不会投诉到银保监 is no escalation. An `unless`
word with a ~ is looked for around the word itself, which the ~ stands for, as in a dictionary: 去死
with ~亡 is not heard in 去死亡证明, 找媒体 with 不~ not in 不找媒体. A word whose `unless` is ~
never counts: it is there to silence a shorter one inside it. What the word ~ has in `unless` holds
for every word of its signal.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from sujin.engine.folding import fold
from sujin.engine.terms import TermIndex

_LOOK_BACK = 6  # characters
_CLAUSE_END = re.compile("[,。!?; ]")
_ITSELF = "~"


@dataclass(frozen=True, slots=True)
class SignalTerm:
    """A word of a signal, and the words that cancel it; the word ~ is every word of the signal."""

    signal: str
    term: str
    unless: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Signals:
    """`found`: signal -> the words that gave it, each once, in the order of the text."""

    found: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


class SignalReader:
    """Reads signals out of texts; made once from the pack's table."""

    def __init__(self, terms: Iterable[SignalTerm]) -> None:
        rows = list(terms)
        shared = {row.signal: row.unless for row in rows if row.term == _ITSELF}
        self._index = TermIndex(
            (row.signal, row.term, _cancelling((*row.unless, *shared.get(row.signal, ()))))
            for row in rows
            if row.term != _ITSELF
        )

    def read(self, text: str) -> Signals:
        """The signals of `text`. Of words of one signal inside each other the longest counts,
        also when it is cancelled: then the shorter one inside it says nothing either."""
        folded = fold(text)
        found: dict[str, dict[str, None]] = {}
        for start, word, signal, rows in self._index.hits(folded):
            if not all(row.cancel(folded, start, start + len(word)) for row in rows):
                found.setdefault(signal, {})[word] = None
        return Signals({signal: tuple(words) for signal, words in found.items()})


@dataclass(frozen=True, slots=True)
class _Cancelling:
    """`words` that stand somewhere before; `frames` of what stands right before and behind."""

    words: tuple[str, ...]
    frames: tuple[tuple[str, str], ...]

    def cancel(self, folded: str, start: int, end: int) -> bool:
        """Whether one of them takes back the word from `start` to `end`."""
        clause = _CLAUSE_END.split(folded[max(0, start - _LOOK_BACK) : start])[-1]
        return any(word in clause for word in self.words) or any(
            folded.endswith(before, 0, start) and folded.startswith(behind, end)
            for before, behind in self.frames
        )


def _cancelling(written: Iterable[str]) -> _Cancelling:
    unless = [word for word in map(fold, written) if word]
    frames = [word.partition(_ITSELF) for word in unless if _ITSELF in word]
    return _Cancelling(
        tuple(word for word in unless if _ITSELF not in word),
        tuple((before, behind) for before, _, behind in frames),
    )
