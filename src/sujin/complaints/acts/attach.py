"""Add papers to the case."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from sujin.complaints import kinds
from sujin.complaints.models import Complaint
from sujin.engine.text import redact
from sujin.platform.acts.attach import attach as keep
from sujin.platform.files import Checked
from sujin.platform.models import Attachment, Person


@transaction.atomic
def attach(
    complaint: Complaint, checked: Sequence[Checked], *, by: Person, at: datetime
) -> list[Attachment]:
    """The files were checked at the door; one entry names them all."""
    if not checked:
        return []
    rows = keep(complaint, checked, by=by, at=at)
    names = tuple(redact(row.name).text for row in rows)
    complaint.write(kinds.Attached(names), by=by, at=at)
    return rows
