"""A letter leaves by wire: accepted, put off, refused; and everybody who must know is told."""

import io
import socket
import ssl
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

import pypdfium2 as pdfium
import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from procrastinate.contrib.django.models import ProcrastinateJob

from sujin.channels.tracking import words
from sujin.complaints import kinds
from sujin.complaints.acts.close import call_back
from sujin.complaints.acts.decide import grant, refuse
from sujin.complaints.acts.deliver import deliver
from sujin.complaints.acts.dispatch import CannotDispatch, again, queue
from sujin.complaints.acts.reply import CannotReply, draft, revise, send, submit
from sujin.complaints.acts.withdraw import withdraw
from sujin.complaints.models import Complaint, Dispatch, Letter
from sujin.config.checks import sealed_wires
from sujin.config.env import Env, Misconfigured, Mode
from sujin.config.wires import in_the_clear, mail_server, sms_gateway
from sujin.platform import journal
from sujin.platform.acts.organise import system_person
from sujin.platform.delivery import Temporary, sms, smtp
from sujin.platform.delivery.smtp import Server, Tls
from sujin.platform.models import Notice, Person
from tests.conftest import NOON
from tests.delivery.conftest import Settings, Written
from tests.delivery.mailbox import Mailbox, Phones, open_mailbox
from tests.delivery.wording import BODY


def queued(letter: Letter, by: Person, at: datetime, way: str = "email") -> Dispatch:
    return queue(letter, way=way, party=letter.complaint.parties.get().pk, by=by, at=at)


def work(dispatch: Dispatch, at: datetime) -> Dispatch:
    """What the worker does with the job."""
    deliver(Dispatch(pk=dispatch.pk), by=system_person(), at=at)
    return Dispatch.objects.get(pk=dispatch.pk)


def fresh(letter: Letter) -> Letter:
    return Letter.objects.select_related("complaint").get(pk=letter.pk)


def replayed(case: Complaint) -> bool:
    """The docket gives the row; JSON and arrays know lists where kinds say tuples."""
    state = case.replay()
    return all(
        getattr(case, name) == (list(value) if isinstance(value, tuple) else value)
        for name, value in state.items()
    )


def test_the_customer_receives_the_letter_and_the_docket_has_the_proof(
    cast: SimpleNamespace, written: Written, mailbox: Mailbox, noon: datetime
) -> None:
    letter = written()
    dispatch = queued(letter, cast.chen_li, noon)
    job = ProcrastinateJob.objects.get(task_name="sujin.complaints.jobs.deliver")
    assert job.args == {"dispatch": dispatch.pk}
    sent = work(dispatch, noon)
    assert (sent.state, sent.attempts, sent.receipt) == ("sent", 1, "250 2.0.0 queued as Q1")
    row = fresh(letter)
    assert (row.is_sent, row.way, row.sent_by) == (True, "email", cast.chen_li)
    answered = row.complaint.entries.of(kinds.Answered).get().what()
    assert isinstance(answered, kinds.Answered)
    assert dispatch.message_id in answered.proof and "queued as Q1" in answered.proof
    out = row.complaint.entries.of(kinds.Delivered).get()
    assert "z***@example.com" in out.what().sentence() and "zhang" not in str(out.data)
    assert replayed(row.complaint)
    shown = [step.words for step in words.steps(row.complaint, customer=cast.wang_xiuying)]
    assert "我们把书面答复发给了您（邮件）。" in shown
    assert work(dispatch, noon).attempts == 1 and sum(mailbox.transmissions.values()) == 1


def test_the_mail_reads_as_the_letter_and_its_subject_names_nobody(
    cast: SimpleNamespace, written: Written, mailbox: Mailbox, noon: datetime
) -> None:
    letter = written()
    work(queued(letter, cast.chen_li, noon), noon)
    (mail,) = mailbox.mails.values()
    assert mail["Subject"] == f"关于 {letter.complaint.number} 的处理答复"
    assert "complaints@bank.example" in mail["From"] and "诉金示范银行" in mail["From"]
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["Date"].datetime == noon
    assert mail["Message-ID"].endswith("@bank.example>")
    text, page = mail.get_body(("plain",)), mail.get_body(("html",))
    assert text is not None and page is not None
    assert "张伟：" in text.get_content() and "退还年费300元" in text.get_content()
    assert "<h2>处理决定</h2>" in page.get_content()
    assert "&lt;b&gt;不是标记" in page.get_content()
    (paper,) = mail.iter_attachments()
    assert paper.get_filename() == f"{letter.complaint.number}.pdf"
    pdf = pdfium.PdfDocument(io.BytesIO(paper.get_content()))
    assert "张伟" in pdf[0].get_textpage().get_text_range()


def test_a_busy_server_is_asked_again_under_the_same_identity(
    cast: SimpleNamespace, written: Written, mailbox: Mailbox, noon: datetime
) -> None:
    dispatch = queued(written(), cast.chen_li, noon)
    said = iter(["451 try zhang.wei@example.com later", "452 full"])
    mailbox.say = lambda step: next(said, None)
    for busy in ("451 try z***@example.com later", "452 full"):
        # What deliver commits before it raises, the test's own transaction must not take back.
        with pytest.raises(Temporary):
            work(dispatch, noon)
        row = Dispatch.objects.get(pk=dispatch.pk)
        assert (row.state, row.last_error) == ("waiting", busy)
    done = work(dispatch, noon)
    assert (done.state, done.attempts, done.last_error) == ("sent", 3, "")
    assert list(mailbox.mails) == [dispatch.message_id]


@pytest.mark.parametrize("step", ["rcpt", "data"])
def test_a_refused_address_comes_back_to_the_handler_who_can_send_it_another_way(
    cast: SimpleNamespace, written: Written, mailbox: Mailbox, noon: datetime, step: str
) -> None:
    letter = written()
    dispatch = queued(letter, cast.chen_li, noon)
    mailbox.say = lambda at: "550 no such user" if at == step else None
    failed = work(dispatch, noon)
    assert (failed.state, failed.last_error) == ("failed", "550 no such user")
    case = fresh(letter).complaint
    came_back = case.entries.of(kinds.DeliveryFailed).get()
    for act in journal.reactions_to(came_back.kind):
        act(came_back)
    assert Notice.objects.filter(entry=came_back, urgent=True).get().person == cast.chen_li
    assert not case.entries.of(kinds.Answered).exists() and not mailbox.mails
    send(letter, way="letter", proof="EMS 1", by=cast.chen_li, at=noon)
    assert fresh(letter).way == "letter"
    with pytest.raises(CannotDispatch, match="已经送达"):
        again(failed, by=cast.chen_li, at=noon)


def test_what_came_back_is_tried_again_under_the_same_identity(
    cast: SimpleNamespace, written: Written, mailbox: Mailbox, noon: datetime
) -> None:
    letter = written()
    dispatch = queued(letter, cast.chen_li, noon)
    mailbox.say = lambda step: "550 over quota"
    work(dispatch, noon)
    mailbox.say = lambda step: None
    again(dispatch, by=cast.shen_qiu, at=noon)
    assert work(dispatch, noon).state == "sent"
    assert list(mailbox.mails) == [dispatch.message_id]
    assert fresh(letter).complaint.entries.of(kinds.Dispatched).count() == 2
    assert fresh(letter).sent_by == cast.shen_qiu


def test_an_address_written_wrong_at_the_counter_is_refused_before_anybody_is_asked(
    cast: SimpleNamespace, written: Written, mailbox: Mailbox, noon: datetime
) -> None:
    letter = written(email="zhang.wei＠example")
    assert work(queued(letter, cast.chen_li, noon), noon).state == "failed"
    with pytest.raises(CannotDispatch, match="写得不对"):
        queue(letter, way="email", typed="zhang wei@example.com", by=cast.chen_li, at=noon)
    assert not mailbox.transmissions


def test_an_address_typed_by_hand_is_read_by_somebody_else_first(
    cast: SimpleNamespace, written: Written, mailbox: Mailbox, noon: datetime
) -> None:
    letter = written(email="")
    with pytest.raises(CannotDispatch, match="没有留下"):
        queued(letter, cast.chen_li, noon)
    typed = queue(letter, way="email", typed="wei@example.org", by=cast.chen_li, at=noon)
    assert typed.state == "asked"
    assert not ProcrastinateJob.objects.filter(task_name="sujin.complaints.jobs.deliver").exists()
    request = letter.complaint.approvals.waiting().get()
    assert "wei@" not in f"{request.data} {request.title} {request.because}"
    refuse(request, words="不是客户的邮箱", by=cast.zhou_tao, at=noon)
    other = queue(letter, way="email", typed="zw@example.org", by=cast.chen_li, at=noon)
    assert other.message_id != typed.message_id
    grant(letter.complaint.approvals.waiting().get(), words="", by=cast.zhou_tao, at=noon)
    assert work(other, noon).state == "sent"
    assert [mail["To"] for mail in mailbox.mails.values()] == ["zw@example.org"]


def test_one_letter_is_on_one_way_at_a_time(
    cast: SimpleNamespace, written: Written, mailbox: Mailbox, phones: Phones, noon: datetime
) -> None:
    letter = written()
    dispatch = queued(letter, cast.chen_li, noon)
    with pytest.raises(CannotDispatch, match="正在发送"):
        queued(letter, cast.chen_li, noon, way="sms")
    with pytest.raises(CannotReply, match="正在发送"):
        send(letter, way="letter", proof="EMS 1", by=cast.chen_li, at=noon)
    twin = Dispatch.objects.get(pk=dispatch.pk)
    twin.pk, twin.message_id = None, "<other@bank.example>"
    with pytest.raises(IntegrityError, match="under_way"), transaction.atomic():
        twin.save()
    rows = Dispatch.objects.filter(pk=dispatch.pk)
    with pytest.raises(IntegrityError, match="receipt"), transaction.atomic():
        rows.update(sent_at=noon)


def test_what_was_withdrawn_in_the_meantime_is_not_sent(
    cast: SimpleNamespace, written: Written, mailbox: Mailbox, noon: datetime
) -> None:
    letter = written()
    dispatch = queued(letter, cast.chen_li, noon)
    withdraw(letter.complaint, because="客户来电撤回", by=cast.chen_li, at=noon)
    assert work(dispatch, noon).state == "stopped"
    assert not mailbox.transmissions


def refusing(case: Complaint, cast: SimpleNamespace, at: datetime) -> Letter:
    """A second answer to the same case, approved too, that decides the other way."""
    letter = draft(Complaint.objects.get(pk=case.pk), kind="decision", by=cast.chen_li, at=at)
    revise(letter, body=BODY.replace("支持您", "不支持您"), by=cast.chen_li, at=at)
    submit(letter, finding="not_upheld", remedy=None, by=cast.chen_li, at=at)
    grant(case.approvals.waiting().get(), words="", by=cast.zhou_tao, at=at)
    return Letter.objects.get(pk=letter.pk)


def kept_back(case: Complaint) -> str:
    """Why the sender was told that it did not leave."""
    stopped = case.entries.of(kinds.DispatchStopped).get().what()
    assert isinstance(stopped, kinds.DispatchStopped)
    return stopped.because


@pytest.fixture
def no_turns() -> Iterator[None]:
    """As in an outbox filled by an earlier version: two decisions of one case are in it."""
    with pytest.MonkeyPatch.context() as patch:
        nothing = "sujin.complaints.acts.dispatch.refuse_under_way"
        patch.setattr(nothing, lambda letter: None)
        patch.setattr("sujin.complaints.acts.reply.refuse_under_way", lambda letter: None)
        yield


@pytest.mark.usefixtures("no_turns")
def test_a_queued_decision_stays_here_when_another_one_was_told_meanwhile(
    cast: SimpleNamespace, written: Written, mailbox: Mailbox, noon: datetime
) -> None:
    letter = written()
    other = refusing(letter.complaint, cast, noon)
    dispatch = queued(letter, cast.chen_li, noon)
    send(other, way="letter", proof="EMS 1", by=cast.chen_li, at=noon)
    assert work(dispatch, noon).state == "stopped"
    case = fresh(letter).complaint
    assert "已经答复过客户" in kept_back(case)
    stopped = case.entries.of(kinds.DispatchStopped).get()
    for act in journal.reactions_to(stopped.kind):
        act(stopped)
    assert Notice.objects.get(entry=stopped, urgent=True).person == cast.chen_li
    assert not mailbox.transmissions
    assert (case.finding, case.entries.of(kinds.Answered).count()) == ("not_upheld", 1)


@pytest.mark.usefixtures("no_turns")
def test_of_two_decisions_in_the_outbox_one_reaches_the_customer(
    cast: SimpleNamespace, written: Written, mailbox: Mailbox, noon: datetime
) -> None:
    letter = written()
    other = refusing(letter.complaint, cast, noon)
    waiting = [queued(one, cast.chen_li, noon) for one in (letter, other)]
    assert [work(one, noon).state for one in waiting] == ["sent", "stopped"]
    assert list(mailbox.transmissions.values()) == [1]
    case = fresh(letter).complaint
    assert (case.finding, case.entries.of(kinds.Answered).count()) == ("upheld", 1)


@pytest.mark.parametrize("attempts", [0, 1])
def test_no_second_decision_sets_out_while_one_is_under_way(
    *,
    cast: SimpleNamespace,
    written: Written,
    mailbox: Mailbox,
    noon: datetime,
    attempts: int,
) -> None:
    letter = written()
    other = refusing(letter.complaint, cast, noon)
    tried = queued(letter, cast.chen_li, noon)
    Dispatch.objects.filter(pk=tried.pk).update(attempts=attempts)
    with pytest.raises(CannotReply, match="另一份答复正在发送"):
        send(other, way="letter", proof="EMS 1", by=cast.chen_li, at=noon)
    with pytest.raises(CannotDispatch, match="另一份答复正在发送"):
        queued(other, cast.chen_li, noon)


def test_a_decision_waits_for_another_that_may_have_arrived_already(
    cast: SimpleNamespace, written: Written, mailbox: Mailbox, noon: datetime
) -> None:
    letter = written()
    other = refusing(letter.complaint, cast, noon)
    tried = queued(letter, cast.chen_li, noon)
    # The worker died at it: nobody knows how far it came.
    Dispatch.objects.filter(pk=tried.pk).update(attempts=1)
    with pytest.raises(CannotReply, match="可能已经送到"):
        send(other, way="letter", proof="EMS 1", by=cast.chen_li, at=noon)
    with pytest.raises(CannotDispatch, match="可能已经送到"):
        queued(other, cast.chen_li, noon)
    assert work(tried, noon).state == "sent"


@pytest.mark.usefixtures("no_turns")
def test_a_decision_drafted_before_a_reopening_does_not_leave_after_it(
    cast: SimpleNamespace, written: Written, mailbox: Mailbox, noon: datetime
) -> None:
    letter = written()
    other = refusing(letter.complaint, cast, noon)
    dispatch = queued(letter, cast.chen_li, noon)
    send(other, way="letter", proof="EMS 1", by=cast.chen_li, at=noon)
    call_back(letter.complaint, satisfied="no", note="不服", by=cast.zhao_min, at=noon)
    assert fresh(letter).complaint.entries.of(kinds.Reopened).exists()
    assert work(dispatch, noon + timedelta(minutes=5)).state == "stopped"
    case = fresh(letter).complaint
    assert "以前起草" in kept_back(case) and not mailbox.transmissions
    assert case.answered_at is None


def test_a_mail_that_left_while_the_case_was_ended_is_on_the_docket_all_the_same(
    cast: SimpleNamespace, written: Written, mailbox: Mailbox, noon: datetime
) -> None:
    letter = written()
    dispatch = queued(letter, cast.chen_li, noon)

    def meanwhile(step: str) -> None:
        """The customer withdraws between our look and the server's answer."""
        Complaint.objects.filter(pk=letter.complaint_id).update(closed_at=noon)

    deliver_with(meanwhile, dispatch, noon)
    assert fresh(letter).complaint.entries.of(kinds.Delivered).count() == 1
    assert not fresh(letter).complaint.entries.of(kinds.Answered).exists()


def deliver_with(meanwhile: Callable[[str], None], dispatch: Dispatch, at: datetime) -> None:
    with pytest.MonkeyPatch.context() as patch:
        real = smtp.send

        def late(server: Server, message: object) -> str:
            answer = real(server, message)  # type: ignore[arg-type]
            meanwhile("data")
            return answer

        patch.setattr(smtp, "send", late)
        assert work(dispatch, at).state == "sent"


@contextmanager
def silent_server(drip: float = 0) -> Iterator[int]:
    """Takes the call and says nothing, or a byte now and then and never a line."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        held: list[socket.socket] = []

        def keep() -> None:
            try:
                while True:
                    caller, _address = listening.accept()
                    held.append(caller)
                    while drip:
                        caller.sendall(b"2")
                        time.sleep(drip)
            except OSError:
                return

        threading.Thread(target=keep, daemon=True).start()
        yield listening.getsockname()[1]
        for one in held:
            one.close()


@pytest.mark.parametrize("drip", [0, 0.05])
def test_a_server_that_keeps_us_waiting_is_left_and_the_letter_kept(
    cast: SimpleNamespace,
    written: Written,
    monkeypatch: pytest.MonkeyPatch,
    drip: float,
) -> None:
    monkeypatch.setattr(smtp, "STEP_SECONDS", 0.4)
    monkeypatch.setattr(smtp, "WHOLE_SECONDS", 0.6)
    with silent_server(drip) as port:
        server = Server("127.0.0.1", port, "c@bank.example", tls=Tls.NO)
        monkeypatch.setattr("django.conf.settings.MAIL_SERVER", server)
        dispatch = queued(written(), cast.chen_li, NOON)
        before = time.monotonic()
        with pytest.raises(Temporary):
            work(dispatch, NOON)
        assert time.monotonic() - before < 3
    assert Dispatch.objects.get().state == "waiting"


def test_a_server_that_is_down_all_day_is_given_up_and_told(
    cast: SimpleNamespace, written: Written, noon: datetime, settings: Settings
) -> None:
    settings.MAIL_SERVER = Server("127.0.0.1", 1, "c@bank.example", tls=Tls.NO)
    dispatch = queued(written(), cast.chen_li, noon)
    with pytest.raises(Temporary):
        work(dispatch, noon + timedelta(hours=23))
    assert Dispatch.objects.get().last_error == "ConnectionRefusedError"
    assert work(dispatch, noon + timedelta(hours=25)).state == "failed"
    assert "一天之内没有发出" in Dispatch.objects.get().last_error


def certificate(folder: Path) -> ssl.SSLContext:
    made = [folder / "key.pem", folder / "cert.pem"]
    command = [
        "openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1",
        "-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1",
        "-keyout", str(made[0]), "-out", str(made[1]),
    ]  # fmt: skip
    subprocess.run(command, check=True, capture_output=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(made[1], made[0])
    return context


def test_a_sealed_line_is_used_only_when_the_certificate_holds(
    cast: SimpleNamespace,
    written: Written,
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    context, box = certificate(tmp_path), Mailbox()
    with open_mailbox(box, tls_context=context, require_starttls=True) as port:
        settings.MAIL_SERVER = Server("127.0.0.1", port, "c@bank.example", tls=Tls.STARTTLS)
        dispatch = queued(written(), cast.chen_li, NOON)
        with pytest.raises(Temporary, match="SSLCert"):
            work(dispatch, NOON)
        assert not box.mails
        monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "cert.pem"))
        assert work(dispatch, NOON).state == "sent"
    assert len(box.mails) == 1


def test_a_text_says_where_to_read_and_nothing_about_the_matter(
    cast: SimpleNamespace, written: Written, phones: Phones, noon: datetime
) -> None:
    letter = written()
    dispatch = queued(letter, cast.chen_li, noon, way="sms")
    assert work(dispatch, noon).receipt == "200 GW-7"
    (text,) = phones.texts.values()
    assert text["to"] == "13912345678" and letter.complaint.number in text["text"]
    assert not any(word in text["text"] for word in ("张", "年费", "信用卡", "300"))
    (asked,) = phones.requests
    assert asked["Idempotency-Key"] == asked["id"] == dispatch.message_id
    assert asked["Authorization"] == "Bearer s3cret"


def test_a_gateway_is_asked_again_refused_for_good_and_never_followed_elsewhere(
    cast: SimpleNamespace, written: Written, phones: Phones, noon: datetime
) -> None:
    dispatch = queued(written(), cast.chen_li, noon, way="sms")
    phones.answers = [(503, {}), (429, {}), (302, {"Location": "http://127.0.0.1:9/"}), (401, {})]
    for status in ("503", "429", "302", "401"):
        with pytest.raises(Temporary, match=status):
            work(dispatch, noon)
    assert work(dispatch, noon).state == "sent"
    other = queued(written(phone="13912345670"), cast.chen_li, noon, way="sms")
    phones.answers = [(422, {})]
    assert work(other, noon).state == "failed"
    assert len(phones.texts) == 1 and len({one["id"] for one in phones.requests}) == 2


def test_a_silent_gateway_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sms, "STEP_SECONDS", 0.3)
    with silent_server() as port:
        with pytest.raises(Temporary):
            sms.send(sms.Gateway(f"http://127.0.0.1:{port}/"), key="<1@x>", to="1", text="x")


def test_the_letters_page_offers_the_ways_there_are_and_says_how_it_stands(
    cast: SimpleNamespace,
    written: Written,
    signed_in: Callable[[Person], Client],
    monkeypatch: pytest.MonkeyPatch,
    mailbox: Mailbox,
) -> None:
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOON)
    letter, client = written(), signed_in(cast.chen_li)
    page = client.get(letter.get_absolute_url()).content.decode()
    assert "发送邮件" in page and "发送短信" not in page and "登记送达" in page
    assert "z***@example.com" in page and "zhang.wei@" not in page
    post = reverse("complaints:delivery", args=[letter.complaint.number, letter.pk, "email"])
    party = letter.complaint.parties.get().pk
    unsure = client.post(post, {"email-to": party})
    assert unsure.status_code == 422
    assert client.post(post, {"email-to": party, "email-sure": "on"}).status_code == 302
    page = client.get(letter.get_absolute_url()).content.decode()
    assert "等待发送" in page and "登记送达" not in page and "发送邮件" not in page
    mailbox.say = lambda step: "550 no such user"
    work(Dispatch.objects.get(), NOON)
    page = client.get(letter.get_absolute_url()).content.decode()
    assert "失败" in page and "550 no such user" in page and "再试" in page
    retry = reverse(
        "complaints:delivery_again",
        args=[letter.complaint.number, letter.pk, Dispatch.objects.get().pk],
    )
    assert client.post(retry).status_code == 302
    mailbox.say = lambda step: None
    work(Dispatch.objects.get(), NOON)
    page = client.get(letter.get_absolute_url()).content.decode()
    assert "已发送" in page and "再试" not in page
    monkeypatch.setattr("django.conf.settings.MAIL_SERVER", None)
    page = client.get(written(phone="13912345670").get_absolute_url()).content.decode()
    assert "登记送达" in page and "发送邮件" not in page
    assert client.post(post, {"email-to": party, "email-sure": "on"}).status_code == 404


def test_the_page_asks_as_often_for_ten_attempts_as_for_one(
    cast: SimpleNamespace,
    written: Written,
    noon: datetime,
    signed_in: Callable[[Person], Client],
    mailbox: Mailbox,
) -> None:
    letter, client = written(), signed_in(cast.chen_li)
    one = queries(client, letter)
    mailbox.say = lambda step: "550 no"
    for _nth in range(10):
        work(queued(letter, cast.chen_li, noon), noon)
    assert queries(client, letter) == one


def queries(client: Client, letter: Letter) -> int:
    client.get(letter.get_absolute_url())
    with CaptureQueriesContext(connection) as asked:
        client.get(letter.get_absolute_url())
    return len(asked)


def test_settings_are_read_typed_and_the_open_line_is_refused_beyond_this_machine(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    given = {"SUJIN_SMTP_HOST": "mail.bank.example", "SUJIN_MAIL_FROM": "c@bank.example"}
    assert mail_server(Env({})) is None and sms_gateway(Env({})) is None
    server = mail_server(Env(given))
    assert server is not None and (server.port, server.tls) == (587, Tls.STARTTLS)
    assert not in_the_clear(server, None)
    plain = mail_server(Env({**given, "SUJIN_SMTP_TLS": "no"}))
    gateway = sms_gateway(Env({"SUJIN_SMS_URL": "http://sms.example/send"}))
    assert in_the_clear(plain, gateway) == ["SUJIN_SMTP_TLS", "SUJIN_SMS_URL"]
    near = mail_server(Env({**given, "SUJIN_SMTP_TLS": "no", "SUJIN_SMTP_HOST": "127.0.0.1"}))
    assert not in_the_clear(near, sms_gateway(Env({"SUJIN_SMS_URL": "https://sms.example"})))
    for wrong in ({"SUJIN_MAIL_FROM": ""}, {"SUJIN_SMTP_TLS": "maybe"}, {"SUJIN_SMTP_PORT": "x"}):
        with pytest.raises(Misconfigured):
            mail_server(Env({**given, **wrong}))
    with pytest.raises(Misconfigured):
        sms_gateway(Env({"SUJIN_SMS_URL": "sms.example"}))
    monkeypatch.setattr("django.conf.settings.MAIL_SERVER", plain)
    assert not sealed_wires(None)
    monkeypatch.setattr("django.conf.settings.MODE", Mode.PRODUCTION)
    (open_line,) = sealed_wires(None)
    assert "SUJIN_SMTP_TLS" in open_line.msg
    assert "hush" not in repr(mail_server(Env({**given, "SUJIN_SMTP_PASSWORD": "hush"})))
