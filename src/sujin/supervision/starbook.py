"""The pack's word on star rating: what earns points, and what stars take."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.utils.translation import gettext_lazy as _

from sujin import packs
from sujin.complaints.kinds.base import in_language
from sujin.complaints.rulebook import HOUSE_PACK
from sujin.engine import stars
from sujin.engine.tables import Cells, Shape
from sujin.governance.facts import Unit
from sujin.governance.metricbook import metrics

METRIC, INSPECTION, SHORTCOMING = "metric", "inspection", "shortcoming"
SOURCES = frozenset({METRIC, INSPECTION, SHORTCOMING})
AREAS = {
    "result": _("办理结果"), "voice": _("客户评价"), "quality": _("质量"),
    "inspection": _("检查与整改"),
}  # fmt: skip
_ITEMS = Shape(
    "star_items",
    must=("row", "source", "area", "weight", "floor", "full", "about_zh", "about_en"),
    languages="title",
)
_LEVELS = Shape("star_levels", must=("row", "points", "award_zh", "award_en"), languages="title")


@dataclass(frozen=True, slots=True)
class StarItem:
    """A row of star_items.csv. ``metric``: the share of that code in the catalogue."""

    code: str
    source: str
    area: str
    item: stars.Item
    title: Mapping[str, str]
    about: Mapping[str, str]

    def __str__(self) -> str:
        return in_language(self.title)

    @property
    def about_said(self) -> str:
        return in_language(self.about)

    @property
    def is_rare_better(self) -> bool:
        """Whether fewer of them are better."""
        return self.item.full < self.item.floor


@dataclass(frozen=True, slots=True)
class StarLevel:
    """A row of star_levels.csv; ``award`` what it opens, empty of nothing."""

    level: stars.Level
    title: Mapping[str, str]
    award: Mapping[str, str]

    def __str__(self) -> str:
        return in_language(self.title)

    @property
    def award_said(self) -> str:
        return in_language(self.award)


@cache
def items() -> Mapping[str, StarItem]:
    """By code. Raises BadTable naming row and column."""
    rows = _ITEMS.rows(packs.rows(HOUSE_PACK, _ITEMS.table))
    return {cells.row: read_item(cells) for cells in rows}


@cache
def levels() -> Mapping[int, StarLevel]:
    """By star, the lowest first. Raises BadTable naming row and column."""
    rows = _LEVELS.rows(packs.rows(HOUSE_PACK, _LEVELS.table))
    found = sorted(map(_level, rows), key=lambda one: one.level.star)
    return {one.level.star: one for one in found}


def level_name(star: int) -> str:
    row = levels().get(star)
    return str(row) if row else str(star)


def numbers() -> Mapping[str, Any]:
    """Section ``stars`` of the pack's manifest."""
    found: Mapping[str, Any] = packs.manifest(HOUSE_PACK)["stars"]
    return found


def read_item(cells: Cells) -> StarItem:
    """Raises BadTable. How many complaints there are earns nobody a point and takes none: only
    shares may be items."""
    source = cells.code("source", SOURCES)
    if source == METRIC:
        row = metrics().get(cells.row)
        if row is None or row.fact.unit is not Unit.SHARE or row.area == "volume":
            raise cells.bad("row", "not a share of how well it was done in metrics.csv")
    weight, floor, full = (cells.decimal(name) for name in ("weight", "floor", "full"))
    if weight is None or floor is None or full is None or weight <= 0 or floor == full:
        raise cells.bad("weight", "write a weight above 0, and a floor and full that differ")
    if max(floor, full) > 1:
        raise cells.bad("full", "write shares between 0 and 1")
    return StarItem(
        cells.row,
        source,
        cells.code("area", frozenset(AREAS)),
        stars.Item(cells.row, float(weight), float(floor), float(full)),
        cells.languages("title"),
        {language: cells.text(f"about_{language}") for language in ("zh", "en")},
    )


def _level(cells: Cells) -> StarLevel:
    points = cells.decimal("points")
    if points is None or not cells.row.isdigit():
        raise cells.bad("points", "write the points it takes, and the star as the row")
    award = {language: cells.text(f"award_{language}") for language in ("zh", "en")}
    return StarLevel(stars.Level(int(cells.row), float(points)), cells.languages("title"), award)
