"""Ask for a recording of a named window; the outlet provides it or says why there is none."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _t

from sujin.governance.acts.lateness import tell_desks
from sujin.governance.acts.propose_visit import WORDS_LEAST, end_of, spoken
from sujin.platform import reach
from sujin.platform.acts.tell import tell
from sujin.platform.models import Entry, Person
from sujin.platform.reach import Reach, roles_with
from sujin.platform.refusal import Refusal
from sujin.supervision.inspectionbook import numbers
from sujin.supervision.kinds import recording as kinds
from sujin.supervision.models import Inspection, Recording
from sujin.supervision.models.inspection import PLAN, RECTIFY

CAMERA_MAX = 60


class CannotAsk(Refusal):
    """Not this person's, or no such recording can be; the message says why."""


@transaction.atomic
def ask_recording(
    inspection: Inspection, *, camera: str, since: datetime, until: datetime, why: str, by: Person,
    at: datetime,
) -> Recording:  # fmt: skip
    """A window of the past, no longer than the pack allows, young enough to be still there."""
    rows = Inspection.objects.select_for_update(of=("self",)).select_related("plan__org")
    held = rows.get(pk=inspection.pk)
    if not asks(held, reach.of(by, at)):
        raise CannotAsk(_t("由检查人或安排检查的人调阅"))
    if held.is_ahead and not (held.plan.row and held.plan.row.announced):
        raise CannotAsk(_t("事先不通知的检查，到场提交以后再调阅，以免网点先知道"))
    _refuse_window(since, until, at)
    place, said = spoken(camera)[:CAMERA_MAX], spoken(why)
    if not place or len(said) < WORDS_LEAST:
        raise CannotAsk(_t("请写明哪个位置的录像、为什么调阅"))
    answer_by = end_of(int(numbers()["recording_answer_days"]), at)
    made = Recording.objects.create(inspection=held)
    told = kinds.RecordingAsked(
        camera=place, since=since, until=until, why=said, answer_by=answer_by
    )
    made.write(told, by=by, at=at)
    return made


def _refuse_window(since: datetime, until: datetime, at: datetime) -> None:
    most, kept = numbers()["recording_hours"], numbers()["recording_keep_days"]
    if not since < until <= at:
        raise CannotAsk(_t("时间段须已经过去，止要晚于起"))
    if until - since > timedelta(hours=most):
        raise CannotAsk(_t("一次最多调阅 %(n)d 小时，请缩短时间段") % {"n": most})
    if at - since > timedelta(days=kept):
        raise CannotAsk(_t("录像只保留 %(n)d 天，这一段已经没有了") % {"n": kept})


@transaction.atomic
def provide_recording(recording: Recording, *, answer: str, by: Person, at: datetime) -> None:
    """Where it lies and how to look at it."""
    held, said = _answerable(recording, answer, by, at)
    held.write(kinds.RecordingProvided(answer=said, answered_by=by.pk), by=by, at=at)


@transaction.atomic
def miss_recording(recording: Recording, *, answer: str, by: Person, at: datetime) -> None:
    """There is none; that is a fact on the docket, too."""
    held, said = _answerable(recording, answer, by, at)
    held.write(kinds.RecordingAbsent(answer=said, answered_by=by.pk), by=by, at=at)


@transaction.atomic
def see_recording(recording: Recording, *, words: str, by: Person, at: datetime) -> None:
    """What was seen in it."""
    held, said = _held(recording), spoken(words)
    if not asks(held.inspection, reach.of(by, at)):
        raise CannotAsk(_t("由检查人或安排检查的人查看"))
    if held.state != kinds.PROVIDED or held.answered_by_id == by.pk:
        raise CannotAsk(_t("还没有提供录像，或提供的人自己不能查看"))
    if len(said) < WORDS_LEAST:
        raise CannotAsk(_t("请写明看到了什么"))
    held.write(kinds.RecordingSeen(words=said), by=by, at=at)


def asks(inspection: Inspection, mine: Reach) -> bool:
    own = inspection.inspector_id == mine.person_id
    return own or mine.allows(PLAN, inspection.plan.org.tokens)


def provides(recording: Recording, mine: Reach) -> bool:
    """Whoever rectifies at the outlet or above it."""
    return mine.allows(RECTIFY, recording.inspection.outlet.tokens)


def _answerable(
    recording: Recording, words: str, by: Person, at: datetime
) -> tuple[Recording, str]:
    held, said = _held(recording), spoken(words)
    if not provides(held, reach.of(by, at)):
        raise CannotAsk(_t("由%(outlet)s提供") % {"outlet": held.inspection.outlet})
    if held.state != kinds.ASKED:
        raise CannotAsk(_t("已经答复过"))
    if len(said) < WORDS_LEAST:
        raise CannotAsk(_t("请写明存在哪里、怎么看，或为什么没有"))
    return held, said


def _held(recording: Recording) -> Recording:
    rows = Recording.objects.select_for_update(of=("self",))
    return rows.select_related("inspection__outlet", "inspection__plan__org").get(pk=recording.pk)


def inform_recorder(entry: Entry) -> None:
    """The outlet is asked."""
    rows = Recording.objects.select_related("inspection__outlet__parent")
    asked = rows.get(pk=entry.subject_id)
    outlet = asked.inspection.outlet
    able = roles_with(RECTIFY)
    where = str(asked.inspection_id)
    chain = [one for one in (outlet, outlet.parent) if one]
    next((one for one in chain if tell_desks([one], able, entry, number=where)), None)


def inform_viewer(entry: Entry) -> None:
    """The inspector hears the answer."""
    row = Recording.objects.select_related("inspection__inspector").get(pk=entry.subject_id)
    if row.inspection.inspector is not None:
        tell([row.inspection.inspector], of=entry, number=str(row.inspection_id))
