"""A case in nearly the same words as others does not belong with them; or does after all."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _t

from sujin.complaints import kinds
from sujin.complaints.acts.claim import held_for
from sujin.complaints.models import Complaint
from sujin.platform.models import Person
from sujin.platform.refusal import Refusal


class CannotUngroup(Refusal):
    """It is in no group, heads one, or no reason was given."""


class CannotRegroup(Refusal):
    """It was not taken out of a group, or is in one."""


@transaction.atomic
def ungroup(complaint: Complaint, *, because: str, by: Person, at: datetime) -> None:
    """Take the case out of its group; whoever is grouped with it stays."""
    case = held_for(complaint, by)
    if case.group_id is None and case.grouped.exists():
        raise CannotUngroup(_t("这是本组的第一件，其余各件都比照它；请逐件移出其余的件"))
    if case.group_id is None:
        raise CannotUngroup(_t("这一件不在任何一组"))
    if not because.strip():
        raise CannotUngroup(_t("请写明为什么不属于这一组"))
    head = Complaint.objects.only("number").get(pk=case.group_id)
    case.write(kinds.Ungrouped(head.pk, head.number, because.strip()), by=by, at=at)


@transaction.atomic
def regroup(complaint: Complaint, *, by: Person, at: datetime) -> None:
    """Put the case back into the group it was taken out of last."""
    case = held_for(complaint, by)
    if case.group_id is not None:
        raise CannotRegroup(_t("这一件已经在一组里"))
    last = case.entries.of(kinds.Ungrouped).order_by("-pk").first()
    taken = last.what() if last else None
    if not isinstance(taken, kinds.Ungrouped):
        raise CannotRegroup(_t("这一件没有从任何一组移出过"))
    case.write(kinds.Regrouped(taken.before, taken.number), by=by, at=at)
