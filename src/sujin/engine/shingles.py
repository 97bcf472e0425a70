"""A text as the passages it is made of, each a number: what the index of near-identical texts
compares.

A shingle (Broder, 1997) here is a run of units worth six characters: a Chinese character or a
run of digits is worth one, a word of letters two. So six characters of Chinese and three words
of English are one passage, marks and spaces are nothing, and the same letter with another date,
amount or telephone number is the same letter. Indexes on disk hold these numbers: a change here
is a new ``FORM``.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from numba import njit

from sujin.engine.ngrams import packed

FORM = 1
WORTH = 6  # six characters: at 200 characters a text, 1.2 % of passages are some stranger's too
CLAUSE_MIN = 3  # a shorter clause says nothing of its own
SHORTEST = 12  # worth of units; a shorter text is alike to strangers by chance
_ZERO, _NINE, _A, _Z = ord("0"), ord("9"), ord("a"), ord("z")
_BLANK = ord(" ")
_LETTERS_FROM, _MARKS_FROM, _HAN_FROM = 0xC0, 0x2000, 0x2E80
_CJK_MARKS_FROM, _KANA_FROM = 0x3000, 0x3040
_FULL_MARKS_FROM, _FULL_MARKS_TO = 0xFE10, 0xFF10
_MARK, _DIGIT, _LETTER, _SIGN, _SPACE = 0, 1, 2, 3, 4
_WORTHS = (0, 1, 2, 1, 0)

Hashes = npt.NDArray[np.uint32]
Ints = npt.NDArray[np.int64]
_Longs = npt.NDArray[np.uint64]


class Shingled(NamedTuple):
    """Passages of many texts end to end in reading order: those of text i are
    ``hashes[bounds[i]:bounds[i + 1]]``; none for a text too short to tell from others."""

    hashes: Hashes
    bounds: Ints


def shingled(texts: Sequence[str]) -> Shingled:
    """The passages of each text, folded first; repeated passages are repeated."""
    codes, starts = packed(texts)
    hashes = np.empty(codes.size, np.uint32)
    bounds = np.zeros(len(texts) + 1, np.int64)
    return Shingled(hashes[: _read(codes, starts, hashes, bounds)], bounds)


@njit(cache=True)
def _read(codes: Hashes, starts: Ints, hashes: Hashes, bounds: Ints) -> int:
    size = 0
    for text in range(bounds.size - 1):
        units, worths = _units(codes[starts[text] : starts[text + 1]])
        if worths.sum() >= SHORTEST:
            size += _passages(units, worths, hashes[size:])
        bounds[text + 1] = size
    return size


@njit(cache=True)
def _passages(units: _Longs, worths: Ints, hashes: Hashes) -> int:
    """Write the hash of the passage that begins at each unit of a clause and ends within it; a
    clause too short for one is a passage itself."""
    size = 0
    for first in range(units.size):
        value, worth, place = np.uint64(0), 0, first
        while worth < WORTH and place < units.size and worths[place] > 0:
            value = mixed(value ^ units[place])
            worth += worths[place]
            place += 1
        is_whole = first == 0 or worths[first - 1] == 0
        if worth >= WORTH or (is_whole and worth >= CLAUSE_MIN):
            hashes[size] = np.uint32(value >> np.uint64(32))
            size += 1
    return size


@njit(cache=True)
def _units(codes: Hashes) -> tuple[_Longs, Ints]:
    """Signs, words and runs of digits, and what each is worth in characters; a mark is worth 0."""
    units, worths = np.empty(codes.size, np.uint64), np.empty(codes.size, np.int64)
    size, before = 0, _MARK
    for code in codes:
        kind = _kind(code)
        goes_on = kind == before and kind != _SIGN
        if kind == _LETTER and goes_on:
            units[size - 1] = mixed(units[size - 1] ^ np.uint64(code))
        elif kind != _SPACE and not goes_on:
            units[size] = np.uint64(_ZERO if kind == _DIGIT else code)
            worths[size] = _WORTHS[kind]
            size += 1
        before = kind
    return units[:size], worths[:size]


@njit(cache=True)
def _kind(code: np.uint32) -> int:
    if _ZERO <= code <= _NINE:
        return _DIGIT
    if _A <= code <= _Z or _LETTERS_FROM <= code < _MARKS_FROM:
        return _LETTER
    is_mark = _CJK_MARKS_FROM <= code < _KANA_FROM or _FULL_MARKS_FROM <= code < _FULL_MARKS_TO
    if code == _BLANK:
        return _SPACE
    return _SIGN if code >= _HAN_FROM and not is_mark else _MARK


@njit(cache=True)
def mixed(number: np.uint64) -> np.uint64:
    """splitmix64 (Steele, Lea and Flood, 2014): neighbouring numbers end far apart."""
    number = number + np.uint64(0x9E3779B97F4A7C15)
    number = (number ^ (number >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    number = (number ^ (number >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return number ^ (number >> np.uint64(31))
