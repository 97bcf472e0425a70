"""Handle it in company: ask every department at once, gather what they say into one plan."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _t

from sujin.complaints import clock, kinds, rounds, sight
from sujin.complaints.acts.claim import locked, refuse_recused
from sujin.complaints.acts.owe import owe, owe_anew
from sujin.complaints.acts.respond import respond
from sujin.complaints.desks import Desks
from sujin.complaints.models import Assignment, Complaint
from sujin.complaints.models.assignment import COACHED, OPINION, OVERSIGHT
from sujin.complaints.rounds import Round
from sujin.engine.sla import Tick
from sujin.engine.text import redact
from sujin.engine.tier import Tier
from sujin.platform import reach
from sujin.platform.models import Org, Person
from sujin.platform.reach import Reach
from sujin.platform.refusal import Refusal

OUTLETS = ("outlet", "sub")


class CannotConfer(Refusal):
    """It cannot be asked, answered or agreed now; the message says why."""


@transaction.atomic
def ask_departments(
    complaint: Complaint, *, desks: Sequence[Org], question: str, by: Person, at: datetime
) -> None:
    """Ask them all in one go; each has the hours that the pack gives its tier."""
    case = _open(complaint, by)
    if not question.strip():
        raise CannotConfer(_t("请写明请各部门回答什么"))
    known = Desks(at)
    if empty := [desk.name for desk in desks if not known.is_manned(desk)]:
        raise CannotConfer(_t("%(desks)s 目前没有在岗人员") % {"desks": _t("、").join(empty)})
    asked = _free(case, desks)
    if not asked:
        raise CannotConfer(_t("请选择部门；已经征求过、还没有回复的不必再选"))
    _assign(case, OPINION, asked, question, by=by, at=at)


def _free(case: Complaint, desks: Sequence[Org]) -> list[Org]:
    """Those of the desks that do not owe the case an opinion already."""
    busy = set(case.assignments.open().filter(step=OPINION).values_list("desk", flat=True))
    return [desk for desk in desks if desk.pk not in busy]


def _assign(
    case: Complaint, step: str, desks: Sequence[Org], question: str, *, by: Person, at: datetime
) -> None:
    owed = [owe(case, step, desk, question, by=by, at=at) for desk in desks]
    asked = [one for one in owed if one is not None]
    if not asked:
        raise CannotConfer(_t("已经请过，还没有回复"))
    _tell(case, asked, by, at)


def _tell(case: Complaint, asked: Sequence[Assignment], by: Person, at: datetime) -> None:
    told = kinds.OpinionsAsked(
        step=asked[0].step,
        desks={str(one.desk_id): one.desk.name for one in asked},
        question=asked[0].question,
        due_at=asked[0].due_at,
        seen_by=tuple(sorted({*case.seen_by, *sight.tokens([one.desk for one in asked], [])})),
    )
    case.write(told, by=by, at=at)


def waiting_for(case: Complaint, person: Person, at: datetime) -> Assignment | None:
    """What the case asks of the person, or of a desk where the person works: what was asked by
    name first, then the most urgent; last what the case went on without, and is still heard."""
    may = reach.of(person, at)
    named = {may.person_id, *may.stood_in_for}

    def rank(row: Assignment) -> tuple[bool, int, datetime, int]:
        """What was asked of me by name; of the desk; of somebody else of the desk."""
        place = 0 if row.person_id in named else 1 if row.person_id is None else 2
        return row.done_at is not None, place, row.due_at, row.pk

    return min(_to_answer(case, may), key=rank, default=None)


def _to_answer(case: Complaint, may: Reach) -> QuerySet[Assignment]:
    return case.assignments.to_answer().asked_of(may).select_related("desk")


@transaction.atomic
def give_opinion(
    complaint: Complaint,
    *,
    answer: str,
    assignment: int | None = None,
    by: Person,
    at: datetime,
) -> None:
    """Answer for the desk where the person works: the question that was on the screen, or the one
    that comes first. Late is heard, too; that nobody had answered in time stays as it is."""
    case = _open(complaint, by)
    found = _asked_of(case, assignment, by, at)
    if not answer.strip():
        raise CannotConfer(_t("请写明意见"))
    found.answer, is_late = redact(answer.strip()).text, found.done_at is not None
    if not is_late:
        found.done_by, found.done_at = by, at
    found.save(update_fields=["answer", "done_by", "done_at"])
    case.write(
        kinds.OpinionGiven(
            assignment=found.pk,
            step=found.step,
            desk_name=found.desk.name,
            answer=found.answer,
            is_late=is_late,
        ),
        by=by,
        at=at,
    )
    if found.step == COACHED:
        # What the outlet did by the plan is a contact like any other.
        respond(case, way="face", note=found.answer, by=by, at=at)


def _asked_of(case: Complaint, assignment: int | None, by: Person, at: datetime) -> Assignment:
    found = waiting_for(case, by, at)
    if assignment is not None:
        found = _to_answer(case, reach.of(by, at)).filter(pk=assignment).first()
    if found is None:
        raise CannotConfer(_t("没有等你部门回复的事项，或已由他人回复"))
    if found.step == OVERSIGHT and found.asked_by_id == by.pk:
        raise CannotConfer(_t("督办由承办部门回复，不能自己回复自己"))
    return found


@transaction.atomic
def agree_plan(complaint: Complaint, *, plan: str, coaches: bool, by: Person, at: datetime) -> None:
    """One plan out of the opinions of this round. Nobody is waited for beyond the limit: whoever is
    silent is named. ``coaches`` asks the outlet where it was brought to make the next contact by
    the plan."""
    case = _open(complaint, by)
    if not plan.strip():
        raise CannotConfer(_t("请写明处理方案"))
    now = rounds.this_round(case)
    asked = case.assignments.filter(step=OPINION).select_related("desk").order_by("pk")
    opinions = [one for one in asked if now.counts(one)]
    early = [one.desk.name for one in opinions if one.done_at is None and one.due_at > at]
    if early:
        raise CannotConfer(_t("还在等 %(desks)s 的意见") % {"desks": _t("、").join(early)})
    # A desk that was asked again is silent when it has not answered the last time.
    last = {one.desk_id: one for one in opinions}
    told = kinds.PlanAgreed(
        plan=redact(plan.strip()).text,
        opinions=sum(bool(one.answer) for one in opinions),
        silent=tuple(one.desk.name for one in last.values() if not one.answer),
        planned_at=at,
    )
    case.write(told, by=by, at=at)
    case.assignments.open().filter(step=OPINION).update(done_at=at)
    if coaches and case.origin.kind in OUTLETS:
        _coach(case, now, told.plan, by=by, at=at)


def _coach(case: Complaint, now: Round, plan: str, *, by: Person, at: datetime) -> None:
    """The outlet owes one contact, by the plan of this round; it is not asked twice for it."""
    owed = case.assignments.open().filter(step=COACHED).select_related("desk").first()
    if owed is None:
        _assign(case, COACHED, [case.origin], plan, by=by, at=at)
    elif now.begun_at is not None and owed.asked_at < now.begun_at:
        owe_anew(owed, plan, by=by, at=at)
        _tell(case, [owed], by, at)


@transaction.atomic
def form_task_force(
    complaint: Complaint,
    *,
    head: Person,
    members: Sequence[Org],
    plan: str,
    by: Person,
    at: datetime,
) -> None:
    """Make it urgent, name its head, bring the members in, write the plan: one action."""
    case = _open(complaint, by)
    if not plan.strip():
        raise CannotConfer(_t("请写明一户一策"))
    desk = _desk_of(head, at)
    if not case.may_be_handled_by(head):
        raise CannotConfer(_t("牵头人须回避，不能办理这一件（银保监会令2020年第3号 第十七条）"))
    case.write(_force(case, head, desk, members, plan=plan, at=at), by=by, at=at)
    # A member that was asked before owes its opinion still, and is not asked again.
    if asked := _free(case, members):
        _assign(case, OPINION, asked, plan, by=by, at=at)


def _force(
    case: Complaint,
    head: Person,
    desk: Org,
    members: Sequence[Org],
    *,
    plan: str,
    at: datetime,
) -> kinds.TaskForceFormed:
    ticks = [*case.ticks(), Tick("accepted", at, post=desk.kind)]
    due = clock.due(case, now=at, ticks=ticks, tier=Tier.URGENT.value)
    return kinds.TaskForceFormed(
        head=head.pk,
        head_name=head.name,
        desk=desk.pk,
        desk_name=desk.name,
        members=tuple(org.name for org in members),
        plan=redact(plan.strip()).text,
        post=desk.kind,
        claimed_at=at,
        planned_at=at,
        seen_by=tuple(sorted({*case.seen_by, *sight.tokens([desk, *members], [head])})),
        due_at=due.at,
        due_clock=due.clock,
    )


def _desk_of(head: Person, at: datetime) -> Org:
    for post in head.posts.held_at(at).select_related("org").order_by("pk"):
        if head in Desks(at).staff(post.org):
            return post.org
    raise CannotConfer(_t("%(name)s 没有可以办理投诉的岗位") % {"name": head})


def _open(complaint: Complaint, by: Person) -> Complaint:
    """The open case, held, for somebody who may have a hand in it."""
    case = locked(complaint)
    if not case.is_open:
        raise CannotConfer(_t("已经结束"))
    refuse_recused(case, by)
    return case
