"""A verdict that is too old is none."""

from datetime import datetime

from django.db import transaction

from sujin.governance import kinds
from sujin.governance.acts.review_file import locked
from sujin.governance.models import EvidenceFile
from sujin.platform.models import Person


@transaction.atomic
def expire_files(*, by: Person, at: datetime) -> int:
    """Files whose verdict's days are over wait to be reviewed again; returns how many."""
    over = list(EvidenceFile.objects.expired(at))
    for file in over:
        locked(file).write(kinds.EvidenceExpired(state=kinds.EXPIRED), by=by, at=at)
    return len(over)
