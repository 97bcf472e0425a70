"""Who must learn what: by the matrix every night, for a shortcoming or a theme when somebody says
so; and who need not."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _t

from sujin.engine.training import Taken, duties
from sujin.governance.acts.propose_visit import WORDS_LEAST, spoken
from sujin.platform import reach
from sujin.platform.acts.tell import tell
from sujin.platform.bulk import insert
from sujin.platform.models import Entry, Org, Person, Post
from sujin.platform.models.entry import record
from sujin.platform.refusal import Refusal
from sujin.supervision.kinds import training as kinds
from sujin.supervision.models import Attempt, Enrolment
from sujin.supervision.models.training import TRAIN
from sujin.supervision.trainingbook import Training, demands, trainings

DAY = timedelta(days=1)
EXCUSED_MOST = timedelta(days=366)
DUE_MOST = timedelta(days=366)
Need = tuple[int, str]


class CannotEnrol(Refusal):
    """Not by this person, not these people, or something is missing; the message says what."""


@dataclass(frozen=True, slots=True)
class _Asked:
    """By when the posts of a person ask for a training, how many days they give, and the
    organisation that asks first."""

    due: date
    days: int
    org: Org


# By the matrix.


@transaction.atomic
def enrol_by_matrix(*, by: Person, at: datetime) -> int:
    """Whoever holds a post that asks for a training and is not enrolled is; what ran out lapses;
    what no post asks for any more is released. Doing it again changes nothing. How many were
    enrolled."""
    today = timezone.localdate(at)
    needs = _needs(at)
    # One night at a time: a second one waits and finds it done.
    current = {
        (row.person_id, row.training): row
        for row in Enrolment.objects.current().select_for_update().order_by("pk")
    }
    over = {need: row for need, row in current.items() if _is_over(row, today)}
    _write(
        [(row, _lapse(row)) for row in over.values()]
        + [
            (row, kinds.Released(day=today))
            for need, row in current.items()
            if need not in needs and row.because in (kinds.MATRIX, kinds.AGAIN)
            and row.state in (kinds.ASSIGNED, kinds.FAILED)
        ],
        by=by, at=at,
    )  # fmt: skip
    missing = [need for need in sorted(needs) if need not in current or need in over]
    _enrol([_told(need, needs[need], over.get(need), today) for need in missing], by=by, at=at)
    return len(missing)


def _needs(at: datetime) -> dict[Need, _Asked]:
    """What everybody's posts ask for."""
    rows = Post.objects.held_at(at).filter(stands_in_for=None, person__is_service=False)
    posts: dict[int, list[Post]] = defaultdict(list)
    for post in rows.select_related("org").order_by("since", "pk"):
        posts[post.person_id].append(post)
    return {
        (person, training): _asked(training, due, held)
        for person, held in posts.items()
        for training, due in duties([Taken(one.role, one.since) for one in held], demands()).items()
    }


def _asked(training: str, due: date, held: Sequence[Post]) -> _Asked:
    days = {one.role: one.within_days for one in demands() if one.training == training}
    asking = [post for post in held if post.role in days]
    return _Asked(due, min(days[post.role] for post in asking), asking[0].org)


def _is_over(row: Enrolment, today: date) -> bool:
    until = {kinds.PASSED: row.valid_until, kinds.EXCUSED: row.excused_until}.get(row.state)
    return until is not None and until < today


def _lapse(row: Enrolment) -> kinds.Lapsed:
    day = row.valid_until if row.state == kinds.PASSED else row.excused_until
    assert day is not None
    # `_write` has not run yet: the state is still the one that ran out.
    return kinds.Lapsed(day=day)


def _told(
    need: Need, asked: _Asked, before: Enrolment | None, today: date
) -> tuple[int, kinds.Enrolled]:
    """Days given begin with the post; where they are over already, they begin today."""
    person, training = need
    was_held = before is not None and before.valid_until is not None
    told = kinds.EnrolledByMatrix(
        training=training, org=asked.org.pk, org_name=asked.org.name,
        because=kinds.AGAIN if was_held else kinds.MATRIX,
        due_on=asked.due if asked.due >= today else today + asked.days * DAY,
    )  # fmt: skip
    return person, told


def _write(
    told: Sequence[tuple[Enrolment, kinds.Lapsed | kinds.Released]], *, by: Person, at: datetime
) -> None:
    """Many rows at once, each with its entry."""
    for row, kind in told:
        row.take(kind)
    Enrolment.objects.bulk_update([row for row, _kind in told], ["state"], batch_size=2000)
    record([row.entry(kind, by=by, at=at) for row, kind in told])


def _enrol(
    told: Iterable[tuple[int, kinds.Enrolled]], *, by: Person, at: datetime
) -> list[Enrolment]:
    made = []
    for person, kind in told:
        row = Enrolment(person_id=person, training=kind.training, due_on=kind.due_on)
        row.take(kind)
        made.append((row, kind))
    insert([row for row, _kind in made])
    record([row.entry(kind, by=by, at=at) for row, kind in made])
    return [row for row, _kind in made]


# By hand.


@transaction.atomic
def enrol(
    training: Training, *, unit: Org, because: str, source: str, due_on: date, role: str = "",
    by: Person, at: datetime,
) -> int:  # fmt: skip
    """Everybody with a post at or below the unit (of one role, if said) learns it: those not
    enrolled are, those who failed try again, those who passed before learn it anew. Whoever is
    excused, or is to pass it anyway, is left alone, and so is the own failure of who says so: new
    tries are given by another. How many."""
    said = _refuse_words(because, source, due_on, timezone.localdate(at))
    refuse_unless_trains(unit, by, at)
    rows = Post.objects.held_at(at).filter(org__path__startswith=unit.path, stands_in_for=None)
    if role:
        rows = rows.filter(role=role)
    posts = {post.person_id: post.org for post in rows.select_related("org").order_by("-pk")}
    if not posts:
        raise CannotEnrol(_t("这个单位现在没有这样的人员，请换一个单位或岗位"))
    known = _known(training, posts)
    done = [row for row in known.values() if row.state in (kinds.FAILED, kinds.PASSED)]
    again = [row for row in done if row.state == kinds.PASSED or row.person_id != by.pk]
    told = kinds.Reassigned(because=because, source=said, due_on=due_on)
    _again(again, training, told, by=by, at=at)
    new = {person: org for person, org in sorted(posts.items(), key=lambda one: one[0])
           if person not in known}  # fmt: skip
    _enrol_new(new, training, told, by=by, at=at)
    if done and not again and not new:
        raise CannotEnrol(_t("不能给自己重新安排，请上级办理"))
    if not again and not new:
        raise CannotEnrol(_t("他们都已经在学，或者免训，不用再安排"))
    return len(again) + len(new)


def _again(
    rows: Sequence[Enrolment], training: Training, told: kinds.Reassigned, *, by: Person,
    at: datetime,
) -> None:  # fmt: skip
    """The days for learning after a failure are not given away with the new tries."""
    failed = [row.pk for row in rows if row.state == kinds.FAILED]
    ended = Attempt.objects.filter(enrolment__in=failed).order_by().values("enrolment")
    last = dict(ended.annotate(last=Max("ended_at")).values_list("enrolment", "last"))
    for row in rows:
        rests = last.get(row.pk)
        days = training.retake_days * DAY
        day = timezone.localdate(rests) + days if rests else None
        row.write(replace(told, retake_on=day), by=by, at=at)


def _enrol_new(
    persons: Mapping[int, Org], training: Training, why: kinds.Reassigned, *, by: Person,
    at: datetime,
) -> None:  # fmt: skip
    rows = [
        (person, kinds.Enrolled(
            training=training.code, org=org.pk, org_name=org.name, because=why.because,
            source=why.source, due_on=why.due_on,
        ))
        for person, org in persons.items()
    ]  # fmt: skip
    try:
        with transaction.atomic():
            _enrol(rows, by=by, at=at)
    except IntegrityError:
        raise CannotEnrol(_t("刚刚有人安排了其中的人，请再试一次")) from None


def _refuse_words(because: str, source: str, due_on: date, today: date) -> str:
    said = spoken(source)[:300]
    if because not in (kinds.SHORTCOMING, kinds.THEME):
        raise CannotEnrol(_t("请选择为什么安排"))
    if len(said) < WORDS_LEAST:
        raise CannotEnrol(_t("请写明从哪里看出来要培训"))
    if not today < due_on <= today + DUE_MOST:
        raise CannotEnrol(_t("期限须在今天以后、一年以内"))
    return said


def _known(training: Training, persons: Mapping[int, Org]) -> dict[int, Enrolment]:
    rows = Enrolment.objects.current().filter(training=training.code, person__in=list(persons))
    return {row.person_id: row for row in rows.select_for_update(of=("self",))}


@transaction.atomic
def excuse(enrolment: Enrolment, *, until: date, because: str, by: Person, at: datetime) -> None:
    """Somebody need not learn it until a day: on leave, or certified elsewhere."""
    row = Enrolment.objects.select_for_update(of=("self",)).get(pk=enrolment.pk)
    today, said = timezone.localdate(at), spoken(because)
    if row.person_id == by.pk:
        raise CannotEnrol(_t("不能免自己的训，请上级办理"))
    if not Enrolment.objects.filter(pk=row.pk).within(reach.of(by, at), at).exists():
        raise CannotEnrol(_t("只能办理本单位人员的"))
    if TRAIN not in reach.of(by, at).may:
        raise CannotEnrol(_t("由管培训的人办理"))
    if row.state not in (kinds.ASSIGNED, kinds.FAILED):
        raise CannotEnrol(_t("已经通过、免训或了结，不用免"))
    if not today < until <= today + EXCUSED_MOST:
        raise CannotEnrol(_t("免训期限须在今天以后、一年以内"))
    if len(said) < WORDS_LEAST:
        raise CannotEnrol(_t("请写明为什么免训"))
    row.write(kinds.Exempted(until=until, because=said), by=by, at=at)


def refuse_unless_trains(unit: Org, by: Person, at: datetime) -> None:
    """Raises CannotEnrol unless the person trains at the unit or above it."""
    places = reach.of(by, at).places(TRAIN)
    if not any(unit.path.startswith(place.path) for place in places):
        raise CannotEnrol(_t("只能安排本单位和下属单位的人员"))


def inform_enrolled(entry: Entry) -> None:
    """Whoever is enrolled by hand hears of it."""
    row = Enrolment.objects.select_related("person").get(pk=entry.subject_id)
    if trainings().get(row.training):
        tell([row.person], of=entry, number=str(row.pk))
