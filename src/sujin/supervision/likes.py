"""Which proposals say what somebody is about to say: shown beforehand, never a ground to refuse."""

from collections.abc import Sequence
from dataclasses import dataclass

from sujin.engine.retrieval import Doc, Field, Index
from sujin.knowledge.synonyms import synonyms
from sujin.supervision.models import Proposal
from sujin.supervision.voicebook import number


@dataclass(frozen=True, slots=True)
class Like:
    """One of them, and the words that both share or say otherwise."""

    proposal: Proposal
    shared: tuple[str, ...]


def nearest(words: str, known: Sequence[str]) -> list[tuple[int, tuple[str, ...]]]:
    """Places in ``known`` of what is most like ``words``, the likest first, with what both say:
    the search of knowledge (BM25F over pairs, words and groups of expressions)."""
    docs = [Doc(at, "", (Field(one, 1.0),)) for at, one in enumerate(known)]
    if not docs:
        return []
    hits = Index.build(docs, synonyms=synonyms()).search(words, k=int(number("like_shown")))
    least = number("like_least")
    return [(one.key, tuple(w.found for w in one.because)) for one in hits if one.score >= least]


def likes(name: str, words: str) -> list[Like]:
    """Of the latest proposals of the whole house, whatever became of them: an idea that was
    declined in another branch is worth knowing, too."""
    rows = Proposal.objects.select_related("unit").order_by("-submitted_at", "-pk")
    known = list(rows[: int(number("like_compared"))])
    found = nearest(f"{name}\n{words}", [f"{one.name}\n{one.words}" for one in known])
    return [Like(known[at], shared) for at, shared in found]
