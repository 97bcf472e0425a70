"""Put something to a desk, or to a person of it, with the hours that the pack gives its tier."""

from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _t

from sujin import packs
from sujin.complaints.models import Assignment, Complaint
from sujin.complaints.rulebook import HOUSE_PACK
from sujin.engine.text import redact
from sujin.platform.models import Org, Person
from sujin.platform.refusal import Refusal

QUESTION_MAX = 400


class NoHours(Refusal):
    """The pack's modes.csv gives no hours for this step and tier."""


def hours(step: str, tier: str) -> int:
    """How long an answer may take, by the pack's modes.csv; raises NoHours for a step it lacks."""
    for row in packs.rows(HOUSE_PACK, "modes"):
        if (row["step"], row["tier"]) == (step, tier):
            return int(row["hours"])
    named = {"step": step, "tier": tier}
    raise NoHours(_t("modes.csv 没有 %(step)s / %(tier)s 的时限") % named)


def owe(
    case: Complaint,
    step: str,
    desk: Org,
    question: str,
    *,
    person: Person | None = None,
    by: Person,
    at: datetime,
) -> Assignment | None:
    """What is now owed, on a case that is held; None while the desk still owes the same step."""
    try:
        with transaction.atomic():
            return Assignment.objects.create(
                complaint=case,
                step=step,
                desk=desk,
                person=person,
                question=_masked(question),
                asked_by=by,
                asked_at=at,
                due_at=at + timedelta(hours=hours(step, case.tier)),
            )
    except IntegrityError:
        return None


def owe_anew(owed: Assignment, question: str, *, by: Person, at: datetime) -> None:
    """What a desk still owes is owed for the new question, with the hours that it would have had
    if it had not been asked before."""
    owed.question, owed.asked_by, owed.asked_at = _masked(question), by, at
    owed.due_at = at + timedelta(hours=hours(owed.step, owed.complaint.tier))
    owed.save(update_fields=["question", "asked_by", "asked_at", "due_at"])


def _masked(question: str) -> str:
    return redact(question.strip()).text[:QUESTION_MAX]
