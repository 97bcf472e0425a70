"""One series with what was expected of each period, knowing only what lay before it."""

from typing import NamedTuple

import numpy as np

from sujin.engine.series.panel import Counts
from sujin.engine.series.seasons import Season
from sujin.engine.watch.alarm import interval
from sujin.engine.watch.growing import framed
from sujin.engine.watch.reading import read
from sujin.engine.watch.terms import Terms


class Expected(NamedTuple):
    """Of one period: the mean, and where 95 of 100 like counts lie."""

    mean: float
    low: float
    high: float


def band(
    counts: Counts, season: Season, terms: Terms, *, most: int | None = None
) -> list[Expected | None]:
    """For each period of ``counts``; None of those whose past is too short, and of all but the
    last ``most``. Nothing is learnt from the ``terms.gap`` periods before each."""
    periods = counts.shape[0]
    first = max(terms.history, 2 * len(season.names) + terms.gap, terms.waves.back)
    first = max(first, periods - most) if most is not None else first
    if periods <= first:
        return [None] * periods
    one = np.ascontiguousarray(counts[None], np.float64)
    frame = framed(one, np.zeros((1, periods)), season, terms)
    # Alone, a series learns its season from itself.
    frame = frame._replace(precision=season.precision)
    made = read(one, frame, terms.waves, first=first)
    pairs = zip(made.mean[0, :, 0], made.variance[0, :, 0], strict=True)
    return [None] * first + [Expected(float(m), *interval(float(m), float(v))) for m, v in pairs]
