"""Climb the escalation ladder: tell the people of the rung that a limit has reached, once."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from django.db import IntegrityError, transaction

from sujin.complaints import clock, kinds, ladder
from sujin.complaints.acts.claim import locked
from sujin.complaints.acts.press import order_report
from sujin.complaints.desks import Desks
from sujin.complaints.ladder import People, Step
from sujin.complaints.models import Assignment, Complaint, Rung
from sujin.complaints.models.assignment import OVERSIGHT
from sujin.engine.sla import State
from sujin.platform.models import Entry, Person

LOT = 200
ASSIGNMENT, REGULATOR = "assignment", "regulator"


@dataclass(frozen=True, slots=True)
class Reached:
    """A limit whose highest reached rung is still to be climbed."""

    case: Complaint
    clock: str
    due_at: datetime
    steps: tuple[Step, ...]
    asked: Assignment | None = None

    @property
    def about(self) -> int:
        return self.asked.pk if self.asked else 0


def climb(*, by: Person, at: datetime) -> int:
    """Look at every limit that is near its end or past it; returns how many rungs were climbed.

    Whoever comes late to a ladder climbs to the highest rung that was reached, and only its people
    are told. Two workers at once climb each rung once.
    """
    found = [*_clocks(at), *_assignments(at)]
    return sum(_climb(one, by=by, at=at) for one in found)


def _clocks(at: datetime) -> Iterator[Reached]:
    rows = Complaint.objects.open().filter(due_at__lte=at + ladder.earliest())
    rows = rows.select_related("desk", "origin", "accountable", "offered_to").order_by("pk")
    for lot in _lots(rows.defer("tokens", "minhash", "bands").iterator(LOT)):
        known = _climbed(lot)
        heard = _dockets(lot)
        for case in lot:
            yield from _of_case(case, heard[case.pk], known, at)


def _lots(rows: Iterable[Complaint]) -> Iterator[list[Complaint]]:
    rest = iter(rows)
    while lot := list(islice(rest, LOT)):
        yield lot


def _dockets(cases: Sequence[Complaint]) -> dict[int, list[Entry]]:
    found: dict[int, list[Entry]] = defaultdict(list)
    entries = Entry.objects.about(Complaint.subject, [case.pk for case in cases])
    for entry in entries.in_order():
        found[entry.subject_id].append(entry)
    return found


def _climbed(cases: Sequence[Complaint]) -> set[tuple[int, str, int, datetime]]:
    rows = Rung.objects.filter(complaint__in=cases)
    return set(rows.values_list("complaint", "row", "about", "due_at"))


def _of_case(
    case: Complaint,
    entries: Sequence[Entry],
    known: set[tuple[int, str, int, datetime]],
    at: datetime,
) -> Iterator[Reached]:
    """The limits of one case, the regulator's own date included."""
    readings = clock.read(case, case.heard(entries), now=at)
    limits = [
        (one.clock, one.due_at)
        for one in readings
        if one.due_at and one.basis != "window" and one.state in (State.RUNNING, State.OVERDUE)
    ]
    # Once the customer has been answered, the regulator's date alarms nobody any more.
    if case.regulator_due_at and case.answered_at is None:
        limits.append((REGULATOR, case.regulator_due_at))
    for name, due_at in limits:
        steps = tuple(ladder.reached(name, case.tier, due_at, at))
        if steps and (case.pk, steps[-1].row, 0, due_at) not in known:
            yield Reached(case, name, due_at, steps)


def _assignments(at: datetime) -> Iterator[Reached]:
    rows = Assignment.objects.open().filter(due_at__lte=at + ladder.earliest())
    rows = rows.filter(complaint__closed_at__isnull=True).select_related(
        "complaint__desk", "complaint__origin", "complaint__accountable", "desk", "person"
    )
    known = set(
        Rung.objects.filter(about__in=rows.values("pk")).values_list("about", "row", "due_at")
    )
    for one in rows.order_by("pk"):
        steps = tuple(ladder.reached(ASSIGNMENT, one.complaint.tier, one.due_at, at))
        if steps and (one.pk, steps[-1].row, one.due_at) not in known:
            yield Reached(one.complaint, ASSIGNMENT, one.due_at, steps, one)


@transaction.atomic
def _climb(reached: Reached, *, by: Person, at: datetime) -> bool:
    case = locked(reached.case)
    top = reached.steps[-1]
    if not case.is_open or not _is_first(reached, case, at):
        return False
    persons = People(case, Desks(at), reached.asked).on(top)
    told = kinds.Escalated(
        row=top.row,
        clock=reached.clock,
        titles=dict(top.title),
        due_at=reached.due_at,
        persons=tuple(person.pk for person in persons),
        names=tuple(person.name for person in persons),
        asked_desk=reached.asked.desk_id if reached.asked else 0,
    )
    case.write(told, by=by, at=at)
    if top.opens == OVERSIGHT:
        order_report(case, told.titles["zh"], by=by, at=at)
    return True


def _is_first(reached: Reached, case: Complaint, at: datetime) -> bool:
    """Mark the reached rungs; False when somebody else has climbed the highest one meanwhile."""
    key = {"complaint": case, "about": reached.about, "due_at": reached.due_at}
    for step in reached.steps[:-1]:
        Rung.objects.get_or_create(row=step.row, **key, defaults={"at": at})
    try:
        with transaction.atomic():
            Rung.objects.create(row=reached.steps[-1].row, **key, at=at)
    except IntegrityError:
        return False
    return True
