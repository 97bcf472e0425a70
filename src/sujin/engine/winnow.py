"""Which passages of a text an index keeps: the rarest of every window of neighbours.

"Winnowing" (Schleimer, Wilkerson and Aiken, 2003) with rarity instead of the hash as the order:
letterheads and set phrases are kept only where a window holds nothing else.
"""

import numpy as np
import numpy.typing as npt
from numba import njit

from sujin.engine.shingles import Hashes, Ints

WINDOW = 6  # passages; some 55 of 200 are kept, and a run of 11 shared characters is enough
KEPT_MAX = 512  # passages of one text, however long it is
_COUNT_MAX = 65_535

Counts = npt.NDArray[np.uint16]


@njit(cache=True)
def distinct(hashes: Hashes) -> Hashes:
    ordered = np.sort(hashes)
    size = 0
    for place in range(ordered.size):
        if place == 0 or ordered[place] != ordered[place - 1]:
            ordered[size] = ordered[place]
            size += 1
    return ordered[:size]


@njit(cache=True)
def count(hashes: Hashes, bounds: Ints, counts: Counts, sizes: Hashes) -> None:
    """In how many texts each passage stands, so far."""
    shift = _shift(counts)
    for text in range(sizes.size):
        different = distinct(hashes[bounds[text] : bounds[text + 1]])
        sizes[text] = different.size
        for value in different:
            cell = cell_of(value, shift)
            if counts[cell] < _COUNT_MAX:
                counts[cell] += np.uint16(1)


@njit(cache=True)
def keep(hashes: Hashes, bounds: Ints, counts: Counts) -> tuple[Hashes, Ints]:
    """The passages kept of each text, sorted, each once; and where each text's end."""
    shift = _shift(counts)
    kept, ends = np.empty(hashes.size, np.uint32), np.empty(bounds.size - 1, np.int64)
    size = 0
    for text in range(ends.size):
        own = hashes[bounds[text] : bounds[text + 1]]
        ranks = np.empty(own.size, np.uint64)
        for place in range(own.size):
            rarity = np.uint64(counts[cell_of(own[place], shift)])
            ranks[place] = (rarity << np.uint64(32)) | np.uint64(own[place])
        chosen = _winnowed(ranks, max(1, min(WINDOW, own.size // 4), own.size // (KEPT_MAX // 2)))
        kept[size : size + chosen.size] = chosen
        size += chosen.size
        ends[text] = size
    return kept[:size].copy(), ends


@njit(cache=True)
def _shift(counts: Counts) -> np.int64:
    return 32 - np.int64(np.log2(counts.size))


@njit(cache=True)
def cell_of(value: np.uint32, shift: int | np.int64) -> np.int64:
    """The number that a hash's first ``32 - shift`` bits are."""
    return np.int64(value) >> shift


@njit(cache=True)
def _winnowed(ranks: npt.NDArray[np.uint64], window: int) -> Hashes:
    """The least of every ``window`` neighbours."""
    chosen = np.empty(ranks.size, np.uint32)
    size, least = 0, -1
    for last in range(window - 1, ranks.size):
        first = last - window + 1
        if least < first:
            least = first + int(np.argmin(ranks[first : last + 1]))
        elif ranks[last] < ranks[least]:
            least = last
        else:
            continue
        chosen[size] = np.uint32(ranks[least] & np.uint64(0xFFFFFFFF))
        size += 1
    return distinct(chosen[:size])
