"""Which proposals say what somebody is about to say: shown beforehand, never a ground to refuse."""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from django.db.models import Count, Max

from sujin.engine.retrieval import Doc, Field, Index
from sujin.knowledge.synonyms import synonyms
from sujin.supervision.models import Proposal
from sujin.supervision.voicebook import number

# Two paraphrases share shorter runs of letters all the time.
RUN = 4


@dataclass(frozen=True, slots=True)
class Like:
    """One of them, and the words that both share or say otherwise."""

    proposal: Proposal
    shared: tuple[str, ...]


def likes(name: str, words: str) -> list[Like]:
    """Of the latest proposals of the whole house, whatever became of them: an idea that was
    declined in another branch is worth knowing, too."""
    told = Proposal.objects.aggregate(n=Count("pk"), last=Max("pk"))
    found = _found(f"{name}\n{words}", _index(told["n"], told["last"] or 0))
    rows = Proposal.objects.select_related("unit").in_bulk([key for key, _shared in found])
    return [Like(rows[key], shared) for key, shared in found if key in rows]


@lru_cache(maxsize=1)
def _index(_n: int, _last: int) -> Index:
    """What was submitted keeps its words, so the index is made anew only for one more."""
    rows = Proposal.objects.order_by("-submitted_at", "-pk").values_list("pk", "name", "words")
    latest = rows[: int(number("like_compared"))]
    return _made([(key, f"{name}\n{words}") for key, name, words in latest])


def repeated(said: str, known: Sequence[str]) -> float:
    """Which share of ``said`` stands in ``known`` word for word (containment of runs of letters:
    Broder, On the Resemblance and Containment of Documents, 1997), whatever the punctuation."""
    runs = _runs(said)
    own = set[str]().union(*map(_runs, known))
    return len(runs & own) / len(runs)


def _runs(words: str) -> set[str]:
    letters = "".join(one for one in unicodedata.normalize("NFKC", words).lower() if one.isalnum())
    return {letters[at : at + RUN] for at in range(max(len(letters) - RUN + 1, 1))}


def nearest(words: str, known: Sequence[str]) -> list[tuple[int, tuple[str, ...]]]:
    """Places in ``known`` of what is most like ``words``, the likest first, with what both say:
    the search of knowledge (BM25F over pairs, words and groups of expressions)."""
    return _found(words, _made(list(enumerate(known))))


def _made(texts: Sequence[tuple[int, str]]) -> Index:
    docs = [Doc(key, "", (Field(text, 1.0),)) for key, text in texts]
    return Index.build(docs, synonyms=synonyms())


def _found(words: str, index: Index) -> list[tuple[int, tuple[str, ...]]]:
    hits = index.search(words, k=int(number("like_shown")))
    least = number("like_least")
    return [(one.key, tuple(w.found for w in one.because)) for one in hits if one.score >= least]
