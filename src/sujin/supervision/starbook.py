"""The pack's word on ratings: which units, how often, what earns points, and what stars take."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.utils.translation import gettext_lazy as _

from sujin import packs
from sujin.complaints.kinds.base import in_language
from sujin.complaints.rulebook import HOUSE_PACK
from sujin.engine import stars
from sujin.engine.tables import ORG_KINDS, Cells, Shape
from sujin.governance.facts import Unit
from sujin.governance.metricbook import Metric, metrics

OUTLET = "outlet"
METRIC, INSPECTION, SHORTCOMING = "metric", "inspection", "shortcoming"
SURVEY, TRAINING = "survey", "training"
SOURCES = frozenset({METRIC, INSPECTION, SHORTCOMING, SURVEY, TRAINING})
AREAS = {
    "result": _("办理结果"), "voice": _("客户评价"), "quality": _("质量"),
    "inspection": _("检查与整改"), "people": _("培训"),
}  # fmt: skip
_SCHEMES = Shape(
    "rating_schemes",
    must=("row", "kind", "months", "every", "least", "about_zh", "about_en"),
    languages="title",
)
_ITEMS = Shape(
    "star_items",
    must=(
        *("row", "scheme", "source", "metric", "area", "weight", "floor", "full"),
        *("about_zh", "about_en"),
    ),
    languages="title",
)
_LEVELS = Shape(
    "star_levels", must=("row", "scheme", "star", "points", "award_zh", "award_en"),
    languages="title",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Scheme:
    """A row of rating_schemes.csv: all organisations of ``kind``, over ``months``, ``every`` so
    many months; an item with fewer than ``least`` cases in all earns nobody anything."""

    code: str
    kind: str
    months: int
    every: int
    least: int
    title: Mapping[str, str]
    about: Mapping[str, str]

    def __str__(self) -> str:
        return in_language(self.title)

    @property
    def about_said(self) -> str:
        return in_language(self.about)


@dataclass(frozen=True, slots=True)
class StarItem:
    """A row of star_items.csv. ``metric``: the share of that code in the catalogue, if any."""

    code: str
    scheme: str
    source: str
    metric: Metric | None
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

    scheme: str
    level: stars.Level
    title: Mapping[str, str]
    award: Mapping[str, str]

    def __str__(self) -> str:
        return in_language(self.title)

    @property
    def award_said(self) -> str:
        return in_language(self.award)


@cache
def schemes() -> Mapping[str, Scheme]:
    """By code. Raises BadTable naming row and column."""
    rows = _SCHEMES.rows(packs.rows(HOUSE_PACK, _SCHEMES.table))
    return {cells.row: _scheme(cells) for cells in rows}


@cache
def items(scheme: str) -> Mapping[str, StarItem]:
    """Of a scheme, by code. Raises BadTable naming row and column."""
    rows = _ITEMS.rows(packs.rows(HOUSE_PACK, _ITEMS.table))
    return {row.code: row for row in map(read_item, rows) if row.scheme == scheme}


@cache
def levels(scheme: str) -> Mapping[int, StarLevel]:
    """Of a scheme, by star, the lowest first. Raises BadTable naming row and column."""
    rows = map(_level, _LEVELS.rows(packs.rows(HOUSE_PACK, _LEVELS.table)))
    found = sorted((row for row in rows if row.scheme == scheme), key=lambda one: one.level.star)
    return {one.level.star: one for one in found}


def level_name(scheme: str, star: int) -> str:
    row = levels(scheme).get(star)
    return str(row) if row else str(star)


def numbers() -> Mapping[str, Any]:
    """Section ``stars`` of the pack's manifest."""
    found: Mapping[str, Any] = packs.manifest(HOUSE_PACK)["stars"]
    return found


def _scheme(cells: Cells) -> Scheme:
    months, every = cells.whole("months", least=1), cells.whole("every", least=1)
    least = cells.whole("least")
    if months is None or every is None or least is None:
        raise cells.bad("months", "write whole numbers in months, every and least")
    about = {language: cells.text(f"about_{language}") for language in ("zh", "en")}
    kind = cells.code("kind", ORG_KINDS)
    return Scheme(cells.row, kind, months, every, least, cells.languages("title"), about)


def read_item(cells: Cells) -> StarItem:
    """Raises BadTable. How many complaints there are earns nobody a point and takes none: only
    shares may be items."""
    source, metric = cells.code("source", SOURCES), metrics().get(cells.text("metric"))
    if source == METRIC and not _is_share(metric):
        raise cells.bad("metric", "not a share of how well it was done in metrics.csv")
    weight, floor, full = (cells.decimal(name) for name in ("weight", "floor", "full"))
    if weight is None or floor is None or full is None or weight <= 0 or floor == full:
        raise cells.bad("weight", "write a weight above 0, and a floor and full that differ")
    if max(floor, full) > 1:
        raise cells.bad("full", "write shares between 0 and 1")
    return StarItem(
        cells.row,
        cells.code("scheme", frozenset(schemes())),
        source,
        metric,
        cells.code("area", frozenset(AREAS)),
        stars.Item(cells.row, float(weight), float(floor), float(full)),
        cells.languages("title"),
        {language: cells.text(f"about_{language}") for language in ("zh", "en")},
    )


def _is_share(metric: Metric | None) -> bool:
    return metric is not None and metric.fact.unit is Unit.SHARE and metric.area != "volume"


def _level(cells: Cells) -> StarLevel:
    points, star = cells.decimal("points"), cells.whole("star", least=1)
    if points is None or star is None:
        raise cells.bad("points", "write the star and the points it takes")
    award = {language: cells.text(f"award_{language}") for language in ("zh", "en")}
    scheme = cells.code("scheme", frozenset(schemes()))
    return StarLevel(scheme, stars.Level(star, float(points)), cells.languages("title"), award)
