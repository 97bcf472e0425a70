"""How likely a customer is being deceived, from the signs that were ticked: rows with thresholds.

Each sign has a weight from 1 to 5 that the officers gave it. A row asks for so many points in all
and for so many signs; one sign alone, however heavy, may have an innocent reason, so the table can
ask for two. The first row that fits is the call.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sujin.engine.tables import BadTable, Shape

LEVELS = ("high", "medium", "low")
_SHAPE = Shape("scam_calls.csv", ("row", "level", "points", "signs"), languages="do")


@dataclass(frozen=True, slots=True)
class CallRow:
    """One row: from so many points and signs on, this risk, and what to do."""

    row: str
    level: str
    points: int
    signs: int
    do: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Call:
    """The risk with the row that gave it and what was added up."""

    level: str
    row: str
    points: int
    signs: int
    do: Mapping[str, str]


def read_rows(rows: Sequence[Mapping[str, str]]) -> tuple[CallRow, ...]:
    """The table; its last row asks for nothing, so that there is always a call. Raises BadTable."""
    found = []
    for cells in _SHAPE.rows(rows):
        level = cells.code("level", frozenset(LEVELS))
        points, signs = cells.whole("points") or 0, cells.whole("signs") or 0
        found.append(CallRow(cells.row, level, points, signs, cells.languages("do")))
    if not found or found[-1].points or found[-1].signs:
        last = found[-1].row if found else ""
        raise BadTable("scam_calls.csv", last, "points", "the last row must ask for nothing")
    return tuple(found)


def judge(weights: Sequence[int], rows: Sequence[CallRow]) -> Call:
    """The call for the weights of the signs that were ticked."""
    points, signs = sum(weights), len(weights)
    row = next(one for one in rows if points >= one.points and signs >= one.signs)
    return Call(row.level, row.row, points, signs, row.do)
