"""Why two claims are taken for the same: what they share, what stands for what, what differs."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from sujin.engine.ngrams import packed, pieces
from sujin.engine.pairs import PairModel

_MOST = 4
_SHORTEST, _LONGEST = 2, 3
_SHORTEST_NUMBER = 4
_EQUAL = 0.5  # of the ridge's own measure: what is below reads as chance


@dataclass(frozen=True, slots=True)
class Reasons:
    """Pieces in both texts; pieces of the one and the other that people's verdicts equate; and
    what is left in each."""

    shared: tuple[str, ...]
    equated: tuple[tuple[str, str], ...]
    differs: tuple[tuple[str, ...], tuple[str, ...]]


def reasons(one: str, other: str, model: PairModel | None) -> Reasons:
    """At most four of each; without a model nothing is equated."""
    shared = _shared(one, other)
    rests = _without(one, shared), _without(other, shared)
    equated = _equated(*rests, model) if model else ()
    taken = [piece for pair in equated for piece in pair]
    left = [tuple(rest for rest in few if not _holds(rest, taken))[:_MOST] for few in rests]
    return Reasons(shared[:_MOST], equated, (left[0], left[1]))


def _holds(rest: str, taken: Sequence[str]) -> bool:
    return any(piece in rest for piece in taken)


def _shared(one: str, other: str) -> tuple[str, ...]:
    """Runs of two characters and more that both hold, in the order of the first, longest first
    from each place."""
    found: list[str] = []
    start = 0
    while start < len(one) - 1:
        stop = start + 1
        while stop < len(one) and one[start : stop + 1] in other:
            stop += 1
        if _says_something(one[start:stop]) and one[start:stop] not in found:
            found.append(one[start:stop])
        start = stop if stop - start >= _SHORTEST else start + 1
    return tuple(found)


def _without(text: str, shared: Sequence[str]) -> list[str]:
    """What is left of the text when the shared runs are taken out, without what says nothing."""
    for piece in sorted(shared, key=len, reverse=True):
        text = text.replace(piece, "\n")
    return [rest for rest in text.split("\n") if _says_something(rest)]


def _says_something(piece: str) -> bool:
    """Not a single character, nor the tail of a number."""
    return len(piece) >= (_SHORTEST_NUMBER if piece.isdigit() else _SHORTEST)


def _equated(
    mine: Sequence[str], theirs: Sequence[str], model: PairModel
) -> tuple[tuple[str, str], ...]:
    """The pieces of both sides that the learnt pairs say stand for one another, strongest first;
    each piece once."""
    here, there = _pieces(mine), _pieces(theirs)
    if not here or not there:
        return ()
    bits = model.idf.size.bit_length() - 1
    ids = [np.array([_number(piece, bits) for piece in few]) for few in (here, there)]
    equal = model.ridge.equations(*ids)
    equal *= model.idf[ids[0]][:, None] * model.idf[ids[1]][None, :]
    found: list[tuple[str, str]] = []
    for place in np.argsort(-equal, axis=None, kind="stable"):
        a, b = here[place // len(there)], there[place % len(there)]
        if equal.flat[place] < _EQUAL or len(found) == _MOST:
            break
        if not any(_overlap(a, c) or _overlap(b, d) for c, d in found):
            found.append((a, b))
    return tuple(found)


def _overlap(one: str, other: str) -> bool:
    return bool(set(one) & set(other))


def _pieces(rests: Sequence[str]) -> list[str]:
    """Every row of two or three characters of a script without spaces, each once."""
    lengths = range(_SHORTEST, _LONGEST + 1)
    found = [rest[i : i + n] for rest in rests for n in lengths for i in range(len(rest) - n + 1)]
    return [piece for piece in dict.fromkeys(found) if not any(map(_is_latin, piece))]


def _is_latin(char: str) -> bool:
    return char.isascii() or char.isdigit()


def _number(piece: str, bits: int) -> int:
    """The number of the whole piece: the last of those that begin at its first character."""
    return int(pieces(packed([piece]).codes, bits).numbers[len(piece) - 1])
