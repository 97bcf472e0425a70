"""Short texts that stand for a document: its title, how customers ask for it, and queries for
which it was chosen before. A query is compared with each, and the likest counts."""

from dataclasses import dataclass

import numpy as np
from numba import njit

from sujin.engine.retrieval_postings import Floats, Postings
from sujin.engine.retrieval_query import Query
from sujin.engine.retrieval_terms import Ints

# The power of the cosine that counts: a sentence nearly the same says much, one that shares some
# words almost nothing. With the cosine itself, items were found by their neighbours' sentences.
SHARP = 3


@dataclass(frozen=True, slots=True, eq=False)
class Heads:
    """Head i stands for the document `docs[i]`, ascending, and counts `counts[i]` of its
    likeness."""

    postings: Postings
    docs: Ints
    counts: Floats

    def compared(self, query: Query, least: float = 0.0) -> "Compared":
        """The query beside every head; a cosine below `least` is none."""
        places = self.postings.places(query.keys)
        cosines = self.postings.scores(places, query.weights) / np.float32(query.norm)
        likeness = np.where(cosines >= np.float32(least), cosines**SHARP, np.float32(0))
        return Compared(self, query, places, cosines, likeness * self.counts)


@dataclass(frozen=True, slots=True, eq=False)
class Compared:
    """A query beside every head: `likeness[i]` is its cosine with head i, sharpened, times what
    that counts; `places` are the query's terms in the heads' postings."""

    heads: Heads
    query: Query
    places: Ints
    cosines: Floats
    likeness: Floats

    def add_to(self, scores: Floats, weight: float) -> None:
        """Add to every document's score the likeness of its likest head times `weight`."""
        _add_best(self.likeness, self.heads.docs, np.float32(weight), scores)

    def likest(self, document: int) -> tuple[int, float]:
        """The head of one document that counted, and its likeness; -1 and 0 for none."""
        if not self.likeness.size:
            return -1, 0.0
        first, end = np.searchsorted(self.heads.docs, (document, document + 1)).tolist()
        if first == end:
            return -1, 0.0
        head = first + int(np.argmax(self.likeness[first:end]))
        return head, float(self.likeness[head])

    def brought(self, heads: Ints) -> Floats:
        """What each term of the query brought to its likeness with these heads, head by head;
        nothing for -1."""
        impacts = self.heads.postings.impacts_in(self.places, heads)
        parts = impacts * (self.query.weights / np.float32(self.query.norm))
        if not self.likeness.size:
            return np.asarray(parts)
        part = self.likeness[heads] / np.maximum(self.cosines[heads], np.float32(1e-9))
        return np.asarray(parts * part[:, None])


@njit(cache=True)
def _add_best(likeness: Floats, docs: Ints, weight: np.float32, scores: Floats) -> None:
    """`docs` ascend, so a document's heads stand together."""
    at = 0
    while at < docs.size:
        best, document = likeness[at], docs[at]
        while at < docs.size and docs[at] == document:
            best = max(best, likeness[at])
            at += 1
        scores[document] += weight * best
