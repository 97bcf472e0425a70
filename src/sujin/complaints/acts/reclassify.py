"""Complaint, consultation, suggestion: turned into one another only with a reason, and above a
threshold only with a second pair of eyes."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_noop

from sujin.complaints import clock, kinds
from sujin.complaints.acts.claim import held_for
from sujin.complaints.draft import CaseKind, Lane
from sujin.complaints.models import Complaint
from sujin.complaints.rulebook import rulebook
from sujin.engine.tier import Tier
from sujin.platform.models import Person
from sujin.platform.refusal import Refusal


class CannotReclassify(Refusal):
    """The change is refused; the message says why."""


def threshold(case: Complaint) -> str:
    """Why this case needs a second pair of eyes to stop being a complaint; empty if it does not.

    In Chinese for the docket, which is read in either language.
    """
    if case.kind != CaseKind.COMPLAINT:
        return ""
    rules = rulebook().manifest["reclassify"]
    why = ""
    if case.lane == Lane.REGULATOR or case.entries.of(kinds.Transferred).exists():
        why = gettext_noop("监管转办")
    elif case.tier != Tier.ORDINARY or _was_graver(case):
        why = gettext_noop("复杂或紧急投诉")
    elif case.awaits_tier:
        why = gettext_noop("待定级")
    elif case.entries.of(kinds.Repeated).exists():
        why = gettext_noop("重复投诉")
    elif case.amount is not None and case.amount >= int(rules["amount_min"]):
        why = gettext_noop("涉及金额达到复核标准")
    else:
        # Whatever goes on under this number has kept the eyes that it needs.
        why = next(filter(None, map(threshold, case.merged.all())), "")
    return why


def _was_graver(case: Complaint) -> bool:
    """By what the docket ever said: lowering the tier first opens no side door."""
    judged = case.entries.of(kinds.Triaged, kinds.Retiered)
    return judged.exclude(data__tier=Tier.ORDINARY.value).exists()


@transaction.atomic
def reclassify(
    complaint: Complaint, *, to: CaseKind, because: str, by: Person, at: datetime
) -> bool:
    """True when it changed at once, False when it now waits for the second pair of eyes."""
    case = held_for(complaint, by)
    if not case.is_open:
        raise CannotReclassify(_t("已经结束，不能再改类"))
    if case.proposed_kind:
        raise CannotReclassify(_t("已有一次改类待复核"))
    if case.kind == to:
        raise CannotReclassify(_t("已经是这个类型"))
    if not because.strip():
        raise CannotReclassify(_t("请写明改类理由"))
    _refuse_for_others(case, to)
    why = threshold(case)
    if why:
        proposal = kinds.ReclassificationProposed(to.value, by.pk, because.strip(), why)
        case.write(proposal, by=by, at=at)
        return False
    _change(case, to.value, because.strip(), by=by, at=at)
    return True


@transaction.atomic
def approve(complaint: Complaint, *, because: str, by: Person, at: datetime) -> None:
    """The second pair of eyes agrees; it is never the one who proposed."""
    case = _pending(complaint, by)
    _refuse_for_others(case, CaseKind(case.proposed_kind))
    _change(case, case.proposed_kind, because.strip() or gettext_noop("复核同意"), by=by, at=at)


@transaction.atomic
def reject(complaint: Complaint, *, because: str, by: Person, at: datetime) -> None:
    """The second pair of eyes disagrees and says why."""
    case = _pending(complaint, by)
    if not because.strip():
        raise CannotReclassify(_t("请写明不同意的理由"))
    case.write(kinds.ReclassificationRejected(because.strip()), by=by, at=at)


def _refuse_for_others(case: Complaint, to: CaseKind) -> None:
    """A complaint that goes on under this number stays one until somebody says so of itself."""
    if to != CaseKind.COMPLAINT and case.merged.filter(kind=CaseKind.COMPLAINT).exists():
        raise CannotReclassify(_t("有投诉并入这一件：先撤销并案，再分别改类"))


def _pending(complaint: Complaint, by: Person) -> Complaint:
    case = held_for(complaint, by)
    if not case.proposed_kind:
        raise CannotReclassify(_t("没有待复核的改类"))
    if case.proposed_by_id == by.pk:
        raise CannotReclassify(_t("提请人不能复核自己的改类"))
    return case


def _change(case: Complaint, to: str, because: str, *, by: Person, at: datetime) -> None:
    due = clock.due(case, now=at, ticks=case.ticks(), kind=to)
    case.write(kinds.Reclassified(case.kind, to, because, due.at, due.clock), by=by, at=at)
