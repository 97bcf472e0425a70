"""Which text holds which term how weightily: built once, then only read.

A term's weight in a text is BM25F (Robertson, Zaragoza and Taylor, 2004; Robertson and Zaragoza,
"The Probabilistic Relevance Framework", 2009): occurrences are weighted by their field before they
saturate. Here by their place as well, because an answer says what it is about first.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt
from numba import njit

from sujin.engine.retrieval_terms import BITS, Ints, Keys

Floats = npt.NDArray[np.float32]
Docs = npt.NDArray[np.int32]

SATURATION, LENGTH_PENALTY = 1.2, 0.9  # k1 and b of BM25
_PAIR = 2


@dataclass(frozen=True, slots=True, eq=False)
class Heap:
    """All terms of many texts, text by text: `keys[bounds[i]:bounds[i + 1]]` are those of text i,
    each with how much it counts there."""

    keys: Keys
    counts: Floats
    lengths: Ints
    bounds: Ints


@dataclass(frozen=True, eq=False)
class Postings:
    """Term `keys[i]` is in the texts `docs[bounds[i]:bounds[i + 1]]`, ascending, with these
    `impacts` (without idf)."""

    keys: Keys
    bounds: Ints
    docs: Docs
    impacts: Floats
    size: int

    def places(self, keys: Keys) -> Ints:
        """Where each key is among the terms; -1 for one that no text holds."""
        if not self.keys.size:
            return np.full(keys.size, -1, np.int64)
        found = np.minimum(np.searchsorted(self.keys, keys), self.keys.size - 1)
        return np.where(self.keys[found] == keys, found, -1)

    def in_texts(self, places: Ints) -> Ints:
        """In how many texts each of the terms at these places is; 0 at -1."""
        return np.where(places < 0, 0, self.bounds[places + 1] - self.bounds[places])

    def idf(self, in_texts: Ints) -> Floats:
        """How telling a term is that so many texts hold (Robertson and Sparck Jones, 1976)."""
        idf = np.log(1 + (self.size - in_texts + 0.5) / (in_texts + 0.5))
        return np.asarray(idf, np.float32)

    def scores(self, places: Ints, weights: Floats) -> Floats:
        """Every text's sum of weight times impact over the terms at these places."""
        found = np.zeros(self.size, np.float32)
        _add(places, weights, self.bounds, self.docs, self.impacts, found)
        return found

    def impacts_in(self, places: Ints, texts: Ints) -> Floats:
        """Text by text, what each of the terms counts in it; 0 for one that it does not hold."""
        found: Floats = _impacts_in(places, texts, self.bounds, self.docs, self.impacts)
        return found

    @cached_property
    def characters(self) -> tuple[Ints, Ints]:
        """The single characters among the terms, and in how many texts each is."""
        is_row = self.keys < np.uint64(1 << 63)
        places = np.flatnonzero(is_row & (self.keys & np.uint64((1 << 2 * BITS) - 1) == 0))
        return (self.keys[places] >> np.uint64(2 * BITS)).astype(np.int64), self.in_texts(places)


def heaped(texts: Sequence[tuple[Keys, Floats, Ints]]) -> Heap:
    """The terms of texts given one by one as (keys, counts, lengths)."""
    bounds = np.zeros(len(texts) + 1, np.int64)
    np.cumsum([keys.size for keys, _, _ in texts], out=bounds[1:])
    nothing = (np.zeros(0, np.uint64), np.zeros(0, np.float32), np.zeros(0, np.int64))
    keys, counts, lengths = zip(nothing, *texts, strict=True)
    return Heap(np.concatenate(keys), np.concatenate(counts), np.concatenate(lengths), bounds)


def saturated(heap: Heap) -> Postings:
    """BM25F impacts: k1 + 1 at most, less in a long text."""
    keys, docs, counts = _summed(heap)
    size = heap.bounds.size - 1
    long = np.bincount(_of_text(heap), heap.counts * (heap.lengths == _PAIR), size)
    relative = long / max(float(long.mean()) if size else 1.0, 1e-9)
    limits = SATURATION * (1 - LENGTH_PENALTY + LENGTH_PENALTY * relative)
    impacts = counts * (SATURATION + 1) / (counts + limits[docs])
    return _inverted(keys, docs, impacts.astype(np.float32), size)


def normed(heap: Heap, collection: Postings, by_length: Floats) -> Postings:
    """Impacts that make a query's weighted sum a cosine, once it is divided by the query's norm.
    How telling a term is comes from the larger `collection`."""
    keys, docs, _counts = _summed(heap)
    size = heap.bounds.size - 1
    order = np.argsort(heap.keys, kind="stable")
    weights = by_length[heap.lengths[order][np.searchsorted(heap.keys[order], keys)]]
    idf = collection.idf(collection.in_texts(collection.places(keys)))
    norms = np.sqrt(np.bincount(docs, idf * idf * weights, size))
    told = weights > 0
    impacts = (idf / np.maximum(norms, 1e-9)[docs])[told]
    return _inverted(keys[told], docs[told], impacts.astype(np.float32), size)


def _of_text(heap: Heap) -> Ints:
    return np.repeat(np.arange(heap.bounds.size - 1), np.diff(heap.bounds))


def _summed(heap: Heap) -> tuple[Keys, Ints, npt.NDArray[np.float64]]:
    """Each term of each text once, by term and then text, with the sum of what it counts."""
    texts = _of_text(heap)
    order = np.lexsort((texts, heap.keys))
    keys, docs = heap.keys[order], texts[order]
    if not keys.size:
        return keys, docs, np.zeros(0)
    first = np.ones(keys.size, np.bool_)
    first[1:] = (keys[1:] != keys[:-1]) | (docs[1:] != docs[:-1])
    sums = np.add.reduceat(heap.counts[order].astype(np.float64), np.flatnonzero(first))
    return keys[first], docs[first], sums


def _inverted(keys: Keys, docs: Ints, impacts: Floats, size: int) -> Postings:
    distinct, firsts = np.unique(keys, return_index=True)
    bounds = np.append(firsts, keys.size).astype(np.int64)
    return Postings(distinct, bounds, docs.astype(np.int32), impacts, size)


@njit(cache=True)
def _add(  # noqa: PLR0917 - a compiled function takes its arrays in order
    places: Ints, weights: Floats, bounds: Ints, docs: Docs, impacts: Floats, found: Floats
) -> None:
    for term in range(places.size):
        if places[term] >= 0:
            weight = weights[term]
            for at in range(bounds[places[term]], bounds[places[term] + 1]):
                found[docs[at]] += weight * impacts[at]


@njit(cache=True)
def _impacts_in(places: Ints, texts: Ints, bounds: Ints, docs: Docs, impacts: Floats) -> Floats:
    found = np.zeros((texts.size, places.size), np.float32)
    for term in range(places.size):
        if places[term] >= 0:
            first, end = bounds[places[term]], bounds[places[term] + 1]
            for row in range(texts.size):
                at = first + np.searchsorted(docs[first:end], np.int32(texts[row]))
                if at < end and docs[at] == texts[row]:
                    found[row, term] = impacts[at]
    return found
