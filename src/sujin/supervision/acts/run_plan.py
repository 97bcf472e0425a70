"""What happens to a plan on the way: somebody stands aside, its last day passes."""

from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _t

from sujin.governance.acts.propose_visit import WORDS_LEAST, spoken
from sujin.platform import reach
from sujin.platform.models import Person
from sujin.supervision.acts.carry_inspection import CannotInspect
from sujin.supervision.acts.draw_plan import barred, inspectors
from sujin.supervision.kinds import inspection as kinds
from sujin.supervision.models import Inspection, InspectionPlan
from sujin.supervision.models.inspection import PLAN


@transaction.atomic
def pass_on_inspection(
    inspection: Inspection, *, because: str, by: Person, at: datetime
) -> None:  # fmt: skip
    """Whoever was drawn has an interest, or cannot go: the next by lot among those who may, with
    the fewest inspections of this plan. The lot is the plan's seed and the inspection's number."""
    rows = Inspection.objects.select_for_update(of=("self", "plan"))
    held = rows.select_related("plan__org", "outlet", "inspector").get(pk=inspection.pk)
    drawn_by_me = reach.of(by, at).allows(PLAN, held.plan.org.tokens)
    said = spoken(because)
    if held.inspector_id != by.pk and not drawn_by_me:
        raise CannotInspect(_t("由检查人自己或安排计划的人换人"))
    if not held.is_ahead:
        raise CannotInspect(_t("这次检查已经提交或已过期，不能再改"))
    if len(said) < WORDS_LEAST:
        raise CannotInspect(_t("请写明为什么换人"))
    chosen = Person.objects.get(pk=_next(held, at))
    told = kinds.InspectionPassedOn(
        inspector=chosen.pk, inspector_name=chosen.name, because=said
    )  # fmt: skip
    # What one saw is not what another hands in; the docket keeps it.
    held.marks.all().delete()
    held.photos.all().delete()
    held.write(told, by=by, at=at)


def _next(held: Inspection, at: datetime) -> int:
    row = held.plan.row
    sent = inspectors(held.plan.org, at)
    closed = barred(held.outlet, row, sent) if row else frozenset(sent)
    taken = list(held.plan.inspections.values_list("inspector", "day"))
    busy = {who for who, day in taken if day == held.day}
    had = held.entries.of(kinds.InspectionSet, kinds.InspectionPassedOn)
    earlier = {int(data["inspector"]) for data in had.values_list("data", flat=True)}
    free = set(sent) - closed - busy - earlier
    if not free:
        raise CannotInspect(_t("没有别人能去：都在本单位，或当天已有安排"))
    loads = {who: sum(one == who for one, _day in taken) for who in free}
    least = min(loads.values())
    equal = sorted(who for who, load in loads.items() if load == least)
    return equal[(held.plan.seed + held.pk) % len(equal)]


def end_plans(*, by: Person, at: datetime) -> int:
    """Plans whose last day has passed: what nobody went to is missed, the seed told; how many."""
    today = timezone.localdate(at)
    rows = InspectionPlan.objects.filter(state=kinds.RUNNING, last__lt=today).order_by("pk")
    return sum(_end(key, by=by, at=at) for key in rows.values_list("pk", flat=True))


@transaction.atomic
def _end(key: int, *, by: Person, at: datetime) -> bool:
    held = InspectionPlan.objects.select_for_update().get(pk=key)
    if not held.runs:
        return False
    ahead = held.inspections.select_for_update().filter(state=kinds.AHEAD).order_by("pk")
    missed = [one.write(kinds.InspectionMissed(), by=by, at=at) for one in ahead]
    done = held.inspections.filter(state=kinds.SUBMITTED).count()
    told = kinds.PlanOver(seed=held.seed, done=done, missed=len(missed), over_at=at)
    held.write(told, by=by, at=at)
    return True
