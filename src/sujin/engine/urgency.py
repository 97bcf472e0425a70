"""How urgent a case looks beside the rules, between 0 and 1, with the words and facts that say so.

The rules hear the words they know. This score is for what they do not know: a linear model of the
bank's own labels reads the words, and the facts say how near the case is to a row that is urgent.
Before anybody has taught it, the facts and the pieces of the known words have to do.

The score promises nothing by itself; `engine.conformal` puts a threshold with a promise on it.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import exp, log10
from typing import Any

import numpy as np
import numpy.typing as npt

from sujin.engine.folding import fold
from sujin.engine.linear import LinearModel, train
from sujin.engine.tier import Tier, TierFacts, TierRow

URGENT, OTHER = "urgent", "other"
# What each weight is about, in order; the words come first.
TRAITS = ("words", "stems", "nearness", "escalation", "legal", "regulator", "vulnerable", "repeats")
# Before anybody has taught it: an officer's guess, only good for an order.
UNTAUGHT = (0.0, 1.6, 3.0, 0.6, 0.4, 0.6, 0.4, 0.4)
_UNTAUGHT_BIAS = -4.0
_MOST_STEMS = 3
_PURE = 0.8
_FURTHEST = 8.0  # a probability nearer to 0 or 1 than this logit tells nothing more
Matrix = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Urgency:
    """`score` between 0 and 1; `words` of the text and `facts` that raised it, strongest first."""

    score: float
    words: tuple[str, ...] = ()
    facts: tuple[str, ...] = ()


class Stems:
    """Pieces of two characters that are typical of the words of grave signals."""

    def __init__(self, grave: Iterable[str], others: Iterable[str]) -> None:
        inside, outside = _pieces(grave), _pieces(others)
        self._known = frozenset(
            piece
            for piece, count in inside.items()
            if count > 1 and count >= _PURE * (count + outside[piece])
        )

    def of(self, folded: str) -> tuple[str, ...]:
        """The stems in a folded text, each once, in its order."""
        pairs = (folded[at : at + 2] for at in range(len(folded) - 1))
        return tuple(dict.fromkeys(pair for pair in pairs if pair in self._known))


@dataclass(frozen=True, slots=True, eq=False)
class Scorer:
    """What reads urgency: the table, the stems, and, once taught, words and weights."""

    table: tuple[TierRow, ...]
    stems: Stems
    words: LinearModel | None = None
    weights: tuple[float, ...] = UNTAUGHT
    bias: float = _UNTAUGHT_BIAS

    @property
    def is_taught(self) -> bool:
        return self.words is not None

    def scores(self, texts: Sequence[str], facts: Sequence[TierFacts]) -> Matrix:
        """The score of each text with its facts; nothing else is worked out."""
        traits = self._traits(texts, facts)
        raised: Matrix = traits @ np.array(self.weights) + self.bias
        return 1 / (1 + np.exp(-np.clip(raised, -30, 30)))

    def judge(self, text: str, facts: TierFacts) -> Urgency:
        """The score of one case and its reasons."""
        traits = self._traits([text], [facts])[0]
        pulls = traits * np.array(self.weights)
        score = 1 / (1 + exp(-float(np.clip(pulls.sum() + self.bias, -30, 30))))
        raising = [TRAITS[place] for place in np.argsort(-pulls, kind="stable") if pulls[place] > 0]
        words = self.words.explain(text, URGENT) if self.words else ()
        heard = self.stems.of(fold(text))[:_MOST_STEMS] if "stems" in raising else ()
        facts_heard = tuple(name for name in raising if name not in ("words", "stems"))
        return Urgency(score, tuple(dict.fromkeys((*words, *heard))), facts_heard)

    def arrays(self) -> dict[str, npt.NDArray[Any]]:
        """What was taught, as arrays for saving; `taught_by` takes them back."""
        own = {"traits": np.array([*self.weights, self.bias])}
        return own if self.words is None else own | self.words.arrays()

    def taught_by(self, arrays: Mapping[str, npt.NDArray[Any]]) -> "Scorer":
        """The same table and stems with what `arrays` hold. ValueError when they do not fit."""
        *weights, bias = map(float, arrays["traits"])
        if len(weights) != len(TRAITS):
            raise ValueError(f"{len(weights)} weights; this engine knows {len(TRAITS)} traits")
        words = LinearModel.from_arrays(arrays)
        return Scorer(self.table, self.stems, words, tuple(weights), bias)

    def _traits(self, texts: Sequence[str], facts: Sequence[TierFacts]) -> Matrix:
        said = _logits(self.words, texts)
        rows = [
            (
                min(_MOST_STEMS, len(self.stems.of(fold(text)))) / _MOST_STEMS,
                nearness(one, self.table),
                *_flags(one),
            )
            for text, one in zip(texts, facts, strict=True)
        ]
        return np.column_stack([said, np.array(rows, np.float64).reshape(len(rows), -1)])


def nearness(facts: TierFacts, table: Sequence[TierRow]) -> float:
    """How much of the nearest urgent row is met: 1 when one holds, 0 when nothing of any is.

    A sum counts by its size on the logarithm: a tenth of what is asked for counts as nothing.
    """
    urgent = (row for row in table if row.tier is Tier.URGENT)
    return max((_met(row, facts) for row in urgent), default=0.0)


def teach(
    scorer: Scorer,
    texts: Sequence[str],
    facts: Sequence[TierFacts],
    is_urgent: Sequence[bool],
    *,
    seed: int,
) -> Scorer:
    """A scorer that has learned which cases were urgent. The same input and seed, the same scorer.

    The weights are fitted on texts that the words they weigh had not seen (stacking: Wolpert,
    Neural Networks 5, 1992). Raises `linear.CannotTrain` when all cases are alike.
    """
    labels = [URGENT if one else OTHER for one in is_urgent]
    half = _halved(is_urgent, seed)
    unseen = np.zeros(len(texts))
    for part in (half, ~half):
        model = train(_at(texts, ~part), _at(labels, ~part), seed=seed)
        unseen[part] = _logits(model, _at(texts, part))
    bare = Scorer(scorer.table, scorer.stems)
    traits = bare._traits(texts, facts)
    traits[:, 0] = unseen
    weights, bias = _weighed(traits, np.array(is_urgent), seed)
    words = train(texts, labels, seed=seed)
    return Scorer(scorer.table, scorer.stems, words, weights, bias)


def _weighed(traits: Matrix, is_urgent: npt.NDArray[np.bool_], seed: int) -> tuple[Any, float]:
    from sklearn.linear_model import LogisticRegression

    machine = LogisticRegression(C=1.0, random_state=seed, max_iter=500)
    machine.fit(traits, is_urgent)
    return tuple(map(float, machine.coef_[0])), float(machine.intercept_[0])


def _halved(is_urgent: Sequence[bool], seed: int) -> npt.NDArray[np.bool_]:
    """Half of the urgent and half of the others."""
    chance, chosen = np.random.default_rng(seed), np.zeros(len(is_urgent), bool)
    for kind in (True, False):
        places = chance.permutation(np.flatnonzero(np.array(is_urgent) == kind))
        chosen[places[: len(places) // 2]] = True
    return chosen


def _at(items: Sequence[str], where: npt.NDArray[np.bool_]) -> list[str]:
    return [items[int(place)] for place in np.flatnonzero(where)]


def _logits(model: LinearModel | None, texts: Sequence[str]) -> Matrix:
    if model is None or not texts:
        return np.zeros(len(texts))
    share = model.predict_proba(texts)[:, model.codes.index(URGENT)]
    share = np.clip(share, 1e-9, 1 - 1e-9)
    return np.clip(np.log(share / (1 - share)), -_FURTHEST, _FURTHEST)


def _flags(facts: TierFacts) -> tuple[float, ...]:
    flags = (facts.escalation, facts.legal, facts.regulator, facts.vulnerable)
    return (*map(float, flags), min(2, facts.repeats) / 2)


def _met(row: TierRow, facts: TierFacts) -> float:
    parts = [float(getattr(facts, flag)) for flag in row.required]
    if row.amount_min is not None:
        parts.append(_reached(float(facts.amount or 0), float(row.amount_min)))
    if (row.people_min or 0) > 1:
        parts.append(_reached(facts.people - 1, (row.people_min or 2) - 1))
    if row.repeats_min:
        parts.append(min(1.0, facts.repeats / row.repeats_min))
    return sum(parts) / len(parts) if parts else 1.0


def _reached(having: float, wanted: float) -> float:
    if having <= 0:
        return 0.0
    return float(np.clip(1 + log10(having / wanted), 0, 1))


def _pieces(words: Iterable[str]) -> Counter[str]:
    """How many words hold each pair of characters."""
    found: Counter[str] = Counter()
    for word in map(fold, words):
        found.update({word[at : at + 2] for at in range(len(word) - 1)})
    return found
