"""Counts of the last weeks beside what is usual, of a node's children."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sujin.engine.series.panel import Axis, Node
from sujin.governance import watching

YEAR = timedelta(days=364)


@dataclass(frozen=True, slots=True)
class Child:
    """A node one step below on the axis ``place``; ``usual`` is what as many days of the year
    before brought on average."""

    place: int
    node: Node
    observed: int
    usual: float


def children(stream: str, node: Node, axes: Sequence[Axis], first: date, last: date) -> list[Child]:
    """On every axis, the largest first."""
    now: dict[int, Counter[str]] = defaultdict(Counter)
    before: dict[int, Counter[str]] = defaultdict(Counter)
    opened = first
    for leaf, day, count in watching.counted(stream, first - YEAR, last):
        opened = min(opened, day)
        if watching.lies_below(leaf, node):
            counts = now if day >= first else before
            for place, axis in enumerate(axes):
                code = _step(axis, node[place], leaf[place])
                if code:
                    counts[place][code] += int(count)
    part = _part(opened, first, last)
    made = [
        Child(place, (*node[:place], code, *node[place + 1 :]), now[place][code],
              round(before[place][code] * part, 1))
        for place in range(len(axes))
        for code in now[place] | before[place]
    ]  # fmt: skip
    return sorted(made, key=lambda one: (-one.observed, -one.usual, one.node))


def _part(opened: date, first: date, last: date) -> float:
    """How long the days shown are beside those before them, of which there were cases."""
    return ((last - first).days + 1) / max((first - opened).days, 1)


def _step(axis: Axis, above: str, code: str) -> str:
    """The code one step below ``above`` that ``code`` is or lies below; empty for none."""
    chain = axis.chain(code)
    at = chain.index(above) if above in chain else 0
    return chain[at - 1] if at else ""
