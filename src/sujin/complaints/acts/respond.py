"""We spoke to the customer."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _t

from sujin.complaints import clock, kinds, listening
from sujin.complaints.acts.claim import held_for
from sujin.complaints.acts.promise import PromiseDraft, promise_all
from sujin.complaints.models import Complaint
from sujin.engine.sla import Tick
from sujin.engine.text import redact
from sujin.platform.models import Person
from sujin.platform.refusal import Refusal


class CannotRespond(Refusal):
    """The contact cannot be recorded; the message says why."""


@transaction.atomic
def respond(
    complaint: Complaint,
    *,
    way: str,
    note: str,
    promises: Sequence[PromiseDraft] = (),
    by: Person,
    at: datetime,
) -> None:
    """Record a contact with the customer and what was promised in it: all of it or nothing. The
    first contact stops the first-response clock."""
    case = held_for(complaint, by)
    if not case.is_open:
        raise CannotRespond(_t("已经结束，不能再登记联系"))
    if not note.strip():
        raise CannotRespond(_t("请写明与客户沟通的内容"))
    due = clock.due(case, now=at, ticks=[*case.ticks(), Tick("responded", at)])
    said = redact(note.strip()).text
    first = case.responded_at or at
    told = kinds.Responded(way, said, first, due.at, due.clock, _marks(said))
    case.write(told, by=by, at=at)
    promise_all(case, promises, by=by, at=at)


def _marks(said: str) -> dict[str, dict[str, str | int]]:
    """The five letters as they are kept: the state, the pack's row, the place in the note."""
    return {
        one.letter: {"state": one.state.value, "row": one.row, "start": one.start, "end": one.end}
        for one in listening.marks(said)
    }
