"""What can happen to a version of an item."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar

from django.utils.timezone import localtime
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from sujin.platform.journal import Kind

DRAFT, SUBMITTED, RELEASED = "draft", "submitted", "released"
SUPERSEDED, WITHDRAWN, DROPPED = "superseded", "withdrawn", "dropped"
# What has a beginning and an end: a successor that begins later leaves it in force until then.
DATED_STATES = (RELEASED, SUPERSEDED)
STATES = {
    DRAFT: _("起草中"),
    SUBMITTED: _("待审核"),
    RELEASED: _("已发布"),
    SUPERSEDED: _("已被新版取代"),
    WITHDRAWN: _("已撤回"),
    DROPPED: _("已放弃"),
}


def _day(moment: datetime) -> str:
    """The day it is here: what is stored counts in UTC."""
    return f"{localtime(moment):%Y-%m-%d}"


@dataclass(frozen=True, kw_only=True)
class VersionKind(Kind):
    """What every kind of a version shares: its state after it."""

    caches: ClassVar[Mapping[str, str]] = {"state": "state"}
    state: str


@dataclass(frozen=True, kw_only=True)
class VersionDrafted(VersionKind):
    """A wording was begun; ``number`` counts the versions of the item."""

    code, icon, title = "version.drafted", "pencil", _("起草")
    number: int
    because: str = ""

    def sentence(self) -> str:
        said = {"number": self.number, "because": self.because}
        if self.because:
            return _t("起草第 %(number)d 版：%(because)s") % said
        return _t("起草第 %(number)d 版") % said


@dataclass(frozen=True, kw_only=True)
class VersionEdited(VersionKind):
    """The wording of a draft was changed; ``parts`` are the codes of those that changed."""

    code, icon, title = "version.edited", "pencil", _("修改草稿")
    parts: tuple[str, ...]

    def sentence(self) -> str:
        return _t("修改了 %(n)d 处") % {"n": len(self.parts)}


@dataclass(frozen=True, kw_only=True)
class VersionSubmitted(VersionKind):
    """Somebody vouches for the draft and asks for the second pair of eyes."""

    code, icon, title = "version.submitted", "send", _("送审")
    caches: ClassVar[Mapping[str, str]] = {"state": "state", "submitted_by_id": "submitted_by"}
    submitted_by: int


@dataclass(frozen=True, kw_only=True)
class VersionReturned(VersionKind):
    """The second pair of eyes says no, and why."""

    code, icon, title = "version.returned", "arrow-back-up", _("退回")
    because: str

    def sentence(self) -> str:
        return _t("退回：%(because)s") % {"because": self.because}


@dataclass(frozen=True, kw_only=True)
class VersionReleased(VersionKind):
    """From ``valid_from`` to ``valid_to`` this is what is said."""

    code, icon, title = "version.released", "circle-check", _("发布")
    caches: ClassVar[Mapping[str, str]] = {
        "state": "state",
        "released_by_id": "released_by",
        "released_at": "released_at",
        "valid_from": "valid_from",
        "valid_to": "valid_to",
        "staged_until": "staged_until",
    }
    released_by: int
    released_at: datetime
    valid_from: datetime
    valid_to: datetime
    staged_until: datetime | None = None
    by_lot: bool = False
    # The organisations in the order in which they get it, each with its first day.
    stages: tuple[dict[str, Any], ...] = ()

    def sentence(self) -> str:
        days = {"since": _day(self.valid_from), "to": _day(self.valid_to)}
        if self.staged_until is None:
            return _t("发布，有效期 %(since)s 至 %(to)s") % days
        days["until"] = _day(self.staged_until)
        if self.by_lot:
            return _t("发布，抽签分批推开，%(until)s 推开完毕，有效期 %(since)s 至 %(to)s") % days
        return _t("发布，分批推开，%(until)s 推开完毕，有效期 %(since)s 至 %(to)s") % days


@dataclass(frozen=True, kw_only=True)
class VersionEnded(VersionKind):
    """No longer served from ``ended_at`` on; ``successor`` is the version that is, if any."""

    caches: ClassVar[Mapping[str, str]] = {
        "state": "state",
        "ended_at": "ended_at",
        "ended_because": "because",
        "successor_id": "successor",
    }
    ended_at: datetime | None
    because: str
    successor: int | None


@dataclass(frozen=True, kw_only=True)
class VersionSuperseded(VersionEnded):
    """A newer version took its place."""

    code, icon, title = "version.superseded", "replace", _("被取代")
    title_of: str
    number: int

    def sentence(self) -> str:
        said = {"title": self.title_of, "number": self.number}
        return _t("由《%(title)s》第 %(number)d 版取代") % said


@dataclass(frozen=True, kw_only=True)
class VersionWithdrawn(VersionEnded):
    """Somebody took it back before its days were over."""

    code, icon, title = "version.withdrawn", "ban", _("撤回")

    def sentence(self) -> str:
        return _t("撤回：%(because)s") % {"because": self.because}


@dataclass(frozen=True, kw_only=True)
class VersionReinstated(VersionEnded):
    """What had taken its place was withdrawn: it is said again until its own day."""

    code, icon, title = "version.reinstated", "arrow-back", _("恢复")
    ended_at: datetime | None = None
    successor: int | None = None

    def sentence(self) -> str:
        return _t("恢复使用：%(because)s") % {"because": self.because}


@dataclass(frozen=True, kw_only=True)
class VersionDropped(VersionKind):
    """A draft that will not be released."""

    code, icon, title = "version.dropped", "trash", _("放弃草稿")
    because: str

    def sentence(self) -> str:
        return _t("放弃草稿：%(because)s") % {"because": self.because}


@dataclass(frozen=True, kw_only=True)
class VersionExtended(Kind):
    """Its owner has looked again and vouches for it for longer."""

    code, icon, title = "version.extended", "calendar-event", _("延长有效期")
    caches: ClassVar[Mapping[str, str]] = {"valid_to": "valid_to"}
    valid_to: datetime
    because: str

    def sentence(self) -> str:
        said = {"to": _day(self.valid_to), "because": self.because}
        return _t("复核无误，有效期延长至 %(to)s：%(because)s") % said


VERSION_KINDS: list[type[Kind]] = [
    VersionDrafted,
    VersionEdited,
    VersionSubmitted,
    VersionReturned,
    VersionReleased,
    VersionSuperseded,
    VersionWithdrawn,
    VersionReinstated,
    VersionDropped,
    VersionExtended,
]
