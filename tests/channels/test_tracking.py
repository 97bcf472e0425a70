"""Somebody with a number and a code looks how the matter stands; somebody without looks in vain."""

import hmac
import re
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

from sujin.channels.channel import WEB_FORM
from sujin.channels.tracking import proof, words
from sujin.channels.tracking.receive import goes_on
from sujin.complaints import kinds
from sujin.complaints.acts import extend
from sujin.complaints.acts.annotate import annotate
from sujin.complaints.acts.attach import attach
from sujin.complaints.acts.claim import claim
from sujin.complaints.acts.hand_over import accept, hand_over
from sujin.complaints.acts.investigate import investigate
from sujin.complaints.acts.merge import merge, unmerge
from sujin.complaints.acts.promise import keep, miss_overdue, promise
from sujin.complaints.acts.receive import Receipt, receive
from sujin.complaints.acts.respond import respond
from sujin.complaints.acts.withdraw import withdraw
from sujin.complaints.draft import CaseKind, Draft, PartyDraft
from sujin.complaints.models import Complaint
from sujin.lab.cast import BRANCH2_A, BRANCH2_B
from sujin.platform import budget, journal
from sujin.platform.acts.organise import system_person
from sujin.platform.files import Checked
from sujin.platform.models import Attachment, Miss, Notice, Org

FIND = "/track/"
UNKNOWN, WRONG = "2026-9999999", "1234567890123456"
PNG = b"\x89PNG\r\n\x1a\n" + b"picture"
TOLD = "没有查到"


@pytest.fixture(autouse=True)
def folder(bank: None, settings: Any, tmp_path: Path) -> None:
    """Files of a test stay in the test's own folder."""
    settings.VAR, settings.FILES_ROOT = tmp_path, tmp_path / "files"


@pytest.fixture(autouse=True)
def watch(noon: datetime, monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
    """A clock that stands at noon until a test moves ``now``."""
    hand = SimpleNamespace(now=noon)
    monkeypatch.setattr("django.utils.timezone.now", lambda: hand.now)
    return hand


@pytest.fixture
def told(noon: datetime) -> Receipt:
    """Zhang Wei's complaint, and the slip with his code."""
    return tell(noon, "信用卡被扣了300元年费，要求退还。", "13800001234")


def tell(at: datetime, text: str, phone: str, kind: CaseKind = CaseKind.COMPLAINT) -> Receipt:
    party = PartyDraft(name="张伟", phone=phone)
    draft = Draft("web_form", text, at, BRANCH2_A, kind=kind, parties=(party,))
    return receive(draft, by=WEB_FORM.account(), at=at)


def ask(client: Client, number: str, code: str) -> Any:
    return client.post(FIND, {"number": number, "code": code})


def opened(client: Client, told: Receipt) -> Any:
    """The page of the case, after number and code were given."""
    address = ask(client, told.number, told.code)["Location"]
    assert address == f"/track/{told.number}"
    return client.get(address)


def add(client: Client, told: Receipt, **what: Any) -> Any:
    return client.post(f"/track/{told.number}/material", what)


def photo(name: str = "账单.png", content: bytes = PNG) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def page(response: Any) -> str:
    return str(response.content.decode())


def main(response: Any) -> str:
    return page(response).partition("<main")[2].partition("</main>")[0]


def fresh(case: Complaint) -> Complaint:
    return Complaint.objects.get(pk=case.pk)


# Getting in.


def test_number_and_code_open_the_page(client: Client, told: Receipt) -> None:
    response = opened(client, told)
    assert response.status_code == 200
    assert told.number in page(response)
    assert "江南临江分行" in page(response)
    assert "2026年3月17日" in page(response)


@pytest.mark.parametrize("way", ["{} {}", "{}-{}", " {}{} "])
def test_they_may_be_written_as_people_write_them(client: Client, told: Receipt, way: str) -> None:
    wide = told.number.replace("-", "").translate({ord(str(d)): 0xFF10 + d for d in range(10)})
    code = way.format(told.code[:8], told.code[8:])
    assert ask(client, wide, code)["Location"] == f"/track/{told.number}"


@pytest.mark.parametrize(
    ("number", "code", "said"),
    [
        ("", WRONG, "请填写编号"),
        (UNKNOWN, "", "请填写查询码"),
        ("2026-1", WRONG, "4 位年份加 7 位数字"),
        (UNKNOWN, "12345", "查询码是 16 位数字"),
        ("<script>", "' OR 1=1 --", "4 位年份加 7 位数字"),
    ],
)
def test_what_cannot_be_a_number_or_a_code_costs_nothing(
    client: Client, number: str, code: str, said: str
) -> None:
    response = ask(client, number, code)
    assert response.status_code == 422
    assert said in page(response)
    assert "<script>" not in main(response)
    assert not Miss.objects.exists()


def test_a_right_try_costs_nothing(client: Client, told: Receipt) -> None:
    for _visit in range(7):
        opened(client, told)
    assert not Miss.objects.exists()


def test_a_code_opens_its_own_number_only(client: Client, told: Receipt, noon: datetime) -> None:
    other = tell(noon, "理财产品到期了没有到账，一直没有说法。", "13900001111")
    assert ask(client, other.number, told.code).status_code == 422


def test_a_case_without_a_code_opens_to_nobody(client: Client, told: Receipt) -> None:
    Complaint.objects.filter(number=told.number).update(code_hash="")
    assert ask(client, told.number, told.code).status_code == 422


# Guessing.


def bare(response: Any, number: str) -> str:
    """The page without what differs between any two pages: tokens and the number that was typed."""
    text = re.sub(r'value="\w{64}"', "", page(response))
    return text.replace(f'value="{number}"', "")


def test_unknown_wrong_and_locked_look_the_same(client: Client, told: Receipt) -> None:
    wrong = ask(Client(), told.number, WRONG)
    unknown = ask(Client(), UNKNOWN, WRONG)
    for _guess in range(6):
        ask(Client(), told.number, WRONG)
    locked = ask(Client(), told.number, WRONG)
    shown = [wrong, unknown, locked]
    assert {response.status_code for response in shown} == {422}
    assert len({len(response.content) for response in shown}) == 1
    assert len({str(sorted(response.headers)) for response in shown}) == 1
    assert bare(wrong, told.number) == bare(locked, told.number) == bare(unknown, UNKNOWN)
    assert TOLD in page(wrong)


def test_the_known_bad_control_a_format_error_does_not_look_the_same(told: Receipt) -> None:
    assert bare(ask(Client(), told.number, WRONG), told.number) != bare(
        ask(Client(), told.number, "123"), told.number
    )


def test_an_unknown_number_takes_the_same_road_as_a_wrong_code(
    told: Receipt, monkeypatch: pytest.MonkeyPatch
) -> None:
    compared: list[tuple[int, int]] = []
    compare = hmac.compare_digest

    def seen(one: str, other: str) -> bool:
        compared.append((len(one), len(other)))
        return compare(one, other)

    monkeypatch.setattr("hmac.compare_digest", seen)
    roads = []
    for number in (told.number, UNKNOWN):
        with CaptureQueriesContext(connection) as asked:
            ask(Client(), number, WRONG)
        roads.append([re.sub(r"'[^']*'|\d+", "?", query["sql"]) for query in asked])
    assert roads[0] == roads[1]
    assert compared.count((32, 32)) == 2


def test_five_misses_lock_the_number_for_an_hour(
    client: Client, told: Receipt, watch: SimpleNamespace
) -> None:
    for minute in range(5):
        watch.now += timedelta(minutes=1)
        assert ask(Client(REMOTE_ADDR=f"203.0.113.{minute}"), told.number, WRONG).status_code == 422
    response = ask(client, told.number, told.code)
    assert response.status_code == 422
    assert TOLD in page(response)
    watch.now += timedelta(hours=1)
    assert ask(client, told.number, told.code).status_code == 302


def test_four_misses_do_not_lock_it(client: Client, told: Receipt) -> None:
    for _guess in range(4):
        ask(client, told.number, WRONG)
    assert ask(client, told.number, told.code).status_code == 302


def test_knocking_on_a_locked_number_does_not_keep_it_locked(
    client: Client, told: Receipt, watch: SimpleNamespace
) -> None:
    for _guess in range(5):
        ask(client, told.number, WRONG)
    for _knock in range(11):
        watch.now += timedelta(minutes=5)
        ask(Client(), told.number, WRONG)
    watch.now += timedelta(minutes=6)
    assert ask(client, told.number, told.code).status_code == 302


def test_one_locked_number_leaves_the_others_open(
    client: Client, told: Receipt, noon: datetime
) -> None:
    other = tell(noon, "理财产品到期了没有到账，一直没有说法。", "13900001111")
    for _guess in range(6):
        ask(client, told.number, WRONG)
    assert ask(client, other.number, other.code).status_code == 302


def test_an_unknown_number_is_locked_like_any_other(client: Client) -> None:
    for _guess in range(8):
        assert ask(client, UNKNOWN, WRONG).status_code == 422
    assert Miss.objects.filter(key=f"tracking:{UNKNOWN}").count() == 5


def test_a_forged_forwarding_header_buys_no_further_tries(client: Client, told: Receipt) -> None:
    for guess in range(5):
        header = {"X-Forwarded-For": f"198.51.100.{guess}"}
        client.post(FIND, {"number": told.number, "code": WRONG}, headers=header)
    assert ask(Client(), told.number, told.code).status_code == 422


def test_all_misses_of_a_day_share_one_budget(
    client: Client, told: Receipt, watch: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(proof, "MISSES_PER_DAY", 6)
    ask(client, told.number, WRONG)
    for number in range(5):
        ask(client, f"2026-900000{number}", WRONG)
    assert ask(client, told.number, told.code).status_code == 422
    watch.now += timedelta(days=1, minutes=1)
    assert ask(client, told.number, told.code).status_code == 302


def test_a_sprayer_does_not_shut_out_a_customer_who_has_not_erred(
    client: Client, told: Receipt, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(proof, "MISSES_PER_DAY", 6)
    for number in range(9):
        ask(client, f"2026-900000{number}", WRONG)
    assert ask(client, told.number, told.code).status_code == 302


def test_spending_stops_at_the_limit_and_starts_again(noon: datetime) -> None:
    assert [budget.spend("door", noon, 2) for _try in range(3)] == [True, True, False]
    assert budget.spend("window", noon, 2)
    budget.take_back("door", noon)
    assert budget.spend("door", noon, 2)
    assert budget.spend("door", noon + budget.HOUR, 2)


def test_old_misses_are_forgotten(noon: datetime) -> None:
    budget.spend("door", noon - timedelta(days=2), 5)
    budget.spend("door", noon, 5)
    budget.forget(noon)
    assert [miss.at for miss in Miss.objects.all()] == [noon]


# Asking to hurry.


def test_one_tap_asks_to_hurry_and_whoever_has_it_hears_of_it(
    client: Client, told: Receipt, watch: SimpleNamespace, noon: datetime, cast: SimpleNamespace
) -> None:
    assert "催办" in page(opened(client, told))
    address = f"/track/{told.number}/urging"
    assert "已经转告经办人" in page(client.post(address, follow=True))
    assert "刚刚催过" in page(client.post(address, follow=True))
    entry = told.complaint.entries.of(kinds.Urged).get()
    for act in journal.reactions_to(entry.kind):
        act(entry)
    heard = Notice.objects.filter(entry=entry).values_list("person", flat=True)
    assert set(heard) >= {cast.chen_li.pk, cast.shen_qiu.pk}
    watch.now = noon + timedelta(minutes=20)
    assert "催办" in page(client.get(f"/track/{told.number}"))


def test_an_extension_gives_the_rules_reason_and_nobodys_name(
    client: Client, told: Receipt, noon: datetime, cast: SimpleNamespace
) -> None:
    case = fresh(told.complaint)
    claim(case, by=cast.chen_li, at=noon)
    at_once = next(one for one in extend.choices(case, at=noon) if not one.row.approvers)
    inner = "等柜员王秀英交代材料，同案客户李四电话13800138000"
    extend.extend(case, choice=at_once.code, because=inner, by=cast.chen_li, at=noon)
    assert case.entries.of(kinds.Extended).get().data["because"] == inner
    said = page(opened(client, told))
    assert "需要更长时间" in said and at_once.row.title["zh"] in said
    assert not [word for word in ("王秀英", "李四", "13800138000", "交代") if word in said]


# The customer's word on the answer.


@pytest.fixture
def settled(told: Receipt, noon: datetime, cast: SimpleNamespace) -> Receipt:
    """The matter was looked into and answered."""
    case = fresh(told.complaint)
    claim(case, by=cast.chen_li, at=noon)
    investigate(case, findings="查", fault="none", liable="", by=cast.chen_li, at=noon)
    ended = kinds.Answered(
        letter=0, way="letter", proof="EMS", finding="upheld", remedy=None, answered_at=noon
    )
    fresh(case).write(ended, by=cast.chen_li, at=noon)
    return told


def test_a_customer_is_asked_only_once_there_is_an_answer(client: Client, told: Receipt) -> None:
    assert "解决了吗" not in page(opened(client, told))
    refused = client.post(f"/track/{told.number}/verdict", {"satisfied": "no", "note": "慢"})
    assert refused.status_code == 422


def test_one_tap_says_it_is_solved(client: Client, settled: Receipt) -> None:
    assert "解决了吗" in page(opened(client, settled))
    answer = client.post(f"/track/{settled.number}/verdict", {"satisfied": "yes"})
    assert answer.status_code == 302
    assert fresh(settled.complaint).satisfied == "yes"
    assert "解决了吗" not in page(client.get(f"/track/{settled.number}"))


def test_not_solved_goes_one_level_higher_and_nothing_is_told_twice(
    client: Client, settled: Receipt
) -> None:
    opened(client, settled)
    address = f"/track/{settled.number}/verdict"
    empty = client.post(address, {"satisfied": "no", "note": ""})
    assert empty.status_code == 422 and "不满意什么" in page(empty)
    assert client.post(address, {"satisfied": "no", "note": "钱没退"}).status_code == 302
    case = fresh(settled.complaint)
    assert (case.is_open, case.level) == (True, 1)
    assert "重新办理" in page(client.get(f"/track/{settled.number}"))


def test_a_verdict_needs_the_code(client: Client, settled: Receipt) -> None:
    answer = client.post(f"/track/{settled.number}/verdict", {"satisfied": "no", "note": "x"})
    assert (answer.status_code, answer["Location"]) == (302, FIND)
    assert fresh(settled.complaint).satisfied == ""


# Staying in.


def test_nobody_else_sees_the_page_and_nobody_learns_that_the_number_exists(
    client: Client, told: Receipt
) -> None:
    opened(client, told)
    for number in (told.number, UNKNOWN, "anything"):
        for address in (f"/track/{number}", f"/track/{number}?code={told.code}"):
            response = Client().get(address)
            assert (response.status_code, response["Location"]) == (302, FIND)
        response = Client().post(f"/track/{number}/material", {"text": "补充"})
        assert (response.status_code, response["Location"]) == (302, FIND)
    assert not fresh(told.complaint).entries.of(kinds.Noted).exists()


def test_a_code_in_an_address_opens_nothing(client: Client, told: Receipt) -> None:
    response = client.get(FIND, {"number": told.number, "code": told.code}, follow=True)
    assert response.redirect_chain == [(FIND, 302)]
    assert told.code not in page(response)
    assert client.get(f"/track/{told.number}")["Location"] == FIND


def test_after_half_an_hour_number_and_code_are_asked_again(
    client: Client, told: Receipt, watch: SimpleNamespace
) -> None:
    opened(client, told)
    watch.now += timedelta(minutes=30)
    assert client.get(f"/track/{told.number}").status_code == 200
    watch.now += timedelta(seconds=1)
    response = client.get(f"/track/{told.number}", follow=True)
    assert response.redirect_chain == [(FIND, 302)]
    assert "30 分钟" in page(response)


def test_two_matters_can_be_open_at_once(client: Client, told: Receipt, noon: datetime) -> None:
    other = tell(noon, "理财产品到期了没有到账，一直没有说法。", "13900001111")
    opened(client, told)
    opened(client, other)
    assert client.get(f"/track/{told.number}").status_code == 200


def test_a_borrowed_device_forgets_when_told(client: Client, told: Receipt) -> None:
    opened(client, told)
    assert client.post(FIND, {"leave": "1"})["Location"] == FIND
    assert client.get(f"/track/{told.number}")["Location"] == FIND


def test_a_session_planted_before_is_worth_nothing_after(client: Client, told: Receipt) -> None:
    ask(client, told.number, told.code)
    planted = client.session.session_key
    ask(client, told.number, told.code)
    assert client.session.session_key != planted
    assert not Session.objects.filter(session_key=planted).exists()


def test_the_code_is_in_no_address_no_session_and_no_log(
    client: Client, told: Receipt, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    response = opened(client, told)
    ask(client, told.number, WRONG)
    kept = str([row.get_decoded() for row in Session.objects.all()])
    logged = "\n".join(
        record.getMessage() for record in caplog.records if not record.name.startswith("django.db")
    )
    links = " ".join(re.findall(r'(?:href|action|src)="([^"]*)"', page(response)))
    for place in (kept, logged, links, page(response), str(response.headers)):
        assert told.code not in place
    assert WRONG not in logged


def test_pages_with_a_case_are_not_kept_by_the_browser(client: Client, told: Receipt) -> None:
    assert "no-store" in opened(client, told)["Cache-Control"]


def test_the_customer_reads_what_was_promised_and_an_apology_for_what_was_not_kept(
    client: Client, told: Receipt, cast: SimpleNamespace, noon: datetime
) -> None:
    case = told.complaint
    claim(case, by=cast.chen_li, at=noon)
    due = {"late": -2, "kept": 20, "open": 30}
    made = {
        name: promise(
            case,
            kind="call_back",
            what=f"内部：{name}",
            due_at=noon + timedelta(hours=hours),
            by=cast.chen_li,
            at=noon - timedelta(hours=3),
        )
        for name, hours in due.items()
    }
    keep(made["kept"], how="内部说明", by=cast.chen_li, at=noon)
    shown = main(opened(client, told))
    promised = ["我们答应您的", "还没有做到，对不起", "已经做到", "还没到时间", "按时做到了"]
    assert [line for line in promised if line not in shown] == []
    assert "内部" not in shown
    miss_overdue(by=system_person(), at=noon)
    assert "没有做到，对不起" in main(opened(client, told)).partition("办理经过")[2]


def test_asking_changes_nothing_by_get(client: Client, told: Receipt) -> None:
    opened(client, told)
    assert client.get(f"/track/{told.number}/material").status_code == 405
    assert client.post(f"/track/{told.number}").status_code == 405


# What is seen.


def test_the_page_tells_public_steps_without_names_or_inner_reasons(
    client: Client, told: Receipt, cast: SimpleNamespace, noon: datetime
) -> None:
    case = told.complaint
    claim(case, by=cast.chen_li, at=noon)
    annotate(fresh(case), note="客户是老投诉人，先放一放", by=cast.chen_li, at=noon)
    attach(fresh(case), [Checked("内部调查.png", "image/png", PNG)], by=cast.chen_li, at=noon)
    respond(fresh(case), way="phone", note="说服客户撤诉", by=cast.chen_li, at=noon)
    hand_over(
        fresh(case),
        to=Org.objects.get(code=BRANCH2_B),
        because="推给石桥",
        by=cast.chen_li,
        at=noon,
    )
    accept(fresh(case), by=cast.ma_jun, at=noon)
    shown = main(opened(client, told))
    steps = ["我们收到了您反映的事", "交给江南临江分行办理", "经办人已经接手", "经办单位存入了材料"]
    for step in [*steps, "我们联系了您（电话）", "转由北川石桥分行办理"]:
        assert step in shown
    inner = ["陈立", "马骏", "老投诉人", "内部调查", "说服", "推给石桥", "二级分行办理"]
    for word in inner:
        assert word not in shown


def test_every_public_kind_has_words_of_its_own() -> None:
    spoken = {kind.code for kind in words._SAYS} | {kinds.Attached.code}
    assert set(words.PUBLIC) <= spoken


def test_the_unit_whose_turn_it_is_and_the_next_promise_come_first(
    client: Client, told: Receipt, cast: SimpleNamespace, noon: datetime
) -> None:
    ball = opened(client, told).context["ball"]
    assert ball.where.startswith("在银行这边：江南临江分行正在安排经办人")
    assert ball.promise == "2026年3月3日 12:00 之前，我们会联系您。"
    claim(told.complaint, by=cast.chen_li, at=noon)
    respond(fresh(told.complaint), way="phone", note="已致电", by=cast.chen_li, at=noon)
    ball = client.get(f"/track/{told.number}").context["ball"]
    assert ball.where.startswith("在银行这边：江南临江分行正在办理")
    assert ball.promise == "查清以后，最迟 2026年3月17日 告诉您处理决定。"


def test_a_broken_promise_is_admitted(
    client: Client, told: Receipt, watch: SimpleNamespace
) -> None:
    watch.now += timedelta(days=2)
    ball = opened(client, told).context["ball"]
    assert ball.is_late
    assert "应在 2026年3月3日 12:00 前联系您，已经超过，对不起" in ball.promise
    watch.now += timedelta(days=20)
    assert "2026年3月17日" in page(opened(client, told))


def test_a_question_has_no_date_of_decision(client: Client, noon: datetime) -> None:
    told = tell(noon, "请问提前还房贷要怎么预约？", "13900001111", CaseKind.CONSULTATION)
    ball = opened(client, told).context["ball"]
    assert ball.answer_by is None
    assert "联系您" in ball.promise


def test_a_withdrawn_matter_says_so_and_promises_nothing(
    client: Client, told: Receipt, cast: SimpleNamespace, noon: datetime
) -> None:
    withdraw(told.complaint, because="客户电话撤诉", by=cast.chen_li, at=noon)
    shown = main(opened(client, told))
    assert "您已经撤回" in shown
    assert "结束日期" in shown
    assert "客户电话撤诉" not in shown


def test_a_merged_matter_shows_where_it_goes_on(
    client: Client, told: Receipt, cast: SimpleNamespace, noon: datetime
) -> None:
    later = tell(noon, "理财产品到期了没有到账，一直没有说法。", "13900001111")
    # The same customer under another telephone number: both cases know it by now.
    Complaint.objects.update(customer_keys=told.complaint.customer_keys)
    merge(later.complaint, into=told.complaint, because="同一事项", by=cast.chen_li, at=noon)
    shown = main(opened(client, later))
    assert f"已和编号 {told.number} 合并" in shown
    assert "江南临江分行" in shown
    add(client, later, text="理财的合同在附件里", papers=[photo()])
    assert fresh(told.complaint).entries.of(kinds.Noted).count() == 1
    assert Attachment.objects.get().subject_id == told.complaint.pk
    assert "结束日期" not in shown
    unmerge(fresh(later.complaint), because="并错了", by=cast.chen_li, at=noon)
    assert "不再合并，单独办理" in main(client.get(f"/track/{later.number}"))


def test_a_merge_opens_no_strangers_matter_to_whoever_holds_the_other_number(
    client: Client, told: Receipt, cast: SimpleNamespace, noon: datetime
) -> None:
    later = tell(noon, "理财产品到期了没有到账，一直没有说法。", "13900001111")
    Complaint.objects.filter(pk=later.complaint.pk).update(customer_keys=[])
    asked = {"because": "同一事项", "identity": "来电核对过卡号"}
    merge(later.complaint, into=told.complaint, **asked, by=cast.chen_li, at=noon)
    opened(client, later)
    before = fresh(told.complaint).entries.count()
    add(client, later, text="我要看那一件", papers=[photo()])
    assert fresh(told.complaint).entries.count() == before


@pytest.mark.parametrize(("name", "same"), [("张伟", True), ("李四", False)])
def test_whoever_shares_a_telephone_with_the_customer_of_a_merged_case_is_shown_their_own(
    told: Receipt, noon: datetime, name: str, *, same: bool
) -> None:
    text, party = "理财产品到期了没有到账，一直没有说法。", told.complaint.parties.get()
    own = PartyDraft(name=name, phone=party.phone)
    draft = Draft("web_form", text, noon, BRANCH2_A, parties=(own,))
    later = receive(draft, by=WEB_FORM.account(), at=noon).complaint
    Complaint.objects.filter(pk=later.pk).update(merged_into=told.complaint, closed_at=noon)
    assert (goes_on(fresh(later)) == told.complaint) is same


def test_large_print_and_a_voice_are_offered(client: Client, told: Receipt) -> None:
    opened(client, told)
    response = client.get(f"/track/{told.number}", {"elder": "1"})
    assert 'data-elder="1"' in page(response)
    assert 'data-elder="1"' in page(client.get(FIND))
    assert 'data-read-aloud="stand"' in page(response)
    assert 'id="stand"' in page(response)


def test_the_page_costs_the_same_however_much_has_happened(
    client: Client, told: Receipt, cast: SimpleNamespace, noon: datetime
) -> None:
    opened(client, told)
    address = f"/track/{told.number}"

    def cost() -> int:
        with CaptureQueriesContext(connection) as asked:
            client.get(address)
        return len(asked.captured_queries)

    few = cost()
    claim(told.complaint, by=cast.chen_li, at=noon)
    for number in range(8):
        respond(fresh(told.complaint), way="sms", note=f"{number}", by=cast.chen_li, at=noon)
        add(client, told, text=f"补充{number}", papers=[photo(content=PNG + bytes([number]))])
    client.get(address)
    assert cost() == few == 7


# Adding to it.


def test_words_and_papers_join_the_case_and_the_customer_sees_them(
    client: Client, told: Receipt
) -> None:
    opened(client, told)
    response = add(client, told, text="今天又扣了一次，我的手机13800001234", papers=[photo()])
    assert response["Location"] == f"/track/{told.number}"
    shown = page(client.get(response["Location"]))
    assert "收到了" in shown
    assert "您补充说明：今天又扣了一次，我的手机138****1234" in shown
    assert "您补充了材料：账单.png" in shown
    noted = fresh(told.complaint).entries.of(kinds.Noted).get()
    assert noted.by == WEB_FORM.account()


def test_material_sent_twice_is_kept_once(client: Client, told: Receipt) -> None:
    opened(client, told)
    for _press in range(2):
        add(client, told, text="今天又扣了一次", papers=[photo(), photo("又名.png")])
    assert fresh(told.complaint).entries.of(kinds.Noted).count() == 1
    assert Attachment.objects.count() == 1


@pytest.mark.parametrize(
    ("what", "said"),
    [
        ({}, "还没有内容"),
        ({"text": " \u200b "}, "还没有内容"),
        ({"text": "长" * 4001}, "写了 4001 字，一次最多 4000 字"),
    ],
)
def test_material_that_cannot_be_taken_says_why(
    client: Client, told: Receipt, what: dict[str, str], said: str
) -> None:
    opened(client, told)
    response = add(client, told, **what)
    assert response.status_code == 422
    assert said in page(response)


def test_a_file_whose_type_lies_is_refused_and_the_words_stay(
    client: Client, told: Receipt
) -> None:
    opened(client, told)
    response = add(client, told, text="见附件", papers=[photo("账单.pdf")])
    assert response.status_code == 422
    assert "内容与扩展名 .pdf 不符" in page(response)
    assert "见附件" in page(response)
    assert not Attachment.objects.exists()


def test_a_case_holds_no_more_files_than_the_rule_allows(client: Client, told: Receipt) -> None:
    opened(client, told)
    for start in (0, 10):
        papers = [photo(f"{n}.png", PNG + bytes([n])) for n in range(start, start + 10)]
        assert add(client, told, papers=papers).status_code == 302
    response = add(client, told, papers=[photo("21.png", PNG + b"more")])
    assert response.status_code == 422
    assert "最多 20 个" in page(response)
    assert add(client, told, text="文字还可以").status_code == 302


def test_material_is_still_taken_when_the_matter_is_over(
    client: Client, told: Receipt, cast: SimpleNamespace, noon: datetime
) -> None:
    withdraw(told.complaint, because="客户撤诉", by=cast.chen_li, at=noon)
    opened(client, told)
    assert add(client, told, text="我又找到一张收据").status_code == 302
