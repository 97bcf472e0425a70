"""What people have found of first tiers: which cases turned out urgent, and which were missed.

A case that grew urgent later, because the customer told more, was not missed at the first look; it
counts neither way.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, QuerySet

from sujin.complaints import kinds
from sujin.complaints.models import Complaint
from sujin.engine.tier import Tier, TierFacts
from sujin.platform.models import Entry

NEWEST = 60_000  # cases: older ones are another time


@dataclass(frozen=True, slots=True)
class Labelled:
    """One contact: masked words, the facts read from them, what the rules say, what is so."""

    text: str
    facts: TierFacts
    is_called_urgent: bool
    is_urgent: bool


def raised_by_people() -> QuerySet[Entry]:
    """Overrides to urgent by a person; where a table raised a case its own reasons stand there."""
    rows = Entry.objects.of(kinds.Retiered).filter(subject=Complaint.subject)
    return rows.filter(data__tier=Tier.URGENT.value, data__reasons={})


def confirmed() -> Iterator[Labelled]:
    """Cases whose tier people have settled: closed by them, confirmed, or overridden."""
    decided = Entry.objects.of(kinds.Closed, kinds.TierConfirmed, kinds.Retiered)
    triaged = Entry.objects.of(kinds.Triaged).filter(subject=Complaint.subject)
    about = triaged.filter(subject_id__in=decided.values("subject_id")).order_by("-pk")[:NEWEST]
    raised = set(raised_by_people().values_list("subject_id", flat=True))
    told = {entry.subject_id: entry.what() for entry in about}
    cases = Complaint.objects.filter(pk__in=told).only("text", "tier", "lane").order_by("pk")
    for case in cases.iterator():
        what = told[case.pk]
        assert isinstance(what, kinds.Triaged)
        if case.tier != Tier.URGENT or what.tier == Tier.URGENT or case.pk in raised:
            called = what.tier == Tier.URGENT
            yield Labelled(case.text, _facts(what, case), called, case.tier == Tier.URGENT)


def _facts(triaged: kinds.Triaged, case: Complaint) -> TierFacts:
    flags = {name: name in triaged.signals for name in ("media", "escalation", "legal", "safety")}
    return TierFacts(
        amount=triaged.amount,
        vulnerable=triaged.vulnerable,
        regulator=case.lane == "regulator",
        people=triaged.people,
        repeats=triaged.repeats,
        **flags,
    )


def urgent_since(assured: str) -> QuerySet[Complaint]:
    """Cases looked at under this calibration that are urgent now, by the rules or by people."""
    looked = Entry.objects.of(kinds.Triaged).filter(subject=Complaint.subject)
    looked = looked.filter(data__assured=assured, subject_id=OuterRef("pk"))
    by_rules = looked.filter(data__tier=Tier.URGENT.value)
    by_people = raised_by_people().filter(subject_id=OuterRef("pk"))
    rows = Complaint.objects.filter(Exists(looked), tier=Tier.URGENT)
    return rows.filter(Exists(by_rules) | Exists(by_people))


def missed_since(assured: str) -> QuerySet[Complaint]:
    """Those of them that neither the rules nor the second look had put before a person."""
    looked = Entry.objects.of(kinds.Triaged).filter(subject=Complaint.subject)
    seen = looked.filter(data__assured=assured, subject_id=OuterRef("pk"))
    quiet = seen.filter(data__referred=False).exclude(data__tier=Tier.URGENT.value)
    return urgent_since(assured).filter(Exists(quiet))
