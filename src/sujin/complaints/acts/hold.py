"""Hold a sitting: who came, what came of it, what is to follow; later, what it averted."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _t

from sujin.complaints import escalation, kinds, sight, tables
from sujin.complaints.acts.meet import CannotMeet, about, held_row, still_booked
from sujin.complaints.models import Assignment, Complaint, Participant, Session
from sujin.complaints.models.assignment import FOLLOW_UP
from sujin.engine.text import redact
from sujin.platform.models import Org, Person
from sujin.platform.refusal import Refusal


class CannotClaimAvoided(Refusal):
    """Nobody says "averted" without a risk stated before and a check after."""


@dataclass(frozen=True, slots=True)
class FollowUp:
    """One thing that a desk has to do by a date."""

    what: str
    desk: Org
    due_at: datetime


@transaction.atomic
def hold(
    session: Session,
    *,
    held_at: datetime,
    attended: Sequence[int],
    minutes: str,
    outcome: str,
    plan: str,
    follow_ups: Sequence[FollowUp],
    by: Person,
    at: datetime,
) -> None:
    """Minutes, who came, what came of it; what follows becomes the desks' work."""
    held = still_booked(session, by)
    _refuse_host(held)
    _refuse_minutes(minutes, outcome, plan)
    if not held.booked_at < held_at <= at:
        raise CannotMeet(_t("召开时间要在预约之后、现在之前"))
    held.held_at, held.outcome = held_at, outcome
    held.minutes, held.plan = redact(minutes.strip()).text, redact(plan.strip()).text
    held.check_due_at = tables.check_due(held.risk, outcome, held_at)
    held.save(update_fields=["held_at", "outcome", "minutes", "plan", "check_due_at"])
    came = set(attended)
    invited = list(held.invited.all())
    for one in invited:
        one.attended = one.pk in came
    Participant.objects.bulk_update(invited, ["attended"])
    _assign(held.complaint, follow_ups, by, at)
    held.complaint.write(_held(held, invited, follow_ups), by=by, at=at)


def _refuse_host(session: Session) -> None:
    """Whoever stood aside since it was booked does not lead it, whoever keeps the minutes."""
    if not session.complaint.may_be_handled_by(session.host):
        raise CannotMeet(
            _t("主持人 %(name)s 须回避（银保监会令2020年第3号 第十七条），请取消后换人另约")
            % {"name": session.host}
        )


def _refuse_minutes(minutes: str, outcome: str, plan: str) -> None:
    if outcome not in tables.outcomes():
        raise CannotMeet(_t("请选择结果"))
    if not minutes.strip():
        raise CannotMeet(_t("请写纪要"))
    if tables.outcomes()[outcome]["needs_plan"] == "yes" and not plan.strip():
        raise CannotMeet(_t("达成一致的，请写明商定的办法"))


def _assign(case: Complaint, follow_ups: Sequence[FollowUp], by: Person, at: datetime) -> None:
    if any(one.due_at <= at for one in follow_ups):
        raise CannotMeet(_t("后续事项的期限要在现在以后"))
    Assignment.objects.bulk_create(
        Assignment(
            complaint=case,
            step=FOLLOW_UP,
            desk=one.desk,
            question=redact(one.what.strip()).text[:400],
            asked_by=by,
            asked_at=at,
            due_at=one.due_at,
        )
        for one in follow_ups
    )


def _held(
    session: Session, invited: Sequence[Participant], follow_ups: Sequence[FollowUp]
) -> kinds.SessionHeld:
    case, came = session.complaint, sum(bool(one.attended) for one in invited)
    desks = [one.desk for one in follow_ups]
    row = tables.outcomes()[session.outcome]
    assert session.held_at is not None
    return kinds.SessionHeld(
        **about(session),
        held_at=session.held_at,
        outcome=session.outcome,
        titles=tables.titles(row),
        took_place=row["took_place"] == "yes",
        attended=came,
        absent=len(invited) - came,
        plan=session.plan,
        follow_ups={one.desk.name: redact(one.what.strip()).text for one in follow_ups},
        desks=tuple(sorted({desk.pk for desk in desks})),
        seen_by=tuple(sorted({*case.seen_by, *sight.tokens(desks, [])})),
        check_due_at=session.check_due_at,
    )


@transaction.atomic
def check_avoidance(
    session: Session, *, avoided: str, evidence: str, by: Person, at: datetime
) -> None:
    """Whether what was feared was averted. What happened since speaks first: then it is "no",
    whatever anybody claims. Raises CannotClaimAvoided."""
    held = held_row(session, by)
    _refuse_check(held, at)
    found = escalation.since(held, at)
    verdict = "no" if found else avoided
    words = redact(evidence.strip()).text
    if verdict not in ("yes", "no"):
        raise CannotClaimAvoided(_t("请选择是否避免了升级"))
    if not found and not words:
        raise CannotClaimAvoided(_t("请写明证据：与谁核实、核实了什么"))
    held.avoided, held.checked_at, held.evidence = verdict, at, words
    held.save(update_fields=["avoided", "checked_at", "evidence"])
    told = kinds.AvoidanceChecked(
        **about(held, at_table=False),
        avoided=verdict,
        risk=tables.titles(tables.risks()[held.risk]),
        found=found,
        evidence=words,
    )
    held.complaint.write(told, by=by, at=at)


def _refuse_check(session: Session, at: datetime) -> None:
    if session.held_at is None or session.check_due_at is None:
        raise CannotClaimAvoided(
            _t("没有事前研判升级风险，或者没有开成，不能说避免了升级；下次请在预约时写明风险")
        )
    if session.risk_stated_at >= session.held_at:
        raise CannotClaimAvoided(_t("风险是在会谈以后才写的，不能说避免了升级"))
    if session.checked_at is not None:
        raise CannotClaimAvoided(_t("已经核对过"))
    if at < session.check_due_at:
        raise CannotClaimAvoided(_t("观察期还没有到，请到期再核对"))
