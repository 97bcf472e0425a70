"""Does the machine still see the texts it was measured on?

What it says of recent texts (how sure it is, how often it names nothing, which codes it names) is
held against a reference. The size of a change is the population stability index (Siddiqi, Credit
Risk Scorecards, 2006): 0.1 is a shift, 0.2 a change one acts on. Its size alone is no proof: for
few texts chance gives such values (Yurdakul and Naranjo, Journal of Risk Model Validation 14,
2020), so the change must be significant as well, by the chi-squared test of homogeneity (Pearson,
1911), with the level shared between the three questions (Bonferroni: Dunn, 1961).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import log

import numpy as np
import numpy.typing as npt

from sujin.engine.marks import BINS, bin_of

ACTS_AT, QUIET_AT = 0.2, 0.1
LEVEL = 0.003  # of one nightly look: with overlapping nights less than one false alarm a year
FEWEST = 100  # texts on either side
_LEAST_EXPECTED = 5.0  # of a cell, by Cochran's rule (1954)
_HALF = 0.5
_Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Picture:
    """What a machine said of a number of texts: how many in each bin of confidence, how many it
    left unsure, how many of each code."""

    confidences: tuple[int, ...]
    unsure: int
    codes: Mapping[str, int]

    @property
    def n(self) -> int:
        return sum(self.confidences)


@dataclass(frozen=True, slots=True)
class Shift:
    """One question's answer: the index, and how likely chance alone gives such a table."""

    about: str
    index: float
    p: float

    @property
    def is_change(self) -> bool:
        return self.index >= ACTS_AT and self.p < LEVEL / 3


@dataclass(frozen=True, slots=True)
class Drift:
    """`n` recent texts against the reference. It begins with a change in any question, and has
    ended only when every index is small again, so that it does not flicker."""

    n: int
    shifts: tuple[Shift, ...]

    @property
    def has_begun(self) -> bool:
        return any(shift.is_change for shift in self.shifts)

    @property
    def is_over(self) -> bool:
        return bool(self.shifts) and all(shift.index < QUIET_AT for shift in self.shifts)


def picture(labels: Sequence[tuple[str, float]], *, unsure_below: float) -> Picture:
    """The picture of codes with their confidences."""
    bins = [0] * BINS
    codes: dict[str, int] = {}
    for code, confidence in labels:
        bins[bin_of(confidence)] += 1
        codes[code] = codes.get(code, 0) + 1
    unsure = sum(confidence < unsure_below for _code, confidence in labels)
    return Picture(tuple(bins), unsure, codes)


def drift(reference: Picture, recent: Picture) -> Drift:
    """How far the recent texts have moved away; of too few, nothing is said."""
    if min(reference.n, recent.n) < FEWEST:
        return Drift(recent.n, ())
    names = sorted({*reference.codes, *recent.codes})
    tables = {
        "confidence": (reference.confidences, recent.confidences),
        "unsure": (_parted(reference), _parted(recent)),
        "codes": (
            [reference.codes.get(c, 0) for c in names],
            [recent.codes.get(c, 0) for c in names],
        ),
    }
    return Drift(recent.n, tuple(_shift(about, *pair) for about, pair in tables.items()))


def _parted(seen: Picture) -> tuple[int, int]:
    return seen.unsure, seen.n - seen.unsure


def _shift(about: str, before: Sequence[int], after: Sequence[int]) -> Shift:
    table = _pooled(np.array([before, after], np.float64))
    if table.shape[1] < 2:
        return Shift(about, 0.0, 1.0)
    from scipy.stats import chi2_contingency

    return Shift(about, _index(table), float(chi2_contingency(table, correction=False).pvalue))


def _pooled(table: _Floats) -> _Floats:
    """Columns too thin for the test go together into one; empty ones vanish."""
    table = table[:, table.sum(axis=0) > 0]
    least = table.sum(axis=1).min() / table.sum()
    is_thin = table.sum(axis=0) * least < _LEAST_EXPECTED
    if not is_thin.any():
        return table
    rest = table[:, is_thin].sum(axis=1, keepdims=True)
    return np.hstack([table[:, ~is_thin], rest])


def _index(table: _Floats) -> float:
    """The population stability index; an empty cell counts as half a text."""
    shares = np.maximum(table, _HALF) / table.sum(axis=1, keepdims=True)
    return float(sum((after - before) * log(after / before) for before, after in shares.T))
