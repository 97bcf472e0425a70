"""What can happen to a drill (火线练兵): begun on a closed case, answered, or void."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar

from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from sujin.platform.journal import Kind


@dataclass(frozen=True, kw_only=True)
class DrillBegun(Kind):
    """A closed case of the theme is shown without names; ``paper`` is a fingerprint of what is
    asked about it."""

    code, icon, title = "drill.begun", "target", _("火线练兵")
    caches: ClassVar[Mapping[str, str]] = {"paper": "paper", "asked": "asked"}
    case: int
    paper: str
    asked: int


@dataclass(frozen=True, kw_only=True)
class DrillAnswered(Kind):
    """``answers`` as of an attempt; marked by what the case was found to be."""

    code, icon, title = "drill.answered", "checklist", _("练完")
    caches: ClassVar[Mapping[str, str]] = {"right": "right", "ended_at": "ended_at"}
    right: int
    asked: int
    ended_at: datetime
    answers: tuple[Mapping[str, Any], ...]

    def sentence(self) -> str:
        return _t("答对 %(right)d / %(asked)d") % {"right": self.right, "asked": self.asked}


@dataclass(frozen=True, kw_only=True)
class DrillVoided(Kind):
    """The case was coded anew meanwhile, or is out of reach now."""

    code, icon, title = "drill.voided", "circle-x", _("作废")
    caches: ClassVar[Mapping[str, str]] = {"ended_at": "ended_at"}
    because: str
    ended_at: datetime

    def sentence(self) -> str:
        return self.because


DRILL_KINDS: list[type[Kind]] = [DrillBegun, DrillAnswered, DrillVoided]
