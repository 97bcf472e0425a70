"""A small fingerprint of a text, made so that like texts have like fingerprints.

MinHash (Broder, "On the resemblance and containment of documents", 1997) over triples of
characters, cut into bands for look-up (Leskovec, Rajaraman, Ullman, "Mining of Massive Datasets",
chapter 3). Signatures are stored, so the hash functions are fixed here and must never change.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from numba import njit

from sujin.engine.text import fold

HASHES = 64
BANDS = 16
SHORTEST = 12  # characters; a shorter text shares most of its triples with strangers by chance
_AT_ONCE = 4096  # texts per call of the kernel, so that memory does not grow with the input
_ROWS = HASHES // BANDS
_TRIPLE = 3
_ZERO, _NINE, _SPACE = ord("0"), ord("9"), ord(" ")
_GOLDEN = 0x9E3779B97F4A7C15  # splitmix64 (Steele, Lea, Flood, 2014)

_Words = npt.NDArray[np.uint32]


@dataclass(frozen=True, slots=True, eq=False)
class Signature:
    """``minhash`` holds 64 unsigned 32-bit minima, ``bands`` 16 signed 64-bit numbers of which two
    texts share at least one when they are much alike, ``shingles`` how many triples were read."""

    minhash: _Words
    bands: tuple[int, ...]
    shingles: int


def sign(texts: Sequence[str]) -> list[Signature | None]:
    """The signature of each text, in order; None for a text of fewer than 12 characters.

    Texts are folded, spaces are left out and every run of digits reads as one zero, so that the
    same letter with another date, amount or telephone number is the same letter.
    """
    signed: list[Signature | None] = []
    for first in range(0, len(texts), _AT_ONCE):
        signed += _sign_some([fold(text) for text in texts[first : first + _AT_ONCE]])
    return signed


def likeness(a: Signature, b: Signature) -> float:
    """The estimated share of triples two texts have in common (Jaccard index), 0 to 1.

    The standard error is at most 1/16 (64 independent hash functions).
    """
    return float(np.count_nonzero(a.minhash == b.minhash)) / HASHES


def _sign_some(folded: Sequence[str]) -> list[Signature | None]:
    points = np.frombuffer("".join(folded).encode("utf-32-le"), dtype=np.uint32)
    ends = np.cumsum(np.fromiter(map(len, folded), dtype=np.int64, count=len(folded)))
    minhash = np.empty((len(folded), HASHES), dtype=np.uint32)
    bands = np.empty((len(folded), BANDS), dtype=np.int64)
    shingles = np.empty(len(folded), dtype=np.int64)
    _kernel(points, ends, minhash, bands, shingles)
    return [
        Signature(words, tuple(band), count) if count else None
        for words, band, count in zip(minhash, bands.tolist(), shingles.tolist(), strict=True)
    ]


def _fill(
    points: _Words,
    ends: npt.NDArray[np.int64],
    minhash: _Words,
    bands: npt.NDArray[np.int64],
    shingles: npt.NDArray[np.int64],
) -> None:
    start = 0
    for text in range(len(ends)):
        kept = _masked(points[start : ends[text]])
        start = ends[text]
        shingles[text] = len(kept) - _TRIPLE + 1 if len(kept) >= SHORTEST else 0
        if shingles[text]:
            _least(kept, minhash[text])
            _band(minhash[text], bands[text])


def _mask(points: _Words) -> _Words:
    kept = np.empty(len(points), dtype=np.uint32)
    size = 0
    after_digit = False
    for point in points:
        is_digit = _ZERO <= point <= _NINE
        if point != _SPACE and not (is_digit and after_digit):
            kept[size] = _ZERO if is_digit else point
            size += 1
        if point != _SPACE:
            after_digit = is_digit
    return kept[:size]


def _minima(kept: _Words, least: _Words) -> None:
    least[:] = np.uint32(0xFFFFFFFF)
    for first in range(len(kept) - _TRIPLE + 1):
        packed = np.uint64(0)
        for offset in range(_TRIPLE):
            packed = (packed << np.uint64(21)) | np.uint64(kept[first + offset])
        word = np.uint32(_mixed(packed) >> np.uint64(32))
        for index in range(HASHES):
            value = np.uint32((word ^ _ADDENDS[index]) * _FACTORS[index])
            value = np.uint32((value ^ (value >> np.uint32(15))) * np.uint32(0x2C1B3C6D))
            value = np.uint32(value ^ (value >> np.uint32(12)))
            value = np.uint32(value * np.uint32(0x45D9F3B))
            least[index] = min(least[index], value)


def _banded(least: _Words, bands: npt.NDArray[np.int64]) -> None:
    for band in range(BANDS):
        value = np.uint64(band + 1)
        for row in range(_ROWS):
            value = _mixed(value ^ np.uint64(least[band * _ROWS + row]))
        bands[band] = np.int64(value)


def _mix(value: np.uint64) -> np.uint64:
    """One step of splitmix64: every bit of the result depends on every bit of ``value``."""
    value = np.uint64(value + np.uint64(_GOLDEN))
    value = (value ^ (value >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    value = (value ^ (value >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return value ^ (value >> np.uint64(31))


def _hash_functions() -> tuple[_Words, _Words]:
    """64 odd factors and 64 addends, the same on every machine and for ever."""
    with np.errstate(over="ignore"):
        words = [int(_mix(np.uint64(number))) >> 32 for number in range(2 * HASHES)]
    drawn = np.array(words, dtype=np.uint32)
    return drawn[:HASHES] | np.uint32(1), drawn[HASHES:]


_FACTORS, _ADDENDS = _hash_functions()
_mixed: Any = njit(cache=True)(_mix)
_masked: Any = njit(cache=True)(_mask)
_least: Any = njit(cache=True)(_minima)
_band: Any = njit(cache=True)(_banded)
_kernel: Any = njit(cache=True)(_fill)
