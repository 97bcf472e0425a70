"""What lies below a warned node: its parts on every axis, and its telling cells."""

from collections import Counter
from collections.abc import Mapping, Sequence

import numpy as np

from sujin.archive.axes import JOIN, Chain
from sujin.archive.judged import Share
from sujin.engine.series.panel import ALL, Node, Panel

PARTS_MAX, CELLS_MAX = 6, 10
Span = tuple[int, int]


def named(node: Node, chains: Sequence[Chain]) -> dict[str, str]:
    """The value of every column that a node names."""
    return {
        name: value
        for chain, code in zip(chains, node, strict=True)
        if code != ALL
        for name, value in zip(chain.names, code.split(JOIN), strict=False)
    }


def below(
    panel: Panel, chains: Sequence[Chain], node: Node, span: Span
) -> list[tuple[str, Sequence[Share]]]:
    """For every axis that can be divided further, the parts that rose most."""
    leaves = _leaves(panel, node)
    told: list[tuple[str, Sequence[Share]]] = []
    for at, chain in enumerate(chains):
        level = 0 if node[at] == ALL else len(node[at].split(JOIN))
        if level < len(chain.names):
            names = [panel.leaves[leaf][at].split(JOIN)[level] for leaf in leaves]
            told.append((chain.names[level], _shares(panel, leaves, names, span)[:PARTS_MAX]))
    return told


def cells(panel: Panel, chains: Sequence[Chain], node: Node, span: Span) -> Sequence[Share]:
    """The leaves that rose most."""
    leaves = _leaves(panel, node)
    names = [" · ".join(panel.leaves[leaf]) for leaf in leaves]
    return _shares(panel, leaves, names, span)[:CELLS_MAX]


def _leaves(panel: Panel, node: Node) -> np.ndarray:
    return np.asarray(panel.below[panel.where(node)].indices)


def _shares(panel: Panel, leaves: np.ndarray, names: Sequence[str], span: Span) -> list[Share]:
    """Observed in the span, beside what as many periods before it had on average."""
    start, end = span
    length = end - start + 1
    rows = panel.leaf_counts[leaves]
    now = _summed(names, rows[:, start : end + 1].sum(axis=1))
    before = _summed(names, rows[:, :start].sum(axis=1))
    usual = {name: before[name] * length / max(start, 1) for name in now}
    shares = [Share(name, round(now[name]), usual[name]) for name in now if now[name]]
    return sorted(shares, key=lambda share: (-share.excess, share.name))


def _summed(names: Sequence[str], values: np.ndarray) -> Mapping[str, float]:
    summed: Counter[str] = Counter()
    for name, value in zip(names, values.tolist(), strict=True):
        summed[name] += value
    return summed
