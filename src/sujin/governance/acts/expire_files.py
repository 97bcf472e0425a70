"""A verdict that is too old is none."""

from datetime import datetime

from django.db import transaction

from sujin.governance import kinds
from sujin.governance.acts.review_file import locked
from sujin.governance.models import EvidenceFile
from sujin.platform.models import Person


@transaction.atomic
def expire_files(*, by: Person, at: datetime) -> int:
    """Files whose verdict's days are over have none: they wait to be reviewed again, or stay closed
    without it. Returns how many."""
    over = list(EvidenceFile.objects.expired(at))
    for each in over:
        file = locked(each)
        state = kinds.CLOSED if file.is_closed else kinds.EXPIRED
        file.write(kinds.EvidenceExpired(state=state), by=by, at=at)
    return len(over)
