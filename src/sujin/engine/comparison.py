"""Is the new machine worse than the old one on the same texts, or is it chance?

The difference of macro-F1 with a paired bootstrap interval (Efron and Tibshirani, 1993, chapter
13; for two systems on one test set Koehn, EMNLP 2004), and the exact test of McNemar (1947) on the
texts that only one of them names rightly.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import comb

import numpy as np
import numpy.typing as npt

RESAMPLES = 1000
_Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Comparison:
    """`difference` is the new machine's macro-F1 less the old one's, within `lower` and `upper` in
    95 of 100 resamples; `only_old` and `only_new` count texts that one alone named rightly, `p`
    how often chance alone would part them so unevenly."""

    difference: float
    lower: float
    upper: float
    only_old: int
    only_new: int
    p: float

    @property
    def is_worse(self) -> bool:
        """Worse by more than the noise."""
        return self.upper < 0

    @property
    def is_better(self) -> bool:
        return self.lower > 0


def compare(
    truth: Sequence[str], old: Sequence[str], new: Sequence[str], *, seed: int
) -> Comparison:
    """The comparison of two machines' codes for texts of which the `truth` is known."""
    drawn = _resamples(len(truth), seed)
    every = np.ones((1, len(truth)))
    gaps = _macro_f1(truth, new, drawn) - _macro_f1(truth, old, drawn)
    gap = _macro_f1(truth, new, every) - _macro_f1(truth, old, every)
    lower, upper = np.quantile(gaps, [0.025, 0.975])
    trios = list(zip(truth, old, new, strict=True))
    only_old = sum(right == before != after for right, before, after in trios)
    only_new = sum(right == after != before for right, before, after in trios)
    p = mcnemar(only_old, only_new)
    return Comparison(float(gap[0]), float(lower), float(upper), only_old, only_new, p)


def macro_f1_interval(
    truth: Sequence[str], given: Sequence[str], *, seed: int
) -> tuple[float, float]:
    """Between which values the macro-F1 of 95 of 100 resamples lies."""
    found = _macro_f1(truth, given, _resamples(len(truth), seed))
    lower, upper = np.quantile(found, [0.025, 0.975])
    return float(lower), float(upper)


def mcnemar(only_old: int, only_new: int) -> float:
    """The exact two-sided probability that a fair coin parts them as unevenly as this."""
    tossed = only_old + only_new
    tail = sum(comb(tossed, heads) for heads in range(min(only_old, only_new) + 1))
    return min(1.0, 2 * tail / (1 << tossed))


def _resamples(count: int, seed: int) -> _Floats:
    """How often each text is drawn, one row for each resample."""
    chance = np.random.default_rng(seed)
    return chance.multinomial(count, np.full(count, 1 / count), size=RESAMPLES).astype(np.float64)


def _macro_f1(truth: Sequence[str], given: Sequence[str], drawn: _Floats) -> _Floats:
    """The macro-F1 of every resample, over the codes that occur in it."""
    codes = sorted(set(truth))
    of_it = np.array([[code == each for code in codes] for each in truth], np.float64)
    said = np.array([[code == each for code in codes] for each in given], np.float64)
    counts = drawn @ of_it
    f1 = 2 * (drawn @ (of_it * said)) / np.maximum(counts + drawn @ said, 1e-9)
    occurs = counts > 0
    means: _Floats = (f1 * occurs).sum(axis=1) / occurs.sum(axis=1)
    return means
