"""A linear classifier of short texts: what the bank's own coding taught, in one table of weights.

Rows of one to three characters, weighted by tf-idf (Salton and Buckley, 1988), a linear support
vector machine per class (Fan and others, LIBLINEAR, 2008), scores made probabilities by one
temperature (Guo and others, "On calibration of modern neural networks", 2017). Reading and
writing the table is somebody else's business: a model gives and takes plain arrays.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt

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
_TEST_SHARE = 5  # one text in five
_REGULARISATION = 0.3  # of 0.03, 0.1, 0.3, 1 and 3 the best on real complaints
_TEMPERATURES = np.geomspace(0.02, 5, 80)
_USUAL_TEMPERATURE = 0.3  # when there are too few texts to tell


class CannotTrain(ValueError):
    """The texts and labels given cannot make a model; the message says why."""


@dataclass(frozen=True, slots=True, eq=False)
class LinearModel:
    """`weights` [2 ** bits, classes] with the `idf` of every row multiplied in, `bias` per class;
    `temperature` divides the scores before they become probabilities."""

    codes: tuple[str, ...]
    weights: Floats
    idf: Floats
    bias: Floats
    temperature: float

    def predict_proba(self, texts: Sequence[str]) -> npt.NDArray[np.float64]:
        """The probability of every code (columns, in the order of `codes`) for every text."""
        return _softmax(self._scores(texts) / self.temperature)

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
            "temperature": np.array(self.temperature),
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
            temperature=float(arrays["temperature"]),
        )

    def _scores(self, texts: Sequence[str]) -> Floats:
        scores: Floats = decided(*packed(texts), self.idf, self.weights)
        return scores + self.bias

    def _bits(self) -> int:
        return self.idf.size.bit_length() - 1


@dataclass(frozen=True, slots=True)
class ClassScore:
    """How one code fared: of the texts given it how many rightly (precision), of its `n` texts
    how many found (recall), and their harmonic mean."""

    precision: float
    recall: float
    f1: float
    n: int


@dataclass(frozen=True, slots=True)
class Evaluation:
    """`accuracy` and `macro_f1` on `n` unseen texts; `baseline` is the accuracy of always naming
    the commonest code."""

    accuracy: float
    macro_f1: float
    n: int
    per_class: Mapping[str, ClassScore]
    baseline: float


def train(texts: Sequence[str], labels: Sequence[str], *, seed: int, bits: int = 18) -> LinearModel:
    """A model that gives `texts` their `labels`. The same input and seed give the same model.

    The temperature is found on a fifth of the texts with a model of the other four fifths; the
    model returned has seen all. CannotTrain when there are fewer than two codes.
    """
    if len(texts) != len(labels):
        raise CannotTrain(f"{len(texts)} texts with {len(labels)} labels")
    if len(set(labels)) < 2:
        raise CannotTrain("all texts have the same label; a model needs at least two codes")
    seen, unseen = _parts(labels, seed)
    temperature = _USUAL_TEMPERATURE
    if unseen and len({labels[i] for i in seen}) > 1:
        trial = _fitted(_picked(texts, seen), _picked(labels, seen), seed, bits)
        temperature = _temperature(trial, _picked(texts, unseen), _picked(labels, unseen))
    return replace(_fitted(texts, labels, seed, bits), temperature=temperature)


def holdout(texts: Sequence[str], labels: Sequence[str], seed: int) -> Evaluation:
    """How a model of four fifths of the texts does on the last fifth, drawn class by class.

    A text that occurs twice is used once, so that no unseen text has been seen. CannotTrain when
    there are too few texts to set some aside.
    """
    once = {fold(text): label for text, label in zip(texts, labels, strict=True)}
    texts, labels = list(once), list(once.values())
    seen, unseen = _parts(labels, seed)
    if not unseen:
        raise CannotTrain(f"{len(texts)} texts; a code needs five before one can be set aside")
    model = train(_picked(texts, seen), _picked(labels, seen), seed=seed)
    chosen = model.predict_proba(_picked(texts, unseen)).argmax(axis=1)
    return _evaluation(_picked(labels, unseen), [model.codes[i] for i in chosen])


def _evaluation(truth: Sequence[str], given: Sequence[str]) -> Evaluation:
    per_class = {code: _class_score(code, truth, given) for code in sorted(set(truth))}
    right = sum(a == b for a, b in zip(truth, given, strict=True))
    commonest = max(score.n for score in per_class.values())
    macro_f1 = sum(score.f1 for score in per_class.values()) / len(per_class)
    return Evaluation(right / len(truth), macro_f1, len(truth), per_class, commonest / len(truth))


def _class_score(code: str, truth: Sequence[str], given: Sequence[str]) -> ClassScore:
    right = sum(a == b == code for a, b in zip(truth, given, strict=True))
    of_it, said = truth.count(code), given.count(code)
    precision, recall = right / said if said else 0.0, right / of_it
    f1 = 2 * right / (of_it + said)
    return ClassScore(precision, recall, f1, of_it)


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
    return LinearModel(codes, weights, idf, bias.astype(np.float32), _USUAL_TEMPERATURE)


def _idf(columns: Ints, texts: int, bits: int) -> Floats:
    in_texts = np.bincount(columns, minlength=1 << bits)
    idf = np.log((1 + texts) / (1 + in_texts)) + 1
    return (idf * length_weights(bits)).astype(np.float32)


def _temperature(model: LinearModel, texts: Sequence[str], labels: Sequence[str]) -> float:
    """That under which the true codes are likeliest."""
    scores = model._scores(texts)
    true = [model.codes.index(label) if label in model.codes else -1 for label in labels]
    rows = np.array([row for row, place in enumerate(true) if place >= 0])
    places = np.array([place for place in true if place >= 0])
    if not rows.size:
        return _USUAL_TEMPERATURE
    losses = [-np.log(_softmax(scores / t)[rows, places] + 1e-12).mean() for t in _TEMPERATURES]
    return float(_TEMPERATURES[int(np.argmin(losses))])


def _softmax(scores: npt.NDArray[Any]) -> npt.NDArray[np.float64]:
    grown = np.exp(scores - scores.max(axis=1, keepdims=True), dtype=np.float64)
    shares: npt.NDArray[np.float64] = grown / grown.sum(axis=1, keepdims=True)
    return shares


def _parts(labels: Sequence[str], seed: int) -> tuple[list[int], list[int]]:
    """Places of the texts to learn from and of those set aside: a fifth of every code's."""
    chance = np.random.default_rng(seed)
    aside: set[int] = set()
    for code in sorted(set(labels)):
        places = [i for i, label in enumerate(labels) if label == code]
        aside.update(chance.permutation(places)[: len(places) // _TEST_SHARE].tolist())
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
