"""What the desks corrected: codes that the machine misread, by people who know better, and a few
slips of the hand for the queue of corrections to find."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from random import Random

from sujin.complaints.acts.recode import recode
from sujin.complaints.acts.suspect import suspect_all
from sujin.complaints.desks import Desks
from sujin.complaints.models import Complaint, Contact
from sujin.complaints.rulebook import HOUSE_PACK
from sujin.lab.truth import Truth

RIGHTED = 240
SLIPS = 6
LATELY = timedelta(days=120)


def correct(truths: Sequence[Truth], *, seed: int, now: datetime) -> None:
    """Right some of the causes that were misread of late, spoil a few; then ask the machine."""
    rng = Random(seed)  # noqa: S311 - a demonstration, not a secret
    known = {truth.external_id: truth.cause for truth in truths}
    rows = Contact.objects.filter(external_id__in=known, complaint__received_at__gte=now - LATELY)
    rows = rows.filter(complaint__pack=HOUSE_PACK, complaint__desk__isnull=False)
    pairs = [
        (contact.complaint, known[contact.external_id])
        for contact in rows.select_related("complaint__desk").order_by("pk")
    ]
    misread = [(case, cause) for case, cause in pairs if cause and case.cause != cause]
    plain = [(case, "pricing") for case, cause in pairs if case.cause == cause == "service"]
    righted = rng.sample(misread, min(RIGHTED, len(misread)))
    spoilt = rng.sample(plain, min(SLIPS, len(plain)))
    desks = Desks(now)
    for case, cause in (*righted, *spoilt):
        _recode(case, cause, rng, desks, now)
    suspect_all(at=now)


def _recode(case: Complaint, cause: str, rng: Random, desks: Desks, now: datetime) -> None:
    staff = desks.staff(case.desk) if case.desk else []
    case.refresh_from_db(fields=["cause", "closed_at"])
    if not staff or case.cause == cause:
        return
    by = rng.choice(sorted(staff, key=lambda person: person.staff_no))
    at = max(case.received_at, now - timedelta(hours=rng.uniform(1, 240)))
    recode(case, codes={"cause": cause}, because="核对原话后更正", by=by, at=at)
