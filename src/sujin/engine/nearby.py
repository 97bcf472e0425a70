"""An index that finds the nearest texts among millions, built once and then only read.

Of every text it keeps the rarest passage of each window ("Winnowing", Schleimer, Wilkerson and
Aiken, 2003, with rarity instead of the hash as the order, so that letterheads and set phrases are
kept only where there is nothing else). A question looks up all its passages, rarest first, and
stops at a budget: set phrases cannot flood it. The texts with most weight are then compared
passage by passage.

Promise: a text that shares an unchanged run of ``WINDOW + 5`` characters with the question is met,
unless more than ``RARE_MAX`` texts keep each passage of that run.
"""

from collections.abc import Sequence
from dataclasses import dataclass, fields

import numpy as np
from numba import njit

from sujin.engine.lookup import Floats, answer
from sujin.engine.shingles import Hashes, Ints, shingled
from sujin.engine.winnow import cell_of, count, keep

AT_ONCE = 4096  # texts counted together, so that set phrases are known before the first is kept
_BITS_MIN, _BITS_MAX = 8, 26


@dataclass(frozen=True, slots=True, eq=False)
class Index:
    """Texts by their number: ``ids`` are the caller's, rising; ``sizes`` the different passages of
    each; ``kept[bounds[i]:bounds[i + 1]]`` those that are kept, sorted; ``postings[offsets[b]:
    offsets[b + 1]]`` the texts, oldest first, that keep a passage whose first bits are ``b``."""

    ids: Ints
    sizes: Hashes
    bounds: Ints
    kept: Hashes
    offsets: Hashes
    postings: Hashes

    def __len__(self) -> int:
        return int(self.ids.size)

    @property
    def size(self) -> int:
        """Bytes of all arrays."""
        return sum(getattr(self, field.name).nbytes for field in fields(self))

    @property
    def bits(self) -> int:
        return int(self.offsets.size - 1).bit_length() - 1


@dataclass(frozen=True, slots=True, eq=False)
class Nearest:
    """For each question a row, best first: ``ids`` (-1 where there is nothing more) and
    ``likeness``, the estimated share of rare passages that both texts have of all they have."""

    ids: Ints
    likeness: Floats


class Builder:
    """Reads texts once, in the order of their ids, and makes the index of them.

    ``expected`` texts decide how finely rarity is counted (2 bytes a cell, 64 cells a text).
    """

    def __init__(self, expected: int = 100_000) -> None:
        self._counts = np.zeros(1 << _bits(64 * expected), np.uint16)
        self._ids: list[Ints] = []
        self._sizes: list[Hashes] = []
        self._ends: list[Ints] = [np.zeros(1, np.int64)]
        self._kept: list[Hashes] = []
        self._total = 0

    def add(self, ids: Sequence[int], texts: Sequence[str]) -> None:
        """More texts, best ``AT_ONCE`` at a time. One too short has no passage and is never met."""
        hashes, bounds = shingled(texts)
        sizes = np.empty(len(texts), np.uint32)
        count(hashes, bounds, self._counts, sizes)
        kept, ends = keep(hashes, bounds, self._counts)
        self._ids.append(np.array(ids, np.int64))
        self._sizes.append(sizes)
        self._kept.append(kept)
        self._ends.append(ends + self._total)
        self._total += kept.size

    def finish(self) -> Index:
        """The index of everything added."""
        none = (np.zeros(0, np.int64), np.zeros(0, np.uint32))
        return inverted(
            np.concatenate((none[0], *self._ids)),
            np.concatenate((none[1], *self._sizes)),
            np.concatenate(self._ends),
            np.concatenate((none[1], *self._kept)),
        )


def built(ids: Sequence[int], texts: Sequence[str]) -> Index:
    """The index of these texts."""
    builder = Builder(len(texts))
    for first in range(0, len(texts), AT_ONCE):
        builder.add(ids[first : first + AT_ONCE], texts[first : first + AT_ONCE])
    return builder.finish()


def inverted(ids: Ints, sizes: Hashes, bounds: Ints, kept: Hashes) -> Index:
    """The index of texts whose kept passages are known."""
    bits = _bits(kept.size // 4)
    offsets = np.zeros((1 << bits) + 1, np.uint32)
    postings = np.empty(kept.size, np.uint32)
    _invert(bounds, kept, 32 - bits, offsets, postings)
    return Index(ids, sizes, bounds, kept, offsets, postings)


def joined(indexes: Sequence[Index]) -> Index:
    """One index of several whose ids follow each other; no text is read again."""
    ends = np.cumsum([0, *(index.kept.size for index in indexes)])
    bounds = [index.bounds[1:] + end for index, end in zip(indexes, ends[:-1], strict=True)]
    return inverted(
        np.concatenate([index.ids for index in indexes]),
        np.concatenate([index.sizes for index in indexes]),
        np.concatenate([np.zeros(1, np.int64), *bounds]),
        np.concatenate([index.kept for index in indexes]),
    )


def nearest(index: Index, texts: Sequence[str], *, top: int = 5) -> Nearest:
    """The ``top`` texts most like each of ``texts``; equal ones by age. Only what shares a kept
    passage is named, so a row may be shorter."""
    hashes, bounds = shingled(texts)
    places = np.full((len(texts), top), -1, np.int64)
    likeness = np.zeros((len(texts), top), np.float32)
    if len(index):
        answer(hashes, bounds, *_arrays(index), places, likeness)
    ids = np.where(places < 0, -1, index.ids[places]) if len(index) else places
    return Nearest(ids, likeness)


def best(answers: Sequence[Nearest], *, top: int = 5) -> Nearest:
    """The best of what several indexes answered to the same questions."""
    ids = np.concatenate([answer.ids for answer in answers], axis=1)
    likeness = np.concatenate([answer.likeness for answer in answers], axis=1)
    # Equal likeness: the older text first, and nothing (-1) always last.
    order = np.lexsort((ids, -likeness, ids < 0), axis=1)[:, :top]
    return Nearest(np.take_along_axis(ids, order, 1), np.take_along_axis(likeness, order, 1))


def _arrays(index: Index) -> tuple[Hashes, Ints, Hashes, Hashes, Hashes]:
    return index.sizes, index.bounds, index.kept, index.offsets, index.postings


def _bits(cells: int) -> int:
    return min(max(int(cells).bit_length(), _BITS_MIN), _BITS_MAX)


@njit(cache=True)
def _invert(bounds: Ints, kept: Hashes, shift: int, offsets: Hashes, postings: Hashes) -> None:
    """A counting sort by bucket that leaves the texts of each bucket in their order."""
    for value in kept:
        offsets[cell_of(value, shift) + 1] += np.uint32(1)
    for bucket in range(1, offsets.size):
        offsets[bucket] += offsets[bucket - 1]
    free = offsets[:-1].copy()
    for text in range(bounds.size - 1):
        for place in range(bounds[text], bounds[text + 1]):
            cell = cell_of(kept[place], shift)
            postings[free[cell]] = text
            free[cell] += np.uint32(1)
