"""While a letter is on the wire the case stays free, nothing sets out twice, all is recorded."""

import time
from collections.abc import Callable
from datetime import datetime, timedelta
from threading import Event
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from sujin.channels.tracking import words
from sujin.complaints import kinds
from sujin.complaints.acts.annotate import annotate
from sujin.complaints.acts.decide import grant
from sujin.complaints.acts.deliver import deliver
from sujin.complaints.acts.dispatch import CannotDispatch, again, queue, stop
from sujin.complaints.acts.pause import restart
from sujin.complaints.acts.recuse import recuse
from sujin.complaints.acts.reply import send
from sujin.complaints.draft import PartyDraft
from sujin.complaints.models import Complaint, Dispatch, Letter
from sujin.platform import journal
from sujin.platform.acts.organise import system_person
from sujin.platform.delivery import Temporary, smtp
from sujin.platform.models import Notice, Person
from tests.complaints.test_races import committed  # noqa: F401
from tests.conftest import NOON
from tests.delivery.conftest import Settings, Written, approved_letter
from tests.delivery.mailbox import Mailbox
from tests.delivery.test_sending import deliver_with, fresh, queued, refusing, work

BUSY, SOON = "451 busy", 8
WHY = "客户要求改寄"


class Slow:
    """A mail server that has the whole letter and does not say yet whether it takes it."""

    def __init__(self, mailbox: Mailbox) -> None:
        self.reached, self.release = Event(), Event()
        mailbox.say = self._say

    def _say(self, step: str) -> None:
        if step == "data":
            self.reached.set()
            assert self.release.wait(60)


def test_a_slow_mail_server_holds_up_nobody_at_the_case_and_nothing_goes_out_twice(
    *,
    committed: Any,  # noqa: F811
    cast: SimpleNamespace,
    mailbox: Mailbox,
    noon: datetime,
) -> None:
    def planted() -> tuple[Letter, Letter, Dispatch]:
        party = PartyDraft(name="张伟", phone="13912345678", email="zhang.wei@example.com")
        letter = approved_letter(cast, noon, party)
        other = refusing(letter.complaint, cast, noon)
        return letter, other, queued(letter, cast.chen_li, noon)

    letter, other, dispatch = committed(planted).result(30)
    slow = Slow(mailbox)
    sending = committed(lambda: work(dispatch, noon))
    try:
        assert slow.reached.wait(30)
        note = lambda: annotate(letter.complaint, note="客户来电", by=cast.chen_li, at=noon)  # noqa: E731
        committed(note).result(SOON)
        with pytest.raises(Temporary):
            committed(lambda: work(dispatch, noon)).result(SOON)
        with pytest.raises(CannotDispatch, match="正在发送，一分钟内"):
            committed(lambda: stop(dispatch, because=WHY, by=cast.chen_li, at=noon)).result(SOON)
        with pytest.raises(CannotDispatch, match="另一份答复正在发送"):
            committed(lambda: queued(other, cast.chen_li, noon)).result(SOON)
    finally:
        slow.release.set()
    assert sending.result(30).state == "sent"
    assert committed(lambda: work(dispatch, noon)).result(30).attempts == 1
    assert list(mailbox.transmissions.values()) == [1]
    case = committed(lambda: fresh(letter).complaint).result(30)
    found = committed(lambda: case.entries.of(kinds.Answered).count()).result(30)
    assert (found, case.finding) == (1, "upheld")


def test_a_decision_that_was_on_the_wire_when_new_facts_came_is_out_and_answers_nothing(
    cast: SimpleNamespace, written: Written, mailbox: Mailbox, noon: datetime
) -> None:
    letter = written()
    dispatch, later = queued(letter, cast.chen_li, noon), noon + timedelta(seconds=20)

    def meanwhile(step: str) -> None:
        case = Complaint.objects.get(pk=letter.complaint_id)
        restart(case, material_at=later, because="新证据", by=cast.chen_li, at=later)

    deliver_with(meanwhile, dispatch, noon)
    case = fresh(letter).complaint
    out = case.entries.of(kinds.Delivered).get()
    assert out.at == later
    assert case.answered_at is None and not case.entries.of(kinds.Answered).exists()


def put_off(mailbox: Mailbox, dispatch: Dispatch, at: datetime) -> Dispatch:
    """Tried once, and to be tried again."""
    mailbox.say = lambda step: BUSY
    with pytest.raises(Temporary):
        work(dispatch, at)
    mailbox.say = lambda step: None
    return Dispatch.objects.get(pk=dispatch.pk)


def test_what_is_put_off_can_be_taken_out_and_another_answer_set_out(
    cast: SimpleNamespace, written: Written, mailbox: Mailbox, noon: datetime
) -> None:
    letter = written()
    other = refusing(letter.complaint, cast, noon)
    tried = put_off(mailbox, queued(letter, cast.chen_li, noon), noon)
    with pytest.raises(CannotDispatch, match="写明"):
        stop(tried, because=" ", by=cast.chen_li, at=noon)
    stop(tried, because="客户手机13912345678要求改寄", by=cast.shen_qiu, at=noon)
    stopped = fresh(letter).complaint.entries.of(kinds.DispatchStopped).get()
    what = stopped.what()
    assert isinstance(what, kinds.DispatchStopped) and not what.in_doubt
    assert "13912345678" not in str(stopped.data) and "可能已经送到" not in what.sentence()
    for act in journal.reactions_to(stopped.kind):
        act(stopped)
    assert Notice.objects.get(entry=stopped).person == cast.chen_li
    with pytest.raises(CannotDispatch, match="已经有了结果"):
        stop(tried, because=WHY, by=cast.chen_li, at=noon)
    assert work(tried, noon).state == "stopped" and not mailbox.transmissions
    send(other, way="letter", proof="EMS 1", by=cast.chen_li, at=noon)
    assert fresh(other).complaint.finding == "not_upheld"


def test_what_was_taken_out_is_tried_again_under_the_same_identity(
    cast: SimpleNamespace, written: Written, mailbox: Mailbox, noon: datetime
) -> None:
    tried = queued(written(), cast.chen_li, noon)
    stop(tried, because=WHY, by=cast.chen_li, at=noon)
    again(tried, by=cast.chen_li, at=noon)
    assert work(tried, noon).state == "sent" and list(mailbox.mails) == [tried.message_id]


def test_the_docket_says_when_what_was_taken_out_may_have_arrived(
    cast: SimpleNamespace, written: Written, mailbox: Mailbox, noon: datetime
) -> None:
    letter = written()
    dispatch = queued(letter, cast.chen_li, noon)
    with pytest.MonkeyPatch.context() as patch, pytest.raises(RuntimeError):
        patch.setattr("sujin.complaints.acts.deliver._record", died)
        work(dispatch, noon)
    assert len(mailbox.mails) == 1
    stop(dispatch, because=WHY, by=cast.chen_li, at=noon)
    case = fresh(letter).complaint
    what = case.entries.of(kinds.DispatchStopped).get().what()
    assert "可能已经送到" in what.sentence() and Dispatch.objects.get().is_in_doubt


def died(*_given: object) -> None:
    raise RuntimeError("the worker died after the server had accepted")


def test_silence_after_the_last_byte_is_a_doubt_and_a_refusal_before_it_is_none(
    cast: SimpleNamespace, written: Written, mailbox: Mailbox, noon: datetime, settings: Settings
) -> None:
    dispatch = queued(written(), cast.chen_li, noon)
    assert not put_off(mailbox, dispatch, noon).is_in_doubt
    mailbox.say = slowly
    with pytest.MonkeyPatch.context() as patch, pytest.raises(Temporary):
        patch.setattr(smtp, "STEP_SECONDS", 0.3)
        work(dispatch, noon)
    assert Dispatch.objects.get().is_in_doubt
    settings.MAIL_SERVER = None
    with pytest.raises(Temporary):
        work(dispatch, noon)
    assert Dispatch.objects.get().is_in_doubt


def slowly(step: str) -> None:
    """The server takes the letter, and says so when nobody listens any more."""
    if step == "data":
        time.sleep(0.6)


def told_to_customer(case: Complaint, customer: Person) -> str:
    return "".join(step.words for step in words.steps(case, customer=customer))


def test_the_customer_hears_of_what_failed_and_not_of_what_was_kept_back(
    cast: SimpleNamespace, written: Written, mailbox: Mailbox, noon: datetime
) -> None:
    letter = written()
    dispatch, case = queued(letter, cast.chen_li, noon), letter.complaint
    stop(dispatch, because=WHY, by=cast.chen_li, at=noon)
    again(dispatch, by=cast.chen_li, at=noon)
    later = noon + timedelta(minutes=1)
    restart(case, material_at=later, because="新证据", by=cast.chen_li, at=later)
    assert work(dispatch, later).state == "stopped"
    assert "送到" not in told_to_customer(fresh(letter).complaint, cast.wang_xiuying)


def test_a_wire_taken_away_fails_nobody(
    cast: SimpleNamespace, written: Written, mailbox: Mailbox, noon: datetime, settings: Settings
) -> None:
    letter = written()
    dispatch = queued(letter, cast.chen_li, noon)
    settings.MAIL_SERVER = None
    assert work(dispatch, noon + timedelta(hours=25)).state == "stopped"
    assert "送到" not in told_to_customer(fresh(letter).complaint, cast.wang_xiuying)


def test_the_customer_hears_that_it_did_not_arrive_or_may_not_have(
    cast: SimpleNamespace, written: Written, mailbox: Mailbox, noon: datetime
) -> None:
    letter = written()
    dispatch = queued(letter, cast.chen_li, noon)
    mailbox.say = lambda step: "550 no such user"
    assert work(dispatch, noon).state == "failed"
    heard = told_to_customer(fresh(letter).complaint, cast.wang_xiuying)
    assert "邮件没有送到" in heard
    again(dispatch, by=cast.chen_li, at=noon)
    Dispatch.objects.update(may_have_arrived=True)
    assert work(dispatch, noon).state == "failed"
    heard = told_to_customer(fresh(letter).complaint, cast.wang_xiuying)
    assert "邮件可能没有送到" in heard


def test_a_letter_queued_before_its_sender_stood_aside_still_goes(
    cast: SimpleNamespace, written: Written, mailbox: Mailbox, noon: datetime
) -> None:
    letter = written()
    dispatch = queued(letter, cast.shen_qiu, noon)
    recuse(letter.complaint, person=cast.shen_qiu, because="亲属", by=cast.shen_qiu, at=noon)
    with pytest.raises(Exception, match="须回避"):
        stop(dispatch, because=WHY, by=cast.shen_qiu, at=noon)
    assert work(dispatch, noon).state == "sent"


def test_the_letters_page_takes_it_out(
    cast: SimpleNamespace,
    written: Written,
    signed_in: Callable[[Person], Client],
    monkeypatch: pytest.MonkeyPatch,
    mailbox: Mailbox,
) -> None:
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOON)
    letter, client = written(), signed_in(cast.chen_li)
    dispatch = put_off(mailbox, queued(letter, cast.chen_li, NOON), NOON)
    Dispatch.objects.update(may_have_arrived=True)
    page = client.get(letter.get_absolute_url()).content.decode()
    address = reverse(
        "complaints:delivery_stop", args=[letter.complaint.number, letter.pk, dispatch.pk]
    )
    assert address in page and "登记送达" not in page
    assert client.post(address, {"because": ""}).status_code == 422
    assert client.post(address, {"because": WHY}).status_code == 302
    page = client.get(letter.get_absolute_url()).content.decode()
    assert "已停止发送" in page and "客户可能已经收到" in page and "登记送达" in page
    assert client.post(address, {"because": WHY}).status_code == 422
    gone = reverse("complaints:delivery_stop", args=[letter.complaint.number, letter.pk, 0])
    assert client.post(gone, {"because": WHY}).status_code == 404


def test_a_typed_address_is_agreed_to_only_while_nothing_else_is_under_way(
    cast: SimpleNamespace, written: Written, mailbox: Mailbox, noon: datetime
) -> None:
    letter = written()
    other = refusing(letter.complaint, cast, noon)
    queue(letter, way="email", typed="wei@example.org", by=cast.chen_li, at=noon)
    queued(other, cast.chen_li, noon)
    with pytest.raises(CannotDispatch, match="另一份答复正在发送"):
        grant(letter.complaint.approvals.waiting().get(), words="", by=cast.zhou_tao, at=noon)


def test_one_that_was_given_up_by_mistake_and_accepted_is_recorded(
    cast: SimpleNamespace, written: Written, mailbox: Mailbox, noon: datetime
) -> None:
    """The lease was lost with the database session, somebody else took it out, and it is out."""
    letter = written()
    dispatch = queued(letter, cast.chen_li, noon)

    def meanwhile(step: str) -> None:
        stop(Dispatch.objects.get(), because=WHY, by=cast.chen_li, at=noon)

    deliver_with(meanwhile, dispatch, noon)
    assert fresh(letter).complaint.entries.of(kinds.Answered).count() == 1
    deliver(dispatch, by=system_person(), at=noon)
    assert list(mailbox.transmissions.values()) == [1]
