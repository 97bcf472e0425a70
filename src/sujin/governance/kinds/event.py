"""What can happen to an event, to a line asked for, to a mention."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, ClassVar

from django.utils.timezone import localtime
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from sujin.platform.journal import Kind

DRAFT, LIVE, WATCHED, CLOSED = "draft", "live", "watched", "closed"
EVENT_STATES = {
    DRAFT: _("起草中"),
    LIVE: _("应对中"),
    WATCHED: _("跟踪观察"),
    CLOSED: _("已结"),
}
# What an officer may change of an event; ``before_after`` is a table of three columns.
FIELDS = {
    "kind": _("事件类别"),
    "title": _("标题"),
    "what": _("发生了什么"),
    "source": _("来源"),
    "starts_at": _("发生或生效时间"),
    "lines": _("涉及条线"),
    "business": _("涉及业务"),
    "cause": _("涉及原因"),
    "branches": _("涉及分行"),
    "products": _("涉及产品"),
    "customers": _("涉及客户数"),
    "customers_by": _("客户数由谁提供"),
    "population": _("适用客群"),
    "before_after": _("调整前后对照"),
    "acceptance": _("受理要求"),
    "opinion": _("舆情说明"),
    "words": _("客户可能怎么说"),
}
TONES = {"negative": _("负面"), "neutral": _("中性"), "positive": _("正面")}
WHY_LATE = {"ack": _("未在时限内确认收到"), "line": _("口径未在时限内生效")}


def _moment(at: datetime) -> str:
    return f"{localtime(at):%Y-%m-%d %H:%M}"


@dataclass(frozen=True, kw_only=True)
class EventDrafted(Kind):
    """Somebody began to write it down; nobody else hears of it yet."""

    code, icon, title = "event.drafted", "pencil", _("起草事件")
    caches: ClassVar[Mapping[str, str]] = {"state": "state"}
    state: str

    def sentence(self) -> str:
        return _t("起草中，尚未通知条线")


@dataclass(frozen=True, kw_only=True)
class EventAnnounced(Kind):
    """From now on the house gets ready for it. ``move`` is the market move that opened it."""

    code, icon, title = "event.announced", "speakerphone", _("通报事件")
    caches: ClassVar[Mapping[str, str]] = {
        "state": "state",
        "announced_at": "announced_at",
        "announced_by_id": "announced_by",
    }
    state: str
    announced_at: datetime
    announced_by: int
    name: str
    starts_at: datetime
    move: float | None = None

    def sentence(self) -> str:
        said = {"name": self.name, "at": _moment(self.starts_at)}
        if self.move is not None:
            said["move"] = f"{self.move:+.2f}"
            return _t("波动 %(move)s%% 达到规则门槛，系统立即通报：%(name)s") % said
        return _t("%(name)s，%(at)s 起") % said


@dataclass(frozen=True, kw_only=True)
class EventRevised(Kind):
    """More is known, or it was otherwise."""

    code, icon, title = "event.revised", "edit", _("更新事件")
    before: dict[str, Any]
    after: dict[str, Any]

    def sentence(self) -> str:
        names = _t("、").join(str(FIELDS.get(name, name)) for name in self.after)
        return _t("更新了：%(names)s") % {"names": names}


@dataclass(frozen=True, kw_only=True)
class EventHeard(Kind):
    """The first complaint that may be about it; looked for again, since codes are corrected."""

    code, icon, title = "event.heard", "ear", _("第一件投诉")
    caches: ClassVar[Mapping[str, str]] = {"first_at": "first_at"}
    first_at: datetime | None

    def sentence(self) -> str:
        if self.first_at is None:
            return _t("分类更正后，还没有相关投诉")
        return _t("%(at)s 受理第一件相关投诉") % {"at": _moment(self.first_at)}


@dataclass(frozen=True, kw_only=True)
class EventForecast(Kind):
    """What it is expected to bring: complaints beyond the ordinary, with the interval."""

    code, icon, title = "event.forecast", "chart-dots", _("预计投诉量")
    method: str
    likes: int
    low: float
    mid: float
    high: float
    days: int

    def sentence(self) -> str:
        said = {
            "low": round(self.low), "mid": round(self.mid), "high": round(self.high),
            "days": self.days, "n": self.likes,
        }  # fmt: skip
        if self.method == "like":
            return (
                _t("%(days)d 天内预计多 %(mid)d 件（%(low)d 至 %(high)d），依据 %(n)d 起同类事件")
                % said
            )
        return (
            _t(
                "%(days)d 天内预计多 %(mid)d 件（%(low)d 至 %(high)d），"
                "同类事件只有 %(n)d 起，按规则包的曲线估计，区间较宽"
            )
            % said
        )


@dataclass(frozen=True, kw_only=True)
class EventWatched(Kind):
    """The acute days are over; from now on it is looked at once a night."""

    code, icon, title = "event.watched", "eye", _("转入跟踪")
    caches: ClassVar[Mapping[str, str]] = {"state": "state"}
    state: str

    def sentence(self) -> str:
        return _t("应对期结束，转入跟踪观察")


@dataclass(frozen=True, kw_only=True)
class EventClosed(Kind):
    """Nothing more is to be done; what the study said then is part of the entry."""

    code, icon, title = "event.closed", "archive", _("结束事件")
    caches: ClassVar[Mapping[str, str]] = {"state": "state", "closed_at": "closed_at"}
    state: str
    closed_at: datetime
    because: str
    excess: float | None = None
    low: float | None = None
    high: float | None = None
    lasted_on: date | None = None

    def sentence(self) -> str:
        if self.excess is None or self.low is None or self.high is None:
            return self.because
        said = {"n": f"{self.excess:.0f}", "low": f"{self.low:.0f}", "high": f"{self.high:.0f}"}
        return f"{self.because} " + _t("多出投诉 %(n)s 件（%(low)s 至 %(high)s）") % said


@dataclass(frozen=True, kw_only=True)
class LineAsked(Kind):
    """The owner of a line is asked for an answer line by a moment."""

    code, icon, title = "event_line.asked", "quote", _("请条线出口径")
    caches: ClassVar[Mapping[str, str]] = {"ack_due_at": "ack_due_at", "due_at": "due_at"}
    event: str
    owner: str
    ack_due_at: datetime
    due_at: datetime

    def sentence(self) -> str:
        said = {"owner": self.owner, "at": _moment(self.due_at), "event": self.event}
        return _t("《%(event)s》请%(owner)s出口径，%(at)s 前生效") % said


@dataclass(frozen=True, kw_only=True)
class LineAcknowledged(Kind):
    """The owner has heard."""

    code, icon, title = "event_line.acknowledged", "check", _("确认收到")
    caches: ClassVar[Mapping[str, str]] = {
        "acknowledged_at": "acknowledged_at",
        "acknowledged_by_id": "acknowledged_by",
    }
    acknowledged_at: datetime
    acknowledged_by: int
    owner: str

    def sentence(self) -> str:
        return _t("%(owner)s已确认收到") % {"owner": self.owner}


@dataclass(frozen=True, kw_only=True)
class LineAttached(Kind):
    """This is the answer line; ``live_at`` is when it can be said, None until it is released."""

    code, icon, title = "event_line.attached", "link", _("挂接口径")
    caches: ClassVar[Mapping[str, str]] = {"version_id": "version", "live_at": "live_at"}
    version: int
    name: str
    number: int
    owner: str
    live_at: datetime | None

    def sentence(self) -> str:
        said = {"owner": self.owner, "name": self.name, "number": self.number}
        if self.live_at is None:
            return _t("%(owner)s：《%(name)s》第 %(number)d 版，待发布") % said
        return _t("%(owner)s：《%(name)s》第 %(number)d 版，%(at)s 起可用") % {
            **said, "at": _moment(self.live_at),
        }  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class LineLive(Kind):
    """The attached line was released, or taken back: then ``live_at`` is None again."""

    code, icon, title = "event_line.live", "circle-check", _("口径生效")
    caches: ClassVar[Mapping[str, str]] = {"live_at": "live_at"}
    live_at: datetime | None
    name: str

    def sentence(self) -> str:
        if self.live_at is None:
            return _t("《%(name)s》已撤回，须另出口径") % {"name": self.name}
        return _t("《%(name)s》%(at)s 起可用") % {"name": self.name, "at": _moment(self.live_at)}


@dataclass(frozen=True, kw_only=True)
class LineEscalated(Kind):
    """Nobody acknowledged, or no line was live, in time: whoever releases above hears of it."""

    code, icon, title = "event_line.escalated", "alarm", _("口径逾期上报")
    caches: ClassVar[Mapping[str, str]] = {"escalated": "escalated"}
    escalated: str
    owner: str
    event: str
    due_at: datetime

    def sentence(self) -> str:
        said = {
            "event": self.event, "owner": self.owner, "at": _moment(self.due_at),
            "why": WHY_LATE.get(self.escalated, self.escalated),
        }  # fmt: skip
        return _t("《%(event)s》%(owner)s%(why)s（%(at)s）") % said


@dataclass(frozen=True, kw_only=True)
class MentionNoted(Kind):
    """Somebody outside wrote or spoke of it."""

    code, icon, title = "mention.noted", "speakerphone", _("记录舆情")
    outlet: str
    name: str
    tone: str
    on: date

    def sentence(self) -> str:
        tone = TONES.get(self.tone, self.tone)
        return _t("%(on)s %(outlet)s（%(tone)s）：%(name)s") % {
            "on": f"{self.on:%Y-%m-%d}", "outlet": self.outlet, "tone": tone, "name": self.name,
        }  # fmt: skip


EVENT_KINDS: list[type[Kind]] = [
    EventDrafted,
    EventAnnounced,
    EventRevised,
    EventHeard,
    EventForecast,
    EventWatched,
    EventClosed,
    LineAsked,
    LineAcknowledged,
    LineAttached,
    LineLive,
    LineEscalated,
    MentionNoted,
]
