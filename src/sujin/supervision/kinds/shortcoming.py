"""What can happen to a shortcoming: found, answered with proof, looked at again, come again."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from sujin.governance.kinds.late import Escalated
from sujin.platform.journal import Kind

OPEN, ANSWERED, MENDED = "open", "answered", "mended"
SHORTCOMING_STATES = {OPEN: _("待整改"), ANSWERED: _("待复查"), MENDED: _("复查通过")}
STANDING = (OPEN, ANSWERED)
ON_THE_SPOT, BY_PAPERS = "visit", "papers"
LOOKS = {ON_THE_SPOT: _("到场看过"), BY_PAPERS: _("看了材料")}


@dataclass(frozen=True, kw_only=True)
class ShortcomingFound(Kind):
    """One item of a list did not hold; the outlet has until ``due_at``. ``again_of`` is the one
    that had been mended here before."""

    code, icon, title = "shortcoming.found", "alert-triangle", _("检查发现问题")
    caches: ClassVar[Mapping[str, str]] = {
        "words": "words", "severity": "severity", "due_at": "due_at", "state": "state",
        "again_of_id": "again_of",
    }  # fmt: skip
    item: str
    words: str
    severity: str
    due_at: datetime
    again_of: int | None = None
    state: str = OPEN

    def sentence(self) -> str:
        return self.words


@dataclass(frozen=True, kw_only=True)
class ShortcomingAnswered(Kind):
    """回音: what was done about it, with files that prove it."""

    code, icon, title = "shortcoming.answered", "message-2", _("整改回音")
    caches: ClassVar[Mapping[str, str]] = {
        "answer": "answer", "answered_at": "answered_at", "answered_by_id": "answered_by",
        "state": "state",
    }  # fmt: skip
    answer: str
    answered_at: datetime
    answered_by: int
    files: int
    state: str = ANSWERED

    def sentence(self) -> str:
        return _t("%(words)s（材料 %(n)d 份）") % {"words": self.answer, "n": self.files}


@dataclass(frozen=True, kw_only=True)
class ShortcomingReturned(Kind):
    """Looked at again: not mended. As many days again."""

    code, icon, title = "shortcoming.returned", "arrow-back", _("复查不通过，退回")
    caches: ClassVar[Mapping[str, str]] = {
        "state": "state", "due_at": "due_at", "returns": "returns", "escalated_at": "escalated_at",
    }  # fmt: skip
    because: str
    look: str
    returns: int
    due_at: datetime
    escalated_at: datetime | None = None
    state: str = OPEN

    def sentence(self) -> str:
        return _t("%(look)s：%(because)s") % {
            "look": LOOKS.get(self.look, self.look), "because": self.because
        }  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class ShortcomingMended(Kind):
    """Looked at again by another hand: it is mended."""

    code, icon, title = "shortcoming.mended", "circle-check", _("复查通过")
    caches: ClassVar[Mapping[str, str]] = {
        "state": "state", "mended_at": "mended_at", "seen": "because", "look": "look",
    }  # fmt: skip
    because: str
    look: str
    mended_at: datetime
    state: str = MENDED

    def sentence(self) -> str:
        return _t("%(look)s：%(because)s") % {
            "look": LOOKS.get(self.look, self.look), "because": self.because
        }  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class ShortcomingHeld(Kind):
    """A later inspection looked at the same item: it still holds, or it came again."""

    code, icon, title = "shortcoming.held", "history", _("以后的检查")
    caches: ClassVar[Mapping[str, str]] = {"holds": "holds", "held_at": "held_at"}
    inspection: int
    holds: bool
    held_at: datetime

    def sentence(self) -> str:
        said = {"number": self.inspection}
        if self.holds:
            return _t("检查 %(number)d 再看同一项：仍然合格") % said
        return _t("检查 %(number)d 再看同一项：又不合格") % said


@dataclass(frozen=True, kw_only=True)
class ShortcomingEscalated(Escalated):
    """Not answered by its day."""

    code, title = "shortcoming.escalated", _("整改逾期")

    def sentence(self) -> str:
        return _t("%(owner)s 到期没有回音，已报上级") % {"owner": self.owner_name}


SHORTCOMING_KINDS: list[type[Kind]] = [
    ShortcomingFound, ShortcomingAnswered, ShortcomingReturned, ShortcomingMended, ShortcomingHeld,
    ShortcomingEscalated,
]  # fmt: skip
