"""Handled in company: opinions asked and given, one plan, a task force, a coached contact."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from sujin.complaints.kinds.base import DocketKind


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
    """A desk answered what it was asked."""

    code, icon, title = "complaint.opinion_given", "message-report", _("部门意见")
    assignment: int
    step: str
    desk_name: str
    answer: str

    def sentence(self) -> str:
        return _t("%(desk)s：%(answer)s") % {"desk": self.desk_name, "answer": self.answer}


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
