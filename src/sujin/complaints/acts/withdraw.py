"""The complainant withdraws; the procedure ends on the day (Order 3 of 2020, article 15)."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _t

from sujin.complaints import kinds
from sujin.complaints.acts.claim import locked
from sujin.complaints.models import Complaint
from sujin.platform.models import Person
from sujin.platform.refusal import Refusal


class CannotWithdraw(Refusal):
    """The withdrawal cannot be recorded; the message says why."""


@transaction.atomic
def withdraw(complaint: Complaint, *, because: str, by: Person, at: datetime) -> None:
    """End the case at the moment the withdrawal was received."""
    case = locked(complaint)
    if not case.is_open:
        raise CannotWithdraw(_t("已经结束"))
    if not because.strip():
        raise CannotWithdraw(_t("请记录客户撤回的意思表示"))
    case.write(kinds.Withdrawn(because.strip(), closed_at=at), by=by, at=at)
