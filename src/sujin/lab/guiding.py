"""Guidelines that came branch by branch, and what they truly did: planted, for the effect cards.

Two help, one does nothing, one harms: after its day the cases of a branch that it is about take
``factor`` times as long. Staff look at it in most of these cases, more often in the long ones, so
that whoever compares users with others is fooled.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sujin.complaints.draft import Draft
from sujin.complaints.models import Complaint
from sujin.governance.results import ENDED, topic
from sujin.knowledge.acts.plant import plant
from sujin.knowledge.acts.release import release
from sujin.knowledge.acts.stage import Plan
from sujin.knowledge.models import Usage, Version
from sujin.knowledge.models.usage import SHOWN, USED
from sujin.knowledge.wording import starter
from sujin.lab.cast import ZHENG_GANG
from sujin.lab.dice import dice
from sujin.lab.truth import Truth
from sujin.platform.acts.organise import system_person
from sujin.platform.models import Person

AGO = timedelta(weeks=46)
PLAN = Plan(batches=6, weeks=5)
FACTORS = {
    "hardship-repayment": 0.35,
    "mortgage-wave": 0.35,
    "account-control-surge": 1.0,
    "card-points-expired": 1.75,
}
SHOWN_IN, USED_IN, USED_IN_LONG = 0.85, 0.35, 0.6
LONG = timedelta(days=8)
LOT = 2000


@dataclass(frozen=True, slots=True)
class Guide:
    """One of them: what it is about, what it does to the hours, and from when in which branch."""

    code: str
    business: tuple[str, ...]
    factor: float
    since: Mapping[str, datetime]

    def is_about(self, business: str) -> bool:
        return any(business == code or business.startswith(f"{code}.") for code in self.business)


def roll_out(*, now: datetime) -> list[Guide]:
    """Release them in batches, the order drawn by lot; what is there already stays."""
    # About the whole of their business: a topic of the demonstration is small enough.
    told = [
        replace(one, scope={**one.scope, "cause": (), "demand": ()})
        for one in starter()
        if one.code in FACTORS
    ]
    at = now - AGO
    plant(told, by=system_person(), at=at)
    boss = Person.objects.get(staff_no=ZHENG_GANG.staff_no)
    rows = Version.objects.filter(item__code__in=FACTORS, number=1).select_related("item")
    for version in rows.filter(state="submitted"):
        release(version, plan=PLAN, by=boss, at=at)
    return [_guide(version) for version in rows.order_by("pk")]


def _guide(version: Version) -> Guide:
    since = dict(version.stages.values_list("org__code", "since"))
    factor = FACTORS[version.item.code]
    return Guide(version.item.code, tuple(version.business), factor, since)


def guided(draft: Draft, truth: Truth, guides: Sequence[Guide]) -> Draft:
    """The draft as it ended under whichever guideline was out where it was handled."""
    if draft.outcome is None:
        return draft
    took = draft.outcome.at - draft.received_at
    for guide in guides:
        out = guide.since.get(draft.origin.split("-", 1)[0])
        if guide.is_about(truth.business) and out is not None and out <= draft.received_at:
            took *= guide.factor
    return replace(draft, outcome=replace(draft.outcome, at=draft.received_at + took))


def note(guides: Sequence[Guide], *, now: datetime) -> None:
    """Who looked at what, in which case."""
    for guide in guides:
        version = Version.objects.get(item__code=guide.code, number=1)
        rows = Complaint.objects.annotate(ended_at=ENDED).filter(topic(version), ended_at__lt=now)
        told = rows.values_list("pk", "origin__code", "received_at", "ended_at", "accountable")
        usages = [one for row in told for one in _usages(version, guide, row)]
        Usage.objects.bulk_create(usages, batch_size=LOT, ignore_conflicts=True)


def _usages(
    version: Version, guide: Guide, row: tuple[int, str, datetime, datetime, int | None]
) -> list[Usage]:
    pk, origin, received, ended, person = row
    out = guide.since.get(origin.split("-", 1)[0])
    rng = dice("guided", guide.code, pk)
    if out is None or out > received or rng.random() >= SHOWN_IN:
        return []
    often = USED_IN_LONG if ended - received > LONG else USED_IN
    ways = [SHOWN, USED] if rng.random() < often else [SHOWN]
    return [
        Usage(version=version, person_id=person, case=pk, way=way, day=received.date(), at=received)
        for way in ways
    ]
