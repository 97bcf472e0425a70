"""What inspections and what follows from them want of a person."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.db.models import Q
from django.utils.translation import gettext as _t

from sujin.complaints.figures.selection import midnight
from sujin.platform.errands import Errand
from sujin.platform.reach import Reach
from sujin.supervision.acts.hold_accountable import decides
from sujin.supervision.acts.rectify import may_answer, may_look
from sujin.supervision.kinds import accountability, recording, shortcoming
from sujin.supervision.models import Accountability, Inspection, Recording, Shortcoming
from sujin.supervision.models.accountability import DECIDE
from sujin.supervision.models.inspection import RECTIFY

DAY = timedelta(days=1)
SHOWN = 20


def inspections(reach: Reach, _at: datetime) -> Iterator[Errand]:
    """Those that the person is to make."""
    rows = Inspection.objects.mine(reach).select_related("outlet").order_by("day", "pk")
    for one in rows[:SHOWN]:
        about = f"{one.outlet}"
        yield Errand(_t("检查网点"), about, one.get_absolute_url(), midnight(one.day + DAY))


def shortcomings(reach: Reach, _at: datetime) -> Iterator[Errand]:
    """Those of the person's own desk; and echoes that wait to be looked at."""
    desks = [place.pk for place in reach.places(RECTIFY)]
    wanted = Q(state=shortcoming.OPEN, outlet__in=desks)
    found = Q(state=shortcoming.ANSWERED, inspection__inspector=reach.person_id)
    rows = Shortcoming.objects.filter(wanted | found)
    rows = rows.select_related("outlet", "inspection__plan__org").order_by("due_at", "pk")
    for one in rows[:SHOWN]:
        about = f"{one.outlet} · {one.item_name}"
        if one.state == shortcoming.OPEN and may_answer(one, reach):
            yield Errand(_t("整改并回音"), about, one.get_absolute_url(), one.due_at)
        if one.state == shortcoming.ANSWERED and may_look(one, reach):
            yield Errand(_t("复查整改"), about, one.get_absolute_url(), None)


def recordings(reach: Reach, _at: datetime) -> Iterator[Errand]:
    """Those that the person's own desk is asked for."""
    desks = [place.pk for place in reach.places(RECTIFY)]
    rows = Recording.objects.filter(state=recording.ASKED, inspection__outlet__in=desks)
    for one in rows.select_related("inspection").order_by("answer_by", "pk")[:SHOWN]:
        yield Errand(_t("提供录像"), one.camera, one.get_absolute_url(), one.answer_by)


def accountabilities(reach: Reach, at: datetime) -> Iterator[Errand]:
    """One's own, to speak or to appeal; and those that wait for the person's decision."""
    mine = Q(person=reach.person_id, state__in=[accountability.OPENED, accountability.DECIDED])
    wanted = mine
    if DECIDE in reach.may:
        heard = [accountability.RESPONDED, accountability.APPEALED]
        over = Q(state=accountability.OPENED, respond_by__lt=at)
        keys = Accountability.objects.within(reach).values("pk")
        wanted |= (Q(state__in=heard) | over) & Q(pk__in=keys)
    rows = Accountability.objects.filter(wanted).select_related(
        "person", "unit", "shortcoming__inspection", "finding"
    )
    for one in rows.order_by("opened_at", "pk")[:SHOWN]:
        found = _accountability(one, reach)
        if found is not None:
            yield found


def _accountability(one: Accountability, reach: Reach) -> Errand | None:
    about, url = f"{one} · {one.unit}", one.get_absolute_url()
    if one.person_id == reach.person_id:
        if one.state == accountability.OPENED:
            return Errand(_t("陈述"), about, url, one.respond_by)
        return Errand(_t("看问责决定，可申诉"), about, url, one.appeal_by) if one.measure else None
    if not decides(one, reach):
        return None
    if one.state == accountability.APPEALED:
        is_third = one.decided_by_id != reach.person_id
        return Errand(_t("审理申诉"), about, url, None) if is_third else None
    return Errand(_t("作出问责决定"), about, url, None)
