"""Choosing one code per axis from what words say and what models have learnt.

Words alone: the likelihood of a code is exp(score), that of "none of these" is 1. With a model
of K codes: the model's probability times 1 + K (exp(score) - 1), which is a sum of log-scores
scaled so that a model that knows nothing leaves the words' verdict almost as it was, and words
that say nothing leave the model's. A word for a code speaks for the codes below it too; a
parent's likelihood is its own and its children's together.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from numba import njit

_Ints = npt.NDArray[np.int64]
_Floats = npt.NDArray[np.float64]

_NOTHING = -1
_MOST_SCORE = 300.0  # beyond it a likelihood could overflow
_UNKNOWN_TO_WORDS = 1.0
_UNKNOWN_TO_MODEL = 0.05
# A model must hold a code half as likely again as chance, and likelier than this, to be heard.
_LEAST_PROBABILITY = 0.15


class Vote(NamedTuple):
    """A word's testimony: a log-score for a code on an axis."""

    axis: str
    code: str
    score: float


class _Tree(NamedTuple):
    """The codes of all axes, parents before children, and what each word says of them."""

    nodes: _Ints  # node -> see _PARENT and the following
    sizes: _Ints  # axis -> how many codes its model knows; 0 without a model
    bounds: _Ints  # word w has votes bounds[w] to bounds[w + 1]
    targets: _Ints  # vote -> node
    scores: _Floats  # vote -> log-score


_PARENT = 0  # the node above, or nothing
_AXIS = 1
_COLUMN = 2  # the model's column for it or for the nearest code above that was taught, or nothing
_IS_TAUGHT = 3  # 1 when the model was taught this very code


class Chooser:
    """Knows the codes, the votes of every word, and which codes each axis's model was taught."""

    def __init__(
        self,
        axes: Sequence[str],
        words: Sequence[Sequence[Vote]],
        taught: Mapping[str, Sequence[str]],
    ) -> None:
        votes = [vote for word in words for vote in word]
        spoken = {(vote.axis, code) for vote in votes for code in lineage(vote.code)}
        spoken |= {(axis, above) for axis in taught for c in taught[axis] for above in lineage(c)}
        order = sorted(spoken, key=lambda pair: (axes.index(pair[0]), pair[1]))
        place = {pair: node for node, pair in enumerate(order)}
        columns = _columns(axes, taught)
        facts = [
            (
                place.get((axis, code.rpartition(".")[0]), _NOTHING),
                axes.index(axis),
                _nearest((axis, code), columns),
                (axis, code) in columns,
            )
            for axis, code in order
        ]
        self.codes = [code for _, code in order]
        self._tree = _Tree(
            nodes=np.array(facts, np.int64).reshape(len(order), 4),
            sizes=np.array([len(taught.get(axis, ())) for axis in axes], np.int64),
            bounds=np.cumsum([0, *map(len, words)], dtype=np.int64),
            targets=np.array([place[vote.axis, vote.code] for vote in votes], np.int64),
            scores=np.array([vote.score for vote in votes], np.float64),
        )

    def choose(self, found: _Ints, learned: _Floats) -> tuple[list[list[float]], list[float]]:
        """For each axis the deepest code (its place in `codes`, -1 for none) that holds more than
        half of its parent's likelihood, with its probability; and for each word found the
        weight with which it supports the code of its axis, 0 when it does not.

        `found` are rows of (place in the text, word) in order; a repeated word counts once.
        `learned` are the models' probabilities, axis after axis.
        """
        chosen, support = _choose(found, learned, self._tree)
        return chosen.tolist(), support.tolist()


def lineage(code: str) -> tuple[str, ...]:
    """card, card.credit, card.credit.billing for the last of them."""
    parts = code.split(".")
    return tuple(".".join(parts[: depth + 1]) for depth in range(len(parts)))


def _columns(
    axes: Sequence[str], taught: Mapping[str, Sequence[str]]
) -> dict[tuple[str, str], int]:
    pairs = [(axis, code) for axis in axes for code in taught.get(axis, ())]
    return {pair: column for column, pair in enumerate(pairs)}


def _nearest(pair: tuple[str, str], columns: Mapping[tuple[str, str], int]) -> int:
    axis, code = pair
    known = (columns[axis, each] for each in reversed(lineage(code)) if (axis, each) in columns)
    return next(known, _NOTHING)


@njit(cache=True)
def _choose(found: _Ints, learned: _Floats, tree: _Tree) -> tuple[_Floats, _Floats]:
    scores, first = _heard(found, tree)
    masses = _masses(scores, first, learned, tree)
    for node in range(len(masses) - 1, -1, -1):
        above = tree.nodes[node, _PARENT]
        if above != _NOTHING:
            masses[above] += masses[node]
            first[above] = min(first[above], first[node])
    chosen = np.empty((tree.sizes.size, 2))
    for axis in range(tree.sizes.size):
        chosen[axis] = _best(axis, masses, first, tree)
    return chosen, _support(found, chosen, tree)


@njit(cache=True)
def _heard(found: _Ints, tree: _Tree) -> tuple[_Floats, _Ints]:
    """Every code's score from its own words, and where it is first spoken of (far off: never)."""
    scores = np.zeros(len(tree.nodes))
    first = np.full(len(tree.nodes), np.iinfo(np.int64).max)
    is_old = np.zeros(tree.bounds.size, np.bool_)
    for start, word in found:
        if is_old[word]:
            continue
        is_old[word] = True
        for vote in range(tree.bounds[word], tree.bounds[word + 1]):
            node = tree.targets[vote]
            scores[node] += tree.scores[vote]
            first[node] = min(first[node], start)
    return scores, first


@njit(cache=True)
def _masses(scores: _Floats, first: _Ints, learned: _Floats, tree: _Tree) -> _Floats:
    """Every code's own likelihood; 0 for one that neither a word nor a model speaks of."""
    masses = np.zeros(scores.size)
    for node in range(scores.size):
        if tree.nodes[node, _PARENT] != _NOTHING:
            scores[node] += scores[tree.nodes[node, _PARENT]]
        score, size = min(scores[node], _MOST_SCORE), tree.sizes[tree.nodes[node, _AXIS]]
        is_spoken_of = first[node] != np.iinfo(np.int64).max
        if not size:
            masses[node] = np.exp(score) if is_spoken_of else 0.0
        elif is_spoken_of or tree.nodes[node, _IS_TAUGHT]:
            # A model says nothing of codes it was never shown: they are as likely as chance.
            column = tree.nodes[node, _COLUMN]
            probability = learned[column] if column != _NOTHING else 1 / size
            voice = 1 + size * (np.exp(score) - 1) if score > 0 else np.exp(score)
            masses[node] = probability * voice
    return masses


@njit(cache=True)
def _best(axis: int, masses: _Floats, first: _Ints, tree: _Tree) -> tuple[float, float]:
    size = tree.sizes[axis]
    unknown = _UNKNOWN_TO_MODEL if size else _UNKNOWN_TO_WORDS
    least = max(_LEAST_PROBABILITY, 1.5 / size) if size else _UNKNOWN_TO_WORDS
    total, best = unknown, _NOTHING
    for node in range(masses.size):
        if tree.nodes[node, _AXIS] == axis and tree.nodes[node, _PARENT] == _NOTHING:
            total += masses[node]
            best = _greater(node, best, masses, first)
    if best == _NOTHING or masses[best] <= least:
        return float(_NOTHING), 0.0
    heir = best
    while heir != _NOTHING:
        best, heir = heir, _NOTHING
        for node in range(best + 1, masses.size):
            if tree.nodes[node, _PARENT] == best and 2 * masses[node] > masses[best]:
                heir = node
    return float(best), masses[best] / total


@njit(cache=True)
def _greater(node: int, best: int, masses: _Floats, first: _Ints) -> int:
    """Of equals the one that the text mentions first."""
    if best == _NOTHING or masses[node] > masses[best]:
        return node
    return node if masses[node] == masses[best] and first[node] < first[best] else best


@njit(cache=True)
def _support(found: _Ints, chosen: _Floats, tree: _Tree) -> _Floats:
    """Of every word the greatest score it gave to the chosen code, one above or one below it."""
    support = np.zeros(len(found))
    is_old = np.zeros(tree.bounds.size, np.bool_)
    for row in range(len(found)):
        word = found[row, 1]
        if is_old[word]:
            continue
        is_old[word] = True
        for vote in range(tree.bounds[word], tree.bounds[word + 1]):
            node = int(tree.targets[vote])
            best = int(chosen[tree.nodes[node, _AXIS], 0])
            if best != _NOTHING and (_is_above(node, best, tree) or _is_above(best, node, tree)):
                support[row] = max(support[row], tree.scores[vote])
    return support


@njit(cache=True)
def _is_above(node: int, below: int, tree: _Tree) -> bool:
    while below not in (_NOTHING, node):
        below = tree.nodes[below, _PARENT]
    return below == node
