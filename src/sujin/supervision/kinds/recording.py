"""What can happen to a request for a recording: asked, provided or not there, seen."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from sujin.platform.journal import Kind

ASKED, PROVIDED, ABSENT, SEEN = "asked", "provided", "absent", "seen"
RECORDING_STATES = {
    ASKED: _("待提供"), PROVIDED: _("待查看"), ABSENT: _("没有录像"), SEEN: _("已查看"),
}  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class RecordingAsked(Kind):
    """Which camera, from when to when, and why; the outlet answers by a moment."""

    code, icon, title = "recording.asked", "video", _("调阅录像")
    caches: ClassVar[Mapping[str, str]] = {
        "camera": "camera", "since": "since", "until": "until", "why": "why",
        "answer_by": "answer_by", "state": "state",
    }  # fmt: skip
    camera: str
    since: datetime
    until: datetime
    why: str
    answer_by: datetime
    state: str = ASKED

    def sentence(self) -> str:
        since, until = timezone.localtime(self.since), timezone.localtime(self.until)
        window = {"since": f"{since:%Y-%m-%d %H:%M}", "until": f"{until:%H:%M}"}
        return _t("%(camera)s，%(since)s 至 %(until)s") % {"camera": self.camera, **window}


@dataclass(frozen=True, kw_only=True)
class RecordingProvided(Kind):
    """Where it lies and how to look at it; the recording itself stays in the bank's own store."""

    code, icon, title = "recording.provided", "file-import", _("提供录像")
    caches: ClassVar[Mapping[str, str]] = {
        "state": "state", "answer": "answer", "answered_by_id": "answered_by",
    }  # fmt: skip
    answer: str
    answered_by: int
    state: str = PROVIDED

    def sentence(self) -> str:
        return self.answer


@dataclass(frozen=True, kw_only=True)
class RecordingAbsent(Kind):
    """There is none, and why."""

    code, icon, title = "recording.absent", "circle-x", _("没有录像")
    caches: ClassVar[Mapping[str, str]] = {
        "state": "state", "answer": "answer", "answered_by_id": "answered_by",
    }  # fmt: skip
    answer: str
    answered_by: int
    state: str = ABSENT

    def sentence(self) -> str:
        return self.answer


@dataclass(frozen=True, kw_only=True)
class RecordingSeen(Kind):
    """What the inspector saw in it."""

    code, icon, title = "recording.seen", "eye", _("查看录像")
    caches: ClassVar[Mapping[str, str]] = {"state": "state", "seen": "words"}
    words: str
    state: str = SEEN

    def sentence(self) -> str:
        return self.words


RECORDING_KINDS: list[type[Kind]] = [
    RecordingAsked, RecordingProvided, RecordingAbsent, RecordingSeen,
]  # fmt: skip
