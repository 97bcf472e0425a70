"""The pack's word on inspections: their sorts, what is looked at, what makes a visit likelier."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.utils.translation import gettext_lazy as _

from sujin import packs
from sujin.complaints.kinds.base import in_language
from sujin.complaints.rulebook import HOUSE_PACK
from sujin.engine.tables import Cells, Shape
from sujin.governance.visitbook import severities

PHOTO_NEVER, PHOTO_IF_BAD, PHOTO_ALWAYS = "no", "if_bad", "always"
_PHOTOS = frozenset({PHOTO_NEVER, PHOTO_IF_BAD, PHOTO_ALWAYS})
_SORTS = Shape("inspection_sorts", must=("row", "announced", "cross", "about_zh", "about_en"),
               languages="title")  # fmt: skip
_ITEMS = Shape("checklists", must=("row", "sorts", "area", "severity", "photo", "basis"),
               languages="title")  # fmt: skip
_RISKS = Shape("inspection_risks", must=("row", "weight", "full"), languages="title")
AREAS = {
    "service": _("厅堂服务"), "complaints": _("投诉处理"), "sales": _("销售与收费"),
    "access": _("适老与无障碍"), "data": _("客户信息"), "fraud": _("防骗"),
    "knowledge": _("指引与口径"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Sort:
    """A row of inspection_sorts.csv. ``announced``: the outlet knows before; ``cross``: inspectors
    come from another first-level branch."""

    code: str
    announced: bool
    cross: bool
    title: Mapping[str, str]
    about: Mapping[str, str]

    def __str__(self) -> str:
        return in_language(self.title)

    @property
    def about_said(self) -> str:
        return in_language(self.about)


@dataclass(frozen=True, slots=True)
class Item:
    """A row of checklists.csv: one thing to look at."""

    code: str
    sorts: frozenset[str]
    area: str
    severity: str
    photo: str
    basis: str
    title: Mapping[str, str]

    def __str__(self) -> str:
        return in_language(self.title)

    def wants_photo(self, mark: str) -> bool:
        """Whether a photograph has to prove this mark."""
        return self.photo == PHOTO_ALWAYS or (self.photo == PHOTO_IF_BAD and mark == "fail")


@dataclass(frozen=True, slots=True)
class RiskRow:
    """A row of inspection_risks.csv: at ``full`` it counts ``weight``, below in proportion."""

    code: str
    weight: float
    full: float
    title: Mapping[str, str]

    def __str__(self) -> str:
        return in_language(self.title)

    def of(self, value: float) -> float:
        return self.weight * min(max(value / self.full, 0.0), 1.0)


@cache
def sorts() -> Mapping[str, Sort]:
    """By code. Raises BadTable naming row and column."""
    return {cells.row: _sort(cells) for cells in _SORTS.rows(packs.rows(HOUSE_PACK, _SORTS.table))}


@cache
def items() -> Mapping[str, Item]:
    """By code, in the order of the list. Raises BadTable naming row and column."""
    known = frozenset(sorts())
    rows = _ITEMS.rows(packs.rows(HOUSE_PACK, _ITEMS.table))
    return {cells.row: _item(cells, known) for cells in rows}


@cache
def risks() -> Mapping[str, RiskRow]:
    """By code. Raises BadTable naming row and column."""
    return {cells.row: _risk(cells) for cells in _RISKS.rows(packs.rows(HOUSE_PACK, _RISKS.table))}


def checklist(sort: str) -> list[Item]:
    """What an inspection of this sort looks at."""
    return [one for one in items().values() if sort in one.sorts]


def numbers() -> Mapping[str, Any]:
    """Section ``inspections`` of the pack's manifest."""
    found: Mapping[str, Any] = packs.manifest(HOUSE_PACK)["inspections"]
    return found


def _sort(cells: Cells) -> Sort:
    about = {language: cells.text(f"about_{language}") for language in ("zh", "en")}
    return Sort(
        cells.row, cells.yes("announced"), cells.yes("cross"), cells.languages("title"), about
    )


def _item(cells: Cells, known: frozenset[str]) -> Item:
    return Item(
        cells.row,
        cells.codes("sorts", known),
        cells.code("area", frozenset(AREAS)),
        cells.code("severity", frozenset(severities())),
        cells.code("photo", _PHOTOS),
        cells.text("basis"),
        cells.languages("title"),
    )


def _risk(cells: Cells) -> RiskRow:
    weight, full = cells.decimal("weight"), cells.decimal("full")
    if weight is None or full is None or weight < 0 or full <= 0:
        raise cells.bad("full", "write a weight of 0 or more and a full value above 0")
    return RiskRow(cells.row, float(weight), float(full), cells.languages("title"))
