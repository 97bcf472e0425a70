"""Attach checked files to a subject."""

from collections.abc import Sequence
from datetime import datetime

from sujin.platform import files
from sujin.platform.files import Checked
from sujin.platform.models import Attachment, Docketed, Person


def attach(
    subject: Docketed, checked: Sequence[Checked], *, by: Person, at: datetime
) -> list[Attachment]:
    """Bytes first, rows after: a crash leaves an orphan file, never a row without one."""
    for file in checked:
        files.keep(file)
    return Attachment.objects.bulk_create(
        Attachment(
            subject=subject.subject,
            subject_id=subject.pk,
            name=file.name,
            media_type=file.media_type,
            size=len(file.content),
            sha256=file.sha256,
            added_by=by,
            added_at=at,
        )
        for file in checked
    )
