"""Kernel ridge regression on pairs of texts: learns which pieces stand for one another.

Two pairs are alike when their texts are alike one by one (tensor product kernel), or when they
differ in the same way (metric learning pairwise kernel; Vert, Qiu and Noble, "A new pairwise
kernel for biological network inference", 2007). Both are the same for a pair and its mirror image,
so the score is. What a pair would score had it, or all about its texts, not been learnt comes from
one factorisation (leave-one-out by the inverse; Cawley and Talbot, 2004; here for blocks).
"""

from collections import defaultdict
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from numba import njit

from sujin.engine.ngrams import Floats, Ints
from sujin.engine.pieces import Rows, similarities

# Tuned on inner folds of the training part only: share of .5, .6 and .75 differ by less than .001.
_TENSOR_SHARE = 0.6
_RIDGE = 0.2
_AT_ONCE = 512
_MOST_LEFT_OUT = 96  # pairs of one text; a text in more of them is left out in part
VIEWS = 4


@dataclass(frozen=True, slots=True, eq=False)
class PairwiseRidge:
    """`texts` are the texts learnt from, `firsts` and `seconds` the two of each learnt pair, and
    `weights` what the pair says for (above 0) or against likeness."""

    texts: Rows
    firsts: Ints
    seconds: Ints
    weights: Floats
    columns: int

    def scores(self, one: Rows, other: Rows) -> Floats:
        """Above 0 the same matter, below another; the same for (other, one)."""
        scored = np.zeros(len(one), np.float32)
        pairs = (self.firsts, self.seconds)
        for start in range(0, len(one), _AT_ONCE):
            stop = min(start + _AT_ONCE, len(one))
            nears = similarities(_slice(one, start, stop), self.texts, self.columns)
            fars = similarities(_slice(other, start, stop), self.texts, self.columns)
            like = np.empty((stop - start, self.firsts.size), np.float32)
            _compare(nears, fars, pairs, _TENSOR_SHARE, like)
            scored[start:stop] = like @ self.weights
        return scored

    def equations(self, here: Ints, there: Ints) -> Floats:
        """For each piece `here` of one text and each `there` of the other: how strongly the learnt
        pairs say that the two stand for one another (above 0) or do not (below)."""
        one, two = self._weights_in_pairs(here)
        three, four = self._weights_in_pairs(there)
        tensor = (one * self.weights) @ four.T + (two * self.weights) @ three.T
        metric = ((one - two) * self.weights) @ (three - four).T
        equal = _TENSOR_SHARE * tensor - 2 * (1 - _TENSOR_SHARE) * metric
        return np.asarray(equal, np.float32)

    def _weights_in_pairs(self, pieces: Ints) -> tuple[Floats, Floats]:
        """What each piece weighs in the first and in the second text of each learnt pair."""
        order = np.argsort(pieces, kind="stable")
        texts = np.repeat(np.arange(len(self.texts)), np.diff(self.texts.ends))
        found = np.isin(self.texts.columns, pieces)
        place = order[np.searchsorted(pieces[order], self.texts.columns[found])]
        weighed = np.zeros((pieces.size, len(self.texts)), np.float32)
        weighed[place, texts[found]] = self.texts.values[found]
        return weighed[:, self.firsts], weighed[:, self.seconds]


def learn(
    texts: Rows, firsts: Ints, seconds: Ints, labels: npt.NDArray[np.int8], columns: int
) -> tuple[PairwiseRidge, Floats]:
    """The machine, and what it would have scored each pair (rows) had it not learnt that pair; nor
    any with its first text; nor any with its second; nor any with either (columns)."""
    from scipy.linalg import cholesky, lapack

    goals = np.where(labels > 0, 1.0, -1.0).astype(np.float32)
    gram = _gram(similarities(texts, texts, columns), (firsts, seconds))
    gram[np.diag_indices_from(gram)] += np.float32(_RIDGE)
    lower = cholesky(gram, lower=True, overwrite_a=True, check_finite=False)
    half, _info = lapack.spotri(lower, lower=1, overwrite_c=1)
    half = np.ascontiguousarray(half)
    weights = _symmetric_times(half, goals)
    machine = PairwiseRidge(texts, firsts, seconds, weights, columns)
    return machine, _unlearnt(half, weights, goals, (firsts, seconds))


def _unlearnt(half: Floats, weights: Floats, goals: Floats, pairs: tuple[Ints, Ints]) -> Floats:
    """Leave-out scores from the inverse: leaving out the pairs S changes the score of a pair in it
    by what solving inverse[S, S] x = weights[S] says, exactly."""
    of_text: dict[int, set[int]] = defaultdict(set)
    for place, texts in enumerate(zip(*(one.tolist() for one in pairs), strict=True)):
        for text in texts:
            of_text[text].add(place)
    scores = np.empty((goals.size, VIEWS), np.float32)
    for place, (one, other) in enumerate(zip(*(each.tolist() for each in pairs), strict=True)):
        near, far = of_text[one], of_text[other]
        for view, left_out in enumerate(({place}, near, far, near | far)):
            block = np.array([place, *sorted(left_out - {place})[:_MOST_LEFT_OUT]])
            inverse = half[np.maximum.outer(block, block), np.minimum.outer(block, block)]
            solved = np.linalg.solve(inverse.astype(np.float64), weights[block])
            scores[place, view] = goals[place] - solved[0]
    return scores


def _slice(rows: Rows, start: int, stop: int) -> Rows:
    first, last = rows.ends[start], rows.ends[stop]
    ends = rows.ends[start : stop + 1] - first
    return Rows(ends, rows.columns[first:last], rows.values[first:last])


def _gram(near: Floats, pairs: tuple[Ints, Ints]) -> Floats:
    gram = np.empty((pairs[0].size, pairs[0].size), np.float32)
    for start in range(0, len(gram), _AT_ONCE):
        block = slice(start, start + _AT_ONCE)
        _compare(near[pairs[0][block]], near[pairs[1][block]], pairs, _TENSOR_SHARE, gram[block])
    return gram


@njit(cache=True)
def _compare(one: Floats, two: Floats, pairs: tuple[Ints, Ints], share: float, out: Floats) -> None:
    """The kernel of pairs, given by how near their first and second texts are to every text, with
    all the learnt `pairs`."""
    firsts, seconds = pairs
    for row in range(one.shape[0]):
        for pair in range(firsts.size):
            ac, ad = one[row, firsts[pair]], one[row, seconds[pair]]
            bc, bd = two[row, firsts[pair]], two[row, seconds[pair]]
            apart = ac - ad - bc + bd
            out[row, pair] = share * (ac * bd + ad * bc) + (1 - share) * apart * apart


@njit(cache=True)
def _symmetric_times(half: Floats, vector: Floats) -> Floats:
    """The matrix whose lower triangle is `half`, times `vector`."""
    product = np.zeros(vector.size, np.float64)
    for row in range(vector.size):
        for column in range(row):
            product[row] += half[row, column] * vector[column]
            product[column] += half[row, column] * vector[row]
        product[row] += half[row, row] * vector[row]
    return product.astype(np.float32)
