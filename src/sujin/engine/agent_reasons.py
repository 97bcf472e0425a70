"""Why a group is one: what its members share, who is tied to whom, and what would dissolve it."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import combinations

from sujin.engine.agent_graph import Cell, Graph, Trace, least_expected, overlapping
from sujin.engine.agent_rules import FAMILIES, Rules

# Sets of this many traces are all tried; beyond that the heaviest go first.
TRIED_MAX = 3
# A file shows the strongest links; a group of a thousand has half a million.
LINKS_MAX = 400


@dataclass(frozen=True, slots=True)
class Shared:
    """A trace within a group: who holds it there, how many elsewhere do, what it weighs."""

    trace: Trace
    family: str
    holders: tuple[int, ...]
    outside: int
    bits: float


@dataclass(frozen=True, slots=True)
class Link:
    """Two members and why they are tied: the traces both hold, and the capped sum of bits."""

    one: int
    other: int
    traces: tuple[Trace, ...]
    bits: float


@dataclass(frozen=True, slots=True)
class Group:
    """Complaints that point at one hand. ``expected`` is how many groups at least this strong
    chance alone makes in a year; ``dissolves`` the fewest traces without which it is none."""

    members: tuple[int, ...]
    principals: int
    first: datetime
    last: datetime
    expected: float
    shared: tuple[Shared, ...]
    links: tuple[Link, ...]
    dissolves: tuple[Trace, ...]


def explained(graph: Graph, cells: Sequence[Cell]) -> Group:
    """The group made of these overlapping cells, with its reasons."""
    members = frozenset(key for cell in cells for key in cell.keys)
    moments = [graph.filings[key].at for key in members]
    shared = _shared(graph, members)
    return Group(
        members=tuple(sorted(members)),
        principals=graph.count(members),
        first=min(moments),
        last=max(moments),
        expected=least_expected(cells),
        shared=shared,
        links=links(shared, graph.people, graph.rules),
        dissolves=_dissolving(graph, cells),
    )


def _shared(graph: Graph, members: frozenset[int]) -> tuple[Shared, ...]:
    """Traces that at least two customers of the group hold, heaviest first."""
    held: defaultdict[Trace, set[int]] = defaultdict(set)
    for key in members:
        for trace in graph.traces(key):
            held[trace].add(key)
    found = [
        Shared(
            trace,
            graph.family(trace),
            tuple(sorted(keys)),
            len(graph.holders[trace] - members),
            graph.bits(trace, members),
        )
        for trace, keys in held.items()
        if graph.count(keys) > 1
    ]
    return tuple(sorted(found, key=lambda one: (-one.bits * len(one.holders), one.trace)))


def links(shared: Sequence[Shared], people: Mapping[int, int], rules: Rules) -> tuple[Link, ...]:
    """Pairs of different customers and what ties them, strongest first; ``people`` says whose each
    complaint is."""
    both: defaultdict[tuple[int, int], list[Shared]] = defaultdict(list)
    for one in shared:
        for pair in combinations(one.holders, 2):
            if people[pair[0]] != people[pair[1]]:
                both[pair].append(one)
    made = []
    for pair, ties in both.items():
        sums = dict.fromkeys(FAMILIES, 0.0)
        for one in ties:
            sums[one.family] += one.bits
        if rules.ties(sums):
            made.append(Link(*pair, tuple(one.trace for one in ties), rules.weight(sums)))
    return tuple(sorted(made, key=lambda one: (-one.bits, one.one, one.other))[:LINKS_MAX])


def _dissolving(graph: Graph, cells: Sequence[Cell]) -> tuple[Trace, ...]:
    """The smallest set of traces without which nothing of this group stands."""
    weights: defaultdict[Trace, int] = defaultdict(int)
    for cell in cells:
        weights[cell.who] += len(cell.keys)
        weights[cell.words] += len(cell.keys)
    heaviest = sorted(weights, key=lambda trace: (-weights[trace], trace))
    for size in range(1, TRIED_MAX + 1):
        for gone in combinations(heaviest[:12], size):
            if not _stands_without(graph, cells, frozenset(gone)):
                return gone
    gone = tuple(heaviest[:TRIED_MAX])
    while _stands_without(graph, cells, frozenset(gone)):
        gone = tuple(heaviest[: len(gone) + 1])
    return gone


def _stands_without(graph: Graph, cells: Sequence[Cell], gone: frozenset[Trace]) -> bool:
    left = [cell for cell in cells if not {cell.who, cell.words} & gone]
    return any(graph.stands(part) for part in overlapping(left))
