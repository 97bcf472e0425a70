"""/ask: the conversation on one page. Every button posts and comes back to it."""

from typing import Any, cast

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from sujin.channels.assistant import talk
from sujin.channels.assistant.forms import AskForm, PersonForm
from sujin.channels.assistant.receive import hand_over, is_known
from sujin.channels.assistant.words import known_already, said
from sujin.channels.web_form import said as receipts
from sujin.complaints.draft import CaseKind
from sujin.engine.converse import Act
from sujin.knowledge.acts import converse
from sujin.knowledge.models import Conversation
from sujin.knowledge.models.conversation import WEB
from sujin.knowledge.transcript import Shown, shown
from sujin.platform.refusal import Refusal
from sujin.platform.ui.request import AnyRequest, network_of

ASK, PERSON, FORM, DONE = "assistant:ask", "assistant:person", "web_form:start", "web_form:done"


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest) -> HttpResponse:
    """The conversation so far, and one more question."""
    asked = cast(AnyRequest, request)
    if asked.method != "POST":
        return _show(asked, talk.held_in(asked.session, asked.at), AskForm())
    form = AskForm(asked.POST)
    form.is_valid()
    words = form.cleaned_data.get("words", "")
    held = talk.held_in(asked.session, asked.at)
    try:
        converse.check(words)
        _spend(asked, held)
        held = talk.held_or_begun(asked.session, WEB, asked.at)
        found = talk.candidates(words, asked.at)
        converse.hear(held, words, found, at=asked.at)
    except Refusal as refusal:
        form.add_error("words", str(refusal))
        return _show(asked, held, form, refusal)
    return redirect(_last())


@login_not_required
@never_cache
@require_POST
def choice(request: HttpRequest) -> HttpResponse:
    """One of the questions offered, or none of them."""
    asked = cast(AnyRequest, request)
    key = asked.POST.get("key", "")
    number = int(key) if key.isascii() and key.isdigit() and len(key) < 19 else None
    return _done(asked, lambda held: converse.choose(held, number, at=asked.at))


@login_not_required
@never_cache
@require_POST
def verdict(request: HttpRequest) -> HttpResponse:
    """Whether it helped."""
    asked = cast(AnyRequest, request)
    helped = asked.POST.get("helped") == "yes"
    return _done(asked, lambda held: converse.judge(held, helped=helped, at=asked.at))


@login_not_required
@never_cache
@require_POST
def end(request: HttpRequest) -> HttpResponse:
    """This device forgets the conversation."""
    talk.put_away(request.session)
    return redirect(ASK)


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def person(request: HttpRequest) -> HttpResponse:
    """Whom to call back; then it is a case, with a number and a code."""
    asked = cast(AnyRequest, request)
    held = talk.held_in(asked.session, asked.at)
    if held is None or not held.turns.exists():
        return redirect(FORM)
    if asked.method != "POST" or "name" not in asked.POST:
        if asked.method == "POST":
            return _to_a_person(asked, held)
        kind = held.kind or CaseKind.CONSULTATION.value
        return _ask_whom(asked, held, PersonForm(initial={"kind": kind}))
    return _hand(asked, held, PersonForm(asked.POST))


def _to_a_person(request: AnyRequest, held: Conversation) -> HttpResponse:
    try:
        converse.ask_for_a_person(held, at=request.at)
    except Refusal as refusal:
        messages.warning(request, str(refusal))
        return redirect(ASK)
    return redirect(PERSON)


def _hand(request: AnyRequest, held: Conversation, form: PersonForm) -> HttpResponse:
    if not form.is_valid():
        return _ask_whom(request, held, form, status=422)
    try:
        receipt = hand_over(held, form.given(), at=request.at)
    except Refusal as refusal:
        form.add_error(None, str(refusal))
        return _ask_whom(request, held, form, status=422)
    if is_known(receipt):
        messages.warning(request, known_already())
    talk.put_away(request.session)
    slip = receipts.Slip(receipt.number, receipt.code)
    receipts.hand_out(request.session, slip, request.at)
    return redirect(DONE)


def _done(request: AnyRequest, act: Any) -> HttpResponse:
    held = talk.held_in(request.session, request.at)
    if held is not None:
        try:
            _spend(request, held)
            act(held)
        except Refusal as refusal:
            messages.warning(request, str(refusal))
    return redirect(_last())


def _spend(request: AnyRequest, held: Conversation | None) -> None:
    token = held.token if held else ""
    talk.spend(token, request.at, door=WEB, network=network_of(request))


def _show(
    request: AnyRequest,
    held: Conversation | None,
    form: AskForm,
    refusal: Refusal | None = None,
) -> HttpResponse:
    turns = shown(held, request.at) if held else []
    context = {
        "conversation": held,
        "turns": [(one, said(one.turn)) for one in turns],
        "form": form,
        "asks_for_verdict": bool(held and held.helped is None and _is_answer(turns)),
        "is_full": isinstance(refusal, talk.TooOften | talk.TooBusy),
        "thanks": bool(held and held.helped and _is_answer(turns)),
    }
    return render(request, "assistant/ask.html", context, status=_status(refusal))


def _last() -> str:
    """The page at what was said last: nobody scrolls to find the answer."""
    return f"{reverse(ASK)}#last"


def _is_answer(turns: list[Shown]) -> bool:
    return bool(turns) and turns[-1].turn.act == Act.ANSWER.value and not turns[-1].is_gone


def _ask_whom(
    request: AnyRequest, held: Conversation, form: PersonForm, *, status: int = 200
) -> HttpResponse:
    words = [turn.words for turn in held.turns.order_by("nth") if turn.words]
    context = {"form": form, "words": words}
    return render(request, "assistant/person.html", context, status=status)


def _status(refusal: Refusal | None) -> int:
    """When others ask too much nothing is wrong with this request: a person is what it gets."""
    if refusal is None or isinstance(refusal, talk.TooBusy):
        return 200
    return 429 if isinstance(refusal, talk.TooOften) else 422
