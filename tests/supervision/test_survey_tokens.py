"""The customer's link: opened by its secret alone, answered once, and by nobody of staff."""

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import datetime, timedelta
from functools import partial
from ipaddress import ip_network
from threading import Event
from types import SimpleNamespace
from typing import Any

import pytest
from django.core import signing
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.utils import timezone

from sujin.lab.cast import OUTLET_B
from sujin.platform.models import Entry, Miss, Person
from sujin.supervision import links
from sujin.supervision.acts.fill_in import (
    CannotFillIn,
    FilledAlready,
    LinkExpired,
    NoSuchLink,
    customer,
    fill_in,
)
from sujin.supervision.acts.invite import CannotInvite, invite
from sujin.supervision.acts.send_invitation import expire_invitations
from sujin.supervision.kinds.survey import SAME_NETWORK, STAFF_BROWSER, STAFF_NETWORK, TOO_QUICK
from sujin.supervision.models import AnswerSheet, Invitation, Voucher
from sujin.supervision.questionnaires import numbers
from tests.complaints.test_races import _until_somebody_waits
from tests.supervision.survey_town import ANGRY, CONTENT, DAY, closed, invited, said

SignIn = Callable[[Person], Client]
Alone = Callable[[Callable[[], Any]], "Future[Any]"]
HOME = "198.51.100.7/32"


@pytest.fixture
def now(bank: None) -> datetime:
    return timezone.now()


def stamped(secret: str, at: datetime) -> str:
    return signing.Signer(salt=f"survey.stamp.{links.digest(secret)}").sign(at.isoformat())


def posted(secret: str, at: datetime, **changes: Any) -> dict[str, Any]:
    """What a browser sends that was shown the questions a minute before."""
    return {**CONTENT, "words": "", "stamp": stamped(secret, at - timedelta(minutes=1)), **changes}


def test_a_customer_answers_in_one_go_without_signing_in(now: datetime, client: Client) -> None:
    asked, secret = invited(now)
    page = client.get(f"/s/{secret}")
    body = page.content.decode()
    assert page.status_code == 200
    assert (page["Referrer-Policy"], page["Cache-Control"].count("no-store")) == ("no-referrer", 1)
    assert body.count("<fieldset") == 5
    answer = client.post(f"/s/{secret}", posted(secret, now, words="办得很快"))
    assert (answer.status_code, "谢谢您" in answer.content.decode()) == (200, True)
    sheet = AnswerSheet.objects.get()
    assert (sheet.scores, sheet.words, sheet.counted, sheet.flags) == (
        CONTENT, "办得很快", True, [],
    )  # fmt: skip
    asked.refresh_from_db()
    assert (asked.state, asked.filled_at) == ("filled", sheet.at)
    assert asked.entries.last().by == customer()  # type: ignore[union-attr]


def test_the_page_tells_the_month_and_the_kind_of_matter_and_nothing_of_the_person(
    now: datetime, client: Client
) -> None:
    asked, secret = invited(now)
    body = client.get(f"/s/{secret}").content.decode()
    case = asked.complaint
    for personal in ("周蕙兰", "13912345678", case.number, case.text, str(case.origin)):
        assert personal not in body
    assert "银行卡" in body or "信用卡" in body
    assert f"{timezone.localtime(case.received_at).year}年" in body


def test_it_speaks_english_when_asked(now: datetime, client: Client) -> None:
    _asked, secret = invited(now)
    assert "All in all" in client.get(f"/s/{secret}?language=en").content.decode()


def test_a_browser_that_tells_no_origin_may_answer(now: datetime) -> None:
    """What a page with the policy ``no-referrer`` sends; a check of forgery would refuse it."""
    _asked, secret = invited(now)
    strict = Client(enforce_csrf_checks=True)
    answer = strict.post(f"/s/{secret}", posted(secret, now), HTTP_ORIGIN="null")
    assert answer.status_code == 200
    assert AnswerSheet.objects.count() == 1


def test_the_database_holds_no_secret(now: datetime) -> None:
    asked, secret = invited(now)
    kept = Voucher.objects.get()
    assert (kept.digest, len(secret)) == (links.digest(secret), 22)
    data = str([entry.data for entry in asked.entries]) + str(vars(asked)) + str(vars(kept))
    assert secret not in data


@pytest.mark.parametrize("wrong", ["forged", "cut", "swapped case", "empty-ish"])
def test_a_link_that_is_not_quite_one_opens_nothing(
    now: datetime, client: Client, wrong: str
) -> None:
    _asked, secret = invited(now)
    tampered = {
        "forged": links.fresh(), "cut": secret[:-1], "swapped case": secret.swapcase(),
        "empty-ish": "0",
    }[wrong]  # fmt: skip
    for answer in (client.get(f"/s/{tampered}"), client.post(f"/s/{tampered}", CONTENT)):
        assert answer.status_code == 404
        assert "这个链接打不开" in answer.content.decode()
    assert not AnswerSheet.objects.exists()


def test_an_expired_link_and_an_answered_one_each_say_so_politely(
    now: datetime, client: Client
) -> None:
    _old, late = invited(now - 20 * DAY)
    _asked, secret = invited(now)
    client.post(f"/s/{secret}", posted(secret, now))
    gone, again = client.get(f"/s/{late}"), client.get(f"/s/{secret}")
    assert (gone.status_code, again.status_code) == (410, 409)
    assert client.post(f"/s/{late}", posted(late, now)).status_code == 410
    replayed = client.post(f"/s/{secret}", posted(secret, now, overall=1))
    assert replayed.status_code == 409
    assert AnswerSheet.objects.get().scores["overall"] == 5


def test_the_nightly_round_ends_what_nobody_answered(now: datetime) -> None:
    old, late = invited(now - 20 * DAY)
    invited(now)
    assert expire_invitations(by=customer(), at=now) == 1
    assert expire_invitations(by=customer(), at=now) == 0
    old.refresh_from_db()
    assert old.state == "expired"
    with pytest.raises(LinkExpired):
        fill(late, now - 10 * DAY)


def fill(secret: str, at: datetime, **changes: Any) -> AnswerSheet:
    told: dict[str, Any] = {"scores": CONTENT, "words": "", "network": HOME, "seconds": 40,
                            **changes}  # fmt: skip
    return fill_in(secret, **told, by=customer(), at=at)


def test_guessing_is_limited_and_a_right_link_costs_no_try(now: datetime, client: Client) -> None:
    _asked, secret = invited(now)
    most = int(numbers()["wrong_most"])
    for _ in range(most + 3):
        assert client.get(f"/s/{secret}").status_code == 200
    assert not Miss.objects.exists()
    for _ in range(most):
        assert client.get(f"/s/{links.fresh()}").status_code == 404
    assert client.get(f"/s/{links.fresh()}").status_code == 429
    # Whoever guesses locks nobody out: the customers of a whole network stand behind one address.
    assert client.get(f"/s/{secret}").status_code == 200
    elsewhere = Client(REMOTE_ADDR="203.0.113.9")
    assert elsewhere.get(f"/s/{links.fresh()}").status_code == 404
    assert client.post(f"/s/{secret}", posted(secret, now)).status_code == 200
    assert client.get(f"/s/{secret}").status_code == 409
    assert "127.0.0.1" not in str([*Miss.objects.values_list("key", flat=True)])


def test_a_member_of_staff_who_is_signed_in_may_not_answer(
    now: datetime, cast: SimpleNamespace, signed_in: SignIn
) -> None:
    _asked, secret = invited(now)
    for person in (cast.lin_lan, cast.wang_xiuying):
        browser = signed_in(person)
        for answer in (browser.get(f"/s/{secret}"), browser.post(f"/s/{secret}", CONTENT)):
            assert answer.status_code == 403
            assert "本行员工不能代客户作答" in answer.content.decode()
    assert not AnswerSheet.objects.exists()


def test_an_answer_from_our_own_network_is_kept_and_not_counted(
    now: datetime, settings: Any, client: Client
) -> None:
    settings.STAFF_NETWORKS = [ip_network("127.0.0.0/8"), ip_network("2001:db8::/32")]
    _asked, secret = invited(now)
    assert client.post(f"/s/{secret}", posted(secret, now)).status_code == 200
    sheet = AnswerSheet.objects.get()
    assert (sheet.flags, sheet.counted) == ([STAFF_NETWORK], False)
    assert "127.0.0.1" not in sheet.network and len(sheet.network) == 32
    six = fill(invited(now)[1], now, network="2001:db8:1:2::/64")
    assert six.flags == [STAFF_NETWORK]
    assert fill(invited(now)[1], now).counted


def test_who_signs_out_and_answers_in_the_same_browser_is_not_counted(
    now: datetime, cast: SimpleNamespace, signed_in: SignIn, client: Client
) -> None:
    _asked, secret = invited(now)
    browser = signed_in(cast.wang_xiuying)
    browser.post("/sign-out")
    mark = browser.cookies["desk"]
    assert (mark["path"], mark["httponly"], mark["max-age"]) == ("/s/", True, 12 * 3600)
    assert cast.wang_xiuying.staff_no not in mark.value
    assert browser.post(f"/s/{secret}", posted(secret, now)).status_code == 200
    sheet = AnswerSheet.objects.get()
    assert (sheet.flags, sheet.counted) == ([STAFF_BROWSER], False)
    # A customer's own browser is not marked, nor by a mark that is forged.
    _asked, own = invited(now)
    client.cookies["desk"] = "staff:1abcde:" + "x" * 43
    assert client.post(f"/s/{own}", posted(own, now)).status_code == 200
    assert AnswerSheet.objects.latest("pk").counted


def test_who_answers_faster_than_one_reads_is_not_counted(now: datetime, client: Client) -> None:
    _asked, secret = invited(now)
    at = timezone.now()
    told = posted(secret, now, stamp=stamped(secret, at))
    assert client.post(f"/s/{secret}", told).status_code == 200
    sheet = AnswerSheet.objects.get()
    assert (sheet.flags, sheet.counted) == ([TOO_QUICK], False)


def test_a_stamp_of_another_link_or_an_altered_one_is_no_stamp(
    now: datetime, client: Client
) -> None:
    _asked, secret = invited(now)
    _other, foreign = invited(now)
    good = stamped(secret, now - DAY)
    for stamp in (stamped(foreign, now - DAY), good.replace("20", "19", 1), "", good[:-1]):
        assert client.post(f"/s/{secret}", posted(secret, now, stamp=stamp)).status_code == 422
    assert not AnswerSheet.objects.exists()


def test_many_answers_from_one_network_in_a_day_are_marked_and_counted(now: datetime) -> None:
    most = int(numbers()["network_most"])
    found = [said(now, CONTENT, network=HOME) for _ in range(most + 1)]
    assert [one.flags for one in found] == [[]] * most + [[SAME_NETWORK]]
    assert found[-1].counted
    assert said(now + 2 * DAY, CONTENT, network=HOME).flags == []
    assert said(now, CONTENT, network="").flags == []


def test_marks_that_are_none_change_nothing(now: datetime, client: Client) -> None:
    _asked, secret = invited(now)
    missing = {name: mark for name, mark in CONTENT.items() if name != "result"}
    for scores in (missing, {**CONTENT, "overall": 6}, {**CONTENT, "charm": 5},
                   {**CONTENT, "recommend": -1}):  # fmt: skip
        with pytest.raises(CannotFillIn):
            fill(secret, now, scores=scores)
    page = client.post(f"/s/{secret}", posted(secret, now, overall=""))
    assert page.status_code == 422
    assert "请选一项" in page.content.decode()
    assert not AnswerSheet.objects.exists()
    with pytest.raises(NoSuchLink):
        fill("nobody", now)


def test_numbers_and_names_in_the_words_are_masked_before_they_are_written(now: datetime) -> None:
    said(now, ANGRY, words="我叫周蕙兰，电话 139-1234-5678，卡号6222021234567890128，年费乱收")
    sheet = AnswerSheet.objects.get()
    for personal in ("13912345678", "139-1234-5678", "6222021234567890128", "周蕙兰"):
        assert personal not in sheet.words
    assert "年费乱收" in sheet.words
    assert sheet.topic


def test_the_docket_never_holds_what_was_said(now: datetime) -> None:
    sheet = said(now, ANGRY, words="年费乱收")
    told = str([entry.data for entry in sheet.invitation.entries])
    assert "年费" not in told and "overall" not in told
    assert sheet.invitation.replay()["state"] == "filled"


def test_the_database_itself_takes_one_sheet_for_an_invitation(now: datetime) -> None:
    sheet = said(now, CONTENT)
    with pytest.raises(IntegrityError), transaction.atomic():
        AnswerSheet.objects.create(invitation=sheet.invitation, at=now)


def test_the_links_of_a_reminder_open_the_same_invitation(now: datetime) -> None:
    asked, first = invited(now)
    second = links.fresh()
    Voucher.objects.create(invitation=asked, digest=links.digest(second), made_at=now)
    fill(first, now)
    with pytest.raises(FilledAlready):
        fill(second, now)


def test_no_page_or_act_of_staff_takes_marks(
    now: datetime, cast: SimpleNamespace, signed_in: SignIn
) -> None:
    """Whatever staff send, to whichever address of surveys: nothing is written."""
    invited(now)
    invited(now, OUTLET_B)
    browser = signed_in(cast.lin_lan)
    for url in ("/surveys", "/surveys/sheets", "/surveys/sheets/export", "/surveys/1"):
        assert browser.post(url, CONTENT).status_code == 405
    assert not AnswerSheet.objects.exists()


WRITTEN = (
    "supervision_answersheet", "supervision_voucher", "supervision_invitation",
    "complaints_party", "complaints_complaint", "complaints_tally", "platform_miss",
)  # fmt: skip


@pytest.fixture
def committed(db: None) -> Iterator[Alone]:
    """Runs a function on a thread and a connection of its own; its commits are wiped afterwards."""
    with ThreadPoolExecutor(4) as threads:
        yield lambda act: threads.submit(_alone, act)
        threads.submit(_alone, _wipe).result(60)


def _wipe() -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        # The server's superuser may do here what the application never can.
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute("DELETE FROM platform_entry WHERE subject = 'invitation'")
        for table in WRITTEN:
            cursor.execute(f"DELETE FROM {table}")
        cursor.execute("DELETE FROM platform_person WHERE staff_no = 'channel:survey'")
        cursor.execute("DELETE FROM procrastinate_jobs")


def _alone(act: Callable[[], Any]) -> Any:
    try:
        return act()
    finally:
        connection.close()


def test_of_two_who_send_at_the_same_moment_one_is_taken(committed: Alone, noon: datetime) -> None:
    _asked, secret = committed(lambda: invited(noon)).result(60)
    committed(customer).result(60)
    taken = []

    def first() -> AnswerSheet:
        with transaction.atomic():
            sheet = fill(secret, noon)
            taken.append(committed(lambda: fill(secret, noon, scores=ANGRY)))
            _until_somebody_waits(Event(), taken[0])
            return sheet

    assert committed(first).result(60).scores == CONTENT
    with pytest.raises(FilledAlready):
        taken[0].result(60)
    assert committed(AnswerSheet.objects.count).result(60) == 1
    filled = Entry.objects.filter(kind="invitation.filled")
    assert committed(filled.count).result(60) == 1
    assert committed(Invitation.objects.count).result(60) == 1


def test_of_two_cases_of_a_customer_closed_at_the_same_moment_one_is_asked_about(
    committed: Alone, noon: datetime
) -> None:
    cases = [
        committed(partial(closed, noon, customer_keys=keys)).result(60)
        for keys in (["same"], ["other", "same"])
    ]
    by = committed(customer).result(60)
    waiting = []

    def first() -> None:
        with transaction.atomic():
            invite(cases[0], by=by, at=noon)
            waiting.append(committed(lambda: invite(cases[1], by=by, at=noon)))
            _until_somebody_waits(Event(), waiting[0])

    committed(first).result(60)
    with pytest.raises(CannotInvite, match="不再打扰"):
        waiting[0].result(60)
    assert committed(Invitation.objects.count).result(60) == 1
