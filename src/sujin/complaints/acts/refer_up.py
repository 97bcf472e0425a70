"""What waits for a second look and for nobody above it comes to the head office's own desk."""

from datetime import datetime

from django.db import transaction

from sujin.complaints import kinds
from sujin.complaints.acts.claim import locked
from sujin.complaints.models import Complaint
from sujin.complaints.second_looks import stand_ins
from sujin.platform.models import Org, Person


def refer_up(*, by: Person, at: datetime) -> int:
    """Let the consumer-protection desk see every case that only it can look at today; returns how
    many. Running it again changes nothing."""
    waiting = Complaint.objects.open().filter(awaits_tier=True)
    asked = stand_ins(Org.objects.filter(pk__in=waiting.values("desk")), at)
    rows = waiting.filter(desk__in=asked).order_by("pk").values_list("pk", "desk")
    return sum(_refer(pk, asked[desk], by=by, at=at) for pk, desk in rows if desk is not None)


@transaction.atomic
def _refer(pk: int, to: Org, *, by: Person, at: datetime) -> bool:
    case = locked(Complaint(pk=pk))
    lacks = set(to.tokens) - set(case.seen_by)
    if not lacks or not case.is_open or not case.awaits_tier:
        return False
    sees = tuple(sorted({*case.seen_by, *lacks}))
    case.write(kinds.ReferredUp(desk=to.pk, desk_name=to.name, seen_by=sees), by=by, at=at)
    return True
