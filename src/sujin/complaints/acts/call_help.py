"""Ask somebody by name: the expert on call for the matter, or the branch's liaison officer."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _t

from sujin.complaints import kinds, sight
from sujin.complaints.acts.claim import held_for, refuse_to_call_in
from sujin.complaints.acts.owe import owe
from sujin.complaints.desks import Desks
from sujin.complaints.models import Complaint
from sujin.complaints.models.assignment import EXPERT, LIAISON
from sujin.platform.models import Org, Person, Post
from sujin.platform.refusal import Refusal


class CannotCallHelp(Refusal):
    """Nobody can be asked so; the message says why."""


@transaction.atomic
def call_expert(
    complaint: Complaint, *, expert: Post, question: str, by: Person, at: datetime
) -> None:
    """Ask the holder of an expert's post; raises CannotCallHelp when that person is not there."""
    case = held_for(complaint, by)
    on_call = Desks(at).experts(case.origin, case.line)
    if expert.pk not in {post.pk for post in on_call}:
        raise CannotCallHelp(_t("%(name)s 现在不当班，请另选专家") % {"name": expert.person})
    refuse_to_call_in(case, expert.person)
    _ask(case, EXPERT, expert.org, expert.person, question, by=by, at=at)


@transaction.atomic
def ask_liaison(
    complaint: Complaint, *, branch: Org, question: str, by: Person, at: datetime
) -> None:
    """Ask the liaison officer of a first-level branch; while the officer is away, the deputy."""
    case = held_for(complaint, by)
    officers = Desks(at).liaisons(branch, case.recused)
    if not officers:
        raise CannotCallHelp(_t("%(branch)s 今天没有联络员可以请") % {"branch": branch})
    _ask(case, LIAISON, branch, officers[0], question, by=by, at=at)


def _ask(
    case: Complaint,
    step: str,
    desk: Org,
    person: Person,
    question: str,
    *,
    by: Person,
    at: datetime,
) -> None:
    if not case.is_open:
        raise CannotCallHelp(_t("已经结束"))
    if not question.strip():
        raise CannotCallHelp(_t("请写明要什么帮助"))
    owed = owe(case, step, desk, question, person=person, by=by, at=at)
    if owed is None:
        raise CannotCallHelp(_t("已经请过 %(desk)s，还没有回复") % {"desk": desk})
    told = kinds.HelpAsked(
        step=step,
        person=person.pk,
        name=person.name,
        desk=desk.pk,
        desk_name=desk.name,
        question=owed.question,
        due_at=owed.due_at,
        seen_by=tuple(sorted({*case.seen_by, *sight.tokens([desk], [person])})),
    )
    case.write(told, by=by, at=at)
