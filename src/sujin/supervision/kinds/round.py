"""What happens to a round of the guard: it is gone."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from sujin.platform.journal import Kind


@dataclass(frozen=True, kw_only=True)
class Gone(Kind):
    """All detectors asked of all units; ``asked`` cells could be judged, ``few`` were too small.

    ``departures`` and ``points`` are what the audit of remedies saw: see ``engine.dispersion``.
    """

    code, icon, title = "round.gone", "radar", _("指标核查")
    caches = {
        "periods": "periods", "asked": "asked", "few": "few",
        "departures": "departures", "points": "points",
    }  # fmt: skip
    periods: tuple[str, ...]
    asked: int
    few: int
    found: int
    departures: tuple[Mapping[str, Any], ...]
    points: tuple[Mapping[str, Any], ...]

    def sentence(self) -> str:
        said = {"asked": self.asked, "few": self.few, "found": self.found}
        return _t("核查 %(asked)d 项，%(few)d 项件数太少不作判断，发现 %(found)d 项") % said
