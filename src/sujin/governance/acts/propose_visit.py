"""Ask somebody to go where it is hot, with the figures as they are; they accept or decline."""

from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _t

from sujin.complaints.figures.selection import midnight
from sujin.engine.text import redact
from sujin.engine.workdays import Calendar, CalendarNotLoaded
from sujin.governance import hotmap, visitbook, watching
from sujin.governance.hotmap import DAY, Span
from sujin.governance.kinds import visit as kinds
from sujin.governance.models import Visit
from sujin.governance.models.visit import VISIT
from sujin.platform import reach
from sujin.platform.models import Org, Person, Post
from sujin.platform.reach import Reach, roles
from sujin.platform.refusal import Refusal

WORDS_LEAST = 4
# Holidays are published in December; until then those of the next year are unknown.
WEEKDAYS_ONLY = Calendar({}, {}, frozenset(range(1990, 2200)))


class CannotPropose(Refusal):
    """The place is not hot, the person may not ask for it, or the visitor cannot go there."""


class CannotAnswerVisit(Refusal):
    """It is not this person's to answer, or it was answered."""


class CannotCancel(Refusal):
    """It is not this person's to cancel, or somebody has been there."""


@transaction.atomic
def propose_visit(
    place: Org, span: Span, *, visitor: Person, why: str, due_on: date, by: Person, at: datetime
) -> Visit:
    """The figures are worked out here, never taken from whoever asks."""
    if not reach.of(by, at).allows(VISIT, place.tokens):
        raise CannotPropose(_t("您的岗位不能提出走访%(place)s") % {"place": place})
    refuse_unless_goes(visitor, place, at)
    _refuse_day(due_on, at)
    said = spoken(why)
    if len(said) < WORDS_LEAST:
        raise CannotPropose(_t("请写明为什么走访"))
    made = _made(place, span, by=by, at=at)
    told = kinds.VisitProposed(
        place=place.name, visitor=visitor.pk, visitor_name=visitor.name, why=said, due_on=due_on,
        figures=_hot(place, span).figures(), answer_by=end_of(visitbook.limits().answer, at),
    )  # fmt: skip
    made.write(told, by=by, at=at)
    return made


def _made(place: Org, span: Span, *, by: Person, at: datetime) -> Visit:
    """One visit ahead for each cell, however many ask at once."""
    Org.objects.select_for_update().get(pk=place.pk)
    cell = {"place": place, "business": span.business, "first": span.first, "last": span.last}
    if Visit.objects.filter(**cell, state__in=kinds.AHEAD).exists():
        raise CannotPropose(_t("这里已经有人要去走访"))
    return Visit.objects.create(**cell, proposed_by=by, proposed_at=at)


def _hot(place: Org, span: Span) -> hotmap.Cell:
    cell = hotmap.cell_of(place, span)
    if cell is None or not cell.is_hot:
        raise CannotPropose(_t("这一格不是热点，没有走访的依据"))
    return cell


def refuse_unless_goes(visitor: Person, place: Org, at: datetime) -> None:
    """Nobody of the unit visited, and only who holds a post that goes on visits."""
    posts = list(Post.objects.held_at(at).filter(person=visitor).select_related("org"))
    if any(post.org.path.startswith(place.path) for post in posts):
        said = {"who": visitor, "place": place}
        raise CannotPropose(_t("%(who)s是%(place)s的人，不能走访自己的单位") % said)
    if not any(post.role in roles() and VISIT in roles()[post.role].may for post in posts):
        raise CannotPropose(_t("%(who)s的岗位不走访") % {"who": visitor})


def _refuse_day(due_on: date, at: datetime) -> None:
    today = timezone.localdate(at)
    latest = working_day(today, visitbook.limits().longest)
    if not today <= due_on <= latest:
        raise CannotPropose(_t("走访期限须在今天到 %(day)s 之间") % {"day": latest.isoformat()})


def end_of(days: int, at: datetime) -> datetime:
    """The last minute of the working day so many after the local day of ``at``."""
    return midnight(working_day(timezone.localdate(at), days) + DAY) - timedelta(minutes=1)


def working_day(day: date, count: int) -> date:
    """So many working days later; beyond the published calendar Monday to Friday count."""
    try:
        return watching.house_calendar().add_working(day, count)
    except CalendarNotLoaded:
        return WEEKDAYS_ONLY.add_working(day, count)


def spoken(words: str) -> str:
    """What a person wrote, without numbers that name a customer."""
    return redact(words.strip()).text


@transaction.atomic
def accept_visit(visit: Visit, *, by: Person, at: datetime) -> None:
    """The visitor goes."""
    held = held_visit(visit)
    _refuse_unless_visitor(held, by, at)
    held.write(kinds.VisitAccepted(), by=by, at=at)


@transaction.atomic
def decline_visit(visit: Visit, *, because: str, by: Person, at: datetime) -> None:
    """The visitor does not go; somebody else may be asked."""
    held, said = held_visit(visit), spoken(because)
    _refuse_unless_visitor(held, by, at)
    if len(said) < WORDS_LEAST:
        raise CannotAnswerVisit(_t("请写明理由"))
    held.write(kinds.VisitDeclined(because=said), by=by, at=at)


def _refuse_unless_visitor(visit: Visit, by: Person, at: datetime) -> None:
    if not is_visitor(visit, reach.of(by, at)):
        raise CannotAnswerVisit(_t("这次走访由%(who)s答复") % {"who": visit.visitor})
    if visit.state != kinds.PROPOSED:
        raise CannotAnswerVisit(_t("已经答复过，或已经取消"))


@transaction.atomic
def cancel_visit(visit: Visit, *, because: str, by: Person, at: datetime) -> None:
    """Nobody goes: as long as nothing was found there."""
    held, said = held_visit(visit), spoken(because)
    if not may_cancel(held, reach.of(by, at)):
        raise CannotCancel(_t("走访由提出的人或其上级取消"))
    if not held.is_ahead:
        raise CannotCancel(_t("已经结束"))
    if held.concerns.exists():
        raise CannotCancel(_t("已经登记了问题，请写走访报告"))
    if len(said) < WORDS_LEAST:
        raise CannotCancel(_t("请写明理由"))
    held.write(kinds.VisitCancelled(because=said), by=by, at=at)


def is_visitor(visit: Visit, mine: Reach) -> bool:
    """The person asked, or who acts in that person's place today."""
    return visit.visitor_id in {mine.person_id, *mine.stood_in_for}


def may_cancel(visit: Visit, mine: Reach) -> bool:
    """Whoever proposed it, or might have."""
    return visit.proposed_by_id == mine.person_id or mine.allows(VISIT, visit.place.tokens)


def held_visit(visit: Visit) -> Visit:
    """The visit as it is now, held to the end of the transaction."""
    rows = Visit.objects.select_for_update(of=("self",)).select_related("place", "visitor")
    return rows.get(pk=visit.pk)
