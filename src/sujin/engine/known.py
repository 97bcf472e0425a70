"""Values that are known, found in a text however they are written there.

Compared are letters and digits alone, simplified and small; of a value with figures, in ASCII
digits, with letters that stand for digits. What a writer puts between them (blanks, marks,
invisible characters, a word between the groups of a long number) hides nothing.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

from sujin.engine.digits import BANKERS, CHECK_X, OVER_THE_WIRE, SPOKEN
from sujin.engine.drawn import FIGURES
from sujin.engine.folding import fold

_SHORTEST = 2
_LONG = 3  # letters from which on a value is no chance, whatever marks stand between them
_NUMBER = 7  # digits from which on one is told by them alone
_MOST_BETWEEN = 3  # characters between two letters of a short value, words between two digits
_SAID = SPOKEN | BANKERS | FIGURES | OVER_THE_WIRE | {"勾": "9", "两": "2"}
_DIGITS = _SAID | dict.fromkeys(CHECK_X, "x") | {"o": "0", "i": "1", "l": "1"}
_ENDS_A_CLAUSE = re.compile("[，。；！？、：,;!?:\n]")
# 客户王 明天来: what stands behind the blank is a word of its own.
_IS_WORD = re.compile(
    "明[天日年早晚白确细显]|今[天日年]|平安|一[直些次起个]|可[以能]|来[电行信]|中[心信]|有[限人]|会[员被]"
    "|先生|女士|安[全装]|本[人金行月]|生[活意]|家[里人]|金[额融]|利[息率]|方[面式]|行长|经理|主任"
)
_FIGURE = re.compile(r"\d")
_OF_NUMBERS = frozenset("0123456789x")


@dataclass(frozen=True, slots=True)
class _Letters:
    """The letters and digits of a text as they are compared, and where each of them stands."""

    letters: str
    places: list[int]


def hidden(text: str, known: Iterable[str], instead: str) -> str:
    """`text` with `instead` for every one of the `known` values that it holds; values of a single
    letter are none. Linear in the text for each value."""
    found = list[tuple[int, int]]()
    read = dict[_Way, _Letters]()
    for value, way in {(way(one).letters, way) for one in known for way in _ways(one)}:
        if len(value) >= _SHORTEST:
            if way not in read:
                read[way] = way(text)
            found += _spans(text, value, read[way], instead)
    pieces, done = list[str](), 0
    for start, end in sorted(found, key=lambda span: (span[0], -span[1])):
        if start >= done:
            pieces += [text[done:start], instead]
        done = max(done, end)
    return "".join([*pieces, text[done:]])


def _ways(value: str) -> tuple["_Way", ...]:
    """How a value is looked for. Only one with figures is a number: 张三 is not in 一张300元."""
    if not _FIGURE.search(value):
        return (_worded,)
    letters = _numbered(value).letters
    is_number = len(letters) >= _NUMBER and set(letters) <= _OF_NUMBERS
    return (_counted,) if is_number else (_numbered,)


def _spans(text: str, value: str, read: _Letters, instead: str) -> Iterator[tuple[int, int]]:
    at = read.letters.find(value)
    while at >= 0:
        stood = read.places[at : at + len(value)]
        if _is_one(text, stood, instead):
            yield stood[0], stood[-1] + 1
        at = read.letters.find(value, at + 1)


def _is_one(text: str, stood: list[int], instead: str) -> bool:
    """Whether the letters at these places are one value: no words between them, nothing that was
    hidden and, when there are only two, in one clause and near each other."""
    gaps = [text[a + 1 : b] for a, b in pairwise(stood) if b - a > 1]
    if any(instead in gap or _words(gap) > _MOST_BETWEEN for gap in gaps):
        return False
    if len(stood) >= _LONG:
        return True
    if any(len(gap) > _MOST_BETWEEN or _ENDS_A_CLAUSE.search(gap) for gap in gaps):
        return False
    return not (gaps and _IS_WORD.match(text, stood[-1]))


def _words(gap: str) -> int:
    return sum(map(str.isalnum, gap))


def _worded(text: str) -> _Letters:
    """Letters and digits, each as itself."""
    return _letters(text, _plain)


def _numbered(text: str) -> _Letters:
    """The same with whatever may stand for a digit as that digit."""
    return _letters(text, _figured)


def _counted(text: str) -> _Letters:
    """Nothing but those digits: 138 和 0013 和 8000."""
    return _letters(text, _digit)


def _letters(text: str, plain: Callable[[str], str]) -> _Letters:
    letters, places = list[str](), list[int]()
    for place, char in enumerate(text):
        compared = plain(char)
        letters += compared
        places += [place] * len(compared)
    return _Letters("".join(letters), places)


@cache
def _plain(char: str) -> str:
    """A character as it is compared; nothing for a mark."""
    return "".join(one for one in fold(char) if one.isalnum())


@cache
def _figured(char: str) -> str:
    folded = fold(_DIGITS.get(char, char))
    return "".join(_DIGITS.get(one, one) for one in folded if one.isalnum())


@cache
def _digit(char: str) -> str:
    return "".join(one for one in _figured(char) if one in _OF_NUMBERS)


_Way = Callable[[str], _Letters]
