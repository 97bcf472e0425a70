"""The same matter in other words: whether two short texts mean the same, learnt from pairs that
people judged. No pretrained weights.

Three witnesses speak: what is seen on the texts (`resemblance`), which pieces the judged pairs
equate (`pairwise`), what was decided about either text before (`acquaintance`). Boosted trees
weigh them. They learn from what the witnesses say of a pair that they had not seen (stacked
generalisation; Wolpert, 1992), and hear of each four times: as if both its texts had been met
before, only one or the other, or neither. Otherwise they would believe too much of strangers.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from sujin.engine import pairwise, trees
from sujin.engine.acquaintance import Acquaintance
from sujin.engine.ngrams import Floats, Ints
from sujin.engine.pairwise import PairwiseRidge
from sujin.engine.pieces import Rows, bare, learnt_idf, rows_of
from sujin.engine.resemblance import seen
from sujin.engine.trees import Trees

FORM = 1
BITS = 18
FEWEST = 50  # judged pairs, and ten of each verdict: fewer teach nothing
MOST = 12_000  # pairs are learnt from at once: memory grows with their square
_FEWEST_OF_EACH = 10
_TREES = "trees_"
_STRANGER = -1

Labels = npt.NDArray[np.int8]


class CannotLearn(ValueError):
    """The judged pairs given cannot make a model; the message says why."""


@dataclass(frozen=True, slots=True)
class Judged:
    """One pair and what people said of it."""

    one: str
    other: str
    is_same: bool


@dataclass(frozen=True, eq=False)
class PairModel:
    """`names` are digests of the texts learnt from, in the order of the ridge's rows; `labels` the
    verdicts of its pairs."""

    idf: Floats
    names: npt.NDArray[np.uint64]
    ridge: PairwiseRidge
    labels: Labels
    trees: Trees

    def probabilities(self, ones: Sequence[str], others: Sequence[str]) -> npt.NDArray[np.float64]:
        """That the two of each pair are the same matter; the same for (other, one)."""
        if not ones:
            return np.zeros(0)
        a, b = [bare(text) for text in ones], [bare(text) for text in others]
        rows, far = rows_of(a, self.idf), rows_of(b, self.idf)
        figures = np.c_[seen(a, b, rows, far, self._bits), self.ridge.scores(rows, far)]
        known = self._acquaintance.figures(self._known(a), self._known(b))
        return self.trees.probabilities(np.c_[figures, known])

    def familiarity(self, texts: Sequence[str]) -> Floats:
        """What share of each text's pieces of two characters was met in the texts learnt from."""
        rows, quarter = rows_of([bare(text) for text in texts], self.idf), self.idf.size // 4
        is_pair = (rows.columns >= quarter) & (rows.columns < 2 * quarter)
        of_text = np.repeat(np.arange(len(texts)), np.diff(rows.ends))
        met = np.bincount(of_text, is_pair & self._met[rows.columns], len(texts))
        return np.asarray(
            met / np.maximum(1, np.bincount(of_text, is_pair, len(texts))), np.float32
        )

    @cached_property
    def _met(self) -> npt.NDArray[np.bool_]:
        met = np.zeros(self.idf.size, np.bool_)
        met[self.ridge.texts.columns] = True
        return met

    @cached_property
    def _acquaintance(self) -> Acquaintance:
        return Acquaintance(self.ridge.firsts, self.ridge.seconds, self.labels)

    @cached_property
    def _places(self) -> dict[int, int]:
        return {int(name): place for place, name in enumerate(self.names)}

    @property
    def _bits(self) -> int:
        return self.idf.size.bit_length() - 1

    def _known(self, bares: Sequence[str]) -> Ints:
        return np.array([self._places.get(_name(text), _STRANGER) for text in bares], np.int64)

    def arrays(self) -> dict[str, npt.NDArray[Any]]:
        """Everything the model is, as arrays for saving; `from_arrays` takes them back."""
        texts = self.ridge.texts
        found = {
            "form": np.array(FORM),
            "idf": self.idf,
            "names": self.names,
            "ends": texts.ends,
            "columns": texts.columns,
            "values": texts.values,
            "firsts": self.ridge.firsts,
            "seconds": self.ridge.seconds,
            "weights": self.ridge.weights,
            "labels": self.labels,
        }
        return found | {_TREES + name: array for name, array in self.trees.arrays().items()}

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, npt.NDArray[Any]]) -> "PairModel":
        """The model that `arrays` hold. ValueError when they are of another form."""
        if int(arrays["form"]) != FORM:
            raise ValueError(f"model of form {int(arrays['form'])}; this engine reads form {FORM}")
        texts = Rows(arrays["ends"], arrays["columns"], arrays["values"])
        idf = arrays["idf"]
        pairs = (arrays["firsts"], arrays["seconds"], arrays["weights"])
        return cls(
            idf=idf,
            names=arrays["names"],
            ridge=PairwiseRidge(texts, *pairs, columns=idf.size),
            labels=arrays["labels"],
            trees=Trees.from_arrays(
                {
                    name.removeprefix(_TREES): arrays[name]
                    for name in arrays
                    if name.startswith(_TREES)
                }
            ),
        )


def train(judged: Sequence[Judged], *, seed: int) -> PairModel:
    """A model of these pairs, at most `MOST` drawn at random. The same input and seed give the
    same model. CannotLearn when there are too few, or too few of one verdict."""
    judged = _drawn(judged, seed)
    labels = np.array([pair.is_same for pair in judged], np.int8)
    if len(judged) < FEWEST or min(labels.sum(), (1 - labels).sum()) < _FEWEST_OF_EACH:
        raise CannotLearn(
            f"{len(judged)} pairs, {int(labels.sum())} of them the same; at least {FEWEST} are "
            f"needed, with {_FEWEST_OF_EACH} of each verdict"
        )
    ones, others = [bare(pair.one) for pair in judged], [bare(pair.other) for pair in judged]
    texts = sorted({*ones, *others})
    if not any(texts):
        raise CannotLearn("no pair has any words")
    place = {text: number for number, text in enumerate(texts)}
    firsts = np.array([place[text] for text in ones], np.int64)
    seconds = np.array([place[text] for text in others], np.int64)
    idf = learnt_idf(texts, BITS)
    ridge, unlearnt = pairwise.learn(rows_of(texts, idf), firsts, seconds, labels, idf.size)
    figures = seen(ones, others, rows_of(ones, idf), rows_of(others, idf), BITS)
    known = _known_in_part(firsts, seconds, labels)
    told = [np.c_[figures, unlearnt[:, view], known[view]] for view in range(pairwise.VIEWS)]
    forest = trees.grow(np.vstack(told), np.tile(labels, pairwise.VIEWS), seed=seed)
    names = np.array([_name(text) for text in texts], np.uint64)
    return PairModel(idf, names, ridge, labels, forest)


def _known_in_part(firsts: Ints, seconds: Ints, labels: Labels) -> list[Floats]:
    """What is known of each pair, its own verdict left out; and had its first text never been met;
    its second; neither. In the order of the ridge's views."""
    own = np.where(labels > 0, 1, -1).tolist()
    acquaintance, never = Acquaintance(firsts, seconds, labels), np.full_like(firsts, _STRANGER)
    parts = ((firsts, seconds), (never, seconds), (firsts, never), (never, never))
    return [acquaintance.figures(one, other, own) for one, other in parts]


def _drawn(judged: Sequence[Judged], seed: int) -> Sequence[Judged]:
    if len(judged) <= MOST:
        return judged
    places = np.random.default_rng(seed).permutation(len(judged))[:MOST]
    return [judged[place] for place in sorted(places.tolist())]


def _name(text: str) -> int:
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest(), "little")
