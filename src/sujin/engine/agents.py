"""Organised complaint agents: complaints, the traces they share, and what that may mean.

Links weigh evidence as record linkage does (Fellegi and Sunter, "A theory for record linkage",
1969), with the frequency of each value (Winkler, 2000). A cell is a set of complaints that share
both who acts and what is written; cells that overlap are one group, so a member of a group is tied
to every other member of a cell at once (no chain of chance bridges, as in a k-core: Seidman, 1983).
A group exists only when chance alone would make fewer such groups a year than the rules allow.

The outcome is evidence for a human and nothing else: no score of a customer comes out of here.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from sujin.engine.agent_graph import Cell, Filing, Graph, Trace, overlapping
from sujin.engine.agent_reasons import Group, Link, Shared, explained
from sujin.engine.agent_rules import Rules

__all__ = [
    "Cell",
    "Filing",
    "Graph",
    "Group",
    "Link",
    "Rules",
    "Search",
    "Shared",
    "Trace",
    "find",
]


@dataclass(frozen=True, slots=True)
class Search:
    """One look: the groups found, strongest first, and how many comparisons were made."""

    groups: tuple[Group, ...]
    comparisons: int


def find(filings: Sequence[Filing], rules: Rules) -> Search:
    """The groups among ``filings``, which should be those of one window, in order of time."""
    graph = Graph(filings, rules)
    apart = [cells for cells in overlapping(graph.cells()) if graph.stands(cells)]
    groups = sorted((explained(graph, cells) for cells in apart), key=lambda one: one.expected)
    return Search(tuple(groups), graph.comparisons)
