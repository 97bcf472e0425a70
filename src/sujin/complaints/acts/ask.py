"""Ask for what needs a second person; until somebody decides (``decide``), nothing changes; and
let what was asked lapse when a new round begins."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _t

from sujin.complaints import kinds
from sujin.complaints.acts.claim import held_for
from sujin.complaints.models import Approval, Complaint
from sujin.platform.models import Person
from sujin.platform.refusal import Refusal


class CannotAsk(Refusal):
    """The request cannot be made; the message says why."""


@transaction.atomic
def ask(
    complaint: Complaint,
    act: str,
    data: Mapping[str, Any],
    *,
    what: str,
    because: str,
    approvers: Iterable[str],
    by: Person,
    at: datetime,
) -> Approval:
    """Put the request into the inbox of everybody who may decide it."""
    case = held_for(complaint, by)
    if not case.is_open:
        raise CannotAsk(_t("已经结束"))
    wanted = sorted(approvers)
    try:
        with transaction.atomic():
            request = Approval.objects.create(
                complaint=case,
                act=act,
                data=dict(data),
                title=what[:120],
                because=because.strip()[:400],
                approvers=wanted,
                asked_by=by,
                asked_at=at,
            )
    except IntegrityError:
        raise CannotAsk(_t("同样的申请已在等待审批")) from None
    asked = kinds.Asked(request.pk, act, what, because.strip(), tuple(wanted))
    case.write(asked, by=by, at=at)
    return request


def lapse(case: Complaint, *, by: Person, at: datetime) -> None:
    """What still waits was asked for about a round that is over: nobody decides it any more, and it
    keeps nobody from asking anew. ``case`` is locked."""
    for request in case.approvals.waiting().select_for_update(of=("self",)).order_by("pk"):
        request.decided_at, request.granted = at, False
        request.save(update_fields=["decided_at", "granted"])
        case.write(kinds.Lapsed(request.pk, request.title), by=by, at=at)
