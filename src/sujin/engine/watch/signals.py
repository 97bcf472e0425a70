"""What a detector says of every node at one moment, before anybody asks which of it to believe."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sujin.engine.series.panel import Counts
from sujin.engine.watch.chance import p_values, worth_drawing
from sujin.engine.watch.evidence import Lately, weigh_many
from sujin.engine.watch.terms import Terms

Rows = npt.NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Signals:
    """Places are those of ``rows``, rows of a panel. ``told`` has a row for each, periods run back
    in time from now; ``evidence`` and ``p`` are one figure each."""

    detector: str
    rows: Rows
    told: Lately
    evidence: Counts
    p: Counts

    def at(self, place: int) -> Lately:
        """What is told of one place."""
        told = self.told
        return Lately(told.counts[place], told.mean[place], told.variance[place])


def lately(counts: Counts, mean: Counts, variance: Counts) -> Lately:
    """The three as arrays that numba reads fast."""
    return Lately(*(np.ascontiguousarray(one, np.float64) for one in (counts, mean, variance)))


def judged(
    detector: str, rows: Rows, told: Lately, terms: Terms, *, asked: int, seed: int
) -> Signals:
    """The signals of these rows, of ``asked`` nodes in all."""
    evidence = weigh_many(told, terms.waves)
    worth = worth_drawing(evidence, terms.level, asked)
    p = p_values(evidence, told, terms.waves, seed=seed, worth=worth)
    return Signals(detector, rows, told, evidence, p)
