"""Whoever has left, works elsewhere, is away or stands aside is accountable no more; somebody who
is there is."""

from datetime import datetime

from django.db import transaction

from sujin.complaints import clock, kinds
from sujin.complaints.able import Able
from sujin.complaints.acts.claim import locked, seen_by
from sujin.complaints.desks import Desks
from sujin.complaints.models import Complaint
from sujin.platform.models import Person


def relieve_leavers(*, by: Person, at: datetime) -> int:
    """Pass on every open case whose accountable person could do nothing for it any more, by the
    posts in force now, stands aside, or is away with nobody standing in who does not; returns how
    many. Running it again changes nothing."""
    rows = Complaint.objects.open().filter(accountable__is_service=False)
    able = Able(Person.objects.filter(pk__in=rows.values("accountable")), at)
    lost = [
        pk
        for pk, person, tokens, recused in rows.values_list(
            "pk", "accountable_id", "seen_by", "recused"
        )
        if not able.can_act(person, tokens, recused)
    ]
    return sum(_relieve(pk, by=by, at=at) for pk in lost)


def relieve_if_lost(complaint: Complaint, *, by: Person, at: datetime) -> bool:
    """Pass on a case whose accountable person can do nothing for it today: it has just come back,
    or somebody has just stood aside."""
    case = locked(complaint)
    held = case.accountable
    if held is None or held.is_service:
        return False
    is_lost = not Able([held], at).can_act(held.pk, case.seen_by, case.recused)
    return is_lost and _relieve(case.pk, by=by, at=at)


@transaction.atomic
def _relieve(pk: int, *, by: Person, at: datetime) -> bool:
    case = locked(Complaint(pk=pk))
    desks = Desks(at)
    successor = desks.successor(case.desk or case.origin, case.recused)
    left = case.accountable
    if not case.is_open or successor is None or left is None or successor == left:
        return False
    case.write(_relieved(case, left, successor, desks), by=by, at=at)
    return True


def _relieved(case: Complaint, left: Person, successor: Person, desks: Desks) -> kinds.Relieved:
    # The desk has had it all the time: its limits run on.
    due = clock.due(case, now=desks.at, ticks=case.ticks())
    sees = seen_by(case, desks, desk=case.desk or case.origin, persons=[successor])
    offered = case.offered_to.tokens if case.offered_to else ()
    return kinds.Relieved(
        left=left.name,
        person=successor.pk,
        name=successor.name,
        stands_aside=left.pk in case.recused,
        seen_by=tuple(sorted({*sees, *offered})),
        due_at=due.at,
        due_clock=due.clock,
    )
