"""What is worth looking for in a text, found in one pass over its characters.

Most complaints hold no number and name nobody. One look at each character and its neighbour tells
which searches can find something; the others are not begun.
"""

import re
from collections.abc import Iterable
from functools import cache

import numpy as np
import numpy.typing as npt
from numba import njit

from sujin.engine.digits import (
    BANKERS,
    LIKE_DIGITS,
    OVER_THE_WIRE,
    SEPARATORS,
    SHORTEST,
    SPOKEN,
    WRAPPERS,
)
from sujin.engine.drawn import SUSPECTS
from sujin.engine.dwellings import PLACE_ENDS
from sujin.engine.name_cues import CUE_ENDS, SURE_ENDS
from sujin.engine.papers import PROVINCES
from sujin.engine.persons import DOTS, SECONDS, SOUND_STARTS, SURNAME_STARTS
from sujin.engine.unseen import UNSEEN_CHARS

ROW, NAME, ADDRESS, PLATE, DWELLING, PERSON, FOREIGN, DRAWN = 1, 2, 4, 8, 16, 32, 64, 128
UNSEEN, SPACED, DISGUISED = 256, 512, 1024
_SHORTEST_NAME = 6
_USUAL_GAP = 3  # characters between two digits; whoever puts more there hides a number
# What a character may be.
_AT, _FIGURE, _SPOKEN_DIGIT, _LATIN, _HYPHEN, _SEPARATOR = 1, 2, 4, 8, 16, 32
_PROVINCE, _PLACE_END, _BUILDING, _CUE_END, _SURNAME, _DOT = 64, 128, 256, 512, 1024, 2048
_HAN, _TENS, _DRAWN, _BANKER, _LETTER_DIGIT, _WRAPPER = (
    4096,
    8192,
    1 << 14,
    1 << 15,
    1 << 16,
    1 << 17,
)
_SURE_END, _SECOND, _UNSEEN, _BLANK = 1 << 18, 1 << 19, 1 << 20, 1 << 21
_MIXABLE = _FIGURE | _SPOKEN_DIGIT | _BANKER | _LETTER_DIGIT
_OF_DISGUISE = _MIXABLE | _SEPARATOR | _HYPHEN | _WRAPPER
_OF_NUMBERS = _FIGURE | _SPOKEN_DIGIT | _LATIN | _HYPHEN | _SEPARATOR
_NUMERAL = _FIGURE | _SPOKEN_DIGIT | _TENS
_SEEN = _HAN | _OF_NUMBERS | _AT
# What has come of a name, and what is worth looking for then: nothing, a surname behind a faint
# word, one behind a sure word, an unusual character behind it, a given name, a gap.
_NOTHING, _FAINT, _SURE, _UNUSUAL, _GIVEN, _GAP = range(6)
_WORTH = (0, 0, 0, 0, PERSON, SPACED)
_LAST_CODE = 0x20000  # no decimal digit lies beyond


def prospects(text: str) -> int:
    """Bit ``ROW`` where eleven digits may stand in a row, ``NAME`` where six Latin letters or
    figures stand together, ``ADDRESS`` where an @ stands, ``PLATE`` where a letter follows a
    province, ``DWELLING`` where a number follows a street or stands before a building, ``PERSON``
    where a surname follows a word that announces one or begins a clause, ``FOREIGN`` at a dot,
    ``DRAWN`` where a digit may be drawn, ``UNSEEN`` where an invisible character follows another,
    ``SPACED`` where a gap follows an announced surname, ``DISGUISED`` where eleven digits may stand
    in a row that mixes ways of writing or has marks between."""
    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)
    bits: int = _prospects(codes, _flags())
    return bits


@cache
def _flags() -> npt.NDArray[np.uint32]:
    flags = np.zeros(_LAST_CODE, np.uint32)
    chars = list(map(chr, range(_LAST_CODE)))
    for flag, found in (*_marks(chars), *_words()):
        flags[list(map(ord, found))] |= flag
    flags[list(map(ord, "-－"))] &= ~np.uint32(_SEPARATOR)
    return flags


def _marks(chars: list[str]) -> tuple[tuple[int, Iterable[str]], ...]:
    """Digits, letters and what stands between them."""
    return (
        (_SEPARATOR, filter(re.compile(f"[{SEPARATORS}()（）]").match, chars)),
        (_FIGURE, filter(str.isdecimal, chars)),
        (_SPOKEN_DIGIT, SPOKEN),
        (_LATIN, filter(re.compile("[A-Za-z_Ａ-Ｚａ-ｚ＿]").match, chars)),
        (_HYPHEN, "-－"),
        (_AT, "@＠"),
        (_TENS, "十百"),
        (_DRAWN, SUSPECTS),
        (_BANKER, [*BANKERS, *OVER_THE_WIRE]),
        (_LETTER_DIGIT, LIKE_DIGITS),
        (_WRAPPER, filter(re.compile(f"[{WRAPPERS}和与及跟加]").match, chars)),
        (_UNSEEN, filter(re.compile(f"[{UNSEEN_CHARS}]").match, chars)),
        (_BLANK, filter(re.compile(f"[ \t\r\n\u3000\u00a0.{DOTS}]").match, chars)),
    )


def _words() -> tuple[tuple[int, Iterable[str]], ...]:
    """What begins or announces a name, a place or a plate."""
    return (
        (_PROVINCE, PROVINCES),
        (_PLACE_END, PLACE_ENDS),
        (_BUILDING, "栋幢座楼单"),
        (_CUE_END, CUE_ENDS),
        (_SURNAME, SURNAME_STARTS),
        (_DOT, DOTS),
        (_HAN, map(chr, range(0x4E00, 0xA000))),
        (_SURE_END, SURE_ENDS),
        (_SECOND, SECONDS),
        (_SURNAME, SOUND_STARTS),
    )


@njit(cache=True)
def _prospects(codes: npt.NDArray[np.uint32], flags: npt.NDArray[np.uint32]) -> int:
    figures = spoken = latin = bits = before = named = digits = ways = between = gap = 0
    for code in codes:
        flag = flags[code] if code < flags.size else 0
        if flag & _OF_NUMBERS:
            figures = figures + (flag & _FIGURE != 0) if not flag & (_SPOKEN_DIGIT | _LATIN) else 0
            spoken = spoken + (flag & _SPOKEN_DIGIT != 0) if not flag & (_FIGURE | _LATIN) else 0
            latin = latin + 1 if flag & (_FIGURE | _LATIN | _HYPHEN) else 0
            bits |= ROW if figures >= SHORTEST or spoken >= SHORTEST else 0
            bits |= NAME if latin >= _SHORTEST_NAME else 0
        else:
            figures = spoken = latin = 0
            bits |= ADDRESS if flag & _AT else 0
            bits |= DRAWN if flag & _DRAWN else 0
        if flag & _OF_DISGUISE:
            between |= flag
            if flag & _MIXABLE:
                between |= _WRAPPER if digits and gap > _USUAL_GAP else 0
                digits, ways, between = digits + 1, ways | (between if digits else flag), 0
                bits |= DISGUISED if digits >= SHORTEST and _is_disguised(ways) else 0
        else:
            digits = ways = between = 0
        named = _named(named, before, flag)
        bits |= _paired(before, flag) | _WORTH[named]
        gap, before = 0 if flag & _MIXABLE else gap + 1, flag
    return bits


@njit(cache=True)
def _is_disguised(ways: int) -> bool:
    """Whether digits are written in two ways, or with what is never between them."""
    is_mixed = ways & _FIGURE and ways & _SPOKEN_DIGIT
    return bool(is_mixed or ways & (_BANKER | _LETTER_DIGIT | _WRAPPER))


@njit(cache=True)
def _named(named: int, before: int, flag: int) -> int:
    """How far a name has come with this character: a place in ``_WORTH``."""
    if flag & _BLANK:
        return _GAP if _NOTHING < named < _GAP else _NOTHING
    is_second = named in (_FAINT, _UNUSUAL) and flag & _SECOND
    is_given = (named == _SURE and flag & _HAN) or is_second
    if not is_given and flag & _SURNAME:
        if before & (_SURE_END | _BLANK):
            return _SURE
        if before & _CUE_END or not before & _HAN:
            return _FAINT
    if is_given:
        return _GIVEN
    return _UNUSUAL if named == _FAINT and flag & _HAN else _NOTHING


@njit(cache=True)
def _paired(before: int, flag: int) -> int:
    """What a character says together with the one before it."""
    bits = FOREIGN if flag & _HAN and before & _DOT else 0
    bits |= PLATE if flag & _LATIN and before & _PROVINCE else 0
    is_counted = flag & _BUILDING and before & _NUMERAL
    bits |= DWELLING if is_counted or (flag & _NUMERAL and before & _PLACE_END) else 0
    return bits | (UNSEEN if flag & _UNSEEN and before & _SEEN else 0)
