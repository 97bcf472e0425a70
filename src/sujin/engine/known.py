"""Values that are known, found in a text however they are written there.

Compared are letters and digits alone, simplified, small, in ASCII digits, with letters that stand
for digits; what a writer puts between them (blanks, marks, invisible characters) hides nothing.
"""

import re
from collections.abc import Iterable, Iterator
from functools import cache
from itertools import pairwise

from sujin.engine.digits import BANKERS, CHECK_X, SPOKEN
from sujin.engine.drawn import FIGURES
from sujin.engine.folding import fold

_SHORTEST = 2
_MOST_BETWEEN = 3  # characters between two letters of one value
_DIGITS = SPOKEN | BANKERS | FIGURES | dict.fromkeys(CHECK_X, "x") | {"o": "0", "i": "1", "l": "1"}
_ENDS_A_CLAUSE = re.compile("[，。；！？、：,;!?:\n]")


def hidden(text: str, known: Iterable[str], instead: str) -> str:
    """`text` with `instead` for every one of the `known` values that it holds; values of a single
    letter are none. Linear in the text for each value."""
    letters, places = _letters(text)
    found = list[tuple[int, int]]()
    for value in {_letters(one)[0] for one in known}:
        if len(value) >= _SHORTEST:
            found += _spans(text, value, letters, places)
    pieces, done = list[str](), 0
    for start, end in sorted(found, key=lambda span: (span[0], -span[1])):
        if start >= done:
            pieces += [text[done:start], instead]
        done = max(done, end)
    return "".join([*pieces, text[done:]])


def _spans(text: str, value: str, letters: str, places: list[int]) -> Iterator[tuple[int, int]]:
    at = letters.find(value)
    while at >= 0:
        stood = places[at : at + len(value)]
        if _is_one(text, stood):
            yield stood[0], stood[-1] + 1
        at = letters.find(value, at + 1)


def _is_one(text: str, stood: list[int]) -> bool:
    """Whether the letters at these places are one value: near each other and, when there are only
    two, in one clause."""
    if any(b - a - 1 > _MOST_BETWEEN for a, b in pairwise(stood)):
        return False
    return len(stood) > _SHORTEST or not _ENDS_A_CLAUSE.search(text, stood[0], stood[-1])


def _letters(text: str) -> tuple[str, list[int]]:
    """The letters and digits of `text` and where each of them stands."""
    letters, places = list[str](), list[int]()
    for place, char in enumerate(text):
        plain = _plain(char)
        letters += plain
        places += [place] * len(plain)
    return "".join(letters), places


@cache
def _plain(char: str) -> str:
    """A character as it is compared; nothing for a mark."""
    folded = fold(_DIGITS.get(char, char))
    return "".join(_DIGITS.get(one, one) for one in folded if one.isalnum())
