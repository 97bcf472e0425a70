"""客户体验官 and 体验评审: who takes part, one walkthrough with its ballots, what was changed."""

from typing import Any

from django import forms
from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from sujin.governance.models import Measure
from sujin.governance.models.owned import WATCH
from sujin.governance.models.problem import GOVERN
from sujin.governance.pages.doing import done
from sujin.platform.models import Org
from sujin.platform.models.identity import below
from sujin.platform.refusal import Refusal
from sujin.platform.ui.listing import Column, Filter, Listing, Sort
from sujin.platform.ui.request import StaffRequest, holds, staff
from sujin.supervision.acts.walk_through import (
    answer_walkthrough,
    dismiss_panelist,
    hosts,
    open_walkthrough,
    own_measures,
    take_session,
    welcome_panelist,
    wrote,
)
from sujin.supervision.ballots import by_segment, notes
from sujin.supervision.forms_panel import (
    AnswerForm,
    LeaveForm,
    PanelistForm,
    SessionForm,
    WalkthroughForm,
)
from sujin.supervision.kinds.panel import RATINGS
from sujin.supervision.kinds.proposal import ADOPTED, DONE
from sujin.supervision.models import Panelist, Proposal, Walkthrough
from sujin.supervision.voicebook import number, segments

Bound = dict[str, forms.Form]
COLUMNS = [
    Column("walkthrough", _("看哪个变化")), Column("unit", _("哪个单位")),
    Column("sessions", _("场次")), Column("result", _("变好了 / 差不多 / 变差了")),
    Column("answer", _("采纳情况")),
]  # fmt: skip
PANELIST_COLUMNS = [
    Column("panelist", _("体验官")), Column("segment", _("哪类客户")),
    Column("unit", _("哪个单位请的")), Column("joined", _("加入"), "joined"),
    Column("left", _("退出")),
]  # fmt: skip
SORTS = [Sort("new", _("最近在前"), ("-opened_at", "-pk"))]
PANELIST_SORTS = [Sort("joined", _("加入"), ("-joined_on", "-pk"))]
# So many stand on one page of the table of a session, and so many changes are offered.
SEATS, OFFERED = 40, 50


@require_safe
def walkthroughs(request: HttpRequest) -> HttpResponse:
    """Those in reach, the latest first."""
    asked = holds(request, WATCH)
    rows = Walkthrough.objects.within(asked.reach).select_related("unit", "proposal")
    listing = Listing(asked.GET, rows, sorts=SORTS, columns=COLUMNS, size=20)
    context = {"listing": listing, "may_open": GOVERN in asked.reach.may}
    return render(request, "supervision/walkthroughs.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def panelists(request: HttpRequest) -> HttpResponse:
    """GET: who takes part; POST: one more."""
    asked = holds(request, WATCH)
    form, status = None, 200
    if GOVERN in asked.reach.may:
        form = PanelistForm(_units(asked), timezone.localdate(asked.at), asked.POST or None)
    if request.method == "POST":
        if form is None:
            raise Http404
        who: dict[str, Any] = {"by": asked.person, "at": asked.at}
        if done(asked, form, lambda: welcome_panelist(**form.cleaned_data, **who)):
            return redirect("supervision:panelists")
        status = 422
    named = tuple(segments().items())
    filters: list[Filter[Panelist]] = [
        Filter("segment", _("哪类客户"), named, lambda rows, v: rows.filter(segment=v))
    ]
    listing = Listing(
        asked.GET, Panelist.objects.within(asked.reach).select_related("unit"), filters=filters,
        sorts=PANELIST_SORTS, columns=PANELIST_COLUMNS, size=20,
    )  # fmt: skip
    context = {
        "listing": listing, "form": form, "leave": LeaveForm(auto_id=False) if form else None,
        "today": timezone.localdate(asked.at),
    }  # fmt: skip
    return render(request, "supervision/panelists.html", context, status=status)


@require_POST
def panelist_leaving(request: HttpRequest, pk: int) -> HttpResponse:
    """Takes part no more."""
    asked = holds(request, GOVERN)
    found = Panelist.objects.within(asked.reach).filter(pk=pk).first()
    if found is None:
        raise Http404
    form = LeaveForm(asked.POST, auto_id=f"leave{pk}-%s")
    who: dict[str, Any] = {"by": asked.person, "at": asked.at}
    if done(asked, form, lambda: dismiss_panelist(found, **form.cleaned_data, **who)):
        return redirect("supervision:panelists")
    context = {"form": form, "panelist": found}
    return render(request, "supervision/panelist_leaving.html", context, status=422)


@require_http_methods(["GET", "HEAD", "POST"])
def walkthrough_new(request: HttpRequest) -> HttpResponse:
    """GET: the form, of the change it was opened from; POST: it is open."""
    asked = holds(request, GOVERN)
    initial = {name: asked.GET.get(name, "")[:12] for name in ("proposal", "measure")}
    form = WalkthroughForm(
        _units(asked), _proposals(asked), _measures(asked), asked.POST or None, initial=initial
    )
    if request.method == "POST" and form.is_valid():
        try:
            return redirect(open_walkthrough(**form.cleaned_data, by=asked.person, at=asked.at))
        except Refusal as refusal:
            form.add_error(None, str(refusal))
    status = 422 if form.errors else 200
    return render(request, "supervision/walkthrough_new.html", {"form": form}, status=status)


def _units(asked: StaffRequest) -> QuerySet[Org]:
    paths = [place.path for place in asked.reach.places(GOVERN)]
    return Org.objects.filter(below(paths)).order_by("path")


def _proposals(asked: StaffRequest) -> QuerySet[Proposal]:
    rows = Proposal.objects.within(asked.reach).filter(state__in=(ADOPTED, *DONE))
    rows = rows.exclude(writers__contains=[asked.person.pk]).order_by("-submitted_at")
    return Proposal.objects.filter(pk__in=list(rows.values_list("pk", flat=True)[:OFFERED]))


def _measures(asked: StaffRequest) -> QuerySet[Measure]:
    rows = Measure.objects.readable(asked.reach).order_by("-declared_at")
    rows = rows.exclude(pk__in=own_measures(asked.person.pk).values("pk"))
    keys = list(rows.values_list("pk", flat=True)[:OFFERED])
    return Measure.objects.filter(pk__in=keys).select_related("problem").order_by("-declared_at")


@require_safe
def walkthrough(request: HttpRequest, pk: int) -> HttpResponse:
    """One, with what customers said and what was changed."""
    asked = staff(request)
    return _show(asked, _found(asked, pk))


@require_POST
def walkthrough_verb(request: HttpRequest, pk: int, verb: str) -> HttpResponse:
    """``sessions`` takes one down, ``answer`` says what was changed."""
    asked = holds(request, WATCH)
    found = _found(asked, pk)
    who: dict[str, Any] = {"by": asked.person, "at": asked.at}
    if verb == "sessions":
        taken = SessionForm(list(_seated(asked, found)), asked.POST, auto_id="session-%s")
        form: forms.Form = taken

        def act() -> None:
            day = taken.cleaned_data["held_on"]
            take_session(found, held_on=day, ballots=taken.ballots(), **who)
    elif verb == "answer":
        form = AnswerForm(asked.POST, auto_id="answer-%s")

        def act() -> None:
            answer_walkthrough(found, **form.cleaned_data, **who)
    else:
        raise Http404
    if done(asked, form, act):
        return redirect(found)
    return _show(asked, _found(asked, pk), {verb: form}, status=422)


def _seated(asked: StaffRequest, found: Walkthrough) -> Page[Panelist]:
    """Who may have met since it was opened, of the unit and below: a page of them, so that a form
    of the whole bank can be sent. Whoever left since may have been there before."""
    rows = Panelist.objects.filter(unit__path__startswith=found.unit.path)
    rows = rows.since(timezone.localdate(found.opened_at)).order_by("pk")
    return Paginator(rows, SEATS).get_page(asked.GET.get("seats"))


def _found(asked: StaffRequest, pk: int) -> Walkthrough:
    rows = Walkthrough.objects.within(asked.reach)
    found = rows.select_related("unit", "proposal", "measure__problem").filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def _show(
    asked: StaffRequest, found: Walkthrough, bound: Bound | None = None, status: int = 200
) -> HttpResponse:
    context: dict[str, Any] = {
        "walkthrough": found, "result": found.result, "segments": by_segment(found.sessions),
        "notes": notes(found.sessions), "ratings": list(RATINGS.values()),
        "segment_least": int(number("segment_least")),
        "forms": _forms(asked, found) | (bound or {}), "seats": _seated(asked, found),
        "proposal_seen": _sees_proposal(asked, found),
        "history": [(one, one.what()) for one in found.entries.select_related("by").in_order()],
    }  # fmt: skip
    return render(asked, "supervision/walkthrough.html", context, status=status)


def _sees_proposal(asked: StaffRequest, found: Walkthrough) -> bool:
    rows = Proposal.objects.within(asked.reach)
    return found.proposal_id is not None and rows.filter(pk=found.proposal_id).exists()


def _forms(asked: StaffRequest, found: Walkthrough) -> Bound:
    own = wrote(found.proposal, found.measure, asked.person.pk)
    if own or not hosts(found.unit, asked.reach):
        return {}
    initial = {"held_on": timezone.localdate(asked.at)}
    seats = list(_seated(asked, found))
    made: Bound = {"sessions": SessionForm(seats, initial=initial, auto_id="session-%s")}
    if found.answered < len(found.sessions):
        made["answer"] = AnswerForm(auto_id="answer-%s")
    return made
