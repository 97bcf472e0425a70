"""What visits and the ledger want of a person: to answer, to go, to mend, to find a cause."""

from collections.abc import Iterator
from datetime import datetime

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _t

from sujin.complaints.figures.selection import midnight
from sujin.governance.acts.convene_meeting import convenes
from sujin.governance.acts.echo_concern import may_answer, may_judge
from sujin.governance.hotmap import DAY
from sujin.governance.kinds import ledger, meeting, programme
from sujin.governance.kinds import visit as kinds
from sujin.governance.models import Concern, Decision, Measure, Problem, Programme, Task, Visit
from sujin.governance.models.problem import GOVERN
from sujin.governance.models.visit import MENDS
from sujin.platform.errands import Errand
from sujin.platform.reach import Reach

SHOWN = 20


def visits(reach: Reach, _at: datetime) -> Iterator[Errand]:
    """Those that the person is asked to make, or makes in somebody's place."""
    me = [reach.person_id, *reach.stood_in_for]
    rows = Visit.objects.filter(visitor__in=me, state__in=kinds.AHEAD)
    for one in rows.select_related("place").order_by("due_on", "pk")[:SHOWN]:
        about = f"{one.place} · {one.business_name}"
        if one.state == kinds.PROPOSED:
            yield Errand(_t("答复是否走访"), about, one.get_absolute_url(), one.answer_by)
        else:
            due_at = midnight(one.due_on + DAY) if one.due_on else None
            yield Errand(_t("走访并报告"), about, one.get_absolute_url(), due_at)


def concerns(reach: Reach, _at: datetime) -> Iterator[Errand]:
    """Those of the person's own desk, not of desks below it; and answers to be looked at."""
    desks = [place.pk for place in reach.places(MENDS)]
    mine = Q(visit__visitor=reach.person_id) | Q(visit__proposed_by=reach.person_id)
    rows = Concern.objects.filter(
        Q(state=kinds.OPEN, owner__in=desks) | (Q(state=kinds.ANSWERED) & mine)
    )
    rows = rows.select_related("owner", "visit__place").order_by("due_at", "pk")
    for one in rows[:SHOWN]:
        about = f"{one.visit.place} · {one.words}"
        if one.state == kinds.OPEN and may_answer(one, reach):
            yield Errand(_t("整改并答复"), about, one.get_absolute_url(), one.due_at)
        if one.state == kinds.ANSWERED and may_judge(one, reach):
            yield Errand(_t("确认整改"), about, one.get_absolute_url(), None)


def problems(reach: Reach, _at: datetime) -> Iterator[Errand]:
    """Those of the person's own desk: a cause to be found, a measure to be declared."""
    desks = [place.pk for place in reach.places(GOVERN)]
    rows = Problem.objects.standing().filter(owner__in=desks)
    for one in rows.order_by("due_on", "pk")[:SHOWN]:
        if not one.root:
            yield Errand(_t("为问题定因"), one.name, one.get_absolute_url(), one.acknowledge_by)
        elif one.state == ledger.OPENED:
            due_at = midnight(one.due_on + DAY)
            yield Errand(_t("提出措施"), one.name, one.get_absolute_url(), due_at)


def measures(reach: Reach, at: datetime) -> Iterator[Errand]:
    """Those that have begun and nobody has said are carried out, of the person's own desk."""
    desks = [place.pk for place in reach.places(GOVERN)]
    today = timezone.localdate(at)
    rows = Measure.objects.filter(state=ledger.DECLARED, owner__in=desks, starts_on__lte=today)
    for one in rows.select_related("problem").order_by("judge_on", "pk")[:SHOWN]:
        yield Errand(_t("落实措施"), one.words, one.get_absolute_url(), midnight(one.judge_on))


def decisions(reach: Reach, _at: datetime) -> Iterator[Errand]:
    """What meetings decided and the person's own desk is to do."""
    desks = [place.pk for place in reach.places(GOVERN)]
    rows = Decision.objects.filter(state=meeting.OPEN, problem=None, owner__in=desks)
    for one in rows.select_related("meeting").order_by("due_on", "pk")[:SHOWN]:
        due_at = midnight(one.due_on + DAY)
        yield Errand(_t("落实会议决定"), one.words, one.get_absolute_url(), due_at)


def tasks(reach: Reach, _at: datetime) -> Iterator[Errand]:
    """What programmes and notices ask of the person's own desk; and reports to be looked at."""
    desks = [place.pk for place in reach.places(GOVERN)]
    wanted = Q(state=programme.OPEN, owner__in=desks)
    if convenes(reach):
        wanted |= Q(state=programme.REPORTED)
    rows = Task.objects.filter(wanted, programme__state=programme.RUNNING)
    for one in rows.select_related("programme").order_by("due_on", "pk")[:SHOWN]:
        is_open = one.state == programme.OPEN
        due_at = midnight(one.due_on + DAY) if is_open else None
        wants = _t("落实专项任务") if is_open else _t("验收专项任务")
        yield Errand(wants, one.words, one.get_absolute_url(), due_at)


def notices(reach: Reach, _at: datetime) -> Iterator[Errand]:
    """Supervision notices that are not answered yet, for the head office."""
    if not convenes(reach):
        return
    rows = Programme.objects.filter(sort=programme.NOTICE, state=programme.RUNNING)
    for one in rows.exclude(answer_by=None).order_by("answer_by", "pk")[:SHOWN]:
        if one.answer_by is not None:
            due_at = midnight(one.answer_by + DAY)
            yield Errand(_t("答复督查通知书"), one.name, one.get_absolute_url(), due_at)
