"""Which desk a matter goes to: the first row of the routing table whose every cell fits the facts.

A blank cell fits anything. ``a|b`` fits either; ``card`` in the column business also fits
``card.credit.billing``; ``>=1`` in repeats or level compares; company is yes or no.
"""

import operator
import re
from collections.abc import Callable, Mapping, Sequence, Set
from dataclasses import dataclass
from functools import lru_cache

from sujin.engine.tables import LANES, ORG_KINDS, BadTable, Cells, Shape
from sujin.engine.tier import Tier

TABLE = "routing"
DESKS = frozenset(
    {
        "origin",
        "sub",
        "branch2",
        "branch1",
        "head",
        "line",
        "line_branch",
        "company",
        "consumer",
        "centre",
    }
)
_CLOSED: Mapping[str, Set[str]] = {
    "kind": frozenset({"complaint", "consultation", "suggestion", "bud"}),
    "lane": LANES,
    "tier": frozenset(map(str, Tier)),
    "origin": ORG_KINDS,
    "company": frozenset({"yes", "no"}),
}
_COUNTS = ("repeats", "level")
_CONDITIONS = ("kind", "lane", "pack", "channel", "origin", "business", "line", "tier", "company")
_COLUMNS = (*_CONDITIONS, *_COUNTS)
_COUNT = re.compile(r"(>=|<=|>|<|=)?([0-9]{1,9})")
_COMPARE: Mapping[str, Callable[[int, int], bool]] = {
    ">=": operator.ge,
    "<=": operator.le,
    ">": operator.gt,
    "<": operator.lt,
    "=": operator.eq,
    "": operator.eq,
}
_SHAPE = Shape(
    TABLE, must=("row", *_CONDITIONS, "repeats", "desk"), may=("level",), languages="because"
)
_Value = str | int | bool
_Box = dict[str, frozenset[_Value]]


@dataclass(frozen=True, slots=True)
class RouteFacts:
    """What decides the desk; an empty text means not known. ``origin`` is an organisation's kind,
    ``company`` whether the product is a subsidiary's, ``level`` how often the case has risen."""

    kind: str
    lane: str
    business: str
    line: str
    tier: str
    repeats: int
    level: int
    company: bool
    origin: str
    channel: str
    pack: str


@dataclass(frozen=True, slots=True)
class RouteRow:
    """One row: ``match`` holds the cells that are not blank, as written in the table."""

    row: str
    match: Mapping[str, str]
    desk: str
    because: Mapping[str, str]

    def fits(self, facts: RouteFacts) -> bool:
        """Whether every condition of this row is met."""
        return all(
            _accepts(column, cell, getattr(facts, column)) for column, cell in self.match.items()
        )


@dataclass(frozen=True, slots=True)
class Choice:
    """The desk, the row that chose it and its sentence; ``alternative`` is the next other desk."""

    desk: str
    row: str
    because: Mapping[str, str]
    alternative: str


def read_rows(rows: Sequence[Mapping[str, str]]) -> tuple[RouteRow, ...]:
    """The table ``routing`` in its own order. Raises BadTable naming row and column."""
    return tuple(map(_row, _SHAPE.rows(rows)))


def choose(facts: RouteFacts, table: Sequence[RouteRow]) -> Choice:
    """The desk of the first row that fits; ``alternative`` is the desk of the next fitting row that
    names another desk, or "". Raises BadTable when no row fits (no default row)."""
    fitting = (row for row in table if row.fits(facts))
    first = next(fitting, None)
    if first is None:
        raise BadTable(TABLE, "last", "desk", "no row fits; the last row must have no condition")
    alternative = next((row.desk for row in fitting if row.desk != first.desk), "")
    return Choice(first.desk, first.row, first.because, alternative)


def lint(table: Sequence[RouteRow], codes: Mapping[str, Set[str]] | None = None) -> list[str]:
    """What is wrong with a table that can be read: unknown codes, no default, rows never reached.

    ``codes`` gives the pack's own vocabulary for the open columns (business, line, channel, pack);
    a column it does not name is not checked. A row is never reached when the rows before it,
    one or several together, take every case it could fit; that is looked at once all codes are
    known.
    """
    known = {**_CLOSED, **(codes or {})}
    found = [f"{TABLE}: no row is the default; the last row must have no condition"]
    if table and not table[-1].match:
        found = []
    unknown = [why for row in table for why in _unknown(row, known)]
    if unknown:
        return unknown + found
    domain = {column: _domain(column, table, known) for column in _COLUMNS}
    boxes = [_box(row, domain) for row in table]
    for position, row in enumerate(table):
        before = [other for other in boxes[:position] if _meet(other, boxes[position])]
        if _is_asked_for(row, position, table) and not _escapes(boxes[position], before):
            found.append(f"{TABLE}: row {row.row} is never reached; rows before it take all of it")
    return found


def _row(cells: Cells) -> RouteRow:
    match = {column: cells.text(column) for column in _COLUMNS if cells.text(column)}
    for column, cell in match.items():
        for code in cell.split("|"):
            why = _wrong(column, code, _CLOSED)
            if why:
                raise cells.bad(column, why)
    return RouteRow(cells.row, match, cells.code("desk", DESKS), cells.languages("because"))


@lru_cache(maxsize=1 << 16)
def _accepts(column: str, cell: str, value: _Value) -> bool:
    return any(_accepts_one(column, code, value) for code in cell.split("|"))


def _accepts_one(column: str, code: str, value: _Value) -> bool:
    if column in _COUNTS:
        sign, number = _count(code)
        return _COMPARE[sign](int(value), number)
    if column == "company":
        return value is (code == "yes")
    if column == "business":
        return value == code or str(value).startswith(f"{code}.")
    return value == code


def _count(code: str) -> tuple[str, int]:
    found = _COUNT.fullmatch(code)
    if found is None:
        raise ValueError(f"{code!r} is not a count like >=1")
    return found[1] or "", int(found[2])


def _wrong(column: str, code: str, known: Mapping[str, Set[str]]) -> str:
    if column in _COUNTS:
        return "" if _COUNT.fullmatch(code) else f"{code!r} is not a count like >=1"
    if code and (column not in known or code in known[column]):
        return ""
    return f"unknown code {code!r}. Have: {', '.join(sorted(known.get(column, ())))}"


def _unknown(row: RouteRow, known: Mapping[str, Set[str]]) -> list[str]:
    cells = [(column, code) for column, cell in row.match.items() for code in cell.split("|")]
    wrong = [(column, _wrong(column, code, known)) for column, code in cells]
    if row.desk not in DESKS:
        wrong.append(("desk", f"unknown code {row.desk!r}. Have: {', '.join(sorted(DESKS))}"))
    return [f"{TABLE}: row {row.row}, column {column}: {why}" for column, why in wrong if why]


def _is_asked_for(row: RouteRow, position: int, table: Sequence[RouteRow]) -> bool:
    """The default must stand last even where the rows before it already take everything."""
    return bool(row.match) or position < len(table) - 1


def _domain(
    column: str, table: Sequence[RouteRow], known: Mapping[str, Set[str]]
) -> frozenset[_Value]:
    """Values that stand for all values: two facts the table cannot tell apart share one."""
    cells = {code for row in table for code in row.match.get(column, "").split("|") if code}
    if column == "company":
        return frozenset({True, False})
    if column in _COUNTS:
        numbers = {_count(code)[1] for code in cells}
        return frozenset({0} | {max(0, n + step) for n in numbers for step in (-1, 0, 1)})
    if column in _CLOSED:
        return frozenset(known[column])
    return frozenset({"", *known.get(column, cells)})


def _box(row: RouteRow, domain: _Box) -> _Box:
    return {
        column: frozenset(value for value in values if _accepts(column, row.match[column], value))
        if column in row.match
        else values
        for column, values in domain.items()
    }


def _meet(one: _Box, other: _Box) -> bool:
    return all(one[column] & other[column] for column in _COLUMNS)


def _escapes(box: _Box, others: Sequence[_Box]) -> bool:
    """Whether some facts of the box lie in none of the others: cut off what lies outside the first
    of them, column by column, and look for each cut-off part among the rest."""
    if not all(box.values()):
        return False
    if not others:
        return True
    first, rest = others[0], others[1:]
    inside = dict(box)
    for column in _COLUMNS:
        outside = inside[column] - first[column]
        if outside and _escapes({**inside, column: outside}, rest):
            return True
        inside[column] &= first[column]
    return False
