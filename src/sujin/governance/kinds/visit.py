"""What can happen to a field visit, and to each concern that was found on it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, ClassVar

from django.utils.timezone import localtime
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from sujin.governance.visitbook import severities
from sujin.platform.journal import Kind

PROPOSED, ACCEPTED, DECLINED = "proposed", "accepted", "declined"
CANCELLED, REPORTED = "cancelled", "reported"
VISIT_STATES = {
    PROPOSED: _("待答复"),
    ACCEPTED: _("待走访"),
    DECLINED: _("已谢绝"),
    CANCELLED: _("已取消"),
    REPORTED: _("已走访"),
}
# Somebody still has to go.
AHEAD = (PROPOSED, ACCEPTED)
OPEN, ANSWERED, CONFIRMED = "open", "answered", "confirmed"
CONCERN_STATES = {OPEN: _("待整改"), ANSWERED: _("待确认"), CONFIRMED: _("已确认")}
UNCONFIRMED = (OPEN, ANSWERED)


@dataclass(frozen=True, kw_only=True)
class VisitProposed(Kind):
    """Somebody is asked to go where it is hot; ``figures`` are those of that moment, for ever."""

    code, icon, title = "visit.proposed", "map-pin", _("提出走访")
    caches: ClassVar[Mapping[str, str]] = {
        "state": "state",
        "visitor_id": "visitor",
        "figures": "figures",
        "why": "why",
        "due_on": "due_on",
        "answer_by": "answer_by",
    }
    place: str
    visitor: int
    visitor_name: str
    figures: dict[str, Any]
    why: str
    due_on: date
    answer_by: datetime
    state: str = PROPOSED

    def sentence(self) -> str:
        said = {"who": self.visitor_name, "place": self.place, "day": self.due_on.isoformat()}
        return _t("请%(who)s于 %(day)s 前走访%(place)s") % said


@dataclass(frozen=True, kw_only=True)
class VisitAccepted(Kind):
    """The visitor goes."""

    code, icon, title = "visit.accepted", "check", _("接受走访")
    caches: ClassVar[Mapping[str, str]] = {"state": "state"}
    state: str = ACCEPTED

    def sentence(self) -> str:
        return _t("已接受")


@dataclass(frozen=True, kw_only=True)
class VisitDeclined(Kind):
    """The visitor does not go, and says why."""

    code, icon, title = "visit.declined", "circle-x", _("谢绝走访")
    caches: ClassVar[Mapping[str, str]] = {"state": "state"}
    because: str
    state: str = DECLINED

    def sentence(self) -> str:
        return _t("谢绝：%(because)s") % {"because": self.because}


@dataclass(frozen=True, kw_only=True)
class VisitCancelled(Kind):
    """Nobody goes, and why."""

    code, icon, title = "visit.cancelled", "ban", _("取消走访")
    caches: ClassVar[Mapping[str, str]] = {"state": "state"}
    because: str
    state: str = CANCELLED

    def sentence(self) -> str:
        return _t("取消：%(because)s") % {"because": self.because}


@dataclass(frozen=True, kw_only=True)
class VisitReported(Kind):
    """The visitor was there; what it came to, with how many concerns."""

    code, icon, title = "visit.reported", "report", _("走访报告")
    caches: ClassVar[Mapping[str, str]] = {
        "state": "state",
        "summary": "summary",
        "visited_on": "visited_on",
        "reported_at": "reported_at",
    }
    visited_on: date
    summary: str
    concerns: int
    reported_at: datetime
    state: str = REPORTED

    def sentence(self) -> str:
        said = {"day": self.visited_on.isoformat(), "n": self.concerns, "words": self.summary}
        return _t("%(day)s 走访，发现 %(n)s 个问题。%(words)s") % said


@dataclass(frozen=True, kw_only=True)
class VisitEscalated(Kind):
    """Nobody answered, or nobody went, in time; ``what`` is ``answer`` or ``report``."""

    code, icon, title = "visit.escalated", "stairs-up", _("走访逾期")
    caches: ClassVar[Mapping[str, str]] = {"escalated": "what"}
    what: str
    visitor_name: str

    def sentence(self) -> str:
        said = {"who": self.visitor_name}
        if self.what == "answer":
            return _t("%(who)s逾期未答复是否走访，已报上级") % said
        return _t("%(who)s逾期未走访，已报上级") % said


@dataclass(frozen=True, kw_only=True)
class ConcernOpened(Kind):
    """Something was found on a visit; its owner has until ``due_at``."""

    code, icon, title = "concern.opened", "flag", _("走访发现问题")
    caches: ClassVar[Mapping[str, str]] = {
        "state": "state",
        "words": "words",
        "severity": "severity",
        "owner_id": "owner",
        "due_at": "due_at",
    }
    number: int
    words: str
    severity: str
    owner: int
    owner_name: str
    due_at: datetime
    state: str = OPEN

    def sentence(self) -> str:
        said = {
            "n": self.number,
            "severity": severity_name(self.severity),
            "owner": self.owner_name,
            "day": f"{localtime(self.due_at):%Y-%m-%d}",
            "words": self.words,
        }
        return _t("问题 %(n)s（%(severity)s），%(owner)s于 %(day)s 前整改：%(words)s") % said


@dataclass(frozen=True, kw_only=True)
class ConcernAnswered(Kind):
    """Its owner says what was done."""

    code, icon, title = "concern.answered", "message", _("整改答复")
    caches: ClassVar[Mapping[str, str]] = {
        "state": "state",
        "answer": "answer",
        "answered_at": "answered_at",
        "answered_by_id": "answered_by",
    }
    number: int
    answer: str
    answered_at: datetime
    answered_by: int
    state: str = ANSWERED

    def sentence(self) -> str:
        return _t("问题 %(n)s 答复：%(words)s") % {"n": self.number, "words": self.answer}


@dataclass(frozen=True, kw_only=True)
class ConcernConfirmed(Kind):
    """The visitor is satisfied: there was an echo."""

    code, icon, title = "concern.confirmed", "circle-check", _("确认整改")
    caches: ClassVar[Mapping[str, str]] = {"state": "state", "confirmed_at": "confirmed_at"}
    number: int
    because: str
    confirmed_at: datetime
    state: str = CONFIRMED

    def sentence(self) -> str:
        return _t("问题 %(n)s 已确认：%(words)s") % {"n": self.number, "words": self.because}


@dataclass(frozen=True, kw_only=True)
class ConcernReturned(Kind):
    """It is not done: back to its owner with a new day; ``returns`` counts how often."""

    code, icon, title = "concern.returned", "arrow-back-up", _("退回整改")
    caches: ClassVar[Mapping[str, str]] = {
        "state": "state",
        "returns": "returns",
        "due_at": "due_at",
        "escalated_at": "escalated_at",
    }
    number: int
    because: str
    returns: int
    due_at: datetime
    escalated_at: datetime | None = None
    state: str = OPEN

    def sentence(self) -> str:
        said = {"n": self.number, "words": self.because}
        return _t("问题 %(n)s 退回：%(words)s") % said


@dataclass(frozen=True, kw_only=True)
class ConcernEscalated(Kind):
    """Its owner did not answer in time."""

    code, icon, title = "concern.escalated", "stairs-up", _("整改逾期")
    caches: ClassVar[Mapping[str, str]] = {"escalated_at": "escalated_at"}
    number: int
    owner_name: str
    escalated_at: datetime

    def sentence(self) -> str:
        said = {"n": self.number, "owner": self.owner_name}
        return _t("问题 %(n)s：%(owner)s逾期未答复，已报上级") % said


def severity_name(code: str) -> str:
    """In the reader's language; one that the pack has dropped keeps its code."""
    found = severities().get(code)
    return str(found) if found else code


VISIT_KINDS: list[type[Kind]] = [
    VisitProposed, VisitAccepted, VisitDeclined, VisitCancelled, VisitReported, VisitEscalated,
    ConcernOpened, ConcernAnswered, ConcernConfirmed, ConcernReturned, ConcernEscalated,
]  # fmt: skip
