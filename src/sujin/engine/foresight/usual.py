"""What season and trend alone say of every week, knowing only what lay so many weeks before it."""

from typing import NamedTuple

import numpy as np

from sujin.engine.series.panel import Counts
from sujin.engine.series.seasons import Season
from sujin.engine.watch.baseline import pattern
from sujin.engine.watch.fitting import Model
from sujin.engine.watch.growing import framed
from sujin.engine.watch.reading import Frame, read
from sujin.engine.watch.terms import WEEKLY

YEAR = 52
# A quarter before the first week judged, and one of weeks judged: fewer teach nothing.
_LEAST = 13


class Usual(NamedTuple):
    """Rows are nodes, columns the weeks from ``first`` on, to the last one asked. ``curve`` is the
    logarithm of what the last fit says of each of the last weeks up to the one asked."""

    mean: Counts
    unsure: Counts
    dispersion: Counts
    first: int
    curve: Counts


def enough(weeks: int, season: Season, ahead: int) -> bool:
    """Whether so many weeks let anything be learnt and tried so far ahead."""
    return weeks >= _first(season, ahead) + 2 * _LEAST


def usual(counts: Counts, whole: Counts, season: Season, *, ahead: int) -> Usual:
    """Every week of ``counts`` from the first that can be judged, and ``ahead`` weeks more, each
    said ``ahead`` weeks before. ``season`` covers the weeks ahead, too; a node moves as the whole
    does until its own cases say otherwise."""
    weeks, first = counts.shape[1], _first(season, ahead)
    frame = _frame(counts, whole, season, ahead)
    told = np.pad(counts, ((0, 0), (0, ahead)))
    made = read(told, frame, WEEKLY.waves, first=first)
    mean, variance = made.mean[:, :, 0], made.variance[:, :, 0]
    unsure = (variance - made.dispersion * mean) / mean**2
    wide = WEEKLY.waves._replace(shares=np.pad(WEEKLY.waves.shares, ((0, 0), (0, YEAR - 4))))
    back = min(YEAR - 1, weeks + ahead - 1)
    wide = wide._replace(shares=wide.shares[:, :back])
    last = read(told, frame, wide, first=weeks + ahead - 1)
    curve = np.log(last.mean[:, 0, ::-1])
    return Usual(mean, np.maximum(unsure, 0.0), made.dispersion, first, curve)


def _first(season: Season, ahead: int) -> int:
    return max(2 * len(season.names) + ahead, _LEAST)


def _frame(counts: Counts, whole: Counts, season: Season, ahead: int) -> Frame:
    weeks = counts.shape[1]
    design = season.first(weeks + ahead)
    model = Model(design, np.zeros(weeks + ahead), season.precision, np.array([1.0, 0.0]))
    moved = pattern(np.pad(whole, (0, ahead)), model, ahead)
    offsets = np.ascontiguousarray(moved[None])
    frame = framed(counts, np.ascontiguousarray(offsets[:, :weeks]), season, WEEKLY)
    return frame._replace(design=design, offsets=offsets, gap=ahead)
