"""A letter sets out by wire: put into the outbox, or tried again."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _t
from django.views.decorators.http import require_POST

from sujin.complaints import envelope
from sujin.complaints.acts import dispatch as outbox
from sujin.complaints.acts.claim import refuse_recused
from sujin.complaints.forms_delivery import DeliveryForm
from sujin.complaints.models import Dispatch
from sujin.complaints.pages import letters
from sujin.complaints.pages.guard import allowed, staff
from sujin.platform.refusal import Refusal


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
            refuse_recused(found.complaint, asked.person)
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
    found = letters.letter_of(allowed(request, number, "answer"), pk)
    tried = found.dispatches.filter(pk=dispatch).first()
    if tried is None:
        raise Http404
    tried.letter = found
    asked = staff(request)
    try:
        refuse_recused(found.complaint, asked.person)
        outbox.again(tried, by=asked.person, at=asked.at)
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _t("已重新排入发送"))
    return redirect(found)


def _done(made: Dispatch) -> str:
    if made.state == "asked":
        return _t("已提交复核，同意后自动发送")
    return _t("已排入发送，一分钟内发出")
