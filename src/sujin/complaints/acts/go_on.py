"""Go on without an answer that never came: its limit has passed, and somebody answers for it."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _t

from sujin.complaints import kinds
from sujin.complaints.acts.claim import held_for
from sujin.complaints.desks import Desks, is_above
from sujin.complaints.kinds.together import moment
from sujin.complaints.models import Assignment, Complaint
from sujin.complaints.models.assignment import LINKAGE, OVERSIGHT
from sujin.engine.text import redact
from sujin.platform import reach
from sujin.platform.models import Org, Person
from sujin.platform.reach import Reach, roles
from sujin.platform.refusal import Refusal


class CannotGoOn(Refusal):
    """The answer is still waited for; the message says why."""


@transaction.atomic
def go_on_without(
    complaint: Complaint, *, assignment: int, because: str, by: Person, at: datetime
) -> None:
    """Wait no longer for a desk whose limit has passed. The silence stays the desk's: nobody has
    answered, nothing is told to the customer, and a late answer is still heard."""
    case = held_for(complaint, by)
    if not case.is_open:
        raise CannotGoOn(_t("已经结束"))
    asked = _waited_for(case, assignment)
    _refuse(case, asked, reach.of(by, at), at)
    if not because.strip():
        raise CannotGoOn(_t("请写明为什么不再等待"))
    asked.done_at = at
    asked.save(update_fields=["done_at"])
    told = kinds.ProceededWithout(
        assignment=asked.pk,
        step=asked.step,
        desk=asked.desk_id,
        desk_name=asked.desk.name,
        due_at=asked.due_at,
        because=redact(because.strip()).text,
    )
    case.write(told, by=by, at=at)


def overdue_for(case: Complaint, may: Reach, at: datetime) -> list[Assignment]:
    """What somebody may wait for no longer, the longest overdue first."""
    late = [one for one in case.assignments.all() if one.is_overdue(at) and one.step != LINKAGE]
    own = [one for one in late if _may_let_go(case, one, may, at)]
    return sorted(own, key=lambda one: (one.due_at, one.pk))


def _waited_for(case: Complaint, assignment: int) -> Assignment:
    found = case.assignments.open().filter(pk=assignment).select_related("desk").first()
    if found is None:
        raise CannotGoOn(_t("已经不在等这一项：对方已答复，或已经不再等待"))
    if found.step == LINKAGE:
        raise CannotGoOn(_t("行司责任划分由对方确认或由总行裁定，不能不等"))
    return found


def _refuse(case: Complaint, asked: Assignment, may: Reach, at: datetime) -> None:
    if not _may_let_go(case, asked, may, at):
        if asked.step == OVERSIGHT:
            raise CannotGoOn(_t("督办的回复是欠上级的：只有下令督办的人或上级可以不再等待"))
        raise CannotGoOn(_t("只有责任人或有复核权限的负责人可以决定不再等待"))
    if asked.due_at > at:
        raise CannotGoOn(
            _t("%(desk)s 可以答复到 %(due)s，时限未过，请先等待")
            % {"desk": asked.desk, "due": moment(asked.due_at)}
        )


def _may_let_go(case: Complaint, asked: Assignment, may: Reach, at: datetime) -> bool:
    """Whoever answers for the case, or reads it as second pair of eyes. A report is owed upward:
    only who ordered it or stands above the desk lets it go, never who is accountable."""
    is_own = case.accountable_id in (may.person_id, *may.stood_in_for)
    if asked.step != OVERSIGHT:
        return is_own or may.allows("approve", case.seen_by)
    is_above_it = may.allows("oversee", case.seen_by) and _stands_above(may, asked.desk, at)
    return not is_own and (asked.asked_by_id == may.person_id or is_above_it)


def _stands_above(may: Reach, desk: Org, at: datetime) -> bool:
    """Whether the person orders reports from above the desk; nobody does from within it."""
    higher = Desks(at).above(desk)
    posts = [post.org for post in may.posts if "oversee" in roles()[post.role].may]
    return any(org != desk and (org == higher or is_above(org, desk)) for org in posts)
