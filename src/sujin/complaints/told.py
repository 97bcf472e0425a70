"""Entries read with the side that wrote them: who had the case then, and to whom they speak."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from sujin.complaints import kinds
from sujin.complaints.kinds.sessions import SessionKind
from sujin.complaints.models import Approval, Assignment, Complaint
from sujin.complaints.sides import Entities, Key, Reads, Sight, may_read
from sujin.platform.journal import Kind
from sujin.platform.models import Entry, Org

# What moves a case from desk to desk.
CUSTODY = (kinds.Routed, kinds.Accepted, kinds.TaskForceFormed, kinds.Reopened)


class Custody:
    """Which legal entity had a case at a moment; read from the dockets in two queries."""

    def __init__(self, cases: Iterable[Complaint], entities: Entities) -> None:
        self._doors = {case.pk: entities.side_of(case.origin) for case in cases}
        self._held: dict[int, list[tuple[datetime, int]]] = defaultdict(list)
        entries = Entry.objects.about(Complaint.subject, self._doors).of(*CUSTODY).in_order()
        rows = list(entries.values_list("subject_id", "at", "data__desk"))
        orgs = Org.objects.in_bulk([desk for _pk, _at, desk in rows])
        for pk, at, desk in rows:
            self._held[pk].append((at, entities.side_of(orgs[desk])))

    def holder(self, case: int, at: datetime) -> int:
        sides = [side for since, side in self._held[case] if since <= at]
        return sides[-1] if sides else self._doors[case]


@dataclass(frozen=True, slots=True)
class Told:
    """An entry, read, with the side that wrote it and the sides it is addressed to."""

    entry: Entry
    kind: Kind
    author: frozenset[int]
    addressed: frozenset[int]
    is_of_file: bool

    def reads(self, sight: Sight) -> Reads:
        return may_read(
            self.kind,
            sight,
            author=self.author,
            addressed=self.addressed,
            is_of_file=self.is_of_file,
        )


def told(entries: Iterable[Entry], entities: Entities, custody: Custody) -> list[Told]:
    """The entries with their sides, in a fixed number of queries."""
    read = [(entry, entry.what()) for entry in entries]
    said: dict[Key, tuple[int, datetime]] = {
        ("entry", entry.pk): (entry.by_id, entry.at) for entry, _kind in read
    }
    sides = entities.of_people(said | _askers([kind for _entry, kind in read]))
    orgs = Org.objects.in_bulk([pk for _entry, kind in read for pk in addressees(kind)])
    found = [_told(entry, kind, sides, orgs, entities) for entry, kind in read]
    return [_filed(one, custody) for one in found]


def _filed(one: Told, custody: Custody) -> Told:
    holder = custody.holder(one.entry.subject_id, one.entry.at)
    return replace(one, is_of_file=not one.author or holder in one.author)


def _told(
    entry: Entry,
    kind: Kind,
    sides: Mapping[Key, frozenset[int]],
    orgs: Mapping[int, Org],
    entities: Entities,
) -> Told:
    author = sides[("entry", entry.pk)]
    addressed = frozenset(entities.side_of(orgs[pk]) for pk in addressees(kind) if pk in orgs)
    if isinstance(kind, SessionKind):
        addressed = frozenset(kind.entities)
    if isinstance(kind, kinds.OpinionGiven):
        addressed = sides.get(("assignment", kind.assignment), frozenset())
    if isinstance(kind, kinds.Granted | kinds.Refused | kinds.Lapsed):
        # The answer repeats the request: it is as inner as what was asked, whoever gave it.
        author = sides.get(("request", kind.request), frozenset())
    return Told(entry, kind, author, addressed, is_of_file=False)


def _askers(found: Iterable[Kind]) -> dict[Key, tuple[int, datetime]]:
    """Who asked for the opinions and the permissions that these kinds give."""
    asked = {kind.assignment for kind in found if isinstance(kind, kinds.OpinionGiven)}
    answers = kinds.Granted | kinds.Refused | kinds.Lapsed
    wanted = {kind.request for kind in found if isinstance(kind, answers)}
    said: dict[Key, tuple[int, datetime]] = {}
    for one in Assignment.objects.filter(pk__in=asked):
        said["assignment", one.pk] = (one.asked_by_id, one.asked_at)
    for request in Approval.objects.filter(pk__in=wanted):
        said["request", request.pk] = (request.asked_by_id, request.asked_at)
    return said


def addressees(kind: Kind) -> frozenset[int]:
    """Ids of the desks that an entry is addressed to."""
    if isinstance(kind, kinds.OpinionsAsked):
        return frozenset(int(pk) for pk in kind.desks)
    if isinstance(
        kind, kinds.Offered | kinds.ReviewAsked | kinds.HelpAsked | kinds.ProceededWithout
    ):
        return frozenset({kind.desk})
    if isinstance(kind, kinds.Escalated) and kind.asked_desk:
        return frozenset({kind.asked_desk})
    return frozenset()
