"""A panel that fits: an archive with too many leaves is watched one level higher, and says so."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import product

import numpy as np

from sujin.archive.axes import JOIN, Chain
from sujin.archive.cells import Cells, Leaf, summed
from sujin.archive.said import Said

# Numbers of 8 bytes in one table of the panel, leaves or nodes by periods.
NUMBERS_MAX = 40_000_000
# Nodes of one review, each of which may have to be fitted.
NODES_MAX = 12_000


@dataclass(frozen=True, slots=True)
class Sized:
    """What is watched: ``most_axes`` is how many columns a node names at most."""

    cells: Cells
    chains: tuple[Chain, ...]
    most_axes: int
    remarks: tuple[Said, ...] = ()


def fit(cells: Cells, chains: Sequence[Chain], periods: int) -> Sized:
    """The same counts, coarser where they must be."""
    sized = Sized(cells, tuple(chains), len(chains))
    while len(sized.cells.leaves) * periods > NUMBERS_MAX and sized.chains:
        sized = _coarser(sized)
    most = len(sized.chains)
    while most > 1 and _is_too_much(count_nodes(sized.cells.leaves, most), periods):
        most -= 1
    remarks = sized.remarks if most == len(sized.chains) else (*sized.remarks, _fewer(most))
    return replace(sized, most_axes=most, remarks=remarks)


def _is_too_much(nodes: int, periods: int) -> bool:
    return nodes > NODES_MAX or nodes * periods > NUMBERS_MAX


def count_nodes(leaves: Sequence[Leaf], most: int) -> int:
    """How many nodes there are above these leaves that name at most so many codes."""
    nodes: set[Leaf] = set()
    for leaf in leaves:
        for node in product(*[_above(code) for code in leaf]):
            if sum(code != "" for code in node) <= most:
                nodes.add(node)
    return len(nodes)


def _above(code: str) -> list[str]:
    pieces = code.split(JOIN)
    return ["", *[JOIN.join(pieces[: at + 1]) for at in range(len(pieces))]]


def _coarser(sized: Sized) -> Sized:
    """Without the lowest level of the axis that has most codes, or without the axis."""
    codes = [len({leaf[at] for leaf in sized.cells.leaves}) for at in range(len(sized.chains))]
    at = max(range(len(codes)), key=lambda place: codes[place])
    chain = sized.chains[at]
    width = len(chain.names) - 1
    left = (Chain(chain.names[:width], chain.places[:width]),) if width else ()
    chains = (*sized.chains[:at], *left, *sized.chains[at + 1 :])
    level = chain.names[-1]
    said = Said(f"格子太多，不按“{level}”看", f"too many cells: {level!r} is not watched")
    return Sized(_cut(sized.cells, at, width), chains, len(chains), (*sized.remarks, said))


def _cut(cells: Cells, at: int, width: int) -> Cells:
    """The code of axis ``at`` cut to so many levels; 0 takes it away."""
    known: dict[Leaf, int] = {}
    place = []
    for leaf in cells.leaves:
        code = (JOIN.join(leaf[at].split(JOIN)[:width]),) if width else ()
        place.append(known.setdefault((*leaf[:at], *code, *leaf[at + 1 :]), len(known)))
    return summed([*known], np.asarray(place, np.int64)[cells.leaf], cells.day, cells.count)


def _fewer(most: int) -> Said:
    return Said(
        f"节点太多，一个节点至多同时指定 {most} 个维度",
        f"too many nodes: one names at most {most} of the lines at once",
    )
