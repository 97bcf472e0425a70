"""How documents, their heads and learned queries are read into postings."""

from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from sujin.engine.folding import fold
from sujin.engine.retrieval_chatter import is_chatter
from sujin.engine.retrieval_heads import Heads
from sujin.engine.retrieval_postings import Floats, Postings, heaped, normed, saturated
from sujin.engine.retrieval_query import BY_LENGTH
from sujin.engine.retrieval_terms import Ints, Keys, Terms, read
from sujin.engine.retrieval_values import Doc, Learned
from sujin.engine.synonyms import Synonyms

TITLE, ASK = 2.0, 0.2  # weights beside a plain body's 1; asks count by themselves, as heads
# An occurrence counts REST, and at a field's very beginning FRONT more, half of it after HALF
# characters: answers begin with what they are about.
REST, FRONT, HALF = 0.5, 2.0, 15.0
HEAD_MOST = 60  # characters of a head
# A text without title or asks has its first characters for a head, which counts less.
BEGINNING, BEGINNING_MOST = 0.5, 30
CALM = 3.0  # weight of a learned query at which it counts half

_Read = tuple[Keys, Floats, Ints]


def whole(docs: Sequence[Doc], synonyms: Synonyms) -> Postings:
    """Every document with all its fields."""
    return saturated(heaped([_document(doc, synonyms) for doc in docs]))


def heads_of(docs: Sequence[Doc], synonyms: Synonyms, body: Postings) -> Heads:
    """Titles and asks, each by itself."""
    told = [(place, *head) for place, doc in enumerate(docs) for head in _heads(doc)]
    heap = heaped([_head(head, synonyms) for _, head, _ in told])
    places = np.array([place for place, _, _ in told], np.int64)
    counts = np.array([count for _, _, count in told], np.float32)
    return Heads(normed(heap, body, BY_LENGTH), places, counts)


def learnt(
    learned: Sequence[Learned], places: Mapping[int, int], synonyms: Synonyms, body: Postings
) -> tuple[Heads, tuple[str, ...]]:
    """Learned queries, each once for each of its documents, and their words. What leads to no
    document here is left out.

    A query counts for a document by the document's share of its choices, calmed: what was chosen
    for other queries, however often, adds nothing.
    """
    sums, totals = dict[tuple[str, int], float](), dict[str, float]()
    for one in learned:
        query, place = fold(one.query)[:HEAD_MOST], places.get(one.key, -1)
        if query and place >= 0 and one.weight > 0:
            sums[query, place] = sums.get((query, place), 0.0) + one.weight
            totals[query] = totals.get(query, 0.0) + one.weight
    pairs = sorted(sums, key=lambda pair: (pair[1], pair[0]))  # a document's heads together
    heap = heaped([_head(query, synonyms) for query, _ in pairs])
    counts = [sums[pair] ** 2 / totals[pair[0]] / (sums[pair] + CALM) for pair in pairs]
    docs = np.array([place for _, place in pairs], np.int64)
    heads = Heads(normed(heap, body, BY_LENGTH), docs, np.array(counts, np.float32))
    return heads, tuple(query for query, _ in pairs)


def _document(doc: Doc, synonyms: Synonyms) -> _Read:
    asks = [(ask, ASK) for ask in doc.asks]
    fields = [(field.text, field.weight) for field in doc.fields if field.weight > 0]
    return _joined(
        _counted(read(text, synonyms), weight)
        for text, weight in ((doc.title, TITLE), *asks, *fields)
    )


def _counted(terms: Terms, weight: float) -> _Read:
    counts = weight * (REST + FRONT * HALF / (HALF + terms.starts))
    return terms.keys, counts.astype(np.float32), terms.lengths


def _joined(parts: Iterable[_Read]) -> _Read:
    keys, counts, lengths = zip(*parts, strict=True)
    return np.concatenate(keys), np.concatenate(counts), np.concatenate(lengths)


def _heads(doc: Doc) -> list[tuple[str, float]]:
    heads = [(head[:HEAD_MOST], 1.0) for head in (doc.title, *doc.asks) if head.strip()]
    first = next((field.text for field in doc.fields if field.text.strip()), "")
    return heads or [(first[:BEGINNING_MOST], BEGINNING)]


def _head(text: str, synonyms: Synonyms) -> _Read:
    """The terms of a head without chatter."""
    terms = read(text, synonyms)
    before = np.concatenate(([0], np.cumsum(is_chatter(terms.folded))))
    told = before[terms.ends] == before[terms.starts]
    return terms.keys[told], np.ones(int(told.sum()), np.float32), terms.lengths[told]
