"""A person of the desk takes the case and becomes accountable for it."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _t

from sujin.complaints import clock, kinds, sight
from sujin.complaints.able import Able
from sujin.complaints.desks import Desks
from sujin.complaints.involved import asked_by_name, involved
from sujin.complaints.models import Complaint
from sujin.engine.sla import Tick
from sujin.platform.models import Org, Person
from sujin.platform.refusal import Refusal


class CannotClaim(Refusal):
    """The case is not there to be taken by this person; the message says why."""


class MustStandAside(CannotClaim):
    """This person has an interest in the matter and may not handle it."""


@transaction.atomic
def claim(complaint: Complaint, *, by: Person, at: datetime) -> None:
    """Take an unclaimed case of the person's own desk; raises CannotClaim."""
    case = held_for(complaint, by)
    refuse_unless_free(case)
    desk = case.desk
    if desk is None or by not in Desks(at).staff(desk):
        raise CannotClaim(_t("只有承办部门的在岗人员可以接手"))
    case.write(claiming(case, desk, by=by, at=at, ticks=case.ticks()), by=by, at=at)


@transaction.atomic
def put_back(complaint: Complaint, *, by: Person, at: datetime) -> None:
    """Undo one's own claim while nothing was done yet: the case waits at its desk as before.
    Whoever was accountable then is again, or who answers for the desk where they cannot be."""
    case = held_for(complaint, by)
    last = case.entries.order_by("-pk").first()
    what = last.what() if last else None
    if last is None or not isinstance(what, kinds.Claimed) or what.person != by.pk:
        raise CannotClaim(_t("接手后已经有了别的处理，不能放回；不该由你办的请移交"))
    was = case.replay(before=last)
    heard = case.heard([entry for entry in case.entries.in_order() if entry.pk != last.pk])
    due = clock.due(case, now=at, ticks=heard)
    holder = _holder(case, was["accountable_id"], was["seen_by"], at)
    case.write(
        kinds.PutBack(
            person=holder.pk,
            name=holder.name,
            seen_by=tuple(sorted({*was["seen_by"], holder.token})),
            due_at=due.at,
            due_clock=due.clock,
        ),
        by=by,
        at=at,
    )


def _holder(case: Complaint, before: int, seen_by: Sequence[str], at: datetime) -> Person:
    """Who is accountable without the claim: somebody who can act and does not stand aside."""
    person = Person.objects.get(pk=before)
    if Able([person], at).can_act(person.pk, seen_by, case.recused):
        return person
    return Desks(at).successor(case.desk or case.origin, case.recused) or person


def held_for(complaint: Complaint, by: Person) -> Complaint:
    """The row as it is now, held for an act of ``by``, who may have a hand in the matter; raises
    MustStandAside. A service acts for the customer or the clock, and never stands aside."""
    case = locked(complaint)
    refuse_recused(case, by)
    return case


def locked(complaint: Complaint) -> Complaint:
    """The row as it is now, held until the transaction ends: two claims cannot both succeed."""
    return (
        Complaint.objects.select_for_update(of=("self",))
        .select_related("desk", "origin", "accountable", "offered_to")
        .get(pk=complaint.pk)
    )


def refuse_unless_free(case: Complaint) -> None:
    if not case.is_open:
        raise CannotClaim(_t("已经结束，不能再接手"))
    if case.claimed_at is not None:
        raise CannotClaim(_t("已由 %(name)s 接手") % {"name": case.accountable})
    if case.is_offered:
        # Else the offer stands although its clock has stopped, and nobody answers for it.
        raise CannotClaim(
            _t("已移交 %(desk)s，等待其接收；要自己办，请先收回移交") % {"desk": case.offered_to}
        )


def refuse_recused(case: Complaint, by: Person) -> None:
    """Whoever stands aside has no hand in the matter (article 17); raises MustStandAside."""
    if not case.may_be_handled_by(by):
        raise MustStandAside(_t("须回避，不能办理这一件（银保监会令2020年第3号 第十七条）"))


def refuse_to_call_in(case: Complaint, *persons: Person) -> None:
    """Nobody brings in by name whoever stands aside; raises MustStandAside."""
    for person in persons:
        if not case.may_be_handled_by(person):
            raise MustStandAside(
                _t("%(name)s 须回避，不能参与这一件（银保监会令2020年第3号 第十七条）")
                % {"name": person}
            )


def claiming(
    case: Complaint, desk: Org, *, by: Person, at: datetime, ticks: Sequence[Tick]
) -> kinds.Claimed:
    """The kind that says ``by`` took it at ``desk``, with the limits that run from now on."""
    due = clock.due(case, now=at, ticks=[*ticks, Tick("accepted", at, post=desk.kind)])
    return kinds.Claimed(
        person=by.pk,
        name=by.name,
        claimed_at=at,
        seen_by=tuple(sorted({*case.seen_by, by.token})),
        post=desk.kind,
        due_at=due.at,
        due_clock=due.clock,
    )


def settled(case: Complaint, at: datetime) -> tuple[str, ...]:
    """Who sees the case while nobody else is offered it."""
    return seen_by(case, Desks(at), desk=case.desk, persons=[case.accountable_id])


def seen_by(
    case: Complaint, desks: Desks, *, desk: Org | None, persons: Sequence[Person | int | None]
) -> tuple[str, ...]:
    """Who sees the case when ``desk`` has it: those, its door, and the line's owners."""
    owners = desks.owners(case.origin, case.line)
    # The first receiver stays in sight; who merely heard the same matter later does not come in.
    first = case.contacts.order_by("pk").values_list("taken_by", "taken_by__is_service")[:1]
    receivers = [taker for taker, is_service in first if not is_service]
    orgs = [case.origin, desk, *owners, *involved(case)]
    return sight.tokens(orgs, [*persons, *receivers, *asked_by_name(case)])
