"""火线练兵: the page of a case to be judged for practice, and how the last one went."""

from collections.abc import Mapping
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from sujin.complaints.models import Complaint
from sujin.platform.refusal import Refusal
from sujin.platform.ui.request import StaffRequest, staff
from sujin.supervision.acts.drill import answer_drill, begin_drill, questions, shown
from sujin.supervision.kinds import drill as kinds
from sujin.supervision.models import Drill
from sujin.supervision.trainingbook import Training, trainings


@require_safe
def drill(request: HttpRequest, code: str) -> HttpResponse:
    """The case that runs; else the last one with its marks."""
    asked = staff(request)
    return _show(asked, _found(code))


@require_POST
def perform(request: HttpRequest, code: str, verb: str) -> HttpResponse:
    """``beginning`` takes a case, ``answers`` hands in what one thinks of it."""
    asked = staff(request)
    found = _found(code)
    try:
        if verb == "beginning":
            begin_drill(found, by=asked.person, at=asked.at)
        elif verb == "answers":
            answer_drill(_running(asked, found), asked.POST.dict(), by=asked.person, at=asked.at)
        else:
            raise Http404
    except Refusal as refusal:
        return _show(asked, found, refused=str(refusal), status=422)
    return redirect("supervision:training_drill", code)


def _found(code: str) -> Training:
    found = trainings().get(code)
    if found is None:
        raise Http404
    return found


def _running(asked: StaffRequest, found: Training) -> Drill:
    row: Drill | None = _rows(asked, found).filter(ended_at=None).first()
    if row is None:
        raise Http404
    return row


def _rows(asked: StaffRequest, found: Training) -> Any:
    rows = Drill.objects.filter(person=asked.person, training=found.code)
    return rows.select_related("case").order_by("-pk")


def _show(
    asked: StaffRequest, found: Training, *, refused: str = "", status: int = 200
) -> HttpResponse:
    rows = list(_rows(asked, found)[:100])
    running = next((one for one in rows if one.ended_at is None), None)
    text = shown(running, asked.reach) if running else None
    done = [one for one in rows if one.right is not None]
    last = done[0] if done else None
    seen = last and Complaint.objects.within(asked.reach).filter(pk=last.case_id).first()
    context: dict[str, Any] = {
        "about": found, "refused": refused, "text": text,
        "questions": questions(running) if running and text is not None else [],
        "last": last, "marks": _marks(last) if last and text is None else [], "case": seen,
        "right": sum(one.right or 0 for one in done), "asked": sum(one.asked for one in done),
        "count": len(done),
    }  # fmt: skip
    return render(asked, "supervision/training_drill.html", context, status=status)


def _marks(last: Drill) -> list[Mapping[str, Any]]:
    told = last.entries.of(kinds.DrillAnswered).get().what()
    assert isinstance(told, kinds.DrillAnswered)
    return list(told.answers)
