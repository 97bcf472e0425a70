"""A linear classifier of short texts: what the bank's own coding taught, in one table of weights.

What a text is read as is told in `ngrams`, how the weights are found in `fitting`. Reading and
writing the table is somebody else's business: a model gives and takes plain arrays.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from sujin.engine.calibration import Calibration, calibrated
from sujin.engine.evaluation import Evaluation, evaluate
from sujin.engine.fitting import RECIPES, Recipe, fitted
from sujin.engine.folding import fold
from sujin.engine.ngrams import (
    FORM,
    MOST_TIMES,
    Floats,
    Ints,
    decided,
    packed,
    pieces,
    shared_out,
)
from sujin.engine.spoken import loudest

_PARTS = 5  # a fifth of the texts is set aside
_ENOUGH_TO_CALIBRATE = 4000  # texts
_ENOUGH_TO_CHOOSE = 200  # unseen texts
_UNCALIBRATED = Calibration()

_Tried = tuple[Floats, list[int]]


class CannotTrain(ValueError):
    """The texts and labels given cannot make a model; the message says why."""


@dataclass(frozen=True, slots=True, eq=False)
class LinearModel:
    """`weights` [2 ** bits, classes] with the `idf` of every row multiplied in, `bias` per class;
    the `calibration` makes scores probabilities."""

    codes: tuple[str, ...]
    weights: Floats
    idf: Floats
    bias: Floats
    calibration: Calibration = _UNCALIBRATED

    def predict_proba(self, texts: Sequence[str]) -> npt.NDArray[np.float64]:
        """The probability of every code (columns, in the order of `codes`) for every text."""
        return self.calibration.probabilities(self.scores(texts))

    def scores(self, texts: Sequence[str]) -> Floats:
        """What the machine says before it is calibrated: above 0 for a code, below against it."""
        scores: Floats = decided(*packed(texts), self.idf, self.weights)
        return scores + self.bias

    def explain(self, text: str, code: str) -> tuple[str, ...]:
        """At most five words of the folded text that spoke most for `code` against the other
        codes, in its order. Nothing for a code the model does not know."""
        return loudest(fold(text), self.brought(text, code)) if code in self.codes else ()

    def brought(self, text: str, code: str) -> npt.NDArray[np.float64]:
        """What every character of the folded text brings to the score of `code` (one the model
        knows) beyond the scores of the others, each counted by its probability: their sum with
        the bias is exactly that difference."""
        codes, place = packed([text]).codes, self.codes.index(code)
        found = pieces(codes, self._bits())
        against = self.predict_proba([text])[0]
        against[place] = 0
        against /= max(float(against.sum()), 1e-12)
        rows = self.weights[found.numbers]
        votes = (rows[:, place] - rows @ against).astype(np.float32)
        size = float(np.sqrt(_square(found.numbers, self.idf)))
        return shared_out(found, votes, codes.size) / max(size, 1e-9)

    def arrays(self) -> dict[str, npt.NDArray[Any]]:
        """Everything the model is, as arrays for saving; `from_arrays` takes them back."""
        return {
            "form": np.array(FORM),
            "codes": np.array(self.codes),
            "weights": self.weights,
            "idf": self.idf,
            "bias": self.bias,
            "calibration": np.array([self.calibration.temperature, self.calibration.sharpness]),
        }

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, npt.NDArray[Any]]) -> "LinearModel":
        """The model that `arrays` hold. ValueError when they are of another form."""
        if int(arrays["form"]) != FORM:
            raise ValueError(f"model of form {int(arrays['form'])}; this engine reads form {FORM}")
        return cls(
            codes=tuple(str(code) for code in arrays["codes"]),
            weights=np.ascontiguousarray(arrays["weights"], np.float32),
            idf=np.ascontiguousarray(arrays["idf"], np.float32),
            bias=np.ascontiguousarray(arrays["bias"], np.float32),
            calibration=Calibration(*map(float, arrays["calibration"])),
        )

    def _bits(self) -> int:
        return self.idf.size.bit_length() - 1


def train(texts: Sequence[str], labels: Sequence[str], *, seed: int, bits: int = 18) -> LinearModel:
    """A model that gives `texts` their `labels`. The same input and seed give the same model.

    The recipe that files most of an unseen fifth rightly is taken. The calibration comes from
    texts that the model scoring them had not seen: each fifth is scored by a model of the others,
    until 4,000 are. The model returned has seen all. CannotTrain when there are fewer than two
    codes.
    """
    if len(texts) != len(labels):
        raise CannotTrain(f"{len(texts)} texts with {len(labels)} labels")
    if len(set(labels)) < 2:
        raise CannotTrain("all texts have the same label; a model needs at least two codes")
    recipe, first = _chosen(texts, labels, seed, bits)
    folds = [first]
    for fifth in range(1, _PARTS):
        if sum(len(columns) for _, columns in folds) >= _ENOUGH_TO_CALIBRATE:
            break
        folds.append(_unseen(texts, labels, (seed, fifth, bits), recipe))
    whole = _fitted(texts, labels, (seed, bits), recipe)
    return replace(whole, calibration=calibrated(folds))


def _chosen(
    texts: Sequence[str], labels: Sequence[str], seed: int, bits: int
) -> tuple[Recipe, _Tried]:
    """The recipe most often right on the first fifth, and what it said there. Of equals, and of
    a fifth too small to tell, the first."""
    recipe, best = RECIPES[0], _unseen(texts, labels, (seed, 0, bits), RECIPES[0])
    for other in RECIPES[1:] if len(best[1]) >= _ENOUGH_TO_CHOOSE else ():
        tried = _unseen(texts, labels, (seed, 0, bits), other)
        if _right(tried) > _right(best):
            recipe, best = other, tried
    return recipe, best


def _right(tried: _Tried) -> int:
    scores, columns = tried
    return int((scores.argmax(axis=1) == np.array(columns)).sum())


def _unseen(
    texts: Sequence[str], labels: Sequence[str], part: tuple[int, int, int], recipe: Recipe
) -> _Tried:
    """What a model of the others says of a fifth; `part` is seed, fifth and bits."""
    seed, fifth, bits = part
    seen, unseen = _parted(labels, seed, fifth)
    if not unseen or len({labels[i] for i in seen}) < 2:
        return np.empty((0, 2), np.float32), []
    model = _fitted(_picked(texts, seen), _picked(labels, seen), (seed, bits), recipe)
    return _tried(model, _picked(texts, unseen), _picked(labels, unseen))


def holdout(texts: Sequence[str], labels: Sequence[str], seed: int) -> Evaluation:
    """How a model of four fifths of the texts does on the last fifth, drawn class by class.

    A text that occurs twice is used once, so that no unseen text has been seen. CannotTrain when
    there are too few texts to set some aside.
    """
    once = {fold(text): label for text, label in zip(texts, labels, strict=True)}
    texts, labels = list(once), list(once.values())
    seen, unseen = _parted(labels, seed, 0)
    if not unseen:
        raise CannotTrain(f"{len(texts)} texts; a code needs five before one can be set aside")
    model = train(_picked(texts, seen), _picked(labels, seen), seed=seed)
    shares = model.predict_proba(_picked(texts, unseen))
    given = [model.codes[i] for i in shares.argmax(axis=1)]
    return evaluate(_picked(labels, unseen), given, shares.max(axis=1))


def _tried(model: LinearModel, texts: Sequence[str], labels: Sequence[str]) -> _Tried:
    """The model's scores of the texts whose codes it knows, and the columns of those codes."""
    column = {code: place for place, code in enumerate(model.codes)}
    known = [i for i, label in enumerate(labels) if label in column]
    return model.scores(_picked(texts, known)), [column[labels[i]] for i in known]


def _fitted(
    texts: Sequence[str], labels: Sequence[str], how: tuple[int, int], recipe: Recipe
) -> LinearModel:
    return LinearModel(*fitted(texts, labels, *how, recipe))


def _square(numbers: Ints, idf: Floats) -> float:
    """The squared length of the text's tf-idf vector, as `decided` has it."""
    distinct, times = np.unique(numbers, return_counts=True)
    return float((((1 + np.log(np.minimum(times, MOST_TIMES))) * idf[distinct]) ** 2).sum())


def _parted(labels: Sequence[str], seed: int, fifth: int) -> tuple[list[int], list[int]]:
    """Places of the texts to learn from and of those set aside: one fifth of every code's."""
    chance = np.random.default_rng(seed)
    aside: set[int] = set()
    for code in sorted(set(labels)):
        places = chance.permutation([i for i, label in enumerate(labels) if label == code])
        share = len(places) // _PARTS
        aside.update(places[fifth * share : (fifth + 1) * share].tolist())
    return [i for i in range(len(labels)) if i not in aside], sorted(aside)


def _picked(items: Sequence[str], places: Sequence[int]) -> list[str]:
    return [items[i] for i in places]
