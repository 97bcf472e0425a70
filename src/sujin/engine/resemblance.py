"""What can be seen on two texts side by side, without having learnt a pair: how much of each is in
the other, in which order, how long they are, whether one denies, which numbers differ.

All figures are the same for (b, a) as for (a, b).
"""

import re
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from numba import njit

from sujin.engine.ngrams import Floats, Ints
from sujin.engine.pieces import Rows

SEEN = 24
_NEGATIONS = re.compile("[不没未无别勿非]")
_NUMBERS = re.compile(r"\d+")
_Codes = npt.NDArray[np.uint32]


def seen(ones: Sequence[str], others: Sequence[str], one: Rows, other: Rows, bits: int) -> Floats:
    """One line of `SEEN` figures for each pair of bare texts and their rows."""
    table = np.empty((len(ones), SEEN), np.float32)
    for place, (a, b) in enumerate(zip(ones, others, strict=True)):
        here = slice(one.ends[place], one.ends[place + 1])
        there = slice(other.ends[place], other.ends[place + 1])
        table[place, :12] = _shares(
            one.columns[here], one.values[here], other.columns[there], other.values[there], bits
        )
        table[place, 12:16] = _aligned(_codes(a), _codes(b))
        table[place, 16:] = _told(a, b)
    return table


def _told(a: str, b: str) -> list[float]:
    """Lengths, denials and numbers."""
    denied = [bool(_NEGATIONS.search(text)) for text in (a, b)]
    numbers = [set(_NUMBERS.findall(text)) for text in (a, b)]
    return [
        min(len(a), len(b)),
        max(len(a), len(b)),
        denied[0] != denied[1],
        denied[0] and denied[1],
        bool(numbers[0]) != bool(numbers[1]),
        len(numbers[0] & numbers[1]),
        len(numbers[0] ^ numbers[1]),
        a == b,
    ]


def _codes(text: str) -> _Codes:
    return np.frombuffer(text.encode("utf-32-le"), np.uint32)


@njit(cache=True)
def _shares(a: Ints, weights_a: Floats, b: Ints, weights_b: Floats, bits: int) -> Floats:
    """For pieces of one, two and three characters what is shared of both, of the smaller, of the
    greater; the cosine; the most telling pieces that only one text has."""
    masses = np.zeros((3, 3))  # shared, only in a, only in b; by length of the piece
    cosine, most = 0.0, np.zeros(3)
    i = j = 0
    while i < a.size or j < b.size:
        if j == b.size or (i < a.size and a[i] < b[j]):
            who, piece, weight = 1, a[i], weights_a[i]
            i += 1
        elif i == a.size or b[j] < a[i]:
            who, piece, weight = 2, b[j], weights_b[j]
            j += 1
        else:
            who, piece, weight = 0, a[i], (weights_a[i] + weights_b[j]) / 2
            cosine += weights_a[i] * weights_b[j]
            i, j = i + 1, j + 1
        masses[who, min(piece >> (bits - 2), 2)] += weight
        most[who] = max(most[who], weight)
    return _as_shares(masses, cosine, most)


@njit(cache=True)
def _as_shares(
    masses: npt.NDArray[np.float64], cosine: float, most: npt.NDArray[np.float64]
) -> Floats:
    shares = np.zeros(12, np.float32)
    for length in range(3):
        both, less = masses[0, length], min(masses[1, length], masses[2, length])
        more = max(masses[1, length], masses[2, length])
        shares[3 * length] = both / max(1e-9, both + less + more)
        shares[3 * length + 1] = both / max(1e-9, both + less)
        shares[3 * length + 2] = both / max(1e-9, both + more)
    shares[9], shares[10], shares[11] = cosine, min(most[1], most[2]), max(most[1], most[2])
    return shares


@njit(cache=True)
def _aligned(a: _Codes, b: _Codes) -> Floats:
    """The longest common subsequence against the longer and the shorter text, the longest common
    run, and that against the shorter text."""
    kept, run = np.zeros(b.size + 1, np.int64), np.zeros(b.size + 1, np.int64)
    longest = 0
    for i in range(a.size):
        corner, run_corner = 0, 0
        for j in range(1, b.size + 1):
            above, run_above = kept[j], run[j]
            is_same = a[i] == b[j - 1]
            kept[j] = corner + 1 if is_same else max(above, kept[j - 1])
            run[j] = run_corner + 1 if is_same else 0
            longest = max(longest, run[j])
            corner, run_corner = above, run_above
    shorter, longer = max(1, min(a.size, b.size)), max(1, a.size, b.size)
    figures = (kept[-1] / longer, kept[-1] / shorter, longest, longest / shorter)
    return np.array(figures, np.float32)
