"""Bank and company at one case: which legal entity a reader stands for, and what that side reads.

Whoever reaches a case through the legal entity that has it, or answers for it, reads its file: what
was written by the side that had it at the time. Whoever reaches it only through the other entity
reads its facts, what is addressed to both, and what the own side wrote. Neither reads the notes and
papers that the other keeps for its own part. Head office stands above both.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from django.db.models import DateTimeField, Exists, ExpressionWrapper, OuterRef, Q
from django.db.models.functions import TruncDate
from django.utils.timezone import localdate

from sujin.complaints import kinds
from sujin.complaints.desks import CONSUMER
from sujin.complaints.kinds.base import DocketKind
from sujin.complaints.models import Complaint
from sujin.platform.journal import Kind
from sujin.platform.models import Org, Person, Post
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
CUSTOMERS = (kinds.Noted, kinds.Attached, kinds.CalledBack, kinds.Urged)
# What a side may write for its own part while the other has the case.
OWN = (kinds.Noted, kinds.Attached)
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
    """The legal entities a reader stands for at one case; whether the case is with another one;
    and whether the reader stands above both."""

    sides: frozenset[int]
    is_partial: bool
    is_above: bool


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
        is_above = reach.everything or any(_is_judge(post.org) for post in ways)
        is_ours = case.accountable_id in (reach.person_id, *reach.stood_in_for)
        is_held = is_ours or self.holder(case) in sides
        return Sight(sides, is_partial=not (is_above or is_held), is_above=is_above)

    def whole(self, reach: Reach, prefix: str = "") -> Q:
        """The cases the reader sees whole, as a condition on rows; the same rule as ``look``."""
        if reach.everything:
            return Q()
        found = Q(**{f"{prefix}accountable__in": [reach.person_id, *reach.stood_in_for]})
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

    def of_people(self, said: Mapping[Key, tuple[int, datetime]]) -> dict[Key, frozenset[int]]:
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
        if post.stands_in_for is not None:
            tokens.add(f"p:{post.stands_in_for.person_id}")
    return tokens


def _is_judge(org: Org) -> bool:
    """Head office and its consumer-protection desk stand above both sides."""
    return org.is_root or (org.line == CONSUMER and len(org.lineage) == 2)


def may_read(
    kind: Kind,
    sight: Sight,
    *,
    author: frozenset[int],
    addressed: frozenset[int],
    is_of_file: bool,
) -> Reads:
    """How much the reader's side reads of what somebody of ``author`` wrote to ``addressed``;
    ``is_of_file`` says that the author's side had the case then."""
    is_for_us = (author and author <= sight.sides) or addressed & sight.sides
    if sight.is_above or is_for_us or isinstance(kind, (*FACTS, *BOTH)):
        return Reads.WHOLE
    if isinstance(kind, CUSTOMERS) and not author:
        return Reads.WHOLE
    if not sight.is_partial and (is_of_file or not isinstance(kind, OWN)):
        return Reads.WHOLE
    return Reads.TITLE if isinstance(kind, DocketKind) and kind.public else Reads.NOTHING


def may_open(sight: Sight, author: frozenset[int], holder: int) -> bool:
    """Whether the reader's side may open a paper that somebody of ``author`` put in while
    ``holder`` had the case; what the customer handed in is everybody's."""
    is_ours = not author or author <= sight.sides
    return sight.is_above or is_ours or (not sight.is_partial and holder in author)


def written_by(sides: frozenset[int], entities: Entities, person: str, day: str) -> Exists:
    """Rows whose ``person`` had a post at one of these entities on the day of ``day``."""
    wanted = Q(pk__in=())
    for side in sides:
        wanted |= _org_within(entities, side)
    on_day = TruncDate(ExpressionWrapper(OuterRef(day), output_field=DateTimeField()))
    posts = Post.objects.filter(
        Q(until__isnull=True) | Q(until__gte=on_day),
        person=OuterRef(person),
        since__lte=on_day,
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
