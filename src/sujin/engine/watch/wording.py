"""What is said more often than before, and which texts say it best.

Terms are compared by how many texts hold them, with the log-likelihood ratio of Dunning, "Accurate
methods for the statistics of surprise and coincidence", Computational Linguistics 19 (1993).
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import log

Text = frozenset[str]
# Fewer texts than this may be one person's words.
FEWEST = 3
# What chance alone gives one term in a thousand times (chi-squared, one degree of freedom).
_WORTH = 10.83
# Terms that stand together in this share of their texts are one expression.
_TOGETHER = 0.6


@dataclass(frozen=True, slots=True)
class Word:
    """``now`` of the texts and ``before`` of the earlier ones hold it."""

    term: str
    now: int
    before: int
    surprise: float


def distinctive(now: Sequence[Text], before: Sequence[Text]) -> list[Word]:
    """Terms over-represented in ``now``, the most surprising first; each in three texts at least,
    so that no single person's words are shown. Numbers and single characters are left out."""
    here, there = _held(now), _held(before)
    found = []
    for term, count in here.items():
        if count < FEWEST or len(term) < 2 or any(sign.isdigit() for sign in term):
            continue
        surprise = surprise_of(count, len(now), there[term], len(before))
        if surprise >= _WORTH:
            found.append(Word(term, count, there[term], surprise))
    return sorted(found, key=lambda word: (-word.surprise, word.term))


def surprise_of(here: int, texts_here: int, there: int, texts_there: int) -> float:
    """Dunning's G squared of one term; 0 where it is not more frequent here."""
    if not texts_here or here * texts_there <= there * texts_here:
        return 0.0
    rate = (here + there) / (texts_here + texts_there)
    parts = ((here, texts_here, rate), (there, texts_there, rate))
    return 2 * sum(_fits(k, n, k / n if n else 0.0) - _fits(k, n, p) for k, n, p in parts)


def _fits(k: int, n: int, p: float) -> float:
    """The logarithm of the chance of k among n, less what does not depend on p."""
    hit = k * log(p) if k else 0.0
    return hit + ((n - k) * log(1 - p) if n > k and p < 1 else 0.0)


def telling(texts: Mapping[int, Text], words: Sequence[Word], most: int) -> tuple[int, ...]:
    """The keys of the texts that hold most of what is distinctive, the best first; a text that
    holds none of it tells nothing."""
    worth = {word.term: word.surprise for word in words}
    scores = {key: sum(worth.get(term, 0.0) for term in text) for key, text in texts.items()}
    ranked = sorted((key for key in scores if scores[key] > 0), key=lambda key: (-scores[key], key))
    return tuple(ranked[:most])


def expressions(words: Sequence[Word], texts: Iterable[Text], most: int) -> list[Word]:
    """The words with overlapping pairs of characters joined (调额, 额度 → 调额度) where they stand
    in the same texts, the most surprising first."""
    held = {word.term: frozenset[int]() for word in words}
    for key, text in enumerate(texts):
        for term in text & held.keys():
            held[term] |= {key}
    left = list(words)
    made: list[Word] = []
    while left and len(made) < most:
        chain = [left.pop(0)]
        while (more := _next(chain, left, held)) is not None:
            left.remove(more)
            chain = [*chain, more] if chain[-1].term[-1] == more.term[0] else [more, *chain]
        made.append(_joined(chain))
    return made


def _next(
    chain: Sequence[Word], left: Sequence[Word], held: Mapping[str, frozenset[int]]
) -> Word | None:
    """A word that goes on, or goes before, the chain."""
    if len(chain) > 6:
        return None
    core = held[chain[0].term]
    for word in left:
        fits = chain[-1].term[-1] == word.term[0] or word.term[-1] == chain[0].term[0]
        both, either = core & held[word.term], core | held[word.term]
        if fits and len(word.term) == 2 == len(chain[0].term):
            if len(both) >= _TOGETHER * len(either):
                return word
    return None


def _joined(chain: Sequence[Word]) -> Word:
    term = chain[0].term + "".join(word.term[1:] for word in chain[1:])
    best = max(chain, key=lambda word: word.surprise)
    return Word(term, best.now, best.before, best.surprise)


def _held(texts: Iterable[Text]) -> Counter[str]:
    return Counter(term for text in texts for term in text)
