"""Signals in a complaint that change how it must be treated: a regulator, a child, a threat.

The words are a table of the pack. A word does not count where one of its `unless` words stands
in the six characters before it: 不会投诉到银保监 is no escalation.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from sujin.engine.folding import fold
from sujin.engine.terms import TermIndex

_LOOK_BACK = 6  # characters


@dataclass(frozen=True, slots=True)
class SignalTerm:
    """A word of a signal, and the words that cancel it when they stand just before it."""

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
        self._index = TermIndex((term.signal, term.term, _cancelling(term)) for term in terms)

    def read(self, text: str) -> Signals:
        """The signals of `text`. Of words of one signal inside each other the longest counts,
        also when it is cancelled: then the shorter one inside it says nothing either."""
        folded = fold(text)
        found: dict[str, dict[str, None]] = {}
        for start, word, signal, unless in self._index.hits(folded):
            before = folded[max(0, start - _LOOK_BACK) : start]
            if any(not any(word in before for word in cancelling) for cancelling in unless):
                found.setdefault(signal, {})[word] = None
        return Signals({signal: tuple(words) for signal, words in found.items()})


def _cancelling(term: SignalTerm) -> tuple[str, ...]:
    return tuple(word for word in map(fold, term.unless) if word)
