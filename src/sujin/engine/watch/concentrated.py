"""集中: more than this node's share of what came in above it.

A rise of the whole house concentrates nowhere. The node is compared with the rest of each node one
step above it, conditionally on what that rest received: the idea of Kulldorff's scan statistic
("A spatial scan statistic", Communications in Statistics 26, 1997). It must stand out from all of
them.
"""

import numpy as np

from sujin.engine.series.panel import ALL, Counts, Node, Panel
from sujin.engine.watch.evidence import Lately
from sujin.engine.watch.signals import Rows, Signals, judged, lately
from sujin.engine.watch.terms import Terms

NAME = "concentrated"
# What is added to both sides of a ratio of small counts.
_ONE = 1.0
# A node of which next to nothing else is expected above it is the same as what lies above.
_NOTHING = 1e-6


def concentrated(panel: Panel, grown: Signals, terms: Terms, *, seed: int) -> Signals:
    """Signals of the nodes of ``grown``, which says what each would expect by itself."""
    mean, variance = grown.told.mean.copy(), grown.told.variance.copy()
    compared = np.zeros(len(grown.rows), np.bool_)
    places = {panel.nodes[row]: at for at, row in enumerate(grown.rows)}
    for axis in range(len(panel.axes)):
        ups = [places.get(_up(panel, panel.nodes[row], axis), -1) for row in grown.rows]
        above = np.array(ups, np.int64)
        raised, wider = _raised(grown.told, above)
        apart = (above >= 0) & (_rest(grown.told, above) > _NOTHING)
        higher = apart & (~compared | (raised.sum(axis=1) > mean.sum(axis=1)))
        mean[higher], variance[higher] = raised[higher], wider[higher]
        compared |= apart
    told = lately(grown.told.counts[compared], mean[compared], variance[compared])
    asked = len(panel.nodes)
    return judged(NAME, grown.rows[compared], told, terms, asked=asked, seed=seed)


def _rest(told: Lately, above: Rows) -> Counts:
    """How much is expected above every row besides itself."""
    return np.asarray((told.mean[above] - told.mean).sum(axis=1))


def _raised(told: Lately, above: Rows) -> tuple[Counts, Counts]:
    """Mean and variance of every row if it had moved as the rest of the row above it did."""
    rest = np.maximum(told.counts[above] - told.counts, 0.0)
    expected = np.maximum(told.mean[above] - told.mean, 0.0)
    # A quiet rest is no reason to expect less: then the node's own past is the measure. Period by
    # period, for a day on which everything rises is one day of a fortnight.
    ratio = np.maximum((rest + _ONE) / (expected + _ONE), 1.0)
    spread = told.variance[above] / np.maximum(told.mean[above], 1e-9)
    unsure = ratio * spread / (expected + _ONE)
    return told.mean * ratio, told.variance * ratio + told.mean**2 * unsure


def _up(panel: Panel, node: Node, axis: int) -> Node:
    """The node one step above on one axis; nothing where it means everything."""
    code = node[axis]
    if code == ALL:
        return ()
    return (*node[:axis], panel.axes[axis].parents.get(code, ALL), *node[axis + 1 :])
