"""Rows of one, two and three characters, hashed to numbers: how a linear model reads a text.

"Feature hashing" (Weinberger and others, 2009). Training and prediction call the same functions,
so both read alike. Stored models depend on them: a change here is a new `FORM`.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from numba import njit

from sujin.engine.folding import fold

FORM = 1
LONGEST = 3

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float32]
_Codes = npt.NDArray[np.uint32]
# How much rows of one, two and three characters count. Chosen by five-fold cross-validation on
# real complaints: against equal weights macro-F1 rises from .641 to .655.
_LENGTH_WEIGHTS = (1.5, 1.0, 0.5)
_ZERO, _NINE = ord("0"), ord("9")


class Packed(NamedTuple):
    """Many folded texts end to end: `codes` are their characters, text i is
    `codes[bounds[i]:bounds[i + 1]]`."""

    codes: _Codes
    bounds: Ints


def packed(texts: Sequence[str]) -> Packed:
    """`texts` folded and laid end to end."""
    folded = [fold(text) for text in texts]
    bounds = np.zeros(len(folded) + 1, np.int64)
    np.cumsum([len(text) for text in folded], out=bounds[1:])
    return Packed(np.frombuffer("".join(folded).encode("utf-32-le"), np.uint32), bounds)


def length_weights(bits: int) -> Floats:
    """The weight of every number's rows, by their length."""
    quarter = 1 << (bits - 2)
    return np.repeat(np.array(_LENGTH_WEIGHTS, np.float32), (quarter, quarter, 2 * quarter))


@njit(cache=True)
def hashed(codes: _Codes, bits: int) -> Ints:
    """The number (below 2 ** bits) of every row of characters that begins at each place: first
    those of one character, two, three at the first place, then at the second.

    Numbers of rows of three are the upper half, of two the second quarter, of one the first.
    Every figure reads as zero: an amount or an account number is nothing to learn by heart.
    """
    numbers = np.empty(LONGEST * codes.size, np.int64)
    size = 0
    for start in range(codes.size):
        mixed = np.uint64(0)
        for length in range(1, min(LONGEST, codes.size - start) + 1):
            code = codes[start + length - 1]
            if _ZERO <= code <= _NINE:
                code = np.uint32(_ZERO)
            mixed = _mixed(mixed + np.uint64(code) + np.uint64(1))
            room = bits - 1 if length == LONGEST else bits - 2
            first = 0 if length == 1 else 1 << room
            numbers[size] = first + np.int64(mixed >> np.uint64(64 - room))
            size += 1
    return numbers[:size]


@njit(cache=True)
def _mixed(number: np.uint64) -> np.uint64:
    """splitmix64 (Steele, Lea and Flood, 2014): spreads neighbouring numbers far apart."""
    number = (number ^ (number >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    number = (number ^ (number >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return number ^ (number >> np.uint64(31))


@njit(cache=True)
def counted(codes: _Codes, bounds: Ints, bits: int) -> tuple[Ints, Ints, Floats]:
    """The texts as a sparse matrix in rows (row bounds, columns, 1 + log of how often)."""
    columns = np.empty(LONGEST * codes.size, np.int64)
    values = np.empty(LONGEST * codes.size, np.float32)
    ends = np.zeros(bounds.size, np.int64)
    size = 0
    for text in range(bounds.size - 1):
        numbers = np.sort(hashed(codes[bounds[text] : bounds[text + 1]], bits))
        first = 0
        while first < numbers.size:
            after = first + 1
            while after < numbers.size and numbers[after] == numbers[first]:
                after += 1
            columns[size], values[size] = numbers[first], 1 + np.log(after - first)
            size, first = size + 1, after
        ends[text + 1] = size
    return ends, columns[:size], values[:size]


@njit(cache=True)
def decided(codes: _Codes, bounds: Ints, idf: Floats, weights: Floats) -> Floats:
    """Each text's score for each class: weights times its tf-idf vector of length 1.

    `weights` hold the idf already; it is needed again for the length.
    """
    bits = int(np.log2(idf.size))
    scores = np.zeros((bounds.size - 1, weights.shape[1]), np.float32)
    for text in range(bounds.size - 1):
        numbers = np.sort(hashed(codes[bounds[text] : bounds[text + 1]], bits))
        first, square = 0, 0.0
        while first < numbers.size:
            number, after = numbers[first], first + 1
            while after < numbers.size and numbers[after] == number:
                after += 1
            value = np.float32(1.0) if after == first + 1 else np.float32(1 + np.log(after - first))
            square += (value * idf[number]) ** 2
            for each in range(weights.shape[1]):
                scores[text, each] += value * weights[number, each]
            first = after
        if square > 0:
            scores[text] /= np.float32(np.sqrt(square))
    return scores
