"""Handled in company: opinions asked and given, one plan, a task force, a coached contact."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from sujin.complaints.kinds.base import DocketKind

# What can be asked of a desk, as it is called.
STEPS = {
    "opinion": _("出具意见"),
    "coached": _("按方案联系客户"),
    "liaison": _("联络员协调"),
    "expert": _("专家支援"),
    "oversight": _("督办"),
    "follow_up": _("会商后续事项"),
    "linkage": _("行司联动：确认责任划分"),
}


@dataclass(frozen=True, kw_only=True)
class OpinionsAsked(DocketKind):
    """Several desks were asked at once; each sees the case from now on."""

    code, icon, title = "complaint.opinions_asked", "messages", _("征求部门意见")
    caches: ClassVar[Mapping[str, str]] = {"seen_by": "seen_by"}
    step: str
    desks: Mapping[str, str]
    question: str
    due_at: datetime
    seen_by: tuple[str, ...]

    def sentence(self) -> str:
        return _t("%(desks)s：%(question)s") % {
            "desks": _t("、").join(self.desks.values()),
            "question": self.question,
        }


@dataclass(frozen=True, kw_only=True)
class OpinionGiven(DocketKind):
    """A desk answered what it was asked; late, when the case had gone on without."""

    code, icon, title = "complaint.opinion_given", "message-report", _("部门意见")
    assignment: int
    step: str
    desk_name: str
    answer: str
    is_late: bool = False

    def sentence(self) -> str:
        said = {"desk": self.desk_name, "answer": self.answer}
        if self.is_late:
            return _t("%(desk)s（逾期后补）：%(answer)s") % said
        return _t("%(desk)s：%(answer)s") % said


@dataclass(frozen=True, kw_only=True)
class ProceededWithout(DocketKind):
    """A desk let its limit pass in silence: somebody decided to wait for it no longer."""

    code, icon, title = "complaint.proceeded_without", "corner-up-right", _("不再等待，继续办理")
    assignment: int
    step: str
    desk: int
    desk_name: str
    due_at: datetime
    because: str

    def sentence(self) -> str:
        return _t("%(desk)s（%(step)s）到 %(due)s 没有答复，不再等待：%(because)s") % {
            "desk": self.desk_name,
            "step": STEPS.get(self.step, self.step),
            "due": moment(self.due_at),
            "because": self.because,
        }


@dataclass(frozen=True, kw_only=True)
class PlanAgreed(DocketKind):
    """One plan that everybody asked stands behind; who did not answer in time is named."""

    code, icon, title = "complaint.plan_agreed", "checklist", _("形成处理方案")
    caches: ClassVar[Mapping[str, str]] = {"planned_at": "planned_at"}
    plan: str
    opinions: int
    silent: tuple[str, ...]
    planned_at: datetime

    def sentence(self) -> str:
        if not self.silent:
            return self.plan
        return _t("%(plan)s（逾期未出意见：%(silent)s）") % {
            "plan": self.plan,
            "silent": _t("、").join(self.silent),
        }


@dataclass(frozen=True, kw_only=True)
class TaskForceFormed(DocketKind):
    """专班: one action forms it, names its head and writes the plan for this one customer."""

    code, icon, title = "complaint.task_force", "users-group", _("组成专班，一户一策")
    caches: ClassVar[Mapping[str, str]] = {
        "tier": "tier",
        "accountable_id": "head",
        "claimed_at": "claimed_at",
        "offered_to_id": "offered_to",
        "offered_at": "offered_at",
        "desk_id": "desk",
        "planned_at": "planned_at",
        "seen_by": "seen_by",
        "due_at": "due_at",
        "due_clock": "due_clock",
    }
    head: int
    head_name: str
    desk: int
    desk_name: str
    members: tuple[str, ...]
    plan: str
    post: str
    claimed_at: datetime
    planned_at: datetime
    seen_by: tuple[str, ...]
    due_at: datetime | None
    due_clock: str
    # Whoever was asked to take it over has nothing to take any more.
    offered_to: int | None = None
    offered_at: datetime | None = None
    tier: str = "urgent"
    tick: ClassVar[str] = "accepted"

    def sentence(self) -> str:
        return _t("%(head)s 牵头，%(members)s 参加；一户一策：%(plan)s") % {
            "head": self.head_name,
            "members": _t("、").join(self.members) or "—",
            "plan": self.plan,
        }


def moment(at: datetime) -> str:
    """The moment as people of the bank read it."""
    return date_format(localtime(at), "DATETIME_FORMAT")
