"""Series for pictures: what came, beside what was expected from what lay before."""

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

import numpy as np

from sujin.archive.axes import JOIN
from sujin.archive.charts import SHOWN
from sujin.archive.judged import Line
from sujin.archive.said import Said
from sujin.engine.watch.alarm import interval
from sujin.engine.watch.growing import framed
from sujin.engine.watch.reading import read

if TYPE_CHECKING:
    from sujin.archive.watching import Watched

CONTEXT = 11


def line(watched: "Watched", row: int, alarms: frozenset[date] = frozenset()) -> Line:
    """The last periods of one node, with the expectation of each from the first one judged."""
    made = watched.panel
    start = max(0, len(made.starts) - SHOWN)
    counts = made.counts[row]
    middle, low, high = _expected(watched, counts)
    return Line(
        made.starts[start:], counts[start:].tolist(), middle[start:], low[start:], high[start:],
        alarms,
    )  # fmt: skip


_Row = list[float | None]


def _expected(watched: "Watched", counts: np.ndarray) -> tuple[_Row, _Row, _Row]:
    """One step ahead; nothing before the first period that was judged."""
    first = watched.first
    empty: _Row = [None] * min(first, counts.size)
    if first >= counts.size:
        return empty, [*empty], [*empty]
    rows = np.ascontiguousarray(counts[None, :], np.float64)
    frame = framed(rows, np.zeros((1, counts.size)), watched.season, watched.terms)
    made = read(rows, frame, watched.terms.waves, first=first)
    mean, variance = made.mean[0, :, 0].tolist(), made.variance[0, :, 0].tolist()
    ends = [interval(m, v) for m, v in zip(mean, variance, strict=True)]
    return (
        [*empty, *mean], [*empty, *[end[0] for end in ends]], [*empty, *[end[1] for end in ends]]
    )  # fmt: skip


def context(watched: "Watched") -> Sequence[tuple[Said, Line]]:
    """The whole, and the largest single codes of the topmost levels."""
    made = watched.panel
    totals = made.counts.sum(axis=1)
    single = [
        row
        for row, node in enumerate(made.nodes)
        if sum(code != "" for code in node) <= 1 and not any(JOIN in code for code in node)
    ]
    rows = sorted(single, key=lambda row: (-totals[row], made.nodes[row]))[: CONTEXT + 1]
    return [(_name(made.nodes[row]), line(watched, row)) for row in rows]


def _name(node: Sequence[str]) -> Said:
    named = "".join(node)
    return Said(named or "全部", named or "Everything")
