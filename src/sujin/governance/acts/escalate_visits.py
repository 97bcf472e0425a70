"""What is late on a visit goes up once; and who hears of each step of it."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from sujin.governance.acts.echo_concern import may_answer
from sujin.governance.kinds import visit as kinds
from sujin.governance.models import Concern, Visit
from sujin.governance.models.visit import MENDS, VISIT
from sujin.knowledge.answering import above, answering
from sujin.platform import reach
from sujin.platform.acts.tell import tell
from sujin.platform.models import Entry, Person


def escalate_visits(*, by: Person, at: datetime) -> int:
    """Proposals nobody answered, visits nobody made, concerns nobody answered; how many."""
    visits = list(Visit.objects.late(at).order_by("pk").values_list("pk", flat=True))
    concerns = list(Concern.objects.late(at).order_by("pk").values_list("pk", flat=True))
    told = [_escalate_visit(key, by=by, at=at) for key in visits]
    return sum(told + [_escalate_concern(key, by=by, at=at) for key in concerns])


@transaction.atomic
def _escalate_visit(key: int, *, by: Person, at: datetime) -> bool:
    rows = Visit.objects.select_for_update(of=("self",)).select_related("visitor")
    held = rows.late(at).filter(pk=key).first()
    if held is None or held.visitor is None:
        return False
    what = "answer" if held.state == kinds.PROPOSED else "report"
    told = kinds.VisitEscalated(what=what, visitor_name=held.visitor.name)
    held.write(told, by=by, at=at)
    return True


@transaction.atomic
def _escalate_concern(key: int, *, by: Person, at: datetime) -> bool:
    rows = Concern.objects.select_for_update(of=("self",)).select_related("owner")
    held = rows.late(at).filter(pk=key).first()
    if held is None or held.owner is None:
        return False
    told = kinds.ConcernEscalated(
        number=held.number, owner_name=held.owner.name, escalated_at=at
    )  # fmt: skip
    held.write(told, by=by, at=at)
    return True


def inform_visitor(entry: Entry) -> None:
    """Whoever is asked to go, or need not go any more."""
    visit = _visit(entry)
    _tell([visit.visitor], entry, visit.pk)


def inform_proposer(entry: Entry) -> None:
    """Whoever proposed it hears yes, no, and what it came to."""
    visit = _visit(entry)
    _tell([visit.proposed_by], entry, visit.pk)


def inform_above_visitor(entry: Entry) -> None:
    """Late: the visitor, who proposed it, and whoever might have gone to the same place."""
    visit = _visit(entry)
    people = [visit.visitor, visit.proposed_by, *above(visit.place, VISIT, entry.at)]
    _tell(people, entry, visit.pk, urgent=True)


def inform_mender(entry: Entry) -> None:
    """Whoever works at the desk that owns the concern; when nobody does, everybody above it."""
    concern = _concern(entry)
    if concern.owner is None:
        return
    near = _menders(concern, answering(concern.owner, MENDS, entry.at), entry.at)
    far = near or _menders(concern, above(concern.owner, MENDS, entry.at), entry.at)
    _tell(far, entry, concern.visit_id)


def inform_finder(entry: Entry) -> None:
    """There is an answer to be looked at."""
    concern = _concern(entry)
    _tell([concern.visit.visitor, concern.visit.proposed_by], entry, concern.visit_id)


def inform_above_mender(entry: Entry) -> None:
    """Its owner is late: everybody at it and above who might answer, and who is waiting."""
    concern = _concern(entry)
    if concern.owner is None:
        return
    people = _menders(concern, above(concern.owner, MENDS, entry.at), entry.at)
    waiting = [concern.visit.visitor, concern.visit.proposed_by]
    _tell([*people, *waiting], entry, concern.visit_id, urgent=True)


def _menders(concern: Concern, people: Iterable[Person], at: datetime) -> list[Person]:
    """Those of them who may answer: a teller sees only what is the teller's own."""
    return [one for one in people if may_answer(concern, reach.of(one, at))]


def _visit(entry: Entry) -> Visit:
    rows = Visit.objects.select_related("place", "visitor", "proposed_by")
    return rows.get(pk=entry.subject_id)


def _concern(entry: Entry) -> Concern:
    rows = Concern.objects.select_related("owner", "visit__visitor", "visit__proposed_by")
    return rows.get(pk=entry.subject_id)


def _tell(
    people: Iterable[Person | None], entry: Entry, key: int, *, urgent: bool = False
) -> None:  # fmt: skip
    told = {one.pk: one for one in people if one is not None and one.pk != entry.by_id}
    tell(told.values(), of=entry, number=str(key), urgent=urgent)
