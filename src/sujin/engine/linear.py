"""A linear classifier of short texts: what the bank's own coding taught, in one table of weights.

Rows of one to three characters, weighted by tf-idf (Salton and Buckley, 1988), a linear support
vector machine per class (Fan and others, LIBLINEAR, 2008). Reading and writing the table is
somebody else's business: a model gives and takes plain arrays.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from sujin.engine.calibration import Calibration, calibrated
from sujin.engine.evaluation import Evaluation, evaluate
from sujin.engine.folding import fold
from sujin.engine.ngrams import (
    FORM,
    LONGEST,
    Floats,
    Ints,
    counted,
    decided,
    hashed,
    length_weights,
    packed,
)

_MOST_WORDS = 5
_PARTS = 5  # a fifth of the texts is set aside
_ENOUGH_TO_CALIBRATE = 4000  # texts
_UNCALIBRATED = Calibration()
_REGULARISATION = 0.3  # of 0.03, 0.1, 0.3, 1 and 3 the best on real complaints


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
        """At most five pieces of the folded text that spoke most for `code` against the other
        codes, in its order. Nothing for a code the model does not know."""
        if code not in self.codes:
            return ()
        folded = fold(text)
        place = self.codes.index(code)
        rows = self.weights[hashed(packed([text]).codes, self._bits())]
        votes = rows[:, place] - (rows.sum(axis=1) - rows[:, place]) / max(1, len(self.codes) - 1)
        return _loudest(folded, votes)

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

    Its calibration comes from texts that the model scoring them had not seen: each fifth is
    scored by a model of the others, until 4,000 are. The model returned has seen all.
    CannotTrain when there are fewer than two codes.
    """
    if len(texts) != len(labels):
        raise CannotTrain(f"{len(texts)} texts with {len(labels)} labels")
    if len(set(labels)) < 2:
        raise CannotTrain("all texts have the same label; a model needs at least two codes")
    folds: list[tuple[Floats, list[int]]] = []
    for fifth in range(_PARTS):
        seen, unseen = _parted(labels, seed, fifth)
        if sum(len(columns) for _, columns in folds) >= _ENOUGH_TO_CALIBRATE:
            break
        if unseen and len({labels[i] for i in seen}) > 1:
            trial = _fitted(_picked(texts, seen), _picked(labels, seen), seed, bits)
            folds.append(_tried(trial, _picked(texts, unseen), _picked(labels, unseen)))
    return replace(_fitted(texts, labels, seed, bits), calibration=calibrated(folds))


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


def _tried(
    model: LinearModel, texts: Sequence[str], labels: Sequence[str]
) -> tuple[Floats, list[int]]:
    """The model's scores of the texts whose codes it knows, and the columns of those codes."""
    column = {code: place for place, code in enumerate(model.codes)}
    known = [i for i, label in enumerate(labels) if label in column]
    return model.scores(_picked(texts, known)), [column[labels[i]] for i in known]


def _fitted(texts: Sequence[str], labels: Sequence[str], seed: int, bits: int) -> LinearModel:
    from scipy.sparse import csr_matrix
    from sklearn.svm import LinearSVC

    ends, columns, values = counted(*packed(texts), bits)
    matrix = csr_matrix((values, columns, ends), shape=(len(texts), 1 << bits))
    idf = _idf(columns, len(texts), bits)
    matrix.data *= idf[matrix.indices]
    lengths = np.sqrt(np.asarray(matrix.multiply(matrix).sum(axis=1)).ravel())
    matrix.data /= np.repeat(np.maximum(lengths, 1e-9), np.diff(ends))
    machine = LinearSVC(C=_REGULARISATION, class_weight="balanced", random_state=seed)
    machine.fit(matrix, list(labels))
    coefficients, bias = machine.coef_, machine.intercept_
    if len(coefficients) == 1:  # of two codes only the second is given a machine
        coefficients, bias = np.vstack([-coefficients, coefficients]), np.append(-bias, bias)
    weights = np.ascontiguousarray(coefficients.T * idf[:, None], np.float32)
    codes = tuple(str(code) for code in machine.classes_)
    return LinearModel(codes, weights, idf, bias.astype(np.float32))


def _idf(columns: Ints, texts: int, bits: int) -> Floats:
    in_texts = np.bincount(columns, minlength=1 << bits)
    idf = np.log((1 + texts) / (1 + in_texts)) + 1
    return (idf * length_weights(bits)).astype(np.float32)


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


def _loudest(folded: str, votes: Floats) -> tuple[str, ...]:
    """The pieces with the greatest votes that do not overlap, in the text's order, each once."""
    length = len(folded)
    spans = [(i, j) for i in range(length) for j in range(i + 1, min(i + LONGEST, length) + 1)]
    taken: dict[str, tuple[int, int]] = {}
    for place in np.argsort(-votes, kind="stable"):
        start, end = spans[place]
        piece = folded[start:end]
        if votes[place] <= 0 or len(taken) == _MOST_WORDS:
            break
        is_free = all(end <= other or start >= stop for other, stop in taken.values())
        if end - start > 1 and piece.isalnum() and is_free and piece not in taken:
            taken[piece] = (start, end)
    return tuple(sorted(taken, key=taken.__getitem__))
