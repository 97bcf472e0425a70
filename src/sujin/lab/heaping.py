"""Two branches that closed old complaints in a heap: what an indicator has to find, once last month
and once long ago, with good months behind it. And the nights that gauged them."""

from dataclasses import replace
from datetime import date, datetime, timedelta

from django.utils import timezone

from sujin.complaints.draft import Draft
from sujin.complaints.figures.selection import Window, midnight
from sujin.governance.acts.answer_order import acknowledge_order, may_answer, report_order
from sujin.governance.acts.escalate_orders import escalate_orders
from sujin.governance.acts.gauge_indicators import gauge_indicators
from sujin.governance.indicatorbook import Period, indicators
from sujin.governance.models import WorkOrder
from sujin.lab.cast import BRANCH_A
from sujin.lab.dice import dice
from sujin.platform import reach
from sujin.platform.acts.organise import system_person
from sujin.platform.models import Person, Post

DAY = timedelta(days=1)
# The branch of last month, and the one that is good again; so many months ago.
NOW, ONCE = BRANCH_A, "DH"
ONCE_AGO = 7
OLD, YOUNG = timedelta(days=45), timedelta(days=8)
TOOK_LEAST = timedelta(days=14)
MORNING = timedelta(hours=5)
ANSWERED = timedelta(hours=5)
PLANNED = "积压件由主管逐件包办，每周一通报进度；新件当周首访"
DONE = "积压已清完，改为每日晨会过一遍超过七天的件"


def heaped(draft: Draft, today: date) -> Draft:
    """The draft with the end it had in such a heap; any other as it is."""
    for branch, ago in ((NOW, 1), (ONCE, ONCE_AGO)):
        month = Period.MONTH.before(today, ago)[0]
        if draft.outcome is None or not _lies_in(draft, branch, month):
            continue
        rng = dice("heaped", draft.external_id)
        at = month.since + rng.uniform(0.02, 0.9) * (month.until - month.since)
        at = max(at, draft.received_at + TOOK_LEAST + rng.random() * DAY)
        if at < month.until and timezone.localdate(at) < today:
            return replace(draft, outcome=replace(draft.outcome, at=at))
    return draft


def _lies_in(draft: Draft, branch: str, month: Window) -> bool:
    of_branch = draft.origin.startswith(f"{branch}-") or draft.origin == branch
    return of_branch and month.since - OLD <= draft.received_at < month.since + YOUNG


def keep_gauging(*, now: datetime) -> int:
    """The first night after each month and, of late, each week; owners answer in the morning what
    is older than a week. Returns how many orders were opened."""
    house, opened = system_person(), 0
    for night in _nights(now):
        at = midnight(night) + MORNING
        if at < now:
            opened += len(gauge_indicators(by=house, at=at))
            _answer(at + ANSWERED, now)
    escalate_orders(by=house, at=now)
    return opened


def _nights(now: datetime) -> list[date]:
    today = timezone.localdate(now)
    months = [one.last + DAY for one in Period.MONTH.before(today, 12)]
    weeks = [one.last + DAY for one in Period.WEEK.before(today, 8)]
    return sorted({*months, *weeks})


def _answer(at: datetime, now: datetime) -> None:
    """In the course of the morning; the reports follow a fortnight later."""
    late = now - max(row.acknowledge for row in indicators().values())
    for order in WorkOrder.objects.standing().select_related("owner"):
        person = _able(order, at)
        if person is None or at >= late:
            continue
        if not order.is_acknowledged:
            acknowledge_order(order, words=PLANNED, by=person, at=at)
        elif order.inside:
            report_order(order, words=DONE, by=person, at=at)


def _able(order: WorkOrder, at: datetime) -> Person | None:
    posts = Post.objects.on_duty_at(at).filter(org=order.owner).select_related("person")
    found = (post.person for post in posts.order_by("pk"))
    return next((one for one in found if may_answer(order, reach.of(one, at))), None)
