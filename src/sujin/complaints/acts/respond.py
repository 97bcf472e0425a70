"""We spoke to the customer."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _t

from sujin.complaints import clock, kinds
from sujin.complaints.acts.claim import locked
from sujin.complaints.models import Complaint
from sujin.engine.sla import Tick
from sujin.engine.text import redact
from sujin.platform.models import Person
from sujin.platform.refusal import Refusal


class CannotRespond(Refusal):
    """The contact cannot be recorded; the message says why."""


@transaction.atomic
def respond(complaint: Complaint, *, way: str, note: str, by: Person, at: datetime) -> None:
    """Record a contact with the customer; the first one stops the first-response clock."""
    case = locked(complaint)
    if not case.is_open:
        raise CannotRespond(_t("已经结束，不能再登记联系"))
    if not note.strip():
        raise CannotRespond(_t("请写明与客户沟通的内容"))
    due = clock.due(case, now=at, ticks=[*case.ticks(), Tick("responded", at)])
    said = redact(note.strip()).text
    first = case.responded_at or at
    case.write(kinds.Responded(way, said, first, due.at, due.clock), by=by, at=at)
