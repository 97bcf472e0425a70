"""The three screens and the receipt. What was typed is kept before it is judged."""

from functools import partial
from typing import Any, cast

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _t
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from sujin.channels.channel import WEB_FORM
from sujin.channels.orgs import catch_all
from sujin.channels.web_form import pending, places, said
from sujin.channels.web_form.forms import KINDS, WhatForm, WhoForm
from sujin.channels.web_form.receive import draft
from sujin.channels.web_form.said import Said, Slip
from sujin.complaints import clock
from sujin.complaints.acts.attach import attach
from sujin.complaints.acts.receive import receive
from sujin.complaints.arrival import Reception
from sujin.complaints.draft import CaseKind
from sujin.complaints.models import Complaint
from sujin.complaints.rulebook import rulebook
from sujin.platform.refusal import Refusal
from sujin.platform.ui.request import AnyRequest

START, YOU, CHECK, DONE = "web_form:start", "web_form:you", "web_form:check", "web_form:done"
METHODS = ["GET", "HEAD", "POST"]


@login_not_required
@never_cache
@require_http_methods(METHODS)
def start(request: HttpRequest) -> HttpResponse:
    """Screen 1: what happened."""
    asked = cast(AnyRequest, request)
    heard = said.said_in(asked.session, asked.at) or said.begun()
    if asked.method == "POST":
        return _hear(asked, heard)
    return _ask_what(asked, heard, WhatForm(initial=heard.what))


def _hear(request: AnyRequest, heard: Said) -> HttpResponse:
    form = WhatForm(request.POST, request.FILES, waiting=len(heard.files))
    form.is_valid()
    heard.what = _typed(form)
    _keep_files(request, heard, form)
    said.keep(request.session, heard, request.at)
    if {"leave", "drop"} & request.POST.keys():
        return redirect(START)
    return redirect(YOU) if form.is_valid() else _ask_what(request, heard, form, status=422)


def _keep_files(request: AnyRequest, heard: Said, form: WhatForm) -> None:
    """Good files wait even when the words beside them are refused: sending twice costs money."""
    known = {file.sha256 for file in heard.files}
    fresh = {file.sha256: file for file in form.good_papers if file.sha256 not in known}
    try:
        heard.files += pending.keep(heard.key, list(fresh.values()), at=request.at)
    except Refusal as refusal:
        form.add_error("papers", str(refusal))
    dropped = request.POST.get("drop")
    heard.files = [file for file in heard.files if file.sha256 != dropped]


def _typed(form: WhatForm | WhoForm) -> dict[str, Any]:
    """What was typed, right or wrong; a text nobody could have typed is not kept."""
    kept = {name: form[name].data for name in form.fields if name != "papers"}
    if len(kept.get("text") or "") > 2 * rulebook().text_max:
        kept["text"] = ""
    return kept


def _ask_what(
    request: AnyRequest, heard: Said, form: WhatForm, *, status: int = 200
) -> HttpResponse:
    shown = {"form": form, "waiting": heard.files, "step": 1}
    return render(request, "web_form/start.html", shown, status=status)


@login_not_required
@never_cache
@require_http_methods(METHODS)
def you(request: HttpRequest) -> HttpResponse:
    """Screen 2: who asks, and how to answer."""
    asked = cast(AnyRequest, request)
    heard = said.said_in(asked.session, asked.at)
    if heard is None:
        return _nothing_left(asked)
    what = WhatForm(heard.what)
    if not what.is_valid():
        return redirect(START)
    kind, branches = what.cleaned_data["kind"], places.choices()
    if asked.method != "POST":
        form = WhoForm(initial=heard.who, kind=kind, places=branches)
        return render(asked, "web_form/you.html", {"form": form, "step": 2})
    return _meet(asked, heard, WhoForm(asked.POST, kind=kind, places=branches))


def _meet(request: AnyRequest, heard: Said, form: WhoForm) -> HttpResponse:
    heard.who = _typed(form)
    said.keep(request.session, heard, request.at)
    if "leave" in request.POST:
        return redirect(START if request.POST["leave"] == "back" else YOU)
    if form.is_valid():
        return redirect(CHECK)
    return render(request, "web_form/you.html", {"form": form, "step": 2}, status=422)


def _nothing_left(request: AnyRequest) -> HttpResponse:
    """Nothing waits in this session: it was sent already, or it has been cleared."""
    if said.slip_in(request.session, request.at):
        return redirect(DONE)
    messages.warning(
        request, _t("为保护您的信息，没有发送的内容只保留 2 小时，现在已经清除，请重新填写。")
    )
    return redirect(START)


@login_not_required
@never_cache
@require_http_methods(METHODS)
def check(request: HttpRequest) -> HttpResponse:
    """Screen 3: look it over and send it."""
    asked = cast(AnyRequest, request)
    if asked.method == "POST":
        with transaction.atomic():
            # A second finger on the button waits here, and then finds the receipt of the first.
            asked.session = said.alone(asked.session)
            return _look_or_send(asked, sends=True)
    return _look_or_send(asked, sends=False)


def _look_or_send(request: AnyRequest, *, sends: bool) -> HttpResponse:
    heard = said.said_in(request.session, request.at)
    if heard is None:
        return _nothing_left(request)
    what = WhatForm(heard.what)
    if not what.is_valid():
        return redirect(START)
    who = WhoForm(heard.who, kind=what.cleaned_data["kind"], places=places.choices())
    if not who.is_valid():
        return redirect(YOU)
    if not sends:
        return _show(request, heard, what, who)
    if request.POST.get("seen") != heard.fingerprint:
        return _show(request, heard, what, who, wrong=_t("内容有改动，请再看一遍，然后发送"))
    return _send(request, heard, what, who)


def _show(
    request: AnyRequest, heard: Said, what: WhatForm, who: WhoForm, *, wrong: str = ""
) -> HttpResponse:
    shown = {
        "what": what.cleaned_data,
        "who": who.cleaned_data,
        "kind": KINDS[CaseKind(what.cleaned_data["kind"])],
        "place": who.place_name,
        "care": who.care_names,
        "waiting": heard.files,
        "seen": heard.fingerprint,
        "wrong": wrong,
        "step": 3,
    }
    return render(request, "web_form/check.html", shown, status=422 if wrong else 200)


def _send(request: AnyRequest, heard: Said, what: WhatForm, who: WhoForm) -> HttpResponse:
    try:
        slip = _submit(request, heard, what, who)
    except Refusal as refusal:
        return _show(request, heard, what, who, wrong=str(refusal))
    # The receipt commits with the case: nobody gets a code without a case, or a case without one.
    said.hand_out(request.session, slip, request.at)
    request.session.save()
    request.session.modified = False
    transaction.on_commit(partial(pending.discard, heard.key))
    return redirect(DONE)


@transaction.atomic
def _submit(request: AnyRequest, heard: Said, what: WhatForm, who: WhoForm) -> Slip:
    """The case and its files; raises Refusal, and then neither exists."""
    files = pending.load(heard.key, heard.files)
    account, at = WEB_FORM.account(), request.at
    said_now = draft(
        what.cleaned_data, who.cleaned_data, key=heard.key, origin=catch_all().code, at=at
    )
    receipt = receive(said_now, by=account, at=at)
    if receipt.reception is not Reception.KNOWN:
        attach(receipt.complaint, files, by=account, at=at)
    return Slip(receipt.number, receipt.code)


@login_not_required
@never_cache
@require_http_methods(METHODS)
def done(request: HttpRequest) -> HttpResponse:
    """The receipt, shown to the session that sent it, until it is put away."""
    asked = cast(AnyRequest, request)
    slip = said.slip_in(asked.session, asked.at)
    if slip is None or asked.method == "POST":
        said.put_away(asked.session)
        return redirect(START)
    return render(asked, "web_form/done.html", _receipt(asked, slip))


def _receipt(request: AnyRequest, slip: Slip) -> dict[str, Any]:
    """A matter we knew already is named by its number only: its code was given to somebody else."""
    if not slip.code:
        return {"number": slip.number}
    case = Complaint.objects.select_related("desk").get(number=slip.number)
    limits = {reading.clock: reading.due_at for reading in clock.of(case, now=request.at)}
    return {
        "number": slip.number,
        "code": " ".join(slip.code[start : start + 4] for start in range(0, len(slip.code), 4)),
        "case": case,
        "answer_by": limits.get("decision"),
        "contact_by": limits.get("first_response"),
    }
