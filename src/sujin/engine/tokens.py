"""Search tokens for Chinese without a dictionary: overlapping pairs of characters, and words.

A run of Chinese characters is indexed by all its pairs and by its last character; Latin words and
numbers are indexed whole. A phrase is found by requiring all its pairs. One character alone is
found as the *beginning* of a token (PostgreSQL `'卡':*`): wherever it stands in a run, it either
begins a pair or is the last character. `tsquery` writes that out.

Why not index every single character: on 11,557 real complaints and answers it made the GIN index
21 % and the token column 53 % larger; the last characters cost 4 % and 8 %, and the prefix finds
the same texts.
"""

import re
from collections.abc import Iterable
from functools import cache
from operator import add

import numpy as np
import numpy.typing as npt
from numba import njit

from sujin.engine.folding import fold

# Scripts written without spaces: kana, Han with its extensions and compatibility blocks, Hangul.
_UNSPACED = (
    "\u3005-\u3007\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7a3\uf900-\ufaff"
    "\U00020000-\U0003ffff"
)
_LAST_UNSPACED_PLANE_ENDS = 0x40000
_RUNS = re.compile(f"[{_UNSPACED}]+")
_WORDS = re.compile(rf"[^\W_{_UNSPACED}]+")
# PostgreSQL refuses lexemes over 2 KB; nobody searches for a word of more than 64 characters.
_LONGEST_WORD = 64
# A pair of code points packed in one number, the first above the second, sorts as the text does.
_BITS = 21
_SECOND = (1 << _BITS) - 1
_SEPARATOR = ord("\n")

_Codes = npt.NDArray[np.uint32]


def search_tokens(text: str, limit: int = 4000) -> list[str]:
    """The distinct tokens of `text`, sorted, by which it can be found.

    A text with more than `limit` of them is indexed by its first `limit` characters, so the head
    of an over-long text stays findable. Give redacted text where numbers must not be searchable.
    """
    folded = fold(text)
    tokens = _tokens(folded)
    return tokens if len(tokens) <= limit else _tokens(folded[:limit])


def query_tokens(query: str) -> list[str]:
    """The distinct tokens that a text must all have to match `query`, sorted.

    Every text that contains each run of the query is found; a text that holds all pairs of a run
    in scattered places is found as well. A token of one Chinese character stands for every token
    that begins with it: see `tsquery`. Nothing searchable gives an empty list.
    """
    folded = fold(query)
    tokens = {word[:_LONGEST_WORD] for word in _WORDS.findall(folded)}
    for run in _RUNS.findall(folded):
        tokens.update(map(add, run, run[1:]) if len(run) > 1 else run)
    return sorted(tokens)


def tsquery(query: str) -> str:
    """`query` in PostgreSQL's tsquery syntax, one Chinese character alone as a prefix.

    Empty when nothing in the query is searchable. Tokens hold letters and digits only, so no
    part of a query can leave its quotes.
    """
    return " & ".join(f"'{token}'{_prefix_mark(token)}" for token in query_tokens(query))


def _prefix_mark(token: str) -> str:
    return ":*" if len(token) == 1 and _RUNS.match(token) else ""


def _tokens(folded: str) -> list[str]:
    if not folded:
        return []
    codes = np.frombuffer(folded.encode("utf-32-le"), np.uint32)
    pairs = _pairs(codes, _is_unspaced()).tobytes().decode("utf-32-le").split("\n")
    del pairs[-1]
    return _merged(_WORDS.findall(folded), pairs)


def _merged(words: Iterable[str], pairs: list[str]) -> list[str]:
    distinct = sorted({word[:_LONGEST_WORD] for word in words})
    both = distinct + pairs
    if distinct and pairs and distinct[-1] > pairs[0]:
        both.sort()
    return both


@cache
def _is_unspaced() -> npt.NDArray[np.bool_]:
    chars = "".join(map(chr, range(_LAST_UNSPACED_PLANE_ENDS)))
    table = np.zeros(_LAST_UNSPACED_PLANE_ENDS, np.bool_)
    for run in _RUNS.finditer(chars):
        table[run.start() : run.end()] = True
    return table


@njit(cache=True)
def _pairs(codes: _Codes, is_unspaced: npt.NDArray[np.bool_]) -> _Codes:
    """Distinct pairs and last characters of the runs in `codes`, sorted, each ending in a newline.

    Code points out and in, because building one string and splitting it is three times as fast
    as building two hundred small ones.
    """
    keys = np.empty(codes.size, np.int64)
    found = 0
    for at in range(codes.size):
        code = np.int64(codes[at])
        if code < is_unspaced.size and is_unspaced[code]:
            after = np.int64(codes[at + 1]) if at + 1 < codes.size else 0
            joins = after < is_unspaced.size and is_unspaced[after]
            keys[found] = (code << _BITS) | (after if joins else 0)
            found += 1
    return _spelt_out(np.sort(keys[:found]))


@njit(cache=True)
def _spelt_out(keys: npt.NDArray[np.int64]) -> _Codes:
    spelt = np.empty(3 * keys.size, np.uint32)
    length = 0
    for place, key in enumerate(keys):
        if place and key == keys[place - 1]:
            continue
        for code in (key >> _BITS, key & _SECOND, _SEPARATOR):
            if code:
                spelt[length] = code
                length += 1
    return spelt[:length]
