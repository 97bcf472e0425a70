"""快速增长: more than this node's own past lets expect."""

import numpy as np

from sujin.engine.series.panel import Counts, Panel
from sujin.engine.series.seasons import Season
from sujin.engine.watch.baseline import pattern
from sujin.engine.watch.fitting import Model
from sujin.engine.watch.reading import Frame, read
from sujin.engine.watch.signals import Rows, Signals, judged, lately
from sujin.engine.watch.terms import Terms

NAME = "growing"
# What the dispersion of all nodes is worth to one of them, in degrees of freedom.
_WORTH = 30.0
# How far a node's own season and trend may lie from the whole's: a standard deviation of logs.
_OWN = 0.6
# Series that teach it: so many at most, with a case a period or more; without any, so much.
_TEACHERS, _TEACHES, _PLAIN = 300, 1.0, 1.3
_WHOLE = np.zeros(1, np.int64)


def growing(panel: Panel, season: Season, terms: Terms, *, at: int, seed: int) -> Signals:
    """Signals of the nodes with ``terms.least`` cases or more in the last periods up to ``at``."""
    recent = back_from(panel.counts, at, terms)
    rows = np.flatnonzero(recent.sum(axis=1) >= terms.least)
    counts = panel.counts[rows, : at + 1]
    offsets = offsets_of(panel, rows, season, terms, at=at)
    made = read(counts, framed(counts, offsets, season, terms), terms.waves, first=at)
    told = lately(recent[rows], made.mean[:, 0], made.variance[:, 0])
    return judged(NAME, rows, told, terms, asked=len(panel.nodes), seed=seed)


def back_from(counts: Counts, at: int, terms: Terms) -> Counts:
    """The last periods up to ``at``, the latest first."""
    return counts[:, at - terms.waves.back + 1 : at + 1][:, ::-1]


def offsets_of(panel: Panel, rows: Rows, season: Season, terms: Terms, *, at: int) -> Counts:
    """What these nodes are expected to do before their own cases say otherwise: to move as the
    whole does (per head where heads are known). One row for all, or one for each."""
    exposed, many = panel.exposure, at + 1
    heads = np.zeros(many) if exposed is None else exposed.rows(_WHOLE, many)[0]
    moved = together(panel.counts[0, :many], heads, season, terms)
    if panel.known is not None:
        moved = moved + np.log(panel.known[:many])
    if exposed is None:
        return moved[None]
    return np.ascontiguousarray(moved - heads + exposed.rows(rows, many))


def together(counts: Counts, heads: Counts, season: Season, terms: Terms) -> Counts:
    """How the whole moves, as logarithms; ``heads``: the logarithms of its exposure."""
    design = season.first(len(counts))
    model = Model(design, heads.copy(), season.precision, np.array([1.0, 0.0]))
    return pattern(np.ascontiguousarray(counts), model, terms.gap)


def framed(counts: Counts, offsets: Counts, season: Season, terms: Terms) -> Frame:
    """The frame for these series, the last of whose periods is now; what is known of dispersion is
    shared among them (moderated as by Smyth, Statistical Applications in Genetics 3, 2004)."""
    design = season.first(counts.shape[1])
    precision = np.where(season.precision > 0, np.maximum(season.precision, _OWN**-2), 0.0)
    means = counts.mean(axis=1)
    largest = np.argsort(-means, kind="stable")[:_TEACHERS]
    largest = largest[means[largest] >= _TEACHES]
    spread = _PLAIN
    if largest.size:
        some = offsets[largest] if len(offsets) > 1 else offsets
        alone = Frame(design, some, precision, np.array([1.0, 0.0]), terms.gap)
        told = read(counts[largest], alone, terms.waves, first=counts.shape[1] - 1)
        spread = float(np.median(told.dispersion))
    return Frame(design, offsets, precision, np.array([spread, _WORTH]), terms.gap)
