"""Somebody asks at night; the assistant cites what is released, or fetches a person."""

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.conf import settings as configured
from django.contrib.sessions.models import Session
from django.db import connection, transaction
from django.db.utils import IntegrityError
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.timezone import localtime

from sujin.channels.assistant import talk
from sujin.complaints.models import Complaint, Contact
from sujin.engine.converse import Act
from sujin.knowledge.acts import converse
from sujin.knowledge.acts.draft import draft_next
from sujin.knowledge.acts.edit import edit
from sujin.knowledge.acts.forget_words import forget_words
from sujin.knowledge.acts.plant import plant
from sujin.knowledge.acts.release import release
from sujin.knowledge.acts.submit import submit
from sujin.knowledge.acts.withdraw import withdraw
from sujin.knowledge.audience import THE_PUBLIC
from sujin.knowledge.models import Conversation, Question, Turn, Version
from sujin.knowledge.transcript import shown
from sujin.knowledge.wording import Wording
from sujin.platform.acts.organise import system_person
from sujin.platform.models.miss import Miss

ASK, CHOICE, VERDICT, PERSON, END = (
    "/ask/",
    "/ask/choice",
    "/ask/verdict",
    "/ask/person",
    "/ask/end",
)
DONE = "/say/done"
ANNUAL, COIN, SECRET = "年费怎么免", "纪念币可以异地兑换吗", "贵宾室口令怎么改"
BOOK = "存折丢了怎么补办"
WHO = {"kind": "consultation", "name": "张伟", "phone": "138 0000 1234", "more": ""}


def wording(code: str, title: str, answer: str, **given: Any) -> Wording:
    """A scenario for the public with a part that is for staff only."""
    parts = {
        "situation": title,
        "answer": answer,
        "steps": "- 核对账户",
        "script": "您好，我来帮您。",
        "dont_say": "- 不归我管",
        "basis": "- 收费办法（请归口部门填写文号）",
    }
    scope = {"surfaces": given.pop("surfaces", ("staff", "public"))}
    return Wording(code, "scenario", "card", title, parts, given.pop("asks", ()), scope)


SHELF = [
    wording("annual", "信用卡年费", "刷满约定次数免年费。", asks=(ANNUAL, "信用卡年费怎么收")),
    wording("coin", "纪念币兑换", "可以在预约时选的网点兑换。", asks=(COIN,)),
    wording("lounge", "贵宾室口令", "只对员工。", asks=(SECRET,), surfaces=("staff",)),
    wording("book", "存折挂失补办", "本人带证件来补办。\n费用标准（请归口部门填写）", asks=(BOOK,)),
    wording("cancel-card", "信用卡销户", "结清欠款后可以销户。", asks=("信用卡怎么销户",)),
    wording("cancel-account", "借记卡销户", "余额取出后可以销户。", asks=("借记卡怎么销户",)),
]


@pytest.fixture(autouse=True)
def folder(bank: None, settings: Any, tmp_path: Any) -> None:
    """Files of a test stay in the test's own folder."""
    settings.VAR, settings.FILES_ROOT = tmp_path, tmp_path / "files"


@pytest.fixture(autouse=True)
def watch(noon: datetime, monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
    """A clock that stands at noon until a test moves ``now``."""
    hand = SimpleNamespace(now=noon)
    monkeypatch.setattr("django.utils.timezone.now", lambda: hand.now)
    return hand


@pytest.fixture(autouse=True)
def shelf(cast: SimpleNamespace, noon: datetime) -> None:
    """Six items, released by Zheng Gang."""
    plant(SHELF, by=system_person(), at=noon - timedelta(days=1), released_by=cast.zheng_gang)


def page(response: Any) -> str:
    return str(response.content.decode())


def ask(client: Client, words: str) -> Any:
    return client.post(ASK, {"words": words}, follow=True)


def version(code: str) -> Version:
    return Version.objects.get(item__code=code, state="released")


def test_a_customer_is_answered_word_for_word_and_told_from_where(client: Client) -> None:
    told = page(ask(client, ANNUAL))
    one = version("annual")
    assert one.parts["answer"] in told
    assert f"《{one.title}》" in told
    assert "第 1 版" in told
    assert one.valid_to is not None
    assert f"{localtime(one.valid_to):%Y年%-m月%-d日}" in told


def test_what_is_for_staff_only_is_not_in_the_answer(client: Client) -> None:
    told = page(ask(client, ANNUAL))
    assert "不归我管" not in told
    assert "核对账户" not in told
    assert "只对员工" not in page(ask(client, SECRET))
    assert Turn.objects.filter(version__item__code="lounge").count() == 0


def test_what_the_department_has_not_filled_in_is_not_quoted(client: Client) -> None:
    one = version("book")
    assert "归口部门" in one.parts["answer"]
    assert "归口部门" in one.parts["basis"]
    told = page(ask(client, BOOK))
    assert "本人带证件来补办。" in told
    assert "归口部门" not in told
    assert "费用标准" not in told
    assert "收费办法" not in told


def test_looking_at_the_page_leaves_nothing_behind(client: Client) -> None:
    with CaptureQueriesContext(connection) as asked:
        response = client.get(ASK)
    assert not asked.captured_queries
    assert "sessionid" not in response.cookies
    assert "no-store" in response["Cache-Control"]


def test_a_withdrawn_answer_disappears_from_the_screen(
    client: Client, cast: SimpleNamespace, noon: datetime
) -> None:
    ask(client, ANNUAL)
    withdraw(version("annual"), because="有误", by=cast.zheng_gang, at=noon)
    told = page(client.get(ASK))
    assert "刷满约定次数" not in told
    assert "此答复已更新" in told


def test_a_new_version_is_announced_and_only_it_is_said_from_then_on(
    client: Client, cast: SimpleNamespace, noon: datetime
) -> None:
    ask(client, ANNUAL)
    old = version("annual")
    made = draft_next(old.item, because="条件变了", by=cast.liu_yang, at=noon)
    parts = {**made.parts, "answer": "刷满八次免年费。"}
    edit(made, {"parts": parts}, by=cast.liu_yang, at=noon)
    submit(made, by=cast.liu_yang, at=noon)
    release(made, by=cast.zheng_gang, at=noon)
    told = page(client.get(ASK))
    assert "此答复已更新" in told
    assert "刷满约定次数" not in told
    assert "刷满八次免年费" in page(ask(client, ANNUAL))


def test_an_expired_item_is_quoted_no_more(client: Client, watch: SimpleNamespace) -> None:
    watch.now += timedelta(days=366)
    told = page(ask(client, ANNUAL))
    assert "刷满约定次数" not in told
    assert Turn.objects.get().act == Act.DECLINE.value


def test_two_near_items_bring_one_question_and_a_button_answers_it(client: Client) -> None:
    told = page(ask(client, "怎么销户"))
    turn = Turn.objects.get()
    assert turn.act == Act.ASK.value
    assert "信用卡销户" in told and "借记卡销户" in told
    told = page(client.post(CHOICE, {"key": version("cancel-card").pk}, follow=True))
    assert "结清欠款后可以销户" in told


def test_a_key_that_was_never_offered_opens_nothing(client: Client) -> None:
    ask(client, "怎么销户")
    client.post(CHOICE, {"key": version("lounge").pk})
    assert Turn.objects.latest("nth").version is None


def test_none_of_them_is_not_asked_twice(client: Client) -> None:
    ask(client, "怎么销户")
    client.post(CHOICE, {"key": ""})
    assert Turn.objects.latest("nth").act == Act.DECLINE.value
    ask(client, "月亮上有什么")
    assert Turn.objects.latest("nth").act == Act.HAND_OVER.value


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        ("转人工", "consultation"),
        ("我要投诉你们网点", "complaint"),
        ("刚转给骗子了能不能拦住", "complaint"),
        ("我不想活了", "complaint"),
        ("再不处理我就打12378", "complaint"),
    ],
)
def test_whoever_complains_or_is_in_danger_gets_a_person(
    client: Client, words: str, kind: str
) -> None:
    told = page(ask(client, words))
    held = Conversation.objects.get()
    assert (held.kind, Turn.objects.get().act) == (kind, Act.HAND_OVER.value)
    assert f"tel:{configured.INSTITUTION_PHONE}" in told
    assert "请专人联系我" in told


def test_every_word_of_the_conversation_reaches_the_case(client: Client) -> None:
    said = [ANNUAL, "没有刷满也想免", "那我要投诉"]
    for words in said:
        ask(client, words)
    client.post(PERSON)
    assert client.post(PERSON, {**WHO, "kind": "complaint", "more": "请晚上打"})["Location"] == DONE
    case = Complaint.objects.get()
    contact = Contact.objects.get(complaint=case)
    for words in (*said, "请晚上打", "annual"):
        assert words in contact.text
    assert (case.channel, case.kind) == ("assistant", "complaint")
    assert "《信用卡年费》第 1 版" in str(contact.attributes)
    assert case.number in page(client.get(DONE))
    assert Conversation.objects.get().case == case.pk


def test_a_turn_left_out_of_the_transcript_would_be_seen(client: Client) -> None:
    """The control of the test above."""
    ask(client, ANNUAL)
    ask(client, "转人工")
    Turn.objects.filter(nth=1).delete()
    client.post(PERSON, WHO)
    assert ANNUAL not in Contact.objects.get().text


def test_handing_over_twice_is_one_case(client: Client, noon: datetime) -> None:
    ask(client, "转人工")
    token = client.session[talk.TOKEN]
    client.post(PERSON, WHO)
    session = client.session
    session[talk.TOKEN] = token
    session.save()
    told = page(client.post(PERSON, {**WHO, "phone": "139 0000 2222"}, follow=True))
    assert Complaint.objects.count() == 1
    assert "这一次填的内容没有另外登记" in told
    assert Complaint.objects.get().number in told


def test_a_complaint_cannot_be_handed_over_without_a_telephone(client: Client) -> None:
    ask(client, "转人工")
    response = client.post(PERSON, {**WHO, "phone": "12"})
    assert response.status_code == 422
    assert not Complaint.objects.exists()


def test_without_a_conversation_the_form_is_the_plain_one(client: Client) -> None:
    assert client.get(PERSON)["Location"] == "/say/"


PERSONAL = "我叫王建国，手机13800001234，卡号6222021234567890128，年费怎么免"


def test_personal_data_is_never_kept_unmasked_and_never_in_an_address(client: Client) -> None:
    response = client.post(ASK, {"words": PERSONAL})
    assert response["Location"] == f"{ASK}#last"
    kept = json.dumps(list(Turn.objects.values()), default=str)
    kept += json.dumps(list(Question.objects.values()), default=str)
    kept += "".join(one.session_data for one in Session.objects.all())
    for secret in ("13800001234", "6222021234567890128", "王建国"):
        assert secret not in kept
    assert Turn.objects.get().act == Act.ANSWER.value


@pytest.mark.parametrize("number", ["6222021234567890123", "6222 0212 3456 7890 123"])
def test_a_long_number_is_not_kept_even_when_it_is_no_card(client: Client, number: str) -> None:
    ask(client, f"{number}的年费怎么免")
    for kept in (Turn.objects.get().words, Question.objects.get().words):
        assert kept == "****0123的年费怎么免"


def test_script_in_the_words_is_shown_as_words(client: Client) -> None:
    told = page(ask(client, "年费<script>alert(1)</script><img src=x onerror=y>"))
    assert "<script>alert" not in told
    assert "<img src=x" not in told


@pytest.mark.parametrize("nothing", ["", "  \n", "\0", "\u200b"])
def test_whoever_wrote_nothing_is_asked_again(client: Client, nothing: str) -> None:
    response = client.post(ASK, {"words": nothing})
    assert response.status_code == 422
    assert not Turn.objects.exists()
    assert not Conversation.objects.exists()


def test_a_novel_is_refused_with_its_length(client: Client) -> None:
    response = client.post(ASK, {"words": "字" * 100_000})
    assert response.status_code == 422
    assert "100000" in page(response)
    assert not Turn.objects.exists()


@pytest.mark.parametrize("words", ["ありがとう", "La banque est fermée ?", "مرحبا", "🙂🙂"])
def test_a_language_it_does_not_know_gets_a_person_and_no_guess(client: Client, words: str) -> None:
    ask(client, words)
    ask(client, words)
    assert list(Turn.objects.order_by("nth").values_list("act", flat=True)) == [
        Act.DECLINE.value,
        Act.HAND_OVER.value,
    ]


def test_the_page_is_in_english_too(client: Client) -> None:
    response = client.get(ASK, headers={"accept-language": "en"})
    assert "Ask us" in page(response)


def test_who_asks_too_often_is_told_to_wait(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(talk, "TURNS_PER_HOUR", 3)
    for _n in range(3):
        ask(client, ANNUAL)
    assert client.post(ASK, {"words": ANNUAL}).status_code in (302, 429)
    assert client.post(ASK, {"words": ANNUAL}).status_code == 429
    assert Turn.objects.count() <= 4


def test_a_flood_of_new_conversations_ends_at_a_person(monkeypatch: pytest.MonkeyPatch) -> None:
    """When all turns of the hour are gone, whoever comes next is led to the form and the telephone,
    and is not written down."""
    monkeypatch.setattr(talk, "TURNS_PER_HOUR_OF_ALL", 3)
    statuses = [Client().post(ASK, {"words": ANNUAL}).status_code for _n in range(3)]
    response = Client().post(ASK, {"words": ANNUAL})
    assert (statuses, response.status_code) == ([302] * 3, 200)
    assert "现在问的人太多" in page(response)
    assert 'class="btn btn-primary" href="/say/"' in page(response)
    assert f"tel:{configured.INSTITUTION_PHONE}" in page(response)
    assert Conversation.objects.count() == 3


def test_one_script_does_not_take_the_assistant_from_everybody(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(talk, "TURNS_PER_HOUR_OF_ONE_NETWORK", 2)
    monkeypatch.setattr(talk, "TURNS_PER_HOUR_OF_ALL", 4)
    script = [f"2001:db8:1:2::{n:x}" for n in range(1, 9)]
    for address in script:
        Client(REMOTE_ADDR=address).post(ASK, {"words": ANNUAL})
    assert Conversation.objects.count() == 2
    response = Client(REMOTE_ADDR="198.51.100.7").post(ASK, {"words": ANNUAL})
    assert response.status_code == 302
    kept = " ".join(Miss.objects.values_list("key", flat=True))
    assert "2001:db8" not in kept and "198.51" not in kept


def test_behind_a_proxy_the_address_is_what_the_proxy_saw(
    settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What a client writes before it counts nothing; a proxy that says nothing shuts nobody out."""
    settings.BEHIND_PROXY = True
    monkeypatch.setattr(talk, "TURNS_PER_HOUR_OF_ONE_NETWORK", 1)
    for n in range(3):
        claimed = {"x-forwarded-for": f"192.0.2.{n}, 203.0.113.9"}
        Client().post(ASK, {"words": ANNUAL}, headers=claimed)
    assert Conversation.objects.count() == 1
    for _n in range(3):
        Client().post(ASK, {"words": ANNUAL})
    assert Conversation.objects.count() == 4


def test_the_same_words_said_again_are_one_question(client: Client) -> None:
    for words in (ANNUAL, ANNUAL, COIN, ANNUAL):
        ask(client, words)
    assert list(Question.objects.order_by("pk").values_list("words", flat=True)) == [ANNUAL, COIN]
    ask(Client(), ANNUAL)
    assert Question.objects.count() == 3


def test_after_the_last_turn_there_is_still_a_person(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(converse, "TURNS_MAX", 2)
    ask(client, ANNUAL)
    ask(client, COIN)
    assert client.post(ASK, {"words": ANNUAL}).status_code == 422
    assert client.post(PERSON)["Location"] == PERSON
    assert client.post(PERSON, WHO)["Location"] == DONE
    assert COIN in Contact.objects.get().text


def test_who_handed_over_in_another_window_is_told_so(client: Client, noon: datetime) -> None:
    ask(client, ANNUAL)
    converse.settle(Conversation.objects.get(), 7, at=noon)
    response = client.post(PERSON, follow=True)
    assert response.redirect_chain == [(ASK, 302)]
    assert "已经交给专人办理" in page(response)


def test_helped_or_not_is_remembered(client: Client) -> None:
    assert "解决您的问题了吗" in page(ask(client, ANNUAL))
    client.post(VERDICT, {"helped": "yes"})
    assert Conversation.objects.get().helped is True
    ask(client, ANNUAL)
    client.post(VERDICT, {"helped": "no"})
    held = Conversation.objects.get()
    assert held.helped is False
    assert held.failures == 1


def test_a_device_forgets_when_asked_and_after_two_hours(
    client: Client, watch: SimpleNamespace
) -> None:
    ask(client, ANNUAL)
    watch.now += timedelta(hours=3)
    assert "刷满约定次数" not in page(client.get(ASK))
    ask(client, ANNUAL)
    client.post(END)
    assert "刷满约定次数" not in page(client.get(ASK))


def test_the_page_is_read_in_a_fixed_number_of_queries(client: Client) -> None:
    ask(client, ANNUAL)
    with CaptureQueriesContext(connection) as few:
        client.get(ASK)
    for _n in range(6):
        ask(client, COIN)
    with CaptureQueriesContext(connection) as many:
        client.get(ASK)
    assert len(many) == len(few)


def test_old_words_are_forgotten_and_the_figures_stay(client: Client, noon: datetime) -> None:
    ask(client, ANNUAL)
    assert forget_words(at=noon + timedelta(days=89)) == 0
    assert Question.objects.exists()
    assert forget_words(at=noon + timedelta(days=91)) == 1
    assert not Question.objects.exists()
    turn = Turn.objects.get()
    assert (turn.words, turn.act) == ("", Act.ANSWER.value)


def flaws(at: datetime) -> list[str]:
    """Answers on any screen now that cite nothing served to the public."""
    served = set(Version.objects.served(THE_PUBLIC, at).values_list("pk", flat=True))
    return [
        one.quoted.version.title
        for held in Conversation.objects.all()
        for one in shown(held, at)
        if one.quoted is not None and one.quoted.version.pk not in served
    ]


def test_whatever_the_day_no_answer_cites_what_is_not_served(
    cast: SimpleNamespace, noon: datetime, watch: SimpleNamespace
) -> None:
    """Every item asked for on every day around the days of its versions, one being withdrawn."""
    for days in (-2, 0, 1, 200, 363, 364, 400):
        watch.now = noon + timedelta(days=days)
        if days == 200:
            withdraw(version("coin"), because="有误", by=cast.zheng_gang, at=watch.now)
        client = Client()
        for words in (ANNUAL, COIN, SECRET, "怎么销户"):
            client.post(ASK, {"words": words})
        for turn in Turn.objects.filter(at=watch.now, act=Act.ANSWER.value):
            assert turn.version is not None
            assert turn.version.is_in_force(watch.now)
            assert "public" in turn.version.surfaces
        assert not flaws(watch.now)
    assert Turn.objects.filter(act=Act.ANSWER.value).count() > 5


def test_a_planted_answer_from_a_staff_item_is_not_shown(client: Client, noon: datetime) -> None:
    """The control: the row says so, the screen does not; and no answer is without a citation."""
    ask(client, ANNUAL)
    turn = Turn.objects.get()
    turn.version = version("lounge")
    turn.save()
    assert "只对员工" not in page(client.get(ASK))
    turn.version = None
    with pytest.raises(IntegrityError), transaction.atomic():
        turn.save()


Post = Callable[..., Any]


@pytest.fixture
def machine(client: Client) -> Post:
    """Whoever asks on a customer's behalf, with the token."""

    def post(path: str, body: Any, **headers: str) -> Any:
        sent = {"Authorization": f"Bearer {configured.ASSISTANT_TOKEN}"} | headers
        return client.post(
            f"/assistant/{path}", json.dumps(body), content_type="application/json", headers=sent
        )

    return post


def test_a_machine_is_answered_like_a_browser(machine: Post) -> None:
    response = machine("turns", {"words": ANNUAL})
    told = response.json()
    assert response.status_code == 201
    assert (told["act"], told["answer"]["item"], told["answer"]["version"]) == (
        "answer",
        "annual",
        1,
    )
    assert told["answer"]["valid_to"].startswith("2027-03-01T")
    assert [part["part"] for part in told["answer"]["parts"]] == ["answer"]
    body = {"conversation": told["conversation"], "helped": True}
    assert machine("verdicts", body).status_code == 201
    assert Conversation.objects.get().helped is True


def test_a_machine_chooses_and_hands_over(machine: Post) -> None:
    told = machine("turns", {"words": "怎么销户"}).json()
    assert {one["item"] for one in told["choices"]} >= {"cancel-card", "cancel-account"}
    body = {"conversation": told["conversation"], "chosen": "cancel-card"}
    assert machine("turns", body).json()["answer"]["item"] == "cancel-card"
    given = machine("hand-overs", {"conversation": told["conversation"], **WHO})
    assert given.status_code == 201
    assert given.json()["number"] == Complaint.objects.get().number
    assert "怎么销户" in Contact.objects.get().text


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("turns", {"words": ""}, 422),
        ("turns", {"words": 7}, 422),
        ("turns", {"words": ANNUAL, "conversation": "nobody"}, 404),
        ("turns", {"chosen": "annual"}, 404),
        ("turns", [], 400),
        ("verdicts", {"helped": True}, 404),
        ("hand-overs", {"conversation": "nobody", **WHO}, 404),
    ],
)
def test_what_a_machine_says_wrong_it_hears(
    machine: Post, path: str, body: Any, status: int
) -> None:
    response = machine(path, body)
    assert response.status_code == status
    assert {"field", "message", "remedy"} == set(response.json()["error"])
    assert not Turn.objects.exists()


def test_a_stranger_is_not_answered(machine: Post) -> None:
    assert machine("turns", {"words": ANNUAL}, Authorization="Bearer x").status_code == 401


@pytest.mark.parametrize("sent", ["Bearer", "Bearer ", "Bearer x"])
def test_where_no_token_was_given_out_nobody_holds_it(
    machine: Post, settings: Any, sent: str
) -> None:
    settings.ASSISTANT_TOKEN = ""
    assert machine("turns", {"words": ANNUAL}, Authorization=sent).status_code == 401


def test_a_machine_that_hands_over_twice_is_told_so(machine: Post) -> None:
    body = {"conversation": machine("turns", {"words": ANNUAL}).json()["conversation"], **WHO}
    first = machine("hand-overs", body).json()
    again = machine("hand-overs", {**body, "phone": "139 0000 2222"}).json()
    assert (first["already"], first["note"]) == (False, "")
    assert (again["number"], again["already"]) == (first["number"], True)
    assert configured.INSTITUTION_PHONE in again["note"]


def test_browsers_do_not_take_the_assistant_from_machines(
    machine: Post, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(talk, "TURNS_PER_HOUR_OF_ALL", 1)
    for _n in range(2):
        ask(Client(), ANNUAL)
    assert machine("turns", {"words": ANNUAL}).status_code == 201
    assert machine("turns", {"words": ANNUAL}).status_code == 503
