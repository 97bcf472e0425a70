"""What blocks a case now, and who can take that away: read from the row and what it waits for."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from sujin.complaints import approvers
from sujin.complaints.models import Approval, Assignment, Complaint
from sujin.complaints.models.assignment import LINKAGE, OVERSIGHT
from sujin.platform.reach import Reach

FIRST_RESPONSE = "first_response"
# The actions, in the order of a case's life; each is one imperative.
ACTIONS = {
    "decide": _("复核改类"),
    "approve": _("审批"),
    "accept": _("接收或退回移交"),
    "claim": _("接手"),
    "respond": _("联系客户"),
    "tell": _("告知客户延期"),
    "opinion": _("回复征求的意见"),
    "go_on": _("联系对方，或不再等待"),
    "plan": _("形成处理方案"),
    "investigate": _("调查"),
    "answer": _("写答复"),
    "call_back": _("回访"),
    "close": _("办结"),
}


@dataclass(frozen=True, slots=True)
class Step:
    """The blocking action and its actor; ``actor`` is stable in an address, ``name`` for people."""

    action: str
    actor: str
    name: str

    @property
    def key(self) -> str:
        return f"{self.action}:{self.actor}"


@dataclass(slots=True)
class Group:
    """One action of one actor, and the risk that goes with it."""

    step: Step
    cases: int = 0
    weight: float = 0.0
    overdue: int = 0


@dataclass(frozen=True, slots=True)
class Waiting:
    """What cases wait for beside their own rows: opinions asked, approvals; two queries."""

    opinions: Mapping[int, Assignment] = field(default_factory=dict)
    approvals: Mapping[int, Approval] = field(default_factory=dict)


def waiting(cases: Sequence[Complaint], reach: Reach) -> Waiting:
    """The most urgent open opinion and the oldest waiting approval of each case."""
    ids = [case.pk for case in cases]
    asked = Assignment.objects.open().within(reach).filter(complaint__in=ids)
    opinions = asked.select_related("desk").order_by("-due_at", "-pk")
    approvals = Approval.objects.waiting().within(reach).filter(complaint__in=ids)
    return Waiting(
        {one.complaint_id: one for one in opinions},
        {one.complaint_id: one for one in approvals.order_by("-asked_at", "-pk")},
    )


def step(case: Complaint, given: Waiting, now: datetime) -> Step:
    """The next action of a case, and whose it is."""
    if case.due_clock == FIRST_RESPONSE and case.claimed_at is not None and _must_be_called(case):
        # Only a word to the customer stops this clock, whatever else the case waits for.
        return _own(case)
    return _from_others(case, given, now) or _own(case)


def _from_others(case: Complaint, given: Waiting, now: datetime) -> Step | None:
    """What somebody must do who is not the accountable person."""
    if case.proposed_kind:
        return Step("decide", "second", _t("第二人"))
    approval = given.approvals.get(case.pk)
    if approval is not None:
        who = approvers.names(approval.approvers)
        return Step("approve", ".".join(approval.approvers), who)
    if case.offered_to is not None:
        return Step("accept", f"o{case.offered_to_id}", str(case.offered_to))
    if case.claimed_at is None and case.desk is not None:
        return Step("claim", f"o{case.desk_id}", str(case.desk))
    opinion = given.opinions.get(case.pk)
    if opinion is not None and not _must_be_called(case):
        return _asked(case, opinion, now)
    return None


def _asked(case: Complaint, asked: Assignment, now: datetime) -> Step:
    """Who was asked answers; past the limit the accountable person need not wait for it, and the
    silent desk stays named. Neither a report nor a split is theirs to let go."""
    if asked.due_at > now or asked.step in (OVERSIGHT, LINKAGE):
        return Step("opinion", f"o{asked.desk_id}", str(asked.desk))
    name = _t("%(name)s（%(desk)s 逾期未复）") % {"name": case.accountable, "desk": asked.desk}
    return Step("go_on", f"p{case.accountable_id}.o{asked.desk_id}", name)


def _own(case: Complaint) -> Step:
    done = {
        "respond": not _must_be_called(case),
        "tell": not case.untold,
        "plan": case.tier == "ordinary" or case.planned_at is not None,
        "investigate": case.investigated_at is not None,
        "answer": case.answered_at is not None,
        "call_back": case.called_back_at is not None,
    }
    action = next((name for name, is_done in done.items() if not is_done), "close")
    return Step(action, f"p{case.accountable_id}", str(case.accountable))


def _must_be_called(case: Complaint) -> bool:
    return case.responded_at is None and case.answered_at is None


def ranked(found: Iterable[tuple[Step, float, bool]]) -> list[Group]:
    """Groups of one action of one actor, the most weight first; of each its cases, and how many of
    them are over already."""
    groups: dict[str, Group] = {}
    for taken, weight, is_overdue in found:
        group = groups.setdefault(taken.key, Group(taken))
        group.cases += 1
        group.weight += weight
        group.overdue += is_overdue
    return sorted(groups.values(), key=lambda one: (-one.weight, -one.cases, one.step.key))
