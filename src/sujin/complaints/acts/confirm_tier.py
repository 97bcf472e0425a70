"""The second look of a person: what looked urgent beside the rules stays as it is, or is urgent."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _t

from sujin.complaints import kinds
from sujin.complaints.acts.claim import held_for
from sujin.complaints.acts.retier import retier
from sujin.complaints.models import Complaint
from sujin.engine.tier import Tier
from sujin.platform.models import Person
from sujin.platform.refusal import Refusal


class CannotConfirmTier(Refusal):
    """Nobody waits for this; the message says what to do instead."""


@transaction.atomic
def confirm_tier(complaint: Complaint, *, by: Person, at: datetime) -> None:
    """The tier of the rules was right. Clocks and desk are what they were."""
    case = _awaiting(complaint, by)
    case.write(kinds.TierConfirmed(case.tier), by=by, at=at)


@transaction.atomic
def find_urgent(complaint: Complaint, *, by: Person, at: datetime) -> None:
    """It is urgent: the override, with the reason that a person has read it."""
    case = _awaiting(complaint, by)
    retier(case, to=Tier.URGENT, because=_t("提请定级后经人看过，确属紧急"), by=by, at=at)


def _awaiting(complaint: Complaint, by: Person) -> Complaint:
    case = held_for(complaint, by)
    if not case.is_open:
        raise CannotConfirmTier(_t("已经结束，不用再定级"))
    if not case.awaits_tier:
        raise CannotConfirmTier(_t("这一件没有待定级；要改级别请用“调整分级”"))
    return case
