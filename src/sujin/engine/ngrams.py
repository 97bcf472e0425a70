"""How a linear model reads a text: pieces of it, hashed to numbers.

Chinese, and any script written without spaces, gives rows of one to three characters. A word in
Latin letters gives itself, itself after the word before it, and its own rows of two to five
letters with both of its edges, so that a misspelt word is still half understood. "Feature
hashing" (Weinberger and others, 2009). Training and prediction call the same functions, so both
read alike. Stored models depend on them: a change here is a new `FORM`.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from numba import njit

from sujin.engine.folding import fold

FORM = 2
LONGEST = 3  # characters in a row of a script without spaces

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float32]
_Codes = npt.NDArray[np.uint32]
# How much rows of one, two and three characters count. Chosen by five-fold cross-validation on
# real complaints: against equal weights macro-F1 rises from .641 to .655.
_LENGTH_WEIGHTS = (1.5, 1.0, 0.5)
_ZERO, _NINE = ord("0"), ord("9")
_SPACE, _EDGE = ord(" "), 1
_SHORTEST_PART, _LONGEST_PART, _LONGEST_WORD = 2, 5, 40
_MOST_PER_CHARACTER = 6
# Seeds that keep apart the numbers of a word, two words and a part of one.
_WORD, _PAIR, _PART = np.uint64(11), np.uint64(22), np.uint64(33)
MOST_TIMES = 255


class Packed(NamedTuple):
    """Many folded texts end to end: `codes` are their characters, text i is
    `codes[bounds[i]:bounds[i + 1]]`."""

    codes: _Codes
    bounds: Ints


class Pieces(NamedTuple):
    """What a text is read as: each piece's number, and from where to where it goes."""

    numbers: Ints
    starts: Ints
    ends: Ints


def packed(texts: Sequence[str]) -> Packed:
    """`texts` folded and laid end to end."""
    folded = [fold(text) for text in texts]
    bounds = np.zeros(len(folded) + 1, np.int64)
    np.cumsum([len(text) for text in folded], out=bounds[1:])
    return Packed(np.frombuffer("".join(folded).encode("utf-32-le"), np.uint32), bounds)


def length_weights(bits: int) -> Floats:
    """The weight of every number's pieces: rows of one character and whole words are the first
    quarter, rows of two the second, rows of three and parts of words the upper half."""
    quarter = 1 << (bits - 2)
    return np.repeat(np.array(_LENGTH_WEIGHTS, np.float32), (quarter, quarter, 2 * quarter))


@njit(cache=True)
def pieces(codes: _Codes, bits: int) -> Pieces:
    """The pieces of one text in its order, each with a number below 2 ** bits.

    Every figure reads as zero: an amount or an account number is nothing to learn by heart.
    """
    room = _MOST_PER_CHARACTER * codes.size + 1
    found = Pieces(np.empty(room, np.int64), np.empty(room, np.int64), np.empty(room, np.int64))
    size, at, before, began = 0, 0, np.uint64(0), 0
    while at < codes.size:
        if _is_latin(codes[at]):
            end = at
            while end < codes.size and _is_latin(codes[end]) and end - at < _LONGEST_WORD:
                end += 1
            size, word = _of_word(codes, (at, end), bits, found, size)
            if before:
                pair = _number(_mixed(before + word + _PAIR), bits, 1)
                size = _put(found, size, pair, began, end)
            at, before, began = end, word, at
        else:
            is_gap = codes[at] == _SPACE and at + 1 < codes.size and _is_latin(codes[at + 1])
            if not is_gap:
                size = _of_rows(codes, at, bits, found, size)
                before = np.uint64(0)
            at += 1
    return Pieces(found.numbers[:size], found.starts[:size], found.ends[:size])


@njit(cache=True)
def _is_latin(code: np.uint32) -> np.bool_:
    return 97 <= code <= 122 or 0xDF <= code <= 0x24F


@njit(cache=True)
def _put(found: Pieces, size: int, number: int, start: int, end: int) -> int:
    found.numbers[size], found.starts[size], found.ends[size] = number, start, end
    return size + 1


@njit(cache=True)
def _of_rows(codes: _Codes, start: int, bits: int, found: Pieces, size: int) -> int:
    mixed = np.uint64(0)
    for length in range(1, min(LONGEST, codes.size - start) + 1):
        code = codes[start + length - 1]
        if _ZERO <= code <= _NINE:
            code = np.uint32(_ZERO)
        mixed = _mixed(mixed + np.uint64(code) + np.uint64(1))
        size = _put(found, size, _number(mixed, bits, length), start, start + length)
    return size


@njit(cache=True)
def _of_word(
    codes: _Codes, span: tuple[int, int], bits: int, found: Pieces, size: int
) -> tuple[int, np.uint64]:
    """The word whole, then its parts; the word's own hash comes back for the pair it may make."""
    start, end = span
    word = _WORD
    for at in range(start, end):
        word = _mixed(word + np.uint64(codes[at]) + np.uint64(1))
    size = _put(found, size, _number(word, bits, 1), start, end)
    for first in range(start - 1, end):
        mixed = _PART
        for at in range(first, min(first + _LONGEST_PART, end + 1)):
            code = codes[at] if start <= at < end else np.uint32(_EDGE)
            mixed = _mixed(mixed + np.uint64(code) + np.uint64(1))
            if at - first + 1 >= _SHORTEST_PART:
                number = _number(mixed, bits, LONGEST)
                size = _put(found, size, number, max(first, start), min(at + 1, end))
    return size, word


@njit(cache=True)
def _number(mixed: np.uint64, bits: int, length: int) -> int:
    room = bits - 1 if length == LONGEST else bits - 2
    first = 0 if length == 1 else 1 << room
    return int(first + np.int64(mixed >> np.uint64(64 - room)))


@njit(cache=True)
def _mixed(number: np.uint64) -> np.uint64:
    """splitmix64 (Steele, Lea and Flood, 2014): spreads neighbouring numbers far apart."""
    number = (number ^ (number >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    number = (number ^ (number >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return number ^ (number >> np.uint64(31))


@njit(cache=True)
def _distinct(numbers: Ints, times: npt.NDArray[np.uint8]) -> int:
    """Bring each number once to the front, in the order of the text; how many there are.
    `times` gets how often each occurs, 255 at most, and must be nought before."""
    size = 0
    for number in numbers:
        if times[number] == 0:
            numbers[size] = number
            size += 1
        if times[number] < MOST_TIMES:
            times[number] += np.uint8(1)
    return size


@njit(cache=True)
def counted(codes: _Codes, bounds: Ints, bits: int) -> tuple[Ints, Ints, Floats]:
    """The texts as a sparse matrix in rows (row bounds, columns, 1 + log of how often)."""
    columns = np.empty(_MOST_PER_CHARACTER * codes.size + bounds.size, np.int64)
    values = np.empty(columns.size, np.float32)
    ends = np.zeros(bounds.size, np.int64)
    times = np.zeros(1 << bits, np.uint8)
    size = 0
    for text in range(bounds.size - 1):
        numbers = pieces(codes[bounds[text] : bounds[text + 1]], bits).numbers
        for number in numbers[: _distinct(numbers, times)]:
            columns[size], values[size] = number, 1 + np.log(times[number])
            times[number] = 0
            size += 1
        ends[text + 1] = size
    return ends, columns[:size], values[:size]


@njit(cache=True)
def decided(codes: _Codes, bounds: Ints, idf: Floats, weights: Floats) -> Floats:
    """Each text's score for each class: weights times its tf-idf vector of length 1.

    `weights` hold the idf already; it is needed again for the length.
    """
    bits = int(np.log2(idf.size))
    scores = np.zeros((bounds.size - 1, weights.shape[1]), np.float32)
    times = np.zeros(1 << bits, np.uint8)
    logs = (1 + np.log(np.maximum(1, np.arange(MOST_TIMES + 1)))).astype(np.float32)
    for text in range(bounds.size - 1):
        numbers = pieces(codes[bounds[text] : bounds[text + 1]], bits).numbers
        square = np.float32(0)
        for number in numbers[: _distinct(numbers, times)]:
            value = logs[times[number]]
            times[number] = 0
            square += (value * idf[number]) ** 2
            for each in range(weights.shape[1]):
                scores[text, each] += value * weights[number, each]
        if square > 0:
            scores[text] /= np.sqrt(square)
    return scores


@njit(cache=True)
def shared_out(found: Pieces, votes: Floats, length: int) -> npt.NDArray[np.float64]:
    """What every character of a text of `length` brings: each distinct piece's vote, dampened by
    how often it occurs as `decided` does it, divided evenly among the characters it covers.

    `votes` are those of `found.numbers`, place by place. The sum over the characters is the sum
    over the distinct pieces of vote times (1 + log of how often).
    """
    brought = np.zeros(length)
    order = np.argsort(found.numbers)
    first = 0
    while first < order.size:
        after = first + 1
        while after < order.size and found.numbers[order[after]] == found.numbers[order[first]]:
            after += 1
        share = (1 + np.log(min(after - first, MOST_TIMES))) / (after - first)
        for place in order[first:after]:
            start, end = found.starts[place], found.ends[place]
            brought[start:end] += votes[place] * share / (end - start)
        first = after
    return brought
