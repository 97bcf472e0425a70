"""专项: the register of programmes and supervision notices, and one of them with its tasks."""

from collections.abc import Callable, Mapping
from typing import Any

from django import forms
from django.db.models import Count, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from sujin.governance.acts.convene_meeting import convenes
from sujin.governance.acts.run_programme import (
    accept_task,
    drop_task,
    end_programme,
    open_programme,
    report_task,
    reports,
    return_task,
    set_task,
    urge_task,
)
from sujin.governance.forms_programme import BecauseForm, ProgrammeForm, ProofForm, TaskForm
from sujin.governance.kinds import programme as kinds
from sujin.governance.models import Programme, Task
from sujin.governance.models.owned import WATCH
from sujin.governance.models.problem import GOVERN
from sujin.governance.pages.doing import done
from sujin.governance.taskcheck import checks
from sujin.platform.models import Entry
from sujin.platform.refusal import Refusal
from sujin.platform.ui.listing import Column, Filter, Listing, Sort
from sujin.platform.ui.request import StaffRequest, holds

Act = Callable[..., Any]
Bound = dict[str, forms.Form]
TASK_ACTS: Mapping[str, tuple[Act, type[forms.Form]]] = {
    "report": (report_task, ProofForm),
    "acceptance": (accept_task, BecauseForm),
    "return": (return_task, BecauseForm),
    "urging": (urge_task, BecauseForm),
    "dropping": (drop_task, BecauseForm),
}
COLUMNS = [
    Column("name", _("专项")), Column("sort", _("哪一种")), Column("state", _("状态")),
    Column("tasks", _("任务（已验收）")), Column("late", _("逾期")),
]  # fmt: skip
SORTS = [Sort("new", _("最近在前"), ("-opened_at", "-pk"))]


@require_safe
def programmes(request: HttpRequest) -> HttpResponse:
    """Those in reach, the latest first."""
    asked = holds(request, WATCH)
    mine = Q(tasks__in=Task.objects.readable(asked.reach).values("pk"))
    standing = Q(tasks__state__in=[kinds.OPEN, kinds.REPORTED])
    late = standing & Q(tasks__due_on__lt=timezone.localdate(asked.at))
    rows = Programme.objects.within(asked.reach).annotate(
        set=Count("tasks", filter=mine & ~Q(tasks__state=kinds.DROPPED)),
        accepted=Count("tasks", filter=mine & Q(tasks__state=kinds.ACCEPTED)),
        late=Count("tasks", filter=mine & late),
    )
    filters = [
        Filter("sort", _("哪一种"), tuple(kinds.SORTS.items()), _of("sort")),
        Filter("state", _("状态"), tuple(kinds.PROGRAMME_STATES.items()), _of("state")),
    ]
    listing = Listing(asked.GET, rows, filters=filters, sorts=SORTS, columns=COLUMNS, size=20)
    context = {"listing": listing, "may_open": convenes(asked.reach)}
    return render(request, "governance/programmes.html", context)


def _of(field: str) -> Any:
    return lambda rows, value: rows.filter(**{field: value})


@require_http_methods(["GET", "HEAD", "POST"])
def programme_new(request: HttpRequest) -> HttpResponse:
    """GET: the form; POST: it stands in the register."""
    asked = holds(request, GOVERN)
    form = ProgrammeForm(asked.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            return redirect(open_programme(**form.cleaned_data, **_who(asked)))
        except Refusal as refusal:
            form.add_error(None, str(refusal))
    status = 422 if form.errors else 200
    return render(request, "governance/programme_new.html", {"form": form}, status=status)


@require_safe
def programme(request: HttpRequest, pk: int) -> HttpResponse:
    """One, with what each task promised and what its metric says now."""
    asked = holds(request, WATCH)
    return _show(asked, _found(asked, pk))


@require_POST
def perform(request: HttpRequest, pk: int, verb: str) -> HttpResponse:
    """``tasks`` sets one, ``ending`` ends the programme."""
    asked = holds(request, WATCH)
    found = _found(asked, pk)
    if verb not in ("tasks", "ending"):
        raise Http404
    form = _form(verb, asked, asked.POST)
    act = set_task if verb == "tasks" else end_programme
    if done(asked, form, lambda: act(found, **form.cleaned_data, **_who(asked))):
        return redirect(found)
    return _show(asked, found, {verb: form}, status=422)


@require_POST
def task_verb(request: HttpRequest, pk: int, verb: str) -> HttpResponse:
    """What is done with one task."""
    asked = holds(request, WATCH)
    rows = Task.objects.readable(asked.reach).select_related("programme")
    found = rows.filter(pk=pk).first()
    if found is None or verb not in TASK_ACTS:
        raise Http404
    act, form_of = TASK_ACTS[verb]
    form = form_of(asked.POST, auto_id=f"t{pk}-{verb}-%s")
    if done(asked, form, lambda: act(found, **form.cleaned_data, **_who(asked))):
        return redirect(found.get_absolute_url())
    return _show(asked, _found(asked, found.programme_id), {f"{verb}-{pk}": form}, status=422)


def _who(asked: StaffRequest) -> dict[str, Any]:
    return {"by": asked.person, "at": asked.at}


def _form(verb: str, asked: StaffRequest, data: Any = None) -> forms.Form:
    if verb == "tasks":
        return TaskForm(asked.at, data, auto_id="task-%s")
    return BecauseForm(data, auto_id="ending-%s")


def _found(asked: StaffRequest, pk: int) -> Programme:
    found = Programme.objects.within(asked.reach).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def _show(
    asked: StaffRequest, found: Programme, bound: Bound | None = None, status: int = 200
) -> HttpResponse:
    rows = Task.objects.readable(asked.reach).filter(programme=found)
    tasks = _by_area(list(rows.select_related("owner").order_by("number")))
    today = timezone.localdate(asked.at)
    for one in tasks:
        one.programme = found
    found_now = checks([one for one in tasks if one.stands], today)
    context: dict[str, Any] = {
        "programme": found, "today": today,
        "tasks": [(one, found_now.get(one.pk), _task_forms(asked, one, bound or {}))
                  for one in tasks],
        "sees_all": asked.reach.everything,
        "forms": _forms(asked, found, tasks) | (bound or {}),
        "history": _history(asked, found, tasks),
    }  # fmt: skip
    return render(asked, "governance/programme.html", context, status=status)


def _by_area(tasks: list[Task]) -> list[Task]:
    """Areas in the order in which they were begun."""
    areas = list(dict.fromkeys(one.area for one in tasks))
    return sorted(tasks, key=lambda one: (areas.index(one.area), one.number))


def _forms(asked: StaffRequest, found: Programme, tasks: list[Task]) -> Bound:
    if not found.runs or not convenes(asked.reach):
        return {}
    made = {"tasks": _form("tasks", asked)}
    if tasks and not any(one.stands for one in tasks):
        made["ending"] = _form("ending", asked)
    return made


def _task_forms(asked: StaffRequest, one: Task, bound: Bound) -> Bound:
    verbs: list[str] = []
    heads = convenes(asked.reach)
    if one.programme.runs and one.state == kinds.OPEN:
        verbs = ["report"] * reports(one, asked.reach) + ["urging"] * heads
        verbs += ["dropping"] * (heads and one.programme.sort == kinds.PLAN)
    if one.programme.runs and one.state == kinds.REPORTED and heads:
        verbs = ["acceptance", "return"]
    made = {verb: TASK_ACTS[verb][1](auto_id=f"t{one.pk}-{verb}-%s") for verb in verbs}
    said = {verb: bound.get(f"{verb}-{one.pk}") for verb in TASK_ACTS}
    return made | {verb: form for verb, form in said.items() if form is not None}


def _history(asked: StaffRequest, found: Programme, tasks: list[Task]) -> list[tuple[Entry, Any]]:
    rows = Entry.objects.about(Task.subject, [one.pk for one in tasks])
    if asked.reach.everything:
        rows = rows | found.entries
    return [(entry, entry.what()) for entry in rows.select_related("by").in_order()]
