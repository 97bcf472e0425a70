"""What a complaint is about: business, cause, touchpoint and demand, each with its reason.

Words of the pack's lexicon give evidence; a trained model, where there is one, adds its own. The
verdict is a probability against "none of these", so that a text without evidence is left to a
person instead of being guessed at.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from sujin.engine.choice import Chooser, Vote, lineage
from sujin.engine.folding import fold
from sujin.engine.terms import TermIndex

if TYPE_CHECKING:
    from sujin.engine.linear import LinearModel

AXES = ("business", "cause", "touchpoint", "demand")
MOST_WORDS = 5
# A word of weight 4 ("known at a glance") alone gives 0.88, of weight 2 gives 0.73.
_SCORE_PER_WEIGHT = 0.5
_NOTHING_LEARNED = np.empty(0)


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
    text, at most five. The empty code abstains: nothing is known. One that `is_unsure` stands,
    but a person should look at it."""

    code: str
    confidence: float
    because: tuple[str, ...]
    is_unsure: bool = False


_ABSTAINED = Label("", 0.0, ())


@dataclass(frozen=True, slots=True)
class Classification:
    """A label on every axis."""

    labels: Mapping[str, Label]

    def __getitem__(self, axis: str) -> Label:
        return self.labels[axis]


class Lexicon:
    """The pack's words, looked for in one pass. `index` has one group for each axis."""

    def __init__(self, terms: Iterable[Term]) -> None:
        self.index = TermIndex((term.axis, term.term, (term.code, term.weight)) for term in terms)

    def scores(self, text_folded: str) -> dict[str, dict[str, tuple[float, tuple[str, ...]]]]:
        """axis -> code -> (sum of weights, the words in the order of the text, each once).

        Of words of one axis inside each other only the longest speaks: 信用卡催收 is about
        collection, although 信用卡 is in it.
        """
        found: dict[str, dict[str, tuple[float, tuple[str, ...]]]] = {}
        for _, word, axis, meanings in self.index.hits(text_folded):
            for code, weight in dict(meanings).items():
                total, words = found.setdefault(axis, {}).get(code, (0.0, ()))
                if word not in words:
                    found[axis][code] = (total + weight, (*words, word))
        return found


class Classifier:
    """Labels texts by a lexicon and, on the axes that have one, a trained model. A label whose
    confidence is under `abstain_below` is unsure, an empty one too."""

    def __init__(
        self,
        lexicon: Lexicon,
        models: Mapping[str, "LinearModel"] | None = None,
        *,
        abstain_below: float = 0.0,
    ) -> None:
        entries = lexicon.index.entries
        self._index = lexicon.index
        self._models = dict(models or {})
        self._least = abstain_below
        self._abstained = replace(_ABSTAINED, is_unsure=abstain_below > 0)
        self._axes = tuple(dict.fromkeys((*AXES, *(entry[1] for entry in entries), *self._models)))
        self._words = [(word, self._axes.index(axis)) for word, axis, _ in entries]
        votes = [_votes(axis, meanings) for _, axis, meanings in entries]
        taught = {axis: model.codes for axis, model in self._models.items()}
        self._chooser = Chooser(self._axes, votes, taught)

    def classify(self, texts: Sequence[str]) -> list[Classification]:
        """One classification for each text, in order, with every axis of `AXES`."""
        folded = [fold(text) for text in texts]
        if not self._models:
            return [Classification(self._labels(text, _NOTHING_LEARNED)) for text in folded]
        models = [self._models[axis] for axis in self._axes if axis in self._models]
        learned = np.hstack([model.predict_proba(folded) for model in models])
        pairs = zip(folded, learned, strict=True)
        return [Classification(self._labels(text, row)) for text, row in pairs]

    def _labels(self, text: str, learned: npt.NDArray[np.float64]) -> dict[str, Label]:
        found = self._index.found(text)
        chosen, support = self._chooser.choose(found, learned)
        words = self._decisive_words(found.tolist(), support)
        labels = dict.fromkeys(self._axes, self._abstained)
        for axis, (node, confidence), because in zip(self._axes, chosen, words, strict=True):
            if node >= 0:
                code = self._chooser.codes[int(node)]
                words_given = because or self._explained(axis, text, code)
                labels[axis] = Label(code, confidence, words_given, confidence < self._least)
        return labels

    def _decisive_words(
        self, found: Sequence[Sequence[int]], support: Sequence[float]
    ) -> list[tuple[str, ...]]:
        """For each axis the weightiest words for the code chosen, in the order of the text."""
        decisive: list[list[tuple[str, float]]] = [[] for _ in self._axes]
        for (_, entry), weight in zip(found, support, strict=True):
            if weight > 0:
                word, axis = self._words[entry]
                decisive[axis].append((word, weight))
        return [_weightiest(words) for words in decisive]

    def _explained(self, axis: str, text: str, code: str) -> tuple[str, ...]:
        """What spoke to the model for `code`, or for the likeliest code above or below it."""
        model = self._models.get(axis)
        if model is None:
            return ()
        shares = dict(zip(model.codes, model.predict_proba([text])[0], strict=True))
        kin = [each for each in model.codes if code in lineage(each) or each in lineage(code)]
        return model.explain(text, max(kin, key=shares.__getitem__, default=""))


def _votes(axis: str, meanings: Iterable[tuple[str, float]]) -> list[Vote]:
    return [Vote(axis, code, w * _SCORE_PER_WEIGHT) for code, w in dict(meanings).items()]


def _weightiest(words: Sequence[tuple[str, float]]) -> tuple[str, ...]:
    if len(words) > MOST_WORDS:
        heaviest = sorted(range(len(words)), key=lambda at: -words[at][1])[:MOST_WORDS]
        words = [words[at] for at in sorted(heaviest)]
    return tuple([word for word, _ in words])
