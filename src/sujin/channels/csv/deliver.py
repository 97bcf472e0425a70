"""Hand drafts to the house in batches; one bad draft never sinks the others."""

import logging
from collections.abc import Sequence
from datetime import datetime

from django.db import IntegrityError, InterfaceError, OperationalError

from sujin.channels.csv.flaws import Flaw, Reason, flaw
from sujin.channels.csv.rejects import Rejects
from sujin.channels.csv.rows import Row
from sujin.complaints.acts.receive import receive_all
from sujin.complaints.arrival import Reception
from sujin.complaints.draft import Draft
from sujin.platform.models import Person
from sujin.platform.refusal import Refusal

log = logging.getLogger(__name__)
Delivery = Sequence[tuple[Row, Draft]]


def deliver(batch: Delivery, rejects: Rejects, *, by: Person, at: datetime) -> int:
    """One transaction for the batch; returns how many were new. A failing batch is halved until
    the drafts that make it fail are alone; they are rejected with the reason that was given.
    """
    if not batch:
        return 0
    drafts = [draft for _row, draft in batch]
    try:
        try:
            receipts = receive_all(drafts, by=by, at=at, announce=False)
        except IntegrityError:
            # Somebody else brought in the same rows at the same moment: now they are known.
            receipts = receive_all(drafts, by=by, at=at, announce=False)
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
    # Neither the file of rejects nor the log repeats what an error says: it may quote the customer.
    log.error("import row failed", exc_info=error)
    return flaw(Reason.FAILED, said=type(error).__name__)
