"""A person with a direct interest stands aside (Order 3 of 2020, article 17)."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _t

from sujin.complaints import kinds
from sujin.complaints.acts.claim import locked
from sujin.complaints.acts.relieve import relieve_if_lost
from sujin.complaints.models import Complaint
from sujin.platform import reach
from sujin.platform.models import Person
from sujin.platform.refusal import Refusal


class CannotRecuse(Refusal):
    """The recusal is refused; the message says why."""


@transaction.atomic
def recuse(complaint: Complaint, *, person: Person, because: str, by: Person, at: datetime) -> None:
    """Bar ``person`` from the case. Whoever has it in hand gives it away first; whoever only
    answers for it, or would in the place of whoever does, is relieved of it at once."""
    case = locked(complaint)
    if not case.is_open:
        raise CannotRecuse(_t("已经结束，不必再登记回避"))
    if not because.strip():
        raise CannotRecuse(_t("请写明回避事由"))
    # Barring a colleague takes the case out of their hands: only somebody above decides that.
    if person.pk != by.pk and not reach.of(by, at).allows("approve", case.seen_by):
        raise CannotRecuse(_t("请本人申请回避，或由有复核权限的负责人登记"))
    if case.accountable_id == person.pk and case.claimed_at is not None:
        raise CannotRecuse(_t("%(name)s 正在办理，请先移交再回避") % {"name": person})
    if person.pk in case.recused:
        raise CannotRecuse(_t("%(name)s 已经回避") % {"name": person})
    barred = (*case.recused, person.pk)
    case.write(kinds.Recused(barred, person.name, because.strip()), by=by, at=at)
    relieve_if_lost(case, by=by, at=at)
