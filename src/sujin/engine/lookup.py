"""How one question is put to an index: whom its passages meet, and how like they are.

Rare passages come first and are looked up to the end; of what thousands share only the oldest few
are met, so that the copies of a mass letter are found although none of its passages is rare.
"""

import numpy as np
import numpy.typing as npt
from numba import njit

from sujin.engine.shingles import Hashes, Ints
from sujin.engine.winnow import cell_of, distinct

RARE_MAX = 256  # texts that keep a passage, as long as it counts as rare
RARE_BUDGET = 4096  # texts met by the rare passages of one question, however often each
COMMON_EACH, COMMON_BUDGET = 64, 1536  # the same of a passage that is not rare
RARE_MET, COMMON_MET = 96, 16  # of the texts met, those that are compared by what both have
COMPARED = 32  # of those, the ones that are compared with all that the text itself has
_SLOTS = 2 * RARE_BUDGET

Floats = npt.NDArray[np.float32]


@njit(cache=True)
def answer(  # noqa: PLR0917 - a compiled function takes its arrays in order
    hashes: Hashes, questions: Ints, sizes: Hashes, bounds: Ints, kept: Hashes, offsets: Hashes,
    postings: Hashes, places: Ints, likeness: Floats,
) -> None:  # fmt: skip
    """For each question (its passages are ``hashes[questions[i]:questions[i + 1]]``) write the
    places of the texts most like it, best first, and how like they are."""
    slots, weights = np.full(_SLOTS, -1, np.int64), np.zeros(_SLOTS, np.float32)
    for row in range(questions.size - 1):
        asked = distinct(hashes[questions[row] : questions[row + 1]])
        lists = _lists(asked, offsets)
        tells = _tells(lists[:, 1] - lists[:, 0], sizes.size)
        rare, common = _met(lists, tells, postings, slots, weights)
        texts = np.unique(np.concatenate((rare, common)))
        shares = np.empty(texts.size, np.float32)
        for place in range(texts.size):
            own = kept[bounds[texts[place]] : bounds[texts[place] + 1]]
            shares[place] = _both(asked, tells, own)
        closest = texts[np.argsort(-shares, kind="mergesort")[:COMPARED]]
        found = np.empty(closest.size, np.float32)
        for place in range(closest.size):
            own = kept[bounds[closest[place]] : bounds[closest[place] + 1]]
            whole = _tells_of(own, offsets, sizes.size)
            part = _both(asked, tells, own) / max(whole, 1e-9)
            found[place] = _jaccard(part, sizes[closest[place]], asked.size)
        order = np.argsort(-found, kind="mergesort")[: places.shape[1]]
        places[row, : order.size] = closest[order]
        likeness[row, : order.size] = found[order]


@njit(cache=True)
def _lists(asked: Hashes, offsets: Hashes) -> Ints:
    """Where the texts that keep each passage begin and end in the postings."""
    lists = np.empty((asked.size, 2), np.int64)
    shift = _shift(offsets)
    for place in range(asked.size):
        bucket = cell_of(asked[place], shift)
        lists[place, 0], lists[place, 1] = offsets[bucket], offsets[bucket + 1]
    return lists


@njit(cache=True)
def _shift(offsets: Hashes) -> np.int64:
    return 32 - np.int64(np.log2(offsets.size - 1))


@njit(cache=True)
def _tells(lengths: Ints, texts: int) -> Floats:
    """How much a passage that ``length`` of ``texts`` keep tells: the square of its idf, as in the
    product of two tf-idf vectors."""
    idf = np.log2(1.0 + texts / np.where(lengths > 0, lengths, 1))
    return (idf * idf).astype(np.float32)


@njit(cache=True)
def _tells_of(own: Hashes, offsets: Hashes, texts: int) -> float:
    lists = _lists(own, offsets)
    return float(_tells(lists[:, 1] - lists[:, 0], texts).sum())


@njit(cache=True)
def _met(
    lists: Ints, tells: Floats, postings: Hashes, slots: Ints, weights: Floats
) -> tuple[Ints, Ints]:
    """The texts met with most weight by rare passages, and those met by the others."""
    lengths = lists[:, 1] - lists[:, 0]
    order = np.argsort(lengths, kind="mergesort")
    rare = np.searchsorted(lengths[order], RARE_MAX, side="right")
    first = _weigh(lists, tells, postings, order[:rare], RARE_MAX, RARE_BUDGET, slots, weights)
    by_rare = _heaviest(first, RARE_MET, slots, weights)
    second = _weigh(
        lists, tells, postings, order[rare:], COMMON_EACH, COMMON_BUDGET, slots, weights
    )
    return by_rare, _heaviest(second, COMMON_MET, slots, weights)


@njit(cache=True)
def _heaviest(filled: Ints, most: int, slots: Ints, weights: Floats) -> Ints:
    """The texts in the filled slots that weigh most; the table is empty again."""
    chosen = slots[filled[np.argsort(-weights[filled], kind="mergesort")[:most]]]
    slots[filled], weights[filled] = -1, 0.0
    return chosen


@njit(cache=True)
def _weigh(  # noqa: PLR0917
    lists: Ints, tells: Floats, postings: Hashes, order: Ints, each: int, budget: int,
    slots: Ints, weights: Floats,
) -> Ints:  # fmt: skip
    """Meet the oldest ``each`` texts of the lists in this order until the budget is spent; the
    slots of the table that were filled."""
    filled, size, spent = np.empty(budget, np.int64), 0, 0
    for place in order:
        first, length = lists[place, 0], min(lists[place, 1] - lists[place, 0], each)
        if spent + length > budget:
            break
        spent += length
        for text in postings[first : first + length]:
            slot = _slot(slots, np.int64(text))
            if slots[slot] < 0:
                slots[slot] = text
                filled[size] = slot
                size += 1
            weights[slot] += tells[place]
    return filled[:size]


@njit(cache=True)
def _slot(slots: Ints, text: np.int64) -> np.int64:
    """Where ``text`` stands in the table, or the empty place where it may."""
    slot = (text * 0x9E3779B1) & (_SLOTS - 1)
    while slots[slot] >= 0 and slots[slot] != text:
        slot = (slot + 1) & (_SLOTS - 1)
    return slot


@njit(cache=True)
def _both(asked: Hashes, tells: Floats, own: Hashes) -> float:
    """What the passages tell that stand in both sorted lists."""
    told, mine, theirs = np.float32(0), 0, 0
    while mine < own.size and theirs < asked.size:
        if own[mine] == asked[theirs]:
            told += tells[theirs]
            mine += 1
            theirs += 1
        elif own[mine] < asked[theirs]:
            mine += 1
        else:
            theirs += 1
    return float(told)


@njit(cache=True)
def _jaccard(part: float, size: int, asked: int) -> float:
    """The Jaccard index of all passages when ``part`` of one text's ``size`` are in the other."""
    common = part * size
    return min(1.0, common / max(asked + size - common, 1.0))
