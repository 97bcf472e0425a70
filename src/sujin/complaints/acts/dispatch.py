"""Send an approved letter by wire: queued with its job, sent by the worker, recorded with proof.

A wire cannot be asked afterwards whether it delivered. So a letter is marked as sent only after the
other side has accepted it; whoever dies in between sends it again, under the same Message-ID.
"""

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _t
from procrastinate.contrib.django import app

from sujin.complaints import envelope, kinds
from sujin.complaints.acts.ask import ask
from sujin.complaints.acts.reply import CannotReply, held_letter, refuse_stale, told
from sujin.complaints.models import Complaint, Dispatch, Letter
from sujin.complaints.models.dispatch import ADDRESSES, WAYS
from sujin.engine.text import redact
from sujin.platform.delivery import Refused, Temporary
from sujin.platform.delivery.mail import NotAnAddress, checked
from sujin.platform.models import Person
from sujin.platform.refusal import Refusal

ACT = "dispatch"
DELIVER = "sujin.complaints.jobs.deliver"
# Longer, and the customer is better served by post or telephone: a day of the house.
PATIENCE = timedelta(hours=24)


class CannotDispatch(Refusal):
    """The letter cannot be sent like this; the message says what to do instead."""


@transaction.atomic
def queue(
    letter: Letter, *, way: str, party: int | None = None, typed: str = "", by: Person, at: datetime
) -> Dispatch:
    """Put the letter into the outbox, to the address a party gave or, after a second pair of eyes,
    to one the handler typed. Its job commits with it."""
    held = held_letter(letter)
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
    asked = Dispatch.objects.select_related("letter").get(pk=dispatch)
    held = held_letter(asked.letter)
    _refuse_unready(held, asked.way)
    asked.letter = held
    _release(asked, case, by=asked.queued_by, at=at)


@transaction.atomic
def again(dispatch: Dispatch, *, by: Person, at: datetime) -> None:
    """Try once more what was given up, under the same identity: it may have arrived after all."""
    held = held_letter(dispatch.letter)
    tried = Dispatch.objects.get(pk=dispatch.pk, letter=held)
    if tried.state != "failed":
        raise CannotDispatch(_t("这一次发送还没有失败"))
    _refuse_unready(held, tried.way)
    tried.given_up_at, tried.queued_at, tried.queued_by = None, at, by
    tried.letter = held
    tried.save(update_fields=["given_up_at", "queued_at", "queued_by"])
    _release(tried, held.complaint, by=by, at=at, again=True)


def deliver(dispatch: Dispatch, *, by: Person, at: datetime) -> None:
    """Send it and record the answer; one that is over is left alone, so a retry does no harm.

    Raises Temporary when it has to be tried again.
    """
    # Committed before anything is sent: an attempt that dies leaves a trace of itself.
    Dispatch.objects.filter(pk=dispatch.pk).update(attempts=F("attempts") + 1)
    with transaction.atomic():
        # Held while it is sent: a second worker, or another decision, waits here and then finds
        # it over.
        letter = held_letter(Letter.objects.get(dispatches=dispatch.pk))
        held = Dispatch.objects.select_for_update(of=("self",)).get(pk=dispatch.pk)
        held.letter = letter
        failure = None if held.is_over else _try(held, by, at)
    if failure:
        raise failure


def _try(dispatch: Dispatch, by: Person, at: datetime) -> Temporary | None:
    """One attempt; what keeps it from being the last."""
    obsolete = _obsolete(dispatch.letter)
    if obsolete:
        _give_up(dispatch, obsolete, by, at)
        return None
    try:
        answer = envelope.put_out(dispatch)
    except Refused as refused:
        _give_up(dispatch, str(refused), by, at)
    except Temporary as failure:
        return _postpone(dispatch, failure, by, at)
    else:
        _record(dispatch, answer, by, at)
    return None


def _obsolete(letter: Letter) -> str:
    """Why it must not go out any more, whatever was so when it was queued; empty if it may."""
    if letter.is_sent or not letter.complaint.is_open:
        return _t("已经用别的方式送达，或已经办结")
    try:
        refuse_stale(letter)
    except CannotReply as refusal:
        return str(refusal)
    return ""


def _record(dispatch: Dispatch, answer: str, by: Person, at: datetime) -> None:
    """It is out: the receipt, the docket and the answer to the customer, or none of them."""
    dispatch.sent_at, dispatch.receipt, dispatch.last_error = at, _said(dispatch, answer), ""
    dispatch.save(update_fields=["sent_at", "receipt", "last_error"])
    held = held_letter(dispatch.letter)
    case = held.complaint
    out = kinds.Delivered(
        **_sending(dispatch), message_id=dispatch.message_id, receipt=dispatch.receipt
    )
    case.write(out, by=by, at=at)
    # Closed or answered while it was on the wire: then it is out and nothing else has changed.
    if case.is_open and not held.is_sent:
        proof = f"{dispatch.message_id} {dispatch.receipt}"
        told(held, way=dispatch.way, proof=proof, by=dispatch.queued_by, at=at)


def _postpone(dispatch: Dispatch, failure: Temporary, by: Person, at: datetime) -> Temporary | None:
    if at - dispatch.queued_at > PATIENCE:
        _give_up(dispatch, _t("一天之内没有发出：%(said)s") % {"said": failure}, by, at)
        return None
    dispatch.last_error = _said(dispatch, str(failure))
    dispatch.save(update_fields=["last_error"])
    return failure


def _give_up(dispatch: Dispatch, because: str, by: Person, at: datetime) -> None:
    dispatch.given_up_at, dispatch.last_error = at, _said(dispatch, because)
    dispatch.save(update_fields=["given_up_at", "last_error"])
    case = held_letter(dispatch.letter).complaint
    failed = kinds.DeliveryFailed(**_sending(dispatch), because=dispatch.last_error)
    case.write(failed, by=by, at=at)


def _release(
    dispatch: Dispatch, case: Complaint, *, by: Person, at: datetime, again: bool = False
) -> None:
    """From here on it is on its way: the row, the entry and the job commit together."""
    dispatch.released_at = at
    dispatch.save(update_fields=["released_at"])
    case.write(kinds.Dispatched(**_sending(dispatch), again=again), by=by, at=at)
    # By name: jobs call acts, so acts must not know their module.
    app.configure_task(DELIVER, queue="delivery").defer(dispatch=dispatch.pk)


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
    except CannotReply as refusal:
        raise CannotDispatch(str(refusal)) from None
    if letter.dispatches.under_way().exists():
        raise CannotDispatch(_t("正在发送，请等发送结果；发送失败后可以换一种方式"))


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


def _sending(dispatch: Dispatch) -> dict[str, Any]:
    return {
        "dispatch": dispatch.pk,
        "letter": dispatch.letter_id,
        "way": dispatch.way,
        "to": dispatch.shown,
    }


def _said(dispatch: Dispatch, words: str) -> str:
    """What the other side said, without the address it may repeat."""
    return redact(words.replace(dispatch.address, dispatch.shown)).text[:120]
