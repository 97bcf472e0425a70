"""How a case goes up: the customer is told, the next level takes it and calls as was promised."""

from datetime import datetime

from sujin.complaints.acts.hand_over import CannotHandOver, accept, hand_over
from sujin.complaints.desks import Desks
from sujin.complaints.models import Complaint
from sujin.lab.pace import Pace
from sujin.lab.promising import settle, up_by
from sujin.platform.models import Org
from sujin.platform.organisation import OrgKind

# Who handles the ordinary alone and passes up the rest within a day, by clocks.csv.
FIRST = frozenset({OrgKind.OUTLET, OrgKind.SUB})
UP = "涉及多家机构，请牵头协调"
TOLD = "已电话告知客户由上级牵头办理，客户同意"


def must_go_up(case: Complaint) -> bool:
    """Whether the desk's only limit is to pass it up."""
    return case.tier != "ordinary" and case.desk is not None and case.desk.kind in FIRST


def pass_on(case: Complaint, pace: Pace, at: datetime) -> datetime | None:
    """Offered to the next level that is manned, and taken there."""
    offered_at = pace.soon(case, at, hours=3)
    if offered_at is None or case.desk is None or case.accountable is None:
        return None
    to, due = _level_above(case.desk, at), up_by(offered_at)
    try:
        hand_over(
            case, to=to, because=UP, told=TOLD, promised_at=due, by=case.accountable, at=offered_at
        )
    except CannotHandOver:
        return None
    case.refresh_from_db()
    return take_over(case, pace, offered_at)


def take_over(case: Complaint, pace: Pace, at: datetime) -> datetime | None:
    """Somebody of the desk it was offered to takes it, and calls the customer."""
    taken_at = pace.soon(case, at, hours=1.5)
    staff = Desks(at).staff(case.offered_to) if case.offered_to else []
    if taken_at is None or not staff:
        return None
    by = pace.rng.choice(sorted(staff, key=lambda person: person.staff_no))
    try:
        accept(case, by=by, at=taken_at)
    except CannotHandOver:
        return None
    case.refresh_from_db()
    called_at = pace.soon(case, taken_at, hours=2)
    if called_at is not None:
        settle(case, by=by, at=called_at)
    return called_at


def _level_above(desk: Org, at: datetime) -> Org:
    desks = Desks(at)
    to = desks.above(desk)
    while to.kind in FIRST or not desks.staff(to):
        above = desks.above(to)
        if above == to:
            break
        to = above
    return to
