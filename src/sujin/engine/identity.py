"""Whether two matters are the same customer's: what both sides know alike, and what tells them
apart.

The table decides by rows; its order is the priority. A household shares a telephone and an agent
leaves one for all: what both share is weighed against what they do not.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from sujin.engine.tables import Cells, Shape

TABLE = "identities"
NAME, SURNAME = "name", "surname"
FIELDS = frozenset({"id_number", "card", "account", "phone", NAME, SURNAME})
# What no household shares: the earlier matter is looked for by these on their own, too.
OWN = frozenset({"id_number", "card"})
_SHAPE = Shape(TABLE, must=("row", "agree", "differ", "same"), languages="because")


@dataclass(frozen=True, slots=True)
class IdentityRow:
    """One row: fits when both sides share a value of every field of ``agree``, and both know a
    value of every field of ``differ`` and share none; empty asks for nothing."""

    row: str
    agree: frozenset[str]
    differ: frozenset[str]
    same: bool
    because: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Customer:
    """The customer of one matter: ``keys`` are blind indexes of what identifies, by any of which
    the matter is found; ``known`` says of which field each is, as ``field:key``, names and
    surnames included.
    A matter from before that was written down has keys only.
    """

    keys: frozenset[str]
    known: frozenset[str] = frozenset()

    def joined(self, other: "Customer") -> "Customer":
        """What is known once a contact of the other has become one of this matter."""
        return Customer(self.keys | other.keys, self.known | other.known)

    def values(self, field: str) -> frozenset[str]:
        return frozenset(one.partition(":")[2] for one in self.known if one.startswith(f"{field}:"))


def read_rows(rows: Sequence[Mapping[str, str]]) -> tuple[IdentityRow, ...]:
    """The table in its own order. Raises BadTable naming row and column."""
    return tuple(map(_row, _SHAPE.rows(rows)))


def same(one: Customer, other: Customer, table: Sequence[IdentityRow]) -> IdentityRow | None:
    """The row that decides. None where no identifying key is shared or no row fits: strangers.

    A shared key whose field neither side knows counts as agreement in every field it may be.
    """
    shared = one.keys & other.keys
    if not shared:
        return None
    agree = {field for field in FIELDS if shared & (one.values(field) | other.values(field))}
    if not agree:
        agree = set(FIELDS)
    differ = set()
    for field in FIELDS:
        mine, yours = one.values(field), other.values(field)
        if mine & yours:
            agree.add(field)
        elif mine and yours and field not in agree:
            differ.add(field)
    return next((row for row in table if row.agree <= agree and row.differ <= differ), None)


def is_same(one: Customer, other: Customer, table: Sequence[IdentityRow]) -> bool:
    row = same(one, other, table)
    return row is not None and row.same


def of_one(
    found: Sequence[tuple[Customer, IdentityRow | None]], table: Sequence[IdentityRow]
) -> list[int]:
    """The places of those found that are one customer's, each with the row that found it: all of
    them; where two are known to be different, those of the strongest row; or none.

    A telephone of two people says not whose a call is, an identity number beside it does.
    """
    ranks = [table.index(row) if row else len(table) for _customer, row in found]
    strongest = [place for place, rank in enumerate(ranks) if rank == min(ranks)]
    for places in (list(range(len(found))), strongest):
        if not are_several([found[place][0] for place in places], table):
            return places
    return []


def are_several(customers: Iterable[Customer], table: Sequence[IdentityRow]) -> bool:
    """Whether two of them are known to be different; strangers, who share nothing, may be one."""
    verdicts = (same(one, other, table) for one, other in combinations(customers, 2))
    return any(row is not None and not row.same for row in verdicts)


def own(known: Iterable[str]) -> list[str]:
    """The keys that no household shares."""
    return [key for field, _colon, key in (one.partition(":") for one in known) if field in OWN]


def _row(cells: Cells) -> IdentityRow:
    return IdentityRow(
        row=cells.row,
        agree=cells.codes("agree", FIELDS),
        differ=cells.codes("differ", FIELDS),
        same=cells.yes("same"),
        because=cells.languages("because"),
    )
