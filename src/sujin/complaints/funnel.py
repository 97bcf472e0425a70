"""The layers a complaint is filtered through, and what the institution aims at: pack tables."""

from collections.abc import Mapping
from functools import cache

from django.utils.translation import gettext_lazy as _

from sujin import packs
from sujin.complaints.rulebook import HOUSE_PACK
from sujin.platform.models import Org
from sujin.platform.organisation import OrgKind

LAYERS = {
    1: _("第一层：首问网点"),
    2: _("第二层：二级分行"),
    3: _("第三层：一级分行"),
    4: _("第四层：总行与公司"),
}
OUTLETS = (OrgKind.OUTLET, OrgKind.SUB)


def layer_of(desk: Org) -> int:
    """The layer of a desk by funnel.csv: the first row that fits its kind and its parent's."""
    return layer(desk.kind, desk.parent.kind if desk.parent else "")


@cache
def layer(kind: str, parent: str) -> int:
    """Raises LookupError for a kind that the table does not know."""
    for row in packs.rows(HOUSE_PACK, "funnel"):
        if row["kind"] == kind and row["parent"] in ("", parent):
            return int(row["layer"])
    raise LookupError(f"funnel.csv has no row for {kind}")


@cache
def target(name: str) -> float:
    """One value of targets.csv, in the unit of its row."""
    return next(float(row["value"]) for row in _targets() if row["target"] == name)


@cache
def minutes() -> Mapping[str, int]:
    """Kind of entry -> the minutes it takes at a counter, as the institution reckons."""
    return {row["kind"]: int(row["minutes"]) for row in packs.rows(HOUSE_PACK, "effort")}


def _targets() -> list[dict[str, str]]:
    return packs.rows(HOUSE_PACK, "targets")
