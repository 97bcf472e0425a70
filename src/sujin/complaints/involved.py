"""Who else has a part in a case and keeps sight of it, whoever has it: the other legal entity of a
split, the desk that reviews, whoever sits at a booked table or owes an answer; and whose hand was
in the handling, so that the same person does not judge it."""

from django.db.models import Q

from sujin.complaints import kinds
from sujin.complaints.models import Assignment, Complaint, Participant, Review, Share
from sujin.platform.models import Org, Person

# Whoever decided, advised or spoke for the bank in the matter does not judge how it was handled.
HANDLING = (
    kinds.Claimed,
    kinds.Accepted,
    kinds.Responded,
    kinds.OpinionGiven,
    kinds.ProceededWithout,
    kinds.PlanAgreed,
    kinds.TaskForceFormed,
    kinds.Investigated,
    kinds.Drafted,
    kinds.Approved,
    kinds.Answered,
)


def had_a_hand(case: Complaint, person: Person) -> bool:
    """Whether the person is accountable for the case, done anything yet or not, or ever handled
    it: who may neither call back nor decide a review. At most one query."""
    if case.accountable_id == person.pk:
        return True
    return case.entries.of(*HANDLING).filter(by=person).exists()


def involved(case: Complaint) -> list[Org]:
    """The organisations with a part of their own; one query."""
    if case.pk is None:
        return []
    shares = Share.objects.filter(complaint=case).values("company")
    reviews = Review.objects.undecided().filter(complaint=case).values("desk")
    at_table = Participant.objects.filter(
        session__complaint=case, session__held_at__isnull=True, session__cancelled_at__isnull=True
    ).values("org")
    asked = Assignment.objects.open().filter(complaint=case).values("desk")
    mine = Q(pk__in=shares) | Q(pk__in=reviews) | Q(pk__in=at_table) | Q(pk__in=asked)
    return list(Org.objects.filter(mine))


def asked_by_name(case: Complaint) -> list[int]:
    """The persons who owe the case an answer by name; one query."""
    if case.pk is None:
        return []
    named = Assignment.objects.open().filter(complaint=case, person__isnull=False)
    return list(named.values_list("person", flat=True))
