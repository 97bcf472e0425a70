"""A person judges what the machine found; nothing else follows from it."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _t

from sujin.complaints.models import Complaint
from sujin.engine.text import redact
from sujin.governance import kinds, rulebook
from sujin.governance.kinds import ORGANISED, PROPOSED, VERDICTS
from sujin.governance.models import EvidenceFile
from sujin.platform.models import Entry, Person
from sujin.platform.refusal import Refusal

REASON_LEAST = 10
# To look at a case is not to have a part in it.
LOOKING = ("complaint.revealed", "complaint.denied")


class CannotReview(Refusal):
    """The verdict cannot be taken from this person, or not now; the message says why."""


@transaction.atomic
def review_file(
    evidence: EvidenceFile, *, verdict: str, because: str, by: Person, at: datetime
) -> None:
    """The verdict with its reason; ``organised`` only once a second person agrees."""
    file = locked(evidence)
    reason = redact(because.strip()).text
    _refuse_unless_possible(file, verdict, reason, by)
    is_final = verdict != ORGANISED or file.state == PROPOSED
    reviewed = kinds.EvidenceReviewed(
        state=verdict if is_final else PROPOSED,
        verdict=verdict,
        because=reason,
        is_final=is_final,
        proposed_by=None if is_final else by.pk,
        valid_until=at + rulebook.days("valid_days") if is_final else None,
    )
    file.write(reviewed, by=by, at=at)


def _refuse_unless_possible(file: EvidenceFile, verdict: str, reason: str, by: Person) -> None:
    if file.is_closed:
        raise CannotReview(_t("这份档案已经结档"))
    if verdict not in VERDICTS:
        raise CannotReview(_t("请选择核查结论"))
    if len(reason) < REASON_LEAST:
        raise CannotReview(
            _t("请写明理由，至少 %(n)d 个字：看了哪些件，为什么") % {"n": REASON_LEAST}
        )
    if file.state == PROPOSED and file.proposed_by_id == by.pk:
        raise CannotReview(_t("认定为有组织须由另一人核查，第一人不能自己确认"))
    if had_part(file, by):
        raise CannotReview(_t("您经办过其中的件，不能核查这份档案；请由没有经手的人核查"))


def had_part(file: EvidenceFile, person: Person) -> bool:
    """Whether the person did anything in one of the file's cases but look at it."""
    cases = file.members.values_list("complaint_id", flat=True)
    done = Entry.objects.about(Complaint.subject, cases).filter(by=person)
    return done.exclude(kind__in=LOOKING).exists()


def locked(evidence: EvidenceFile) -> EvidenceFile:
    """The file as it is now, held to the end of the transaction."""
    return EvidenceFile.objects.select_for_update(of=("self",)).get(pk=evidence.pk)
