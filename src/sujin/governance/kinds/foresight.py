"""What can happen to a week's foresight: it is said, and later scored."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar

from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from sujin.platform.journal import Kind


@dataclass(frozen=True, kw_only=True)
class ForesightMade(Kind):
    """The weeks from ``week`` on were foreseen for so many nodes; ``leads``: what consultations
    were worth, by weeks ahead."""

    code, icon, title = "foresight.made", "calendar-due", _("前瞻研判")
    caches: ClassVar[Mapping[str, str]] = {"nodes": "nodes", "leads": "leads"}
    week: date
    nodes: int
    weeks: int
    leads: tuple[dict[str, Any], ...]

    def cached(self) -> dict[str, Any]:
        return {"nodes": self.nodes, "leads": list(self.leads)}

    def sentence(self) -> str:
        told = {"week": self.week.isoformat(), "weeks": self.weeks, "nodes": self.nodes}
        return _t("研判自 %(week)s 起 %(weeks)d 周，%(nodes)d 处") % told


@dataclass(frozen=True, kw_only=True)
class ForesightScored(Kind):
    """So many of its weeks have come: how many lay within the range said, how many were called hot,
    and how many of those were."""

    code, icon, title = "foresight.scored", "target-arrow", _("前瞻研判计分")
    rows: int
    within: int
    called: int
    true: int

    def sentence(self) -> str:
        told = {"rows": self.rows, "within": self.within, "n": self.called, "true": self.true}
        return _t(
            "计分 %(rows)d 项，落在范围内 %(within)d 项；提示热点 %(n)d 项，成真 %(true)d 项"
        ) % (told)


FORESIGHT_KINDS: list[type[Kind]] = [ForesightMade, ForesightScored]
