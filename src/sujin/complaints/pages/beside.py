"""What stands beside the story: who was asked, letters, sittings, reviews, splits; by side."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db.models import Prefetch, Q, QuerySet

from sujin.complaints import sides, tables
from sujin.complaints.acts import close
from sujin.complaints.models import Assignment, Complaint, Letter, Participant, Session
from sujin.complaints.sides import Entities, Sight


def tell(
    case: Complaint, sight: Sight, entities: Entities, *, facts: Mapping[str, bool], at: datetime
) -> dict[str, Any]:
    """The side column, as far as the reader's side reads it."""
    is_worked_on = case.is_open and case.claimed_at is not None
    shares = case.shares.select_related("company", "proposed_by", "agreed_by", "decided_by")
    return {
        "assignments": _assignments(case, sight, entities),
        "letters": letters(case, sight, entities).select_related("drafted_by", "approved_by"),
        "missing": close.missing(case, facts) if is_worked_on and not sight.is_partial else [],
        "sittings": [_sitting(one, sight, entities) for one in _sessions(case)],
        "reviews": case.reviews.select_related("desk", "decided_by").order_by("pk"),
        "shares": shares.order_by("pk"),
        "is_partial": sight.is_partial,
    }


def letters(case: Complaint, sight: Sight, entities: Entities) -> QuerySet[Letter]:
    """What has gone to the customer, and the drafts of the reader's own side."""
    rows = case.letters.order_by("pk")
    if not sight.is_partial:
        return rows
    own = sides.written_by(sight.sides, entities, "drafted_by", "drafted_at")
    return rows.filter(Q(own) | Q(sent_at__isnull=False))


def _assignments(case: Complaint, sight: Sight, entities: Entities) -> list[Assignment]:
    """What was asked of the reader's side or by it; the rest is the other side's own."""
    if sight.is_partial:
        rows = case.assignments.select_related("desk", "done_by").order_by("pk")
        own = sides.written_by(sight.sides, entities, "asked_by", "asked_at")
        asked = rows.annotate(is_own=own)
        return [
            one
            for one in asked
            if getattr(one, "is_own", False) or entities.side_of(one.desk) in sight.sides
        ]
    return list(case.assignments.all())


def _sessions(case: Complaint) -> QuerySet[Session]:
    invited = Participant.objects.select_related("org", "person").order_by("pk")
    rows = case.sessions.select_related("host").prefetch_related(Prefetch("invited", invited))
    return rows.order_by("-starts_at", "-pk")


def _sitting(session: Session, sight: Sight, entities: Entities) -> dict[str, Any]:
    """Minutes are for those at the table; what was feared beforehand for who has the case."""
    invited = list(session.invited.all())
    at_table = {entities.side_of(one.org) for one in invited if one.org is not None}
    return {
        "session": session,
        "invited": invited,
        "outcome": tables.name(tables.outcomes(), session.outcome),
        "risk": "" if sight.is_partial else tables.name(tables.risks(), session.risk),
        "shows_minutes": not sight.is_partial or bool(at_table & sight.sides),
        "shows_check": not sight.is_partial,
    }
