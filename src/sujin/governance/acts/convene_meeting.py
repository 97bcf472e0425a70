"""Convene a 研判会 with the agenda that data proposes; decide; hold it; see that it is done."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _t

from sujin.complaints.rulebook import lines
from sujin.engine.series.panel import ALL
from sujin.governance.acts.lateness import tell_desks
from sujin.governance.acts.open_problem import open_problem
from sujin.governance.acts.propose_visit import WORDS_LEAST, spoken
from sujin.governance.acts.settle_problem import governing_roles
from sujin.governance.kinds import meeting as kinds
from sujin.governance.models import Decision, Meeting
from sujin.governance.models.problem import GOVERN
from sujin.governance.topics import old_problems, topics
from sujin.platform import reach
from sujin.platform.models import Entry, Org, Person
from sujin.platform.reach import Reach
from sujin.platform.refusal import Refusal

LONGEST = timedelta(days=120)


class CannotConvene(Refusal):
    """It is not this person's to convene, or the day or the seats will not do."""


class CannotDecide(Refusal):
    """It is not this person's, not now, or something is missing; the message says what."""


@transaction.atomic
def convene_meeting(
    *, sort: str, held_on: date, seats: Sequence[str], by: Person, at: datetime
) -> Meeting:
    """The meeting, with the topics as they are on this day; of a quarterly one also the problems
    that stand too long."""
    if not convenes(reach.of(by, at)):
        raise CannotConvene(_t("研判会由总行召集"))
    today = timezone.localdate(at)
    if sort not in kinds.SORTS:
        raise CannotConvene(_t("请选择是什么会议"))
    if not today <= held_on <= today + LONGEST:
        raise CannotConvene(_t("会议日期须在今天以后四个月以内"))
    known = [line for line in lines() if line in seats]
    if not known:
        raise CannotConvene(_t("请至少请一个条线参加"))
    agenda = [{"kind": "topic", **one.told()} for one in topics(today)]
    if sort == "quarterly":
        agenda += [
            {"kind": "problem", "title": one.name, "problem": one.pk, "owner": str(one.owner)}
            for one in old_problems(today)
        ]
    made = Meeting.objects.create(convened_at=at, convened_by=by, sort=sort, held_on=held_on)
    told = kinds.MeetingConvened(
        sort=sort, held_on=held_on, seats=tuple(known), agenda=tuple(agenda)
    )
    made.write(told, by=by, at=at)
    return made


@transaction.atomic
def change_agenda(
    meeting: Meeting, *, add: str, drop: Sequence[int], because: str, by: Person, at: datetime
) -> None:
    """A person adds a topic in words, or takes some out (their places, from 1)."""
    held, said, title = _held(meeting, by, at), spoken(because), spoken(add)
    if held.state != kinds.PLANNED:
        raise CannotDecide(_t("会议已经召开或取消，议题不能再改"))
    kept = [one for at_, one in enumerate(held.agenda, start=1) if at_ not in drop]
    if title:
        kept.append({"kind": "words", "title": title})
    if kept == held.agenda:
        raise CannotDecide(_t("请写一个新议题，或选出要去掉的"))
    if len(said) < WORDS_LEAST:
        raise CannotDecide(_t("请写明为什么调整"))
    held.write(kinds.AgendaChanged(agenda=tuple(kept), because=said), by=by, at=at)


@transaction.atomic
def decide(
    meeting: Meeting, *, words: str, owner: Org, due_on: date, topic: int, by: Person, at: datetime
) -> Decision:
    """Somebody is to do something by a day. Of a topic from data (its place, from 1) it goes into
    the ledger as a problem of its owner; 0 is a decision of its own."""
    held, said = _held(meeting, by, at), spoken(words)
    today = timezone.localdate(at)
    if held.state == kinds.CANCELLED or held.held_on > today:
        raise CannotDecide(_t("会议还没有开，或已经取消"))
    if len(said) < WORDS_LEAST:
        raise CannotDecide(_t("请写明决定做什么"))
    if due_on <= today:
        raise CannotDecide(_t("期限须在今天以后"))
    number = held.decisions.count() + 1
    made = Decision.objects.create(meeting=held, number=number, due_on=due_on)
    problem = None
    if topic:
        problem = _into_ledger(held, topic, made, said, owner, due_on, by, at)
    told = kinds.DecisionMade(
        number=number, words=said, owner=owner.pk, owner_name=owner.name, due_on=due_on,
        problem=problem,
    )  # fmt: skip
    made.write(told, by=by, at=at)
    return made


def _into_ledger(  # noqa: PLR0917 - the decision, as the problem it becomes
    held: Meeting, topic: int, made: Decision, said: str, owner: Org, due_on: date, by: Person,
    at: datetime,
) -> int:  # fmt: skip
    chosen = held.agenda[topic - 1] if topic <= len(held.agenda) else {}
    if chosen.get("kind") == "problem":
        return int(chosen["problem"])
    if chosen.get("kind") != "topic":
        raise CannotDecide(_t("只有数据提出的议题可以列入台账；其他的直接写决定"))
    node = (ALL, chosen["business"], chosen["cause"], ALL)
    problem = open_problem(
        node, "complaint", title=said[:200], owner=owner, due_on=due_on, by=by, at=at,
        source=Decision.subject, source_key=made.pk,
    )  # fmt: skip
    return problem.pk


@transaction.atomic
def hold_meeting(meeting: Meeting, *, minutes: str, by: Person, at: datetime) -> None:
    """It took place."""
    held, said = _held(meeting, by, at), spoken(minutes)
    if held.state != kinds.PLANNED or held.held_on > timezone.localdate(at):
        raise CannotDecide(_t("会议还没有到日子，或已经结束"))
    if len(said) < WORDS_LEAST:
        raise CannotDecide(_t("请写会议纪要"))
    told = kinds.MeetingHeld(minutes=said, decided=held.decisions.count())
    held.write(told, by=by, at=at)


@transaction.atomic
def cancel_meeting(meeting: Meeting, *, because: str, by: Person, at: datetime) -> None:
    """It does not take place, and nothing was decided."""
    held, said = _held(meeting, by, at), spoken(because)
    if held.state != kinds.PLANNED or held.decisions.exists():
        raise CannotDecide(_t("会议已经结束，或已经有决定"))
    if len(said) < WORDS_LEAST:
        raise CannotDecide(_t("请写明理由"))
    held.write(kinds.MeetingCancelled(because=said), by=by, at=at)


@transaction.atomic
def report_decision(decision: Decision, *, answer: str, by: Person, at: datetime) -> None:
    """Its owner says what was done. What went into the ledger is done there."""
    held, said = _held_decision(decision), spoken(answer)
    if not reports(held, reach.of(by, at)):
        raise CannotDecide(_t("由%(owner)s落实") % {"owner": held.owner})
    if held.problem_id is not None or held.state != kinds.OPEN:
        raise CannotDecide(_t("这项决定在台账里落实，或已经了结"))
    if len(said) < WORDS_LEAST:
        raise CannotDecide(_t("请写明做了什么"))
    told = kinds.DecisionReported(number=held.number, answer=said, answered_at=at)
    held.write(told, by=by, at=at)


@transaction.atomic
def drop_decision(decision: Decision, *, because: str, by: Person, at: datetime) -> None:
    """Taken back, by those who convene."""
    held, said = _held_decision(decision), spoken(because)
    if not convenes(reach.of(by, at)):
        raise CannotDecide(_t("决定由总行撤销"))
    if held.problem_id is not None or held.state != kinds.OPEN:
        raise CannotDecide(_t("这项决定在台账里了结，或已经了结"))
    if len(said) < WORDS_LEAST:
        raise CannotDecide(_t("请写明理由"))
    held.write(kinds.DecisionDropped(number=held.number, because=said), by=by, at=at)


def convenes(mine: Reach) -> bool:
    """Whoever governs at the head office itself."""
    return any(org.is_root for org in mine.places(GOVERN))


def reports(decision: Decision, mine: Reach) -> bool:
    owner = decision.owner
    return owner is not None and any(
        owner.path.startswith(place.path) for place in mine.places(GOVERN)
    )


def _held(meeting: Meeting, by: Person, at: datetime) -> Meeting:
    """The meeting as it is now, held to the end of the transaction, for one who convenes."""
    if not convenes(reach.of(by, at)):
        raise CannotDecide(_t("研判会由总行主持"))
    return Meeting.objects.select_for_update().get(pk=meeting.pk)


def _held_decision(decision: Decision) -> Decision:
    rows = Decision.objects.select_for_update(of=("self",)).select_related("owner")
    return rows.get(pk=decision.pk)


def inform_of_decision(entry: Entry) -> None:
    """Whoever is to do it hears of it at once."""
    found = Decision.objects.select_related("owner").get(pk=entry.subject_id)
    tell_desks([found.owner], governing_roles(), entry, number=str(found.meeting_id))
