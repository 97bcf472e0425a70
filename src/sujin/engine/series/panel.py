"""Counts by node and period: every cell of the bank's tree, from the whole down to one outlet's one
product, on one calendar.

A case lies in one leaf, a code on each axis; it counts in every node above that leaf, a node being
a code or one of its parents, or everything (""), on each axis.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from itertools import product
from math import inf

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_matrix

from sujin.engine.series.exposure import Exposure, exposure

Node = tuple[str, ...]
Cell = tuple[Node, date, float]
Counts = npt.NDArray[np.float64]

ALL = ""
_DAY, _WEEK = timedelta(days=1), timedelta(days=7)


class Grain(StrEnum):
    """How long a period is."""

    DAY = "day"
    WEEK = "week"

    @property
    def step(self) -> timedelta:
        return _WEEK if self is Grain.WEEK else _DAY

    def of(self, day: date) -> date:
        """The first day of the period that ``day`` is in; weeks begin on Monday."""
        return day - timedelta(days=day.weekday()) if self is Grain.WEEK else day


@dataclass(frozen=True, slots=True)
class Axis:
    """One way to look at a case. ``parents`` gives the code above each code, "" for the topmost;
    a code that is missing there has nothing above it but everything."""

    name: str
    parents: Mapping[str, str]

    def chain(self, code: str) -> tuple[str, ...]:
        """The code, those above it, and everything. Raises ValueError for one below itself."""
        steps = [code]
        while steps[-1] != ALL:
            above = self.parents.get(steps[-1], ALL)
            if above in steps:
                raise ValueError(f"axis {self.name}: {code} lies below itself")
            steps.append(above)
        return tuple(steps)


@dataclass(frozen=True, eq=False)
class Panel:
    """``counts``: nodes by periods, ``leaf_counts``: leaves by periods, ``below``: which leaves a
    node holds (nodes by leaves, 0 or 1), ``starts``: the first day of each period, ``exposure``:
    how many could have complained, where it is known; ``known``: of each period's cases the share
    that is written down by now, where it is less than all."""

    axes: tuple[Axis, ...]
    grain: Grain
    starts: tuple[date, ...]
    nodes: tuple[Node, ...]
    leaves: tuple[Node, ...]
    counts: Counts
    leaf_counts: Counts
    below: csr_matrix
    exposure: Exposure | None = None
    known: Counts | None = None

    def place(self, day: date) -> int:
        """The period of a day. Raises ValueError for one outside."""
        at = (self.grain.of(day) - self.starts[0]) // self.grain.step
        if not 0 <= at < len(self.starts):
            raise ValueError(f"{day} lies outside {self.starts[0]} to {self.starts[-1]}")
        return at

    def where(self, node: Node) -> int:
        return self.nodes.index(node)

    def exposed(self, axis: int, known: Mapping[str, Mapping[date, float]]) -> "Panel":
        """The same panel with what is ``known`` of the codes of an axis: a figure on some days.
        Raises ValueError for a figure that is not above 0."""
        codes = [node[axis] for node in self.nodes]
        told = exposure(codes, self.axes[axis].chain, self.starts, known)
        return replace(self, exposure=told)


def panel(
    cells: Iterable[Cell], axes: Sequence[Axis], *, grain: Grain, first: date, last: date,
    most_axes: int = 3,
) -> Panel:  # fmt: skip
    """The panel of ``cells`` (leaf, any day of the period, how many), from the period of ``first``
    to that of ``last``; cells outside are left out. A node names at most ``most_axes`` codes.

    Raises ValueError for a leaf that has not one code for each axis, for a count that is none, and
    for ``last`` before ``first``.
    """
    starts = tuple(_periods(grain, first, last))
    leaves, rows = _tabled(cells, axes, grain, starts)
    nodes, below = _incidence(leaves, axes, most_axes)
    return Panel(tuple(axes), grain, starts, nodes, leaves, np.asarray(below @ rows), rows, below)


def _periods(grain: Grain, first: date, last: date) -> Iterator[date]:
    if last < first:
        raise ValueError(f"the last day {last} lies before the first {first}")
    day = grain.of(first)
    while day <= last:
        yield day
        day += grain.step


def _tabled(
    cells: Iterable[Cell], axes: Sequence[Axis], grain: Grain, starts: Sequence[date]
) -> tuple[tuple[Node, ...], Counts]:
    known: dict[Node, int] = {}
    found: list[tuple[int, int, float]] = []
    for leaf, day, count in cells:
        if len(leaf) != len(axes):
            raise ValueError(f"{leaf} has {len(leaf)} codes for {len(axes)} axes")
        if not 0 <= count < inf:
            raise ValueError(f"{leaf} on {day}: {count} is no number of cases")
        at = (grain.of(day) - starts[0]) // grain.step
        if 0 <= at < len(starts):
            found.append((known.setdefault(leaf, len(known)), at, count))
    table = np.zeros((len(known), len(starts)))
    for row, at, count in found:
        table[row, at] += count
    return tuple(known), table


def _incidence(
    leaves: Sequence[Node], axes: Sequence[Axis], most_axes: int
) -> tuple[tuple[Node, ...], csr_matrix]:
    known: dict[Node, int] = {(ALL,) * len(axes): 0}
    rows: list[int] = []
    columns: list[int] = []
    chains: list[dict[str, tuple[str, ...]]] = [{} for _ in axes]
    for column, leaf in enumerate(leaves):
        above = [
            chain.setdefault(code, axis.chain(code))
            for chain, axis, code in zip(chains, axes, leaf, strict=True)
        ]
        for node in dict.fromkeys(product(*above)):
            if sum(code != ALL for code in node) <= most_axes:
                rows.append(known.setdefault(node, len(known)))
                columns.append(column)
    shape = (len(known), len(leaves))
    return tuple(known), csr_matrix((np.ones(len(rows)), (rows, columns)), shape=shape)
