"""What is to be done against a problem, written down before it begins; then carried out."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _t

from sujin.engine.series.panel import Node
from sujin.engine.verify import Definition
from sujin.governance.acts.open_problem import answers_for, held_problem
from sujin.governance.acts.propose_visit import WORDS_LEAST, spoken
from sujin.governance.kinds import ledger as kinds
from sujin.governance.ledgerbook import limits
from sujin.governance.models import Problem
from sujin.governance.models.measure import Measure, named_node
from sujin.governance.models.problem import GOVERN, WAIVE
from sujin.governance.models.wave import in_reach
from sujin.governance.watching import lies_below
from sujin.platform import reach
from sujin.platform.models import Org, Person
from sujin.platform.reach import Reach
from sujin.platform.refusal import Refusal

WEEK = timedelta(weeks=1)


class CannotDeclare(Refusal):
    """It is not this person's, too late to declare, or something is missing."""


class CannotCarryOut(Refusal):
    """It is not this person's to carry out, cancel or waive, or not now."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What is declared of a measure. ``weeks``: how long after ``starts_on`` it is judged;
    ``also``: where it is taken at the same time, besides the problem's own place."""

    words: str
    owner: Org
    starts_on: date
    weeks: int
    promised: float
    settle: int
    controls: tuple[Node, ...]
    sinks: tuple[Node, ...] = ()
    also: tuple[Node, ...] = ()
    definitions: tuple[Definition, ...] = ()

    @property
    def judge_on(self) -> date:
        """The Monday after its last week."""
        monday = self.starts_on - timedelta(days=self.starts_on.weekday())
        return monday + WEEK * (self.weeks + self.settle + (monday < self.starts_on))


@transaction.atomic
def declare_measure(problem: Problem, plan: Plan, *, by: Person, at: datetime) -> Measure:
    """The measure, declared. Its problem is acted on from now."""
    held = held_problem(problem)
    _refuse_unless_owner(held, by, at)
    _refuse_beyond(plan, reach.of(by, at))
    said = _checked(held, plan, at)
    number = held.measures.count() + 1
    made = Measure.objects.create(
        problem=held, number=number, declared_by=by, declared_at=at, starts_on=plan.starts_on,
        judge_on=plan.judge_on,
    )  # fmt: skip
    made.write(_told(kinds.MeasureDeclared, held, plan, said, number), by=by, at=at)
    held.write(kinds.MeasurePlanned(number=number, words=said), by=by, at=at)
    return made


@transaction.atomic
def revise_measure(measure: Measure, plan: Plan, *, by: Person, at: datetime) -> None:
    """Declared anew: only as long as it has not begun."""
    held = held_measure(measure)
    _refuse_unless_owner(held.problem, by, at)
    if held.state != kinds.DECLARED or held.has_begun(timezone.localdate(at)):
        raise CannotDeclare(_t("措施已经开始，声明不能再改"))
    _refuse_beyond(plan, reach.of(by, at))
    said = _checked(held.problem, plan, at)
    told = _told(kinds.MeasureRevised, held.problem, plan, said, held.number)
    held.write(told, by=by, at=at)


def _told(
    kind: type[kinds.MeasureDeclared], problem: Problem, plan: Plan, said: str, number: int
) -> kinds.MeasureDeclared:
    definitions = tuple(
        {"at": one.at.isoformat(), "ratio": one.ratio, "spread": one.spread}
        for one in plan.definitions
    )
    return kind(
        number=number, words=said, owner=plan.owner.pk, owner_name=plan.owner.name,
        starts_on=plan.starts_on, judge_on=plan.judge_on, promised=plan.promised,
        settle=plan.settle, targets=tuple(map(named_node, (problem.node, *plan.also))),
        definitions=definitions,
        controls=tuple(map(named_node, plan.controls)), sinks=tuple(map(named_node, plan.sinks)),
    )  # fmt: skip


def _checked(problem: Problem, plan: Plan, at: datetime) -> str:
    """The measure's words, masked. Raises CannotDeclare."""
    today = timezone.localdate(at)
    said = spoken(plan.words)
    if not problem.root:
        raise CannotDeclare(_t("先定因，再提措施"))
    if len(said) < WORDS_LEAST:
        raise CannotDeclare(_t("请写明做什么"))
    if plan.starts_on <= today:
        raise CannotDeclare(_t("措施须在开始以前声明：开始日期最早是明天"))
    if plan.starts_on > today + timedelta(days=limits().longest_days):
        raise CannotDeclare(_t("开始日期太远"))
    if not 4 <= plan.weeks <= limits().longest_weeks:
        raise CannotDeclare(_t("核验须在开始 4 到 %(n)s 周以后") % {"n": limits().longest_weeks})
    if not 0 < plan.promised < 1:
        raise CannotDeclare(_t("承诺减少的比例须在 0 与 100% 之间"))
    if any(one.ratio is not None and one.at > today for one in plan.definitions):
        raise CannotDeclare(_t("换算比例要有双编码的件作依据：口径还没有变的，不能先写比例"))
    _refuse_overlaps(problem.node, plan)
    return said


def _refuse_beyond(plan: Plan, mine: Reach) -> None:
    """A measure is declared only over places that the person sees."""
    if not all(in_reach(mine, node[0], node[1]) for node in plan.also):
        raise CannotDeclare(_t("不能替看不到的单位声明措施"))


def _refuse_overlaps(target: Node, plan: Plan) -> None:
    """Nothing may be counted twice: what is compared with lies outside of what is changed."""
    others = [*plan.also, *plan.controls, *plan.sinks]
    if len(plan.controls) > limits().controls:
        raise CannotDeclare(_t("对照最多 %(n)s 个") % {"n": limits().controls})
    for at, one in enumerate(others):
        apart = all(not _overlap(one, other) for other in (target, *others[:at]))
        if not apart:
            raise CannotDeclare(_t("同一处不能既是目标又是对照或去向，也不能算两次"))


def _overlap(one: Node, other: Node) -> bool:
    return lies_below(one, other) or lies_below(other, one)


@transaction.atomic
def carry_out_measure(measure: Measure, *, proof: str, by: Person, at: datetime) -> None:
    """It has been carried out, with proof; not before it was to begin."""
    held, said = held_measure(measure), spoken(proof)
    if not carries_out(held, reach.of(by, at)):
        raise CannotCarryOut(_t("由%(owner)s落实") % {"owner": held.owner})
    if held.state != kinds.DECLARED:
        raise CannotCarryOut(_t("已经落实或已经了结"))
    today = timezone.localdate(at)
    if not held.has_begun(today):
        raise CannotCarryOut(_t("还没到开始日期；提前开始请先修改声明"))
    if held.judge_on <= today:
        raise CannotCarryOut(_t("核验日已到，不能再登记落实"))
    if len(said) < WORDS_LEAST:
        raise CannotCarryOut(_t("请写明怎样落实的、凭什么能看到"))
    held.write(kinds.MeasureDone(number=held.number, proof=said, done_at=at), by=by, at=at)


@transaction.atomic
def cancel_measure(measure: Measure, *, because: str, by: Person, at: datetime) -> None:
    """It is not carried out: only before it begins. Later its outcome could be seen first."""
    held, said = held_measure(measure), spoken(because)
    if not carries_out(held, reach.of(by, at)):
        raise CannotCarryOut(_t("由%(owner)s取消") % {"owner": held.owner})
    if held.state != kinds.DECLARED or held.has_begun(timezone.localdate(at)):
        raise CannotCarryOut(_t("措施开始以后不能取消：落实后等待核验，或请分管领导签字豁免"))
    if len(said) < WORDS_LEAST:
        raise CannotCarryOut(_t("请写明理由"))
    held.write(kinds.MeasureCancelled(number=held.number, because=said), by=by, at=at)


@transaction.atomic
def waive_measure(measure: Measure, *, because: str, by: Person, at: datetime) -> None:
    """Signed: it needs no verdict. Never by who declared it."""
    held, said = held_measure(measure), spoken(because)
    if not may_waive(held, reach.of(by, at)) or by.pk in declarers(held):
        raise CannotCarryOut(_t("豁免核验由分管领导签字，不能是提出措施的人"))
    if not held.can_be_waived:
        raise CannotCarryOut(_t("已经了结，无需豁免"))
    if len(said) < WORDS_LEAST:
        raise CannotCarryOut(_t("请写明为什么不需要核验"))
    told = kinds.MeasureWaived(number=held.number, because=said, waived_by=by.pk)
    held.write(told, by=by, at=at)


@transaction.atomic
def prolong_measure(
    measure: Measure, *, weeks: int, because: str, by: Person, at: datetime
) -> None:
    """There was too little evidence: look once more, later, with a higher demand."""
    held, said = held_measure(measure), spoken(because)
    _refuse_unless_owner(held.problem, by, at)
    if held.state != kinds.JUDGED or held.is_settled:
        raise CannotCarryOut(_t("只有证据不足的措施可以再核验，且不超过规定次数"))
    if not 4 <= weeks <= limits().longest_weeks:
        raise CannotCarryOut(_t("再等 4 到 %(n)s 周") % {"n": limits().longest_weeks})
    if len(said) < WORDS_LEAST:
        raise CannotCarryOut(_t("请写明理由"))
    later = timezone.localdate(at) + WEEK * weeks
    told = kinds.MeasureProlonged(number=held.number, judge_on=later, because=said)
    held.write(told, by=by, at=at)


def carries_out(measure: Measure, mine: Reach) -> bool:
    """Whether the person works at the desk that carries the measure out, or at the problem's."""
    own = measure.owner_id in {place.pk for place in mine.places(GOVERN)}
    return own or answers_for(measure.problem, mine)


def may_waive(measure: Measure, mine: Reach) -> bool:
    """By post; whoever wrote its declaration may not, whatever the post."""
    if measure.declared_by_id == mine.person_id or measure.problem.owner is None:
        return False
    path = measure.problem.owner.path
    return any(path.startswith(place.path) for place in mine.places(WAIVE))


def declarers(measure: Measure) -> set[int]:
    """Everybody who wrote its declaration, at first or anew."""
    written = [kinds.MeasureDeclared.code, kinds.MeasureRevised.code]
    return set(measure.entries.filter(kind__in=written).values_list("by", flat=True))


def held_measure(measure: Measure) -> Measure:
    """The measure as it is now, held to the end of the transaction."""
    rows = Measure.objects.select_for_update(of=("self",))
    return rows.select_related("problem__owner", "owner").get(pk=measure.pk)


def _refuse_unless_owner(problem: Problem, by: Person, at: datetime) -> None:
    if not answers_for(problem, reach.of(by, at)):
        raise CannotDeclare(_t("由%(owner)s提出措施") % {"owner": problem.owner})
    if not problem.stands:
        raise CannotDeclare(_t("这个问题已经了结"))
