"""Override the tier: one click and a reason."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _t

from sujin.complaints import clock, kinds
from sujin.complaints.acts.claim import held_for
from sujin.complaints.models import Complaint
from sujin.engine.tier import Tier
from sujin.platform import reach
from sujin.platform.models import Person
from sujin.platform.refusal import Refusal


class CannotRetier(Refusal):
    """The override is refused; the message says why."""


@transaction.atomic
def retier(complaint: Complaint, *, to: Tier, because: str, by: Person, at: datetime) -> None:
    """Put the case on another tier; its clocks follow from the next reading."""
    case = held_for(complaint, by)
    if not case.is_open:
        raise CannotRetier(_t("已经结束，不能再调整分级"))
    if case.tier == to:
        raise CannotRetier(_t("已经是这个级别"))
    if not because.strip():
        raise CannotRetier(_t("请写明调整理由"))
    # What was judged urgent once loosens its clocks only before a second pair of eyes.
    if case.tier == Tier.URGENT and not reach.of(by, at).allows("approve", case.seen_by):
        raise CannotRetier(_t("紧急投诉降级须由有复核权限的负责人办理"))
    due = clock.due(case, now=at, ticks=case.ticks(), tier=to.value)
    case.write(
        kinds.Retiered(case.tier, to.value, because.strip(), due.at, due.clock), by=by, at=at
    )
