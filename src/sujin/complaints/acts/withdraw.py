"""The complainant withdraws; the procedure ends on the day (Order 3 of 2020, article 15)."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _t

from sujin.complaints import clock, kinds
from sujin.complaints.acts.catch_up import catch_up
from sujin.complaints.acts.claim import held_for, settled
from sujin.complaints.acts.hand_over import end_offer
from sujin.complaints.acts.relieve import relieve_if_lost
from sujin.complaints.models import Complaint
from sujin.platform.models import Person
from sujin.platform.refusal import Refusal

WITHDRAWN = "withdrawn"


class CannotWithdraw(Refusal):
    """The withdrawal cannot be recorded; the message says why."""


@transaction.atomic
def withdraw(complaint: Complaint, *, because: str, by: Person, at: datetime) -> None:
    """End the case at the moment the withdrawal was received."""
    case = held_for(complaint, by)
    if not case.is_open:
        raise CannotWithdraw(_t("已经结束"))
    if not because.strip():
        raise CannotWithdraw(_t("请记录客户撤回的意思表示"))
    if case.offered_to is not None:
        end_offer(case, case.offered_to, by=by, at=at)
    ended = kinds.Withdrawn(because=because.strip(), closed_at=at, seen_by=settled(case, at))
    case.write(ended, by=by, at=at)


@transaction.atomic
def reinstate(complaint: Complaint, *, because: str, by: Person, at: datetime) -> None:
    """The withdrawal was recorded by mistake: handled on as if it had never been, but that what
    was offered to another desk has to be offered again."""
    case = held_for(complaint, by)
    if case.outcome != WITHDRAWN:
        raise CannotWithdraw(_t("这一件没有登记撤诉"))
    if not because.strip():
        raise CannotWithdraw(_t("请写明撤销理由"))
    case.write(kinds.Reinstated(because.strip()), by=by, at=at)
    catch_up(case, at=at)
    due = clock.due(case, now=at, ticks=case.ticks())
    case.write(kinds.Rescheduled(due.at, due.clock), by=by, at=at)
    relieve_if_lost(case, by=by, at=at)
