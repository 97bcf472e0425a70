"""A week of the ledger by whoever owns the problems, within a reach."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Q

from sujin.complaints.figures.selection import midnight
from sujin.governance.kinds import ledger as kinds
from sujin.governance.kinds.meeting import OPEN
from sujin.governance.models import Decision, Measure, Problem
from sujin.platform.models import Org
from sujin.platform.reach import Reach

WEEK = timedelta(weeks=1)


@dataclass(frozen=True, slots=True)
class Owner:
    """How many problems of one owner were opened and closed in the week, stand, and are late."""

    org: Org
    new: int
    late: int
    solved: int
    standing: int


@dataclass(frozen=True, slots=True)
class Weekly:
    """``first`` is a Monday. Late is judged on the last day of the week, or today if that is
    earlier."""

    first: date
    is_now: bool
    standing: int
    owners: tuple[Owner, ...]
    new: tuple[Problem, ...]
    late: tuple[Problem, ...]
    solved: tuple[Problem, ...]
    judged: tuple[Measure, ...]
    to_judge: tuple[Measure, ...]
    due: tuple[Decision, ...]


def monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def weekly(first: date, reach: Reach, today: date) -> Weekly:
    """Seven queries, however many owners there are."""
    since, until = midnight(first), midnight(first + WEEK)
    on = min(first + WEEK - timedelta(days=1), today)
    rows = Problem.objects.within(reach).select_related("owner").order_by("owner__path", "pk")
    new = tuple(rows.filter(opened_at__gte=since, opened_at__lt=until))
    solved = tuple(rows.filter(closed_at__gte=since, closed_at__lt=until, state=kinds.SOLVED))
    stood = Q(opened_at__lt=until) & (Q(closed_at__isnull=True) | Q(closed_at__gte=until))
    standing = tuple(rows.filter(stood))
    late = tuple(one for one in standing if one.due_on < on)
    measures = Measure.objects.filter(problem__in=rows.order_by().values("pk"))
    measures = measures.select_related("problem", "problem__owner").order_by("judge_on", "pk")
    judged = tuple(measures.filter(judged_at__gte=since, judged_at__lt=until))
    coming = (first + WEEK, first + 2 * WEEK - timedelta(days=1))
    decisions = Decision.objects.readable(reach).filter(state=OPEN, due_on__lte=coming[1])
    return Weekly(
        first, first == monday(today), len(standing), _owners(new, late, solved, standing),
        new, late, solved, judged,
        tuple(measures.filter(judge_on__range=coming, judged_at__isnull=True)),
        tuple(decisions.select_related("owner", "meeting").order_by("due_on", "pk")),
    )  # fmt: skip


def _owners(*kinds_of: tuple[Problem, ...]) -> tuple[Owner, ...]:
    orgs = {one.owner_id: one.owner for rows in kinds_of for one in rows if one.owner}
    counts = [{key: sum(one.owner_id == key for one in rows) for key in orgs} for rows in kinds_of]
    made = [Owner(org, *(one[key] for one in counts)) for key, org in orgs.items()]
    return tuple(sorted(made, key=lambda one: (-one.late, -one.new, one.org.path)))
