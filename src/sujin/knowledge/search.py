"""Find what may be said to these words. Every path of finding in the house leads through here.

The index ranks; ``Version.objects.served`` decides: before the search, what may be ranked at all,
and after it, row by row, what is handed out. Three queries, however much there is.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np

from sujin.engine.retrieval import Hit, Matched
from sujin.knowledge.audience import Audience, Situation
from sujin.knowledge.index import KEEPER
from sujin.knowledge.models import Version
from sujin.knowledge.models.version import VersionQuerySet

WORDS_MAX = 400
# Below it the answer is offered as the nearest, not as the answer. The least at which four of five
# first hits are right, on half of expected/retrieval.csv (by hash): there .81 of 134 are; on the
# other half, which had no say, .87 of 122. tests/knowledge/test_sure.py works it out again.
SURE = 0.19
# Of what an item scores for its own words, another one must score so much to be similar.
LIKE = 0.3


@dataclass(frozen=True, slots=True)
class Found:
    """One answer: how near, how sure, which words made it so, and the share of the query's that
    it holds."""

    version: Version
    score: float
    confidence: float
    because: tuple[Matched, ...]
    covers: float = 1.0

    @property
    def is_sure(self) -> bool:
        return self.confidence >= SURE


def search(
    words: str,
    audience: Audience,
    at: datetime,
    *,
    situation: Situation | None = None,
    forms: Sequence[str] = (),
    lines: Sequence[str] = (),
    k: int = 10,
) -> list[Found]:
    """The best ``k`` for the words that this reader may be shown now, of these forms and lines when
    given; the best first."""
    if not words.strip():
        return []
    rows = Version.objects.served(audience, at, situation)
    rows = rows.filter(item__form__in=forms) if forms else rows
    rows = rows.filter(item__line__in=lines) if lines else rows
    index = KEEPER.index(at)
    served = np.fromiter(rows.values_list("pk", flat=True), np.int64)
    hits = index.search(words[:WORDS_MAX], k=k, allowed=np.isin(index.keys, served))
    return _found(hits, rows)


def similar(version: Version, audience: Audience, at: datetime, *, k: int = 3) -> list[Version]:
    """Other items that answer to the same words, for a reader who is not quite there."""
    words = " ".join([version.title, *version.asks])
    found = search(words, audience, at, k=k + 1)
    least = max((one.score for one in found), default=0.0) * LIKE
    near = [one for one in found if one.version.item_id != version.item_id]
    return [one.version for one in near if one.score >= least][:k]


def _found(hits: Sequence[Hit], rows: VersionQuerySet) -> list[Found]:
    """The rows of the hits, through the door once more: the index is older than the database."""
    listed = rows.listed().in_bulk([hit.key for hit in hits])
    return [
        Found(listed[hit.key], hit.score, hit.confidence, hit.because, hit.covers)
        for hit in hits
        if hit.key in listed
    ]
