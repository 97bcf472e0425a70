"""Grant what was asked for, which does it at once, or refuse it with a reason."""

from collections.abc import Callable, Mapping
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _t

from sujin.complaints import approvers as table
from sujin.complaints import kinds
from sujin.complaints.acts import dispatch, extend, reply
from sujin.complaints.acts.claim import held_for
from sujin.complaints.models import Approval, Complaint
from sujin.platform import reach
from sujin.platform.models import Person
from sujin.platform.refusal import Refusal

# What is done once it is granted, for every act that asks.
DONE: Mapping[str, Callable[..., None]] = {
    extend.ACT: extend.extend_for_good,
    reply.ACT: reply.approve,
    dispatch.ACT: dispatch.agree,
}


class CannotDecide(Refusal):
    """The request is not this person's to decide, or was decided before."""


@transaction.atomic
def grant(approval: Approval, *, words: str, by: Person, at: datetime) -> None:
    """Agree: what was asked for happens in the same transaction, or nothing does."""
    request, case = _pending(approval, by, at)
    _decide(request, granted=True, words=words, by=by, at=at)
    case.write(kinds.Granted(request.pk, request.title, words.strip()), by=by, at=at)
    DONE[request.act](case, **request.data, because=request.because, by=by, at=at)


@transaction.atomic
def refuse(approval: Approval, *, words: str, by: Person, at: datetime) -> None:
    """Do not agree, and say why; whoever asked is told."""
    if not words.strip():
        raise CannotDecide(_t("请写明不同意的理由"))
    request, case = _pending(approval, by, at)
    _decide(request, granted=False, words=words, by=by, at=at)
    case.write(kinds.Refused(request.pk, request.title, words.strip()), by=by, at=at)


def _pending(approval: Approval, by: Person, at: datetime) -> tuple[Approval, Complaint]:
    case = held_for(approval.complaint, by)
    request = Approval.objects.select_for_update(of=("self",)).get(pk=approval.pk)
    if request.is_lapsed:
        raise CannotDecide(_t("案件已经重新办理，这项申请已失效"))
    if not request.is_waiting:
        raise CannotDecide(_t("已由 %(name)s 处理") % {"name": request.decided_by})
    if request.asked_by_id == by.pk:
        raise CannotDecide(_t("不能审批自己的申请"))
    # Whoever asks may not have it granted through the own post, by somebody standing in.
    may = reach.of(by, at).without_place_of(request.asked_by_id)
    if not table.may_decide(may, request.approvers, case):
        names = table.names(request.approvers)
        raise CannotDecide(_t("须由%(names)s审批") % {"names": names})
    if not case.is_open:
        raise CannotDecide(_t("案件已经结束，不必再审批"))
    return request, case


def _decide(request: Approval, *, granted: bool, words: str, by: Person, at: datetime) -> None:
    request.decided_by, request.decided_at = by, at
    request.granted, request.words = granted, words.strip()[:400]
    request.save(update_fields=["decided_by", "decided_at", "granted", "words"])
