"""A case is handled on that was ended by mistake: what reached the customer meanwhile counts."""

from datetime import datetime

from sujin.complaints.acts.reply import stale, told
from sujin.complaints.models import Complaint, Dispatch


def catch_up(case: Complaint, *, at: datetime) -> None:
    """Letters that the wire delivered while the case was ended are told, on the day they arrived:
    a decision has answered it, and no other one leaves. ``case`` is locked and open again."""
    arrived = (
        Dispatch.objects.unheard()
        .filter(letter__complaint=case)
        .select_related("letter", "queued_by")
    )
    for sent in arrived.select_for_update(of=("letter",)).order_by("sent_at", "pk"):
        sent.letter.complaint = case
        if not stale(sent.letter):
            told(
                sent.letter,
                way=sent.way,
                proof=sent.proof,
                by=sent.queued_by,
                at=at,
                on=sent.sent_at,
            )
