"""Give a case to another desk: offered, then accepted, declined or taken back. Nothing lapses."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _t

from sujin.complaints import clock, kinds
from sujin.complaints.acts.claim import held_for, locked, seen_by, settled
from sujin.complaints.acts.promise import promised
from sujin.complaints.desks import Desks, is_above
from sujin.complaints.draft import CaseKind
from sujin.complaints.models import Complaint
from sujin.engine.sla import Tick
from sujin.engine.text import redact
from sujin.platform.models import Org, Person
from sujin.platform.refusal import Refusal


class CannotHandOver(Refusal):
    """The hand-over is refused; the message says why."""


@transaction.atomic
def hand_over(
    complaint: Complaint,
    *,
    to: Org,
    because: str,
    told: str = "",
    promised_at: datetime | None = None,
    by: Person,
    at: datetime,
) -> None:
    """Offer the case to ``to``. The giver stays accountable and the hand-over clock starts. Upward
    only when the customer was told, and promised a time; the promise is written with it. Whoever
    stands aside may pass the case on, and so may take an offer back."""
    case = locked(complaint)
    desks = Desks(at)
    _refuse(case, to, because, desks)
    _refuse_untold(case, to, told, promised_at, at)
    due = clock.due(case, now=at, ticks=[*case.ticks(), Tick("offered", at)])
    sees = seen_by(case, desks, desk=case.desk, persons=[case.accountable_id])
    case.write(
        kinds.Offered(
            desk=to.pk,
            desk_name=to.name,
            because=because.strip(),
            offered_at=at,
            seen_by=tuple(sorted({*sees, *to.tokens})),
            due_at=due.at,
            due_clock=due.clock,
            told=redact(told.strip()).text,
        ),
        by=by,
        at=at,
    )
    if told.strip() and promised_at is not None:
        what = _t("%(desk)s 接手情况，回电告知") % {"desk": to.name}
        promised(case, kind="call_back", what=what, due_at=promised_at, by=by, at=at)


def _refuse_untold(
    case: Complaint, to: Org, told: str, promised_at: datetime | None, at: datetime
) -> None:
    """Nobody hears from somebody else that the matter went up; an early sign has no customer."""
    if case.kind != CaseKind.BUD and is_above(to, case.desk or case.origin):
        if not told.strip():
            raise CannotHandOver(_t("交给上级以前先告诉客户流程和时限，并写明怎么告知的"))
        if promised_at is None:
            raise CannotHandOver(_t("交给上级时要写明答应客户什么时候回电"))
    if promised_at is not None and told.strip() and promised_at <= at:
        raise CannotHandOver(_t("答应回电的时间须在现在以后"))


def _refuse(case: Complaint, to: Org, because: str, desks: Desks) -> None:
    if not case.is_open:
        raise CannotHandOver(_t("已经结束，不能移交"))
    if case.is_offered:
        raise CannotHandOver(_t("已移交 %(desk)s，等待其接收") % {"desk": case.offered_to})
    if to.pk == case.desk_id:
        raise CannotHandOver(_t("已经在这个部门"))
    if not because.strip():
        raise CannotHandOver(_t("请写明移交理由"))
    if not any(case.may_be_handled_by(person) for person in desks.staff(to)):
        raise CannotHandOver(_t("%(desk)s 目前没有可接收的在岗人员") % {"desk": to})


@transaction.atomic
def accept(complaint: Complaint, *, by: Person, at: datetime) -> None:
    """Take what was offered to the person's desk; accountability passes now."""
    case = held_for(complaint, by)
    desk = _offered_desk(case, by, at)
    desks = Desks(at)
    due = clock.due(case, now=at, ticks=[*case.ticks(), Tick("accepted", at, post=desk.kind)])
    case.write(
        kinds.Accepted(
            desk=desk.pk,
            desk_name=desk.name,
            person=by.pk,
            name=by.name,
            claimed_at=at,
            seen_by=seen_by(case, desks, desk=desk, persons=[by]),
            post=desk.kind,
            due_at=due.at,
            due_clock=due.clock,
        ),
        by=by,
        at=at,
    )


@transaction.atomic
def decline(complaint: Complaint, *, because: str, by: Person, at: datetime) -> None:
    """Send it back with a reason; the giver never stopped being accountable."""
    case = held_for(complaint, by)
    desk = _offered_desk(case, by, at)
    if not because.strip():
        raise CannotHandOver(_t("请写明退回理由"))
    due = clock.due(case, now=at, ticks=[*case.ticks(), Tick("refused", at)])
    case.write(
        kinds.Declined(
            desk_name=desk.name,
            because=because.strip(),
            seen_by=seen_by(case, Desks(at), desk=case.desk, persons=[case.accountable_id]),
            due_at=due.at,
            due_clock=due.clock,
        ),
        by=by,
        at=at,
    )


@transaction.atomic
def take_back(complaint: Complaint, *, by: Person, at: datetime) -> None:
    """The giver thinks better of it before anybody has accepted; nothing else changes."""
    case = locked(complaint)
    if case.offered_to is None or not case.is_open:
        raise CannotHandOver(_t("没有可以收回的移交：对方已经接收或退回"))
    desk = case.desk or case.origin
    if by.pk != case.accountable_id and by not in Desks(at).staff(desk):
        raise CannotHandOver(_t("只有 %(desk)s 的在岗人员可以收回") % {"desk": desk})
    end_offer(case, case.offered_to, by=by, at=at)


def end_offer(case: Complaint, to: Org, *, by: Person, at: datetime) -> None:
    """Nobody need answer the offer any more. What ends the case writes this first: an offer that
    was only wiped off the row would run on in the clocks once the ending is undone."""
    due = clock.due(case, now=at, ticks=[*case.ticks(), Tick("refused", at)])
    case.write(
        kinds.TakenBack(
            desk_name=to.name, seen_by=settled(case, at), due_at=due.at, due_clock=due.clock
        ),
        by=by,
        at=at,
    )


def _offered_desk(case: Complaint, by: Person, at: datetime) -> Org:
    """The desk it was offered to, if ``by`` works there."""
    desk = case.offered_to
    if desk is None or not case.is_open:
        raise CannotHandOver(_t("没有待接收的移交"))
    if by not in Desks(at).staff(desk):
        raise CannotHandOver(_t("只有 %(desk)s 的在岗人员可以接收或退回") % {"desk": desk})
    return desk
