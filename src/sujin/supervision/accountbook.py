"""The pack's word on accountability: measures from light to grave, days to speak and to appeal."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from sujin import packs
from sujin.complaints.kinds.base import in_language
from sujin.complaints.rulebook import HOUSE_PACK
from sujin.engine.tables import Cells, Shape

_MEASURES = Shape("accountability_measures", must=("row", "rung"), languages="title")


@dataclass(frozen=True, slots=True)
class AccountMeasure:
    """A row of accountability_measures.csv; the higher the ``rung``, the graver."""

    code: str
    rung: int
    title: Mapping[str, str]

    def __str__(self) -> str:
        return in_language(self.title)


@cache
def measures() -> Mapping[str, AccountMeasure]:
    """By code, the lightest first. Raises BadTable naming row and column."""
    rows = _MEASURES.rows(packs.rows(HOUSE_PACK, _MEASURES.table))
    found = sorted(map(_measure, rows), key=lambda one: one.rung)
    return {one.code: one for one in found}


def rung(code: str) -> int:
    """0 of no measure, and of one that the pack has dropped."""
    row = measures().get(code)
    return row.rung if row else 0


def name(code: str) -> str:
    row = measures().get(code)
    return str(row) if row else code


def numbers() -> Mapping[str, Any]:
    """Section ``accountability`` of the pack's manifest."""
    found: Mapping[str, Any] = packs.manifest(HOUSE_PACK)["accountability"]
    return found


def first_rung(severity: str) -> int:
    """How grave a first measure for something of this severity may be."""
    return int(numbers()["first_rung"].get(severity, 1))


def _measure(cells: Cells) -> AccountMeasure:
    value = cells.whole("rung", least=1)
    if value is None:
        raise cells.bad("rung", "write a whole number from 1 up")
    return AccountMeasure(cells.row, value, cells.languages("title"))
