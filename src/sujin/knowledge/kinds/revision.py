"""What can happen to a revision: somebody says that an item does not work, its owner answers."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar

from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from sujin.platform.journal import Kind

OPEN, REVISING = "open", "revising"
REVISED, REFUSED, UNCHANGED = "revised", "refused", "unchanged"
UNANSWERED = (OPEN, REVISING)
REVISION_STATES = {
    OPEN: _("待归口部门答复"),
    REVISING: _("正在修订"),
    REVISED: _("已修订发布"),
    REFUSED: _("不采纳"),
    UNCHANGED: _("无需修改"),
}


@dataclass(frozen=True, kw_only=True)
class RevisionOpened(Kind):
    """The item is to be looked at again by ``due_on``."""

    code, icon, title = "revision.opened", "report", _("提出修订")
    caches: ClassVar[Mapping[str, str]] = {"state": "state", "due_on": "due_on"}
    state: str
    item: str
    because: str
    source: str
    due_on: date

    def sentence(self) -> str:
        said = {"item": self.item, "because": self.because, "day": f"{self.due_on:%Y-%m-%d}"}
        return _t("《%(item)s》须在 %(day)s 前答复：%(because)s") % said


@dataclass(frozen=True, kw_only=True)
class RevisionJoined(Kind):
    """Somebody else says so, too; the limit stays or comes nearer."""

    code, icon, title = "revision.joined", "message-report", _("再有反映")
    caches: ClassVar[Mapping[str, str]] = {"due_on": "due_on"}
    because: str
    source: str
    due_on: date

    def sentence(self) -> str:
        return self.because


@dataclass(frozen=True, kw_only=True)
class RevisionBegun(Kind):
    """The owner agrees: version ``number`` is being written."""

    code, icon, title = "revision.begun", "pencil", _("同意修订")
    caches: ClassVar[Mapping[str, str]] = {
        "state": "state", "answer": "words", "next_version_id": "version"
    }  # fmt: skip
    state: str
    words: str
    version: int
    number: int

    def sentence(self) -> str:
        return _t("正在写第 %(n)d 版：%(words)s") % {"n": self.number, "words": self.words}


@dataclass(frozen=True, kw_only=True)
class RevisionReturned(Kind):
    """The version that was to settle it was given up: the owner owes an answer again."""

    code, icon, title = "revision.returned", "arrow-back-up", _("新版已放弃")
    caches: ClassVar[Mapping[str, str]] = {"state": "state", "next_version_id": "version"}
    state: str
    version: int | None = None

    def sentence(self) -> str:
        return _t("新版已放弃，须重新答复")


@dataclass(frozen=True, kw_only=True)
class RevisionEnded(Kind):
    """The owner has answered for good."""

    caches: ClassVar[Mapping[str, str]] = {"state": "state", "ended_at": "ended_at"}
    state: str
    ended_at: datetime


@dataclass(frozen=True, kw_only=True)
class RevisionSettled(RevisionEnded):
    """The next version was released: version ``number`` of ``item``."""

    code, icon, title = "revision.settled", "circle-check", _("已修订发布")
    item: str
    number: int

    def sentence(self) -> str:
        return _t("《%(item)s》第 %(n)d 版已发布") % {"item": self.item, "n": self.number}


@dataclass(frozen=True, kw_only=True)
class RevisionRefused(RevisionEnded):
    """The owner will not change it, and says why."""

    code, icon, title = "revision.refused", "ban", _("不采纳")
    caches: ClassVar[Mapping[str, str]] = {**RevisionEnded.caches, "answer": "words"}
    item: str
    words: str

    def sentence(self) -> str:
        return _t("《%(item)s》不采纳：%(words)s") % {"item": self.item, "words": self.words}


@dataclass(frozen=True, kw_only=True)
class RevisionUnchanged(RevisionEnded):
    """The wording is right as it is; ``words`` say how to use it."""

    code, icon, title = "revision.unchanged", "check", _("无需修改")
    caches: ClassVar[Mapping[str, str]] = {**RevisionEnded.caches, "answer": "words"}
    item: str
    words: str

    def sentence(self) -> str:
        return _t("《%(item)s》无需修改：%(words)s") % {"item": self.item, "words": self.words}


@dataclass(frozen=True, kw_only=True)
class RevisionEscalated(Kind):
    """Nobody answered in time: whoever releases for this owner is told."""

    code, icon, title = "revision.escalated", "stairs-up", _("逾期上报")
    caches: ClassVar[Mapping[str, str]] = {"escalated_at": "escalated_at"}
    escalated_at: datetime
    item: str
    due_on: date

    def sentence(self) -> str:
        said = {"item": self.item, "day": f"{self.due_on:%Y-%m-%d}"}
        return _t("《%(item)s》的修订应在 %(day)s 前答复，已逾期") % said


REVISION_KINDS: list[type[Kind]] = [
    RevisionOpened,
    RevisionJoined,
    RevisionBegun,
    RevisionReturned,
    RevisionSettled,
    RevisionRefused,
    RevisionUnchanged,
    RevisionEscalated,
]
