"""The worker takes a letter from the outbox, sends it, and writes down what the other side said.

A wire cannot be asked afterwards whether it delivered. So a letter is marked as sent only after the
other side has accepted it; whoever dies in between sends it again, under the same Message-ID.

Three steps, and no lock during the slow one. The attempt is committed before anything is sent, so
one that dies leaves a trace; a lease keeps a second worker away from the same letter, and ends with
the process; what the attempt means to others stands in the row (``under_way``): meanwhile no other
decision of the case sets out. Whatever else has happened to the case when the answer comes, the
docket says that the letter is out.
"""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _t

from sujin.complaints import envelope, kinds
from sujin.complaints.acts.dispatch import held_dispatch, keep_back, said, sending, turn
from sujin.complaints.acts.reply import stale, told
from sujin.complaints.models import Complaint, Dispatch
from sujin.platform.delivery import Refused, Temporary
from sujin.platform.lease import lease
from sujin.platform.models import Person

# Longer, and the customer is better served by post or telephone: a day of the house.
PATIENCE = timedelta(hours=24)


def deliver(dispatch: Dispatch, *, by: Person, at: datetime) -> None:
    """Send it and record the answer; one that is over is left alone, so a retry does no harm.

    A letter goes out although whoever queued it stands aside since then: it was written, approved
    and released by people whom nothing barred, and anybody uninvolved can stop it. Raises
    Temporary when it has to be tried again.
    """
    with lease(turn(dispatch)) as is_ours:
        if not is_ours:
            raise Temporary(_t("正由另一个进程发送"))
        taken = _take(dispatch, by, at)
        failure = _try(taken, by, at) if taken else None
    if failure:
        raise failure


# Durable: were there a transaction around it, the trace of the attempt could vanish with it.
@transaction.atomic(durable=True)
def _take(dispatch: Dispatch, by: Person, at: datetime) -> Dispatch | None:
    """The letter as it goes on the wire, the attempt counted; None when it must not, or is over."""
    held = held_dispatch(dispatch)
    if held.is_over:
        return None
    overtaken = _overtaken(held)
    if overtaken:
        keep_back(held, overtaken, by=by, at=at)
        return None
    # Nobody has heard how the attempt before this one ended.
    held.may_have_arrived = held.is_in_doubt
    held.attempts, held.on_wire_since = held.attempts + 1, at
    held.save(update_fields=["attempts", "on_wire_since", "may_have_arrived"])
    return held


def _try(dispatch: Dispatch, by: Person, at: datetime) -> Temporary | None:
    """One attempt; what keeps it from being the last."""
    try:
        answer = envelope.put_out(dispatch)
    except Refused as refused:
        _fail(dispatch, str(refused), by, at)
    except Temporary as failure:
        return _postpone(dispatch, failure, by, at)
    else:
        _record(dispatch, answer, by, at)
    return None


def _overtaken(dispatch: Dispatch) -> str:
    """Why it must not go out any more, whatever was so when it was queued; empty if it may."""
    letter = dispatch.letter
    if letter.is_sent or not letter.complaint.is_open:
        return _t("已经用别的方式送达，或已经办结")
    others = Dispatch.objects.deciding(letter.complaint).exclude(pk=dispatch.pk)
    if letter.kind == "decision" and others.filter(attempts__gt=0).exists():
        return _t("另一份答复正在发送，可能已经送到")
    return stale(letter)


@transaction.atomic
def _record(dispatch: Dispatch, answer: str, by: Person, at: datetime) -> None:
    """It is out: the receipt, the docket and the answer to the customer, or none of them."""
    held = held_dispatch(dispatch)
    if held.sent_at:
        return
    case = held.letter.complaint
    at = _after_all(case, at)
    # Even if somebody who took us for dead has given it up meanwhile: it is out.
    held.given_up_at, held.is_stopped, held.on_wire_since = None, False, None
    held.sent_at, held.receipt, held.last_error = at, said(held, answer), ""
    held.save()
    out = kinds.Delivered(**sending(held), message_id=held.message_id, receipt=held.receipt)
    case.write(out, by=by, at=at)
    # Ended, answered or begun anew while it was on the wire: then nothing else has changed, until
    # an ending is undone (``catch_up``).
    if case.is_open and not held.letter.is_sent and not stale(held.letter):
        told(held.letter, way=held.way, proof=held.proof, by=held.queued_by, at=at)


def _after_all(case: Complaint, at: datetime) -> datetime:
    """Not before what was written while it was on the wire: a docket does not run backwards."""
    last = case.entries.order_by("-pk").first()
    return max(at, last.at) if last else at


@transaction.atomic
def _postpone(dispatch: Dispatch, failure: Temporary, by: Person, at: datetime) -> Temporary | None:
    held = held_dispatch(dispatch)
    if held.is_over:
        return None
    held.may_have_arrived = held.may_have_arrived or failure.in_doubt
    held.on_wire_since, held.last_error = None, said(held, str(failure))
    held.save(update_fields=["may_have_arrived", "on_wire_since", "last_error"])
    if at - held.queued_at <= PATIENCE:
        return failure
    because = _t("一天之内没有发出：%(said)s") % {"said": failure}
    if isinstance(failure, envelope.NoWay):
        keep_back(held, because, by=by, at=at)
    else:
        _fail(held, because, by, at)
    return None


@transaction.atomic
def _fail(dispatch: Dispatch, because: str, by: Person, at: datetime) -> None:
    """The customer was not reached, and hears so, too."""
    held = held_dispatch(dispatch)
    if held.is_over:
        return
    held.given_up_at, held.on_wire_since, held.last_error = at, None, said(held, because)
    held.save(update_fields=["given_up_at", "on_wire_since", "last_error"])
    failed = kinds.DeliveryFailed(
        **sending(held), because=held.last_error, in_doubt=held.may_have_arrived
    )
    held.letter.complaint.write(failed, by=by, at=at)
