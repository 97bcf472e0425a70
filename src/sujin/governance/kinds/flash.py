"""What can happen to a flash report."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from django.utils.timezone import localtime
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from sujin.platform.journal import Kind

DRAFTED, ISSUED, ACKNOWLEDGED, REPLACED = "drafted", "issued", "acknowledged", "replaced"
FLASH_STATES = {
    DRAFTED: _("草稿，待签发"),
    ISSUED: _("已签发，待确认"),
    ACKNOWLEDGED: _("已确认"),
    REPLACED: _("已有新版"),
}


@dataclass(frozen=True, kw_only=True)
class FlashDrafted(Kind):
    """Written by the house itself, ``seconds`` after the trigger; the owners have it as a draft."""

    code, icon, title = "flash.drafted", "bolt", _("快报成稿")
    caches: ClassVar[Mapping[str, str]] = {"state": "state", "due_at": "due_at"}
    state: str
    due_at: datetime
    name: str
    seconds: float

    def sentence(self) -> str:
        said = {"name": self.name, "seconds": f"{self.seconds:.0f}"}
        return _t("%(name)s，触发后 %(seconds)s 秒成稿，已送归口部门") % said


@dataclass(frozen=True, kw_only=True)
class FlashIssued(Kind):
    """A second person vouches for it."""

    code, icon, title = "flash.issued", "rubber-stamp", _("签发快报")
    caches: ClassVar[Mapping[str, str]] = {
        "state": "state",
        "issued_at": "issued_at",
        "issued_by_id": "issued_by",
        "due_at": "due_at",
    }
    state: str
    issued_at: datetime
    issued_by: int
    due_at: datetime
    name: str

    def sentence(self) -> str:
        said = {"name": self.name, "at": f"{localtime(self.due_at):%Y-%m-%d %H:%M}"}
        return _t("%(name)s 已签发，请于 %(at)s 前确认") % said


@dataclass(frozen=True, kw_only=True)
class FlashAcknowledged(Kind):
    """One of its owners has read it; ``state`` changes with the last."""

    code, icon, title = "flash.acknowledged", "check", _("确认快报")
    caches: ClassVar[Mapping[str, str]] = {"state": "state"}
    state: str
    owner: str

    def sentence(self) -> str:
        return _t("%(owner)s已确认") % {"owner": self.owner}


@dataclass(frozen=True, kw_only=True)
class FlashEscalated(Kind):
    """An owner did not acknowledge in time: those above hear of it."""

    code, icon, title = "flash.escalated", "alarm", _("快报未确认上报")
    caches: ClassVar[Mapping[str, str]] = {"escalated_at": "escalated_at"}
    escalated_at: datetime
    owners: tuple[str, ...]
    name: str

    def sentence(self) -> str:
        said = {"name": self.name, "owners": _t("、").join(self.owners)}
        return _t("%(name)s：%(owners)s未在时限内确认") % said


@dataclass(frozen=True, kw_only=True)
class FlashReplaced(Kind):
    """A newer version takes its place."""

    code, icon, title = "flash.replaced", "versions", _("更新快报")
    caches: ClassVar[Mapping[str, str]] = {"state": "state"}
    state: str

    def sentence(self) -> str:
        return _t("已有新版，以新版为准")


FLASH_KINDS: list[type[Kind]] = [
    FlashDrafted,
    FlashIssued,
    FlashAcknowledged,
    FlashEscalated,
    FlashReplaced,
]
