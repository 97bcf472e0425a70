"""Who else has a part in a case and keeps sight of it, whoever has it: the other legal entity of a
split, the desk that reviews, whoever sits at a booked table."""

from django.db.models import Q

from sujin.complaints.models import Complaint, Participant, Review, Share
from sujin.platform.models import Org


def involved(case: Complaint) -> list[Org]:
    """The organisations with a part of their own; one query."""
    if case.pk is None:
        return []
    shares = Share.objects.filter(complaint=case).values("company")
    reviews = Review.objects.undecided().filter(complaint=case).values("desk")
    at_table = Participant.objects.filter(
        session__complaint=case, session__held_at__isnull=True, session__cancelled_at__isnull=True
    ).values("org")
    return list(Org.objects.filter(Q(pk__in=shares) | Q(pk__in=reviews) | Q(pk__in=at_table)))
