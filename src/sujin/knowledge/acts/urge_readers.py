"""Ask those who have not read to do so; the house itself reminds before and after the day."""

from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _t

from sujin.knowledge import kinds
from sujin.knowledge.acts.distribute import keep_up
from sujin.knowledge.models import Distribution
from sujin.knowledge.models.reading import URGE, watched
from sujin.knowledge.rules import numbers
from sujin.platform.models import Org, Person
from sujin.platform.reach import Reach
from sujin.platform.refusal import Refusal

BEFORE, AFTER = "before", "after"


class CannotUrge(Refusal):
    """Nobody is left to ask."""


@transaction.atomic
def urge_readers(
    distribution: Distribution, *, unit: Org | None, reach: Reach, by: Person, at: datetime
) -> int:
    """Those of one unit and below it, or all in reach, who have not understood it; how many."""
    held = _held(distribution)
    rows = held.readings.missing().filter(watched(reach, frozenset({URGE})))
    if unit is not None:
        rows = rows.filter(unit__path__startswith=unit.path)
    people = tuple(rows.order_by("pk").values_list("person", flat=True))
    if not people:
        raise CannotUrge(_t("没有需要催学的人"))
    name = unit.name if unit is not None else ""
    told = kinds.DistributionUrged(what=str(held), unit=name, people=people)
    held.write(told, by=by, at=at)
    return len(people)


def remind_all(*, by: Person, at: datetime) -> int:
    """Once a day is enough and twice does no harm: who came and left since, and who is to be
    reminded today. How many distributions were reminded of."""
    today = timezone.localdate(at)
    rules = numbers()
    rows = Distribution.objects.filter(
        read_by__gte=today - timedelta(days=rules["remind_until"]),
        sent_at__lte=at,
    ).order_by("pk")
    count = 0
    for one in rows.listed():
        keep_up(one, by=by, at=at)
        if one.version is None or one.version.is_in_force(at):
            count += _remind(one, today, by=by, at=at)
    return count


def stage_of(one: Distribution, today: date) -> str:
    """Which reminder is due today, if any."""
    rules = numbers()
    if today > one.read_by:
        again = one.reminded_on is not None and one.reminded == AFTER
        since = (today - one.reminded_on).days if again and one.reminded_on else None
        return AFTER if since is None or since >= rules["remind_every"] else ""
    is_near = today >= one.read_by - timedelta(days=rules["remind_before"])
    return BEFORE if is_near and not one.reminded else ""


@transaction.atomic
def _remind(distribution: Distribution, today: date, *, by: Person, at: datetime) -> bool:
    held = _held(distribution)
    stage = stage_of(held, today)
    people = tuple(held.readings.missing().order_by("pk").values_list("person", flat=True))
    if not stage or not people:
        return False
    told = kinds.DistributionReminded(
        what=str(held), stage=stage, day=today, read_by=held.read_by, people=people
    )
    held.write(told, by=by, at=at)
    return True


def _held(distribution: Distribution) -> Distribution:
    rows = Distribution.objects.select_for_update(of=("self",)).listed()
    return rows.get(Q(pk=distribution.pk))
