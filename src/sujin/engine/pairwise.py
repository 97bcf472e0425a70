"""Kernel ridge regression on pairs of texts: learns which pieces stand for one another.

Two pairs are alike when their texts are alike one by one (tensor product kernel), or when they
differ in the same way (metric learning pairwise kernel; Vert, Qiu and Noble, "A new pairwise
kernel for biological network inference", 2007). Both are the same for a pair and its mirror image,
so the score is. What a pair would score had it not been learnt comes from one factorisation
(leave-one-out by the inverse's diagonal; Cawley and Talbot, 2004).
"""

from collections.abc import Iterator
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
        scored: Floats = np.concatenate(
            [np.zeros(0, np.float32), *self._scores_by_block(one, other)]
        )
        return scored

    def _scores_by_block(self, one: Rows, other: Rows) -> Iterator[Floats]:
        for start in range(0, len(one), _AT_ONCE):
            stop = min(start + _AT_ONCE, len(one))
            nears = similarities(_slice(one, start, stop), self.texts, self.columns)
            fars = similarities(_slice(other, start, stop), self.texts, self.columns)
            yield _scored(nears, fars, self.firsts, self.seconds, self.weights, _TENSOR_SHARE)

    def equations(self, here: Ints, there: Ints) -> Floats:
        """For each piece `here` of one text and each `there` of the other: how strongly the learnt
        pairs say that the two stand for one another (above 0) or do not (below)."""
        one, two = self._weights_in_pairs(here)
        three, four = self._weights_in_pairs(there)
        tensor = (one * self.weights) @ four.T + (two * self.weights) @ three.T
        metric = ((one - two) * self.weights) @ (three - four).T
        equal: Floats = _TENSOR_SHARE * tensor - 2 * (1 - _TENSOR_SHARE) * metric
        return equal

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
    """The machine, and for every pair the score it would have got from the others."""
    from scipy.linalg import cholesky, lapack

    goals = np.where(labels > 0, 1.0, -1.0).astype(np.float32)
    gram = _gram(similarities(texts, texts, columns), firsts, seconds)
    gram[np.diag_indices_from(gram)] += np.float32(_RIDGE)
    lower = cholesky(gram, lower=True, overwrite_a=True, check_finite=False)
    half, _info = lapack.spotri(lower, lower=1, overwrite_c=1)
    diagonal = np.diag(half).copy()
    weights = _symmetric_times(np.ascontiguousarray(half), goals)
    machine = PairwiseRidge(texts, firsts, seconds, weights, columns)
    return machine, (goals - weights / diagonal).astype(np.float32)


def _slice(rows: Rows, start: int, stop: int) -> Rows:
    first, last = rows.ends[start], rows.ends[stop]
    ends = rows.ends[start : stop + 1] - first
    return Rows(ends, rows.columns[first:last], rows.values[first:last])


def _gram(near: Floats, firsts: Ints, seconds: Ints) -> Floats:
    gram = np.empty((firsts.size, firsts.size), np.float32)
    for start in range(0, firsts.size, _AT_ONCE):
        block = slice(start, start + _AT_ONCE)
        one, two = near[firsts[block]], near[seconds[block]]
        _kernel(one, two, firsts, seconds, np.float32(_TENSOR_SHARE), gram[block])
    return gram


@njit(cache=True)
def _kernel(
    one: Floats, two: Floats, firsts: Ints, seconds: Ints, share: np.float32, out: Floats
) -> None:
    for row in range(one.shape[0]):
        for pair in range(firsts.size):
            ac, ad = one[row, firsts[pair]], one[row, seconds[pair]]
            bc, bd = two[row, firsts[pair]], two[row, seconds[pair]]
            apart = ac - ad - bc + bd
            out[row, pair] = share * (ac * bd + ad * bc) + (1 - share) * apart * apart


@njit(cache=True)
def _scored(
    one: Floats, two: Floats, firsts: Ints, seconds: Ints, weights: Floats, share: float
) -> Floats:
    scores = np.zeros(one.shape[0], np.float32)
    for row in range(one.shape[0]):
        total = 0.0
        for pair in range(firsts.size):
            ac, ad = one[row, firsts[pair]], one[row, seconds[pair]]
            bc, bd = two[row, firsts[pair]], two[row, seconds[pair]]
            apart = ac - ad - bc + bd
            like = share * (ac * bd + ad * bc) + (1 - share) * apart * apart
            total += weights[pair] * like
        scores[row] = total
    return scores


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
