"""Which lines are watched: from columns to axes, each a chain from the general to the special.

A column belongs under another when it nearly determines it: Sub-product under Product. A code of
the lower level carries the upper one's, so every tree is a tree whatever the archive holds.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from ibis.expr.types import Table

from sujin.archive import private
from sujin.archive.columns import AXES_MAX, ROLES, SPECIAL, Columns, role_of
from sujin.archive.peek import levelled
from sujin.archive.rows import BLANK
from sujin.archive.said import Refused, Said
from sujin.archive.warehouse import Warehouse

# Between the levels of a code; in a value itself it is written otherwise (rows.py).
JOIN = " › "
DEPENDS, DEPENDS_IF_NAMED = 0.95, 0.5
LEVELS_MAX = 3


@dataclass(frozen=True, slots=True)
class Chain:
    """One axis: columns from the general to the special, by their place in ``Columns.read``."""

    names: tuple[str, ...]
    places: tuple[int, ...]

    @property
    def name(self) -> str:
        return JOIN.join(self.names)

    def codes(self, cells: Sequence[str]) -> list[str]:
        """The code of each level for the cells of this chain, the general first."""
        return [JOIN.join(cells[: at + 1]) for at in range(len(cells))]


@dataclass(frozen=True, slots=True)
class Axes:
    """The axes that are watched, how many values each column has, and why these."""

    chains: tuple[Chain, ...]
    remarks: tuple[Said, ...]


def choose(rows: Table, columns: Columns, max_values: int, warehouse: Warehouse) -> Axes:
    """The axes of the usable rows. Raises Refused when a column that was asked for has too many
    values, or when nothing is left to watch."""
    names = columns.read
    fields = [f"c{at}" for at in range(len(names))]
    usable = rows.filter(rows.reason.isnull())
    if not fields:
        return Axes(
            (), (Said("没有可分的维度，只看总数", "no line to divide by: the total alone"),)
        )
    joint = warehouse.keep(usable.group_by(fields).agg(n=usable.count()))
    distinct = _distinct(joint, names)
    if columns.asked:
        _refuse_wide(distinct, max_values)
        private.refuse(private.columns(joint, names))
        return _asked(columns, distinct)
    kept = private.columns(joint, names)
    fit = [name for name in names if 2 <= distinct[name] <= max_values and name not in kept]
    chains = _chains(fit, distinct, _Pairs(joint, names), names)
    told = _told(chains, [name for name in names if name not in kept], distinct, max_values)
    return Axes(tuple(chains), (*told, *_kept(kept)))


def _kept(private: Sequence[str]) -> Iterable[Said]:
    if private:
        listed = ", ".join(private)
        yield Said(f"多是个人号码，没有取：{listed}", f"personal numbers, not watched: {listed}")


def _distinct(joint: Table, names: Sequence[str]) -> dict[str, int]:
    counts = joint.aggregate(**{f"c{at}": joint[f"c{at}"].nunique() for at in range(len(names))})
    row = counts.to_pyarrow().to_pylist()[0]
    return {name: int(row[f"c{at}"]) for at, name in enumerate(names)}


def _refuse_wide(distinct: Mapping[str, int], max_values: int) -> None:
    wide = {name: count for name, count in distinct.items() if count > max_values}
    if wide:
        zh = "、".join(f"“{name}” {count} 个值" for name, count in wide.items())
        en = ", ".join(f"{name!r} has {count} values" for name, count in wide.items())
        most = max(wide.values())
        raise Refused(
            f"--dims：{zh}，多于 {max_values}，可能是个人信息或编号。"
            f"确实要用请加 --max-values {most}",
            f"--dims: {en}, over {max_values}: perhaps personal data or a number of a case. "
            f"If it is meant, add --max-values {most}",
        )


def _asked(columns: Columns, distinct: Mapping[str, int]) -> Axes:
    place = {name: at for at, name in enumerate(columns.read)}
    chains = [Chain(chain, tuple(place[name] for name in chain)) for chain in columns.asked]
    return Axes(
        tuple(chains),
        tuple(
            Said(f"维度：{chain.name}（指定）", f"watched: {chain.name} (as asked)")
            for chain in chains
        ),
    )


class _Pairs:
    """How nearly one column determines another."""

    def __init__(self, joint: Table, names: Sequence[str]) -> None:
        self._joint = joint
        self._field = {name: f"c{at}" for at, name in enumerate(names)}

    def depends(self, lower: str, upper: str) -> float:
        """How much of the doubt about the upper value the lower one takes away: Goodman and
        Kruskal's lambda. Rows with an empty lower value tell nothing."""
        low, up = self._field[lower], self._field[upper]
        pairs = self._joint.filter(self._joint[low] != BLANK)
        counted = pairs.group_by([low, up]).agg(n=pairs.n.sum())
        told = _best(counted.group_by(low).agg(n=counted.n.max()))
        alone = counted.group_by(up).agg(n=counted.n.sum())
        most = int(alone.n.max().to_pyarrow().as_py() or 0)
        all_rows = _best(alone)
        return (told - most) / (all_rows - most) if all_rows > most else 0.0


def _best(counted: Table) -> int:
    return int(counted.n.sum().to_pyarrow().as_py() or 0)


def _chains(
    fit: Sequence[str], distinct: Mapping[str, int], pairs: _Pairs, names: Sequence[str]
) -> list[Chain]:
    """One axis for each role of the trade; where no name is known, the columns with most values
    that are not below another."""
    heads = _heads(fit)
    free = [name for name in fit if name not in heads and role_of(name)[1] == ""]
    place = {name: at for at, name in enumerate(names)}
    chains = []
    for head in heads:
        chain = [head]
        while len(chain) < LEVELS_MAX:
            below = _below(chain[-1], free, distinct, pairs)
            if not below:
                break
            free.remove(below)
            chain.append(below)
        chains.append(Chain(tuple(chain), tuple(place[name] for name in chain)))
    return chains


def _heads(fit: Sequence[str]) -> list[str]:
    roles: dict[str, str] = {}
    for name in fit:
        role = role_of(name)[1]
        if role:
            roles.setdefault(role, name)
    known = [roles[role] for role, _ in ROLES if role in roles]
    plain = [name for name in fit if not SPECIAL.search(levelled(name)) and name not in known]
    return [*known, *(plain if not known else [])][:AXES_MAX]


def _below(upper: str, free: Sequence[str], distinct: Mapping[str, int], pairs: _Pairs) -> str:
    """The column right below ``upper``: one named after it, or else the one with fewest values
    among those that determine it."""
    after = [name for name in free if _is_named_after(name, upper)]
    for name in after:
        if pairs.depends(name, upper) >= DEPENDS_IF_NAMED:
            return name
    wider = [
        name for name in free
        if distinct[name] > distinct[upper] and not SPECIAL.search(levelled(name))
    ]  # fmt: skip
    fit = [name for name in wider if pairs.depends(name, upper) >= DEPENDS]
    return min(fit, key=lambda name: (distinct[name], name), default="")


def _is_named_after(name: str, upper: str) -> bool:
    plain, above = levelled(name), levelled(upper)
    return plain != above and above in plain


def _told(
    chains: Sequence[Chain], names: Sequence[str], distinct: Mapping[str, int], most: int
) -> Iterable[Said]:
    for chain in chains:
        counts = JOIN.join(str(distinct[name]) for name in chain.names)
        yield Said(
            f"维度：{chain.name}（{counts} 个值）"
            + ("，下级几乎决定上级" if len(chain.names) > 1 else ""),
            f"watched: {chain.name} ({counts} values)"
            + (", the lower nearly determines the upper" if len(chain.names) > 1 else ""),
        )
    used = {name for chain in chains for name in chain.names}
    left: dict[bool, list[str]] = defaultdict(list)
    for name in names:
        if name not in used:
            left[distinct[name] > most].append(f"{name} ({distinct[name]})")
    if left[True]:
        listed = ", ".join(left[True])
        yield Said(f"值太多，没有取：{listed}", f"too many values, not watched: {listed}")
    if left[False]:
        listed = ", ".join(left[False])
        yield Said(f"也可以用 --dims 取：{listed}", f"may be watched too, with --dims: {listed}")
