"""The story's interventions as the ledger met them: a problem, its cause, a measure declared a week
before it began, carried out, and judged on its day against what is known to be true."""

from datetime import date, datetime, time, timedelta
from typing import Final

from sujin.engine.series.panel import ALL, Node
from sujin.governance.acts.declare_measure import Plan, carry_out_measure, declare_measure
from sujin.governance.acts.judge_measures import judge_measures
from sujin.governance.acts.open_problem import open_problem
from sujin.governance.acts.settle_problem import close_problem, find_cause, what_is_missing
from sujin.governance.measured import proposed_controls
from sujin.governance.models import Problem
from sujin.governance.models.problem import GOVERN
from sujin.governance.sighting import owner_of
from sujin.knowledge.answering import above
from sujin.lab.cast import LIN_LAN, ZHENG_GANG
from sujin.lab.circumstance import ZONE
from sujin.lab.plants import Intervention
from sujin.lab.scenes import scene
from sujin.platform.acts.organise import system_person
from sujin.platform.models import Org, Person

DAY, WEEK = timedelta(days=1), timedelta(weeks=1)
NINE = time(9, tzinfo=ZONE)
FOUND, DECLARED = 3 * WEEK, WEEK
WEEKS, PROMISED = 26, 0.3
CAUSE: Final = "process"
WHY = "逐件看了近两个月的投诉：网点之间要求不一致，客户事先不知道"
PROOF = "制度文号和上线批次见附件，各网点已公示"
SOLVED = "核验有结论，做法已写入制度"


def rectify(interventions: tuple[Intervention, ...], *, now: datetime) -> None:
    """Every planted intervention that began before ``now``; loading it again adds nothing."""
    for one in interventions:
        begins = _at(one.first)
        if begins < now and not Problem.objects.filter(name=one.title).exists():
            _tell(one, begins, now)
    _close(now)


def _tell(planted: Intervention, begins: datetime, now: datetime) -> None:
    nodes = _nodes(planted)
    # What several branches share is for the line's department: no branch sees the others.
    shared = (ALL, *nodes[0][1:]) if len(nodes) > 1 else nodes[0]
    owner = owner_of(shared, begins)
    desk = above(owner, GOVERN, begins - FOUND)
    if not desk:
        return
    lin = Person.objects.get(staff_no=LIN_LAN.staff_no)
    problem = open_problem(
        nodes[0], "complaint", title=planted.title, owner=owner, by=lin, at=begins - FOUND,
        due_on=planted.first + 40 * WEEK,
    )  # fmt: skip
    find_cause(problem, root=CAUSE, why=WHY, by=desk[0], at=begins - FOUND + DAY)
    problem.refresh_from_db()
    beside = proposed_controls(problem, planted.first)
    controls = tuple(node for node in beside if node not in nodes)
    plan = Plan(
        planted.title, owner, planted.first, WEEKS, PROMISED, 0, controls, also=tuple(nodes[1:])
    )
    measure = declare_measure(problem, plan, by=desk[0], at=begins - DECLARED)
    if begins + DAY < now:
        carry_out_measure(measure, proof=PROOF, by=desk[0], at=begins + DAY)
    judged = _at(plan.judge_on) + DAY / 2
    if judged < now:
        judge_measures(by=system_person(), at=judged)


def _nodes(planted: Intervention) -> list[Node]:
    """The class and cause that its scenes have in common, in each of its branches or everywhere."""
    told = [scene(code) for code in planted.scenes]
    business = _common([one.business for one in told])
    cause = _common([one.cause for one in told])
    branches = Org.objects.filter(code__in=planted.branches).order_by("path")
    paths = list(branches.values_list("path", flat=True))
    everywhere = Org.objects.filter(kind="branch1").count() == len(paths)
    return [(path, business, cause, ALL) for path in ([ALL] if everywhere else paths)]


def _common(codes: list[str]) -> str:
    """The longest code above all of them."""
    steps = [code.split(".") for code in codes]
    kept: list[str] = []
    for place in zip(*steps, strict=False):
        if len(set(place)) > 1:
            break
        kept.append(place[0])
    return ".".join(kept)


def _close(now: datetime) -> None:
    """What may be closed was closed by the manager in charge, on the day after its verdict."""
    zheng = Person.objects.get(staff_no=ZHENG_GANG.staff_no)
    for problem in Problem.objects.standing().order_by("pk"):
        measures = list(problem.measures.all())
        latest = max((one.judged_at for one in measures if one.judged_at), default=None)
        if latest is not None and latest + DAY < now and not what_is_missing(measures):
            close_problem(problem, because=SOLVED, by=zheng, at=latest + DAY)


def _at(day: date) -> datetime:
    return datetime.combine(day, NINE)
