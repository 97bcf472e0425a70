"""The evidence of small counts, from a table: what every count of every period multiplies the
likelihood ratio of every wave by.

The same series is asked for many counts when its p-value is drawn (`chance`); their logarithms and
gamma functions are then worked out once, and most of them by recurrence.
"""

from math import exp, log

import numpy as np
import numpy.typing as npt
from numba import njit

from sujin.engine.watch.evidence import Laws, Waves, chance_by, weigh_by
from sujin.engine.watch.fitting import ANY_ORDER, Numbers

# Periods back, counts, waves.
Ratios = npt.NDArray[np.float64]

# Counts from 0 up to less than this are in the table.
TABLED = 48
# Evidence below this logarithm is none.
_LEAST = 1e-300


@njit(nogil=True, cache=True)
def tabled(laws: Laws, waves: Waves) -> Ratios:  # pragma: no cover
    """The table of the laws that `prepare` made; the odds of a wave are in its latest period."""
    back, number = laws.shape[1], waves.sizes.shape[0]
    table = np.ones((back, TABLED, laws.shape[0] - 1))
    for place in range(table.shape[2]):
        row = place // number
        odds = waves.odds[row] * waves.often[place % number]
        for step in range(int(waves.lengths[row])):
            _fill(table[step, :, place], laws[0, step], laws[place + 1, step])
        table[0, :, place] *= odds
    return table


@njit(nogil=True, cache=True)
def _fill(counts: Numbers, plain: Numbers, wave: Numbers) -> None:  # pragma: no cover
    """P(count | wave) / P(count | plain) for counts from 0 on: each from the one before."""
    of_none = chance_by(0.0, wave[0], wave[1], wave[2]) - chance_by(
        0.0, plain[0], plain[1], plain[2]
    )
    ratio = exp(of_none)
    turn = exp(wave[1] - plain[1])
    for count in range(counts.shape[0]):
        counts[count] = ratio
        more = wave[2] + count if wave[2] > 0.0 else 1.0
        fewer = plain[2] + count if plain[2] > 0.0 else 1.0
        ratio *= turn * more / fewer


@njit(nogil=True, cache=True, fastmath=ANY_ORDER)
def weigh_tabled(
    counts: Numbers, table: Ratios, laws: Laws, waves: Waves
) -> float:  # pragma: no cover
    """`weigh_by` of whole counts, by the table where it holds all of them."""
    for step in range(counts.shape[0]):
        if counts[step] >= TABLED:
            return float(weigh_by(counts, laws, waves))
    ratios = table[0, int(counts[0])].copy()
    for step in range(1, counts.shape[0]):
        more = table[step, int(counts[step])]
        for place in range(ratios.shape[0]):
            ratios[place] *= more[place]
    total = 0.0
    for place in range(ratios.shape[0]):
        total += ratios[place]
    return log(max(total, _LEAST))
