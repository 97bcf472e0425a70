"""Correct what the machine read: business class, cause, channel of business, demand."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _t

from sujin.complaints import kinds
from sujin.complaints.acts.claim import held_for, seen_by
from sujin.complaints.acts.triage import AXES
from sujin.complaints.desks import Desks
from sujin.complaints.models import Complaint, Suspect
from sujin.complaints.rulebook import taxonomy
from sujin.platform.models import Person
from sujin.platform.refusal import Refusal


class CannotRecode(Refusal):
    """The correction is refused; the message names the axis."""


@transaction.atomic
def recode(
    complaint: Complaint,
    *,
    codes: Mapping[str, str],
    because: str,
    settles: tuple[str, ...] = (),
    by: Person,
    at: datetime,
) -> None:
    """Set the codes of the axes given; the line, and who sees the case, follow the business.

    ``settles`` are the axes about which the queue of corrections had asked.
    """
    case = held_for(complaint, by)
    unknown = [axis for axis, code in codes.items() if not _known(case, axis, code)]
    if unknown:
        raise CannotRecode(_t("分类代码不存在：%(axes)s") % {"axes": "、".join(unknown)})
    if not because.strip():
        raise CannotRecode(_t("请写明更正理由"))
    before = {axis: getattr(case, axis) for axis in AXES}
    after = before | dict(codes)
    if after == before:
        raise CannotRecode(_t("分类没有变化"))
    line, sees = lined(case, after["business"], at)
    told = kinds.Recoded(
        **after,
        line=line,
        seen_by=sees,
        before=before,
        because=because.strip(),
        settles=settles,
    )
    case.write(told, by=by, at=at)
    changed = [axis for axis in AXES if after[axis] != before[axis]]
    Suspect.objects.filter(complaint=case, axis__in=changed).delete()


def lined(case: Complaint, business: str, at: datetime) -> tuple[str, tuple[str, ...]]:
    """The line of a business class, and who sees the case then: whoever is offered it, too."""
    row = taxonomy(case.pack).get(("business", business))
    case.line = row.line if row else ""
    sees = seen_by(case, Desks(at), desk=case.desk, persons=[case.accountable_id])
    offered = case.offered_to.tokens if case.offered_to else ()
    return case.line, tuple(sorted({*sees, *offered}))


def _known(case: Complaint, axis: str, code: str) -> bool:
    return axis in AXES and (not code or (axis, code) in taxonomy(case.pack))
