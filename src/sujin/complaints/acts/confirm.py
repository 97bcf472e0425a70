"""A suspected code was looked at: the machine's is taken, or the one on the case is kept."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _t

from sujin.complaints import kinds
from sujin.complaints.acts.claim import held_for
from sujin.complaints.acts.recode import recode
from sujin.complaints.models import Complaint, Suspect
from sujin.platform.models import Person
from sujin.platform.refusal import Refusal

# What stood before a person's eyes: the code on the case, and the machine's.
Seen = tuple[str, str]


class CannotConfirm(Refusal):
    """Nothing was confirmed; the message says why."""


@transaction.atomic
def keep(
    complaint: Complaint,
    *,
    axis: str,
    because: str = "",
    seen: Seen | None = None,
    by: Person,
    at: datetime,
) -> None:
    """The code on the case is right; nobody is asked about it again."""
    case = held_for(complaint, by)
    suspect = _suspect(case, axis, seen)
    code = getattr(case, axis)
    if not code:
        raise CannotConfirm(_t("还没有分类，没有可保留的：请另选一类"))
    case.write(kinds.CodeConfirmed(axis, code, suspect.machine, because.strip()), by=by, at=at)
    suspect.delete()


@transaction.atomic
def correct(
    complaint: Complaint,
    *,
    axis: str,
    code: str,
    because: str = "",
    seen: Seen | None = None,
    by: Person,
    at: datetime,
) -> None:
    """Another code is right: the machine's, or a third; nobody is asked about it again."""
    case = held_for(complaint, by)
    suspect = _suspect(case, axis, seen)
    if not code:
        raise CannotConfirm(_t("没有可改成的分类：请另选一类"))
    said = because.strip() or (
        _t("更正队列：采纳系统判断") if code == suspect.machine else _t("更正队列：另选")
    )
    recode(case, codes={axis: code}, because=said, settles=(axis,), by=by, at=at)


def _suspect(case: Complaint, axis: str, seen: Seen | None) -> Suspect:
    """The row that was looked at."""
    found = Suspect.objects.filter(complaint=case, axis=axis).first()
    if found is None or seen not in (None, (getattr(case, axis), found.machine)):
        raise CannotConfirm(_t("这一项已经有人看过，或分类已经变了"))
    return found
