"""From the facts found to the customer's last word: investigated, answered, called back."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from sujin.complaints.kinds.base import Anew, DocketKind, finding_name
from sujin.complaints.kinds.ending import Ended
from sujin.engine.sla import Tick


@dataclass(frozen=True, kw_only=True)
class Investigated(DocketKind):
    """What was looked into and found: no complaint is answered without it."""

    code, icon, title = "complaint.investigated", "zoom-question", _("调查记录")
    caches = {"investigated_at": "investigated_at", "fault": "fault", "liable": "liable"}
    findings: str
    fault: str
    liable: str
    investigated_at: datetime

    def sentence(self) -> str:
        return self.findings


@dataclass(frozen=True, kw_only=True)
class Drafted(DocketKind):
    """A letter to the customer was written, or written anew."""

    code, icon, title = "complaint.drafted", "file-text", _("起草信函")
    letter: int
    kind: str
    anew: bool = False

    def sentence(self) -> str:
        return _t("修改了文字") if self.anew else str(self.title)


@dataclass(frozen=True, kw_only=True)
class Approved(DocketKind):
    """A second pair of eyes agreed to the letter as it stands."""

    code, icon, title = "complaint.approved", "rubber-stamp", _("信函复核通过")
    letter: int
    kind: str
    # Why it departs from the standard for remedies, where it does.
    reason: str = ""

    def sentence(self) -> str:
        if not self.reason:
            return str(self.title)
        return _t("信函复核通过；赔付不按尺度的理由：%(reason)s") % {"reason": self.reason}


@dataclass(frozen=True, kw_only=True)
class Answered(DocketKind):
    """The decision was told to the customer, with reasons, basis and remedies (article 19)."""

    code, icon, title, tick, public = (
        "complaint.answered",
        "send",
        _("答复客户"),
        "answered",
        True,
    )
    caches = {
        "answered_at": "answered_at",
        "finding": "finding",
        "remedy": "remedy",
        "due_at": "due_at",
        "due_clock": "due_clock",
    }
    letter: int
    way: str
    proof: str
    finding: str
    remedy: Decimal | None
    # Before the entry, when it arrived while the case was ended by mistake.
    answered_at: datetime
    due_at: datetime | None = None
    due_clock: str = ""

    def as_tick(self, at: datetime) -> Tick:
        return Tick(self.tick, self.answered_at, entered=at)

    def sentence(self) -> str:
        said = {"finding": finding_name(self.finding), "proof": self.proof}
        return _t("已答复客户：%(finding)s；送达凭据：%(proof)s") % said


@dataclass(frozen=True, kw_only=True)
class CalledBack(DocketKind):
    """Somebody who did not handle it asked the customer; an attempt counts as well."""

    code, icon, title, public = "complaint.called_back", "phone-call", _("回访"), True
    caches = {"called_back_at": "called_back_at", "satisfied": "satisfied"}
    called_back_at: datetime
    satisfied: str
    note: str

    def sentence(self) -> str:
        names = {"yes": _t("满意"), "no": _t("不满意"), "unreached": _t("未接通")}
        return f"{names.get(self.satisfied, self.satisfied)}  {self.note}".strip()


@dataclass(frozen=True, kw_only=True)
class Closed(Ended):
    """Investigated, answered, called back: it is over, and how it ended is told apart from that."""

    code, icon, title, tick, public = (
        "complaint.closed",
        "circle-check",
        _("办结"),
        "closed",
        True,
    )

    def sentence(self) -> str:
        return _t("办结：%(finding)s") % {"finding": finding_name(self.outcome)}


@dataclass(frozen=True, kw_only=True)
class Reopened(Anew):
    """Not satisfied: looked into and handled again, one level higher; the period begins anew."""

    code, icon, title, tick, public = (
        "complaint.reopened",
        "refresh-alert",
        _("不满意，提级重办"),
        "restarted",
        True,
    )
    clears_unnamed = frozenset({"investigated_at", "fault", "liable", "planned_at"})
    clears = clears_unnamed | {"remedy"}
    caches = {
        **{column: column for column in sorted(clears)},
        "closed_at": "closed_at",
        "outcome": "outcome",
        "finding": "finding",
        "answered_at": "answered_at",
        "called_back_at": "called_back_at",
        "satisfied": "satisfied",
        "level": "level",
        "desk_id": "desk",
        "accountable_id": "accountable",
        "claimed_at": "claimed_at",
        "seen_by": "seen_by",
        "due_at": "due_at",
        "due_clock": "due_clock",
    }
    because: str
    level: int
    desk: int
    desk_name: str
    accountable: int
    seen_by: tuple[str, ...]
    due_at: datetime | None
    due_clock: str
    closed_at: datetime | None = None
    claimed_at: datetime | None = None
    answered_at: datetime | None = None
    called_back_at: datetime | None = None
    outcome: str = ""
    finding: str = ""
    satisfied: str = ""
    investigated_at: datetime | None = None
    planned_at: datetime | None = None
    fault: str = ""
    liable: str = ""
    # What was paid stands in the entry of the answer.
    remedy: Decimal | None = None

    def sentence(self) -> str:
        return _t("提级到 %(desk)s 重新办理：%(because)s") % {
            "desk": self.desk_name,
            "because": self.because,
        }
