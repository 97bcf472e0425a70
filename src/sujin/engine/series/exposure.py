"""What a count is divided by where the bank says it: customers, accounts, outlets, transactions.

A branch that took over another's customers has more complaints, and no more trouble than before.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt

Chain = Callable[[str], Sequence[str]]


@dataclass(frozen=True, eq=False)
class Exposure:
    """``logs``: a column for each period, a row for each code of which something is known, as
    logarithms; the first row is of those of which nothing is, all 0. ``of``: each node's row."""

    logs: npt.NDArray[np.float64]
    of: npt.NDArray[np.int64]

    def rows(self, rows: npt.NDArray[np.int64], periods: int) -> npt.NDArray[np.float64]:
        """Of these nodes, the first ``periods``."""
        return self.logs[self.of[rows], :periods]


def exposure(
    codes: Sequence[str], chain: Chain, starts: Sequence[date],
    known: Mapping[str, Mapping[date, float]],
) -> Exposure:  # fmt: skip
    """``codes``: each node's code on the axis that ``known`` is about; ``chain`` gives a code and
    those above it. A code takes the figures of the nearest of them that has some. Between two
    dates a figure moves evenly (in logarithms), before the first and after the last it stays.

    Raises ValueError for a figure that is not above 0.
    """
    given = {code: row for row, code in enumerate(known, start=1)}
    logs = np.zeros((1 + len(known), len(starts)))
    at = [day.toordinal() for day in starts]
    for code, row in given.items():
        logs[row] = _moved(code, at, known[code])
    nearest = {code: _nearest(chain(code), given) for code in set(codes)}
    return Exposure(logs, np.array([nearest[code] for code in codes], np.int64))


def _moved(code: str, at: Sequence[int], figures: Mapping[date, float]) -> np.ndarray:
    days = sorted(figures)
    for day in days:
        if not figures[day] > 0:
            raise ValueError(f"{code} on {day}: {figures[day]} is not above 0")
    values = np.log([figures[day] for day in days])
    return np.interp(at, [day.toordinal() for day in days], values)


def _nearest(chain: Sequence[str], given: Mapping[str, int]) -> int:
    return next((given[code] for code in chain if code in given), 0)
