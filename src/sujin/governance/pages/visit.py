"""One visit: the figures that sent somebody, what was found, and the echo of each concern."""

from collections.abc import Callable, Mapping
from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from sujin.governance import wave_words
from sujin.governance.acts.echo_concern import (
    answer_concern,
    confirm_concern,
    may_answer,
    may_judge,
    return_concern,
)
from sujin.governance.acts.propose_visit import (
    accept_visit,
    cancel_visit,
    decline_visit,
    is_visitor,
    may_cancel,
)
from sujin.governance.acts.report_visit import open_concern, report_visit
from sujin.governance.forms_visit import (
    AnswerForm,
    BecauseForm,
    ConcernForm,
    JudgementForm,
    ReportForm,
)
from sujin.governance.kinds import visit as kinds
from sujin.governance.models import Concern, Visit
from sujin.governance.pages.doing import done
from sujin.governance.pages.visits import reader
from sujin.platform.models import Entry
from sujin.platform.ui.request import StaffRequest

Act = Callable[..., Any]
Bound = dict[str, forms.Form]
VISIT_ACTS: Mapping[str, tuple[Act, type[forms.Form], str]] = {
    "acceptance": (accept_visit, forms.Form, "acceptance_form"),
    "refusal": (decline_visit, BecauseForm, "refusal_form"),
    "cancellation": (cancel_visit, BecauseForm, "cancellation_form"),
    "concerns": (open_concern, ConcernForm, "concern_form"),
    "report": (report_visit, ReportForm, "report_form"),
}
CONCERN_ACTS: Mapping[str, tuple[Act, type[forms.Form], str]] = {
    "answer": (answer_concern, AnswerForm, "answer_form"),
    "confirmation": (confirm_concern, JudgementForm, "confirmation_form"),
    "return": (return_concern, JudgementForm, "return_form"),
}


@require_safe
def visit(request: HttpRequest, pk: int) -> HttpResponse:
    """As far as the reader's reach goes: all of it, or the concerns of the own desk."""
    asked = reader(request)
    return _show(asked, _found(asked, pk))


@require_POST
def perform(request: HttpRequest, pk: int, verb: str) -> HttpResponse:
    """What is done with the visit itself."""
    asked = reader(request)
    if verb not in VISIT_ACTS:
        raise Http404
    act, form_of, name = VISIT_ACTS[verb]
    found = _found(asked, pk)
    form = form_of(found, asked.POST) if form_of is ConcernForm else form_of(asked.POST)
    if done(asked, form, lambda: _with(act, found, form, asked)):
        return redirect(f"{found.get_absolute_url()}#{verb}")
    return _show(asked, found, {name: form}, status=422)


@require_POST
def echo(request: HttpRequest, pk: int, verb: str) -> HttpResponse:
    """What is done with one concern."""
    asked = reader(request)
    if verb not in CONCERN_ACTS:
        raise Http404
    act, form_of, name = CONCERN_ACTS[verb]
    rows = Concern.objects.readable(asked.reach).select_related("visit")
    concern = rows.filter(pk=pk).first()
    if concern is None:
        raise Http404
    form = form_of(asked.POST)
    if done(asked, form, lambda: _with(act, concern, form, asked)):
        return redirect(concern.get_absolute_url())
    found = _found(asked, concern.visit_id)
    return _show(asked, found, {f"{name}-{concern.pk}": form}, status=422)


def _with(act: Act, noun: Visit | Concern, form: forms.Form, asked: StaffRequest) -> Any:
    return act(noun, **form.cleaned_data, by=asked.person, at=asked.at)


def _found(asked: StaffRequest, pk: int) -> Visit:
    rows = Visit.objects.within(asked.reach).select_related("place", "visitor", "proposed_by")
    found = rows.filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def _show(
    asked: StaffRequest, found: Visit, bound: Bound | None = None, status: int = 200
) -> HttpResponse:
    rows = Concern.objects.readable(asked.reach).filter(visit=found)
    concerns = list(rows.select_related("owner", "answered_by", "visit").order_by("number"))
    node = (found.place.path, found.business, "", "")
    known = wave_words.names([node])
    context: dict[str, Any] = {
        "visit": found,
        "cases_url": known.cases("complaint", node, found.first, found.last),
        "node_url": known.page("complaint", node),
        "concerns": [(one, _concern_forms(asked, one, bound or {})) for one in concerns],
        "history": _history(found, concerns),
        **_forms(asked, found),
        **(bound or {}),
    }
    return render(asked, "governance/visit.html", context, status=status)


def _history(found: Visit, concerns: list[Concern]) -> list[tuple[Entry, Any]]:
    """Of the visit and of those of its concerns that the reader may see, as it happened."""
    rows = found.entries | Entry.objects.about(Concern.subject, [one.pk for one in concerns])
    return [(entry, entry.what()) for entry in rows.select_related("by").in_order()]


def _concern_forms(asked: StaffRequest, concern: Concern, bound: Bound) -> dict[str, forms.Form]:
    made: dict[str, forms.Form] = {}
    if concern.state == kinds.OPEN and may_answer(concern, asked.reach):
        made["answer_form"] = AnswerForm(auto_id=f"id-{concern.pk}-%s")
    if concern.state == kinds.ANSWERED and may_judge(concern, asked.reach):
        made["confirmation_form"] = JudgementForm(auto_id=f"id-{concern.pk}-%s")
        made["return_form"] = JudgementForm(auto_id=f"id-{concern.pk}-back-%s")
    said = {name: bound.get(f"{name}-{concern.pk}") for _act, _form, name in CONCERN_ACTS.values()}
    return {**made, **{name: form for name, form in said.items() if form is not None}}


def _forms(asked: StaffRequest, found: Visit) -> dict[str, Any]:
    """What may be done, by whom."""
    made: dict[str, Any] = {}
    if is_visitor(found, asked.reach) and found.state == kinds.PROPOSED:
        made |= {"acceptance_form": forms.Form(), "refusal_form": BecauseForm(auto_id="refusal-%s")}
    if is_visitor(found, asked.reach) and found.state == kinds.ACCEPTED:
        today = timezone.localdate(asked.at)
        made["concern_form"] = ConcernForm(found)
        made["report_form"] = ReportForm(initial={"visited_on": today}, auto_id="report-%s")
    if found.is_ahead and may_cancel(found, asked.reach) and not found.concerns.exists():
        made["cancellation_form"] = BecauseForm(auto_id="cancel-%s")
    return made
