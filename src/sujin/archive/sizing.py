"""A panel that fits: an archive with too many leaves is watched one level higher, and says so."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import product

from sujin.archive.axes import JOIN, Chain
from sujin.archive.cells import Cell, Leaf
from sujin.archive.said import Said

# Numbers of 8 bytes in one table of the panel, leaves or nodes by periods.
NUMBERS_MAX = 40_000_000


@dataclass(frozen=True, slots=True)
class Sized:
    """What is watched: ``most_axes`` is how many columns a node names at most."""

    cells: Sequence[Cell]
    chains: tuple[Chain, ...]
    most_axes: int
    remarks: tuple[Said, ...] = ()


def fit(cells: Sequence[Cell], chains: Sequence[Chain], periods: int) -> Sized:
    """The same counts, coarser where they must be."""
    sized = Sized(cells, tuple(chains), len(chains))
    leaves = {leaf for leaf, _, _ in cells}
    while len(leaves) * periods > NUMBERS_MAX and sized.chains:
        sized = _coarser(sized, leaves)
        leaves = {leaf for leaf, _, _ in sized.cells}
    most = len(sized.chains)
    while most > 1 and count_nodes(leaves, most) * periods > NUMBERS_MAX:
        most -= 1
    remarks = sized.remarks if most == len(sized.chains) else (*sized.remarks, _fewer(most))
    return replace(sized, most_axes=most, remarks=remarks)


def count_nodes(leaves: set[Leaf], most: int) -> int:
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


def _coarser(sized: Sized, leaves: set[Leaf]) -> Sized:
    """Without the lowest level of the axis that has most codes, or without the axis."""
    codes = [len({leaf[at] for leaf in leaves}) for at in range(len(sized.chains))]
    at = max(range(len(codes)), key=lambda place: codes[place])
    chain = sized.chains[at]
    level = chain.names[-1]
    if len(chain.names) > 1:
        cut = Chain(chain.names[:-1], chain.places[:-1])
        chains = (*sized.chains[:at], cut, *sized.chains[at + 1 :])
        width = len(cut.names)
        cells = [(_cut(leaf, at, width), day, n) for leaf, day, n in sized.cells]
    else:
        chains = (*sized.chains[:at], *sized.chains[at + 1 :])
        cells = [((*leaf[:at], *leaf[at + 1 :]), day, n) for leaf, day, n in sized.cells]
    said = Said(f"格子太多，不按“{level}”看", f"too many cells: {level!r} is not watched")
    return Sized(cells, chains, len(chains), (*sized.remarks, said))


def _cut(leaf: Leaf, at: int, width: int) -> Leaf:
    return (*leaf[:at], JOIN.join(leaf[at].split(JOIN)[:width]), *leaf[at + 1 :])


def _fewer(most: int) -> Said:
    return Said(
        f"节点太多，一个节点至多同时指定 {most} 个维度",
        f"too many nodes: one names at most {most} of the lines at once",
    )
