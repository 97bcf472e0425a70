"""A case ended by mistake while its decision was on the wire: what arrived has answered it."""

from collections.abc import Callable
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from sujin.complaints import clock, kinds
from sujin.complaints.acts import merge as merging
from sujin.complaints.acts import withdraw as withdrawing
from sujin.complaints.acts.dispatch import CannotDispatch, again, stop
from sujin.complaints.acts.investigate import investigate
from sujin.complaints.acts.merge import CannotMerge, merge, unmerge
from sujin.complaints.acts.pause import restart
from sujin.complaints.acts.receive import receive
from sujin.complaints.acts.reply import CannotReply, send
from sujin.complaints.acts.withdraw import reinstate, withdraw
from sujin.complaints.draft import Draft, PartyDraft
from sujin.complaints.invariants import decided_twice
from sujin.complaints.models import Complaint, Dispatch, Letter
from sujin.engine.sla import State
from sujin.lab.cast import OUTLET_A
from tests.delivery.conftest import Written
from tests.delivery.mailbox import Mailbox
from tests.delivery.test_sending import deliver_with, fresh, queued, refusing, replayed, work

TOO = "手机银行转账五千元一直没有到账，再不处理我就打12378投诉。"
SOON, DAY = timedelta(seconds=20), timedelta(days=1)


Ending = Callable[[Complaint, datetime], None]


def _withdrawal(cast: SimpleNamespace, noon: datetime) -> tuple[Ending, Ending]:
    def end(case: Complaint, at: datetime) -> None:
        withdraw(case, because="客户来电撤回", by=cast.chen_li, at=at)

    def undo(case: Complaint, at: datetime) -> None:
        reinstate(case, because="登记错了", by=cast.chen_li, at=at)

    return end, undo


def _merging(cast: SimpleNamespace, noon: datetime) -> tuple[Ending, Ending]:
    party = PartyDraft(name="张伟", phone="13912345678")
    draft = Draft("counter", TOO, noon, OUTLET_A, parties=(party,))
    into = receive(draft, by=cast.wang_xiuying, at=noon).complaint

    def end(case: Complaint, at: datetime) -> None:
        # As an earlier version did while a decision was on the wire.
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(merging, "_refuse_two_answers", lambda case, target: None)
            merge(case, into=into, because="同一事", by=cast.chen_li, at=at)

    def undo(case: Complaint, at: datetime) -> None:
        unmerge(case, because="不是一件", by=cast.chen_li, at=at)

    return end, undo


ENDINGS = {"withdrawn": _withdrawal, "merged": _merging}


def answer_again(case: Complaint, cast: SimpleNamespace, at: datetime) -> None:
    """The new round: looked into and decided anew, and sent."""
    investigate(case, findings="新账单", fault="pricing", liable="卡部", by=cast.chen_li, at=at)
    work(queued(refusing(case, cast, at), cast.chen_li, at), at)


@pytest.mark.parametrize("ending", ["withdrawn", "merged"])
def test_a_decision_that_arrived_while_the_case_was_ended_by_mistake_has_answered_it(
    cast: SimpleNamespace, written: Written, mailbox: Mailbox, noon: datetime, ending: str
) -> None:
    letter = written()
    case, other = letter.complaint, refusing(letter.complaint, cast, noon)
    end, undo = ENDINGS[ending](cast, noon)
    deliver_with(lambda step: end(case, noon + SOON), queued(letter, cast.chen_li, noon), noon)
    assert not case.entries.of(kinds.Answered).exists()
    undo(case, noon + 40 * DAY)
    row = fresh(letter)
    assert (row.sent_at, row.complaint.answered_at, row.way) == (noon + SOON, noon + SOON, "email")
    assert row.complaint.entries.of(kinds.Answered).get().at == noon + 40 * DAY
    (decision,) = (
        one for one in clock.of(row.complaint, now=noon + 41 * DAY) if one.clock == "decision"
    )
    assert decision.stopped_at == noon + SOON and decision.state is State.MET
    for either in (letter, other):
        with pytest.raises(CannotDispatch, match="已经"):
            queued(either, cast.chen_li, noon + 41 * DAY)
    assert len(mailbox.mails) == 1 and list(decided_twice(noon + 41 * DAY)) == []
    assert replayed(row.complaint)


def test_the_night_finds_a_second_decision_beside_one_that_arrived_unheard(
    cast: SimpleNamespace,
    written: Written,
    mailbox: Mailbox,
    noon: datetime,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The known-bad control: an undoing that does not ask what has arrived meanwhile."""
    monkeypatch.setattr(withdrawing, "catch_up", lambda case, at: None)
    letter = written()
    case, other = letter.complaint, refusing(letter.complaint, cast, noon)
    end, undo = ENDINGS["withdrawn"](cast, noon)
    deliver_with(lambda step: end(case, noon + SOON), queued(letter, cast.chen_li, noon), noon)
    undo(case, noon + DAY)
    assert list(decided_twice(noon + DAY)) == []
    work(queued(other, cast.chen_li, noon + DAY), noon + DAY)
    assert len(mailbox.mails) == 2
    assert [(one.complaint, one.since) for one in decided_twice(noon + DAY)] == [
        (case.pk, noon + SOON)
    ]


def test_what_arrived_before_new_facts_and_is_decided_again_is_no_second_decision(
    cast: SimpleNamespace, written: Written, mailbox: Mailbox, noon: datetime
) -> None:
    letter = written()
    case = letter.complaint

    def new_facts(step: str) -> None:
        restart(case, material_at=noon + SOON, because="新账单", by=cast.chen_li, at=noon + SOON)

    deliver_with(new_facts, queued(letter, cast.chen_li, noon), noon)
    answer_again(case, cast, noon + DAY)
    assert len(mailbox.mails) == 2 and list(decided_twice(noon + DAY)) == []


def test_no_case_is_merged_while_a_decision_of_either_is_on_the_wire(
    cast: SimpleNamespace, written: Written, mailbox: Mailbox, noon: datetime
) -> None:
    letter = written()
    party = PartyDraft(name="张伟", phone="13912345678")
    told = Draft("counter", TOO, noon, OUTLET_A, parties=(party,))
    case, other = letter.complaint, receive(told, by=cast.wang_xiuying, at=noon).complaint
    said: dict[str, Any] = {"because": "同一事", "by": cast.chen_li, "at": noon + SOON}
    dispatch = queued(letter, cast.chen_li, noon)
    for one, into in ((case, other), (other, case)):
        with pytest.raises(CannotMerge, match="答复正在发送"):
            merge(one, into=into, **said)
    # The control: the decision was taken out before anybody tried to send it.
    stop(dispatch, because="先并案", by=cast.chen_li, at=noon)
    merge(other, into=case, **said)


def left_in_doubt(letter: Letter, cast: SimpleNamespace, noon: datetime) -> Dispatch:
    """The server had it and the worker died; the case was withdrawn meanwhile, and is back."""
    case = letter.complaint
    dispatch = queued(letter, cast.chen_li, noon)
    Dispatch.objects.filter(pk=dispatch.pk).update(attempts=1, on_wire_since=noon)
    withdraw(case, because="客户来电撤回", by=cast.chen_li, at=noon + SOON)
    dispatch = work(dispatch, noon + SOON)
    assert (dispatch.state, dispatch.may_have_arrived) == ("stopped", True)
    reinstate(case, because="登记错了", by=cast.chen_li, at=noon + DAY)
    return dispatch


def test_no_other_decision_sets_out_beside_one_that_may_have_arrived_until_somebody_asked(
    cast: SimpleNamespace, written: Written, mailbox: Mailbox, noon: datetime
) -> None:
    letter = written()
    other = refusing(letter.complaint, cast, noon)
    dispatch = left_in_doubt(letter, cast, noon)
    with pytest.raises(CannotDispatch, match="先问清客户"):
        queued(other, cast.chen_li, noon + DAY)
    with pytest.raises(CannotReply, match="先问清客户"):
        send(other, way="letter", proof="EMS 1", by=cast.chen_li, at=noon + DAY)
    # A person who has asked the customer takes it out for good.
    again(dispatch, by=cast.chen_li, at=noon + DAY)
    stop(dispatch, because="客户没有收到", by=cast.chen_li, at=noon + DAY)
    assert work(queued(other, cast.chen_li, noon + DAY), noon + DAY).state == "sent"


def test_what_the_customer_says_to_have_received_is_recorded_as_the_answer(
    cast: SimpleNamespace, written: Written, mailbox: Mailbox, noon: datetime
) -> None:
    letter = written()
    left_in_doubt(letter, cast, noon)
    send(letter, way="letter", proof="客户说已经收到", by=cast.chen_li, at=noon + DAY)
    assert fresh(letter).complaint.answered_at == noon + DAY


def test_a_new_round_is_not_held_up_by_the_doubts_of_the_last_one(
    cast: SimpleNamespace, written: Written, mailbox: Mailbox, noon: datetime
) -> None:
    letter = written()
    left_in_doubt(letter, cast, noon)
    facts: dict[str, Any] = {"material_at": noon + DAY, "because": "新账单", "by": cast.chen_li}
    restart(letter.complaint, **facts, at=noon + DAY)
    answer_again(letter.complaint, cast, noon + DAY)
    assert len(mailbox.mails) == 1
