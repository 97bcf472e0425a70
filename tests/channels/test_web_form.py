"""Somebody tells the bank what happened, from a telephone, without an account."""

import os
import re
import shutil
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from sujin.channels.web_form import numbers, pages, pending, places, said
from sujin.complaints import kinds
from sujin.complaints.acts.receive import CannotReceive
from sujin.complaints.acts.register import code_hash
from sujin.complaints.models import Complaint, Contact
from sujin.complaints.rulebook import rulebook
from sujin.lab.cast import BRANCH2_A, OUTLET_A
from sujin.lab.orgs import CENTRE
from sujin.platform import crypto
from sujin.platform.models import Attachment

START, YOU, CHECK, DONE = "/say/", "/say/you", "/say/check", "/say/done"
FEE = "我在网点办的信用卡，说好没有年费，今天却扣了我300元，要求退还。"
WHO = {"name": "张伟", "phone": "138 0000 1234"}
PNG = b"\x89PNG\r\n\x1a\n" + b"picture"
Capture = Callable[..., Any]


@pytest.fixture(autouse=True)
def folder(bank: None, settings: Any, tmp_path: Path) -> Path:
    """Files of a test stay in the test's own folder."""
    settings.VAR, settings.FILES_ROOT = tmp_path, tmp_path / "files"
    return tmp_path / "pending"


@pytest.fixture(autouse=True)
def watch(noon: datetime, monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
    """A clock that stands at noon until a test moves ``now``."""
    hand = SimpleNamespace(now=noon)
    monkeypatch.setattr("django.utils.timezone.now", lambda: hand.now)
    return hand


def photo(name: str = "账单.png", content: bytes = PNG) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def tell(client: Client, text: str = FEE, kind: str = "complaint", **more: Any) -> Any:
    return client.post(START, {"text": text, "kind": kind, **more})


def introduce(client: Client, **more: Any) -> Any:
    return client.post(YOU, {**WHO, **more})


def send(client: Client) -> Any:
    seen = client.get(CHECK).context["seen"]
    return client.post(CHECK, {"seen": seen})


def complain(client: Client, **who: Any) -> Complaint:
    tell(client)
    introduce(client, **who)
    assert send(client)["Location"] == DONE
    return Complaint.objects.latest("pk")


def page(response: Any) -> str:
    return str(response.content.decode())


def test_three_screens_lead_to_a_receipt(client: Client, noon: datetime) -> None:
    assert tell(client)["Location"] == YOU
    assert introduce(client, place=OUTLET_A)["Location"] == CHECK
    assert FEE in page(client.get(CHECK))
    assert send(client)["Location"] == DONE
    receipt = client.get(DONE)
    case = Complaint.objects.get()
    code = receipt.context["code"]
    assert re.fullmatch(r"\d{4} \d{4} \d{4} \d{4}", code)
    assert case.code_hash == code_hash(case.number, code.replace(" ", ""))
    assert (case.channel, case.kind, case.received_at) == ("web_form", "complaint", noon)
    assert case.desk is not None and case.desk.code == BRANCH2_A
    for shown in (case.number, code, case.desk.name, "2026年3月17日"):
        assert shown in page(receipt)


def test_the_first_screen_asks_for_nothing_but_the_matter(client: Client) -> None:
    form = client.get(START).context["form"]
    assert list(form.fields) == ["text", "kind", "papers"]
    assert form["kind"].value() == "complaint"


def test_looking_at_the_form_leaves_nothing_behind(client: Client) -> None:
    with CaptureQueriesContext(connection) as asked:
        response = client.get(START)
    assert not asked.captured_queries
    assert "sessionid" not in response.cookies
    assert "no-store" in response["Cache-Control"]


@pytest.mark.parametrize("nothing", ["", "  \n\t ", "\u200b\u200b", "\0"])
def test_a_customer_who_wrote_nothing_is_asked_again(client: Client, nothing: str) -> None:
    response = tell(client, nothing)
    assert response.status_code == 422
    assert "还没有写" in page(response)


def test_a_text_too_long_is_refused_with_its_length_and_stays_on_the_screen(
    client: Client,
) -> None:
    most = rulebook().text_max
    assert tell(client, "长" * most).status_code == 302
    response = tell(client, "长" * (most + 1))
    assert response.status_code == 422
    assert f"写了 {most + 1} 字，最多 {most} 字" in page(response)
    assert "长" * (most + 1) in page(response)


def test_a_line_end_counts_once_however_the_browser_sends_it(client: Client) -> None:
    most = rulebook().text_max
    assert tell(client, "长" * (most - 2) + "\r\n长").status_code == 302


def test_a_choice_that_is_not_offered_is_refused(client: Client) -> None:
    response = tell(client, kind="bud")
    assert response.status_code == 422
    assert "请从三项中选一项" in page(response)


def test_emoji_and_rare_characters_survive(client: Client) -> None:
    text = "柜员说𠮷字打不出来😡，👨‍👩‍👧 一家人等了两小时。联系 13800001234"
    tell(client, text)
    introduce(client, name="𠮷田㐂")
    send(client)
    assert Contact.objects.get().raw == text
    assert Complaint.objects.get().parties.get().name == "𠮷田㐂"


def test_what_breaks_a_page_or_a_database_is_left_out_of_the_words(client: Client) -> None:
    tell(client, "存款被\0扣年费\u202e费年扣\u2066！")
    introduce(client)
    send(client)
    assert Complaint.objects.get().text == "存款被扣年费费年扣！"


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("13800001234", "13800001234"),
        ("138-0000-1234", "13800001234"),
        ("+86 138 0000 1234", "13800001234"),
        ("１３８００００１２３４", "13800001234"),
        ("010-88886666", "010-88886666"),
        ("（0571）8888 6666", "0571-88886666"),
        ("0571-88886666转801", "0571-88886666转801"),
        ("+86 10 88886666", "010-88886666"),
        ("+852 2345 6789", "+85223456789"),
        ("", ""),
        ("12345", ""),
        ("23800001234", ""),
        ("88886666", ""),
        ("1380000123", ""),
        ("138000012345", ""),
        ("请打电话", ""),
    ],
)
def test_a_telephone_is_read_as_people_write_it(typed: str, kept: str) -> None:
    assert numbers.phone(typed) == kept


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("11010519491231002X", "11010519491231002X"),
        ("110105 19491231 002x", "11010519491231002X"),
        ("E12345678", "E12345678"),
        ("H1234567890", "H1234567890"),
        ("01234567", "01234567"),
        ("110105194912310021", ""),
        ("123", ""),
        ("身份证", ""),
    ],
)
def test_a_paper_of_identity_must_check(typed: str, kept: str) -> None:
    assert numbers.paper(typed) == kept


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"name": ""}, "请填姓名"),
        ({"phone": ""}, "请填一个能找到您的电话"),
        ({"phone": "12345"}, "电话不对"),
        ({"paper": "110105194912310021"}, "证件号码有误"),
        ({"account": "12ab"}, "8 到 32 位数字"),
        ({"place": "NOWHERE"}, "没有这家机构"),
        ({"care": "tall"}, "tall"),
        ({"is_agent": "on", "authority": "委托书"}, "请写明您替谁反映"),
        ({"is_agent": "on", "customer": "李芳"}, "请写明授权"),
    ],
)
def test_a_wrong_answer_says_what_to_do(client: Client, wrong: dict[str, str], told: str) -> None:
    tell(client)
    response = introduce(client, **wrong)
    assert response.status_code == 422
    assert told in page(response)


@pytest.mark.parametrize("kind", ["consultation", "suggestion"])
def test_who_only_asks_or_suggests_may_stay_without_a_name(client: Client, kind: str) -> None:
    tell(client, kind=kind)
    assert client.post(YOU, {})["Location"] == CHECK
    send(client)
    case = Complaint.objects.get()
    assert case.kind == kind
    assert not case.parties.exists()
    assert client.get(DONE).context["answer_by"] is None


def test_a_card_is_told_from_an_account_by_its_check_digit(client: Client) -> None:
    party = complain(client, account="6222 0212 3456 7890 128").parties.get()
    assert (party.card, party.account) == ("6222021234567890128", "")
    party = complain(Client(), account="6222021234567890127", phone="13900001111").parties.get()
    assert (party.card, party.account) == ("", "6222021234567890127")


def test_an_agent_stands_beside_the_customer_and_is_not_the_customer(client: Client) -> None:
    case = complain(
        client,
        is_agent="on",
        customer="李芳",
        customer_phone="13900001111",
        authority="委托书原件已拍照",
    )
    customer, agent = case.parties.order_by("pk")
    assert (customer.role, customer.name, customer.phone) == ("complainant", "李芳", "13900001111")
    assert (agent.role, agent.name, agent.authority) == ("agent", "张伟", "委托书原件已拍照")
    assert len(case.customer_keys) == 1


def test_an_unticked_agent_leaves_no_trace(client: Client) -> None:
    assert complain(client, customer="李芳", authority="委托书").parties.get().name == "张伟"


def test_a_customer_who_needs_care_raises_the_matter(client: Client) -> None:
    case = complain(client, care=["elderly", "disabled"])
    assert case.vulnerable
    assert case.parties.get().vulnerable == ["elderly", "disabled"]


def test_a_matter_without_a_branch_goes_to_the_centre(client: Client) -> None:
    assert complain(client).origin.code == CENTRE


def test_a_matter_of_an_outlet_starts_there(client: Client) -> None:
    assert complain(client, place=OUTLET_A).origin.code == OUTLET_A


def test_branches_are_offered_in_groups_and_a_large_bank_offers_fewer_levels(
    bank: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    (unknown, _name), *groups = places.choices()
    assert unknown == ""
    assert [name for name, _options in groups] == ["江南分行", "北川分行"]
    assert OUTLET_A in str(groups[0][1])
    monkeypatch.setattr(places, "AT_MOST", 3)
    (_unknown, *groups) = places.choices()
    assert [len(options) for _name, options in groups] == [1, 1]


def test_a_file_whose_type_lies_is_refused(client: Client) -> None:
    response = tell(client, papers=[photo("账单.pdf")])
    assert response.status_code == 422
    assert "内容与扩展名 .pdf 不符" in page(response)
    assert FEE in page(response)


def test_a_lying_file_does_not_take_the_good_ones_with_it(client: Client) -> None:
    response = tell(client, papers=[photo("一.png"), photo("坏.pdf"), photo("空.png", b"")])
    assert "“坏.pdf” 的内容与扩展名" in page(response)
    assert "“空.png” 是空文件" in page(response)
    assert [file.name for file in client.get(START).context["waiting"]] == ["一.png"]


def test_a_forged_field_is_no_file(client: Client) -> None:
    assert tell(client, papers=[photo()], **{"papers-clear": "on"}).status_code == 302
    assert tell(client, papers="words in place of a file").status_code == 302


def test_a_good_file_waits_while_the_words_are_still_missing(client: Client) -> None:
    response = tell(client, "", papers=[photo()])
    assert response.status_code == 422
    assert "账单.png" in page(response)
    tell(client)
    introduce(client)
    assert "账单.png" in page(client.get(CHECK))


def test_files_reach_the_case_and_leave_the_waiting_folder(
    client: Client, folder: Path, django_capture_on_commit_callbacks: Capture
) -> None:
    tell(client, papers=[photo("一.png"), photo("二.png", PNG + b"2")])
    tell(client, papers=[photo("二又.png", PNG + b"2")])
    introduce(client)
    (waiting,) = folder.iterdir()
    assert waiting.stat().st_mode & 0o777 == 0o700
    with django_capture_on_commit_callbacks(execute=True):
        send(client)
    case = Complaint.objects.get()
    assert [row.name for row in Attachment.objects.order_by("pk")] == ["一.png", "二.png"]
    assert case.entries.of(kinds.Attached).count() == 1
    assert not list(folder.iterdir())


def test_a_file_chosen_by_mistake_can_be_taken_out(client: Client) -> None:
    tell(client, "", papers=[photo("一.png"), photo("二.png", PNG + b"2")])
    waiting = client.get(START).context["waiting"]
    client.post(START, {"text": FEE, "kind": "complaint", "drop": waiting[0].sha256})
    again = client.get(START)
    assert [file.name for file in again.context["waiting"]] == ["二.png"]
    assert FEE in page(again)


def test_more_files_than_a_case_may_hold_are_refused(client: Client) -> None:
    tell(client, papers=[photo(f"{n}.png", PNG + bytes([n])) for n in range(12)])
    response = tell(client, papers=[photo(f"{n}.png", PNG + bytes([n])) for n in range(12, 21)])
    assert response.status_code == 422
    assert "最多 20 个文件" in page(response)


def test_a_full_disk_stops_pictures_and_never_words(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    full = shutil.disk_usage("/")._replace(free=pending.RESERVE_BYTES)
    monkeypatch.setattr("shutil.disk_usage", lambda path: full)
    response = tell(client, papers=[photo()])
    assert response.status_code == 422
    assert "暂时不能上传附件" in page(response)
    assert tell(client).status_code == 302


def test_files_nobody_came_back_for_are_swept_on_a_later_visit(
    client: Client, folder: Path, noon: datetime
) -> None:
    tell(client, papers=[photo()])
    (left,) = folder.iterdir()
    tell(Client(), papers=[photo()])
    old = (noon - timedelta(days=1, hours=1)).timestamp()
    os.utime(left, (old, old))
    tell(Client(), papers=[photo()])
    assert left not in set(folder.iterdir())
    assert len(list(folder.iterdir())) == 2


def test_a_file_that_was_swept_too_early_is_missed_aloud(client: Client, folder: Path) -> None:
    tell(client, papers=[photo()])
    introduce(client)
    shutil.rmtree(folder)
    response = send(client)
    assert response.status_code == 422
    assert "放得太久" in page(response)
    assert not Complaint.objects.exists()


def test_going_back_finds_everything_as_it_was_typed(client: Client) -> None:
    tell(client, kind="suggestion")
    introduce(client, phone="123", care=["elderly"], is_agent="on")
    assert FEE in page(client.get(START))
    assert client.get(START).context["form"]["kind"].value() == "suggestion"
    form = client.get(YOU).context["form"]
    assert form["phone"].value() == "123"
    assert form["care"].value() == ["elderly"]
    assert form["is_agent"].value() is True


def test_leaving_a_screen_unfinished_keeps_what_was_typed(client: Client) -> None:
    client.post(START, {"text": "写到一半", "leave": "here"})
    assert "写到一半" in page(client.get(START))
    tell(client)
    assert client.post(YOU, {"name": "张", "leave": "back"})["Location"] == START
    assert client.get(YOU).context["form"]["name"].value() == "张"


@pytest.mark.parametrize(("asked", "sent_to"), [(YOU, START), (CHECK, START), (DONE, START)])
def test_nobody_can_start_in_the_middle(client: Client, asked: str, sent_to: str) -> None:
    assert client.get(asked)["Location"] == sent_to
    assert client.post(asked, WHO)["Location"] == sent_to


def test_the_check_screen_sends_back_to_what_is_missing(client: Client) -> None:
    tell(client)
    assert client.get(CHECK)["Location"] == YOU
    client.post(START, {"text": "", "kind": "complaint"})
    assert client.get(CHECK)["Location"] == START
    assert client.get(YOU)["Location"] == START


def test_sending_twice_gives_one_case_and_the_same_receipt(client: Client) -> None:
    tell(client)
    introduce(client)
    seen = client.get(CHECK).context["seen"]
    assert client.post(CHECK, {"seen": seen})["Location"] == DONE
    first = client.get(DONE).context["code"]
    assert client.post(CHECK, {"seen": seen})["Location"] == DONE
    assert client.get(DONE).context["code"] == first
    assert client.get(YOU)["Location"] == DONE
    assert Complaint.objects.count() == 1


def test_a_second_finger_that_comes_while_the_first_is_being_served_finds_its_receipt(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The second request has read the session before the first one wrote it."""
    tell(client)
    introduce(client)
    seen = client.get(CHECK).context["seen"]
    alone = said.alone

    def after_the_first(session: Any) -> Any:
        monkeypatch.setattr(said, "alone", alone)
        assert client.post(CHECK, {"seen": seen})["Location"] == DONE
        return alone(session)

    monkeypatch.setattr(said, "alone", after_the_first)
    assert client.post(CHECK, {"seen": seen})["Location"] == DONE
    assert Complaint.objects.count() == 1
    assert client.get(DONE).context["code"]


def test_what_was_changed_in_another_window_is_not_sent_unseen(client: Client) -> None:
    tell(client)
    introduce(client)
    seen = client.get(CHECK).context["seen"]
    tell(client, "改成另一件事：排队三小时没人管。")
    response = client.post(CHECK, {"seen": seen})
    assert response.status_code == 422
    assert "内容有改动" in page(response)
    assert "排队三小时" in page(response)
    assert not Complaint.objects.exists()


def test_a_refused_case_leaves_nothing_and_says_why(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*args: Any, **kwargs: Any) -> None:
        raise CannotReceive("正文太长")

    monkeypatch.setattr(pages, "receive", refuse)
    tell(client)
    introduce(client)
    response = send(client)
    assert response.status_code == 422
    assert "正文太长" in page(response)
    assert FEE in page(client.get(CHECK))


def test_an_unfinished_form_is_forgotten_after_two_hours(
    client: Client, watch: SimpleNamespace, folder: Path
) -> None:
    tell(client, papers=[photo()])
    watch.now += timedelta(hours=2, minutes=1)
    response = client.get(YOU, follow=True)
    assert response.redirect_chain == [(START, 302)]
    assert "只保留 2 小时" in page(response)
    assert FEE not in page(response)
    assert not list(folder.iterdir())


def test_typing_on_keeps_the_form_alive(client: Client, watch: SimpleNamespace) -> None:
    tell(client)
    for _screen in range(3):
        watch.now += timedelta(hours=1, minutes=59)
        assert introduce(client)["Location"] == CHECK
    assert send(client)["Location"] == DONE


def test_the_receipt_belongs_to_the_session_that_sent_it_for_two_hours(
    client: Client, watch: SimpleNamespace
) -> None:
    complain(client)
    code = client.get(DONE).context["code"]
    assert Client().get(DONE)["Location"] == START
    watch.now += timedelta(hours=1, minutes=59)
    assert client.get(DONE).context["code"] == code
    watch.now += timedelta(minutes=2)
    assert client.get(DONE)["Location"] == START


def test_a_borrowed_device_forgets_the_receipt_when_told(client: Client) -> None:
    complain(client)
    client.post(DONE)
    assert client.get(DONE)["Location"] == START


def test_after_one_matter_another_can_be_told(client: Client) -> None:
    first = complain(client)
    tell(client, "另一件事：理财到期没有到账，问了三次没有答复。")
    introduce(client, phone="13900001111")
    send(client)
    assert Complaint.objects.count() == 2
    assert client.get(DONE).context["number"] != first.number


def test_the_same_matter_told_again_by_anybody_shows_nothing_of_the_case(
    client: Client,
) -> None:
    case = complain(client)
    stranger = Client()
    tell(stranger)
    introduce(stranger)
    assert send(stranger)["Location"] == DONE
    receipt = stranger.get(DONE)
    assert Complaint.objects.count() == 1
    assert case.contacts.count() == 2
    assert case.number not in page(receipt)
    assert case.desk is not None and case.desk.name not in page(receipt)
    assert "2026年3月17日" not in page(receipt)


def test_nothing_typed_waits_in_the_clear_or_in_a_hidden_field(client: Client) -> None:
    tell(client)
    introduce(client)
    kept = str([row.get_decoded() for row in Session.objects.all()])
    assert "web_form.said" in kept
    hidden = re.findall(r'<input type="hidden" name="(\w+)"', page(client.get(CHECK)))
    assert set(hidden) <= {"csrfmiddlewaretoken", "next", "seen"}
    send(client)
    code = client.get(DONE).context["code"].replace(" ", "")
    kept += str([row.get_decoded() for row in Session.objects.all()])
    for secret in (FEE, "张伟", "1234", code):
        assert secret not in kept


def test_neither_code_nor_person_is_in_an_address_or_a_log(
    client: Client, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    sent_to = [tell(client)["Location"], introduce(client)["Location"], send(client)["Location"]]
    code = client.get(DONE).context["code"].replace(" ", "")
    assert sent_to == [YOU, CHECK, DONE]
    logged = "\n".join(
        record.getMessage() for record in caplog.records if not record.name.startswith("django.db")
    )
    for secret in (code, "13800001234", "138 0000 1234", "张伟"):
        assert secret not in logged


def test_a_session_sealed_with_a_lost_key_starts_afresh(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    tell(client)

    def lost(sealed: bytes, *, context: str) -> str:
        raise crypto.CannotUnseal(context)

    monkeypatch.setattr(crypto, "unseal", lost)
    assert client.get(YOU)["Location"] == START


def test_nobody_is_refused_for_being_one_of_many(client: Client) -> None:
    for number in range(40):
        visitor = Client(REMOTE_ADDR="203.0.113.7")
        tell(visitor, f"{FEE}第{number}次说。")
        introduce(visitor, phone=f"139{number:08d}")
        assert send(visitor)["Location"] == DONE
    assert Complaint.objects.count() == 40


def test_large_print_once_asked_for_stays_on_every_screen(client: Client) -> None:
    assert 'data-elder="1"' not in page(client.get(START))
    assert 'data-elder="1"' in page(client.get(START, {"elder": "1"}))
    tell(client)
    introduced = client.get(YOU)
    introduce(client)
    for response in (introduced, client.get(CHECK), tell(client, "")):
        assert 'data-elder="1"' in page(response)


def test_the_form_speaks_english_to_whoever_asks(client: Client) -> None:
    client.cookies["django_language"] = "en"
    tell(client)
    introduce(client, place=OUTLET_A)
    assert 'lang="en"' in page(client.get(YOU))
    send(client)
    assert "Second-level Branch" in page(client.get(DONE))


def test_no_screen_needs_a_script(client: Client) -> None:
    tell(client, papers=[photo()])
    introduce(client)
    screens = [client.get(url) for url in (START, YOU, CHECK)]
    send(client)
    for screen in [*screens, client.get(DONE)]:
        main = page(screen).partition("<main")[2].partition("</main>")[0]
        assert not re.search(r"\bhx-|\bon\w+=|<script|style=", main)
        for form in re.findall(r"<form[^>]*>.*?</form>", main, re.DOTALL):
            assert 'method="post"' in form
            assert re.search(r"<button(?![^>]*type=\"button\")", form)


def counted(act: Callable[[], Any]) -> int:
    with CaptureQueriesContext(connection) as asked:
        act()
    return len(asked.captured_queries)


def test_the_screens_ask_the_database_as_often_however_much_there_is(client: Client) -> None:
    tell(client)
    introduce(client)
    few = [counted(lambda url=url: client.get(url)) for url in (START, YOU, CHECK)]  # type: ignore[misc]
    for number in range(3):
        complain(Client(), phone=f"1390000000{number}")
    tell(client, papers=[photo(f"{n}.png", PNG + bytes([n])) for n in range(5)])
    many = [counted(lambda url=url: client.get(url)) for url in (START, YOU, CHECK)]  # type: ignore[misc]
    assert few == many == [1, 3, 3]


def test_sending_costs_the_same_on_a_busy_day(client: Client) -> None:
    complain(Client(), phone="13911110000")
    counts = []
    for number in range(4):
        visitor = Client()
        tell(visitor, f"第{number}位客户：理财产品到期没有到账，问了{number}次都没有答复。")
        introduce(visitor, phone=f"1390000000{number}", place=OUTLET_A)
        seen = {"seen": visitor.get(CHECK).context["seen"]}
        counts.append(counted(lambda visitor=visitor, seen=seen: visitor.post(CHECK, seen)))  # type: ignore[misc]
    # The first has nobody who wrote nearly the same; from then on every look-up has its answer.
    assert len(set(counts[1:])) == 1, counts
