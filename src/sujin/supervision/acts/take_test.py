"""The test of a training: begin it, answer it once, and what follows."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _t

from sujin.engine.training import is_passed
from sujin.knowledge.quiz import Asked, Marked, marked
from sujin.platform.models import Entry, Person, Post
from sujin.platform.refusal import Refusal
from sujin.supervision import paper
from sujin.supervision.kinds import training as kinds
from sujin.supervision.models import Attempt, Enrolment
from sujin.supervision.trainingbook import Training, rule


class CannotTest(Refusal):
    """Not now, or not by this person; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What an attempt came to, with every question marked."""

    attempt: Attempt
    marks: tuple[Marked, ...]


def begin(enrolment: Enrolment, *, by: Person, at: datetime) -> Attempt:
    """The next attempt; one that still runs goes on. One that was abandoned too long ago is void:
    the first of a person's is no try, every further one is, or all questions could be looked up
    without one. Raises CannotTest."""
    begun = _begun(enrolment, by=by, at=at)
    if isinstance(begun, str):
        # The abandoned attempt counts for good: only then is it refused.
        raise CannotTest(begun)
    return begun


@transaction.atomic
def _begun(enrolment: Enrolment, *, by: Person, at: datetime) -> Attempt | str:
    held, about = _held(enrolment, by, at)
    today = timezone.localdate(at)
    if held.retake_on is not None and today < held.retake_on:
        raise CannotTest(
            _t("%(day)s 起可以再考，这几天先复习") % {"day": held.retake_on.isoformat()}
        )
    running = held.attempts.filter(state=kinds.BEGUN).first()
    if running is not None and not is_stale(running, at):
        return running
    if running is not None and _abandon(running, held, about, by=by, at=at):
        return _t("又一次开始以后没有交卷，算考过一次；什么时候再考，见本页")
    sources = paper.bank(about, at)
    if not paper.is_enough(about, sources):
        raise CannotTest(_t("题库里能用的题太少，请联系归口部门发布相关知识后再考"))
    made = Attempt.objects.create(enrolment=held, number=held.attempts.count() + 1, begun_at=at)
    shown = paper.drawn(made, about, sources)
    told = kinds.AttemptBegun(paper=paper.fingerprint(shown), asked=len(shown))
    made.write(told, by=by, at=at)
    return made


def answer(
    enrolment: Enrolment, number: int, said: Mapping[str, str], *, by: Person, at: datetime
) -> Outcome:
    """The answers to the attempt ``number``, marked; passed or not. Whose time was over, or whose
    questions were changed meanwhile, is void: raises CannotTest, which says so."""
    outcome = _answered(enrolment, number, said, by=by, at=at)
    if isinstance(outcome, str):
        # The attempt is void for good: only then is it refused.
        raise CannotTest(outcome)
    return outcome


@transaction.atomic
def _answered(
    enrolment: Enrolment, number: int, said: Mapping[str, str], *, by: Person, at: datetime
) -> Outcome | str:
    held, about = _held(enrolment, by, at)
    attempt = held.attempts.select_for_update().filter(number=number, state=kinds.BEGUN).first()
    if attempt is None:
        raise CannotTest(_t("这一次已经交卷或作废，请重新开始"))
    if is_stale(attempt, at):
        if _abandon(attempt, held, about, by=by, at=at):
            return _t("又一次开始太久才交卷，算考过一次；什么时候再考，见本页")
        return _t("开始太久才交卷，这一次作废，不占次数，请重新开始；下次这样就算考过一次")
    shown = paper.drawn(attempt, about, paper.bank(about, at))
    if paper.fingerprint(shown) != attempt.paper:
        return _void(
            attempt, _t("题目在您作答时更新了，这一次作废，不占次数，请重新开始"), by=by, at=at
        )
    marks = marked(shown, said)
    right = sum(one.is_right for one in marks)
    passed = is_passed(right, len(marks), about.percent)
    told = kinds.AttemptAnswered(
        right=right, asked=len(marks), passed=passed, ended_at=at,
        answers=tuple(map(_kept, marks)),
    )  # fmt: skip
    attempt.write(told, by=by, at=at)
    held.write(_followed(held, about, passed=passed, at=at), by=by, at=at)
    return Outcome(attempt, tuple(marks))


def _abandon(
    attempt: Attempt, held: Enrolment, about: Training, *, by: Person, at: datetime
) -> bool:
    """The attempt is void; whether it is a try all the same, since it is not the first so."""
    before = Entry.objects.of(kinds.AttemptVoided).filter(
        subject=Attempt.subject, subject_id__in=held.attempts.values("pk"), data__abandoned=True
    )
    counts = before.exists()
    told = kinds.AttemptVoided(because=_t("开始以后没有交卷"), ended_at=at, abandoned=True)
    attempt.write(told, by=by, at=at)
    if counts:
        held.write(_followed(held, about, passed=False, at=at), by=by, at=at)
    return counts


def _followed(
    held: Enrolment, about: Training, *, passed: bool, at: datetime
) -> kinds.Passed | kinds.Missed:
    tries, today = held.tries + 1, timezone.localdate(at)
    first = passed if held.first_passed is None else held.first_passed
    if passed:
        until = months_later(today, about.valid_months)
        return kinds.Passed(tries=tries, first=first, passed_at=at, valid_until=until)
    left = tries < about.tries
    return kinds.Missed(
        tries=tries, first=first,
        retake_on=today + timedelta(days=about.retake_days) if left else None,
    )  # fmt: skip


def _kept(one: Marked) -> dict[str, object]:
    """What may be told once it is answered."""
    return {
        "key": paper.key(one.asked), "ask": one.asked.ask, "title": one.asked.title,
        "version": paper.version(one.asked), "said": one.said, "answer": one.right,
        "right": one.is_right,
    }  # fmt: skip


def questions(attempt: Attempt, at: datetime) -> list[Asked]:
    """What a running attempt asks."""
    about = attempt.enrolment.about
    return paper.drawn(attempt, about, paper.bank(about, at)) if about else []


def is_stale(attempt: Attempt, at: datetime) -> bool:
    """Begun too long ago to be answered."""
    return at - attempt.begun_at > timedelta(minutes=rule("attempt_minutes"))


def months_later(day: date, months: int) -> date:
    """The same day so many months later, or the last of that month."""
    years, month = divmod(day.month - 1 + months, 12)
    first = date(day.year + years, month + 1, 1)
    after = date(first.year + first.month // 12, first.month % 12 + 1, 1)
    return min(first + timedelta(days=day.day - 1), after - timedelta(days=1))


def _void(attempt: Attempt, because: str, *, by: Person, at: datetime) -> str:
    attempt.write(kinds.AttemptVoided(because=because, ended_at=at), by=by, at=at)
    return because


def _held(enrolment: Enrolment, by: Person, at: datetime) -> tuple[Enrolment, Training]:
    row = Enrolment.objects.select_for_update(of=("self",)).get(pk=enrolment.pk)
    about = row.about
    if row.person_id != by.pk:
        raise CannotTest(_t("只能本人作答"))
    if row.state != kinds.ASSIGNED or about is None:
        raise CannotTest(_t("现在没有要考的；次数用完的由主管重新安排"))
    if not Post.objects.held_at(at).filter(person=by).exists():
        raise CannotTest(_t("您已不在岗，不用再考"))
    return row, about
