"""催办 and 督办: ask whoever has it to hurry, or order a report by a date."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _t

from sujin.complaints import kinds
from sujin.complaints.acts.claim import held_for
from sujin.complaints.acts.owe import owe
from sujin.complaints.models import Complaint
from sujin.complaints.models.assignment import OVERSIGHT
from sujin.engine.text import redact
from sujin.platform.models import Org, Person
from sujin.platform.refusal import Refusal

# One person's nudges to one case: more often than this is noise to whoever is working on it.
AGAIN_AFTER = timedelta(hours=2)


class CannotPress(Refusal):
    """The nudge or the order is refused; the message says why."""


@transaction.atomic
def urge(complaint: Complaint, *, words: str, by: Person, at: datetime) -> None:
    """催办: the accountable person and the desk hear of it; no limit moves."""
    case = held_for(complaint, by)
    if not case.is_open:
        raise CannotPress(_t("已经结束，不必再催"))
    if case.entries.of(kinds.Urged).filter(by=by, at__gt=at - AGAIN_AFTER).exists():
        raise CannotPress(
            _t("刚刚催过，%(n)d 小时内不重复催办") % {"n": AGAIN_AFTER.total_seconds() / 3600}
        )
    case.write(kinds.Urged(words=redact(words.strip()).text[:400]), by=by, at=at)


@transaction.atomic
def oversee(complaint: Complaint, *, demand: str, by: Person, at: datetime) -> None:
    """督办: the desk that has the case owes a report within the hours of its tier."""
    case = held_for(complaint, by)
    if not case.is_open:
        raise CannotPress(_t("已经结束"))
    if not demand.strip():
        raise CannotPress(_t("请写明要求回复什么"))
    if case.accountable_id == by.pk:
        raise CannotPress(_t("不能督办自己办的件"))
    if not order_report(case, demand, by=by, at=at):
        raise CannotPress(_t("已在督办，还没有回复"))


def order_report(case: Complaint, demand: str, *, by: Person, at: datetime) -> bool:
    """The order itself, on a case that is held; False while an earlier one is unanswered."""
    desk: Org = case.desk or case.origin
    owed = owe(case, OVERSIGHT, desk, demand, by=by, at=at)
    if owed is None:
        return False
    told = kinds.Overseen(desk_name=desk.name, demand=owed.question, due_at=owed.due_at)
    case.write(told, by=by, at=at)
    return True
