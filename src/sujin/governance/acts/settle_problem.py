"""Find a problem's cause; urge; drop it, or close it once its measures are settled."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _t

from sujin.engine.verify import Verdict
from sujin.governance.acts.declare_measure import declarers
from sujin.governance.acts.lateness import escalate_late, tell_above, tell_desks
from sujin.governance.acts.open_problem import answers_for, held_problem
from sujin.governance.acts.propose_visit import WORDS_LEAST, spoken
from sujin.governance.kinds import ledger as kinds
from sujin.governance.ledgerbook import root_causes
from sujin.governance.models import Problem
from sujin.governance.models.measure import Measure
from sujin.governance.models.problem import GOVERN
from sujin.platform import reach
from sujin.platform.models import Entry, Person
from sujin.platform.reach import Reach, roles
from sujin.platform.refusal import Refusal

OVERSEE = "oversee"


class CannotSettle(Refusal):
    """It is not this person's, not now, or something is missing; the message says what."""


@transaction.atomic
def find_cause(problem: Problem, *, root: str, why: str, by: Person, at: datetime) -> None:
    """Why it happens. May be said better as long as no measure was judged by it."""
    held, said = held_problem(problem), spoken(why)
    _refuse_unless_owner(held, by, at)
    if root not in root_causes():
        raise CannotSettle(_t("请选择根因"))
    if len(said) < WORDS_LEAST:
        raise CannotSettle(_t("请写明为什么会发生"))
    if held.measures.exclude(verdict="").exists():
        raise CannotSettle(_t("已有措施核验过，根因不能再改"))
    held.write(kinds.CauseFound(root=root, why=said), by=by, at=at)


@transaction.atomic
def urge_problem(problem: Problem, *, because: str, by: Person, at: datetime) -> None:
    """督办: its owner hears of it at once."""
    held, said = held_problem(problem), spoken(because)
    if not may_urge(held, reach.of(by, at)):
        raise CannotSettle(_t("您的岗位不能督办这个问题"))
    if not held.stands:
        raise CannotSettle(_t("这个问题已经了结"))
    if len(said) < WORDS_LEAST:
        raise CannotSettle(_t("请写明督办什么"))
    held.write(kinds.ProblemUrged(words=said, urged=held.urged + 1), by=by, at=at)


@transaction.atomic
def drop_problem(problem: Problem, *, because: str, by: Person, at: datetime) -> None:
    """It is no problem: only before anything was done against it."""
    held, said = held_problem(problem), spoken(because)
    if not may_close(held, reach.of(by, at)):
        raise CannotSettle(_t("问题由登记人或上级判定是否成立"))
    taken = held.measures.exclude(state=kinds.CANCELLED).exists()
    if not held.stands or taken:
        raise CannotSettle(_t("已经有措施，或已经了结"))
    if len(said) < WORDS_LEAST:
        raise CannotSettle(_t("请写明为什么不成立"))
    held.write(kinds.ProblemDropped(because=said, closed_at=at), by=by, at=at)


@transaction.atomic
def close_problem(problem: Problem, *, because: str, by: Person, at: datetime) -> None:
    """Solved. Never at analysis: every measure is settled, and one of them worked or was waived."""
    held, said = held_problem(problem), spoken(because)
    if not may_close(held, reach.of(by, at)):
        raise CannotSettle(_t("问题由登记人或上级办结"))
    if not held.stands:
        raise CannotSettle(_t("这个问题已经了结"))
    measures = list(held.measures.order_by("number"))
    missing = what_is_missing(measures)
    if missing:
        raise CannotSettle(missing)
    if any(by.pk in declarers(one) for one in measures):
        raise CannotSettle(_t("提出措施的人不能自己办结"))
    if len(said) < WORDS_LEAST:
        raise CannotSettle(_t("请写明办结的依据"))
    told = kinds.ProblemSolved(
        because=said, closed_at=at,
        worked=sum(one.verdict == Verdict.WORKED for one in measures),
        waived=sum(one.state == kinds.WAIVED for one in measures),
    )  # fmt: skip
    held.write(told, by=by, at=at)


def what_is_missing(measures: list[Measure]) -> str:
    """Why a problem with these measures cannot be closed; nothing when it can."""
    taken = [one for one in measures if one.state != kinds.CANCELLED]
    if not taken:
        return _t("还没有措施：只有分析不能办结")
    waiting = [one for one in taken if not one.is_settled]
    if waiting:
        numbers = "、".join(str(one.number) for one in waiting)
        return _t("措施 %(n)s 还没有结论，也没有签字豁免") % {"n": numbers}
    if not any(one.verdict == Verdict.WORKED or one.state == kinds.WAIVED for one in taken):
        return _t("没有一项措施有效：请再提措施，或请分管领导签字豁免")
    return ""


def may_urge(problem: Problem, mine: Reach) -> bool:
    return OVERSEE in mine.may and _sees(problem, mine)


def may_close(problem: Problem, mine: Reach) -> bool:
    """Whoever wrote it down, or oversees the unit and is not its own desk."""
    own_desk = any(problem.owner_id == place.pk for place in mine.places(GOVERN))
    if problem.opened_by_id == mine.person_id:
        return GOVERN in mine.may
    return OVERSEE in mine.may and not own_desk and _sees(problem, mine)


def _sees(problem: Problem, mine: Reach) -> bool:
    return Problem.objects.within(mine).filter(pk=problem.pk).exists()


def _refuse_unless_owner(problem: Problem, by: Person, at: datetime) -> None:
    if not answers_for(problem, reach.of(by, at)):
        raise CannotSettle(_t("由%(owner)s定因和整改") % {"owner": problem.owner})
    if not problem.stands:
        raise CannotSettle(_t("这个问题已经了结"))


def escalate_problems(*, by: Person, at: datetime) -> int:
    """Those whose cause nobody found in time, once each; how many."""
    return escalate_late(Problem.objects.filter(root=""), kinds.ProblemEscalated, by=by, at=at)


def governing_roles() -> set[str]:
    return {role.code for role in roles().values() if GOVERN in role.may}


def inform_problem_owner(entry: Entry) -> None:
    """The owner's desk hears of a new problem, and that it is urged."""
    problem = Problem.objects.select_related("owner").get(pk=entry.subject_id)
    urgent = isinstance(entry.what(), kinds.ProblemUrged)
    tell_desks([problem.owner], governing_roles(), entry, urgent=urgent)


def inform_above_problem(entry: Entry) -> None:
    problem = Problem.objects.select_related("owner__parent").get(pk=entry.subject_id)
    tell_above(problem.owner, entry)
