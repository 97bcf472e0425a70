"""联络与专家: who stands ready in which branch and for which line, and how fast they answer."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from sujin.complaints import words
from sujin.complaints.desks import EXPERT, LIAISON
from sujin.complaints.models import Assignment
from sujin.platform.models import Absence, Org, Post
from sujin.platform.organisation import OrgKind
from sujin.platform.ui.request import StaffRequest, holds

WINDOW = timedelta(days=30)
Asked = Mapping[int, list[Assignment]]


@dataclass(frozen=True, slots=True)
class Row:
    """One branch or department: who is there, who is away, what waits, how often others went on
    without, how long an answer takes."""

    org: Org
    there: tuple[str, ...]
    away: tuple[str, ...]
    open: int
    overdue: int
    silent: int
    answered: int
    hours: float | None

    @property
    def is_covered(self) -> bool:
        return bool(self.there)

    @property
    def line(self) -> str:
        return words.line(self.org.line)


@require_safe
def liaison(request: HttpRequest) -> HttpResponse:
    """Every first-level branch and every line, whatever the reader's own; the counts of requests
    are of cases within reach."""
    asked = holds(request, "hand_over")
    branches = Org.objects.filter(kind=OrgKind.BRANCH1).order_by("code")
    lines = Org.objects.filter(posts__role=EXPERT).distinct().order_by("code")
    liaisons = _rows(branches, LIAISON, asked)
    covered = sum(row.is_covered for row in liaisons)
    context = {
        "liaisons": liaisons,
        "experts": _rows(lines, EXPERT, asked),
        "covered": covered,
        "share": round(100 * covered / len(liaisons)) if liaisons else None,
    }
    return render(request, "complaints/liaison.html", context)


@require_safe
def liaison_of(request: HttpRequest, code: str) -> HttpResponse:
    """The board at one branch: where a notice about a gap leads."""
    return redirect(f"{reverse('complaints:liaison')}#{code}")


def _rows(orgs: Iterable[Org], role: str, request: StaffRequest) -> list[Row]:
    places = list(orgs)
    held = Post.objects.held_at(request.at).filter(org__in=places, role=role)
    posts = list(held.select_related("person").order_by("pk"))
    away = set(Absence.objects.on(request.at).values_list("person", flat=True))
    asked = _asked(places, role, request)
    return [_row(org, [post for post in posts if post.org_id == org.pk], away, asked, request.at)
            for org in places]  # fmt: skip


def _asked(orgs: list[Org], step: str, request: StaffRequest) -> Asked:
    """What was asked of each in the window, and whatever is still open."""
    rows = Assignment.objects.within(request.reach).filter(step=step, desk__in=orgs)
    found: dict[int, list[Assignment]] = defaultdict(list)
    for one in rows.filter(asked_at__gte=request.at - WINDOW) | rows.open():
        found[one.desk_id].append(one)
    return found


def _row(org: Org, posts: list[Post], away: set[int], asked: Asked, at: datetime) -> Row:
    told = asked.get(org.pk, [])
    waiting = [one.due_at for one in told if one.done_at is None]
    took = [
        (one.done_at - one.asked_at).total_seconds() / 3600
        for one in told
        if one.done_at and one.done_by_id
    ]
    return Row(
        org=org,
        there=tuple(str(post.person) for post in posts if post.person_id not in away),
        away=tuple(str(post.person) for post in posts if post.person_id in away),
        open=len(waiting),
        overdue=sum(due < at for due in waiting),
        silent=len(told) - len(waiting) - len(took),
        answered=len(took),
        hours=round(median(took), 1) if took else None,
    )
