"""Where two texts say the same and where they differ, whatever the order of their clauses.

A sign or word is the same when it stands in a run of four that the other text holds as well
(w-shingling: Broder, "On the resemblance and containment of documents", 1997).
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from sujin.engine.folding import fold

RUN = 4
_UNIT = re.compile(r"\d+|[^\W\d_\u2e80-\U0010ffff]+|[\u2e80-\U0010ffff]|\S")
_WORD = re.compile(r"\w")


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a text, as it was written."""

    text: str
    is_same: bool


def compared(text: str, template: str) -> list[Piece]:
    """``text`` in pieces that are in ``template`` and pieces that are not; together they are the
    whole text. Marks of punctuation belong to the piece before them."""
    spans = [(found.start(), found.end()) for found in _UNIT.finditer(text)]
    words = [(start, end) for start, end in spans if _WORD.match(text, start)]
    held = set(_runs([fold(found[0]) for found in _UNIT.finditer(template)]))
    same = _covered([fold(text[start:end]) for start, end in words], held)
    starts = [0, *(start for start, _end in words[1:]), len(text)]
    pieces = zip(starts, starts[1:], same or [False], strict=False)
    return [
        Piece("".join(text[start:end] for start, end, _same in group), is_same)
        for is_same, group in groupby(pieces, key=lambda piece: piece[2])
    ]


def _runs(words: Sequence[str]) -> Iterator[tuple[str, ...]]:
    words = [word for word in words if _WORD.match(word)]
    yield from (tuple(words[at : at + RUN]) for at in range(len(words) - RUN + 1))


def _covered(words: Sequence[str], held: set[tuple[str, ...]]) -> list[bool]:
    same = [False] * len(words)
    for at in range(len(words) - RUN + 1):
        if tuple(words[at : at + RUN]) in held:
            same[at : at + RUN] = [True] * RUN
    return same
