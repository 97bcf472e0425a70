"""Two numbers, one matter: go on under one of them; and undo it when that was wrong."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _t

from sujin.complaints import clock, kinds
from sujin.complaints.acts.claim import held_for, locked, refuse_recused, settled
from sujin.complaints.acts.reconsider import ORDER
from sujin.complaints.acts.relieve import relieve_if_lost
from sujin.complaints.draft import Lane
from sujin.complaints.models import Complaint
from sujin.engine.text import redact
from sujin.engine.tier import Tier
from sujin.platform.models import Person
from sujin.platform.refusal import Refusal

# A few words at least that say when and how the customer was asked.
IDENTITY_LEAST = 6


class CannotMerge(Refusal):
    """The merge, or its undoing, is refused; the message says why."""


@transaction.atomic
def merge(
    complaint: Complaint,
    *,
    into: Complaint,
    because: str,
    by: Person,
    at: datetime,
    identity: str = "",
) -> None:
    """End ``complaint`` and go on under ``into``; both still handled (article 18-3).

    ``identity`` says how it was confirmed that both customers are one person. Without it two cases
    are merged only if a telephone number, an identity number or the like is known of both.
    """
    case = locked(complaint)
    target = locked(into)
    known = redact(identity.strip()).text
    refuse_recused(case, by)
    refuse_recused(target, by)
    _refuse(case, target, because)
    _refuse_strangers(case, target, known)
    case.write(
        kinds.Merged(
            into=target.pk,
            number=target.number,
            because=because.strip(),
            identity=known,
            closed_at=at,
            seen_by=settled(case, at),
            before={"counted": case.counted},
        ),
        by=by,
        at=at,
    )
    # Whichever number goes on: the matter stays counted if one of them was.
    counted = target.counted or _counted_before(case)
    waits = case.awaits_tier and target.tier != Tier.URGENT
    target.write(kinds.Absorbed(case.pk, case.number, counted, waits), by=by, at=at)


def _refuse(case: Complaint, target: Complaint, because: str) -> None:
    if case.pk == target.pk:
        raise CannotMerge(_t("不能并入自己"))
    if not case.is_open or not target.is_open:
        raise CannotMerge(_t("两件都在办理期内才能并案（银保监会令2020年第3号 第十八条）"))
    if target.merged_into_id:
        raise CannotMerge(_t("目标案件自己已经并入别的案件"))
    if case.merged.exists():
        raise CannotMerge(_t("已有案件并入这一件，请反过来并案"))
    if case.reviews.undecided().exists():
        raise CannotMerge(_t("上级机构还在核查这一件的答复，请先作出核查决定，或反过来并案"))
    _refuse_to_lose_weight(case, target)
    if not because.strip():
        raise CannotMerge(_t("请写明并案理由"))


def _refuse_strangers(case: Complaint, target: Complaint, known: str) -> None:
    """A case of nobody known is anybody's: only a person who has asked can say whose."""
    if set(case.customer_keys) & set(target.customer_keys):
        return
    if case.customer_keys and target.customer_keys:
        raise CannotMerge(_t("两件不是同一客户，不能并案"))
    if len(known) < IDENTITY_LEAST:
        raise CannotMerge(
            _t("有一件没有登记可以核对的客户信息（电话、证件等），请写明怎样核实是同一客户")
        )


def _refuse_to_lose_weight(case: Complaint, target: Complaint) -> None:
    """A regulator's letter, a graver tier or an earlier date must not end inside a lighter case."""
    if case.lane == Lane.REGULATOR and target.lane != Lane.REGULATOR:
        raise CannotMerge(_t("监管转办件不能并入普通件，请把普通件并入监管转办件"))
    dates = (case.regulator_due_at, target.regulator_due_at)
    if dates[0] is not None and (dates[1] is None or dates[0] < dates[1]):
        raise CannotMerge(_t("这一件的监管反馈日期更早，请反过来并案"))
    if ORDER.index(Tier(case.tier)) > ORDER.index(Tier(target.tier)):
        raise CannotMerge(_t("分级高的不能并入分级低的，请反过来并案"))


@transaction.atomic
def unmerge(complaint: Complaint, *, because: str, by: Person, at: datetime) -> None:
    """Let the case stand on its own again; its clocks run as if it had never been merged."""
    case = held_for(complaint, by)
    if case.merged_into_id is None:
        raise CannotMerge(_t("这一件没有并案"))
    if not because.strip():
        raise CannotMerge(_t("请写明撤销理由"))
    target = locked(Complaint(pk=case.merged_into_id))
    entry = case.write(kinds.Unmerged(because.strip(), _counted_before(case)), by=by, at=at)
    target.write(kinds.Released(case.pk, case.number, _counts_alone(target)), by=by, at=at)
    due = clock.due(case, now=entry.at, ticks=case.ticks())
    case.write(kinds.Rescheduled(due.at, due.clock), by=by, at=at)
    relieve_if_lost(case, by=by, at=at)


def _counted_before(case: Complaint) -> bool:
    return bool(case.entries.of(kinds.Merged).latest("pk").data["before"]["counted"])


def _counts_alone(target: Complaint) -> bool:
    """Whether it counts without the case that has just left it: by itself, or for another one that
    is still in it."""
    told = (entry.what() for entry in target.entries.order_by("pk"))
    own = [
        kind.cached()["counted"]
        for kind in told
        if "counted" in kind.caches and not isinstance(kind, kinds.Absorbed | kinds.Released)
    ]
    return (own[-1] if own else True) or any(map(_counted_before, target.merged.all()))
