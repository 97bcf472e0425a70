"""What the desks promised on the telephone, and how well they kept it."""

from datetime import datetime, timedelta
from random import Random

from django.utils import timezone

from sujin.complaints import listening
from sujin.complaints.acts.promise import PromiseDraft, keep, miss_overdue, release
from sujin.complaints.acts.respond import respond
from sujin.complaints.models import Complaint, Promise
from sujin.platform.acts.organise import system_person
from sujin.platform.models import Person

CALLS = (
    "已向客户说明受理流程与最迟答复日期，客户表示理解。",
    "安抚客户情绪，确认诉求为退费，约定明日回电。",
    "客户补充说明办理时间与经办网点，已登记。",
    "认真听取客户诉求并复述确认，为等候时间长向客户致歉；已联系运行部门核实，承诺明天下午五点前回电。",
    "向客户致歉，说明核实流程；三个工作日内书面答复。",
    "客户着急用款，安抚情绪并当场提交解除申请，答应两小时内给客户打电话告知进展。",
)
KEPT, KEPT_LATE, RELEASED = 0.72, 0.14, 0.04


def speak(case: Complaint, rng: Random, *, by: Person, at: datetime, now: datetime) -> datetime:
    """A call with what was promised in it, and what became of that before ``now``; gives the
    moment up to which the story of the case is told."""
    note = rng.choice(CALLS)
    drafts = [
        PromiseDraft(one.kind, one.what, one.due_at, one.amount)
        for one in listening.promised(note, at)
        if one.due_at is not None
    ]
    respond(case, way="phone", note=note, promises=drafts, by=by, at=at)
    case.refresh_from_db()
    owed = list(case.promises.open().filter(made_at=at).order_by("due_at", "pk"))
    return max([at, *(_answer(one, rng, by=by, limit=case.due_at, now=now) for one in owed)])


def _answer(
    owed: Promise, rng: Random, *, by: Person, limit: datetime | None, now: datetime
) -> datetime:
    """Most are kept, before the case's own limit calls; some late, some not at all."""
    chance = rng.random()
    span = min(filter(None, (owed.due_at, limit))) - owed.made_at
    if chance < KEPT:
        return _keep(owed, owed.made_at + span * rng.uniform(0.3, 0.8), by, now)
    if chance < KEPT + RELEASED:
        let_go = owed.made_at + span / 2
        if let_go < now:
            release(owed, because="客户说已经知道结果，不用再回电", by=by, at=let_go)
        return min(let_go, now)
    missed_at = owed.due_at + timedelta(minutes=1)
    if missed_at >= now:
        return owed.made_at
    miss_overdue(by=system_person(), at=missed_at)
    if chance < KEPT + RELEASED + KEPT_LATE:
        return _keep(owed, missed_at + timedelta(hours=rng.uniform(0.5, 30)), by, now)
    return missed_at


def _keep(owed: Promise, at: datetime, by: Person, now: datetime) -> datetime:
    if at >= now:
        return owed.made_at
    keep(owed, how="已电话告知客户", by=by, at=at)
    return at


def settle(case: Complaint, *, by: Person, at: datetime) -> None:
    """Keep what is still owed on the case, late or not: nothing ends while a promise is open."""
    for owed in case.promises.open().order_by("due_at", "pk"):
        keep(owed, how="已电话告知客户", by=by, at=at)


def up_by(at: datetime) -> datetime:
    """When a customer whose matter goes up is called back: the next day by five."""
    here = timezone.localtime(at) + timedelta(days=1)
    return here.replace(hour=17, minute=0, second=0, microsecond=0)
