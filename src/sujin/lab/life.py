"""What the desks did with it: claims, calls, notes, hand-overs, so that a demo is alive."""

from collections.abc import Callable
from datetime import datetime
from random import Random

from sujin.complaints.acts.annotate import annotate
from sujin.complaints.acts.claim import CannotClaim, claim
from sujin.complaints.acts.close import CannotClose, close
from sujin.complaints.acts.reclassify import CannotReclassify, reclassify
from sujin.complaints.desks import Desks
from sujin.complaints.draft import CaseKind
from sujin.complaints.models import Complaint
from sujin.lab.endings import end
from sujin.lab.pace import Pace
from sujin.lab.passing import must_go_up, pass_on, take_over
from sujin.lab.promising import settle, speak
from sujin.lab.regrading import regrade

NOTES = (
    "已调取开户及签约资料，待核对。",
    "与业务部门核对流水，初步判断系统扣费时点有误。",
    "客户要求书面答复，已记录。",
    "联系客户两次未接通，改约下午三点。",
    "已请运行部门协助查询限制原因。",
)
NOTED, PASSED_ON, RETYPED = 0.5, 0.08, 0.03
# A case goes up twice and is heard again twice at most before the story leaves it.
TURNS = 6


def live(*, seed: int, now: datetime) -> None:
    """Work on the open cases in the order they came; all of it lies before ``now``."""
    rng = Random(seed)  # noqa: S311 - a demonstration, not a secret
    cases = Complaint.objects.open().exclude(pack="cfpb")
    for case in cases.select_related("desk", "accountable").order_by("received_at", "pk"):
        _work_on(case, Pace.drawn(case, rng, now))


def _work_on(case: Complaint, pace: Pace) -> None:
    # Letters are registered with the day's post; nobody works on one before.
    at: datetime | None = max(case.received_at, case.entries.earliest("pk").at)
    for _ in range(TURNS):
        for act in TURN:
            if at is None or not case.is_open:
                return
            at = act(case, pace, at)
            case.refresh_from_db()


def _claim(case: Complaint, pace: Pace, at: datetime) -> datetime | None:
    """Somebody of the desk takes it."""
    if case.claimed_at is not None:
        return at
    taken_at = pace.soon(case, at, hours=9)
    staff = Desks(at).staff(case.desk) if case.desk else []
    if not staff or taken_at is None:
        return None
    by = pace.rng.choice(sorted(staff, key=lambda person: person.staff_no))
    try:
        claim(case, by=by, at=taken_at)
    except CannotClaim:
        return None
    return taken_at


def _speak(case: Complaint, pace: Pace, at: datetime) -> datetime | None:
    """The first call, with what is promised in it."""
    spoken_at = at if case.responded_at is not None else pace.soon(case, at, hours=6)
    if spoken_at is None or case.accountable is None or case.responded_at is not None:
        return spoken_at
    return speak(case, pace.rng, by=case.accountable, at=spoken_at, now=pace.now)


def _note(case: Complaint, pace: Pace, at: datetime) -> datetime | None:
    if pace.rng.random() >= NOTED or case.accountable is None:
        return at
    noted_at = pace.soon(case, at, hours=8)
    if noted_at is not None:
        annotate(case, note=pace.rng.choice(NOTES), by=case.accountable, at=noted_at)
    return noted_at


def _go_on(case: Complaint, pace: Pace, at: datetime) -> datetime | None:
    """Up, or on to its end."""
    if case.is_offered:
        return take_over(case, pace, at)
    if case.kind != CaseKind.COMPLAINT:
        return _close(case, pace, at)
    die = pace.rng.random()
    if must_go_up(case) or die < PASSED_ON:
        return pass_on(case, pace, at)
    if die < PASSED_ON + RETYPED and not case.proposed_kind:
        return _retype(case, at)
    answered_at = at if case.answered_at else pace.by_the_limit(case, at, hours=40)
    return None if answered_at is None else end(case, pace, answered_at)


def _close(case: Complaint, pace: Pace, at: datetime) -> datetime | None:
    """A question is answered and closed; nobody writes a letter."""
    closed_at = pace.by_the_limit(case, at, hours=20)
    if closed_at is None or case.accountable is None:
        return None
    settle(case, by=case.accountable, at=closed_at)
    try:
        close(case, by=case.accountable, at=closed_at)
    except CannotClose:
        return None
    return closed_at


def _retype(case: Complaint, at: datetime) -> datetime | None:
    if case.accountable is None:
        return None
    why = "客户仅询问收费标准"
    try:
        reclassify(case, to=CaseKind.CONSULTATION, because=why, by=case.accountable, at=at)
    except CannotReclassify:
        return None
    return at


# What one desk does in its turn; each says when the next may follow, or that it must wait.
TURN: tuple[Callable[[Complaint, Pace, datetime], datetime | None], ...] = (
    _claim,
    _speak,
    _note,
    regrade,
    _go_on,
)
