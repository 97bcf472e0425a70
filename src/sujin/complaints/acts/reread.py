"""The calendar or a table has changed: read the limits of open cases again, and say what moved."""

from collections.abc import Callable
from datetime import datetime

from django.db import transaction

from sujin.complaints import clock, kinds
from sujin.complaints.acts.claim import locked
from sujin.complaints.models import Complaint
from sujin.platform.models import Person

BATCH = 200
Tell = Callable[[int, int], None]


def reread(*, by: Person, at: datetime, tell: Tell = lambda read, moved: None) -> int:
    """Read every open case's docket again; returns how many limits moved.

    What the customer was told stays on the docket beside what holds now: each move is an entry with
    both moments. Case by case, so that it can be interrupted and run again.
    """
    read = moved = 0
    last = 0
    while True:
        rows = Complaint.objects.open().filter(pk__gt=last).order_by("pk")
        ids = list(rows.values_list("pk", flat=True)[:BATCH])
        if not ids:
            return moved
        for pk in ids:
            moved += _reread(pk, by=by, at=at)
        read, last = read + len(ids), ids[-1]
        tell(read, moved)


@transaction.atomic
def _reread(pk: int, *, by: Person, at: datetime) -> bool:
    case = locked(Complaint(pk=pk))
    if not case.is_open:
        return False
    due = clock.due(case, now=at, ticks=case.ticks())
    if (due.at, due.clock) == (case.due_at, case.due_clock):
        return False
    case.write(kinds.Rescheduled(due.at, due.clock, before=case.due_at), by=by, at=at)
    return True
