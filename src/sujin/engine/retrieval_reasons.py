"""Why a document was found: which words of the query met which of its words, and their share.

The score is a sum over terms, so every share is exact. Rows overlap and a reader wants words:
each row's share is divided among its characters, and rows that overlap make one stretch.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numba import njit

from sujin.engine.retrieval_postings import Floats
from sujin.engine.retrieval_query import Query
from sujin.engine.retrieval_terms import Ints, Keys
from sujin.engine.retrieval_values import Matched
from sujin.engine.synonyms import Said, Synonyms

MOST = 5
_LEAST = 0.01  # share of the score that is worth telling


@dataclass(frozen=True, slots=True, eq=False)
class Brought:
    """What each term of a query brought a document; the expressions of the query that the
    document has, by their own number; and what a learned query brought, if one did."""

    terms: Floats
    has: frozenset[int]
    learned: float = 0.0
    learned_query: str = ""


def because(query: Query, brought: Brought, synonyms: Synonyms) -> tuple[Matched, ...]:
    """At most five, strongest first."""
    found = [
        *_stretches(query, brought),
        *_expressions(query, brought, synonyms),
        *_instead(query, brought),
    ]
    if brought.learned > 0:
        found.append(Matched(query.folded, brought.learned_query, brought.learned))
    return _strongest(found)


def expressions(query: Query, synonyms: Synonyms) -> Keys:
    """The numbers of everything that could stand in a document for an expression of the query."""
    groups = {group for said in query.terms.said for group in said.groups}
    words = {word for group in groups for word in synonyms.groups[group]}
    return np.array([synonyms.numbers[word] for word in sorted(words)], np.uint64)


def _expressions(query: Query, brought: Brought, synonyms: Synonyms) -> Iterator[Matched]:
    spans = dict[tuple[int, int], float]()
    for term, start, end in query.groups:
        share = float(brought.terms[term])
        if share > 0:
            spans[start, end] = spans.get((start, end), 0.0) + share
    for said in query.terms.said if spans else ():
        span = (said.start, said.start + len(said.words))
        if span in spans:
            yield Matched(said.words, _held(said, brought, synonyms), spans.pop(span))


def _held(said: Said, brought: Brought, synonyms: Synonyms) -> str:
    """The expression of the same group that the document has, the one asked for before others."""
    members = (said.words, *(word for group in said.groups for word in synonyms.groups[group]))
    has = (word for word in members if synonyms.numbers[word] in brought.has)
    return next(has, said.words)


def _stretches(query: Query, brought: Brought) -> Iterator[Matched]:
    """Stretches of the query that the document has as they were typed."""
    shares, links = _drawn(
        query.starts, query.ends, brought.terms * query.is_typed, len(query.folded)
    )
    for start, end in links.tolist():
        words = query.folded[start:end]
        yield Matched(words, words, float(shares[start:end].sum()))


@njit(cache=True)
def _drawn(starts: Ints, ends: Ints, brought: Floats, size: int) -> tuple[Floats, Ints]:
    """What every character brought, and the stretches that overlapping terms make of them."""
    shares, joined = np.zeros(size, np.float32), np.zeros(size, np.bool_)
    for term in range(starts.size):
        if brought[term] > 0:
            start, end = starts[term], ends[term]
            shares[start:end] += brought[term] / (end - start)
            joined[start : end - 1] = True
    links, many, start = np.empty((size, 2), np.int64), 0, 0
    for at in range(size):
        if not joined[at]:
            if shares[at] > 0:
                links[many, 0], links[many, 1] = start, at + 1
                many += 1
            start = at + 1
    return shares, links[:many]


def _instead(query: Query, brought: Brought) -> Iterator[Matched]:
    for term, characters in query.instead.items():
        if brought.terms[term] > 0:
            typed = query.folded[query.starts[term] : query.ends[term]]
            yield Matched(typed, characters, float(brought.terms[term]))


def _strongest(found: list[Matched]) -> tuple[Matched, ...]:
    """Equal ones added up, shares of 1, the least left out."""
    sums = dict[tuple[str, str], float]()
    for one in found:
        sums[one.asked, one.found] = sums.get((one.asked, one.found), 0.0) + one.share
    total = max(sum(sums.values()), 1e-9)
    told = [Matched(*words, share / total) for words, share in sums.items()]
    told.sort(key=lambda one: (-one.share, one.asked, one.found))
    return tuple(one for one in told[:MOST] if one.share >= _LEAST)
