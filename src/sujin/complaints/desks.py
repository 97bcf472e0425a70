"""Which organisation a desk selector of the routing table means, and who is on duty there."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import datetime

from django.db.models import Q

from sujin.platform.models import Org, Person, Post
from sujin.platform.organisation import OrgKind
from sujin.platform.reach import roles

BESIDE = (OrgKind.DEPARTMENT, OrgKind.COMPANY, OrgKind.CENTRE)
CONSUMER = "consumer"
EXPERT, LIAISON = "expert", "liaison"
# Who answers for a desk when nobody has claimed yet, first that is found.
DUTY = (
    "handler",
    "company_handler",
    "outlet_manager",
    "line_owner",
    "supervisor",
    "regulator_liaison",
    "teller",
    "agent",
)


# How high an organisation stands; a department stands where the one it belongs to stands.
_RANK = {kind: rank for rank, kind in enumerate(("head", "branch1", "branch2", "sub", "outlet"))}


class UnknownOrg(LookupError):
    """No organisation has this code."""


class Desks:
    """The organisations around one or many cases, each looked up once. Make one per act."""

    def __init__(self, at: datetime) -> None:
        self.at = at
        self._orgs: dict[int, Org] = {}
        self._around: dict[int, list[Org]] = {}
        self._known: set[int] = set()
        self._posts: dict[int, list[Post]] = defaultdict(list)

    def by_codes(self, codes: Iterable[str]) -> dict[str, Org]:
        """The organisations with these codes; raises UnknownOrg for the first that is none."""
        wanted = set(codes)
        found = {org.code: org for org in Org.objects.filter(code__in=wanted)}
        for code in sorted(wanted - found.keys()):
            raise UnknownOrg(code)
        self.learn(found.values())
        return found

    def learn(self, orgs: Iterable[Org]) -> None:
        """Look up all that lies around these organisations, and who is posted there, at once."""
        new = {org.pk: org for org in orgs if org.pk not in self._known}
        ids = {step for org in new.values() for step in org.lineage} - self._known
        if not ids:
            return
        near = Org.objects.filter(Q(pk__in=ids) | Q(parent__in=ids, kind__in=BESIDE))
        fresh = {org.pk: org for org in near if org.pk not in self._orgs}
        held = Post.objects.on_duty_at(self.at).filter(org__in=fresh, role__in=DUTY)
        for post in held.select_related("person").order_by("pk"):
            self._posts[post.org_id].append(post)
        self._orgs |= fresh
        self._known |= ids

    def around(self, org: Org) -> list[Org]:
        """The organisations above ``org``, itself, and the departments beside each of them."""
        self.learn([org])
        if org.pk not in self._around:
            self._around[org.pk] = self._near(org)
        return self._around[org.pk]

    def resolve(self, selector: str, *, origin: Org, line: str) -> Org:
        """The desk a routing row names, seen from ``origin``; the nearest level above stands in."""
        if selector == "origin":
            return origin
        if selector in {"sub", "branch2", "branch1"}:
            return self._level(origin, selector)
        if selector == "line":
            return self._department(origin, line, top=True) or self.top(origin)
        if selector == "line_branch":
            return self._department(origin, line, top=False) or self._level(origin, "branch1")
        if selector in {"company", "centre"}:
            return self._of_kind(origin, selector) or self.top(origin)
        return self.top(origin)

    def top(self, origin: Org) -> Org:
        """Head office's consumer-protection desk, or the head office while it has none."""
        return self._department(origin, CONSUMER, top=True) or self.around(origin)[0]

    def above(self, desk: Org) -> Org:
        """One level up; from the first level on that is the consumer-protection desk."""
        parent = next((org for org in self.around(desk) if org.pk == desk.parent_id), None)
        return self.top(desk) if parent is None or parent.is_root else parent

    def owners(self, origin: Org, line: str) -> list[Org]:
        """Departments and companies that own the line and see the case from the first minute."""
        return [org for org in self.around(origin) if line and org.line == line]

    def duty_officer(self, desk: Org, barred: Collection[int] = ()) -> Person | None:
        """Who answers for the desk today, looking up the tree when nobody is posted there but
        those ``barred``: the recused persons of a case."""
        self.learn([desk])
        for step in reversed(desk.lineage):
            posts = [post for post in self._posts.get(step, []) if post.person_id not in barred]
            if posts:
                return min(posts, key=lambda post: (DUTY.index(post.role), post.pk)).person
        return None

    def head(self, desk: Org, barred: Collection[int] = ()) -> Person | None:
        """Whoever leads the house and is not barred, when nobody is posted above the desk."""
        root = self.around(desk)[0]
        posts = Post.objects.on_duty_at(self.at).filter(org=root, role="manager").order_by("pk")
        found = posts.exclude(person__in=barred).select_related("person").first()
        return found.person if found else None

    def successor(self, desk: Org, barred: Collection[int] = ()) -> Person | None:
        """Who is accountable where the desk's own person cannot be: up the tree, then head office's
        consumer-protection desk, then its head; the head at last even if barred, never nobody."""
        return (
            self.duty_officer(desk, barred)
            or self.duty_officer(self.top(desk), barred)
            or self.head(desk, barred)
            or self.head(desk)
        )

    def employs(self, desk: Org, person: Person) -> bool:
        """Whether the person holds a post that handles cases at this very desk."""
        self.learn([desk])
        return any(post.person_id == person.pk for post in self._posts.get(desk.pk, ()))

    def is_manned(self, desk: Org, barred: Collection[int] = ()) -> bool:
        """Whether anybody who handles cases and is not barred is posted at this very desk."""
        if desk.pk not in self._orgs:
            self.learn([desk])
        return any(post.person_id not in barred for post in self._posts.get(desk.pk, ()))

    def experts(self, origin: Org, line: str, barred: Collection[int] = ()) -> list[Post]:
        """Experts on call around ``origin``: those of the line first, the nearest first."""
        near = {org.pk: org for org in self.around(origin)}
        posts = Post.objects.on_duty_at(self.at).filter(org__in=near, role=EXPERT)
        held = posts.exclude(person__in=barred).select_related("person", "org")
        return sorted(
            held, key=lambda post: (post.org.line != line, -len(post.org.lineage), post.pk)
        )

    def liaisons(self, branch: Org, barred: Collection[int] = ()) -> list[Person]:
        """The liaison officers of a first-level branch who are there today, deputies included."""
        posts = Post.objects.on_duty_at(self.at).filter(org=branch, role=LIAISON)
        posts = posts.exclude(person__in=barred)
        return [
            post.person for post in posts.select_related("person").order_by("stands_in_for", "pk")
        ]

    def branch_of(self, org: Org) -> Org | None:
        """The first-level branch the organisation belongs to; none at head office."""
        return next((one for one in self.around(org) if one.kind == OrgKind.BRANCH1), None)

    def instead_of(self, person: Person, desk: Org, barred: Collection[int] = ()) -> list[Person]:
        """The person; while away or barred, whoever stands in, or else who answers for the desk.
        Whoever is there hears of it, barred or not, before nobody does."""
        is_there = not person.absences.on(self.at).exists()
        if is_there and person.pk not in barred:
            return [person]
        standing = Post.objects.on_duty_at(self.at).filter(stands_in_for__person=person)
        standing = standing.exclude(person__in=barred).select_related("person")
        found = {post.person_id: post.person for post in standing}
        officer = self.duty_officer(desk, barred) or (person if is_there else None)
        return list(found.values()) or ([officer] if officer else [])

    def staff(self, desk: Org, may: str = "claim") -> list[Person]:
        """Everybody on duty at the desk today who may claim there, or do what else is asked."""
        able = [role.code for role in roles().values() if may in role.may]
        posts = Post.objects.on_duty_at(self.at).filter(org=desk, role__in=able)
        return list(
            {post.person_id: post.person for post in posts.select_related("person")}.values()
        )

    def _near(self, org: Org) -> list[Org]:
        above = set(org.lineage)
        near = (
            found
            for found in self._orgs.values()
            if found.pk in above or (found.parent_id in above and found.kind in BESIDE)
        )
        return sorted(near, key=lambda found: (len(found.lineage), found.pk))

    def _level(self, origin: Org, kind: str) -> Org:
        ladder = ["outlet", "sub", "branch2", "branch1"]
        wanted = ladder[ladder.index(kind) :]
        above = [org for org in self.around(origin) if org.pk in origin.lineage]
        for level in wanted:
            found = next((org for org in above if org.kind == level), None)
            if found is not None:
                return found
        return self.top(origin)

    def _department(self, origin: Org, line: str, *, top: bool) -> Org | None:
        owners = [org for org in self.owners(origin, line) if org.kind in {"department", "company"}]
        root = self.around(origin)[0]
        own = [org for org in owners if (org.parent_id == root.pk) is top]
        return (own[0] if top else own[-1]) if own else None

    def _of_kind(self, origin: Org, kind: str) -> Org | None:
        return next((org for org in self.around(origin) if org.kind == kind), None)


def is_above(to: Org, giver: Org) -> bool:
    """Whether ``to`` stands above ``giver``: over it, or elsewhere on a higher level."""
    if to.pk == giver.pk:
        return False
    return to.pk in giver.lineage or _rank(to) < _rank(giver)


def _rank(org: Org) -> int:
    level = org.parent if org.kind in BESIDE else org
    return _RANK.get(level.kind, 0) if level else 0
