"""What is worth looking for in a text, found in one pass over its characters.

Most complaints hold no number and name nobody. One look at each character and its neighbour tells
which searches can find something; the others are not begun.
"""

import re
from functools import cache

import numpy as np
import numpy.typing as npt
from numba import njit

from sujin.engine.digits import SEPARATORS, SHORTEST, SPOKEN
from sujin.engine.drawn import SUSPECTS
from sujin.engine.dwellings import PLACE_ENDS
from sujin.engine.papers import PROVINCES
from sujin.engine.persons import CUE_ENDS, DOTS, SURNAME_STARTS

ROW, NAME, ADDRESS, PLATE, DWELLING, PERSON, FOREIGN, DRAWN = 1, 2, 4, 8, 16, 32, 64, 128
_SHORTEST_NAME = 6
# What a character may be.
_AT, _FIGURE, _SPOKEN_DIGIT, _LATIN, _HYPHEN, _SEPARATOR = 1, 2, 4, 8, 16, 32
_PROVINCE, _PLACE_END, _BUILDING, _CUE_END, _SURNAME, _DOT = 64, 128, 256, 512, 1024, 2048
_HAN, _TENS, _DRAWN = 4096, 8192, 16384
_OF_NUMBERS = _FIGURE | _SPOKEN_DIGIT | _LATIN | _HYPHEN | _SEPARATOR
_NUMERAL = _FIGURE | _SPOKEN_DIGIT | _TENS
_LAST_CODE = 0x20000  # no decimal digit lies beyond


def prospects(text: str) -> int:
    """Bit ``ROW`` where eleven digits may stand in a row, ``NAME`` where six Latin letters or
    figures stand together, ``ADDRESS`` where an @ stands, ``PLATE`` where a letter follows a
    province, ``DWELLING`` where a number follows a street or stands before a building, ``PERSON``
    where a surname follows a word that announces one or begins a clause, ``FOREIGN`` at a dot,
    ``DRAWN`` where a digit may be drawn."""
    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)
    bits: int = _prospects(codes, _flags())
    return bits


@cache
def _flags() -> npt.NDArray[np.uint16]:
    flags = np.zeros(_LAST_CODE, np.uint16)
    chars = list(map(chr, range(_LAST_CODE)))
    for flag, found in (
        (_SEPARATOR, filter(re.compile(f"[{SEPARATORS}()（）]").match, chars)),
        (_FIGURE, filter(str.isdecimal, chars)),
        (_SPOKEN_DIGIT, SPOKEN),
        (_LATIN, filter(re.compile("[A-Za-z_Ａ-Ｚａ-ｚ＿]").match, chars)),
        (_HYPHEN, "-－"),
        (_AT, "@＠"),
        (_PROVINCE, PROVINCES),
        (_PLACE_END, PLACE_ENDS),
        (_BUILDING, "栋幢座楼单"),
        (_CUE_END, CUE_ENDS),
        (_SURNAME, SURNAME_STARTS),
        (_DOT, DOTS),
        (_HAN, map(chr, range(0x4E00, 0xA000))),
        (_TENS, "十百"),
        (_DRAWN, SUSPECTS),
    ):
        flags[list(map(ord, found))] |= flag
    flags[list(map(ord, "-－"))] &= ~np.uint16(_SEPARATOR)
    return flags


@njit(cache=True)
def _prospects(codes: npt.NDArray[np.uint32], flags: npt.NDArray[np.uint16]) -> int:
    figures = spoken = latin = bits = before = 0
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
        bits |= _paired(before, flag)
        before = flag
    return bits


@njit(cache=True)
def _paired(before: int, flag: int) -> int:
    """What a character says together with the one before it."""
    bits = FOREIGN if flag & _HAN and before & _DOT else 0
    bits |= PLATE if flag & _LATIN and before & _PROVINCE else 0
    is_counted = flag & _BUILDING and before & _NUMERAL
    bits |= DWELLING if is_counted or (flag & _NUMERAL and before & _PLACE_END) else 0
    if flag & _SURNAME and (before & _CUE_END or not before & _HAN):
        bits |= PERSON
    return bits
