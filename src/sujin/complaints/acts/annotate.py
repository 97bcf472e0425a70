"""Write a note on the docket."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _t

from sujin.complaints import kinds
from sujin.complaints.models import Complaint
from sujin.engine.text import redact
from sujin.platform.models import Person
from sujin.platform.refusal import Refusal

NOTE_MAX = 4000


class CannotAnnotate(Refusal):
    """The note is refused; the message says why."""


@transaction.atomic
def annotate(complaint: Complaint, *, note: str, by: Person, at: datetime) -> None:
    """Notes stay possible after the end: facts may come late. Personal data in them is masked."""
    text = redact(note.strip()).text
    if not text:
        raise CannotAnnotate(_t("记录不能为空"))
    if len(text) > NOTE_MAX:
        raise CannotAnnotate(_t("记录不能超过 %(n)d 字") % {"n": NOTE_MAX})
    complaint.write(kinds.Noted(text), by=by, at=at)
