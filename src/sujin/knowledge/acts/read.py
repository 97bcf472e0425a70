"""Read what was handed out: open it, say that it is understood, or show it in the quiz."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _t

from sujin.knowledge import kinds
from sujin.knowledge.audience import audience_of
from sujin.knowledge.models import Acknowledgement
from sujin.knowledge.quiz import Marked, Source, drawn, is_passed, marked, served_of, sources_of
from sujin.platform import reach
from sujin.platform.models import Person
from sujin.platform.refusal import Refusal


class CannotRead(Refusal):
    """There is nothing to read, or it is not understood yet; the message says what to do."""


@transaction.atomic
def open_reading(reading: Acknowledgement, *, by: Person, at: datetime) -> None:
    """The first time somebody opens it; opening again is nothing new, and says so."""
    held = _held(reading, by)
    if held.read_at is not None:
        raise CannotRead(_t("已经打开过"))
    _refuse_fallen(held, by, at)
    held.write(kinds.ReadingOpened(read_at=at), by=by, at=at)


@transaction.atomic
def understand(reading: Acknowledgement, *, by: Person, at: datetime) -> None:
    """Read and understood, by the person's own word; where a quiz is asked for, a word is not
    enough, unless every question was about what has been withdrawn since."""
    held = _held(reading, by)
    if held.understood_at is not None:
        raise CannotRead(_t("已经确认过"))
    if held.read_at is None:
        raise CannotRead(_t("请先打开阅读"))
    _refuse_fallen(held, by, at)
    if held.distribution.wants_quiz and _sources(held, by, at):
        raise CannotRead(_t("这一份须通过小测才算读懂"))
    held.write(kinds.ReadingUnderstood(understood_at=at), by=by, at=at)


@transaction.atomic
def take_quiz(
    reading: Acknowledgement, said: Mapping[str, str], *, by: Person, at: datetime
) -> list[Marked]:
    """Mark the answers of one try; whoever passes has understood. What was passed stays so."""
    held = _held(reading, by)
    if held.read_at is None:
        raise CannotRead(_t("请先打开阅读"))
    _refuse_fallen(held, by, at)
    found = marked(drawn(held, _sources(held, by, at)), said)
    if not found:
        raise CannotRead(_t("所发内容里没有小测题目"))
    right = sum(one.is_right for one in found)
    passed_at = held.passed_at or (at if is_passed(right, len(found)) else None)
    told = kinds.QuizTaken(
        right=right, asked=len(found), tries=held.tries + 1, passed_at=passed_at,
        understood_at=held.understood_at or passed_at,
        wrong=tuple(one.asked.code for one in found if not one.is_right),
    )  # fmt: skip
    held.write(told, by=by, at=at)
    return found


def _held(reading: Acknowledgement, by: Person) -> Acknowledgement:
    rows = Acknowledgement.objects.select_for_update(of=("self",))
    rows = rows.select_related("distribution__version")
    held = rows.get(pk=reading.pk)
    if held.person_id != by.pk:
        raise CannotRead(_t("只能由本人确认"))
    if held.excused_at is not None:
        raise CannotRead(_t("您已不在下发范围内，不用再学"))
    return held


def _sources(held: Acknowledgement, by: Person, at: datetime) -> list[Source]:
    return sources_of(held.distribution, audience_of(reach.of(by, at)), at)


def _refuse_fallen(held: Acknowledgement, by: Person, at: datetime) -> None:
    """A single version that is served to this reader no longer is not to be read any more."""
    if held.distribution.version_id is None:
        return
    if not served_of(held.distribution, audience_of(reach.of(by, at)), at).exists():
        raise CannotRead(_t("这一版已停用，不用再学"))
