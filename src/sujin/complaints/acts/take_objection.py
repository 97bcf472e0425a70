"""Take down that somebody objects to being taken for part of an organised group."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _t

from sujin.complaints import kinds
from sujin.complaints.kinds.care import OBJECTORS
from sujin.complaints.models import Complaint
from sujin.engine.text import redact
from sujin.platform.models import Person
from sujin.platform.refusal import Refusal


class CannotObject(Refusal):
    """It is not said who objects, or to what."""


@transaction.atomic
def take_objection(complaint: Complaint, *, who: str, words: str, by: Person, at: datetime) -> None:
    """Whoever has the customer on the telephone may do it, of any case and at any time: nobody
    needs to know whether anything is suspected. The floor above answers the entry."""
    said = redact(words.strip()).text
    if who not in OBJECTORS or not said:
        raise CannotObject(_t("请写明谁提出异议、异议是什么"))
    complaint.write(kinds.Objected(who, said), by=by, at=at)
