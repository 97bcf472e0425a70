"""Who looks at what may be urgent: the desk that has it, or the next level where somebody can;
where nobody above can, head office's consumer-protection desk, and in the last resort its head.
Whoever stands aside from a case cannot."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime

from sujin.complaints.desks import Desks
from sujin.complaints.models import Complaint
from sujin.complaints.models.complaint import ComplaintQuerySet
from sujin.complaints.sides import Entities
from sujin.platform.models import Org, Post
from sujin.platform.reach import Reach, roles


def cases_looked_after(reach: Reach, at: datetime) -> list[int]:
    """The waiting cases that the person looks at; at most two queries, but where nobody above one
    of them may set its tier.

    Such a case falls to the consumer-protection desk of its head office, and to whoever leads the
    head office, even while away or standing aside: it is never nobody's.
    """
    mine = {post.org_id for post in reach.posts if post.role in _tiering()}
    if not mine:
        return []
    waiting = waiting_cases(Complaint.objects.within(reach))
    lookers = Lookers(waiting, at)
    return [case.pk for case in waiting if mine & lookers.shown_at(case, reach.person_id)]


def waiting_cases(within: ComplaintQuerySet) -> list[Complaint]:
    """The open cases that wait for a second look at some desk, in order; one query."""
    rows = within.open().filter(awaits_tier=True, desk__isnull=False).order_by("pk")
    return list(rows.select_related("desk").only("recused", "desk"))


class Lookers:
    """Who looks at each of these cases today, looked up once."""

    def __init__(self, cases: Sequence[Complaint], at: datetime) -> None:
        self._able = _able(cases, at)
        lost = [case for case in cases if self._nearest(case) is None]
        self._stand_ins = _stand_ins(lost, at) if lost else {}

    def stand_in(self, case: Complaint) -> Org | None:
        """The consumer-protection desk, where nobody above the case's desk may set its tier today.
        It is asked only within its own legal entity, and if somebody there may."""
        return self._stand_ins.get(case.pk)

    def shown_at(self, case: Complaint, person: int) -> set[int]:
        """The organisations whose posts make this person look at the case."""
        root, nearest, stand_in = _lineage(case)[0], self._nearest(case), self.stand_in(case)
        if person in case.recused:
            # Shown to the head all the same when nobody else is left, who sees to it that one is.
            return set() if nearest or stand_in else {root}
        return {case.desk_id or root, nearest or root, *([stand_in.pk] if stand_in else [])}

    def _nearest(self, case: Complaint) -> int | None:
        """The desk, or the next organisation above it where somebody may set the tier today."""
        barred = set(case.recused)
        return next((step for step in reversed(_lineage(case)) if self._able[step] - barred), None)


def _able(cases: Sequence[Complaint], at: datetime) -> Mapping[int, set[int]]:
    """Who may set tiers today at each of the desks, and at each of what is above them."""
    steps = {step for case in cases for step in _lineage(case)}
    posts = Post.objects.on_duty_at(at).filter(org__in=steps, role__in=_tiering())
    found: dict[int, set[int]] = defaultdict(set)
    for org, person in posts.values_list("org", "person") if steps else ():
        found[org].add(person)
    return found


def _stand_ins(lost: Sequence[Complaint], at: datetime) -> Mapping[int, Org]:
    known, entities, found = Desks(at), Entities(), {}
    for case in lost:
        desk = case.desk
        assert desk is not None
        top = known.top(desk)
        able = {person.pk for person in known.staff(top, "retier")} - set(case.recused)
        if able and entities.side_of(top) == entities.side_of(desk):
            found[case.pk] = top
    return found


def _lineage(case: Complaint) -> list[int]:
    return list(case.desk.lineage) if case.desk else []


def _tiering() -> list[str]:
    return [role.code for role in roles().values() if "retier" in role.may]
