"""Short texts as rows of weighted pieces of one to three characters: what pairs are compared by.

Rows are tf-idf rows of length 1 (Salton and Buckley, 1988) over hashed numbers (`engine.ngrams`),
so a stored table holds numbers and no words.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sujin.engine.folding import fold
from sujin.engine.ngrams import Floats, Ints, counted, length_weights, packed

LONGEST_READ = 300  # characters of a text that are compared; a longer one is cut into claims first
_UNFOLDED_MOST = 4 * LONGEST_READ
_NO_WORD = re.compile(r"[\W_]+")
_BEGINS, _ENDS = "^", "$"  # a question's first and last word weigh differently from those between


@dataclass(frozen=True, slots=True, eq=False)
class Rows:
    """Sparse rows: row i is `columns[ends[i]:ends[i + 1]]`, ascending, with its `values`."""

    ends: Ints
    columns: Ints
    values: Floats

    def __len__(self) -> int:
        return self.ends.size - 1


def bare(text: str) -> str:
    """The folded text without spaces and marks, cut to what is compared."""
    folded = fold(text[:_UNFOLDED_MOST])
    return _NO_WORD.sub("", folded)[:LONGEST_READ]


def learnt_idf(bares: Sequence[str], bits: int) -> Floats:
    """How telling every number's pieces are among these texts, times the weight of their length."""
    _ends, columns, _values = _counted(bares, bits)
    in_texts = np.bincount(columns, minlength=1 << bits)
    idf = np.log((1 + len(bares)) / (1 + in_texts)) + 1
    return (idf * length_weights(bits)).astype(np.float32)


def rows_of(bares: Sequence[str], idf: Floats) -> Rows:
    """One row of length 1 for each text; a text without a letter or digit is all edges."""
    ends, columns, values = _counted(bares, idf.size.bit_length() - 1)
    values = values * idf[columns]
    squares = np.add.reduceat(values**2, ends[:-1]) if columns.size else np.zeros(len(bares))
    lengths = np.repeat(np.sqrt(np.maximum(squares, 1e-12)), np.diff(ends))
    return Rows(ends, columns, (values / lengths).astype(np.float32))


def similarities(rows: Rows, others: Rows, columns: int) -> Floats:
    """The cosine of each of `rows` with each of `others`."""
    from scipy.sparse import csr_matrix

    one = csr_matrix((rows.values, rows.columns, rows.ends), shape=(len(rows), columns))
    other = csr_matrix((others.values, others.columns, others.ends), shape=(len(others), columns))
    dense: npt.NDArray[np.float32] = np.asarray((one @ other.T).todense(), np.float32)
    return dense


def _counted(bares: Sequence[str], bits: int) -> tuple[Ints, Ints, Floats]:
    return counted(*packed([f"{_BEGINS}{one}{_ENDS}" for one in bares]), bits)
