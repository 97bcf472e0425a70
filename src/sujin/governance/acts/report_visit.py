"""What was found on a visit, one concern after the other, each with an owner; then the report."""

from datetime import date, datetime

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _t

from sujin.governance.acts.propose_visit import (
    WORDS_LEAST,
    end_of,
    held_visit,
    is_visitor,
    spoken,
)
from sujin.governance.kinds import visit as kinds
from sujin.governance.models import Concern, Visit
from sujin.governance.models.visit import MENDS
from sujin.governance.visitbook import severities
from sujin.knowledge.answering import above
from sujin.platform import reach
from sujin.platform.models import Org, Person
from sujin.platform.models.identity import below
from sujin.platform.organisation import OrgKind
from sujin.platform.refusal import Refusal

ELSEWHERE = (OrgKind.DEPARTMENT, OrgKind.COMPANY, OrgKind.CENTRE)


class CannotReport(Refusal):
    """It is not this person's visit, not now, or something is missing; the message says what."""


@transaction.atomic
def open_concern(
    visit: Visit, *, words: str, severity: str, owner: Org, by: Person, at: datetime
) -> Concern:
    """It has an owner and a day from the moment it was found."""
    held, said = held_visit(visit), spoken(words)
    _refuse_unless_there(held, by, at)
    told = severities().get(severity)
    if told is None:
        raise CannotReport(_t("请选择轻重"))
    if len(said) < WORDS_LEAST:
        raise CannotReport(_t("请写明发现了什么"))
    if not owners(held).filter(pk=owner.pk).exists() or not above(owner, MENDS, at):
        raise CannotReport(_t("%(owner)s不能归口这个问题") % {"owner": owner})
    number = held.concerns.count() + 1
    made = Concern.objects.create(visit=held, number=number, found_by=by, found_at=at)
    opened = kinds.ConcernOpened(
        number=number, words=said, severity=severity, owner=owner.pk, owner_name=owner.name,
        due_at=end_of(told.days, at),
    )  # fmt: skip
    made.write(opened, by=by, at=at)
    return made


@transaction.atomic
def report_visit(
    visit: Visit, *, visited_on: date, summary: str, by: Person, at: datetime
) -> None:  # fmt: skip
    """The visit is done; from now on its concerns go their own way."""
    held, said = held_visit(visit), spoken(summary)
    _refuse_unless_there(held, by, at)
    first, today = timezone.localdate(held.proposed_at), timezone.localdate(at)
    if not first <= visited_on <= today:
        raise CannotReport(_t("走访日期须在提出走访以后、今天以前"))
    if len(said) < WORDS_LEAST:
        raise CannotReport(_t("请写明看了什么、结论是什么"))
    told = kinds.VisitReported(
        visited_on=visited_on, summary=said, concerns=held.concerns.count(), reported_at=at
    )
    held.write(told, by=by, at=at)


def owners(visit: Visit) -> QuerySet[Org]:
    """The unit visited, what lies below it, and the departments and companies of the bank."""
    return Org.objects.filter(below([visit.place.path]) | Q(kind__in=ELSEWHERE))


def _refuse_unless_there(visit: Visit, by: Person, at: datetime) -> None:
    if not is_visitor(visit, reach.of(by, at)):
        raise CannotReport(_t("这次走访由%(who)s报告") % {"who": visit.visitor})
    if visit.state != kinds.ACCEPTED:
        raise CannotReport(_t("还没有接受走访，或已经结束"))
