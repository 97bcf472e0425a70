"""重复: more of a node's cases than usual are somebody's second, or the same matter again."""

import numpy as np

from sujin.engine.series.panel import Panel
from sujin.engine.series.seasons import Season
from sujin.engine.watch.evidence import Lately, Waves
from sujin.engine.watch.growing import back_from, framed
from sujin.engine.watch.reading import read
from sujin.engine.watch.signals import Signals, judged, lately
from sujin.engine.watch.terms import Terms

NAME = "repeated"
_HALF = 0.5


def repeated(
    panel: Panel, repeats: Panel, season: Season, terms: Terms, *, at: int, seed: int
) -> Signals:
    """Signals of the rows of ``repeats``, a panel of the same periods and axes as ``panel``: the
    rate of repeats among all cases against that rate before. More cases alone say nothing here."""
    known = {node: row for row, node in enumerate(panel.nodes)}
    recent = back_from(repeats.counts, at, terms)
    enough = np.flatnonzero(recent.sum(axis=1) >= terms.least)
    rows = np.array([row for row in enough if repeats.nodes[row] in known], np.int64)
    whole = [known[repeats.nodes[row]] for row in rows]
    asked = len(repeats.nodes)
    if not whole:
        return judged(NAME, rows, nothing(terms.waves), terms, asked=asked, seed=seed)
    counts = repeats.counts[rows, : at + 1]
    offsets = np.log(panel.counts[whole, : at + 1] + _HALF)
    made = read(counts, framed(counts, offsets, season, terms), terms.waves, first=at)
    told = lately(recent[rows], made.mean[:, 0], made.variance[:, 0])
    return judged(NAME, rows, told, terms, asked=asked, seed=seed)


def nothing(waves: Waves) -> Lately:
    """Of no rows."""
    return Lately(*(np.zeros((0, waves.back)) for _ in range(3)))
