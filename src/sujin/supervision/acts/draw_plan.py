"""Draw a plan of inspections by lot, by risk and yet unforeseeable; nobody goes to the own unit."""

import hashlib
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _t

from sujin.engine import sample
from sujin.engine.sample import CannotSample, Drawn, Place
from sujin.engine.workdays import CalendarNotLoaded
from sujin.governance import watching
from sujin.governance.acts.propose_visit import WORDS_LEAST, spoken
from sujin.platform import reach
from sujin.platform.models import Org, Person, Post
from sujin.platform.reach import roles_with
from sujin.platform.refusal import Refusal
from sujin.supervision.inspectionbook import Sort, numbers, sorts
from sujin.supervision.kinds import inspection as kinds
from sujin.supervision.models import Inspection, InspectionPlan
from sujin.supervision.models.inspection import CHECK, PLAN
from sujin.supervision.risks import outlets_below, risk_of

DAY = timedelta(days=1)
LONGEST = 366 * DAY


class CannotDraw(Refusal):
    """No such plan: not this person's to draw, or it cannot be; the message says what to change."""


@dataclass(frozen=True, slots=True)
class Pool:
    """What a plan draws from: outlets with their risks and who is barred; who may be sent."""

    places: tuple[Place, ...]
    inspectors: tuple[int, ...]
    days: tuple[date, ...]

    def data(self) -> tuple[Mapping[str, Any], ...]:
        """As plain values, to draw from again."""
        return tuple(
            {"outlet": one.key, "risk": one.risk, "barred": sorted(one.barred)}
            for one in self.places
        )


def digest_of(seed: int) -> str:
    return hashlib.sha256(str(seed).encode()).hexdigest()


@transaction.atomic
def draw_plan(
    org: Org, *, name: str, sort: str, first: date, last: date, visits: int, by: Person,
    at: datetime, seed: int | None = None,
) -> InspectionPlan:  # fmt: skip
    """A plan of ``org`` for the outlets below it. Without a ``seed`` nobody knows it before."""
    if not reach.of(by, at).allows(PLAN, org.tokens):
        raise CannotDraw(_t("您的岗位不能为%(org)s安排检查") % {"org": org})
    row, said = sorts().get(sort), spoken(name)[:80]
    if row is None or len(said) < WORDS_LEAST:
        raise CannotDraw(_t("请写名称并选择是哪一种检查"))
    chosen = secrets.randbits(62) if seed is None else seed
    found = pool(org, row, first, last, at)
    factor = float(numbers()["factor"])
    drawn = _drawn(found, visits, factor, chosen)
    chances = sample.chances([one.risk for one in found.places], visits, factor)
    made = InspectionPlan.objects.create(
        org=org, drawn_by=by, drawn_at=at, seed=chosen, first=first, last=last
    )
    told = kinds.PlanDrawn(
        name=said, sort=sort, first=first, last=last, visits=visits, factor=factor,
        digest=digest_of(chosen), pool=found.data(), inspectors=found.inspectors, days=found.days,
        chances=tuple(round(float(one), 6) for one in chances),
    )  # fmt: skip
    made.write(told, by=by, at=at)
    _set(made, drawn, found.days, by=by, at=at)
    return made


def pool(org: Org, sort: Sort, first: date, last: date, at: datetime) -> Pool:
    """Raises CannotDraw when there is nothing to draw from."""
    if not timezone.localdate(at) < first <= last <= timezone.localdate(at + LONGEST):
        raise CannotDraw(_t("日期从明天起，不超过一年，止不早于起"))
    outlets, days = outlets_below(org), workdays(first, last)
    if not outlets or not days:
        raise CannotDraw(_t("没有可抽的网点，或这段时间没有工作日"))
    risk, sent = risk_of(outlets, at), inspectors(org, at)
    if not sent:
        raise CannotDraw(_t("还没有能派出的检查人：请先给人员安排有“检查”权限的岗位"))
    places = [Place(one.pk, risk[one.pk], barred(one, sort, sent)) for one in outlets]
    return Pool(tuple(places), tuple(sorted(sent)), tuple(days))


def workdays(first: date, last: date) -> list[date]:
    """The days on which people work; beyond the published calendar Monday to Friday."""
    every = [first + count * DAY for count in range((last - first).days + 1)]
    calendar = watching.house_calendar()
    try:
        return [day for day in every if calendar.is_workday(day)]
    except CalendarNotLoaded:
        return [day for day in every if day.weekday() < 5]


def inspectors(org: Org, at: datetime) -> dict[int, list[str]]:
    """Whoever may be sent from this place or below it, with the paths of all posts of late."""
    able = roles_with(CHECK)
    posts = Post.objects.on_duty_at(at).filter(role__in=able, org__path__startswith=org.path)
    known = set(posts.values_list("person", flat=True))
    since = timezone.localdate(at) - int(numbers()["own_days"]) * DAY
    held = Post.objects.filter(Q(until__isnull=True) | Q(until__gte=since), person__in=known)
    found: dict[int, list[str]] = {key: [] for key in known}
    for person, path in held.values_list("person", "org__path"):
        found[person].append(path)
    return found


def barred(outlet: Org, sort: Sort, sent: Mapping[int, Sequence[str]]) -> frozenset[int]:
    """Those of the outlet's own second-level branch, and whatever stands between; of a cross
    inspection all of its first-level branch."""
    own = outlet.lineage[: 2 if sort.cross else 3]
    tree = "".join(f"{step}/" for step in own)
    return frozenset(
        person for person, paths in sent.items() if any(path.startswith(tree) for path in paths)
    )


def drawn_again(plan: InspectionPlan) -> list[tuple[int, int, date]]:
    """Outlet, inspector and day of each visit, drawn once more from what the plan kept."""
    places = (Place(one["outlet"], one["risk"], frozenset(one["barred"])) for one in plan.pool)
    told = plan.entries.of(kinds.PlanDrawn).get().what()
    assert isinstance(told, kinds.PlanDrawn)
    kept = Pool(tuple(places), told.inspectors, told.days)
    found = _drawn(kept, plan.visits, plan.factor, plan.seed)
    return [(one.place, one.inspector, told.days[one.day]) for one in found]


def _drawn(found: Pool, visits: int, factor: float, seed: int) -> list[Drawn]:
    try:
        return sample.draw(
            found.places, found.inspectors, visits=visits, days=len(found.days), factor=factor,
            seed=seed,
        )  # fmt: skip
    except CannotSample:
        said = {"outlets": len(found.places), "people": len(found.inspectors)}
        raise CannotDraw(
            _t(
                "排不出这样的计划：%(outlets)d 家网点、%(people)d 名检查人，每人每天一家，"
                "谁也不去自己的单位；请少抽几家、放宽日期，或增加检查人"
            )
            % said
        ) from None


def _set(
    plan: InspectionPlan, drawn: Sequence[Drawn], days: Sequence[date], *, by: Person, at: datetime
) -> None:
    names = dict(
        Person.objects.filter(pk__in={one.inspector for one in drawn}).values_list("pk", "name")
    )
    for one in drawn:
        made = Inspection.objects.create(plan=plan, outlet_id=one.place, day=days[one.day])
        told = kinds.InspectionSet(
            inspector=one.inspector, inspector_name=names[one.inspector], day=days[one.day],
            chance=round(one.chance, 6),
        )  # fmt: skip
        made.write(told, by=by, at=at)
