"""Several rows of the queue of corrections judged at once: each by the ordinary act, on its own
docket; what became of each, and the undoing, are the page of the batch."""

from collections.abc import Iterator, Sequence
from typing import Any

from django.contrib import messages
from django.forms import model_to_dict
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _t
from django.views.decorators.http import require_POST

from sujin.complaints import words
from sujin.complaints.acts.do_many import Errand, do_each
from sujin.complaints.forms_corrections import JudgeManyForm, Tick
from sujin.complaints.models import Complaint, Suspect
from sujin.complaints.pages.corrections import MAY
from sujin.platform.refusal import Refusal
from sujin.platform.ui.request import StaffRequest, holds


@require_POST
def correction_batches(request: HttpRequest) -> HttpResponse:
    """Judge what is ticked; what was typed wrong goes back to the queue as a message."""
    asked = holds(request, MAY)
    form = JudgeManyForm(request.POST)
    query = QueryDict(request.POST.get("query", "")[:500]).urlencode()
    back = f"{reverse('complaints:corrections')}?{query}"
    if not form.is_valid():
        for errors in form.errors.values():
            messages.error(request, str(errors[0]))
        return redirect(back)
    verb = "keep" if form.cleaned_data["verdict"] == "keep" else "correct"
    try:
        batch = do_each(verb, _errands(asked, form), by=asked.person, at=asked.at)
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return redirect(back)
    return redirect(f"{batch.get_absolute_url()}?{query}")


def _errands(request: StaffRequest, form: JudgeManyForm) -> list[Errand]:
    """One per row that is ticked and in reach, in the order of the numbers; what is out of reach
    is not spoken of."""
    told = (Tick.read(one) for one in request.POST.getlist("row"))
    ticks = {(one.number, one.axis): one for one in told if one is not None}
    cases = Complaint.objects.within(request.reach).filter(number__in={key[0] for key in ticks})
    known = {case.number: case for case in cases}
    rows = {(known_number, row.axis): row for known_number, row in _suspects(list(known.values()))}
    return [
        _errand(known[key[0]], tick, rows.get(key), form)
        for key, tick in sorted(ticks.items())
        if key[0] in known
    ]


def _suspects(cases: Sequence[Complaint]) -> Iterator[tuple[str, Suspect]]:
    numbers = {case.pk: case.number for case in cases}
    for row in Suspect.objects.filter(complaint__in=numbers):
        yield numbers[row.complaint_id], row


def _errand(case: Complaint, tick: Tick, row: Suspect | None, form: JudgeManyForm) -> Errand:
    said, against = form.cleaned_data, ""
    given: dict[str, Any] = {
        "axis": tick.axis,
        "because": said["because"],
        "seen": (tick.code, tick.machine),
    }
    if said["verdict"] == "machine":
        given["code"] = tick.machine
    elif said["verdict"] == "other":
        axis, _colon, given["code"] = said["code"].partition(":")
        if axis != tick.axis:
            against = _t("所选的是“%(axis)s”的分类，不适用于这一项") % {"axis": words.AXES[axis]}
    asked = model_to_dict(row, exclude=["id", "complaint", "axis"]) if row else {}
    return Errand(case, given, tick.axis, asked, against)
