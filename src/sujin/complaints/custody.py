"""The docket as ``engine.custody`` hears it."""

from collections.abc import Sequence

from sujin.complaints import kinds
from sujin.complaints.kinds.base import DocketKind
from sujin.complaints.kinds.ending import Ended
from sujin.complaints.models import Complaint
from sujin.engine.custody import Event
from sujin.platform.models import Entry

# An imported case that had ended before it reached us: nobody here ever had the ball.
HISTORY = "concluded"
SOLVED = ("answered", "closed")


def events(case: Complaint, entries: Sequence[Entry]) -> list[Event]:
    """What moved the ball, in the order of the docket; the receipt first, at the case's origin.

    ``entries`` are in order and have ``by``. Any kind that caches the desk, the accountable person
    or the limit of the row is heard, so a new kind needs no line here.
    """
    heard = [_event(entry, case) for entry in entries]
    return sorted(heard, key=lambda event: event.code != kinds.Registered.code)


def _event(entry: Entry, case: Complaint) -> Event:
    kind = entry.what()
    told = {column: getattr(kind, name) for column, name in kind.caches.items()}
    is_receipt = isinstance(kind, kinds.Registered)
    return Event(
        at=kind.received_at if isinstance(kind, kinds.Registered) else entry.at,
        code=entry.kind,
        desk=case.origin_id if is_receipt else told.get("desk_id"),
        person=told.get("accountable_id"),
        ends=_ends(kind),
        begins=getattr(kind, "tick", "") == "restarted",
        pauses=isinstance(kind, kinds.Paused),
        resumes=isinstance(kind, kinds.Resumed),
        declines=isinstance(kind, kinds.Declined),
        undoes=kind.undoes if isinstance(kind, DocketKind) else "",
        told="due_at" in told,
        due_at=told.get("due_at"),
        due_clock=told.get("due_clock", ""),
        worked=_is_work(entry, case),
    )


def _ends(kind: object) -> str:
    if isinstance(kind, Ended | kinds.Answered):
        return kind.code.partition(".")[2]
    return ""


def _is_work(entry: Entry, case: Complaint) -> bool:
    """A counter's registration is work of the counter; a call about it was typed elsewhere."""
    if entry.kind == kinds.Registered.code and case.channel != "counter":
        return False
    # An opinion is given by the desk that was asked, not by the one that has the ball.
    return entry.kind != kinds.OpinionGiven.code and not entry.by.is_service
