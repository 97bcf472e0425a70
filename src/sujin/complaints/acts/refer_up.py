"""What waits for a second look and for nobody above it comes to the head office's own desk."""

from datetime import datetime

from django.db import transaction

from sujin.complaints import kinds
from sujin.complaints.acts.claim import locked
from sujin.complaints.models import Complaint
from sujin.complaints.second_looks import Lookers, waiting_cases
from sujin.platform.models import Org, Person


def refer_up(*, by: Person, at: datetime) -> int:
    """Let the consumer-protection desk see every case that only it can look at today; returns how
    many. Running it again changes nothing."""
    waiting = waiting_cases(Complaint.objects.all())
    lookers = Lookers(waiting, at)
    asked = ((case.pk, lookers.stand_in(case)) for case in waiting)
    return sum(_refer(pk, to, by=by, at=at) for pk, to in asked if to is not None)


@transaction.atomic
def _refer(pk: int, to: Org, *, by: Person, at: datetime) -> bool:
    case = locked(Complaint(pk=pk))
    lacks = set(to.tokens) - set(case.seen_by)
    if not lacks or not case.is_open or not case.awaits_tier:
        return False
    sees = tuple(sorted({*case.seen_by, *lacks}))
    case.write(kinds.ReferredUp(desk=to.pk, desk_name=to.name, seen_by=sees), by=by, at=at)
    return True
