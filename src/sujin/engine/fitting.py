"""How a linear model gets its weights: one machine per code, all in one table.

Pieces are weighted by tf-idf (Salton and Buckley, 1988) and by how much they tell of the codes:
the log-odds of every code where the piece occurs, as "NB-SVM" has it for two codes (Wang and
Manning, 2012), drawn to nought for rare pieces by an informative prior (Monroe and others, 2008).
On them a linear support vector machine learns (LIBLINEAR, Fan and others, 2008).
"""

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from sujin.engine.ngrams import Floats, Ints, counted, length_weights, packed

_LEAST_WEIGHT = 0.3  # of a piece that speaks neither for nor against any code
_PRIOR = 1.0  # texts


class Recipe(NamedTuple):
    """How hard the machine is held back from learning by heart (less is harder), and whether
    pieces are weighted by what they tell."""

    regularisation: float
    weighs_telling: bool


# The first is best for few broad classes (real complaints, six of them), the second for many
# narrow ones with a handful of short texts each: which it is, unseen texts decide.
RECIPES = (Recipe(0.3, True), Recipe(2.0, False))


class Fitted(NamedTuple):
    """`weights` [2 ** bits, codes] with the `idf` multiplied in, and a `bias` for each code."""

    codes: tuple[str, ...]
    weights: Floats
    idf: Floats
    bias: Floats


def fitted(
    texts: Sequence[str],
    labels: Sequence[str],
    seed: int,
    bits: int,
    recipe: Recipe = RECIPES[0],
) -> Fitted:
    """The table under which `texts` get their `labels`, of which there are at least two."""
    from scipy.sparse import csr_matrix

    ends, columns, values = counted(*packed(texts), bits)
    matrix = csr_matrix((values, columns, ends), shape=(len(texts), 1 << bits))
    codes = tuple(sorted(set(labels)))
    truth = np.array([codes.index(label) for label in labels])
    idf = _idf(columns, len(texts), bits)
    if recipe.weighs_telling:
        idf *= _telling(matrix, truth, len(codes))
    matrix.data *= idf[matrix.indices]
    lengths = np.sqrt(np.asarray(matrix.multiply(matrix).sum(axis=1)).ravel())
    matrix.data /= np.repeat(np.maximum(lengths, 1e-9), np.diff(ends))
    coefficients, bias = _machines(matrix, truth, recipe.regularisation, seed)
    return Fitted(codes, np.ascontiguousarray(coefficients.T * idf[:, None]), idf, bias)


def _machines(matrix: Any, truth: Ints, strength: float, seed: int) -> tuple[Floats, Floats]:
    """The weights of every piece for each code against the others, and the biases."""
    from sklearn.svm import LinearSVC

    machine = LinearSVC(C=strength, class_weight="balanced", random_state=seed)
    machine.fit(matrix, truth)
    rows, bias = machine.coef_.astype(np.float32), machine.intercept_.astype(np.float32)
    if len(rows) == 1:  # of two codes only the second is given a machine
        return np.vstack([-rows, rows]), np.append(-bias, bias)
    return rows, bias


def _telling(matrix: Any, truth: Ints, codes: int) -> Floats:
    """How much every piece tells: its log-odds for a code, root mean square over the codes."""
    size = matrix.shape[1]
    in_all = np.bincount(matrix.indices, minlength=size).astype(np.float64)
    squares = np.zeros(size)
    for place in range(codes):
        in_it = np.bincount(matrix[truth == place].indices, minlength=size)
        share = min(0.999, (in_it.sum() + 1) / (in_all.sum() + codes))
        own = (in_it + _PRIOR * share) / (in_all + _PRIOR)
        squares += (np.log(own / (1 - own)) - np.log(share / (1 - share))) ** 2
    return (np.sqrt(squares / codes) + _LEAST_WEIGHT).astype(np.float32)


def _idf(columns: Ints, texts: int, bits: int) -> Floats:
    in_texts = np.bincount(columns, minlength=1 << bits)
    idf = np.log((1 + texts) / (1 + in_texts)) + 1
    return (idf * length_weights(bits)).astype(np.float32)
