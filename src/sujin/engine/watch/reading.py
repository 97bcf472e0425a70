"""Many series read at once: what was expected, and how much the last periods speak for a wave."""

from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple

import numpy as np
from numba import njit

from sujin.engine.watch.baseline import Outlook, expect
from sujin.engine.watch.evidence import Lately, Waves, weigh_on
from sujin.engine.watch.fitting import Model, Numbers

# So many series are one errand of a thread.
_ERRAND = 256


class Frame(NamedTuple):
    """How every series is explained: see `fitting.Model`. ``offsets`` has a row for each series, or
    one for all. The last ``gap`` periods are not learnt from."""

    design: Numbers
    offsets: Numbers
    precision: Numbers
    prior: Numbers
    gap: int


class Reading(NamedTuple):
    """Rows are series. ``evidence`` and ``dispersion`` have a column for each period from the first
    one judged; ``mean`` and ``variance`` besides a last axis that runs back in time from it."""

    mean: Numbers
    variance: Numbers
    dispersion: Numbers
    evidence: Numbers


def read(counts: Numbers, frame: Frame, waves: Waves, *, first: int, threads: int = 2) -> Reading:
    """``counts``: one row a series, one column a period.

    Raises ValueError when ``first`` leaves too few periods to learn from.
    """
    if first - frame.gap < 2 * frame.design.shape[0] or first < waves.back:
        raise ValueError(f"{first} periods are too few to learn {frame.design.shape[0]} effects of")
    rows, wide = counts.shape[0], (counts.shape[0], counts.shape[1] - first)
    made = Reading(
        np.empty((*wide, waves.back)), np.empty((*wide, waves.back)), np.empty(wide), np.empty(wide)
    )
    own = np.ascontiguousarray(counts, np.float64)

    def errand(start: int) -> None:
        part = slice(start, min(start + _ERRAND, rows))
        offsets = frame.offsets[part] if len(frame.offsets) > 1 else frame.offsets
        piece = Reading(*(one[part] for one in made))
        _read(own[part], frame._replace(offsets=offsets), waves, piece, first)

    with ThreadPoolExecutor(threads) as pool:
        list(pool.map(errand, range(0, rows, _ERRAND)))
    return made


@njit(nogil=True, cache=True)
def _read(
    counts: Numbers, frame: Frame, waves: Waves, made: Reading, first: int
) -> None:  # pragma: no cover
    for row in range(counts.shape[0]):
        offset = frame.offsets[row % frame.offsets.shape[0]]
        model = Model(frame.design, offset, frame.precision, frame.prior)
        outlook = Outlook(made.mean[row], made.variance[row], made.dispersion[row])
        expect(counts[row], model, first, frame.gap, outlook)
        told = Lately(made.evidence[row], outlook.mean, outlook.variance)
        weigh_on(counts[row], told, first, waves)
