"""Draw a sample of closed complaints by lot, unit by unit, and ask their customers.

The lot's seed is drawn once and kept with the cases it was drawn from, so that anybody can draw the
same sample again and nobody can have chosen it.
"""

from datetime import date, datetime, timedelta
from secrets import randbits

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _t

from sujin.complaints.models import Complaint
from sujin.engine.survey_design import draw
from sujin.platform import reach as reaches
from sujin.platform.bulk import insert
from sujin.platform.models import Org, Person
from sujin.platform.models.entry import record
from sujin.platform.reach import Reach
from sujin.platform.refusal import Refusal
from sujin.supervision.kinds import survey as kinds
from sujin.supervision.models import Invitation, SampleSurvey
from sujin.supervision.models.survey import SAMPLE
from sujin.supervision.questionnaires import SAMPLE as SORT
from sujin.supervision.questionnaires import numbers, questionnaires
from sujin.supervision.sampling import Design, by_unit, design, one_each, population
from sujin.supervision.turns import draw_alone

SEED_BITS = 62
NAME_LEAST = 4
EARLIEST = date(2000, 1, 1)
TOTAL_MAX = 5000


class CannotDraw(Refusal):
    """It cannot be drawn like this; the message says what to change."""


def designed(
    reach: Reach, *, unit: Org, since: date, until: date, total: int, answering: float,
    at: datetime,
) -> Design:  # fmt: skip
    """What would be drawn. Raises CannotDraw."""
    if since > until:
        raise CannotDraw(_t("开始日期不能晚于结束日期"))
    if until > timezone.localdate(at):
        raise CannotDraw(_t("只能抽已经办结的投诉，结束日期不能晚于今天"))
    if since < EARLIEST:
        raise CannotDraw(_t("开始日期太早，请从 %(year)d 年以后抽") % {"year": EARLIEST.year})
    cases, quiet = one_each(population(reach, unit, since, until), at)
    members = by_unit(cases, unit)
    if not members:
        raise CannotDraw(_nobody(quiet))
    whole = sum(map(len, members.values()))
    least = sum(min(int(numbers()["stratum_least"]), len(one)) for one in members.values())
    if not least <= total <= min(whole, TOTAL_MAX):
        said = {"least": least, "most": min(whole, TOTAL_MAX), "n": whole}
        raise CannotDraw(
            _t("共 %(n)d 件：至少抽 %(least)d 件（每个机构都要有），至多 %(most)d 件") % said
        )
    return design(members, total, answering, quiet)


def _nobody(quiet: int) -> str:
    if not quiet:
        return _t("这段时间没有办结的投诉，请换一段时间或范围")
    said = {"n": quiet, "days": int(numbers()["quiet_days"])}
    return _t("这段时间的 %(n)d 位客户 %(days)d 天内都请过了，请换一段时间或范围") % said


@transaction.atomic
def draw_sample(
    *, name: str, questionnaire: str, unit: Org, since: date, until: date, total: int,
    answering: float, seen: str, by: Person, at: datetime,
) -> SampleSurvey:  # fmt: skip
    """The sample, as it was seen before: ``seen`` is the digest of the population shown then."""
    reach = reaches.of(by, at)
    _refuse(reach, name, questionnaire, unit)
    # Nobody else asks anybody until this draw is committed.
    draw_alone()
    made = designed(
        reach, unit=unit, since=since, until=until, total=total, answering=answering, at=at
    )
    if made.digest != seen:
        raise CannotDraw(_t("办结的件数变了，请再看一遍抽样方案"))
    days = questionnaires()[questionnaire].valid_days
    sample = SampleSurvey.objects.create(
        opened_at=at, opened_by=by, unit=unit, answering=answering, seed=randbits(SEED_BITS),
        strata=[{"unit": one.unit, "name": one.name, "size": one.size, "n": one.n}
                for one in made.layers],
        frame={str(unit): [*cases] for unit, cases in made.members.items()},
        name=name.strip(), questionnaire=questionnaire, since=since, until=until,
        margin=made.promised, closes_on=timezone.localdate(at) + timedelta(days=days),
    )  # fmt: skip
    sample.write(_drawn(sample, made), by=by, at=at)
    _invite(sample, made, by, at)
    return sample


def redraw(sample: SampleSurvey) -> list[int]:
    """The cases, drawn again from what is kept: the same ones, whatever has happened since."""
    sizes = {str(one["unit"]): int(one["n"]) for one in sample.strata}
    drawn = draw(sample.frame, sizes, sample.seed)
    return sorted(case for cases in drawn.values() for case in cases)


def _drawn(sample: SampleSurvey, made: Design) -> kinds.SampleDrawn:
    return kinds.SampleDrawn(
        name=sample.name, questionnaire=sample.questionnaire, since=sample.since,
        until=sample.until, unit=sample.unit_id, population=made.population, n=made.n,
        margin=made.promised, frame_digest=made.digest, closes_on=sample.closes_on,
    )  # fmt: skip


def _invite(sample: SampleSurvey, made: Design, by: Person, at: datetime) -> None:
    """All of them at once; each link goes out by itself."""
    units = {case: unit for unit, cases in made.members.items() for case in cases}
    cases = Complaint.objects.in_bulk(redraw(sample))
    rows = [
        Invitation(
            complaint=case, sample=sample, unit_id=case.origin_id, stratum=units[pk], made_at=at,
            questionnaire=sample.questionnaire,
        )
        for pk, case in cases.items()
    ]  # fmt: skip
    insert(rows)
    told = [kinds.Invited(questionnaire=one.questionnaire, number=one.complaint.number)
            for one in rows]  # fmt: skip
    record([one.entry(what, by=by, at=at) for one, what in zip(rows, told, strict=True)])


def _refuse(reach: Reach, name: str, questionnaire: str, unit: Org) -> None:
    own = any(unit.path.startswith(place.path) for place in reach.places(SAMPLE))
    if SAMPLE not in reach.may or not own:
        raise CannotDraw(_t("只能在本机构的范围内抽样，由消保分析岗或投诉主管办理"))
    if len(name.strip()) < NAME_LEAST:
        raise CannotDraw(_t("请写明调查的名称"))
    if questionnaire not in questionnaires() or questionnaires()[questionnaire].sort != SORT:
        raise CannotDraw(_t("请选一份抽样问卷"))
