"""Finds what the house knows by what a customer said: our own ranking, built from the texts alone.

Three readings are added up. The whole document by BM25F over rows of characters, words, codes and
groups of expressions (`retrieval_postings`); its heads, that is its title and how customers ask
for it, by cosine, the best one counting; and what was chosen before for a question like this one.
No pretrained weights, no model: a few constants, tuned on half of the real questions at hand.

What was tried on them and left out, because it won nothing on the other half: relevance feedback
(RM3; Abdul-Jaleel and others, 2004), latent semantics (Deerwester and others, 1990), documents
smoothed by their neighbours (Tao and others, 2006), a Dirichlet language model (Zhai and Lafferty,
2001), best passages, coverage and cohesion of terms.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from sujin.engine.retrieval_confidence import confidences
from sujin.engine.retrieval_heads import Compared, Heads
from sujin.engine.retrieval_postings import Floats, Postings
from sujin.engine.retrieval_query import Query, asked
from sujin.engine.retrieval_reading import heads_of, learnt, whole
from sujin.engine.retrieval_reasons import Brought, because, expressions
from sujin.engine.retrieval_terms import Ints
from sujin.engine.retrieval_values import Doc, Field, Hit, Learned, Matched
from sujin.engine.synonyms import Synonyms

__all__ = ["Doc", "Field", "Hit", "Index", "Learned", "Matched", "Synonyms"]

# What a head that is the query itself counts, and a learned query for which nothing else was ever
# chosen; a document that holds every term of the query once and is of usual length counts 1.
HEAD, LEARNED = 1.0, 2.0
LIKE = 0.5  # cosine from which on a learned query is like the one asked


@dataclass(frozen=True, eq=False)
class Index:
    """Documents by their place in the order they were built in; `keys` are the caller's."""

    keys: Ints
    body: Postings
    heads: Heads
    learned: Heads
    learned_queries: tuple[str, ...]
    synonyms: Synonyms

    @classmethod
    def build(
        cls, docs: Sequence[Doc], *, synonyms: Synonyms, learned: Sequence[Learned] = ()
    ) -> "Index":
        """The index of these documents. ValueError when two have one key."""
        keys = np.array([doc.key for doc in docs], np.int64)
        places = {doc.key: place for place, doc in enumerate(docs)}
        if len(places) != len(docs):
            raise ValueError("two documents have the same key")
        body = whole(docs, synonyms)
        heads = heads_of(docs, synonyms, body)
        return cls(keys, body, heads, *learnt(learned, places, synonyms, body), synonyms)

    def search(
        self, query: str, *, k: int = 10, allowed: npt.NDArray[np.bool_] | None = None
    ) -> tuple[Hit, ...]:
        """The `k` documents nearest to `query`, best first, of equal ones the earlier built;
        fewer when fewer share anything with it. `allowed` says of every document, in the order
        they were built in, whether it may be found. Of a long query the beginning is read."""
        read = asked(query, self.synonyms, self.body)
        if not read.mass:
            return ()
        seen = _Seen(self, read)
        scores = seen.scores()
        if allowed is not None:
            scores = np.where(allowed, scores, np.float32(0))
        best = _best(scores, max(k, 2))
        if not best.size:
            return ()
        covers = seen.covered(best)
        sure = confidences(covers[0], scores[best].tolist())
        found = zip(best[:k].tolist(), sure, seen.because(best[:k]), covers, strict=False)
        return tuple(
            Hit(int(self.keys[place]), float(scores[place]), chance, why, share)
            for place, chance, why, share in found
        )


@dataclass(frozen=True, eq=False)
class _Seen:
    """One query put to an index."""

    index: Index
    query: Query

    @cached_property
    def heads(self) -> Compared:
        return self.index.heads.compared(self.query)

    @cached_property
    def learned(self) -> Compared:
        return self.index.learned.compared(self.query, LIKE)

    def scores(self) -> Floats:
        """Of every document."""
        query = self.query
        scores = self.index.body.scores(query.places, query.weights / np.float32(query.mass))
        self.heads.add_to(scores, HEAD)
        self.learned.add_to(scores, LEARNED)
        return scores

    def covered(self, documents: Ints) -> list[float]:
        """The share of the query's weight that each of these documents holds."""
        held = self.index.body.impacts_in(self.query.places, documents) > 0
        return [float(self.query.weights[row].sum()) / self.query.mass for row in held]

    def because(self, documents: Ints) -> list[tuple[Matched, ...]]:
        """The reasons of each of these documents."""
        query, body, synonyms = self.query, self.index.body, self.index.synonyms
        terms = body.impacts_in(query.places, documents) * (query.weights / np.float32(query.mass))
        heads = [self.heads.likest(place) for place in documents.tolist()]
        terms += np.float32(HEAD) * self.heads.brought(np.array([head for head, _ in heads]))
        numbers = expressions(query, synonyms)
        has = body.impacts_in(body.places(numbers), documents) > 0
        chosen = [self.learned.likest(place) for place in documents.tolist()]
        return [
            because(
                query,
                Brought(own, frozenset(numbers[held].tolist()), *self._told(*choice)),
                synonyms,
            )
            for own, held, choice in zip(terms, has, chosen, strict=True)
        ]

    def _told(self, head: int, likeness: float) -> tuple[float, str]:
        words = self.index.learned_queries[head] if likeness > 0 else ""
        return LEARNED * likeness, words


def _best(scores: Floats, most: int) -> Ints:
    """The places of the highest scores above 0; equal ones in their order."""
    found = np.flatnonzero(scores > 0)
    if found.size > most:
        least = np.partition(scores[found], found.size - most)[found.size - most]
        found = found[scores[found] >= least]
    return found[np.lexsort((found, -scores[found]))][:most]
