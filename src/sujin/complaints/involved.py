"""Who else has a part in a case and keeps sight of it, whoever has it: the other legal entity of a
split, the desk that reviews, whoever sits at a booked table or owes an answer; and whose hand was
in the handling, so that the same person does not judge it."""

from collections.abc import Mapping
from datetime import datetime

from django.db.models import Q

from sujin.complaints import kinds
from sujin.complaints.models import Assignment, Complaint, Participant, Review, Session, Share
from sujin.platform import reach
from sujin.platform.models import Entry, Org, Person
from sujin.platform.models.entry import EntryQuerySet

# Whoever decided, advised, promised or spoke for the bank in the matter does not judge how it was
# handled. Beginning it again does not count: whoever calls back or decides a review does that.
HANDLING = (
    kinds.Claimed,
    kinds.Accepted,
    kinds.Offered,
    kinds.Responded,
    kinds.Promised,
    kinds.PromiseKept,
    kinds.PromiseReleased,
    kinds.SessionHeld,
    kinds.OpinionGiven,
    kinds.ProceededWithout,
    kinds.PlanAgreed,
    kinds.TaskForceFormed,
    kinds.Investigated,
    kinds.Drafted,
    kinds.Approved,
    kinds.Answered,
    kinds.Paused,
    kinds.Agreed,
    kinds.Restarted,
    kinds.Extended,
    kinds.Told,
    kinds.Granted,
    kinds.Refused,
    kinds.SplitAgreed,
    kinds.SplitDecided,
    kinds.Withdrawn,
)
# Every kind that makes somebody accountable; a new one needs no line here.
_NAMING = tuple(
    kind
    for kind in vars(kinds).values()
    if isinstance(kind, type) and "accountable_id" in getattr(kind, "caches", ())
)
# Here the customer stands before whoever registers; elsewhere they write down for another desk.
FACE_TO_FACE = "counter"


def had_a_hand(case: Complaint, person: Person, at: datetime) -> bool:
    """Whether the person, or anybody in whose place the person acts that day, is or ever was
    accountable for the case, done anything or not, or handled it, or sat at the table for the bank:
    who may neither call back nor decide a review. What was done under a number that goes on under
    this one was done in the same matter."""
    asked = {person.pk, *reach.of(person, at).stood_in_for}
    matter = {one.pk: one for one in (case, *case.merged.only("accountable", "channel"))}
    entries = Entry.objects.about(Complaint.subject, matter)
    acted = entries.of(*HANDLING).filter(by__in=asked)
    # What the routing table sent on while somebody registered a call is not their doing.
    acted = acted.exclude(Q(kind=kinds.Offered.code) & ~Q(data__reasons={}))
    met = Session.objects.filter(complaint__in=matter, held_at__isnull=False)
    came = Q(invited__person__in=asked, invited__attended=True)
    return (
        not asked.isdisjoint(_ever_accountable(matter, entries))
        or acted.exists()
        or met.filter(Q(host__in=asked) | came).exists()
    )


def _ever_accountable(matter: Mapping[int, Complaint], entries: EntryQuerySet) -> set[int | None]:
    """Who is and who was, but for who merely wrote down what somebody else was to handle."""
    found = {case.accountable_id for case in matter.values()}
    for entry in entries.of(*_NAMING):
        kind = entry.what()
        holder = kind.cached()["accountable_id"]
        wrote_down = isinstance(kind, kinds.Registered | kinds.Routed) and holder == entry.by_id
        if not wrote_down or matter[entry.subject_id].channel == FACE_TO_FACE:
            found.add(holder)
    return found


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
