"""Bank and company at one case: which legal entity a reader stands for, and what that side reads.

A reader sees a case whole when one of the ways to it leads through the legal entity that has it,
through the head office, or because the reader answers for it. Whoever reaches it only through the
other entity sees its facts, what is addressed to both, and what its own side wrote.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from django.db.models import Exists, OuterRef, Q
from django.db.models.functions import TruncDate
from django.utils.timezone import localdate

from sujin.complaints import kinds
from sujin.complaints.desks import CONSUMER
from sujin.complaints.kinds.base import DocketKind
from sujin.complaints.kinds.sessions import SessionKind
from sujin.complaints.models import Approval, Assignment, Complaint
from sujin.platform.journal import Kind
from sujin.platform.models import Entry, Org, Person, Post
from sujin.platform.organisation import BANK, OrgKind, legal_entity
from sujin.platform.reach import Reach, roles

Key = tuple[str, int]
# What the case is and who has it: both sides need it to do their part.
FACTS = (
    kinds.Registered, kinds.Transferred, kinds.Triaged, kinds.Contacted, kinds.Repeated,
    kinds.Grouped, kinds.Routed, kinds.Claimed, kinds.Accepted,
)  # fmt: skip
BOTH = (
    kinds.PlanAgreed, kinds.Shared, kinds.SplitAgreed, kinds.SplitDisputed, kinds.SplitDecided,
)  # fmt: skip
# What the customer says outside is nobody's inner matter, whichever account took it down.
CUSTOMERS = (kinds.Noted, kinds.Attached, kinds.CalledBack)
# The actions that the side which does not have the case may still take.
SHARED_ACTIONS = frozenset(
    {"accept", "decline", "note", "files", "opinion", "split-agreement", "split-dispute", "review"}
)


class Reads(Enum):
    """How much of an entry a side reads."""

    WHOLE = "whole"
    # That it happened, as the customer sees it; not the words.
    TITLE = "title"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class Sight:
    """The legal entities a reader stands for at one case, and whether that is all there is."""

    sides: frozenset[int]
    is_partial: bool


class Entities:
    """The companies of the group, looked up once. Make one per request or act."""

    def __init__(self) -> None:
        rows = Org.objects.filter(kind=OrgKind.COMPANY).values_list("pk", "path")
        self.paths: dict[int, str] = dict(rows)

    def side_of(self, org: Org) -> int:
        return legal_entity(org.lineage, self.paths)

    def holder(self, case: Complaint) -> int:
        """The entity of the desk that has the case; of its door, while no desk has."""
        return self.side_of(case.desk or case.origin)

    def look(self, case: Complaint, reach: Reach) -> Sight:
        """How the reader sees this case."""
        ways = _ways(case, reach)
        sides = frozenset(self.side_of(post.org) for post in ways)
        is_whole = (
            reach.everything
            or case.accountable_id == reach.person_id
            or self.holder(case) in sides
            or any(_is_judge(post.org) for post in ways)
        )
        return Sight(sides, not is_whole)

    def whole(self, reach: Reach, prefix: str = "") -> Q:
        """The cases the reader sees whole, as a condition on rows; the same rule as ``look``."""
        if reach.everything:
            return Q()
        found = Q(**{f"{prefix}accountable": reach.person_id})
        tokens: dict[int, set[str]] = defaultdict(set)
        for post in reach.posts:
            tokens[self.side_of(post.org)] |= _tokens(reach, post)
            if _is_judge(post.org):
                found |= Q(**{f"{prefix}seen_by__sharing": sorted(_tokens(reach, post))})
        for entity, seen in tokens.items():
            sharing = Q(**{f"{prefix}seen_by__sharing": sorted(seen)})
            found |= sharing & self._held_by(entity, prefix)
        return found

    def _held_by(self, entity: int, prefix: str) -> Q:
        if entity == BANK:
            return ~self._within(self.paths, prefix)
        path = self.paths[entity]
        inner = [pk for pk, one in self.paths.items() if pk != entity and one.startswith(path)]
        return self._within([entity], prefix) & ~self._within(inner, prefix)

    def _within(self, companies: Iterable[int], prefix: str) -> Q:
        found = Q(pk__in=())
        for pk in companies:
            path = self.paths[pk]
            found |= Q(**{f"{prefix}desk__path__startswith": path})
            doors = {f"{prefix}desk__isnull": True, f"{prefix}origin__path__startswith": path}
            found |= Q(**doors)
        return found

    def of_people(
        self, said: Mapping[Key, tuple[int, datetime]]
    ) -> dict[Key, frozenset[int]]:
        """Who said it and when -> the entities that person had posts at on the day; one query."""
        held: dict[int, list[Post]] = defaultdict(list)
        people = {person for person, _at in said.values()}
        for post in Post.objects.filter(person__in=people).select_related("org"):
            held[post.person_id].append(post)
        return {
            key: frozenset(self.side_of(post.org) for post in held[person] if _is_held(post, at))
            for key, (person, at) in said.items()
        }


def _is_held(post: Post, at: datetime) -> bool:
    day = localdate(at)
    return post.since <= day and (post.until is None or day <= post.until)


def _ways(case: Complaint, reach: Reach) -> list[Post]:
    seen = set(case.seen_by)
    return [post for post in reach.posts if _tokens(reach, post) & seen]


def _tokens(reach: Reach, post: Post) -> set[str]:
    """What opens cases to the holder of this post."""
    role = roles()[post.role]
    tokens = {f"o:{post.org_id}"} if role.sees == "desk" else set()
    if role.sees == "own" or "receive" in role.may:
        tokens.add(f"p:{reach.person_id}")
    return tokens


def _is_judge(org: Org) -> bool:
    """Head office and its consumer-protection desk stand above both sides."""
    return org.is_root or (org.line == CONSUMER and len(org.lineage) == 2)


def may_read(
    kind: Kind, sight: Sight, *, author: frozenset[int], addressed: frozenset[int]
) -> Reads:
    """How much the reader's side reads of what somebody of ``author`` wrote to ``addressed``."""
    if not sight.is_partial or (author and author <= sight.sides):
        return Reads.WHOLE
    if isinstance(kind, (*FACTS, *BOTH)) or addressed & sight.sides:
        return Reads.WHOLE
    if isinstance(kind, CUSTOMERS) and not author:
        return Reads.WHOLE
    return Reads.TITLE if isinstance(kind, DocketKind) and kind.public else Reads.NOTHING


@dataclass(frozen=True, slots=True)
class Told:
    """An entry, read, with the side that wrote it and the sides it is addressed to."""

    entry: Entry
    kind: Kind
    author: frozenset[int]
    addressed: frozenset[int]

    def reads(self, sight: Sight) -> Reads:
        return may_read(self.kind, sight, author=self.author, addressed=self.addressed)


def told(entries: Iterable[Entry], entities: Entities) -> list[Told]:
    """The entries with their sides, in a fixed number of queries."""
    read = [(entry, entry.what()) for entry in entries]
    said: dict[Key, tuple[int, datetime]] = {
        ("entry", entry.pk): (entry.by_id, entry.at) for entry, _kind in read
    }
    sides = entities.of_people(said | _askers([kind for _entry, kind in read]))
    orgs = Org.objects.in_bulk([pk for _entry, kind in read for pk in addressees(kind)])
    return [_told(entry, kind, sides, orgs, entities) for entry, kind in read]


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
    if isinstance(kind, kinds.Granted | kinds.Refused):
        # The answer repeats the request: it is as inner as what was asked, whoever gave it.
        author = sides.get(("request", kind.request), frozenset())
    return Told(entry, kind, author, addressed)


def _askers(found: Iterable[Kind]) -> dict[Key, tuple[int, datetime]]:
    """Who asked for the opinions and the permissions that these kinds give."""
    asked = {kind.assignment for kind in found if isinstance(kind, kinds.OpinionGiven)}
    wanted = {kind.request for kind in found if isinstance(kind, kinds.Granted | kinds.Refused)}
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
    is_sent = isinstance(kind, kinds.Offered | kinds.ReviewAsked)
    return frozenset({kind.desk}) if is_sent else frozenset()


def written_by(sides: frozenset[int], entities: Entities, person: str, day: str) -> Exists:
    """Rows whose ``person`` had a post at one of these entities on the day of ``day``."""
    wanted = Q(pk__in=())
    for side in sides:
        wanted |= _org_within(entities, side)
    posts = Post.objects.filter(
        Q(until__isnull=True) | Q(until__gte=TruncDate(OuterRef(day))),
        person=OuterRef(person),
        since__lte=TruncDate(OuterRef(day)),
        org__in=Org.objects.filter(wanted),
    )
    return Exists(posts)


def _org_within(entities: Entities, side: int) -> Q:
    if side != BANK:
        return Q(path__startswith=entities.paths[side])
    companies = Q(pk__in=())
    for path in entities.paths.values():
        companies |= Q(path__startswith=path)
    return ~companies


def of_reader(reach: Reach, entities: Entities) -> frozenset[int]:
    """Every entity the reader has a post at."""
    return frozenset(entities.side_of(post.org) for post in reach.posts)


def side_of_person(person: Person, at: datetime, entities: Entities) -> frozenset[int]:
    """The entities that the person stands for at the moment."""
    posts = person.posts.held_at(at).select_related("org")
    return frozenset(entities.side_of(post.org) for post in posts)
