"""工作台: what to do now, the most harm with the least time left first. Never a menu."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import (
    Case,
    DurationField,
    Exists,
    ExpressionWrapper,
    F,
    FloatField,
    OuterRef,
    Q,
    QuerySet,
    Value,
    When,
)
from django.db.models.functions import Coalesce, Extract, Greatest
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _t
from django.views.decorators.http import require_safe

from sujin.complaints.models import Assignment, Complaint, Review
from sujin.complaints.pages.guard import staff
from sujin.platform.reach import roles
from sujin.platform.ui.request import StaffRequest

SHOWN = 60
NO_LIMIT_HOURS = 24 * 15
# How bad it is when this one goes wrong; the institution's own weights, not law.
HARM = {"urgent": 9.0, "complex": 3.0, "ordinary": 1.0}


@dataclass(frozen=True, slots=True)
class Task:
    """One line of the list: the case and what it wants from this person."""

    case: Complaint
    wants: str
    urgent: bool


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    asked = staff(request)
    cases = list(ordered(todo(asked), asked.at)[: SHOWN + 1])
    tasks = [task(case, asked) for case in cases[:SHOWN]]
    friday = _breaching(cases, asked.at)
    context = {"tasks": tasks, "more": len(cases) > SHOWN, "breaching": friday}
    return render(request, "complaints/home.html", context)


def todo(request: StaffRequest):  # type: ignore[no-untyped-def]
    """Open cases that wait for this person: held, offered to or waiting at the person's desks,
    or proposed for a second pair of eyes."""
    claiming = [post.org_id for post in request.reach.posts if "claim" in roles()[post.role].may]
    deciding = [post.org_id for post in request.reach.posts if "approve" in roles()[post.role].may]
    mine = Q(accountable=request.person)
    waiting = Q(desk__in=claiming, claimed_at__isnull=True)
    offered = Q(offered_to__in=claiming)
    decide = Q(seen_by__sharing=[f"o:{pk}" for pk in deciding]) & ~Q(proposed_kind="")
    asked = Assignment.objects.open().of_desks(claiming).values("complaint")
    wanted = mine | waiting | offered | Q(pk__in=asked)
    if deciding:
        wanted |= decide & ~Q(proposed_by=request.person)
    reviewing = [post.org_id for post in request.reach.posts if "review" in roles()[post.role].may]
    # A closed case waits as well while its decision is looked at again.
    to_review = Review.objects.undecided().filter(desk__in=reviewing, complaint=OuterRef("pk"))
    rows = Complaint.objects.within(request.reach).annotate(
        asked_of_me=Exists(_asked_of(claiming)), review_of_mine=Exists(to_review)
    )
    rows = rows.filter(Q(wanted, closed_at__isnull=True) | Q(review_of_mine=True))
    return rows.select_related("desk", "accountable", "offered_to").defer(
        "tokens", "minhash", "bands", "customer_keys"
    )


def _asked_of(desks: list[int]) -> QuerySet[Assignment]:
    return Assignment.objects.open().of_desks(desks).filter(complaint=OuterRef("pk"))


def ordered(rows, at: datetime):  # type: ignore[no-untyped-def]
    """Harm divided by the hours left; what is over its limit counts as one hour left."""
    left = ExpressionWrapper(F("due_at") - Value(at), output_field=DurationField())
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
    return rows.annotate(pressure=pressure).order_by("-pressure", "due_at", "pk")


def task(case: Complaint, request: StaffRequest) -> Task:
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
    elif case.claimed_at is None and case.desk_id in desks:
        wants = _t("接手")
    elif case.is_offered:
        wants = _t("等待 %(desk)s 接收") % {"desk": case.offered_to}
    elif case.claimed_at is None:
        wants = _t("等待 %(desk)s 接手，你仍是首问责任人") % {"desk": case.desk}
    elif case.responded_at is None:
        wants = _t("首次联系客户")
    else:
        wants = _t("调查并答复")
    return Task(case, wants, case.tier == "urgent")


def _decides(case: Complaint, request: StaffRequest) -> bool:
    return request.reach.allows("approve", case.seen_by)


def _breaching(cases: list[Complaint], at: datetime) -> int:
    """How many of the listed run out within three days."""
    return sum(
        case.due_at is not None and (case.due_at - at).total_seconds() < 3 * 86400 for case in cases
    )
