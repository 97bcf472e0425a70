"""Words looked for in a text whose characters keep their places.

A cue is written as people say it; ``…`` in it stands for up to eight characters of the same clause
(向…致歉). Its ``unless`` words give it another meaning when they stand in the same clause; with a
``~``, which stands for the cue itself, only right beside it: ``不~`` right before, ``~会`` right
behind.
"""

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import NamedTuple

from sujin.engine.folding import fold

# How far around a word a sentence without end is read: or each word of it would read it all.
LOOK_BACK = 300  # characters
_GAP = r"[^。!?;,\n]{0,8}?"
_ELLIPSIS = "…"
_ITSELF = "~"
_SENTENCE = re.compile(r"[^。!?;\n]+[。!?;]*")
# A comma between figures belongs to the number.
_CLAUSE = re.compile(r"(?:[^。!?;,\n]|(?<=[0-9]),(?=[0-9]{3}))+")


class Span(NamedTuple):
    """From ``start`` up to ``end`` of a text."""

    start: int
    end: int


def levelled(text: str) -> str:
    """``text`` in one spelling (width, case, simplified characters), every character in place."""
    return "".join(map(_one, text))


@lru_cache(maxsize=65_536)
def _one(char: str) -> str:
    folded = fold(char)
    return folded if len(folded) == 1 else char


def sentences(plain: str) -> list[Span]:
    """The sentences of a levelled text, their closing marks with them, outer blanks without."""
    found = (_trimmed(plain, match.span()) for match in _SENTENCE.finditer(plain))
    return [span for span in found if span.start < span.end]


def clauses(plain: str, sentence: Span) -> list[Span]:
    """The parts of a sentence between its commas, in order."""
    return [Span(*match.span()) for match in _CLAUSE.finditer(plain, *sentence)]


def _trimmed(plain: str, span: tuple[int, int]) -> Span:
    words = plain[slice(*span)]
    start = span[0] + len(words) - len(words.lstrip())
    return Span(start, start + len(words.strip()))


def pattern(words: Iterable[str]) -> re.Pattern[str]:
    """Any of the words, the longest first; no words match nothing."""
    longest_first = sorted(filter(None, words), key=len, reverse=True)
    return re.compile("|".join(map(_spelled, longest_first)) or r"(?!)")


def _spelled(word: str) -> str:
    # Folding would turn the gap into three dots.
    return _GAP.join(re.escape(fold(part)) for part in word.split(_ELLIPSIS))


class Cue:
    """One cue with what takes it back."""

    def __init__(self, written: str, unless: Iterable[str] = ()) -> None:
        away = [fold(word) for word in unless if word]
        frames = [word.partition(_ITSELF) for word in away if _ITSELF in word]
        self._cue = pattern([written])
        self._elsewhere = pattern(word for word in away if _ITSELF not in word)
        self._frames = [(before, behind) for before, _, behind in frames]

    def hits(self, plain: str, clause: Span) -> Iterator[Span]:
        """Where the clause of a levelled text says it and means it."""
        if self._elsewhere.search(plain, *clause):
            return
        for match in self._cue.finditer(plain, *clause):
            if not self._is_framed(plain, Span(*match.span())):
                yield Span(*match.span())

    def _is_framed(self, plain: str, hit: Span) -> bool:
        return any(
            plain.endswith(before, 0, hit.start) and plain.startswith(behind, hit.end)
            for before, behind in self._frames
        )
