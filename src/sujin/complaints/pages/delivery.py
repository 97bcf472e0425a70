"""A letter sets out by wire: put into the outbox, tried again, or taken out."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _t
from django.views.decorators.http import require_POST

from sujin.complaints import envelope
from sujin.complaints.acts import dispatch as outbox
from sujin.complaints.forms_delivery import DeliveryForm, StopForm
from sujin.complaints.models import Dispatch
from sujin.complaints.pages import letters
from sujin.complaints.pages.guard import allowed
from sujin.platform.refusal import Refusal
from sujin.platform.ui.request import staff


@require_POST
def delivery(request: HttpRequest, number: str, pk: int, way: str) -> HttpResponse:
    """Put the letter into the outbox."""
    found = letters.letter_of(allowed(request, number, "answer"), pk)
    if way not in envelope.ways():
        raise Http404
    asked = staff(request)
    form = DeliveryForm(request.POST, way=way, parties=list(found.complaint.parties.all()))
    if form.is_valid():
        try:
            made = outbox.queue(found, **form.given, by=asked.person, at=asked.at)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _done(made))
            return redirect(found)
    return letters.show(asked, found, {"delivery_form": form}, status=422)


@require_POST
def again(request: HttpRequest, number: str, pk: int, dispatch: int) -> HttpResponse:
    """Try once more what came back."""
    tried, asked = _tried(request, number, pk, dispatch), staff(request)
    try:
        outbox.again(tried, by=asked.person, at=asked.at)
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _t("已重新排入发送"))
    return redirect(tried.letter)


@require_POST
def stop(request: HttpRequest, number: str, pk: int, dispatch: int) -> HttpResponse:
    """Take out of the outbox what has not been accepted yet."""
    tried, asked = _tried(request, number, pk, dispatch), staff(request)
    form = StopForm(request.POST)
    if form.is_valid():
        try:
            outbox.stop(tried, **form.cleaned_data, by=asked.person, at=asked.at)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _t("已停止发送，可以换一种方式"))
            return redirect(tried.letter)
    return letters.show(asked, tried.letter, {"stop_form": form}, status=422)


def _tried(request: HttpRequest, number: str, pk: int, dispatch: int) -> Dispatch:
    found = letters.letter_of(allowed(request, number, "answer"), pk)
    tried = found.dispatches.filter(pk=dispatch).first()
    if tried is None:
        raise Http404
    tried.letter = found
    return tried


def _done(made: Dispatch) -> str:
    if made.state == "asked":
        return _t("已提交复核，同意后自动发送")
    return _t("已排入发送，一分钟内发出")
