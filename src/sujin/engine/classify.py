"""What a complaint is about: business, cause, touchpoint and demand, each with its reason.

Words of the pack's lexicon give evidence; a trained model, where there is one, adds its own. The
verdict is a probability against "none of these", so that a text without evidence is left to a
person instead of being guessed at.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sujin.engine.choice import choose, lineage
from sujin.engine.folding import fold
from sujin.engine.terms import TermIndex

if TYPE_CHECKING:
    from sujin.engine.linear import LinearModel

AXES = ("business", "cause", "touchpoint", "demand")
MOST_WORDS = 5
# A word of weight 4 ("known at a glance") alone gives 0.88, of weight 2 gives 0.73.
_SCORE_PER_WEIGHT = 0.5


@dataclass(frozen=True, slots=True)
class Term:
    """A word that speaks for a code on an axis, with the weight of its testimony (1 to 5)."""

    axis: str
    code: str
    term: str
    weight: float


@dataclass(frozen=True, slots=True)
class Label:
    """`code` with a `confidence` from 0 to 1 and the words that decided, in the order of the
    text, at most five. The empty code abstains: nothing is known."""

    code: str
    confidence: float
    because: tuple[str, ...]


_ABSTAINED = Label("", 0.0, ())


@dataclass(frozen=True, slots=True)
class Classification:
    """A label on every axis."""

    labels: Mapping[str, Label]

    def __getitem__(self, axis: str) -> Label:
        return self.labels[axis]


# A word's start in the folded text, the word, the code it speaks for and its weight.
Evidence = tuple[int, str, str, float]


class Lexicon:
    """The pack's words, looked for in one pass."""

    def __init__(self, terms: Iterable[Term]) -> None:
        self._index = TermIndex((term.axis, term.term, (term.code, term.weight)) for term in terms)

    def scores(self, text_folded: str) -> dict[str, dict[str, tuple[float, tuple[str, ...]]]]:
        """axis -> code -> (sum of weights, the words in the order of the text)."""
        return {
            axis: {
                code: (sum(weight for _, weight in found), tuple(word for word, _ in found))
                for code, found in _by_code(evidence).items()
            }
            for axis, evidence in self.evidence(text_folded).items()
        }

    def evidence(self, text_folded: str) -> dict[str, list[Evidence]]:
        """axis -> what speaks for its codes, in the order of the text, each word once.

        Of words of one axis inside each other only the longest speaks: 信用卡催收 is about
        collection, although 信用卡 is in it.
        """
        found: dict[str, dict[tuple[str, str], Evidence]] = {}
        for start, word, axis, meanings in self._index.hits(text_folded):
            on_axis = found.setdefault(axis, {})
            for code, weight in meanings:
                if (word, code) not in on_axis:
                    on_axis[word, code] = (start, word, code, weight)
        return {axis: list(items.values()) for axis, items in found.items()}


class Classifier:
    """Labels texts by a lexicon and, on the axes that have one, a trained model."""

    def __init__(self, lexicon: Lexicon, models: Mapping[str, "LinearModel"] | None = None) -> None:
        self._lexicon = lexicon
        self._models = dict(models or {})

    def classify(self, texts: Sequence[str]) -> list[Classification]:
        """One classification for each text, in order, with every axis of `AXES`."""
        folded = [fold(text) for text in texts]
        learned = {axis: model.predict_proba(folded) for axis, model in self._models.items()}
        return [
            self._classification(text, {axis: found[row] for axis, found in learned.items()})
            for row, text in enumerate(folded)
        ]

    def _classification(self, text: str, learned: Mapping[str, Iterable[float]]) -> Classification:
        evidence = self._lexicon.evidence(text)
        labels = {}
        for axis in dict.fromkeys((*AXES, *evidence, *learned)):
            known = self._by_code(axis, learned[axis]) if axis in learned else {}
            labels[axis] = self._label(text, axis, evidence.get(axis, ()), known)
        return Classification(labels)

    def _by_code(self, axis: str, probabilities: Iterable[float]) -> dict[str, float]:
        return dict(zip(self._models[axis].codes, map(float, probabilities), strict=True))

    def _label(
        self, text: str, axis: str, evidence: Sequence[Evidence], learned: Mapping[str, float]
    ) -> Label:
        scores: dict[str, float] = {}
        for _, _, code, weight in evidence:
            scores[code] = scores.get(code, 0.0) + weight * _SCORE_PER_WEIGHT
        chosen, confidence = choose(scores, learned)
        if not chosen:
            return _ABSTAINED
        because = _decisive_words(evidence, chosen)
        if not because and learned:
            kin = [code for code in learned if _is_kin(code, chosen)]
            taught = max(kin, key=learned.__getitem__, default="")
            because = self._models[axis].explain(text, taught)
        return Label(chosen, confidence, because)


def _decisive_words(evidence: Sequence[Evidence], code: str) -> tuple[str, ...]:
    """The weightiest words for `code`, what is above and what is below it, in the text's order."""
    kin = [item for item in evidence if _is_kin(code, item[2])]
    if len(kin) > MOST_WORDS:
        kin = sorted(sorted(kin, key=_by_weight)[:MOST_WORDS])
    return tuple(dict.fromkeys([word for _, word, _, weight in kin if weight > 0]))


def _is_kin(code: str, other: str) -> bool:
    return code in lineage(other) or other in lineage(code)


def _by_weight(item: Evidence) -> float:
    return -item[3]


def _by_code(evidence: Iterable[Evidence]) -> dict[str, list[tuple[str, float]]]:
    grouped: dict[str, list[tuple[str, float]]] = {}
    for _, word, code, weight in evidence:
        grouped.setdefault(code, []).append((word, weight))
    return grouped
