"""件件有回音: the owner of a concern answers; the visitor confirms it, or sends it back."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _t

from sujin.governance.acts.propose_visit import WORDS_LEAST, end_of, is_visitor, spoken
from sujin.governance.kinds import visit as kinds
from sujin.governance.models import Concern
from sujin.governance.models.visit import MENDS
from sujin.governance.visitbook import severities
from sujin.platform import reach
from sujin.platform.models import Person
from sujin.platform.reach import Reach
from sujin.platform.refusal import Refusal


class CannotAnswerConcern(Refusal):
    """It is not this person's to answer, or it was answered."""


class CannotConfirm(Refusal):
    """There is nothing to confirm, or it is not this person's to judge."""


@transaction.atomic
def answer_concern(concern: Concern, *, answer: str, by: Person, at: datetime) -> None:
    """What was done about it; whoever found it cannot answer it."""
    held, said = held_concern(concern), spoken(answer)
    if not may_answer(held, reach.of(by, at)):
        raise CannotAnswerConcern(_t("这个问题由%(owner)s答复") % {"owner": held.owner})
    if held.state != kinds.OPEN:
        raise CannotAnswerConcern(_t("已经答复，等走访的人确认"))
    if len(said) < WORDS_LEAST:
        raise CannotAnswerConcern(_t("请写明改了什么"))
    told = kinds.ConcernAnswered(
        number=held.number, answer=said, answered_at=at, answered_by=by.pk
    )  # fmt: skip
    held.write(told, by=by, at=at)


@transaction.atomic
def confirm_concern(concern: Concern, *, because: str, by: Person, at: datetime) -> None:
    """The visitor has seen that it is done."""
    held, said = _judged(concern, because, by, at)
    told = kinds.ConcernConfirmed(number=held.number, because=said, confirmed_at=at)
    held.write(told, by=by, at=at)


@transaction.atomic
def return_concern(concern: Concern, *, because: str, by: Person, at: datetime) -> None:
    """It is not done: its owner has as many days again."""
    held, said = _judged(concern, because, by, at)
    days = severities()[held.severity].days
    told = kinds.ConcernReturned(
        number=held.number, because=said, returns=held.returns + 1, due_at=end_of(days, at)
    )
    held.write(told, by=by, at=at)


def may_answer(concern: Concern, mine: Reach) -> bool:
    """Whoever works at the owner's desk or above it, but not who found it."""
    owner = concern.owner
    if owner is None or concern.found_by_id == mine.person_id:
        return False
    return mine.allows(MENDS, owner.tokens)


def may_judge(concern: Concern, mine: Reach) -> bool:
    """The visitor, or whoever proposed the visit; never who answered."""
    visit = concern.visit
    judges = is_visitor(visit, mine) or visit.proposed_by_id == mine.person_id
    return judges and concern.answered_by_id != mine.person_id


def _judged(concern: Concern, because: str, by: Person, at: datetime) -> tuple[Concern, str]:
    held, said = held_concern(concern), spoken(because)
    if not may_judge(held, reach.of(by, at)):
        raise CannotConfirm(_t("答复由走访的人或提出走访的人确认"))
    if held.state != kinds.ANSWERED:
        raise CannotConfirm(_t("还没有答复，或已经确认"))
    if len(said) < WORDS_LEAST:
        raise CannotConfirm(_t("请写明看到了什么"))
    return held, said


def held_concern(concern: Concern) -> Concern:
    """The concern as it is now, held to the end of the transaction."""
    rows = Concern.objects.select_for_update(of=("self",))
    return rows.select_related("owner", "visit__visitor", "visit__place").get(pk=concern.pk)
