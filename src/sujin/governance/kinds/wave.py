"""What can happen to a wave: complaints that rise together, and were warned of."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, ClassVar

from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from sujin.governance.kinds.late import Escalated
from sujin.governance.watchbook import WORDS, reasons
from sujin.platform.journal import Kind

STREAM_NAMES = {"complaint": _("投诉"), "consultation": _("咨询")}
GRAIN_NAMES = {"week": _("周"), "day": _("日"), WORDS: _("说法")}
DETECTORS = {
    "growing": _("快速增长"),
    "concentrated": _("集中"),
    "repeated": _("重复"),
    "emerging": _("新话题"),
}
RAISED, ACKNOWLEDGED, DISMISSED, OVER = "raised", "acknowledged", "dismissed", "over"
WAVE_STATES = {
    RAISED: _("待签收"),
    ACKNOWLEDGED: _("已签收"),
    DISMISSED: _("已驳回"),
    OVER: _("已平息"),
}
# Somebody still has something to do about these.
STANDING = (RAISED, ACKNOWLEDGED)
SEEN = (
    "org_path", "business", "cause", "channel", "grain", "detectors", "since", "last_alarm",
    "observed", "expected", "low", "high", "evidence", "p", "silent_at", "relatives", "parts",
    "telling", "words",
)  # fmt: skip
_LISTS = ("detectors", "relatives", "parts", "telling", "words")


@dataclass(frozen=True, kw_only=True)
class WaveSeen(Kind):
    """What a look saw: where, since when, how many instead of how many. ``telling`` are the cases
    that say it best, ``parts`` the nodes below with the most excess."""

    caches: ClassVar[Mapping[str, str]] = {name: name for name in SEEN}
    org_path: str
    business: str
    cause: str
    channel: str
    grain: str
    detectors: tuple[str, ...]
    since: date
    last_alarm: date
    observed: float
    expected: float
    low: float
    high: float
    evidence: float
    p: float
    silent_at: float
    relatives: tuple[Any, ...]
    parts: tuple[dict[str, Any], ...]
    telling: tuple[int, ...]
    words: tuple[dict[str, Any], ...]

    def cached(self) -> dict[str, Any]:
        found = super().cached()
        return {**found, **{name: _listed(found[name]) for name in _LISTS}}

    def _said(self) -> dict[str, object]:
        return {
            "n": f"{self.observed:.0f}",
            "m": f"{self.expected:.1f}",
            "since": self.since.isoformat(),
        }


def _listed(values: Any) -> list[Any]:
    return [list(one) if isinstance(one, tuple) else one for one in values]


@dataclass(frozen=True, kw_only=True)
class WaveRaised(WaveSeen):
    """A look saw it first, and its owner has until ``acknowledge_by``."""

    code, icon, title = "wave.raised", "trending-up", _("预警")
    caches: ClassVar[Mapping[str, str]] = {
        **WaveSeen.caches,
        "state": "state",
        "stream": "stream",
        "first_alarm": "first_alarm",
        "owner_id": "owner",
        "acknowledge_by": "acknowledge_by",
    }
    stream: str
    first_alarm: date
    owner: int
    acknowledge_by: datetime
    state: str = RAISED

    def sentence(self) -> str:
        return _t("自 %(since)s 起 %(n)s 件，预期 %(m)s 件") % self._said()


@dataclass(frozen=True, kw_only=True)
class WaveGrew(WaveSeen):
    """A later look saw it again, perhaps at a node that explains it better."""

    code, icon, title = "wave.grew", "circle-plus", _("预警更新")

    def sentence(self) -> str:
        return _t("仍在继续：自 %(since)s 起 %(n)s 件，预期 %(m)s 件") % self._said()


@dataclass(frozen=True, kw_only=True)
class WaveAcknowledged(Kind):
    """The owner has it in hand, and says what is being done."""

    code, icon, title = "wave.acknowledged", "checks", _("签收预警")
    caches: ClassVar[Mapping[str, str]] = {"state": "state", "acknowledged_at": "acknowledged_at"}
    words: str
    acknowledged_at: datetime
    state: str = ACKNOWLEDGED

    def sentence(self) -> str:
        return _t("已签收：%(words)s") % {"words": self.words}


@dataclass(frozen=True, kw_only=True)
class WaveDismissed(Kind):
    """Nothing is to be done. ``is_false`` says that it should not have been warned of."""

    code, icon, title = "wave.dismissed", "circle-x", _("驳回预警")
    caches: ClassVar[Mapping[str, str]] = {
        "state": "state",
        "reason": "reason",
        "is_false": "is_false",
        "dismissed_at": "dismissed_at",
        "dismissed_excess": "dismissed_excess",
    }
    reason: str
    is_false: bool
    because: str
    dismissed_at: datetime
    dismissed_excess: float
    state: str = DISMISSED

    def sentence(self) -> str:
        told = reasons().get(self.reason, self.reason)
        return _t("驳回：%(reason)s。%(because)s") % {"reason": told, "because": self.because}


@dataclass(frozen=True, kw_only=True)
class WaveConfirmed(Kind):
    """A person judged that it was a true wave."""

    code, icon, title = "wave.confirmed", "circle-check", _("认定属实")
    caches: ClassVar[Mapping[str, str]] = {"is_false": "is_false"}
    because: str
    is_false: bool = False

    def sentence(self) -> str:
        return _t("认定属实：%(because)s") % {"because": self.because}


@dataclass(frozen=True, kw_only=True)
class WaveReopened(Kind):
    """It counts again: a person thought better of it, or it grew much after it was dismissed."""

    code, icon, title = "wave.reopened", "rotate", _("重新打开预警")
    caches: ClassVar[Mapping[str, str]] = {
        "state": "state",
        "reason": "reason",
        "is_false": "is_false",
        "dismissed_at": "dismissed_at",
        "acknowledged_at": "acknowledged_at",
        "acknowledge_by": "acknowledge_by",
        "escalated_at": "escalated_at",
        "over_at": "over_at",
    }
    because: str
    acknowledge_by: datetime
    state: str = RAISED
    reason: str = ""
    is_false: bool | None = None
    dismissed_at: datetime | None = None
    acknowledged_at: datetime | None = None
    escalated_at: datetime | None = None
    over_at: datetime | None = None

    def sentence(self) -> str:
        return _t("重新打开：%(because)s") % {"because": self.because}


@dataclass(frozen=True, kw_only=True)
class WaveEscalated(Escalated):
    code = "wave.escalated"


@dataclass(frozen=True, kw_only=True)
class WaveOver(Kind):
    """Unseen for long enough. A dismissed one stays judged as it was."""

    code, icon, title = "wave.over", "mood-neutral", _("平息")
    caches: ClassVar[Mapping[str, str]] = {"state": "state", "over_at": "over_at"}
    last_alarm: date
    over_at: datetime
    state: str = OVER

    def sentence(self) -> str:
        return _t("自 %(day)s 以后未再出现，视为平息") % {"day": self.last_alarm.isoformat()}


@dataclass(frozen=True, kw_only=True)
class ReplayAsked(Kind):
    """Somebody asks what the past would have looked like with other settings."""

    code, icon, title = "replay.asked", "history", _("请求回放")
    row: str
    settings: dict[str, Any]

    def sentence(self) -> str:
        told = "，".join(f"{name} {value}" for name, value in self.settings.items())
        return _t("回放 %(row)s：%(told)s") % {"row": self.row, "told": told}


WAVE_KINDS: list[type[Kind]] = [
    WaveRaised, WaveGrew, WaveAcknowledged, WaveDismissed, WaveConfirmed, WaveReopened,
    WaveEscalated, WaveOver, ReplayAsked,
]  # fmt: skip
