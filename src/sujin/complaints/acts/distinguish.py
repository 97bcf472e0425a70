"""It looked like the same matter and is another: said once, kept on both dockets, learnt from."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _t

from sujin.complaints import kinds
from sujin.complaints.acts.claim import held_for
from sujin.complaints.models import Complaint
from sujin.platform.models import Person
from sujin.platform.refusal import Refusal


class CannotDistinguish(Refusal):
    """The two are one already, or were told apart before; the message says why."""


@transaction.atomic
def distinguish(
    complaint: Complaint, *, other: Complaint, because: str = "", by: Person, at: datetime
) -> None:
    """Say that the two are not the same matter; neither is suggested at the other again."""
    case, target = both_held(complaint, other, by)
    _refuse(case, target)
    case.write(kinds.Distinguished(target.pk, target.number, because.strip()), by=by, at=at)
    target.write(kinds.Distinguished(case.pk, case.number, because.strip()), by=by, at=at)


def both_held(complaint: Complaint, other: Complaint, by: Person) -> tuple[Complaint, Complaint]:
    """The two rows as they are now, held for an act of ``by``, who may have a hand in both; the
    lower key first, so that two people who act from both sides do not wait for each other."""
    by_key = sorted((complaint, other), key=lambda case: case.pk)
    held = {case.pk: held_for(case, by) for case in by_key}
    return held[complaint.pk], held[other.pk]


def _refuse(case: Complaint, target: Complaint) -> None:
    if case.pk == target.pk:
        raise CannotDistinguish(_t("不能和自己区分"))
    if target.pk in (case.merged_into_id, case.repeat_of_id) or case.pk in (
        target.merged_into_id,
        target.repeat_of_id,
    ):
        raise CannotDistinguish(_t("两件已经并案或关联，请先撤销并案或解除关联"))
    if case.entries.of(kinds.Distinguished).filter(data__of=target.pk).exists():
        raise CannotDistinguish(_t("已经登记过不是同一件事"))
