"""我的培训: what the person has to learn, and one test; for whoever watches, how it went."""

from collections.abc import Callable, Mapping
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.views.decorators.http import require_POST, require_safe

from sujin.platform.refusal import Refusal
from sujin.platform.ui.request import StaffRequest, staff
from sujin.supervision.acts.enrol import excuse
from sujin.supervision.acts.take_test import answer, begin, is_stale, questions
from sujin.supervision.forms_training import ExcuseForm
from sujin.supervision.kinds import training as kinds
from sujin.supervision.models import Attempt, Enrolment
from sujin.supervision.models.training import TRAIN
from sujin.supervision.trainingbook import trainings


@require_safe
def mine(request: HttpRequest) -> HttpResponse:
    """What is due first in front; then what is held; then what else there is to learn."""
    asked = staff(request)
    rows = list(Enrolment.objects.current().filter(person=asked.person).order_by("due_on", "pk"))
    known = [row for row in rows if row.about is not None]
    enrolled = {row.training for row in known}
    context = {
        "today": timezone.localdate(asked.at),
        "waiting": [row for row in known if row.state in (kinds.ASSIGNED, kinds.FAILED)],
        "held": [row for row in known if row.state in (kinds.PASSED, kinds.EXCUSED)],
        "others": [one for one in trainings().values() if one.code not in enrolled],
    }
    return render(asked, "supervision/trainings.html", context)


@require_safe
def test(request: HttpRequest, pk: int) -> HttpResponse:
    """The person's own: the questions of the attempt that runs, or how the last one went. Of
    others: only how far it is."""
    asked = staff(request)
    return _show(asked, _found(asked, pk))


@require_POST
def perform(request: HttpRequest, pk: int, verb: str) -> HttpResponse:
    """``beginning`` starts an attempt, ``answers`` hands it in, ``excuse`` asks no more for it."""
    asked = staff(request)
    found = _found(asked, pk)
    if verb not in VERBS:
        raise Http404
    try:
        VERBS[verb](asked, found)
    except Refusal as refusal:
        return _show(asked, _found(asked, pk), refused=str(refusal), status=422)
    return redirect(found)


def _begin(asked: StaffRequest, found: Enrolment) -> None:
    begin(found, by=asked.person, at=asked.at)


def _answer(asked: StaffRequest, found: Enrolment) -> None:
    number = asked.POST.get("number", "")
    nth = int(number) if number.isascii() and number.isdigit() and len(number) < 5 else 0
    answer(found, nth, asked.POST.dict(), by=asked.person, at=asked.at)


def _excuse(asked: StaffRequest, found: Enrolment) -> None:
    form = ExcuseForm(asked.POST)
    if not form.is_valid():
        raise Refusal(_t("请写明免到哪天和为什么"))
    excuse(found, **form.cleaned_data, by=asked.person, at=asked.at)
    messages.success(asked, _t("已登记"))


VERBS: Mapping[str, Callable[[StaffRequest, Enrolment], None]] = {
    "beginning": _begin, "answers": _answer, "excuse": _excuse,
}  # fmt: skip


def _found(asked: StaffRequest, pk: int) -> Enrolment:
    rows = Enrolment.objects.within(asked.reach, asked.at).select_related("person", "org")
    found = rows.filter(pk=pk).first()
    if found is None or found.about is None:
        raise Http404
    return found


def _show(
    asked: StaffRequest, found: Enrolment, *, refused: str = "", status: int = 200
) -> HttpResponse:
    today, own = timezone.localdate(asked.at), found.person_id == asked.person.pk
    attempts = list(found.attempts.order_by("-number"))
    running = next((one for one in attempts if one.state == kinds.BEGUN), None)
    if running is not None and (not own or is_stale(running, asked.at)):
        running = None
    last = next((one for one in attempts if one.state == kinds.ANSWERED), None)
    context: dict[str, Any] = {
        "row": found, "about": found.about, "own": own, "today": today, "refused": refused,
        "is_late": found.is_late(today), "running": running, "last": last,
        "questions": _questions(running, found, asked),
        "marks": _marks(last) if own and last and not running else [],
        # A try that is left asks of the same bank: until then nobody is told its answers.
        "reveals": found.state in (kinds.PASSED, kinds.FAILED),
        "may_begin": own and found.state == kinds.ASSIGNED and running is None
        and (found.retake_on is None or found.retake_on <= today),
        "excuse_form": _excuse_form(asked, found, own=own),
        "history": [(one, one.what()) for one in found.entries.select_related("by").in_order()],
    }  # fmt: skip
    return render(asked, "supervision/training_test.html", context, status=status)


def _questions(running: Attempt | None, found: Enrolment, asked: StaffRequest) -> list[Any]:
    if running is None:
        return []
    running.enrolment = found
    return list(questions(running, asked.at))


def _marks(last: Attempt) -> list[Mapping[str, Any]]:
    told = last.entries.of(kinds.AttemptAnswered).get().what()
    assert isinstance(told, kinds.AttemptAnswered)
    return list(told.answers)


def _excuse_form(asked: StaffRequest, found: Enrolment, *, own: bool) -> forms.Form | None:
    if own or TRAIN not in asked.reach.may or found.state not in (kinds.ASSIGNED, kinds.FAILED):
        return None
    return ExcuseForm()
