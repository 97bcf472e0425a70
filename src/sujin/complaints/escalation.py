"""What happened after a sitting: the docket's own word on whether a matter went on."""

from datetime import datetime

from sujin.complaints import kinds
from sujin.complaints.models import Complaint, Session


def since(session: Session, at: datetime) -> tuple[str, ...]:
    """Codes of what shows that the matter went on, in the order of their weight; empty when quiet.

    What was feared is looked for from the moment it was stated: who went to the regulator between
    the booking and the sitting was not kept from it. A further contact counts from the sitting
    itself: before it customers call about the appointment.
    """
    case = session.complaint
    feared = case.entries.filter(at__gt=session.risk_stated_at, at__lte=at)
    later = feared.filter(at__gt=session.held_at)
    found = {
        "transfer": feared.of(kinds.Transferred).exists(),
        "reopened": feared.of(kinds.Reopened).exists(),
        "review": feared.of(kinds.ReviewAsked).exists(),
        "linked": _linked(case, session.risk_stated_at, at),
        "contact": later.of(kinds.Contacted).exists(),
    }
    return tuple(code for code, happened in found.items() if happened)


def _linked(case: Complaint, after: datetime, at: datetime) -> bool:
    """Another number of the same matter, received in between, whoever sees it."""
    first = case.repeat_of_id or case.pk
    rows = Complaint.objects.filter(received_at__gt=after, received_at__lte=at)
    return rows.filter(repeat_of=first).exclude(pk=case.pk).exists()
