"""工作台: what to do now, the most harm with the least time left first. Never a menu."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import (
    Case,
    DurationField,
    Exists,
    ExpressionWrapper,
    FloatField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Coalesce, Extract, Greatest, Least
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.timezone import localtime
from django.utils.translation import gettext as _t
from django.views.decorators.http import require_safe

from sujin.complaints.models import Assignment, Complaint, Promise, Review
from sujin.complaints.models.promise import NAMES
from sujin.complaints.second_looks import cases_looked_after
from sujin.knowledge.guides import guides
from sujin.platform.errands import errands
from sujin.platform.reach import roles
from sujin.platform.ui.request import StaffRequest, staff

SHOWN = 60
NO_LIMIT_HOURS = 24 * 15
# How bad it is when this one goes wrong; the institution's own weights, not law.
HARM = {"urgent": 9.0, "complex": 3.0, "ordinary": 1.0}


@dataclass(frozen=True, slots=True)
class Task:
    """One line of the list: the case and what it wants from this person, by when."""

    case: Complaint
    wants: str
    urgent: bool
    due_at: datetime | None
    is_promised: bool
    # Looks urgent beside the rules: one click says whether it is.
    is_to_tier: bool = False


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    asked = staff(request)
    cases = list(ordered(todo(asked), asked.at)[: SHOWN + 1])
    tasks = [task(case, asked) for case in cases[:SHOWN]]
    friday = _breaching(cases, asked.at)
    context = {"tasks": tasks, "more": len(cases) > SHOWN, "breaching": friday}
    context["guides"] = guides(asked)
    context["errands"] = errands(asked.reach, asked.at)
    return render(request, "complaints/home.html", context)


def todo(request: StaffRequest):  # type: ignore[no-untyped-def]
    """Open cases that wait for this person: held, offered to or waiting at the person's desks,
    or proposed for a second pair of eyes."""
    claiming = [post.org_id for post in request.reach.posts if "claim" in roles()[post.role].may]
    deciding = [post.org_id for post in request.reach.posts if "approve" in roles()[post.role].may]
    # Whoever stands in for somebody has that person's work before the eyes, too.
    mine = Q(accountable__in=[request.person.pk, *request.reach.stood_in_for])
    waiting = Q(desk__in=claiming, claimed_at__isnull=True)
    offered = Q(offered_to__in=claiming)
    decide = Q(seen_by__sharing=[f"o:{pk}" for pk in deciding]) & ~Q(proposed_kind="")
    asked = Assignment.objects.open().asked_of(request.reach).values("complaint")
    wanted = mine | waiting | offered | Q(pk__in=asked)
    wanted |= (to_tier := _to_tier(request))
    if deciding:
        wanted |= decide & ~Q(proposed_by=request.person)
    reviewing = [post.org_id for post in request.reach.posts if "review" in roles()[post.role].may]
    # A closed case waits as well while its decision is looked at again.
    to_review = Review.objects.undecided().filter(desk__in=reviewing, complaint=OuterRef("pk"))
    rows = Complaint.objects.within(request.reach).annotate(
        asked_of_me=Exists(_asked_of(request)),
        promised=Subquery(_nearest_promise()),
        review_of_mine=Exists(to_review),
        to_tier=Case(When(to_tier, then=Value(True)), default=Value(False)),
    )
    rows = rows.filter(Q(wanted, closed_at__isnull=True) | Q(review_of_mine=True))
    return rows.select_related("desk", "accountable", "offered_to").defer(
        "tokens", "minhash", "bands", "customer_keys", "known"
    )


def _to_tier(request: StaffRequest) -> Q:
    """Cases that wait to be looked at by somebody who may set tiers, and here by this person."""
    return Q(pk__in=cases_looked_after(request.reach, request.at))


def _asked_of(request: StaffRequest) -> QuerySet[Assignment]:
    return Assignment.objects.open().asked_of(request.reach).filter(complaint=OuterRef("pk"))


def _nearest_promise() -> QuerySet[Promise, str]:
    owed = Promise.objects.open().filter(complaint=OuterRef("pk")).order_by("due_at", "pk")
    return owed.values_list("kind", flat=True)[:1]


def ordered(rows, at: datetime):  # type: ignore[no-untyped-def]
    """What may be urgent and waits for a look first; then harm divided by the hours left to the
    nearest limit or promise; what is over its limit counts as one hour left."""
    # PostgreSQL takes the least of those that are there.
    nearest = Least("due_at", "promise_due_at")
    left = ExpressionWrapper(nearest - Value(at), output_field=DurationField())
    hours = Coalesce(Extract(left, "epoch") / 3600.0, Value(float(NO_LIMIT_HOURS)))
    harm = Case(
        *(When(tier=tier, then=Value(weight)) for tier, weight in HARM.items()),
        default=Value(1.0),
        output_field=FloatField(),
    )
    extra = Case(
        When(Q(vulnerable=True) | Q(lane="regulator"), then=Value(2.0)),
        default=Value(1.0),
        output_field=FloatField(),
    )
    pressure = ExpressionWrapper(
        harm * extra / Greatest(hours, Value(1.0)), output_field=FloatField()
    )
    return rows.annotate(pressure=pressure).order_by("-to_tier", "-pressure", nearest, "pk")


def task(case: Complaint, request: StaffRequest) -> Task:
    """The case as a line of the list."""
    is_promised = is_promise_nearer(case)
    due_at = case.promise_due_at if is_promised else case.due_at
    is_to_tier = bool(getattr(case, "to_tier", False))
    wants = _t("看一眼是否紧急") if is_to_tier else _wants(case, request)
    return Task(case, wants, case.tier == "urgent", due_at, is_promised, is_to_tier)


def _wants(case: Complaint, request: StaffRequest) -> str:
    """What the case wants, in one imperative."""
    desks = {post.org_id for post in request.reach.posts}
    if getattr(case, "review_of_mine", False):
        wants = _t("作出核查决定")
    elif (
        case.proposed_kind and case.proposed_by_id != request.person.pk and _decides(case, request)
    ):
        wants = _t("复核改类")
    elif case.offered_to_id in desks:
        wants = _t("接收或退回移交")
    elif getattr(case, "asked_of_me", False):
        wants = _t("回复征求的意见")
    elif case.claimed_at is None and not case.is_offered and case.desk_id in desks:
        wants = _t("接手")
    elif is_promise_nearer(case):
        wants = _promised(case, request.at)
    elif case.is_offered:
        wants = _t("等待 %(desk)s 接收") % {"desk": case.offered_to}
    elif case.claimed_at is None:
        wants = _t("等待 %(desk)s 接手，你仍是首问责任人") % {"desk": case.desk}
    elif case.responded_at is None:
        wants = _t("首次联系客户")
    else:
        wants = _t("调查并答复")
    return wants


def is_promise_nearer(case: Complaint) -> bool:
    """Whether what we promised runs out before the first clock."""
    if case.promise_due_at is None:
        return False
    return case.due_at is None or case.promise_due_at < case.due_at


def _promised(case: Complaint, at: datetime) -> str:
    """``15:00 前回电``; another day with its date, one that was missed as missed."""
    assert case.promise_due_at is not None
    due = localtime(case.promise_due_at)
    is_today = due.date() == localtime(at).date()
    said = {
        "by": due.strftime("%H:%M" if is_today else "%m-%d %H:%M"),
        "what": NAMES[getattr(case, "promised", None) or "other"],
    }
    if case.promise_due_at < at:
        return _t("马上%(what)s：答应 %(by)s 前，已经超过") % said
    return _t("%(by)s 前%(what)s") % said


def _decides(case: Complaint, request: StaffRequest) -> bool:
    return request.reach.allows("approve", case.seen_by)


def _breaching(cases: list[Complaint], at: datetime) -> int:
    """How many of the listed run out within three days."""
    nearest = ([one for one in (case.due_at, case.promise_due_at) if one] for case in cases)
    return sum(bool(dues) and (min(dues) - at).total_seconds() < 3 * 86400 for dues in nearest)
