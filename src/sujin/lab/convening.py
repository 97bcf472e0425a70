"""Two meetings of the story: one five weeks ago with its decisions, and the next, still to come."""

from datetime import datetime, time, timedelta

from django.utils import timezone

from sujin.governance.acts.convene_meeting import (
    convene_meeting,
    decide,
    hold_meeting,
    report_decision,
)
from sujin.governance.models import Meeting
from sujin.governance.models.problem import GOVERN
from sujin.governance.sighting import owner_of
from sujin.knowledge.answering import above
from sujin.lab.cast import LIN_LAN
from sujin.lab.circumstance import ZONE
from sujin.platform.models import Person

DAY = timedelta(days=1)
AGO, AHEAD, TAKES, GIVEN = 35 * DAY, 3 * DAY, 9 * DAY, 60 * DAY
TEN = time(10, tzinfo=ZONE)
SEATS = ("card", "operations", "personal", "ebank", "consumer")
INTO_LEDGER = "逐网点核对材料清单和告知口径，不一致的三周内改完"
BY_ITSELF = "把近四周最多的三类投诉写成一页口径，发各网点"
MINUTES = "五个条线到会。逐项看了数据和原件，第一个议题列入台账，其余由归口部门回报。"
DONE = "一页口径已发布，各网点已签收"


def convene(*, now: datetime) -> None:
    """Loading it again adds nothing."""
    if Meeting.objects.exists():
        return
    lin = Person.objects.get(staff_no=LIN_LAN.staff_no)
    then = datetime.combine((now - AGO).date(), TEN)
    held = timezone.localdate(then)
    first = convene_meeting(sort="analysis", held_on=held, seats=SEATS, by=lin, at=then)
    if first.agenda:
        _decide(first, lin, then)
    hold_meeting(first, minutes=MINUTES, by=lin, at=then + DAY / 12)
    ahead = timezone.localdate(now) + AHEAD
    convene_meeting(sort="analysis", held_on=ahead, seats=SEATS, by=lin, at=now - DAY / 24)


def _decide(first: Meeting, lin: Person, at: datetime) -> None:
    """The first topic goes into the ledger, the other decision was reported within days."""
    topic = first.agenda[0]
    owner = owner_of(("", topic["business"], topic["cause"], ""), at)
    due_on = timezone.localdate(at) + GIVEN
    if above(owner, GOVERN, at):
        decide(first, words=INTO_LEDGER, owner=owner, due_on=due_on, topic=1, by=lin, at=at)
    made = decide(first, words=BY_ITSELF, owner=owner, due_on=due_on, topic=0, by=lin, at=at)
    for person in above(owner, GOVERN, at)[:1]:
        report_decision(made, answer=DONE, by=person, at=at + TAKES)
