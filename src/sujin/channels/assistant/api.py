"""POST /assistant/turns, /assistant/verdicts, /assistant/hand-overs: the same conversation in JSON,
for whoever asks on a customer's behalf: the mobile bank, an account in a messenger.
"""

from collections.abc import Callable, Mapping
from typing import Any, cast

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, JsonResponse
from django.utils.timezone import localtime
from django.utils.translation import gettext as _t
from django.views.decorators.csrf import csrf_exempt

from sujin.channels.assistant import talk
from sujin.channels.assistant.forms import PersonForm
from sujin.channels.assistant.receive import hand_over, is_known
from sujin.channels.assistant.words import known_already, said
from sujin.channels.fields import as_said
from sujin.channels.spoken_json import Declined, body_of, refusal_of, refuse_strangers, string
from sujin.knowledge.acts import converse
from sujin.knowledge.models import Conversation, Turn, Version
from sujin.knowledge.models.conversation import API
from sujin.knowledge.transcript import Quoted, Shown, shown
from sujin.platform.refusal import Refusal
from sujin.platform.ui.request import AnyRequest
from sujin.platform.ui.time import BANK_ZONE

Answered = dict[str, Any]
Body = Mapping[str, Any]


def _door(answer: Callable[[AnyRequest, Body], tuple[int, Answered]]) -> Any:
    """What every one of them does before and after: strangers refused, refusals told in JSON."""

    @csrf_exempt
    @login_not_required
    def page(request: HttpRequest) -> JsonResponse:
        try:
            refuse_strangers(request, settings.ASSISTANT_TOKEN)
            status, told = answer(cast(AnyRequest, request), body_of(request))
        except Declined as declined:
            return refusal_of(declined)
        except talk.TooOften as refusal:
            return refusal_of(Declined(429, "conversation", str(refusal), _t("请稍后再发")))
        except talk.TooBusy as refusal:
            return refusal_of(Declined(503, "conversation", str(refusal), _t("请稍后再发")))
        except Refusal as refusal:
            return refusal_of(Declined(422, "body", str(refusal), _t("请更正后重发")))
        return JsonResponse(told, status=status)

    return page


@_door
def turns(request: AnyRequest, body: Body) -> tuple[int, Answered]:
    """A question in ``words``, or in ``chosen`` the item of a choice offered (empty: none of
    them). Without ``conversation`` a new one begins."""
    token = string(body, "conversation")
    held = _held(token, request) if token else None
    talk.spend(token, request.at, door=API)
    if "chosen" in body:
        if held is None:
            raise _unknown()
        key = _key_of(held, string(body, "chosen"))
        turn = converse.choose(held, key, at=request.at)
    else:
        words = as_said(string(body, "words"))
        converse.check(words)
        held = held or converse.begin(API, at=request.at)
        found = talk.candidates(words, request.at)
        turn = converse.hear(held, words, found, at=request.at)
    return 201, _told(held, turn, request)


@_door
def verdicts(request: AnyRequest, body: Body) -> tuple[int, Answered]:
    """Whether it helped; when not, the assistant's next turn."""
    held = _held(string(body, "conversation"), request)
    helped = body.get("helped")
    if not isinstance(helped, bool):
        raise Declined(422, "helped", _t("helped 不是 true 或 false"), _t("请更正后重发"))
    talk.spend(held.token, request.at, door=API)
    turn = converse.judge(held, helped=helped, at=request.at)
    return 201, _told(held, turn, request) if turn else {"conversation": held.token}


@_door
def hand_overs(request: AnyRequest, body: Body) -> tuple[int, Answered]:
    """The conversation becomes a case: its number and its code. ``already``: it had become
    one before, and what is sent now is not written down; ``note`` says so."""
    held = _held(string(body, "conversation"), request)
    typed = {name: string(body, name) for name in ("kind", "name", "phone", "more")}
    form = PersonForm(typed)
    if not form.is_valid():
        name, faults = next(iter(form.errors.items()))
        raise Declined(422, name, " ".join(map(str, faults)), _t("请更正这个字段后重发"))
    receipt = hand_over(held, form.given(), at=request.at)
    return 201, {
        "number": receipt.number,
        "code": receipt.code,
        "already": is_known(receipt),
        "note": known_already() if is_known(receipt) else "",
    }


def _held(token: str, request: AnyRequest) -> Conversation:
    held = talk.of_token(token, request.at)
    if held is None:
        raise _unknown()
    return held


def _unknown() -> Declined:
    return Declined(
        404,
        "conversation",
        _t("没有这个对话，或已经过了两小时"),
        _t("请不带 conversation 重新开始"),
    )


def _key_of(held: Conversation, item: str) -> int | None:
    """The version that was offered under this item's code."""
    last = held.turns.order_by("-nth").first()
    offered = Version.objects.filter(pk__in=last.offered if last else [])
    return offered.filter(item__code=item).values_list("pk", flat=True).first()


def _told(held: Conversation, turn: Turn, request: AnyRequest) -> Answered:
    now = next(one for one in shown(held, request.at) if one.turn.pk == turn.pk)
    return {
        "conversation": held.token,
        "turn": turn.nth,
        "act": turn.act,
        "because": turn.because,
        "text": said(turn),
        "answer": _quoted(now.quoted) if now.quoted else None,
        "choices": _choices(now),
        "phone": settings.INSTITUTION_PHONE,
    }


def _choices(now: Shown) -> list[Answered]:
    return [{"item": one.item.code, "title": one.title} for one in now.offered]


def _quoted(quoted: Quoted) -> Answered:
    version = quoted.version
    assert version.valid_to is not None
    return {
        "item": version.item.code,
        "title": version.title,
        "version": version.number,
        "valid_to": localtime(version.valid_to, BANK_ZONE).isoformat(),
        "parts": [
            {"part": part.code, "name": part.name, "text": text} for part, text in quoted.parts
        ],
    }
