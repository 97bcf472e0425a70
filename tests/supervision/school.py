"""A bank whose shelves hold the items of some trainings, and people who sit down and answer."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from django.utils import timezone

from sujin.engine.training import Holding, Record, Taken, duties, holding
from sujin.knowledge.acts.plant import plant
from sujin.knowledge.wording import starter
from sujin.platform.acts.organise import system_person
from sujin.platform.models import Person, Post
from sujin.supervision.acts import take_test as test
from sujin.supervision.acts.enrol import enrol_by_matrix
from sujin.supervision.kinds import training as kinds
from sujin.supervision.models import Attempt, Enrolment
from sujin.supervision.trainingbook import demands, trainings

BASICS, CARE = "complaint-basics", "complaint-care"
DAY = timedelta(days=1)


def shelves(at: datetime, releaser: Person, codes: Iterable[str] = (BASICS, CARE)) -> None:
    """The items that these trainings ask about are in force."""
    items = {item for code in codes for item in trainings()[code].items}
    told = [one for one in starter() if one.code in items]
    plant(told, by=system_person(), at=at - 5 * DAY, released_by=releaser)


def matrix(at: datetime) -> int:
    return enrol_by_matrix(by=system_person(), at=at)


def enrolment(person: Person, training: str = BASICS) -> Enrolment:
    return Enrolment.objects.current().get(person=person, training=training)


def sheet(attempt: Attempt, at: datetime, wrong: int = 0) -> dict[str, str]:
    """The right answers to what is asked, but for the first ``wrong`` of them."""
    asked = test.questions(attempt, at)
    return {
        one.name: str((one.right + (nth < wrong)) % len(one.answers))
        for nth, one in enumerate(asked)
    }


def sit(row: Enrolment, at: datetime, wrong: int = 0) -> test.Outcome:
    """The person begins and answers ten minutes later."""
    attempt = test.begin(row, by=row.person, at=at)
    later = at + timedelta(minutes=10)
    return test.answer(row, attempt.number, sheet(attempt, later, wrong), by=row.person, at=later)


def posts_of(person: Person, at: datetime) -> list[Taken]:
    return [Taken(post.role, post.since) for post in Post.objects.held_at(at).filter(person=person)]


def record_of(row: Enrolment | None) -> Record | None:
    if row is None:
        return None
    return Record(
        row.due_on, row.state == kinds.PASSED, row.valid_until,
        row.excused_until if row.state == kinds.EXCUSED else None,
        row.state != kinds.FAILED, row.because == kinds.AGAIN,
    )  # fmt: skip


def holdings(person: Person, at: datetime) -> Mapping[str, Holding]:
    """By the engine, from the rows of one person."""
    rows = {row.training: row for row in Enrolment.objects.current().filter(person=person)}
    return {
        training: holding(due, record_of(rows.get(training)), timezone.localdate(at))
        for training, due in duties(posts_of(person, at), demands()).items()
    }
