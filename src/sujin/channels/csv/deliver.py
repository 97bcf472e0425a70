"""Hand drafts to the house in batches; one bad draft never sinks the others."""

from collections.abc import Sequence
from datetime import datetime

from django.db import InterfaceError, OperationalError

from sujin.channels.csv.flaws import Flaw, Reason, flaw
from sujin.channels.csv.rejects import Rejects
from sujin.channels.csv.rows import Row
from sujin.complaints.acts.receive import receive_all
from sujin.complaints.arrival import Reception
from sujin.complaints.draft import Draft
from sujin.platform.models import Person
from sujin.platform.refusal import Refusal

Delivery = Sequence[tuple[Row, Draft]]


def deliver(batch: Delivery, rejects: Rejects, *, by: Person, at: datetime) -> int:
    """One transaction for the batch; returns how many were new. A failing batch is halved until
    the drafts that make it fail are alone; they are rejected with the reason that was given.
    """
    if not batch:
        return 0
    try:
        receipts = receive_all([draft for _row, draft in batch], by=by, at=at, announce=False)
    except (OperationalError, InterfaceError):
        # The database is gone: no row is to blame.
        raise
    except Exception as error:
        return _halve(batch, rejects, error, by=by, at=at)
    return sum(receipt.reception is not Reception.KNOWN for receipt in receipts)


def _halve(batch: Delivery, rejects: Rejects, error: Exception, *, by: Person, at: datetime) -> int:
    if len(batch) == 1:
        rejects.add(batch[0][0], _blame(error))
        return 0
    middle = len(batch) // 2
    halves = batch[:middle], batch[middle:]
    return sum(deliver(half, rejects, by=by, at=at) for half in halves)


def _blame(error: Exception) -> Flaw:
    if isinstance(error, Refusal):
        return flaw(Reason.REFUSED, said=error)
    return flaw(Reason.FAILED, said=f"{type(error).__name__}: {str(error)[:200]}")
