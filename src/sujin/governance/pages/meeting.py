"""One 研判会: what the last one decided, the agenda, the decisions, the minutes; and its pack."""

from collections.abc import Callable, Mapping
from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_POST, require_safe

from sujin.complaints.words import line as line_name
from sujin.governance import wave_words
from sujin.governance.acts.convene_meeting import (
    cancel_meeting,
    change_agenda,
    convenes,
    decide,
    drop_decision,
    hold_meeting,
    report_decision,
    reports,
)
from sujin.governance.forms_meeting import (
    AgendaForm,
    AnswerForm,
    BecauseForm,
    DecisionForm,
    MinutesForm,
)
from sujin.governance.kinds import meeting as kinds
from sujin.governance.meeting_pack import decided, pack
from sujin.governance.models import Decision, Meeting
from sujin.governance.models.owned import WATCH
from sujin.governance.pages.doing import done
from sujin.platform.documents.book import forms as paper_forms
from sujin.platform.models import Entry
from sujin.platform.ui.request import StaffRequest, holds

Act = Callable[..., Any]
Bound = dict[str, forms.Form]
MEETING_ACTS: Mapping[str, Act] = {
    "agenda": change_agenda, "decisions": decide, "minutes": hold_meeting,
    "cancelling": cancel_meeting,
}  # fmt: skip
DECISION_ACTS: Mapping[str, tuple[Act, type[forms.Form]]] = {
    "answer": (report_decision, AnswerForm),
    "dropping": (drop_decision, BecauseForm),
}


@require_safe
def meeting(request: HttpRequest, pk: int) -> HttpResponse:
    """As far as the reader's reach goes."""
    asked = holds(request, WATCH)
    return _show(asked, _found(asked, pk))


@require_safe
def paper(request: HttpRequest, pk: int, form: str) -> HttpResponse:
    """The pack as a file, for those who see the whole house or have a seat."""
    asked = holds(request, WATCH)
    found = _found(asked, pk)
    made = paper_forms().get(form)
    if made is None or not _sits(asked, found):
        raise Http404
    answer = HttpResponse(made.make(pack(found, asked.at)), content_type=made.content_type)
    answer["Content-Disposition"] = content_disposition_header(True, f"{found}{made.ending}")
    return answer


def _sits(asked: StaffRequest, found: Meeting) -> bool:
    lines = {place.line for place in asked.reach.places(WATCH) if place.line}
    return asked.reach.everything or bool(lines & set(found.seats))


@require_POST
def perform(request: HttpRequest, pk: int, verb: str) -> HttpResponse:
    """What is done with the meeting itself."""
    asked = holds(request, WATCH)
    if verb not in MEETING_ACTS:
        raise Http404
    found = _found(asked, pk)
    form = _form_of(verb, asked, found, asked.POST)
    act = MEETING_ACTS[verb]
    if done(asked, form, lambda: act(found, **form.cleaned_data, by=asked.person, at=asked.at)):
        return redirect(f"{found.get_absolute_url()}#{verb}")
    return _show(asked, found, {verb: form}, status=422)


@require_POST
def decision_verb(request: HttpRequest, pk: int, verb: str) -> HttpResponse:
    """What is done with one decision."""
    asked = holds(request, WATCH)
    if verb not in DECISION_ACTS:
        raise Http404
    rows = Decision.objects.readable(asked.reach).select_related("meeting")
    found = rows.filter(pk=pk).first()
    if found is None:
        raise Http404
    act, form_of = DECISION_ACTS[verb]
    form = form_of(asked.POST, auto_id=f"d{pk}-{verb}-%s")
    if done(asked, form, lambda: act(found, **form.cleaned_data, by=asked.person, at=asked.at)):
        return redirect(found.get_absolute_url())
    return _show(asked, _found(asked, found.meeting_id), {f"{verb}-{pk}": form}, status=422)


def _form_of(verb: str, asked: StaffRequest, found: Meeting, data: Any = None) -> forms.Form:
    if verb == "agenda":
        return AgendaForm(found, data, auto_id="agenda-%s")
    if verb == "decisions":
        return DecisionForm(found, asked.at, data, auto_id="decision-%s")
    if verb == "minutes":
        return MinutesForm(data, auto_id="minutes-%s")
    return BecauseForm(data, auto_id="cancelling-%s")


def _found(asked: StaffRequest, pk: int) -> Meeting:
    found = Meeting.objects.within(asked.reach).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def _show(
    asked: StaffRequest, found: Meeting, bound: Bound | None = None, status: int = 200
) -> HttpResponse:
    sits = _sits(asked, found)
    before = found.before() if sits else None
    readable = set(Decision.objects.readable(asked.reach).values_list("pk", flat=True))
    mine = [one for one in decided(found) if one.pk in readable]
    context: dict[str, Any] = {
        "meeting": found,
        "seats": [line_name(one) for one in found.seats],
        "sits": sits,
        "before": before,
        "last": decided(before) if before is not None else [],
        "today": timezone.localdate(asked.at),
        "agenda": _agenda(found) if sits else [],
        "decisions": [(one, _decision_forms(asked, one, bound or {})) for one in mine],
        "forms": _forms(asked, found) | (bound or {}),
        "history": _history(found, mine),
    }
    return render(asked, "governance/meeting.html", context, status=status)


def _agenda(found: Meeting) -> list[tuple[dict[str, Any], str]]:
    """Each topic with the page of its node."""
    names = wave_words.names([])
    return [
        (one, names.page("complaint", ("", one["business"], one["cause"], "")))
        if one["kind"] == "topic"
        else (one, "")
        for one in found.agenda
    ]


def _forms(asked: StaffRequest, found: Meeting) -> Bound:
    """What may be done, by those who convene."""
    if not convenes(asked.reach):
        return {}
    has_come = found.held_on <= timezone.localdate(asked.at)
    verbs = []
    if found.state == kinds.PLANNED:
        verbs = ["agenda", *(["minutes"] if has_come else ["cancelling"])]
    if found.state != kinds.CANCELLED and has_come:
        verbs.append("decisions")
    return {verb: _form_of(verb, asked, found) for verb in verbs}


def _decision_forms(asked: StaffRequest, one: Decision, bound: Bound) -> Bound:
    made: Bound = {}
    if one.problem_id is None and one.state == kinds.OPEN:
        if reports(one, asked.reach):
            made["answer"] = AnswerForm(auto_id=f"d{one.pk}-answer-%s")
        if convenes(asked.reach):
            made["dropping"] = BecauseForm(auto_id=f"d{one.pk}-dropping-%s")
    said = {verb: bound.get(f"{verb}-{one.pk}") for verb in DECISION_ACTS}
    return made | {verb: form for verb, form in said.items() if form is not None}


def _history(found: Meeting, mine: list[Decision]) -> list[tuple[Entry, Any]]:
    rows = found.entries | Entry.objects.about(Decision.subject, [one.pk for one in mine])
    return [(entry, entry.what()) for entry in rows.select_related("by").in_order()]
