"""One warning: the series, its parts, the cases that say it best, and what people made of it."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.views.decorators.http import require_POST, require_safe

from sujin.complaints.models import Complaint
from sujin.engine.series.panel import Grain
from sujin.governance import realised, wave_chart, wave_words
from sujin.governance.acts.judge_wave import (
    JUDGE,
    acknowledge_wave,
    confirm_wave,
    dismiss_wave,
    may_acknowledge,
    reopen_wave,
)
from sujin.governance.forms_wave import AcknowledgeForm, BecauseForm, DismissForm
from sujin.governance.kinds.wave import DETECTORS, RAISED
from sujin.governance.models import Event, Wave
from sujin.governance.models.event import READERS
from sujin.governance.models.owned import WATCH
from sujin.governance.pages.waves import titled
from sujin.platform.journal import Kind
from sujin.platform.models import Entry
from sujin.platform.refusal import Refusal
from sujin.platform.ui.request import StaffRequest, holds

RELATIVES_SHOWN = 12
EVENTS_BEFORE = timedelta(days=45)


@require_safe
def wave(request: HttpRequest, pk: int) -> HttpResponse:
    """The warning as far as the reader's reach goes."""
    asked = holds(request, WATCH)
    return _show(asked, _found(asked, pk))


@require_POST
def acknowledge(request: HttpRequest, pk: int) -> HttpResponse:
    """The owner takes it in hand."""
    return _do(request, pk, AcknowledgeForm(request.POST), acknowledge_wave, "acknowledge_form")


@require_POST
def dismiss(request: HttpRequest, pk: int) -> HttpResponse:
    """Nothing is to be done."""
    return _do(request, pk, DismissForm(request.POST), dismiss_wave, "dismiss_form")


@require_POST
def confirm(request: HttpRequest, pk: int) -> HttpResponse:
    """It was a true wave."""
    return _do(request, pk, BecauseForm(request.POST), confirm_wave, "confirm_form")


@require_POST
def reopen(request: HttpRequest, pk: int) -> HttpResponse:
    """It counts again."""
    return _do(request, pk, BecauseForm(request.POST), reopen_wave, "reopen_form")


def _found(asked: StaffRequest, pk: int) -> Wave:
    rows = Wave.objects.within(asked.reach).select_related("owner")
    found = rows.filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def _do(
    request: HttpRequest, pk: int, form: forms.Form, act: Callable[..., None], name: str
) -> HttpResponse:
    asked = holds(request, WATCH)
    found = _found(asked, pk)
    if form.is_valid():
        said = {key: value for key, value in form.cleaned_data.items() if key != "sure"}
        try:
            act(found, **said, by=asked.person, at=asked.at)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _t("已登记"))
            return redirect(found)
    return _show(asked, found, {name: form}, status=422)


def _history(found: Wave) -> list[tuple[Entry, Kind]]:
    return [(entry, entry.what()) for entry in found.entries.select_related("by").in_order()]


def _show(
    asked: StaffRequest, found: Wave, bound: dict[str, forms.Form] | None = None, status: int = 200
) -> HttpResponse:
    parts = [part["node"] for part in found.parts]
    known = wave_words.names([found.node, *parts, *found.relatives[:RELATIVES_SHOWN]])
    grain = Grain.WEEK if found.grain == "week" else Grain.DAY
    today = timezone.localdate(asked.at)
    last = min(found.last_day + grain.step * 4, wave_chart.last_whole(grain, today))
    told = wave_chart.series(found.stream, found.node, grain, max(last, found.last_alarm))
    context: dict[str, Any] = {
        "wave": found,
        "realised": realised.realised(asked.at),
        "name": titled(found, known),
        "cases_url": known.cases(found.stream, found.node, found.since, found.last_day),
        "node_url": known.page(found.stream, found.node, str(grain)),
        "drawing": wave_chart.draw(told, found.since),
        "detectors": [DETECTORS[code] for code in found.detectors],
        "parts": [_part(found, part, known) for part in found.parts],
        "telling": _telling(asked, found),
        "events": _events(asked, found),
        "relatives": [known.node(one) for one in found.relatives[:RELATIVES_SHOWN]],
        "more_relatives": max(len(found.relatives) - RELATIVES_SHOWN, 0),
        "history": _history(found),
        **_forms(asked, found),
        **(bound or {}),
    }
    return render(asked, "governance/wave.html", context, status=status)


def _part(found: Wave, part: dict[str, Any], known: wave_words.Names) -> dict[str, Any]:
    place = next((at for at, code in enumerate(part["node"]) if code != found.node[at]), 0)
    return {
        **part,
        "name": known.code(place, part["node"][place]),
        "axis": place,
        "page": known.page(found.stream, part["node"], "day" if found.grain == "day" else "week"),
        "cases": known.cases(found.stream, part["node"], found.since, found.last_day),
    }


def _telling(asked: StaffRequest, found: Wave) -> list[Complaint]:
    """Those of the telling cases that the reader may see, in their order."""
    rows = Complaint.objects.within(asked.reach).select_related("origin").in_bulk(found.telling)
    return [rows[key] for key in found.telling if key in rows]


def _events(asked: StaffRequest, found: Wave) -> list[Event]:
    """Events of the weeks before that concern the same business, or all of it."""
    if not READERS & asked.reach.may:
        return []
    top = found.business.split(".", maxsplit=1)[0]
    rows = Event.objects.readable(asked.reach).filter(
        starts_at__date__gte=found.since - EVENTS_BEFORE, starts_at__date__lte=found.last_day
    )
    return [
        one
        for one in rows.order_by("starts_at")
        if not top or not one.business or top in {code.split(".")[0] for code in one.business}
    ]


def _forms(asked: StaffRequest, found: Wave) -> dict[str, Any]:
    """What may be done, by whom."""
    made: dict[str, Any] = {}
    if found.state == RAISED and may_acknowledge(found, asked.reach):
        made["acknowledge_form"] = AcknowledgeForm()
    if JUDGE not in asked.reach.may:
        return made
    if found.state != "dismissed":
        made["dismiss_form"] = DismissForm(auto_id="dismiss-%s")
        if found.is_false is None:
            made["confirm_form"] = BecauseForm(auto_id="confirm-%s")
    if not found.stands and not found.has_calmed:
        made["reopen_form"] = BecauseForm(auto_id="reopen-%s")
    return made
