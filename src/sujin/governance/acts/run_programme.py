"""Run a programme or answer a supervision notice: set tasks, see that they are done, end it."""

import unicodedata
from datetime import date, datetime, timedelta

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _t

from sujin.governance.acts.convene_meeting import convenes
from sujin.governance.acts.lateness import tell_desks
from sujin.governance.acts.propose_visit import WORDS_LEAST, spoken
from sujin.governance.acts.settle_problem import governing_roles
from sujin.governance.kinds import programme as kinds
from sujin.governance.models.problem import GOVERN
from sujin.governance.models.programme import Programme, Task
from sujin.governance.taskcheck import checked, offered, within_its_range
from sujin.platform import reach
from sujin.platform.models import Entry, Org, Person
from sujin.platform.reach import Reach
from sujin.platform.refusal import Refusal

NEAR = 7  # days before its day a task is reminded of
EVERY = timedelta(days=7)
# A reason of so many characters accepts what its metric does not show.
MISSED_LEAST = 20


class CannotRun(Refusal):
    """It is not this person's, not now, or something is missing; the message says what."""


@transaction.atomic
def open_programme(
    *, name: str, sort: str, agency: str = "", reference: str = "", received_on: date | None = None,
    answer_by: date | None = None, by: Person, at: datetime,
) -> Programme:  # fmt: skip
    """The programme, or the notice with who sent it, its number and day."""
    _refuse_unless_head(by, at)
    said, where = spoken(name), (_plain(agency), _plain(reference))
    if len(said) < WORDS_LEAST or sort not in kinds.SORTS:
        raise CannotRun(_t("请写名称并选择是哪一种"))
    if sort == kinds.NOTICE:
        _refuse_notice(where, received_on, answer_by, timezone.localdate(at))
    else:
        where, received_on, answer_by = ("", ""), None, None
    told = kinds.ProgrammeOpened(
        name=said, sort=sort, agency=where[0], reference=where[1], received_on=received_on,
        answer_by=answer_by,
    )  # fmt: skip
    made = Programme(
        opened_at=at, opened_by=by, name=said, sort=sort, agency=where[0], reference=where[1],
        received_on=received_on,
    )  # fmt: skip
    try:
        with transaction.atomic():
            made.save()
    except IntegrityError:
        raise CannotRun(_t("这份通知书已经登记过")) from None
    made.write(told, by=by, at=at)
    return made


def _refuse_notice(
    where: tuple[str, str], received_on: date | None, answer_by: date | None, today: date
) -> None:
    if not all(where) or received_on is None or received_on > today:
        raise CannotRun(_t("督查通知书要写来文机关、文号和收到日期（不晚于今天）"))
    if answer_by is not None and answer_by < received_on:
        raise CannotRun(_t("答复期限不能早于收到日期"))
    if Programme.objects.filter(sort=kinds.NOTICE, agency=where[0], reference=where[1]).exists():
        raise CannotRun(_t("这份通知书已经登记过"))


def _plain(words: str) -> str:
    """A number as anybody would write it: width and blanks do not tell two notices apart."""
    return "".join(unicodedata.normalize("NFKC", words).split())


@transaction.atomic
def set_task(
    programme: Programme, *, area: str, words: str, owner: Org, due_on: date, metric: str = "",
    target: float | None = None, by: Person, at: datetime,
) -> Task:  # fmt: skip
    """A task of the programme. With a metric it has a target, in the metric's own unit."""
    held, said = _held(programme, by, at), spoken(words)
    if len(said) < WORDS_LEAST:
        raise CannotRun(_t("请写明做什么"))
    if due_on <= timezone.localdate(at):
        raise CannotRun(_t("期限须在今天以后"))
    if metric and (metric not in dict(offered()) or target is None):
        raise CannotRun(_t("选了指标，请写目标"))
    if metric and target is not None and not within_its_range(metric, target):
        raise CannotRun(_t("目标超出了这个指标可能的范围"))
    number = held.tasks.count() + 1
    made = Task.objects.create(programme=held, number=number, due_on=due_on)
    told = kinds.TaskSet(
        number=number, area=area.strip()[:40], words=said, owner=owner.pk, owner_name=owner.name,
        due_on=due_on, metric=metric, target=target if metric else None,
    )  # fmt: skip
    made.write(told, by=by, at=at)
    return made


@transaction.atomic
def report_task(task: Task, *, proof: str, by: Person, at: datetime) -> None:
    """Its owner says what was done and by what one can see it."""
    held, said = _held_task(task), spoken(proof)
    if not reports(held, reach.of(by, at)):
        raise CannotRun(_t("由%(owner)s落实") % {"owner": held.owner})
    if held.state != kinds.OPEN:
        raise CannotRun(_t("已经回报，或已经了结"))
    if len(said) < WORDS_LEAST:
        raise CannotRun(_t("请写明做了什么、凭什么能看到"))
    held.write(kinds.TaskReported(number=held.number, proof=said), by=by, at=at)


@transaction.atomic
def accept_task(task: Task, *, because: str, by: Person, at: datetime) -> None:
    """Another hand than the one who reported looked at the proof. What the metric said on that day
    is kept; where it misses its target, the reason has to say why that is accepted."""
    held, said = _held_reported(task, because, by, at)
    last = held.entries.of(kinds.TaskReported).latest("at")
    if last.by_id == by.pk:
        raise CannotRun(_t("不能验收自己的回报"))
    check = checked(held, timezone.localdate(at))
    if check is not None and check.holds is not True and len(said) < MISSED_LEAST:
        raise CannotRun(
            _t("指标没有达到或不能判断：请写明为什么仍然验收（至少 %(n)d 个字）")
            % {"n": MISSED_LEAST}
        )
    told = kinds.TaskAccepted(number=held.number, because=said, found=check.said if check else "")
    held.write(told, by=by, at=at)


@transaction.atomic
def return_task(task: Task, *, because: str, by: Person, at: datetime) -> None:
    """Not done yet."""
    held, said = _held_reported(task, because, by, at)
    held.write(kinds.TaskReturned(number=held.number, because=said), by=by, at=at)


@transaction.atomic
def drop_task(task: Task, *, because: str, by: Person, at: datetime) -> None:
    """Not done any more. What a supervision notice asks for cannot be dropped."""
    held, said = _held_task(task), spoken(because)
    _refuse_unless_head(by, at)
    if held.programme.sort == kinds.NOTICE:
        raise CannotRun(_t("督查通知书的要求不能撤销，只能落实"))
    if not held.stands or len(said) < WORDS_LEAST:
        raise CannotRun(_t("已经了结，或没有写理由"))
    held.write(kinds.TaskDropped(number=held.number, because=said), by=by, at=at)


@transaction.atomic
def urge_task(task: Task, *, because: str, by: Person, at: datetime) -> None:
    """督办."""
    held, said = _held_task(task), spoken(because)
    _refuse_unless_head(by, at)
    if held.state != kinds.OPEN or len(said) < WORDS_LEAST:
        raise CannotRun(_t("没有什么可催的，或没有写理由"))
    told = kinds.TaskUrged(number=held.number, times=held.urged + 1, because=said)
    held.write(told, by=by, at=at)


@transaction.atomic
def end_programme(programme: Programme, *, because: str, by: Person, at: datetime) -> None:
    """Once every task is accepted or dropped; of a notice, with what was answered."""
    held, said = _held(programme, by, at), spoken(because)
    left = held.tasks.filter(state__in=[kinds.OPEN, kinds.REPORTED]).count()
    if left or not held.tasks.exists():
        raise CannotRun(_t("还有 %(n)d 项任务没有验收") % {"n": left})
    if len(said) < WORDS_LEAST:
        raise CannotRun(_t("请写明结果；督查通知书写明怎样答复的"))
    held.write(kinds.ProgrammeEnded(because=said, ended_at=at), by=by, at=at)


def remind_tasks(*, by: Person, at: datetime) -> int:
    """Once a day: tasks whose day is near or over, each at most once a week; how many."""
    today = timezone.localdate(at)
    rows = Task.objects.filter(state=kinds.OPEN, due_on__lte=today + timedelta(days=NEAR))
    rows = rows.exclude(reminded_on__gt=today - EVERY)
    keys = list(rows.order_by("pk").values_list("pk", flat=True))
    return sum(_remind(key, today, by=by, at=at) for key in keys)


@transaction.atomic
def _remind(key: int, today: date, *, by: Person, at: datetime) -> bool:
    held = Task.objects.select_for_update(of=("self",)).get(pk=key)
    if held.state != kinds.OPEN or (held.reminded_on and held.reminded_on > today - EVERY):
        return False
    left = (held.due_on - today).days
    held.write(kinds.TaskReminded(number=held.number, day=today, left=left), by=by, at=at)
    return True


def reports(task: Task, mine: Reach) -> bool:
    owner = task.owner
    return owner is not None and any(
        owner.path.startswith(place.path) for place in mine.places(GOVERN)
    )


def _refuse_unless_head(by: Person, at: datetime) -> None:
    if not convenes(reach.of(by, at)):
        raise CannotRun(_t("专项由总行主持"))


def _held(programme: Programme, by: Person, at: datetime) -> Programme:
    _refuse_unless_head(by, at)
    held = Programme.objects.select_for_update().get(pk=programme.pk)
    if not held.runs:
        raise CannotRun(_t("这个专项已经结束"))
    return held


def _held_task(task: Task) -> Task:
    rows = Task.objects.select_for_update(of=("self",)).select_related("owner", "programme")
    return rows.get(pk=task.pk)


def _held_reported(task: Task, because: str, by: Person, at: datetime) -> tuple[Task, str]:
    held, said = _held_task(task), spoken(because)
    _refuse_unless_head(by, at)
    if held.state != kinds.REPORTED:
        raise CannotRun(_t("还没有回报，或已经验收"))
    if len(said) < WORDS_LEAST:
        raise CannotRun(_t("请写明看了什么"))
    return held, said


def inform_of_report(entry: Entry) -> None:
    """Those who accept hear that a task was reported."""
    found = Task.objects.get(pk=entry.subject_id)
    heads = Org.objects.filter(parent__isnull=True)
    tell_desks(heads, governing_roles(), entry, number=str(found.programme_id))


def inform_task_owner(entry: Entry) -> None:
    """Whoever is to do it hears of it: when it is set, returned, urged, or its day is near."""
    found = Task.objects.select_related("owner").get(pk=entry.subject_id)
    tell_desks([found.owner], governing_roles(), entry, number=str(found.programme_id))
