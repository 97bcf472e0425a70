"""What is known of a measure before it is judged: what was declared, and what was counted."""

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from math import isfinite

import numpy as np
import numpy.typing as npt

Counts = npt.NDArray[np.float64]

# Fewer periods before the start teach neither season nor noise, fewer after it no effect.
LEAST_BEFORE, LEAST_AFTER = 24, 4
# More cases than this in a period are no count of complaints.
MOST = 1e9
_LEAST_RATIO = 0.01


@dataclass(frozen=True, slots=True)
class Definition:
    """From ``at`` on, other things are counted: ``ratio`` times as many, ``spread`` the standard
    deviation of its logarithm (from cases coded both ways); None when nobody knows."""

    at: date
    ratio: float | None = None
    spread: float = 0.0


@dataclass(frozen=True, slots=True)
class Declared:
    """What was said before the measure began: when it ``start``s, the fall that is ``promised``
    (a share), how many periods it takes to ``settle``, which are not judged."""

    start: date
    promised: float = 0.10
    settle: int = 0
    definitions: tuple[Definition, ...] = ()

    def __post_init__(self) -> None:
        ratios = [one.ratio for one in self.definitions if one.ratio is not None]
        if not all(_LEAST_RATIO <= ratio <= 1 / _LEAST_RATIO for ratio in ratios):
            raise ValueError("a ratio of definitions lies between 0.01 and 100")
        if not all(0 <= one.spread <= 1 for one in self.definitions):
            raise ValueError("the spread of a ratio lies between 0 and 1")
        if not 0 < self.promised < 1:
            raise ValueError(f"promised is {self.promised}, which is no share of cases")
        if self.settle < 0:
            raise ValueError(f"settle is {self.settle}, which is no number of periods")


@dataclass(frozen=True, eq=False)
class Observed:
    """Counts by period. ``starts``: the first day of each; ``controls``: units without the measure;
    ``sinks``: where cases may have been moved to; ``heads``: how many could have complained.

    Raises ValueError for rows of unequal length, periods out of order, and counts that are none.
    """

    starts: tuple[date, ...]
    target: Counts
    controls: Mapping[str, Counts] = field(default_factory=dict)
    sinks: Mapping[str, Counts] = field(default_factory=dict)
    heads: Counts | None = None

    def __post_init__(self) -> None:
        if any(later <= day for day, later in zip(self.starts, self.starts[1:], strict=False)):
            raise ValueError("the periods are not in the order of time")
        rows: list[tuple[str, Sequence[float] | Counts]] = [("the target", self.target)]
        rows += [*self.controls.items(), *self.sinks.items()]
        for name, row in rows:
            if len(row) != len(self.starts):
                raise ValueError(f"{name}: {len(row)} counts for {len(self.starts)} periods")
            if not all(isfinite(count) and 0 <= count <= MOST for count in row):
                raise ValueError(f"{name}: every count is a number from 0 to {MOST:.0f}")
        if self.heads is not None and len(self.heads) != len(self.starts):
            raise ValueError(f"heads: {len(self.heads)} figures for {len(self.starts)} periods")
        if self.heads is not None and not (np.isfinite(self.heads).all() and self.heads.min() > 0):
            raise ValueError("heads: every figure is above 0")

    def place(self, day: date) -> int:
        """The first period that begins on or after ``day``."""
        return bisect_left(self.starts, day)
