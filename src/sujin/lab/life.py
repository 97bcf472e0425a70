"""What the desks did with it: claims, calls, notes, hand-overs, so that a demo is alive."""

from datetime import datetime, timedelta
from random import Random

from sujin.complaints.acts.annotate import annotate
from sujin.complaints.acts.claim import CannotClaim, claim
from sujin.complaints.acts.hand_over import CannotHandOver, hand_over
from sujin.complaints.acts.reclassify import reclassify
from sujin.complaints.desks import Desks
from sujin.complaints.draft import CaseKind
from sujin.complaints.models import Complaint
from sujin.lab.endings import end
from sujin.lab.promising import speak, up_by
from sujin.platform.models import Person

NOTES = (
    "已调取开户及签约资料，待核对。",
    "与业务部门核对流水，初步判断系统扣费时点有误。",
    "客户要求书面答复，已记录。",
    "联系客户两次未接通，改约下午三点。",
    "已请运行部门协助查询限制原因。",
)


def live(*, seed: int, now: datetime) -> None:
    """Work on the open cases in the order they came; all of it lies before ``now``."""
    rng = Random(seed)  # noqa: S311 - a demonstration, not a secret
    cases = Complaint.objects.filter(closed_at__isnull=True).exclude(pack="cfpb")
    for case in cases.select_related("desk", "accountable").order_by("received_at", "pk"):
        _work_on(case, rng, now)


def _work_on(case: Complaint, rng: Random, now: datetime) -> None:
    # Letters are registered with the day's post; nobody works on one before.
    known = case.entries.earliest("pk").at
    at = max(case.received_at, known) + timedelta(hours=rng.expovariate(1 / 5))
    by = _claim(case, rng, at) if case.claimed_at is None else case.accountable
    if by is None or at >= now:
        return
    at += timedelta(hours=rng.expovariate(1 / 6))
    if rng.random() < 0.7 and at < now:
        at = speak(case, rng, by=by, at=at, now=now)
    at += timedelta(hours=rng.expovariate(1 / 20))
    if rng.random() < 0.5 and at < now:
        annotate(case, note=rng.choice(NOTES), by=by, at=at)
    if rng.random() < 0.08 and at < now:
        _pass_on(case, by, at)
    elif rng.random() < 0.6 and at < now and case.kind == "complaint":
        end(case, rng, by=by, at=at + timedelta(hours=rng.expovariate(1 / 40)), now=now)
    elif rng.random() < 0.05 and at < now and case.kind == "complaint":
        case.refresh_from_db()
        reclassify(case, to=CaseKind.CONSULTATION, because="客户仅询问收费标准", by=by, at=at)


def _claim(case: Complaint, rng: Random, at: datetime) -> Person | None:
    """Somebody of the desk takes it, most of the time."""
    staff = Desks(at).staff(case.desk) if case.desk else []
    if not staff or rng.random() < 0.25:
        return None
    by = rng.choice(sorted(staff, key=lambda person: person.staff_no))
    try:
        claim(case, by=by, at=at)
    except CannotClaim:
        return None
    case.refresh_from_db()
    return by


def _pass_on(case: Complaint, by: Person, at: datetime) -> None:
    desks = Desks(at)
    if case.desk is None:
        return
    try:
        hand_over(
            case,
            to=desks.above(case.desk),
            because="涉及多家机构，请牵头协调",
            told="已电话告知客户由上级牵头办理，客户同意",
            promised_at=up_by(at),
            by=by,
            at=at,
        )
    except CannotHandOver:
        return
