"""What can happen to a 专项 (a programme of measures, or a supervision notice) and to each task."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar

from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from sujin.platform.journal import Kind

PLAN, NOTICE = "plan", "notice"
SORTS = {PLAN: _("措施清单和里程碑"), NOTICE: _("监管督查通知书")}
RUNNING, ENDED = "running", "ended"
PROGRAMME_STATES = {RUNNING: _("进行中"), ENDED: _("已结束")}
OPEN, REPORTED, ACCEPTED, DROPPED = "open", "reported", "accepted", "dropped"
TASK_STATES = {
    OPEN: _("办理中"), REPORTED: _("待验收"), ACCEPTED: _("已验收"), DROPPED: _("不再做"),
}  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class ProgrammeOpened(Kind):
    """Of a notice: who sent it, under which number, and until when they want to hear."""

    code, icon, title = "programme.opened", "flag", _("立项")
    caches: ClassVar[Mapping[str, str]] = {
        "name": "name", "sort": "sort", "agency": "agency", "reference": "reference",
        "received_on": "received_on", "answer_by": "answer_by", "state": "state",
    }  # fmt: skip
    name: str
    sort: str
    agency: str = ""
    reference: str = ""
    received_on: date | None = None
    answer_by: date | None = None
    state: str = RUNNING

    def sentence(self) -> str:
        if self.sort == NOTICE:
            said = {"agency": self.agency, "reference": self.reference, "name": self.name}
            return _t("%(agency)s %(reference)s：%(name)s") % said
        return self.name


@dataclass(frozen=True, kw_only=True)
class ProgrammeEnded(Kind):
    """Every task is accepted or dropped; of a notice, what was answered."""

    code, icon, title = "programme.ended", "circle-check", _("结束")
    caches: ClassVar[Mapping[str, str]] = {"state": "state", "ended_at": "ended_at"}
    because: str
    ended_at: datetime
    state: str = ENDED

    def sentence(self) -> str:
        return self.because


@dataclass(frozen=True, kw_only=True)
class TaskSet(Kind):
    """Who does what by when, and which metric over all cases says whether it holds."""

    code, icon, title = "task.set", "list", _("任务")
    caches: ClassVar[Mapping[str, str]] = {
        "area": "area", "words": "words", "owner_id": "owner", "due_on": "due_on",
        "metric": "metric", "target": "target", "state": "state",
    }  # fmt: skip
    number: int
    area: str
    words: str
    owner: int
    owner_name: str
    due_on: date
    metric: str = ""
    target: float | None = None
    state: str = OPEN

    def sentence(self) -> str:
        said = {"owner": self.owner_name, "day": self.due_on.isoformat(), "words": self.words}
        return _t("%(owner)s，%(day)s 前：%(words)s") % said


@dataclass(frozen=True, kw_only=True)
class TaskReported(Kind):
    """The owner says that it is done, and by what one can see it."""

    code, icon, title = "task.reported", "send", _("回报")
    caches: ClassVar[Mapping[str, str]] = {"proof": "proof", "state": "state"}
    number: int
    proof: str
    state: str = REPORTED

    def sentence(self) -> str:
        return self.proof


@dataclass(frozen=True, kw_only=True)
class TaskAccepted(Kind):
    """Another hand looked at the proof; ``found`` is what the metric said then."""

    code, icon, title = "task.accepted", "circle-check", _("验收")
    caches: ClassVar[Mapping[str, str]] = {"state": "state", "found": "found"}
    number: int
    because: str
    found: str = ""
    state: str = ACCEPTED

    def sentence(self) -> str:
        if not self.found:
            return self.because
        return _t("%(because)s（当时：%(found)s）") % {"because": self.because, "found": self.found}


@dataclass(frozen=True, kw_only=True)
class TaskReturned(Kind):
    """Not done yet: back to its owner."""

    code, icon, title = "task.returned", "arrow-back", _("退回")
    caches: ClassVar[Mapping[str, str]] = {"state": "state"}
    number: int
    because: str
    state: str = OPEN

    def sentence(self) -> str:
        return self.because


@dataclass(frozen=True, kw_only=True)
class TaskDropped(Kind):
    """It is not done any more, for a reason."""

    code, icon, title = "task.dropped", "circle-x", _("撤销任务")
    caches: ClassVar[Mapping[str, str]] = {"state": "state"}
    number: int
    because: str
    state: str = DROPPED

    def sentence(self) -> str:
        return self.because


@dataclass(frozen=True, kw_only=True)
class TaskUrged(Kind):
    """督办: somebody at the head office asks for it; ``times`` so far."""

    code, icon, title = "task.urged", "bell-ringing", _("督办")
    caches: ClassVar[Mapping[str, str]] = {"urged": "times"}
    number: int
    times: int
    because: str

    def sentence(self) -> str:
        return self.because


@dataclass(frozen=True, kw_only=True)
class TaskReminded(Kind):
    """The system reminds of a day that is near, or over."""

    code, icon, title = "task.reminded", "bell", _("到期提醒")
    caches: ClassVar[Mapping[str, str]] = {"reminded_on": "day"}
    number: int
    day: date
    left: int

    def sentence(self) -> str:
        if self.left < 0:
            return _t("已逾期 %(n)d 天") % {"n": -self.left}
        return _t("还有 %(n)d 天到期") % {"n": self.left}


PROGRAMME_KINDS: list[type[Kind]] = [
    ProgrammeOpened, ProgrammeEnded, TaskSet, TaskReported, TaskAccepted, TaskReturned, TaskDropped,
    TaskUrged, TaskReminded,
]  # fmt: skip
