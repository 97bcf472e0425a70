"""Call back, close, or begin again one level higher: nothing ends on a claim."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _t

from sujin import packs
from sujin.complaints import clock, kinds, progress, sight
from sujin.complaints.acts.ask import lapse
from sujin.complaints.acts.claim import held_for, settled
from sujin.complaints.acts.hand_over import end_offer
from sujin.complaints.acts.withdraw import WITHDRAWN
from sujin.complaints.desks import Desks
from sujin.complaints.involved import had_a_hand, involved
from sujin.complaints.kinds.base import in_language
from sujin.complaints.models import Complaint
from sujin.complaints.rulebook import HOUSE_PACK
from sujin.engine.sla import Tick
from sujin.engine.text import redact
from sujin.platform.models import Person
from sujin.platform.refusal import Refusal

SATISFIED = ("yes", "no", "unreached")
# How long after the end a customer may say in one tap that it is not solved; the bank's own rule.
REOPEN_WITHIN = timedelta(days=30)


class CannotClose(Refusal):
    """Something that must come first is missing; the message names it and the rule."""


@transaction.atomic
def call_back(complaint: Complaint, *, satisfied: str, note: str, by: Person, at: datetime) -> None:
    """Record what the customer says of the answer; whoever is not satisfied is heard again, one
    level higher. Done by somebody who had no part in handling it, or by the customer."""
    case = held_for(complaint, by)
    if case.answered_at is None or not case.is_open:
        raise CannotClose(_t("还没有答复客户，或已经办结"))
    if satisfied not in SATISFIED:
        raise CannotClose(_t("请选择满意、不满意或未接通"))
    if had_a_hand(case, by, at):
        raise CannotClose(_t("参与办理的人及其代理人不能回访这一件，请由他人回访"))
    words = redact(note.strip()).text
    if satisfied == "no" and not words:
        raise CannotClose(_t("请写下客户不满意什么"))
    told = kinds.CalledBack(called_back_at=at, satisfied=satisfied, note=words)
    case.write(told, by=by, at=at)
    if satisfied == "no":
        reopen(case, because=words, by=by, at=at)


@transaction.atomic
def close(complaint: Complaint, *, by: Person, at: datetime) -> None:
    """End the case; raises CannotClose with everything the rules still ask for."""
    case = held_for(complaint, by)
    if not case.is_open:
        raise CannotClose(_t("已经结束"))
    open_points = missing(case)
    if open_points:
        raise CannotClose(_t("；").join(open_points))
    ended = kinds.Closed(
        closed_at=at, outcome=case.finding or "explanation", seen_by=settled(case, at)
    )
    case.write(ended, by=by, at=at)


def missing(case: Complaint, done: Mapping[str, bool] | None = None) -> list[str]:
    """What the pack's closing rules still ask of this case, each with its rule."""
    done = done or progress.done(case)
    return [
        f"{in_language(_titles(row))}（{row['article']}）"
        for row in asked_of(case.kind, case.tier)
        if not done[row["requires"]]
    ]


def asked_of(kind: str, tier: str) -> list[Mapping[str, str]]:
    """The rows of closing.csv that hold for a kind and tier, in their order."""
    return [
        row
        for row in packs.rows(HOUSE_PACK, "closing")
        if kind in row["kinds"].split("|") and (not row["tiers"] or tier in row["tiers"].split("|"))
    ]


def _titles(row: Mapping[str, str]) -> dict[str, str]:
    return {"zh": row["title_zh"], "en": row["title_en"]}


@transaction.atomic
def reopen(complaint: Complaint, *, because: str, by: Person, at: datetime) -> None:
    """Handle it again one level above the desk that answered; the period begins anew."""
    case = held_for(complaint, by)
    if not because.strip():
        raise CannotClose(_t("请写下客户不满意什么"))
    if case.answered_at is None:
        raise CannotClose(_t("还没有答复客户，不需要重办"))
    if case.closed_at is not None and at - case.closed_at > REOPEN_WITHIN:
        raise CannotClose(_t("办结已超过 %(n)d 天，请重新登记") % {"n": REOPEN_WITHIN.days})
    if against := stays_ended(case):
        raise CannotClose(against)
    begin_again(case, because=because, by=by, at=at)


def stays_ended(case: Complaint) -> str:
    """Why a case that ended does not begin again, and what to do; empty when it may."""
    if case.merged_into_id is not None:
        return _t("已并入别的件，请在那一件上办理")
    if case.outcome == WITHDRAWN:
        return _t(
            "客户已经撤诉，处理程序已经终止（银保监会令2020年第3号 第十五条）；"
            "登记错的请撤销撤诉登记，客户再投诉的请重新登记"
        )
    return ""


def begin_again(case: Complaint, *, because: str, by: Person, at: datetime) -> None:
    """One level above the desk that answered, whenever that was: a review may come later than the
    customer's own word. ``case`` is locked. No pause, no offer and no request outlives the round.
    """
    if case.paused_at is not None:
        due = clock.due(case, now=at, ticks=[*case.ticks(), Tick("resumed", at)])
        case.write(
            kinds.Resumed(because=because.strip(), due_at=due.at, due_clock=due.clock),
            by=by,
            at=at,
        )
    if case.offered_to is not None:
        end_offer(case, case.offered_to, by=by, at=at)
    case.write(_reopened(case, because, by, at), by=by, at=at)
    lapse(case, by=by, at=at)


def _reopened(case: Complaint, because: str, by: Person, at: datetime) -> kinds.Reopened:
    desks = Desks(at)
    desk = desks.above(case.desk or case.origin)
    receiver = desks.successor(desk, case.recused) or case.accountable or by
    due = clock.due(case, now=at, ticks=[*case.ticks(), Tick("restarted", at)])
    owners = desks.owners(case.origin, case.line)
    return kinds.Reopened(
        because=because.strip(),
        level=case.level + 1,
        desk=desk.pk,
        desk_name=desk.name,
        accountable=receiver.pk,
        seen_by=sight.tokens(
            [case.origin, desk, *owners, *involved(case)], [receiver, case.accountable_id]
        ),
        cleared=tuple(sorted(kinds.Reopened.clears)),
        due_at=due.at,
        due_clock=due.clock,
    )
