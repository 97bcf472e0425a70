"""Plan an outreach from what people complain of, hold it, and see on the declared day whether there
are fewer of these complaints there than elsewhere."""

from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _t

from sujin.engine.verify import Declared, Observed, judge
from sujin.engine.verify.estimate import INNER
from sujin.governance.acts.judge_measures import figures
from sujin.governance.acts.lateness import tell_desks
from sujin.governance.acts.propose_visit import WORDS_LEAST, spoken
from sujin.governance.acts.settle_problem import governing_roles
from sujin.governance.ledger_sources import STREAM
from sujin.governance.ledgerbook import limits
from sujin.governance.measured import MONDAY, WEEK, busiest_beside, observed_between
from sujin.governance.models.measure import named_node, node_of
from sujin.governance.models.problem import GOVERN
from sujin.knowledge.audience import audience_of
from sujin.knowledge.models import Version
from sujin.platform import reach
from sujin.platform.models import Entry, Org, Person
from sujin.platform.reach import Reach
from sujin.platform.refusal import Refusal
from sujin.supervision.kinds import outreach as kinds
from sujin.supervision.models import Outreach
from sujin.supervision.topics import counted_at, span
from sujin.supervision.voicebook import methods, number, segments, topics

# Nothing can be seen of what was held so shortly before the declared day.
LEAST_AFTER = 4 * WEEK
REACHED_MOST = 1_000_000


class CannotReachOut(Refusal):
    """Not here, not by this person, not now, or something is missing."""


@transaction.atomic
def plan_outreach(
    *, topic: str, place: Org, segment: str, method: str, planned_on: date, why: str,
    version: Version | None = None, by: Person, at: datetime,
) -> Outreach:  # fmt: skip
    """The outreach, with what was counted when it was chosen, when it will be judged, and which
    other places it is compared with: all said before it is held."""
    mine, said, today = reach.of(by, at), spoken(why), timezone.localdate(at)
    if not reaches(place, mine):
        raise CannotReachOut(_t("只能在本单位和下级机构组织宣教"))
    _refuse_choice(topic, segment, method)
    if planned_on <= today or planned_on > today + timedelta(days=limits().longest_days):
        raise CannotReachOut(_t("计划日期最早是明天，最晚一年以内"))
    if len(said) < WORDS_LEAST:
        raise CannotReachOut(_t("请写明为什么在这里讲这个"))
    if version is not None and not _is_served(version, mine, at):
        raise CannotReachOut(_t("这份材料没有生效或不对您开放，请另选"))
    made = Outreach(
        planned_at=at, planned_by=by, place=place, planned_on=planned_on,
        judge_on=_judged_on(planned_on),
    )  # fmt: skip
    told = _told(made, topic, segment, method, said, version, today)
    made.save()
    made.write(told, by=by, at=at)
    return made


def _refuse_choice(topic: str, segment: str, method: str) -> None:
    if topic not in topics() or segment not in segments() or method not in methods():
        raise CannotReachOut(_t("请从列表里选主题、对象和方式"))


def _is_served(version: Version, mine: Reach, at: datetime) -> bool:
    return Version.objects.served(audience_of(mine), at).filter(pk=version.pk).exists()


def _judged_on(planned_on: date) -> date:
    """The Monday after its last week."""
    monday = MONDAY(planned_on)
    return monday + WEEK * (int(number("after_weeks")) + (monday < planned_on))


def _told(  # noqa: PLR0917 - what a plan consists of
    made: Outreach, topic: str, segment: str, method: str, why: str, version: Version | None,
    today: date,
) -> kinds.OutreachPlanned:  # fmt: skip
    row = topics()[topic]
    hits, among = counted_at(row, made.place, today)
    made.business, made.cause = row.business, row.cause
    beside = busiest_beside(made.node, STREAM, today) if not made.place.is_root else []
    return kinds.OutreachPlanned(
        topic=topic, topic_name=row.names["zh"], business=row.business, cause=row.cause,
        place_name=made.place.name, segment=segment, method=method, planned_on=made.planned_on,
        judge_on=made.judge_on, why=why, version=version.pk if version else None, hits=hits,
        among=among, controls=tuple(map(named_node, beside)),
    )  # fmt: skip


@transaction.atomic
def hold_outreach(
    outreach: Outreach, *, held_on: date, reached: int, counted_how: str, by: Person, at: datetime
) -> None:
    """It was held: on which day, how many people, and how they were counted."""
    held, said = _held(outreach, by, at), spoken(counted_how)
    if not timezone.localdate(held.planned_at) < held_on <= timezone.localdate(at):
        raise CannotReachOut(_t("举行日期须在计划以后、不晚于今天"))
    if held_on > held.judge_on - LEAST_AFTER:
        raise CannotReachOut(_t("离看走势的日期太近，看不出什么；请取消后另行计划"))
    if not 0 < reached <= REACHED_MOST:
        raise CannotReachOut(_t("请写覆盖了多少人"))
    if len(said) < WORDS_LEAST:
        raise CannotReachOut(_t("请写明人数是怎么数的，例如签到表或观看人次"))
    told = kinds.OutreachHeld(held_on=held_on, reached=reached, counted_how=said)
    held.write(told, by=by, at=at)


@transaction.atomic
def cancel_outreach(outreach: Outreach, *, because: str, by: Person, at: datetime) -> None:
    """It is not held; what was held stays and is judged."""
    held, said = _held(outreach, by, at), spoken(because)
    if len(said) < WORDS_LEAST:
        raise CannotReachOut(_t("请写明理由"))
    held.write(kinds.OutreachCancelled(because=said), by=by, at=at)


def _held(outreach: Outreach, by: Person, at: datetime) -> Outreach:
    rows = Outreach.objects.select_for_update(of=("self",)).select_related("place")
    held = rows.get(pk=outreach.pk)
    if not reaches(held.place, reach.of(by, at)):
        raise CannotReachOut(_t("由%(place)s或上级登记") % {"place": held.place})
    if held.state != kinds.PLANNED:
        raise CannotReachOut(_t("已经举行或取消"))
    return held


def reaches(place: Org, mine: Reach) -> bool:
    """Whether the person governs at the place or above it."""
    return any(place.path.startswith(one.path) for one in mine.places(GOVERN))


def judge_outreaches(*, by: Person, at: datetime) -> int:
    """Each ripe one once, in a transaction of its own; how many."""
    ripe = Outreach.objects.ripe(timezone.localdate(at)).order_by("pk")
    return sum(_judge(key, by=by, at=at) for key in list(ripe.values_list("pk", flat=True)))


@transaction.atomic
def _judge(key: int, *, by: Person, at: datetime) -> bool:
    rows = Outreach.objects.select_for_update(of=("self",)).select_related("place")
    row = rows.ripe(timezone.localdate(at)).filter(pk=key).first()
    if row is None:
        return False
    # Weeks after the declared day were not declared: a verdict given late is the same.
    found = judge(observed_of(row, row.judge_on), declared_of(row), seed=row.pk)
    told = kinds.OutreachJudged(
        verdict=found.verdict.value, figures=figures(found, INNER), judged_at=at
    )
    row.write(told, by=by, at=at)
    return True


def declared_of(row: Outreach) -> Declared:
    """A week begun before the day is not judged. The weeks by which the topic was chosen are no
    part of the time before it, nor are those in between: a topic stands out where it rose by
    chance, too, and its falling back would be credited to the outreach (as in
    `engine.training_effect.series`)."""
    held_on = row.held_on or row.planned_on
    monday, start = MONDAY(held_on), _choosing(row)
    return Declared(start, number("promised"), (monday - start) // WEEK + (monday < held_on))


def _choosing(row: Outreach) -> date:
    """The first week that was looked at when it was planned."""
    return span(timezone.localdate(row.planned_at))[0]


def observed_of(row: Outreach, today: date) -> Observed:
    """Whole weeks of the topic at the place, and at the places it is compared with."""
    first = _choosing(row) - WEEK * limits().history_weeks
    return observed_between(
        STREAM, row.node, controls=list(map(node_of, row.controls)), sinks=(), first=first,
        today=today,
    )  # fmt: skip


def inform_of_outreach(entry: Entry) -> None:
    """The place hears that it is planned there, and what became of it."""
    found = Outreach.objects.select_related("place").get(pk=entry.subject_id)
    tell_desks([found.place], governing_roles(), entry)
