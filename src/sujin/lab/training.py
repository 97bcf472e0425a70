"""The story's trainings: everybody enrolled by the matrix a year ago, branches taught one after
another, some who failed, some who never came, one excused, one theme taught where it rose.

Nothing is planted about what they did to complaints: ``sujin eval training`` asks that of banks
whose truth is known.
"""

from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime, time, timedelta
from random import Random

from django.db import transaction
from django.utils import timezone

from sujin.engine.training import is_passed
from sujin.knowledge.quiz import Asked, Source
from sujin.lab.cast import BRANCH_A, LIN_LAN, ZHOU_TAO
from sujin.lab.circumstance import ZONE
from sujin.lab.dice import dice
from sujin.platform.acts.organise import system_person
from sujin.platform.bulk import ids, insert
from sujin.platform.journal import Kind
from sujin.platform.models import Entry, Org, Person
from sujin.platform.models.entry import record
from sujin.supervision import paper
from sujin.supervision.acts.enrol import enrol, enrol_by_matrix, excuse
from sujin.supervision.acts.judge_trainings import judge_trainings
from sujin.supervision.acts.take_test import months_later
from sujin.supervision.kinds import training as kinds
from sujin.supervision.models import Attempt, Enrolment
from sujin.supervision.trainingbook import Training, trainings

DAY = timedelta(days=1)
BEGAN, LATEST = 390 * DAY, 20 * DAY
# Of people, so many never come; of those who come, so many know so much.
NEVER, KNOWS = 0.01, (0.68, 0.98)
# Branches are taught within so many days of each other; some have only begun.
SPREAD, FEW, ONLY_BEGUN = 300, 0.03, {"card-fees": 0.35}
_Told = list[tuple[datetime, Kind]]
AFTERNOON = time(15, tzinfo=ZONE)
EXCUSED = "产假，返岗后再训"
RISING = "近一季理财和代销投诉占比高于其他分行，先训柜员和网点负责人"


def teach(*, seed: int, now: datetime) -> None:
    """Loading it again adds nothing."""
    if Enrolment.objects.exists():
        return
    enrol_by_matrix(by=system_person(), at=now - BEGAN)
    with transaction.atomic():
        _School(seed, now).sit_all()
    _by_hand(now)
    enrol_by_matrix(by=system_person(), at=now)
    judge_trainings(by=system_person(), at=now)


class _School:
    """All tests of the year, written in bulk as the acts would have written them."""

    def __init__(self, seed: int, now: datetime) -> None:
        self.seed, self.now = seed, now
        self.banks: dict[str, list[Source]] = {
            code: paper.bank(one, now) for code, one in trainings().items()
        }
        self.attempts: list[tuple[Attempt, _Told]] = []
        self.told: list[tuple[Enrolment, _Told]] = []

    def sit_all(self) -> None:
        branches: dict[str, dict[str, float]] = defaultdict(dict)
        for row in Enrolment.objects.select_related("person", "org").order_by("pk"):
            about = row.about
            if about is None or not paper.is_enough(about, self.banks[row.training]):
                continue
            unit = "/".join((row.org.path if row.org else "").split("/")[:2])
            self._sit(row, about, self._day(branches[unit], unit, row.training))
        self._write()

    def _day(self, known: dict[str, float], unit: str, training: str) -> float:
        """On which day of the year a branch teaches it; beyond the year: it has only begun."""
        if training not in known:
            rng = dice("taught", self.seed, unit, training)
            waits = rng.random() < ONLY_BEGUN.get(training, FEW)
            known[training] = rng.uniform(0, SPREAD) + 900 * waits
        return known[training]

    def _sit(self, row: Enrolment, about: Training, taught: float) -> None:
        rng = dice("sits", self.seed, row.person.staff_no, row.training)
        day = taught + rng.uniform(0, 24)
        late = taught > SPREAD
        if rng.random() < NEVER or (late and rng.random() < 0.6):
            return
        day = rng.uniform(200, 300) if late else day
        began = timezone.localdate(self.now - BEGAN + DAY * day)
        at = datetime.combine(began, AFTERNOON) + timedelta(minutes=rng.randrange(120))
        knows = rng.uniform(*KNOWS)
        while row.state == kinds.ASSIGNED and at < self.now - LATEST:
            self._try(row, about, at, knows, rng)
            at, knows = at + DAY * (about.retake_days + rng.randrange(9)), min(1.0, knows + 0.08)

    def _try(
        self, row: Enrolment, about: Training, at: datetime, knows: float, rng: Random
    ) -> None:
        attempt = Attempt(enrolment=row, number=row.tries + 1, begun_at=at)
        asked = paper.drawn(attempt, about, self.banks[row.training])
        done = at + timedelta(minutes=rng.randrange(6, 40))
        answers = tuple(_answer(one, knows, rng) for one in asked)
        right = sum(bool(one["right"]) for one in answers)
        passed = is_passed(right, len(asked), about.percent)
        begun = kinds.AttemptBegun(paper=paper.fingerprint(asked), asked=len(asked))
        ended = kinds.AttemptAnswered(
            right=right, asked=len(asked), passed=passed, ended_at=done, answers=answers
        )
        for kind in (begun, ended):
            attempt.take(kind)
        self.attempts.append((attempt, [(at, begun), (done, ended)]))
        told = _followed(row, about, done, passed=passed)
        row.take(told)
        self.told.append((row, [(done, told)]))

    def _write(self) -> None:
        rows = [attempt for attempt, _told in self.attempts]
        for row, key in zip(rows, ids(Attempt, len(rows)), strict=True):
            row.pk = key
        insert(rows)
        columns = ["state", "tries", "first_passed", "retake_on", "passed_at", "valid_until"]
        changed = {row.pk: row for row, _told in self.told}
        Enrolment.objects.bulk_update(changed.values(), columns, batch_size=2000)
        record(list(self._entries()), announce=False)

    def _entries(self) -> Iterator[Entry]:
        for attempt, told in self.attempts:
            for at, kind in told:
                yield attempt.entry(kind, by=attempt.enrolment.person, at=at)
        for row, told in self.told:
            for at, kind in told:
                yield row.entry(kind, by=row.person, at=at)


def _answer(one: Asked, knows: float, rng: Random) -> dict[str, object]:
    wrong = [nth for nth in range(len(one.answers)) if nth != one.right]
    place = one.right if rng.random() < knows else rng.choice(wrong)
    return {
        "key": paper.key(one), "ask": one.ask, "title": one.title, "version": paper.version(one),
        "said": one.answers[place], "answer": one.answers[one.right], "right": place == one.right,
    }  # fmt: skip


def _followed(row: Enrolment, about: Training, at: datetime, *, passed: bool) -> Kind:
    tries, today = row.tries + 1, timezone.localdate(at)
    first = passed if row.first_passed is None else row.first_passed
    if passed:
        until = months_later(today, about.valid_months)
        return kinds.Passed(tries=tries, first=first, passed_at=at, valid_until=until)
    left = tries < about.tries
    return kinds.Missed(
        tries=tries, first=first, retake_on=today + about.retake_days * DAY if left else None
    )


def _by_hand(now: datetime) -> None:
    """Zhou Tao teaches a theme where it rose; Lin Lan excuses somebody who waits."""
    zhou, lin = (Person.objects.get(staff_no=one.staff_no) for one in (ZHOU_TAO, LIN_LAN))
    today = timezone.localdate(now)
    enrol(
        trainings()["missold"], unit=Org.objects.get(code=BRANCH_A), because=kinds.THEME,
        source=RISING, due_on=today + 20 * DAY, role="teller", by=zhou, at=now - 6 * DAY,
    )  # fmt: skip
    waiting = Enrolment.objects.filter(state=kinds.ASSIGNED).exclude(person=lin).order_by("pk")
    one = waiting.exclude(training="missold").first()
    if one is not None:
        excuse(one, until=today + 120 * DAY, because=EXCUSED, by=lin, at=now - 5 * DAY)
