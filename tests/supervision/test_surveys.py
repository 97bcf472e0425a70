"""Whom we ask, how the link gets there, which sample is drawn, and what the answers come to."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from email.message import EmailMessage
from types import SimpleNamespace
from typing import Any

import pytest
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from sujin.complaints import kinds as complaint_kinds
from sujin.complaints.acts.withdraw import WITHDRAWN
from sujin.config.checks import told_from_staff
from sujin.config.env import Env, Misconfigured
from sujin.config.reactions import REACTIONS
from sujin.lab.cast import BRANCH_A, BRANCH_B, OUTLET_A, OUTLET_A_NEXT_DOOR, OUTLET_B
from sujin.platform import reach as reaches
from sujin.platform.acts.organise import system_person
from sujin.platform.delivery import Refused, Temporary, sms, smtp
from sujin.platform.delivery.sms import Gateway
from sujin.platform.delivery.smtp import Server, Tls
from sujin.platform.models import Entry, Org, Person
from sujin.supervision import jobs, survey_figures
from sujin.supervision.acts.draw_sample import CannotDraw, designed, draw_sample, redraw
from sujin.supervision.acts.fill_in import customer, opened
from sujin.supervision.acts.invite import CannotInvite, invite, invite_customer
from sujin.supervision.acts.send_invitation import (
    REMIND,
    SEND,
    expire_invitations,
    queue_reminders,
    queue_sending,
    remind_invitation,
    send_invitation,
)
from sujin.supervision.kinds import survey as kinds
from sujin.supervision.models import AnswerSheet, Invitation, SampleSurvey, Voucher
from tests.supervision.survey_town import ANGRY, CONTENT, DAY, called_back, closed, said

Texts = list[tuple[str, str, str]]


@pytest.fixture
def now(bank: None) -> datetime:
    return timezone.now()


@pytest.fixture
def texts(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Texts:
    """A gateway that takes everything, and what it took: identity, number, words."""
    settings.SMS_GATEWAY = Gateway(url="https://sms.example/send")
    settings.PUBLIC_URL = "https://complaints.example"
    taken: Texts = []

    def send(gateway: Gateway, *, key: str, to: str, text: str) -> str:
        taken.append((key, to, text))
        return "200"

    monkeypatch.setattr(sms, "send", send)
    return taken


def secret_in(text: str) -> str:
    return text.rpartition("/s/")[2]


def test_a_closed_case_invites_its_customer_and_the_worker_sends_the_link(
    now: datetime, texts: Texts
) -> None:
    assert invite_customer in REACTIONS[complaint_kinds.Closed]
    assert queue_sending in REACTIONS[kinds.Invited]
    case = closed(now)
    entry = case.write(
        complaint_kinds.Closed(closed_at=now, outcome="explanation", seen_by=tuple(case.seen_by)),
        by=system_person(), at=now,
    )  # fmt: skip
    invite_customer(entry)
    invite_customer(entry)
    asked = Invitation.objects.get()
    send_invitation(asked, by=system_person(), at=now)
    send_invitation(asked, by=system_person(), at=now)
    ((_key, to, text),) = texts
    assert to == "13912345678"
    assert text.startswith("【") and "https://complaints.example/s/" in text
    assert case.number not in text and "年费" not in text
    assert opened(secret_in(text), now) == asked
    asked.refresh_from_db()
    assert (asked.state, asked.way, asked.expires_at) == ("sent", "sms", now + 14 * DAY)
    assert asked.replay()["state"] == "sent"


@pytest.mark.parametrize(
    ("missing", "said"),
    [("gateway", "没有配置"), ("site", "SUJIN_PUBLIC_URL"), ("phone", "没有留下")],
)
def test_a_link_that_cannot_go_out_stays_unsent_and_says_why_once(
    now: datetime, texts: Texts, settings: Any, missing: str, said: str
) -> None:
    if missing == "gateway":
        settings.SMS_GATEWAY = None
    if missing == "site":
        settings.PUBLIC_URL = ""
    asked = invite(
        closed(now, phone="" if missing == "phone" else "13912345678"), by=system_person(), at=now
    )
    for _ in range(2):
        send_invitation(asked, by=system_person(), at=now)
    asked.refresh_from_db()
    assert (asked.state, said in asked.because) == ("unsent", True)
    assert asked.entries.of(kinds.InvitationUnsent).count() == 1
    assert not texts and not Voucher.objects.exists()


def test_after_a_try_that_may_have_arrived_both_links_open(
    now: datetime, texts: Texts, monkeypatch: pytest.MonkeyPatch
) -> None:
    sends = sms.send

    def lost(gateway: Gateway, **told: str) -> str:
        sends(gateway, **told)
        raise Temporary("timeout", in_doubt=True)

    asked = invite(closed(now), by=system_person(), at=now)
    monkeypatch.setattr(sms, "send", lost)
    with pytest.raises(Temporary):
        send_invitation(asked, by=system_person(), at=now)
    monkeypatch.setattr(sms, "send", sends)
    send_invitation(asked, by=system_person(), at=now)
    first, second = texts
    assert first[0] == second[0], "the gateway tells twice the same by it"
    assert opened(secret_in(first[2]), now) == opened(secret_in(second[2]), now) == asked


def test_a_number_the_gateway_refuses_is_not_told_in_the_docket(
    now: datetime, texts: Texts, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(gateway: Gateway, **told: str) -> str:
        raise Refused(f"400 bad number {told['to']}")

    monkeypatch.setattr(sms, "send", refuse)
    asked = invite(closed(now), by=system_person(), at=now)
    send_invitation(asked, by=system_person(), at=now)
    asked.refresh_from_db()
    assert asked.state == "unsent" and "400" in asked.because
    assert "13912345678" not in str([entry.data for entry in asked.entries])


def test_without_a_telephone_the_link_goes_by_mail(
    now: datetime, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.PUBLIC_URL = "https://complaints.example"
    settings.MAIL_SERVER = Server(
        host="mail.example", port=25, sender="complaints@bank.example", user="", password="",
        tls=Tls.SSL,
    )  # fmt: skip
    mails: list[EmailMessage] = []

    def send(server: Server, message: EmailMessage) -> str:
        mails.append(message)
        return "250"

    monkeypatch.setattr(smtp, "send", send)
    asked = invite(closed(now, phone="", email="zhou@example.com"), by=system_person(), at=now)
    send_invitation(asked, by=system_person(), at=now)
    (mail,) = mails
    assert (mail["To"], mail["Auto-Submitted"]) == ("zhou@example.com", "auto-generated")
    text = mail.get_content()
    assert asked.complaint.number not in text
    assert opened(secret_in(text.strip()), now) == asked
    asked.refresh_from_db()
    assert (asked.state, asked.way) == ("sent", "email")


def test_the_worker_sends_what_was_queued(now: datetime, texts: Texts) -> None:
    asked = invite(closed(now), by=system_person(), at=now)
    queue_sending(asked.entries.get())
    job = ProcrastinateJob.objects.get(task_name=SEND)
    assert (job.queue_name, job.args) == ("delivery", {"invitation": asked.pk})
    jobs.send(invitation=asked.pk)
    jobs.remind(invitation=asked.pk)
    jobs.tend_surveys(timestamp=int((now + 6 * DAY).timestamp()))
    assert len(texts) == 2
    assert ProcrastinateJob.objects.filter(task_name=REMIND).count() == 0


def test_whoever_has_not_answered_is_reminded_once(now: datetime, texts: Texts) -> None:
    asked = invite(closed(now), by=system_person(), at=now)
    send_invitation(asked, by=system_person(), at=now)
    assert queue_reminders(by=system_person(), at=now + 4 * DAY) == 0
    later = now + 6 * DAY
    assert queue_reminders(by=system_person(), at=later) == 1
    remind_invitation(asked, by=system_person(), at=later)
    remind_invitation(asked, by=system_person(), at=later)
    assert queue_reminders(by=system_person(), at=later + DAY) == 0
    assert len(texts) == 2 and texts[0][0] != texts[1][0]
    for _key, _to, text in texts:
        assert opened(secret_in(text), later) == asked


def test_a_reminder_that_is_refused_is_not_sent_again_every_night(
    now: datetime, texts: Texts, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = invite(closed(now), by=system_person(), at=now)
    send_invitation(asked, by=system_person(), at=now)

    def refuse(gateway: Gateway, **told: str) -> str:
        raise Refused("400 unsubscribed")

    monkeypatch.setattr(sms, "send", refuse)
    later = now + 6 * DAY
    assert queue_reminders(by=system_person(), at=later) == 1
    for _ in range(2):
        remind_invitation(asked, by=system_person(), at=later)
    assert queue_reminders(by=system_person(), at=later + DAY) == 0
    assert Voucher.objects.count() == 2
    # The first link is good all the same.
    assert opened(secret_in(texts[0][2]), later) == asked


def test_nobody_is_asked_twice_too_soon_or_about_what_is_no_closed_complaint(
    now: datetime,
) -> None:
    case = closed(now, customer_keys=["same"])
    invite(case, by=system_person(), at=now)
    refused = {
        "已经请客户评价过": case,
        "不再打扰": closed(now, customer_keys=["same", "other"]),
        "还没有办结": closed(now, closed_at=None, accountable=system_person()),
        "撤诉": closed(now, outcome=WITHDRAWN),
        "不是投诉": closed(now, kind="consultation"),
    }
    for because, one in refused.items():
        with pytest.raises(CannotInvite, match=because):
            invite(one, by=system_person(), at=now)
    assert Invitation.objects.count() == 1
    invite(closed(now, customer_keys=["same"]), by=system_person(), at=now + 31 * DAY)


def town(at: datetime) -> None:
    """Sixty closed cases of branch A at two outlets, twenty of branch B."""
    for place, org in enumerate([OUTLET_A] * 40 + [OUTLET_A_NEXT_DOOR] * 20 + [OUTLET_B] * 20):
        closed(at - place * timedelta(hours=1), org)


def days(at: datetime) -> dict[str, date]:
    today = timezone.localdate(at)
    return {"since": today - 10 * DAY, "until": today}


def drawn(person: Person, at: datetime, unit: Org, **changes: Any) -> SampleSurvey:
    plan: dict[str, Any] = {"unit": unit, **days(at), "total": 24, "answering": 0.5, **changes}
    seen = designed(reaches.of(person, at), **plan, at=at).digest
    return draw_sample(
        name="一季度抽样", questionnaire="sample", **plan, seen=seen, by=person, at=at
    )


def test_a_sample_is_drawn_by_lot_and_can_be_drawn_again(
    cast: SimpleNamespace, now: datetime
) -> None:
    town(now)
    root = Org.objects.get(parent__isnull=True)
    made = drawn(cast.lin_lan, now, root)
    a, b = (Org.objects.get(code=code) for code in (BRANCH_A, BRANCH_B))
    assert [(one["unit"], one["size"], one["n"]) for one in made.strata] == [
        (a.pk, 60, 18), (b.pk, 20, 6),
    ]  # fmt: skip
    asked = Invitation.objects.filter(sample=made)
    assert sorted(asked.values_list("complaint", flat=True)) == redraw(made)
    assert asked.filter(stratum=b.pk).count() == 6
    # Half of them answering: 9 and 3, without replacement.
    assert made.margin == pytest.approx(0.2608, abs=0.0001)
    again = drawn(cast.lin_lan, now, root)
    assert redraw(again) != redraw(made)
    entry = made.entries.get()
    assert (entry.data["population"], entry.data["n"]) == (80, 24)
    assert Entry.objects.of(kinds.Invited).count() == 48


def test_a_draw_needs_the_post_the_place_and_the_population_that_was_seen(
    cast: SimpleNamespace, now: datetime
) -> None:
    town(now)
    a, b = (Org.objects.get(code=code) for code in (BRANCH_A, BRANCH_B))
    root = Org.objects.get(parent__isnull=True)
    wrong: list[tuple[str, Callable[[], Any]]] = [
        ("本机构的范围", lambda: drawn(cast.zhou_tao, now, root)),
        ("没有办结的投诉", lambda: drawn(cast.zhou_tao, now, b)),
        ("本机构的范围", lambda: drawn(cast.qian_wei, now, root)),
        ("至多 80 件", lambda: drawn(cast.lin_lan, now, root, total=81)),
        ("至少抽 10 件", lambda: drawn(cast.lin_lan, now, root, total=4)),
        ("不能晚于结束", lambda: drawn(cast.lin_lan, now, root, since=date(2999, 1, 1))),
        ("不能晚于今天", lambda: drawn(cast.lin_lan, now, root, until=date(2999, 1, 1))),
    ]  # fmt: skip
    for because, act in wrong:
        with pytest.raises(CannotDraw, match=because):
            act()
    plan: dict[str, Any] = {"unit": a, **days(now), "total": 24, "answering": 0.5}
    for because, told in (("请再看一遍", {"seen": "0"}), ("抽样问卷", {"questionnaire": "case"}),
                          ("名称", {"name": "短"})):  # fmt: skip
        good: dict[str, Any] = {"name": "一季度抽样", "questionnaire": "sample", "seen": "0"}
        with pytest.raises(CannotDraw, match=because):
            draw_sample(**good | told, **plan, by=cast.zhou_tao, at=now)
    assert not Invitation.objects.exists()
    drawn(cast.zhou_tao, now, a)


def test_a_sample_draws_customers_and_leaves_who_was_asked_lately_in_peace(
    cast: SimpleNamespace, now: datetime
) -> None:
    town(now)
    root = Org.objects.get(parent__isnull=True)
    # Three cases of one customer, whom the third joins; one of another who was asked yesterday.
    for keys in (["x"], ["y"], ["x", "y"]):
        closed(now - DAY, OUTLET_B, customer_keys=keys)
    invite(closed(now - DAY, customer_keys=["asked"]), by=system_person(), at=now - DAY)
    closed(now - DAY, OUTLET_B, customer_keys=["asked", "also"])
    plan: dict[str, Any] = {"unit": root, **days(now), "total": 81, "answering": 0.5}
    made = designed(reaches.of(cast.lin_lan, now), **plan, at=now)
    assert (made.population, made.quiet) == (81, 1)
    assert [(one.size, one.n) for one in made.layers] == [(60, 60), (20 + 1, 21)]
    # Once the days are over, that one may be asked again; cases without a customer are each alone.
    closed(now - DAY, OUTLET_B, customer_keys=[])
    closed(now - DAY, OUTLET_B, customer_keys=[])
    late = designed(reaches.of(cast.lin_lan, now), **plan, at=now + 30 * DAY)
    assert (late.population, late.quiet) == (84, 0)


def test_a_second_sample_on_the_same_day_asks_nobody_again(
    cast: SimpleNamespace, now: datetime
) -> None:
    town(now)
    root = Org.objects.get(parent__isnull=True)
    first, second = (drawn(cast.lin_lan, now, root, total=40) for _ in range(2))
    assert not set(redraw(first)) & set(redraw(second))
    with pytest.raises(CannotDraw, match="80 位客户 30 天内都请过了"):
        drawn(cast.lin_lan, now, root)


def test_a_sample_ends_with_its_last_day(cast: SimpleNamespace, now: datetime) -> None:
    town(now)
    made = drawn(cast.lin_lan, now, Org.objects.get(parent__isnull=True))
    expire_invitations(by=system_person(), at=now + 21 * DAY)
    made.refresh_from_db()
    assert made.state == kinds.RUNNING
    expire_invitations(by=system_person(), at=now + 23 * DAY)
    made.refresh_from_db()
    assert made.state == kinds.ENDED


def heard(at: datetime, code: str = "") -> survey_figures.Told:
    """What the units below one came to, all together."""
    under = Org.objects.get(code=code) if code else Org.objects.get(parent__isnull=True)
    today = timezone.localdate(at)
    return survey_figures.total(survey_figures.told(under, today - 30 * DAY, today + DAY).values())


def test_figures_are_of_the_answers_that_count(
    now: datetime, cast: SimpleNamespace, settings: Any
) -> None:
    for place in range(8):
        said(now, CONTENT if place < 6 else ANGRY)
    said(now, CONTENT, OUTLET_B)
    said(now, CONTENT, seconds=1)
    told = heard(now, BRANCH_A)
    assert (told.sent, told.filled, told.counted, told.flags) == (9, 9, 8, {"too_quick": 1})
    overall, recommend = told.score("overall"), told.score("recommend")
    assert (overall.value, overall.n, recommend.value) == (0.75, 8, 0.5)
    assert told.score("professionalism").value == 0.75
    assert heard(now).score("overall").n == 9
    by_unit = survey_figures.told(
        Org.objects.get(parent__isnull=True), timezone.localdate(now), timezone.localdate(now) + DAY
    )
    assert {Org.objects.get(pk=unit).code for unit in by_unit} == {BRANCH_A, BRANCH_B}


def test_what_staff_wrote_down_stands_beside_what_customers_say(
    now: datetime, cast: SimpleNamespace
) -> None:
    sheets = [said(now, CONTENT if place < 4 else ANGRY) for place in range(12)]
    for sheet in sheets:
        called_back(sheet.invitation.complaint, "yes", by=cast.zhao_min, at=now)
    # The customer's own word on the tracking page is not staff's.
    called_back(sheets[0].invitation.complaint, "no", by=customer(), at=now)
    told = heard(now)
    assert (told.by_staff.value, told.by_staff.n, told.otherwise) == (1.0, 12, 8)
    found = told.gap
    assert found is not None and found.value == pytest.approx(2 / 3) and found.is_certain


def test_sheets_are_seen_by_those_above_and_nobody_else(
    now: datetime, cast: SimpleNamespace
) -> None:
    said(now, CONTENT)
    said(now, ANGRY, OUTLET_B)

    def seen(person: Person) -> int:
        return AnswerSheet.objects.within(reaches.of(person, now)).count()

    assert [seen(one) for one in (cast.lin_lan, cast.zheng_gang, cast.qian_wei)] == [2, 2, 2]
    assert [seen(one) for one in (cast.zhou_tao, cast.sun_qian, cast.li_jianguo)] == [1, 1, 1]
    assert [seen(one) for one in (cast.wang_xiuying, cast.kong_mingyu, cast.he_jing)] == [0, 0, 0]


@pytest.mark.parametrize("word", ["10.0.0.1/8", "bank", "10.0.0.0/33", "2001:db8::/129"])
def test_a_wrong_network_of_staff_stops_the_start(word: str) -> None:
    assert len(Env({"N": "10.0.0.0/8, 192.0.2.7 2001:db8::/32"}).networks("N")) == 3
    assert Env({}).networks("N") == []
    with pytest.raises(Misconfigured, match="give networks like"):
        Env({"N": word}).networks("N")


def test_customers_asked_from_outside_without_networks_of_staff_are_warned_of(
    settings: Any,
) -> None:
    settings.PUBLIC_URL, settings.STAFF_NETWORKS = "https://complaints.example", []
    (warning,) = told_from_staff(None)
    assert warning.id == "sujin.W002" and "SUJIN_STAFF_NETWORKS" in (warning.hint or "")
    settings.STAFF_NETWORKS = Env({"N": "10.0.0.0/8"}).networks("N")
    assert told_from_staff(None) == []
    settings.PUBLIC_URL, settings.STAFF_NETWORKS = "", []
    assert told_from_staff(None) == []


def test_a_wrong_public_address_stops_the_start() -> None:
    assert Env({"U": "https://complaints.example/"}).site("U") == "https://complaints.example"
    assert Env({}).site("U") == ""
    for word in ("complaints.example", "ftp://x", "https://x?a=1", "https://[", "https://u@x"):
        with pytest.raises(Misconfigured, match="give an address"):
            Env({"U": word}).site("U")
    with pytest.raises(Misconfigured, match="https:// address in production"):
        Env({"U": "http://x", "SUJIN_MODE": "production"}).site("U")
