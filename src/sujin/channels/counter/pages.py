"""登记投诉: the counter's intake page, the small form for an early sign, and the receipt."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _t
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from sujin.channels.channel import COUNTER
from sujin.channels.counter import receive
from sujin.channels.counter.forms import CounterBudForm, CounterForm
from sujin.channels.intake import Door, take_in
from sujin.platform.ui.request import StaffRequest, holds

DOOR = Door(COUNTER.code, CounterForm, receive.draft)


@require_http_methods(["GET", "HEAD", "POST"])
def intake(request: HttpRequest) -> HttpResponse:
    asked = holds(request, "receive")
    if "bud-token" in request.POST:
        return _bud(asked)
    return DOOR.take(request, bud=CounterBudForm(reach=asked.reach))


@require_POST
def read(request: HttpRequest) -> HttpResponse:
    asked = holds(request, "receive")
    return DOOR.read(request, bud=CounterBudForm(reach=asked.reach))


@require_safe
def done(request: HttpRequest, number: str) -> HttpResponse:
    return DOOR.done(request, number)


def _bud(request: StaffRequest) -> HttpResponse:
    """An early sign is told in one sentence; the page is ready for the next customer at once."""
    form = CounterBudForm(request.POST, reach=request.reach)
    if not form.is_valid():
        return DOOR.show(request, DOOR.new_form(request), status=422, bud=form)
    draft = receive.bud(form.cleaned_data, at=request.at)
    receipt = take_in(draft, (), by=request.person, at=request.at)
    messages.success(request, _t("已记下苗头，编号 %(number)s") % {"number": receipt.number})
    return redirect(DOOR.page("intake"))
