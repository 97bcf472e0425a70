"""The contact note as it is read while it is written, and the results of promises."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _t
from django.views.decorators.http import require_POST

from sujin.complaints.acts import promise
from sujin.complaints.forms_contact import NOTE_MAX, GuidedForm, read_again
from sujin.complaints.forms_promises import KeptForm, ReleasedForm
from sujin.complaints.models import Promise
from sujin.complaints.pages import dossier
from sujin.complaints.pages.guard import allowed, visible
from sujin.platform.refusal import Refusal
from sujin.platform.ui.request import staff

Act = Callable[..., None]
FORM = "response"


@require_POST
def reading(request: HttpRequest, number: str) -> HttpResponse:
    """The five letters, what should not be said and the promises in the words as they stand on
    the screen; nothing is kept."""
    case, asked = visible(request, number), staff(request)
    form = GuidedForm(request.POST, case=case, request=asked, prefix=FORM)
    note = request.POST.get(form.add_prefix("note"), "")[:NOTE_MAX]
    shown = {"form": form, "rows": read_again(form, note, asked), "is_fragment": True}
    return render(request, "complaints/partials/contact_reading.html", shown)


@require_POST
def kept(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    """It was done."""
    form = KeptForm(request.POST)
    return _do(request, number, pk, form, act=promise.keep, done=_t("已登记兑现"))


@require_POST
def released(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    """The customer let it go."""
    form = ReleasedForm(request.POST)
    done = _t("已登记，这项承诺不再计时")
    return _do(request, number, pk, form, act=promise.release, done=done)


def _do(
    request: HttpRequest, number: str, pk: int, form: forms.Form, *, act: Act, done: str
) -> HttpResponse:
    case, asked = allowed(request, number, "annotate"), staff(request)
    found = Promise.objects.owed_under(case).filter(pk=pk).first()
    if found is None:
        raise Http404
    if form.is_valid():
        try:
            act(found, **form.cleaned_data, by=asked.person, at=asked.at)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, done)
            return redirect(case)
    wrong: dict[str, Any] = {"promise": pk, "form": form}
    return dossier.show(request, case, wrong=wrong, status=422)
