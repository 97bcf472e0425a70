"""What can happen to a 研判会, and to each thing decided there."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, ClassVar

from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from sujin.platform.journal import Kind

PLANNED, HELD, CANCELLED = "planned", "held", "cancelled"
MEETING_STATES = {PLANNED: _("待召开"), HELD: _("已召开"), CANCELLED: _("已取消")}
SORTS = {
    "weekly": _("每周复盘会"),
    "analysis": _("高频投诉研判会"),
    "quarterly": _("季度服务质量委员会"),
    "joint": _("联席会议"),
}
OPEN, DONE, DROPPED = "open", "done", "dropped"
DECISION_STATES = {OPEN: _("待落实"), DONE: _("已落实"), DROPPED: _("不再做")}


@dataclass(frozen=True, kw_only=True)
class MeetingConvened(Kind):
    """A day, the lines that have a seat, and the agenda that data proposed."""

    code, icon, title = "meeting.convened", "users-group", _("召集会议")
    caches: ClassVar[Mapping[str, str]] = {
        "sort": "sort", "held_on": "held_on", "seats": "seats", "agenda": "agenda",
        "state": "state",
    }  # fmt: skip
    sort: str
    held_on: date
    seats: tuple[str, ...]
    agenda: tuple[dict[str, Any], ...]
    state: str = PLANNED

    def sentence(self) -> str:
        said = {
            "what": str(SORTS[self.sort]), "day": self.held_on.isoformat(), "n": len(self.agenda),
        }  # fmt: skip
        return _t("%(what)s，%(day)s，议题 %(n)s 个") % said


@dataclass(frozen=True, kw_only=True)
class AgendaChanged(Kind):
    """A topic was added or taken out by a person."""

    code, icon, title = "meeting.agenda_changed", "list", _("调整议题")
    caches: ClassVar[Mapping[str, str]] = {"agenda": "agenda"}
    agenda: tuple[dict[str, Any], ...]
    because: str

    def sentence(self) -> str:
        return self.because


@dataclass(frozen=True, kw_only=True)
class MeetingHeld(Kind):
    """It took place: who was there, and what was said."""

    code, icon, title = "meeting.held", "circle-check", _("会议召开")
    caches: ClassVar[Mapping[str, str]] = {"state": "state", "minutes": "minutes"}
    minutes: str
    decided: int
    state: str = HELD

    def sentence(self) -> str:
        return _t("决定 %(n)s 项。%(words)s") % {"n": self.decided, "words": self.minutes}


@dataclass(frozen=True, kw_only=True)
class MeetingCancelled(Kind):
    """It does not take place."""

    code, icon, title = "meeting.cancelled", "ban", _("取消会议")
    caches: ClassVar[Mapping[str, str]] = {"state": "state"}
    because: str
    state: str = CANCELLED

    def sentence(self) -> str:
        return self.because


@dataclass(frozen=True, kw_only=True)
class DecisionMade(Kind):
    """Somebody is to do something by a day; ``problem`` when it went into the ledger."""

    code, icon, title = "decision.made", "gavel", _("会议决定")
    caches: ClassVar[Mapping[str, str]] = {
        "words": "words", "owner_id": "owner", "due_on": "due_on", "problem_id": "problem",
        "state": "state",
    }  # fmt: skip
    number: int
    words: str
    owner: int
    owner_name: str
    due_on: date
    problem: int | None = None
    state: str = OPEN

    def sentence(self) -> str:
        said = {
            "n": self.number, "owner": self.owner_name, "day": self.due_on.isoformat(),
            "words": self.words,
        }  # fmt: skip
        return _t("决定 %(n)s（%(owner)s，%(day)s 前）：%(words)s") % said


@dataclass(frozen=True, kw_only=True)
class DecisionReported(Kind):
    """Its owner says what was done."""

    code, icon, title = "decision.reported", "checks", _("落实决定")
    caches: ClassVar[Mapping[str, str]] = {
        "state": "state", "answer": "answer", "answered_at": "answered_at",
    }  # fmt: skip
    number: int
    answer: str
    answered_at: datetime
    state: str = DONE

    def sentence(self) -> str:
        return _t("决定 %(n)s 已落实：%(words)s") % {"n": self.number, "words": self.answer}


@dataclass(frozen=True, kw_only=True)
class DecisionDropped(Kind):
    """A later meeting takes it back."""

    code, icon, title = "decision.dropped", "circle-x", _("撤销决定")
    caches: ClassVar[Mapping[str, str]] = {"state": "state"}
    number: int
    because: str
    state: str = DROPPED

    def sentence(self) -> str:
        return _t("决定 %(n)s 不再做：%(words)s") % {"n": self.number, "words": self.because}


MEETING_KINDS: list[type[Kind]] = [
    MeetingConvened, AgendaChanged, MeetingHeld, MeetingCancelled, DecisionMade, DecisionReported,
    DecisionDropped,
]  # fmt: skip
