"""The outbox: an approved letter is put in with its job, tried again, or taken out.

``deliver`` empties it.
"""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _t

from sujin.complaints import envelope, kinds
from sujin.complaints.acts.ask import ask
from sujin.complaints.acts.claim import refuse_recused
from sujin.complaints.acts.reply import CannotReply, held_letter, refuse_stale, refuse_under_way
from sujin.complaints.models import Complaint, Dispatch, Letter
from sujin.complaints.models.dispatch import ADDRESSES, WAYS
from sujin.engine.text import redact
from sujin.platform.delivery.mail import NotAnAddress, checked
from sujin.platform.lease import lease
from sujin.platform.models import Person
from sujin.platform.queue import job_of
from sujin.platform.refusal import Refusal

ACT = "dispatch"
DELIVER = "sujin.complaints.jobs.deliver"


class CannotDispatch(Refusal):
    """The letter cannot be sent like this; the message says what to do instead."""


@transaction.atomic
def queue(
    letter: Letter, *, way: str, party: int | None = None, typed: str = "", by: Person, at: datetime
) -> Dispatch:
    """Put the letter into the outbox, to the address a party gave or, after a second pair of eyes,
    to one the handler typed. Its job commits with it."""
    held = held_letter(letter)
    refuse_recused(held.complaint, by)
    _refuse_unready(held, way)
    address = _checked(way, typed) if typed else _address(held.complaint, way, party)
    dispatch = Dispatch.objects.create(
        letter=held,
        way=way,
        address=address,
        is_typed=bool(typed),
        message_id=envelope.identity(held.pk, held.dispatches.count() + 1),
        queued_by=by,
        queued_at=at,
    )
    if typed:
        _ask(dispatch, held, by, at)
    else:
        _release(dispatch, held.complaint, by=by, at=at)
    return dispatch


def agree(case: Complaint, *, dispatch: int, because: str, by: Person, at: datetime) -> None:
    """A second pair of eyes agreed to the typed address."""
    asked = held_dispatch(Dispatch(pk=dispatch))
    refuse_recused(asked.letter.complaint, by)
    _refuse_unready(asked.letter, asked.way)
    _release(asked, case, by=asked.queued_by, at=at)


@transaction.atomic
def again(dispatch: Dispatch, *, by: Person, at: datetime) -> None:
    """Try once more what was given up, under the same identity: it may have arrived after all."""
    tried = held_dispatch(dispatch)
    case = tried.letter.complaint
    refuse_recused(case, by)
    if tried.given_up_at is None:
        raise CannotDispatch(_t("这一次发送还没有失败"))
    _refuse_unready(tried.letter, tried.way)
    tried.given_up_at, tried.is_stopped, tried.queued_at, tried.queued_by = None, False, at, by
    tried.save(update_fields=["given_up_at", "is_stopped", "queued_at", "queued_by"])
    _release(tried, case, by=by, at=at, again=True)


def stop(dispatch: Dispatch, *, because: str, by: Person, at: datetime) -> None:
    """Take it out of the outbox, so that another way, or another answer, may be used. What an
    attempt has brought to the customer all the same is not undone by it, and the docket says so."""
    # Somebody is talking to the server at this moment: it will have said something soon.
    with lease(turn(dispatch)) as is_free:
        if not is_free:
            raise CannotDispatch(_t("正在发送，一分钟内有结果，请稍后再看"))
        _stop(dispatch, because, by, at)


@transaction.atomic
def _stop(dispatch: Dispatch, because: str, by: Person, at: datetime) -> None:
    held = held_dispatch(dispatch)
    refuse_recused(held.letter.complaint, by)
    if held.state != "waiting":
        raise CannotDispatch(_t("这一次发送已经有了结果，或还没有排入发送"))
    if not because.strip():
        raise CannotDispatch(_t("请写明为什么停止发送"))
    keep_back(held, because.strip(), by=by, at=at)


def keep_back(held: Dispatch, because: str, *, by: Person, at: datetime) -> None:
    """It does not go out any more, although nothing has failed: the customer need not know."""
    held.may_have_arrived, held.on_wire_since = held.is_in_doubt, None
    held.given_up_at, held.is_stopped, held.last_error = at, True, said(held, because)
    held.save()
    stopped = kinds.DispatchStopped(
        **sending(held), because=held.last_error, in_doubt=held.may_have_arrived
    )
    held.letter.complaint.write(stopped, by=by, at=at)


def turn(dispatch: Dispatch) -> str:
    """Whose holder alone may send it, or take it out."""
    return f"dispatch {dispatch.pk}"


def held_dispatch(dispatch: Dispatch) -> Dispatch:
    """It, its letter and its case as they are now, held until the transaction ends: the case
    first."""
    letter = held_letter(Letter.objects.get(dispatches=dispatch.pk))
    held = Dispatch.objects.select_for_update(of=("self",)).get(pk=dispatch.pk)
    held.letter = letter
    return held


def _release(
    dispatch: Dispatch, case: Complaint, *, by: Person, at: datetime, again: bool = False
) -> None:
    """From here on it is on its way: the row, the entry and the job commit together."""
    dispatch.released_at = at
    dispatch.save(update_fields=["released_at"])
    case.write(kinds.Dispatched(**sending(dispatch), again=again), by=by, at=at)
    # By name: jobs call acts, so acts must not know their module.
    job_of(DELIVER, queue="delivery").defer(dispatch=dispatch.pk)


def _ask(dispatch: Dispatch, letter: Letter, by: Person, at: datetime) -> None:
    said = {"way": WAYS[dispatch.way], "to": dispatch.shown}
    ask(
        letter.complaint,
        ACT,
        {"dispatch": dispatch.pk},
        what=_t("把信函用%(way)s发到手工填写的地址") % said,
        because=_t("客户资料里没有的地址：%(to)s") % said,
        approvers=["four_eyes"],
        by=by,
        at=at,
    )


def _refuse_unready(letter: Letter, way: str) -> None:
    if way not in envelope.ways():
        raise CannotDispatch(_t("本机构没有配置这种发送方式，请用别的方式送达"))
    if not letter.is_approved:
        raise CannotDispatch(_t("须先经他人复核"))
    if letter.is_sent:
        raise CannotDispatch(_t("已经送达"))
    if not letter.complaint.is_open:
        raise CannotDispatch(_t("已经结束"))
    try:
        refuse_stale(letter)
        refuse_under_way(letter)
    except CannotReply as refusal:
        raise CannotDispatch(str(refusal)) from None


def _address(case: Complaint, way: str, party: int | None) -> str:
    found = case.parties.filter(pk=party or 0).first()
    address = str(getattr(found, ADDRESSES[way], ""))
    if not address:
        raise CannotDispatch(_t("客户没有留下这种地址，请手工填写，经他人复核后发送"))
    return address


def _checked(way: str, typed: str) -> str:
    if way == "email":
        try:
            return checked(typed)
        except NotAnAddress:
            raise CannotDispatch(_t("邮箱地址写得不对，应像 name@example.com")) from None
    number = typed.strip().replace(" ", "").replace("-", "")
    if not (number.removeprefix("+").isascii() and number.removeprefix("+").isdigit()):
        raise CannotDispatch(_t("手机号只能是数字"))
    return number


def sending(dispatch: Dispatch) -> dict[str, Any]:
    return {
        "dispatch": dispatch.pk,
        "letter": dispatch.letter_id,
        "way": dispatch.way,
        "to": dispatch.shown,
    }


def said(dispatch: Dispatch, words: str) -> str:
    """What the other side said, without the address it may repeat."""
    return redact(words.replace(dispatch.address, dispatch.shown)).text[:120]
