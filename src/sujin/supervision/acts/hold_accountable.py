"""问责: first confirmed, then heard, then decided by another hand; an appeal by a third."""

from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _t

from sujin.governance.acts.propose_visit import WORDS_LEAST, end_of, spoken
from sujin.platform import reach
from sujin.platform.models import Org, Person, Post
from sujin.platform.reach import Reach, roles
from sujin.platform.refusal import Refusal
from sujin.supervision import accountbook
from sujin.supervision.kinds import accountability as kinds
from sujin.supervision.kinds import shortcoming as mending
from sujin.supervision.models import Accountability, Finding, Shortcoming
from sujin.supervision.models.accountability import ACCOUNT, DECIDE

EVIDENCE_LEAST = 10
DAY = timedelta(days=1)


class CannotHold(Refusal):
    """Not this person's, not now, or not yet confirmed; the message says which."""


@transaction.atomic
def open_accountability(
    source: Shortcoming | Finding, *, person: Person, measure: str, evidence: str, by: Person,
    at: datetime,
) -> Accountability:  # fmt: skip
    """Of somebody who worked there then, for something that is confirmed."""
    unit, said = unit_of(source), spoken(evidence)
    if not reach.of(by, at).allows(ACCOUNT, unit.tokens):
        raise CannotHold(_t("您的岗位不能对%(unit)s提起问责") % {"unit": unit})
    if person.pk == by.pk or person.pk not in _there(source):
        raise CannotHold(_t("只能问责当时在这个单位任职的人，不能是自己"))
    if not is_confirmed(source):
        raise CannotHold(_t("还没有认定：先由单位回音或说明，再问责"))
    if len(said) < EVIDENCE_LEAST:
        raise CannotHold(_t("请写明事实和证据（不少于 %(n)d 字）") % {"n": EVIDENCE_LEAST})
    _refuse_leap(source, person, measure, at)
    made = _made(source, unit, person, by, at)
    told = kinds.AccountabilityOpened(
        person_name=person.name, evidence=said, measure=measure,
        measure_name=accountbook.name(measure),
        respond_by=end_of(int(accountbook.numbers()["respond_days"]), at),
    )  # fmt: skip
    made.write(told, by=by, at=at)
    return made


def unit_of(source: Shortcoming | Finding) -> Org:
    return source.outlet if isinstance(source, Shortcoming) else source.unit


def is_confirmed(source: Shortcoming | Finding) -> bool:
    """Somebody looked again after the unit was heard, or its time to answer is over; a finding was
    upheld. That the unit answered is not enough: it may have said that it is not so."""
    if isinstance(source, Finding):
        return source.verdict == "upheld"
    was_seen = source.state == mending.MENDED or source.returns > 0
    return was_seen or source.escalated_at is not None


def people_of(source: Shortcoming | Finding) -> list[Person]:
    """Whoever had a post at the unit, or above it below the head office, on the day in question."""
    return list(Person.objects.filter(pk__in=_there(source)).order_by("staff_no"))


def _there(source: Shortcoming | Finding) -> set[int]:
    above = unit_of(source).lineage[1:]
    held = Post.objects.filter(_held_then(source), org__in=above, stands_in_for=None)
    return set(held.values_list("person", flat=True))


def _held_then(source: Shortcoming | Finding) -> Q:
    """Posts in force on the day in question."""
    if isinstance(source, Shortcoming):
        day = timezone.localdate(source.inspection.submitted_at)
    else:
        day = timezone.localdate(source.found_at)
    return Q(Q(until__isnull=True) | Q(until__gte=day), since__lte=day)


def measures_for(
    source: Shortcoming | Finding, person: Person, at: datetime
) -> list[accountbook.AccountMeasure]:
    """Those that may be asked for: one rung above what came into force against the person before,
    or what the pack allows for a first time."""
    severity = source.severity if isinstance(source, Shortcoming) else ""
    since = at - int(accountbook.numbers()["before_days"]) * DAY
    before = Accountability.objects.filter(person=person).in_force(since)
    rungs = [accountbook.rung(code) for code in before.values_list("measure", flat=True)]
    most = max([accountbook.first_rung(severity), *(one + 1 for one in rungs)])
    return [one for one in accountbook.measures().values() if one.rung <= most]


def _refuse_leap(source: Shortcoming | Finding, person: Person, measure: str, at: datetime) -> None:
    allowed = {one.code for one in measures_for(source, person, at)}
    if measure not in accountbook.measures():
        raise CannotHold(_t("请选择拟采取的措施"))
    if measure not in allowed:
        raise CannotHold(_t("升档须以此前已经生效的问责为前提，这一次不能用这一档"))


def _made(
    source: Shortcoming | Finding, unit: Org, person: Person, by: Person, at: datetime
) -> Accountability:
    of = {"shortcoming": source} if isinstance(source, Shortcoming) else {"finding": source}
    try:
        with transaction.atomic():
            return Accountability.objects.create(
                **of, unit=unit, person=person, opened_by=by, opened_at=at
            )
    except IntegrityError:
        raise CannotHold(_t("这件事已经对此人提起过问责")) from None


@transaction.atomic
def answer_accountability(
    accountability: Accountability, *, words: str, by: Person, at: datetime
) -> None:
    """The person speaks; until it is decided the last word counts."""
    held, said = _held(accountability), spoken(words)
    if held.person_id != by.pk:
        raise CannotHold(_t("由本人陈述"))
    if held.state not in (kinds.OPENED, kinds.RESPONDED):
        raise CannotHold(_t("已经决定；不服的可以申诉"))
    if len(said) < WORDS_LEAST:
        raise CannotHold(_t("请写明您的陈述"))
    held.write(kinds.AccountabilityAnswered(words=said), by=by, at=at)


@transaction.atomic
def decide_accountability(
    accountability: Accountability, *, measure: str, because: str, by: Person, at: datetime
) -> None:
    """By whoever decides there, never who opened it nor of the unit itself; after the person spoke
    or had time to. No graver than what was asked for; an empty measure holds nobody to account."""
    held, said = _held(accountability), spoken(because)
    _refuse_judge(held, by, at)
    if held.state not in (kinds.OPENED, kinds.RESPONDED):
        raise CannotHold(_t("已经决定过"))
    if held.state == kinds.OPENED and held.respond_by is not None and at <= held.respond_by:
        raise CannotHold(_t("本人还没有陈述，陈述期限未过"))
    if measure and not 0 < accountbook.rung(measure) <= accountbook.rung(held.asked):
        raise CannotHold(_t("不能重于提起时拟采取的措施"))
    if len(said) < WORDS_LEAST:
        raise CannotHold(_t("请写明理由"))
    told = kinds.AccountabilityDecided(
        measure=measure, measure_name=accountbook.name(measure) if measure else "", because=said,
        decided_by=by.pk, appeal_by=at + int(accountbook.numbers()["appeal_days"]) * DAY,
    )  # fmt: skip
    held.write(told, by=by, at=at)


@transaction.atomic
def appeal_accountability(
    accountability: Accountability, *, words: str, by: Person, at: datetime
) -> None:
    """Within its days; until it is heard the measure is not in force."""
    held, said = _held(accountability), spoken(words)
    if held.person_id != by.pk:
        raise CannotHold(_t("由本人申诉"))
    if held.state != kinds.DECIDED or not held.measure:
        raise CannotHold(_t("没有可以申诉的决定"))
    if held.appeal_by is not None and at > held.appeal_by:
        raise CannotHold(_t("申诉期已过"))
    if len(said) < WORDS_LEAST:
        raise CannotHold(_t("请写明不服的理由"))
    held.write(kinds.AccountabilityAppealed(words=said), by=by, at=at)


@transaction.atomic
def hear_appeal(
    accountability: Accountability, *, verdict: str, measure: str, because: str, by: Person,
    at: datetime,
) -> None:  # fmt: skip
    """By neither who opened nor who decided. It can only become lighter."""
    held, said = _held(accountability), spoken(because)
    _refuse_judge(held, by, at)
    if held.state != kinds.APPEALED:
        raise CannotHold(_t("没有申诉，或已经审过"))
    if len(said) < WORDS_LEAST:
        raise CannotHold(_t("请写明理由"))
    final = _final(held, verdict, measure)
    told = kinds.AccountabilityHeard(
        verdict=verdict, measure=final, measure_name=accountbook.name(final) if final else "",
        because=said, in_force_at=at if final else None,
    )  # fmt: skip
    held.write(told, by=by, at=at)


def _final(held: Accountability, verdict: str, measure: str) -> str:
    if verdict == kinds.STANDS:
        return held.measure
    if verdict == kinds.SET_ASIDE:
        return ""
    if verdict != kinds.LIGHTER:
        raise CannotHold(_t("请选择维持、减轻或撤销"))
    if not 0 < accountbook.rung(measure) < accountbook.rung(held.measure):
        raise CannotHold(_t("减轻的，请选一档更轻的措施"))
    return measure


def decides(accountability: Accountability, mine: Reach) -> bool:
    """Whoever decides above the person's own post of then, by a post held in the place of none of
    those who have a part in it; never who opened it, nor the person."""
    parts = {accountability.opened_by_id, accountability.person_id}
    if accountability.state == kinds.APPEALED:
        parts.add(accountability.decided_by_id or 0)
    if mine.person_id in parts:
        return False
    above = set(_highest(accountability).lineage[:-1])
    return any(
        post.org_id in above and DECIDE in roles()[post.role].may
        for post in mine.posts
        if post.stands_in_for is None or post.stands_in_for.person_id not in parts
    )


def _highest(accountability: Accountability) -> Org:
    """Where the person stood: the highest post held then at the unit or above it."""
    source, unit = accountability.source, accountability.unit
    posts = Post.objects.filter(_held_then(source), person=accountability.person_id)
    own = posts.filter(org__in=unit.lineage[1:]).select_related("org")
    return min((post.org for post in own), key=lambda org: org.path.count("/"), default=unit)


def _refuse_judge(held: Accountability, by: Person, at: datetime) -> None:
    if not decides(held, reach.of(by, at)):
        raise CannotHold(
            _t(
                "由本人上级单位有权决定的人决定；本人、提起的人、原来作决定的人和他们的代理人不能决定"
            )
        )


def _held(accountability: Accountability) -> Accountability:
    rows = Accountability.objects.select_for_update(of=("self",)).select_related(
        "unit", "person", "shortcoming__inspection", "finding"
    )
    return rows.get(pk=accountability.pk)


def bring_into_force(*, by: Person, at: datetime) -> int:
    """Decisions whose days for an appeal have passed; how many."""
    rows = Accountability.objects.filter(state=kinds.DECIDED, appeal_by__lt=at).order_by("pk")
    return sum(_bring(key, by=by, at=at) for key in rows.values_list("pk", flat=True))


@transaction.atomic
def _bring(key: int, *, by: Person, at: datetime) -> bool:
    held = Accountability.objects.select_for_update().get(pk=key)
    if held.state != kinds.DECIDED:
        return False
    told = kinds.AccountabilityInForce(in_force_at=at if held.measure else None)
    held.write(told, by=by, at=at)
    return True
