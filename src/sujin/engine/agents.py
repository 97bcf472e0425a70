"""Organised complaint agents: complaints, the traces they share, and what that may mean.

Links weigh evidence as record linkage does (Fellegi and Sunter, "A theory for record linkage",
1969), with the frequency of each value (Winkler, 2000). A cell is a set of complaints that share
both who acts and what is written; cells that overlap are one group, so a member of a group is tied
to every other member of a cell at once (no chain of chance bridges, as in a k-core: Seidman, 1983).
A group exists only when chance alone would make fewer such groups a year than the rules allow.

The outcome is evidence for a human and nothing else: no score of a customer comes out of here.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

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


# Groups hidden behind groups hidden behind groups: nobody plants so many.
LOOKS_MAX = 6


@dataclass(frozen=True, slots=True)
class Search:
    """One look: the groups found, strongest first, and how many comparisons were made."""

    groups: tuple[Group, ...]
    comparisons: int


def find(filings: Sequence[Filing], rules: Rules) -> Search:
    """The groups among ``filings``, which should be those of one window, in order of time.

    What was found is set aside and the rest looked at again, since a template that another group
    copied is no public one. Every further look may make half as many false groups as the one
    before, so that all of them together stay within ``rules.false_per_year``.
    """
    found: list[Group] = []
    comparisons, left, allowed = 0, list(filings), rules
    for _ in range(LOOKS_MAX):
        allowed = replace(allowed, false_per_year=allowed.false_per_year / 2)
        graph = Graph(left, allowed)
        apart = [cells for cells in overlapping(graph.cells()) if graph.stands(cells)]
        comparisons += graph.comparisons
        if not apart:
            break
        found += [explained(graph, cells) for cells in apart]
        named = {key for group in found for key in group.members}
        left = [one for one in filings if one.key not in named]
    return Search(tuple(sorted(found, key=lambda one: one.expected)), comparisons)
