"""Why a document was found: which words of the query met which of its words, and their share.

The score is a sum over terms, so every share is exact. Rows overlap and a reader wants words:
each row's share is divided among its characters, and rows that overlap make one stretch.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from sujin.engine.retrieval_postings import Floats, Postings
from sujin.engine.retrieval_query import Query
from sujin.engine.retrieval_terms import CODE, GROUP, member_key
from sujin.engine.retrieval_values import Matched
from sujin.engine.synonyms import Said, Synonyms

MOST = 5
_LEAST = 0.01  # share of the score that is worth telling


@dataclass(frozen=True, slots=True, eq=False)
class Brought:
    """What each term of a query brought a document, and a learned query, if one did."""

    terms: Floats
    learned: float = 0.0
    learned_query: str = ""


def because(
    query: Query, brought: Brought, synonyms: Synonyms, body: Postings, place: int
) -> tuple[Matched, ...]:
    """At most five, strongest first."""
    expressions = dict(_expressions(query, brought, synonyms, body, place))
    found = list[Matched]()
    for (start, end), (member, share) in expressions.items():
        found.append(Matched(query.folded[start:end], member, share))
    found += _stretches(query, brought)
    found += _instead(query, brought)
    if brought.learned > 0:
        found.append(Matched(query.folded, brought.learned_query, brought.learned))
    return _strongest(found)


def _expressions(
    query: Query, brought: Brought, synonyms: Synonyms, body: Postings, place: int
) -> Iterator[tuple[tuple[int, int], tuple[str, float]]]:
    """Each expression that a group bridged: from where to where, what the document has, share."""
    spans = dict[tuple[int, int], float]()
    for term in np.flatnonzero((query.lengths == GROUP) & (brought.terms > 0)).tolist():
        span = (int(query.starts[term]), int(query.ends[term]))
        spans[span] = spans.get(span, 0.0) + float(brought.terms[term])
    for said in query.terms.said:
        span = (said.start, said.start + len(said.words))
        if span in spans:
            yield span, (_held(said, synonyms, body, place), spans[span])


def _held(said: Said, synonyms: Synonyms, body: Postings, place: int) -> str:
    """The expression of the same group that the document has, the one asked for before others."""
    members = [said.words, *(word for group in said.groups for word in synonyms.groups[group])]
    keys = np.array([member_key(word) for word in members], np.uint64)
    has = body.impacts_in(body.places(keys), place) > 0
    return members[int(np.argmax(has))] if has.any() else said.words


def _stretches(query: Query, brought: Brought) -> Iterator[Matched]:
    """Stretches of the query that the document has as they were typed."""
    shares = np.zeros(len(query.folded) + 1)
    joined = np.zeros(len(query.folded) + 1, np.bool_)
    met = np.zeros(len(query.folded) + 1, np.bool_)
    for term in np.flatnonzero((brought.terms > 0) & (query.lengths <= CODE)).tolist():
        if term not in query.instead:
            start, end = query.starts[term], query.ends[term]
            shares[start:end] += brought.terms[term] / (end - start)
            met[start:end] = True
            joined[start : end - 1] = True
    start = 0
    for at in range(len(query.folded)):
        if not joined[at]:
            if met[start : at + 1].any():
                words = query.folded[start : at + 1]
                yield Matched(words, words, float(shares[start : at + 1].sum()))
            start = at + 1


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
