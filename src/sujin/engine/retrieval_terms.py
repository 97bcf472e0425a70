"""What a text is searched by: rows of one to three characters, words, codes, numbers, expressions.

Chinese is read without a dictionary, in overlapping rows (Nie and Ren, 1999: rows of one and two
characters together beat either alone). A row is its own number, so no two share one; a word or an
expression has a hash in the upper half. The same function reads documents and queries.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from numba import njit

from sujin.engine import numerals
from sujin.engine.folding import fold
from sujin.engine.synonyms import Said, Synonyms, numbered

Keys = npt.NDArray[np.uint64]
Ints = npt.NDArray[np.int64]
Codes = npt.NDArray[np.uint32]

LONGEST_ROW = 3
BITS = 21  # of a code point
# E-1234, e_1234, 95#99 and 10.4.2 are one code each; what joins its parts does not count.
_WORDS = re.compile(r"[a-z0-9][a-z0-9#*]*(?:[-_./][a-z0-9#*]+)*")
_PARTS = re.compile(r"[a-z]{2,}|[0-9]{2,}")
_JOINTS = re.compile(r"[-_./]")
_LONGEST_WORD = 64
# 二十四小时 is 24小时: a number in characters is read as one only before what it counts.
_COUNTED = re.compile(
    r"[0-9.]*[〇零一二两三四五六七八九十百千万亿]+(?=个?(?:工作日|自然日|小时|分钟|月|[天日年周期次张元块岁万]))"
)


@dataclass(frozen=True, slots=True, eq=False)
class Terms:
    """The terms of one folded text in no order: `keys`, and from where to where each goes.

    `lengths` are 1 to 3 for rows of characters; else `WORD`, `CODE`, `GROUP` of expressions or
    `MEMBER` of one.
    """

    folded: str
    keys: Keys
    starts: Ints
    ends: Ints
    lengths: Ints
    said: tuple[Said, ...]


WORD, CODE, GROUP, MEMBER = 4, 5, 6, 7


def read(text: str, synonyms: Synonyms) -> Terms:
    """The terms of `text`; linear in its length."""
    folded = fold(text)
    rows, starts, lengths = _rows(codes_of(folded))
    said = tuple(synonyms.met(folded))
    others = [*_words(folded), *_numbers(folded), *_expressions(said, synonyms)]
    told = np.array([other[1:] for other in others], np.int64).reshape(len(others), 3)
    return Terms(
        folded,
        np.concatenate((rows, np.array([other[0] for other in others], np.uint64))),
        np.concatenate((starts, told[:, 0])),
        np.concatenate((starts + lengths, told[:, 1])),
        np.concatenate((lengths, told[:, 2])),
        said,
    )


def codes_of(folded: str) -> Codes:
    """The code points of a text."""
    return np.frombuffer(folded.encode("utf-32-le"), np.uint32)


def row_key(characters: str) -> int:
    """The number of a row of one to three characters, the first in the highest place."""
    padded = [*map(ord, characters), 0, 0][:LONGEST_ROW]
    return (padded[0] << 2 * BITS) | (padded[1] << BITS) | padded[2]


_Other = tuple[int, int, int, int]  # key, start, end, length


def _words(folded: str) -> Iterator[_Other]:
    for found in _WORDS.finditer(folded):
        whole = _JOINTS.sub("", found[0])[:_LONGEST_WORD]
        parts = list(_PARTS.finditer(found[0]))
        kind = WORD if whole.isalpha() else CODE
        yield numbered("word", whole), found.start(), found.end(), kind
        for part in parts:
            if part[0] != whole:
                start = found.start() + part.start()
                words = part[0][:_LONGEST_WORD]
                yield numbered("word", words), start, start + len(part[0]), WORD


def _numbers(folded: str) -> Iterator[_Other]:
    for found in _COUNTED.finditer(folded):
        number = numerals.read(numerals.level(found[0]))
        if number is not None and number.value == number.value.to_integral_value():
            yield numbered("word", f"{int(number.value)}"), found.start(), found.end(), WORD


def _expressions(said: tuple[Said, ...], synonyms: Synonyms) -> Iterator[_Other]:
    for one in said:
        end = one.start + len(one.words)
        yield synonyms.numbers[one.words], one.start, end, MEMBER
        for group in one.groups:
            yield synonyms.group_numbers[group], one.start, end, GROUP


def _rows(codes: Codes) -> tuple[Keys, Ints, Ints]:
    keys, starts, lengths = _rows_of(codes)
    return keys, starts, lengths


@njit(cache=True)
def is_unspaced(code: np.uint32) -> bool:
    """Kana, Han with its extensions, Hangul: what is written without spaces."""
    if code < 0x3007:
        return False
    if code <= 0x9FFF:
        return bool(code == 0x3007 or 0x3040 <= code < 0x3100 or code >= 0x3400)
    return bool(0xAC00 <= code <= 0xD7A3 or 0xF900 <= code <= 0xFAFF or 0x20000 <= code < 0x40000)


@njit(cache=True)
def _is_letter(code: np.uint32) -> bool:
    """Latin letters of folded text and figures: k宝 and 2类 are rows, too."""
    return bool(97 <= code <= 122 or 48 <= code <= 57)


@njit(cache=True)
def _rows_of(codes: Codes) -> tuple[Keys, Ints, Ints]:
    """Every row of one to three characters that holds an unspaced one."""
    room = LONGEST_ROW * codes.size
    keys, starts = np.empty(room, np.uint64), np.empty(room, np.int64)
    lengths = np.empty(room, np.int64)
    size = 0
    for start in range(codes.size):
        key, has = np.uint64(0), False
        for length in range(1, min(LONGEST_ROW, codes.size - start) + 1):
            code = codes[start + length - 1]
            unspaced = is_unspaced(code)
            if not (unspaced or _is_letter(code)):
                break
            has = has or unspaced
            key |= np.uint64(code) << np.uint64(BITS * (LONGEST_ROW - length))
            if has:
                keys[size], starts[size], lengths[size] = key, start, length
                size += 1
    return keys[:size], starts[:size], lengths[:size]
