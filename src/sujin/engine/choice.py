"""Choosing one code of a tree from what words say and what a model has learnt.

Words alone: the likelihood of a code is exp(score), that of "none of these" is 1. With a model:
the model's probability times 1 + K (exp(score) - 1) for K codes, which is a sum of log-scores
scaled so that a model that knows nothing leaves the words' verdict almost as it was, and words
that say nothing leave the model's.
"""

from collections.abc import Mapping
from functools import cache
from math import exp

_MOST_SCORE = 300.0  # beyond it a likelihood could overflow
_UNKNOWN_TO_WORDS = 1.0
_UNKNOWN_TO_MODEL = 0.05
# A model must hold a code half as likely again as chance, and likelier than this, to be heard.
_LEAST_PROBABILITY = 0.15


def choose(scores: Mapping[str, float], learned: Mapping[str, float]) -> tuple[str, float]:
    """The deepest code that holds more than half of its parent's likelihood, and its probability.

    `scores` are the words' log-scores, `learned` a model's probabilities, empty without one. A
    word for a code speaks for the codes below it too; a parent's likelihood is its own and its
    children's together. "" when nothing outweighs the unknown.
    """
    likelihoods = _likelihoods(scores, learned)
    tops = [code for code in likelihoods if "." not in code]
    # Of equals the first is taken, which is the one the text mentions first.
    best = max(tops, key=likelihoods.__getitem__, default="")
    if not best or likelihoods[best] <= _least(learned):
        return "", 0.0
    unknown = _UNKNOWN_TO_MODEL if learned else _UNKNOWN_TO_WORDS
    deepest = _deepest(best, likelihoods)
    return deepest, likelihoods[deepest] / (unknown + sum([likelihoods[code] for code in tops]))


@cache
def lineage(code: str) -> tuple[str, ...]:
    """card, card.credit, card.credit.billing for the last of them."""
    parts = code.split(".")
    return tuple(".".join(parts[: depth + 1]) for depth in range(len(parts)))


def _likelihoods(scores: Mapping[str, float], learned: Mapping[str, float]) -> dict[str, float]:
    """code -> the likelihood of it and all codes below it."""
    likelihoods: dict[str, float] = {}
    for code in [*scores, *(code for code in learned if code not in scores)]:
        above = lineage(code)
        score = min(sum([scores.get(each, 0.0) for each in above]), _MOST_SCORE)
        own = _weighed(score, code, learned) if learned else exp(score)
        for each in above:
            likelihoods[each] = likelihoods.get(each, 0.0) + own
    return likelihoods


def _weighed(score: float, code: str, learned: Mapping[str, float]) -> float:
    known = next((each for each in reversed(lineage(code)) if each in learned), None)
    # A model says nothing about codes it was never shown: they are as likely as chance.
    probability = 1 / len(learned) if known is None else learned[known]
    return probability * (1 + len(learned) * (exp(score) - 1) if score > 0 else exp(score))


def _least(learned: Mapping[str, float]) -> float:
    if not learned:
        return _UNKNOWN_TO_WORDS
    return max(_LEAST_PROBABILITY, 1.5 / len(learned))


def _deepest(code: str, likelihoods: Mapping[str, float]) -> str:
    children = [child for child in likelihoods if _parent(child) == code]
    heir = max(children, key=likelihoods.__getitem__, default="")
    if heir and 2 * likelihoods[heir] > likelihoods[code]:
        return _deepest(heir, likelihoods)
    return code


@cache
def _parent(code: str) -> str:
    return code.rpartition(".")[0]
