"""Write an event down, write it anew; record a move of the market."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _t
from django.views.decorators.http import require_http_methods

from sujin.governance import event_rules
from sujin.governance.acts.announce_event import draft_event
from sujin.governance.acts.record_move import MARKET, record_move
from sujin.governance.acts.revise_event import revise_event
from sujin.governance.forms_event import EventForm, MoveForm, initial_of
from sujin.governance.pages.event import found
from sujin.governance.pages.events import announcer
from sujin.platform.refusal import Refusal

GET_OR_POST = ["GET", "HEAD", "POST"]


@require_http_methods(GET_OR_POST)
def new(request: HttpRequest) -> HttpResponse:
    """A draft; nobody is asked before it is announced."""
    asked = announcer(request)
    form = EventForm(request.POST or None, initial={"starts_at": asked.at})
    if request.method == "POST" and form.is_valid():
        try:
            made = draft_event(form.cleaned_data, by=asked.person, at=asked.at)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _t("草稿已保存，核对后通报"))
            return redirect(made)
    status = 422 if form.errors else 200
    return render(request, "governance/event_form.html", {"form": form}, status=status)


@require_http_methods(GET_OR_POST)
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """What is known now; what was there before stays on the docket."""
    asked = announcer(request)
    one = found(asked, pk)
    if not (one.is_draft or one.is_on):
        raise PermissionDenied
    form = EventForm(request.POST or None, initial=initial_of(one))
    if request.method == "POST" and form.is_valid():
        try:
            revise_event(one, form.cleaned_data, by=asked.person, at=asked.at)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _t("已更新"))
            return redirect(one)
    context = {"form": form, "event": one}
    status = 422 if form.errors else 200
    return render(request, "governance/event_form.html", context, status=status)


@require_http_methods(GET_OR_POST)
def move(request: HttpRequest) -> HttpResponse:
    """Past the pack's threshold the event opens by itself."""
    asked = announcer(request)
    form = MoveForm(request.POST or None)
    row = event_rules.of_kind(MARKET)
    if request.method == "POST" and form.is_valid():
        try:
            told = form.cleaned_data
            made = record_move(told.pop("product"), **told, by=asked.person, at=asked.at)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            opened = (
                _t("波动达到门槛，事件已自动通报") if made.is_on else _t("未到门槛，已存为草稿")
            )
            messages.success(request, opened)
            return redirect(made)
    context = {"form": form, "row": row}
    status = 422 if form.errors else 200
    return render(request, "governance/event_move.html", context, status=status)
