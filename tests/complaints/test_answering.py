"""From the facts found to the customer's last word: nothing is answered, or closed, on a claim."""

import io
import re
from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal
from types import SimpleNamespace

import docx as word
import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from sujin.complaints import clock, correspondence, kinds
from sujin.complaints.acts.claim import MustStandAside, claim
from sujin.complaints.acts.close import CannotClose, call_back, close, reopen
from sujin.complaints.acts.confer import (
    agree_plan,
    ask_departments,
    form_task_force,
    give_opinion,
)
from sujin.complaints.acts.decide import CannotDecide, grant, refuse
from sujin.complaints.acts.hand_over import hand_over
from sujin.complaints.acts.investigate import CannotInvestigate, investigate
from sujin.complaints.acts.pause import CannotPause, causes, pause, restart
from sujin.complaints.acts.recuse import recuse
from sujin.complaints.acts.reply import CannotReply, draft, revise, send, submit
from sujin.complaints.acts.respond import respond
from sujin.complaints.desks import Desks
from sujin.complaints.draft import CaseKind
from sujin.complaints.models import Approval, Complaint, Letter
from sujin.complaints.replaying import differing
from sujin.engine import letters
from sujin.engine.sla import State
from sujin.lab.cast import BRANCH2_B, BRANCH_A
from sujin.platform.models import Org, Person
from tests.complaints.conftest import FEE, Told

COMPLEX = "信用卡被扣300元年费，再不退费我就打12378投诉。"
PARTS = {
    "处理决定": "支持您的诉求，退还年费300元，三日内到账。",
    "核实情况": "调取了开卡资料和2026年2月账单，未见您同意年费的签字。",
    "依据和理由": "依据《信用卡领用合约》第八条，年费须经持卡人同意后收取。",
    "您还可以怎么办": "您可以自收到之日起30日内申请核查，也可以申请调解、仲裁，或者提起诉讼。",
}


def written(**changed: str) -> str:
    parts = {**PARTS, **changed}
    sections = [f"## {heading}\n\n{words}" for heading, words in parts.items() if words]
    return "# 答复\n\n{{ customer }}：\n\n" + "\n\n".join(sections)


@pytest.fixture
def case(cast: SimpleNamespace, told: Told, noon: datetime) -> Complaint:
    """A complex complaint in Chen Li's hands."""
    found = told(COMPLEX, phone="13912345678")
    claim(found, by=cast.chen_li, at=noon)
    return fresh(found)


def fresh(case: Complaint) -> Complaint:
    return Complaint.objects.get(pk=case.pk)


def look_into(case: Complaint, by: Person, at: datetime) -> None:
    investigate(case, findings="调取账单", fault="pricing", liable="卡部", by=by, at=at)


def a_letter(case: Complaint, by: Person, at: datetime, body: str = "") -> Letter:
    letter = draft(case, kind="decision", by=by, at=at)
    revise(letter, body=body or written(), by=by, at=at)
    return Letter.objects.get(pk=letter.pk)


def answered(cast: SimpleNamespace, case: Complaint, at: datetime) -> None:
    """The whole way to the answer: planned and looked into by Chen Li, approved by Zhou Tao."""
    agree_plan(case, plan="退年费", coaches=False, by=cast.chen_li, at=at)
    look_into(case, cast.chen_li, at)
    letter = a_letter(case, cast.chen_li, at)
    submit(letter, finding="upheld", remedy=Decimal(300), by=cast.chen_li, at=at)
    grant(Approval.objects.waiting().get(), words="", by=cast.zhou_tao, at=at)
    send(letter, way="letter", proof="EMS 1234567890123", by=cast.chen_li, at=at)


def test_the_template_is_filled_and_says_what_is_still_to_be_written(
    cast: SimpleNamespace, case: Complaint, noon: datetime
) -> None:
    letter = draft(case, kind="decision", by=cast.chen_li, at=noon)
    assert case.number in letter.body and "张伟" not in letter.body
    assert "张伟：" in correspondence.addressed(letter, clear=True)
    assert "张*：" in correspondence.addressed(letter, clear=False)
    assert "江南分行申请核查" in letter.body
    assert len(letters.unwritten(letter.body)) == 3
    assert {lack.article for lack in correspondence.lacking(letter)} == {
        "银保监会令2020年第3号 第十九条"
    }


@pytest.mark.parametrize("heading", PARTS)
@pytest.mark.parametrize("words", ["", "好", "〔写明〕"])
def test_a_letter_that_lacks_an_element_is_refused_with_the_article(
    cast: SimpleNamespace, case: Complaint, noon: datetime, heading: str, words: str
) -> None:
    look_into(case, cast.chen_li, noon)
    letter = a_letter(case, cast.chen_li, noon, written(**{heading: words}))
    with pytest.raises(CannotReply, match=rf"{heading}.*第十九条"):
        submit(letter, finding="upheld", remedy=None, by=cast.chen_li, at=noon)
    assert not Approval.objects.exists()


@pytest.mark.parametrize(
    ("body", "why"),
    [
        (written(处理决定="\u200b" * 20), "处理决定”写得太少"),
        (written(处理决定="。。。。。。。。"), "处理决定”写得太少"),
        (written(处理决定="> 您说：支持您的诉求，退还年费。"), "处理决定”写得太少"),
        (written(处理决定="<!-- 支持您的诉求，退还年费三百元 -->"), "处理决定”写得太少"),
        (written(处理决定="### 支持您的诉求退还年费\n"), "处理决定”写得太少"),
        (written(处理决定="〔写明怎么处理：支持、部分支持或不支持什么"), "处理决定”里还有没写完"),
        (written(处理决定="[写明怎么处理：支持、部分支持或不支持什么]"), "处理决定”里还有没写完"),
        (written(处理决定="【写明怎么处理：支持、部分支持或不支持什么】"), "处理决定”里还有没写完"),
        (written() + "\n\n## 赔付安排\n\n〔写明哪天到账〕", "没写完的地方：〔写明哪天到账〕"),
        ("〔称呼〕\n\n" + written(), "没写完的地方：〔称呼〕"),
        (written().replace("# 答复", "# 答复 {{ number }}"), "没写完的地方：{{ number }}"),
        (written() + "\n\n## 处理决定\n\n不支持您的诉求。", "处理决定”这一节重复"),
        (
            written(您还可以怎么办="您不可以申请核查，不可以申请调解、仲裁，也不得提起诉讼。"),
            "核查",
        ),
        (written(您还可以怎么办="您可以申请核查、调解、仲裁，无权提起诉讼。"), "没有写到：诉讼"),
        (written().replace("{{ customer }}：", ""), "没有写明答复谁"),
    ],
)
def test_a_letter_that_only_looks_complete_is_refused_with_the_article(
    cast: SimpleNamespace, case: Complaint, noon: datetime, body: str, why: str
) -> None:
    look_into(case, cast.chen_li, noon)
    letter = a_letter(case, cast.chen_li, noon, body)
    with pytest.raises(CannotReply, match=rf"{re.escape(why)}.*第十九条"):
        submit(letter, finding="upheld", remedy=None, by=cast.chen_li, at=noon)


@pytest.mark.parametrize(
    "body",
    [
        written(依据和理由="依据《关于加强支付结算管理的通知》（银发〔2016〕261号）第八条的规定。"),
        written(您还可以怎么办="不能接受本答复的，可以申请核查、调解或仲裁，也可以提起诉讼。"),
        written(处理决定="> 您说不该收费。\n\n支持您的诉求，退还年费300元。"),
        written().replace("{{ customer }}：", "尊敬的客户"),
    ],
)
def test_a_whole_letter_may_quote_cite_and_greet_as_letters_do(
    cast: SimpleNamespace, case: Complaint, noon: datetime, body: str
) -> None:
    letter = a_letter(case, cast.chen_li, noon, body)
    assert correspondence.lacking(letter) == []


@pytest.mark.parametrize(
    "told_too",
    ["她的手机１５９ ０００１ ０００２", "卡号6222021234567890123", "身份证号110105 19491231 0021"],
)
def test_a_letter_that_tells_a_strangers_number_is_refused(
    cast: SimpleNamespace, case: Complaint, noon: datetime, told_too: str
) -> None:
    look_into(case, cast.chen_li, noon)
    body = written(核实情况=f"{PARTS['核实情况']}代办人{told_too}。")
    letter = a_letter(case, cast.chen_li, noon, body)
    with pytest.raises(CannotReply, match=r"不属于本案客户.*\*{4,}.*个人信息保护法 第十条"):
        submit(letter, finding="upheld", remedy=None, by=cast.chen_li, at=noon)


@pytest.mark.parametrize(
    "own", ["您的手机139-1234-5678", "联系电话0571-87654321", "客服95588", "代办人手机159****0002"]
)
def test_a_letter_may_tell_the_customers_own_number_the_banks_and_a_masked_one(
    cast: SimpleNamespace, case: Complaint, noon: datetime, own: str
) -> None:
    look_into(case, cast.chen_li, noon)
    letter = a_letter(case, cast.chen_li, noon, written(核实情况=f"{PARTS['核实情况']}{own}。"))
    assert correspondence.lacking(letter) == []


@pytest.mark.parametrize("remedy", ["核查", "调解", "仲裁", "诉讼"])
def test_a_letter_that_names_three_remedies_of_four_is_refused(
    cast: SimpleNamespace, case: Complaint, noon: datetime, remedy: str
) -> None:
    look_into(case, cast.chen_li, noon)
    words = PARTS["您还可以怎么办"].replace(remedy, "某某")
    letter = a_letter(case, cast.chen_li, noon, written(您还可以怎么办=words))
    with pytest.raises(CannotReply, match=remedy):
        submit(letter, finding="upheld", remedy=None, by=cast.chen_li, at=noon)


def test_no_answer_without_an_investigation_and_no_sending_without_four_eyes(
    cast: SimpleNamespace, case: Complaint, noon: datetime
) -> None:
    letter = a_letter(case, cast.chen_li, noon)
    with pytest.raises(CannotReply, match="有诉必查"):
        submit(letter, finding="upheld", remedy=None, by=cast.chen_li, at=noon)
    with pytest.raises(CannotInvestigate, match="责任机构"):
        investigate(case, findings="查了", fault="pricing", liable="", by=cast.chen_li, at=noon)
    look_into(case, cast.chen_li, noon)
    with pytest.raises(CannotReply, match="结论"):
        submit(letter, finding="", remedy=None, by=cast.chen_li, at=noon)
    with pytest.raises(CannotReply, match="复核"):
        send(letter, way="letter", proof="EMS 1", by=cast.chen_li, at=noon)
    submit(letter, finding="upheld", remedy=None, by=cast.chen_li, at=noon)
    with pytest.raises(CannotReply, match="正在复核"):
        revise(letter, body=written(), by=cast.chen_li, at=noon)
    with pytest.raises(CannotDecide, match="自己"):
        grant(Approval.objects.get(), words="", by=cast.chen_li, at=noon)
    grant(Approval.objects.get(), words="", by=cast.shen_qiu, at=noon)
    with pytest.raises(CannotReply, match="不能再改"):
        revise(letter, body=written(), by=cast.chen_li, at=noon)
    with pytest.raises(CannotReply, match=r"凭据.*第二十一条"):
        send(letter, way="letter", proof=" ", by=cast.chen_li, at=noon)
    send(letter, way="letter", proof="EMS 1", by=cast.chen_li, at=noon)
    with pytest.raises(CannotReply, match="已经送达"):
        send(letter, way="letter", proof="EMS 2", by=cast.chen_li, at=noon)


def test_the_database_refuses_a_letter_approved_by_its_author(
    cast: SimpleNamespace, case: Complaint, noon: datetime
) -> None:
    letter = draft(case, kind="decision", by=cast.chen_li, at=noon)
    rows = Letter.objects.filter(pk=letter.pk)
    with pytest.raises(IntegrityError, match="four_eyes"), transaction.atomic():
        rows.update(approved_by=cast.chen_li, approved_at=noon)
    with pytest.raises(IntegrityError, match="before_it_is_sent"), transaction.atomic():
        rows.update(sent_at=noon)


@pytest.mark.parametrize(
    ("remedy", "approver"),
    [("5000", "four_eyes"), ("5000.01", "complaint_head"), ("50001", "head_executive")],
)
def test_the_more_is_paid_the_higher_it_is_approved(
    cast: SimpleNamespace, case: Complaint, noon: datetime, remedy: str, approver: str
) -> None:
    look_into(case, cast.chen_li, noon)
    letter = a_letter(case, cast.chen_li, noon)
    submit(
        letter,
        finding="upheld",
        remedy=Decimal(remedy),
        reason="另有损失凭证",
        by=cast.chen_li,
        at=noon,
    )
    assert Approval.objects.get().approvers == [approver]
    assert remedy in Approval.objects.get().title


def test_an_answer_stops_the_clock_and_keeps_finding_sum_and_proof(
    cast: SimpleNamespace, case: Complaint, noon: datetime
) -> None:
    answered(cast, case, noon)
    row = fresh(case)
    assert (row.finding, row.remedy, row.is_open) == ("upheld", Decimal(300), True)
    (decision,) = [one for one in clock.of(row, now=noon) if one.clock == "decision"]
    assert decision.state == "met"
    assert "EMS 1234567890123" in case.entries.of(kinds.Answered).get().what().sentence()


def test_nothing_closes_before_everything_the_rules_ask_for(
    cast: SimpleNamespace, case: Complaint, noon: datetime
) -> None:
    with pytest.raises(CannotClose, match=r"调查记录.*答复客户.*回访.*责任认定.*方案"):
        close(case, by=cast.chen_li, at=noon)
    answered(cast, case, noon)
    with pytest.raises(CannotClose, match="回访"):
        close(case, by=cast.chen_li, at=noon)
    with pytest.raises(CannotClose, match="他人"):
        call_back(case, satisfied="yes", note="", by=cast.chen_li, at=noon)
    call_back(case, satisfied="unreached", note="两次未接", by=cast.zhao_min, at=noon)
    close(case, by=cast.chen_li, at=noon)
    row = fresh(case)
    assert (row.closed_at, row.outcome, row.due_at) == (noon, "upheld", None)
    with pytest.raises(CannotClose, match="已经结束"):
        close(case, by=cast.chen_li, at=noon)


def test_whoever_spoke_for_the_bank_or_answers_for_the_case_does_not_call_back(
    cast: SimpleNamespace, case: Complaint, noon: datetime
) -> None:
    card = list(Org.objects.filter(code="HO-CARD"))
    ask_departments(case, desks=card, question="能退吗？", by=cast.chen_li, at=noon)
    give_opinion(case, answer="可以退", by=cast.liu_yang, at=noon)
    respond(case, way="face", note="已说明", by=cast.wang_xiuying, at=noon)
    form_task_force(case, head=cast.qin_lan, members=[], plan="上门", by=cast.ma_jun, at=noon)
    answered(cast, case, noon)
    assert fresh(case).accountable == cast.qin_lan
    # The adviser, the first receiver, the head, who formed the task force, the approver.
    for name in ("liu_yang", "wang_xiuying", "qin_lan", "ma_jun", "zhou_tao"):
        with pytest.raises(CannotClose, match="他人回访"):
            call_back(case, satisfied="yes", note="", by=getattr(cast, name), at=noon)
    call_back(case, satisfied="yes", note="", by=cast.zhao_min, at=noon)


def test_a_consultation_is_closed_once_the_customer_was_spoken_to(
    cast: SimpleNamespace, told: Told, noon: datetime
) -> None:
    asked = told("请问信用卡年费怎么收？", kind=CaseKind.CONSULTATION)
    with pytest.raises(CannotClose, match="联系客户"):
        close(asked, by=cast.wang_xiuying, at=noon)
    respond(asked, way="face", note="已说明", by=cast.wang_xiuying, at=noon)
    close(asked, by=cast.wang_xiuying, at=noon)
    assert not fresh(asked).is_open


def test_a_customer_who_is_not_satisfied_is_heard_again_one_level_higher(
    cast: SimpleNamespace, case: Complaint, noon: datetime
) -> None:
    answered(cast, case, noon)
    with pytest.raises(CannotClose, match="不满意什么"):
        call_back(case, satisfied="no", note=" ", by=cast.zhao_min, at=noon)
    later = noon + timedelta(days=2)
    call_back(case, satisfied="no", note="钱没有到账", by=cast.zhao_min, at=later)
    row = fresh(case)
    assert (row.is_open, row.level, row.finding, row.answered_at) == (True, 1, "", None)
    assert row.desk == Org.objects.get(code=BRANCH_A)
    assert row.accountable is not None and row.claimed_at is None
    (decision,) = [one for one in clock.of(row, now=later) if one.clock == "decision"]
    assert decision.due_at is not None
    assert decision.due_at.date().isoformat() == "2026-03-19"
    assert row.replay()["desk_id"] == row.desk_id


def test_a_closed_case_is_reopened_within_thirty_days_and_not_after(
    cast: SimpleNamespace, case: Complaint, noon: datetime
) -> None:
    answered(cast, case, noon)
    call_back(case, satisfied="yes", note="", by=cast.zhao_min, at=noon)
    close(case, by=cast.chen_li, at=noon)
    with pytest.raises(CannotClose, match="30 天"):
        reopen(case, because="又扣了", by=cast.zhao_min, at=noon + timedelta(days=31))
    reopen(case, because="又扣了", by=cast.zhao_min, at=noon + timedelta(days=29))
    assert fresh(case).is_open


def test_what_waits_for_approval_lapses_when_the_case_begins_again(
    cast: SimpleNamespace,
    case: Complaint,
    noon: datetime,
    signed_in: Callable[[Person], Client],
) -> None:
    agree_plan(case, plan="退年费", coaches=False, by=cast.chen_li, at=noon)
    look_into(case, cast.chen_li, noon)
    told = a_letter(case, cast.chen_li, noon)
    submit(told, finding="upheld", remedy=Decimal(300), by=cast.chen_li, at=noon)
    grant(Approval.objects.waiting().get(), words="", by=cast.zhou_tao, at=noon)
    old = a_letter(case, cast.chen_li, noon, written(处理决定="不支持您的诉求，不予退还年费。"))
    submit(old, finding="upheld", remedy=Decimal(300), by=cast.chen_li, at=noon)
    send(told, way="letter", proof="EMS 1234567890123", by=cast.chen_li, at=noon)
    call_back(case, satisfied="no", note="不服", by=cast.zhao_min, at=noon + timedelta(minutes=1))
    late = noon + timedelta(minutes=5)
    lapsed = Approval.objects.latest("pk")
    for decide in (grant, refuse):
        with pytest.raises(CannotDecide, match="失效"):
            decide(lapsed, words="同意", by=cast.zhou_tao, at=late)
    assert not Letter.objects.get(pk=old.pk).is_approved
    assert "失效" in case.entries.of(kinds.Lapsed).get().what().sentence()
    page = signed_in(cast.zhou_tao).get(reverse("complaints:approvals"), {"state": "refused"})
    assert "已失效" in page.content.decode() and "· None ·" not in page.content.decode()
    # Nothing that waits keeps a letter of the new round from being read.
    look_into(case, cast.chen_li, late)
    new = a_letter(case, cast.chen_li, late)
    submit(new, finding="upheld", remedy=None, by=cast.chen_li, at=late)
    grant(Approval.objects.waiting().get(), words="", by=cast.zhou_tao, at=late)
    assert Letter.objects.get(pk=new.pk).is_approved
    assert case.entries.of(kinds.Answered).count() == 1


def test_a_letter_drafted_before_new_facts_decides_nothing_any_more(
    cast: SimpleNamespace, case: Complaint, noon: datetime
) -> None:
    look_into(case, cast.chen_li, noon)
    old = a_letter(case, cast.chen_li, noon)
    submit(old, finding="upheld", remedy=None, by=cast.chen_li, at=noon)
    grant(Approval.objects.waiting().get(), words="", by=cast.zhou_tao, at=noon)
    late = noon + timedelta(hours=1)
    restart(case, material_at=late, because="又找到一份合同", by=cast.chen_li, at=late)
    with pytest.raises(CannotReply, match="以前起草"):
        send(old, way="letter", proof="EMS 2", by=cast.chen_li, at=late)
    assert not case.entries.of(kinds.Answered).exists()


def test_a_foreign_letter_is_checked_against_its_own_law(
    cast: SimpleNamespace, told: Told, noon: datetime
) -> None:
    Org.objects.filter(code=BRANCH2_B).update(jurisdiction="GB")
    case = told(COMPLEX, origin=BRANCH2_B, by=cast.ma_jun)
    letter = draft(case, kind="decision", by=cast.ma_jun, at=noon)
    assert letter.regime == "uk_disp" and "final response" in letter.body
    body = letter.body.replace("Financial Ombudsman Service", "somebody")
    revise(letter, body=body, by=cast.ma_jun, at=noon)
    told_lacks = correspondence.lacking(Letter.objects.get(pk=letter.pk))
    assert any("Financial Ombudsman" in lack.what for lack in told_lacks)
    assert {lack.article for lack in told_lacks} == {"DISP 1.6.2R"}


def test_a_letter_is_written_checked_and_handed_out_on_its_page(
    cast: SimpleNamespace,
    case: Complaint,
    noon: datetime,
    signed_in: Callable[[Person], Client],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("django.utils.timezone.now", lambda: noon)
    look_into(case, cast.chen_li, noon)
    client = signed_in(cast.chen_li)
    made = client.post(
        reverse("complaints:letters", args=[case.number]), {"letters-kind": "decision"}
    )
    page = client.get(made["Location"]).content.decode()
    assert "还缺什么" in page and "第十九条" in page
    evil = written(处理决定="<script>alert(1)</script> 支持您，退还 300 元。")
    assert client.post(made["Location"], {"body": evil}).status_code == 302
    page = client.get(made["Location"]).content.decode()
    assert "法定内容齐全" in page
    assert "&lt;script&gt;alert(1)" in page and "<script>alert(1)" not in page
    letter = Letter.objects.get()
    checked = client.post(
        reverse("complaints:reading", args=[case.number, letter.pk]), {"body": "## 处理决定\n好"}
    )
    assert "缺少“核实情况”一节" in checked.content.decode()
    assert Letter.objects.get().body == evil
    sent = client.post(
        reverse("complaints:submission", args=[case.number, letter.pk]), {"finding": "upheld"}
    )
    assert sent.status_code == 302 and Approval.objects.get().title == "处理答复"
    pdf = client.post(reverse("complaints:letter_paper", args=[case.number, letter.pk, "pdf"]))
    assert pdf.content.startswith(b"%PDF") and pdf["Content-Type"] == "application/pdf"
    wordy = client.post(reverse("complaints:letter_paper", args=[case.number, letter.pk, "docx"]))
    said = "\n".join(part.text for part in word.Document(io.BytesIO(wordy.content)).paragraphs)
    assert "张伟：" in said and "张伟" not in page
    assert case.entries.of(kinds.Revealed).count() == 2
    assert "依据《信用卡领用合约》第八条" in said and "<script>alert(1)" in said
    assert client.post(f"{letter.get_absolute_url()}/exe").status_code == 404


def test_a_person_without_the_post_cannot_answer_or_close_and_the_refusal_is_logged(
    cast: SimpleNamespace, case: Complaint, signed_in: Callable[[Person], Client]
) -> None:
    client = signed_in(cast.qian_wei)
    for verb in ("letters", "closure", "investigation", "call-back"):
        assert client.post(reverse(f"complaints:{verb}", args=[case.number])).status_code == 403
    assert case.entries.of(kinds.Denied).count() == 4


def test_the_fee_of_a_counter_is_answered_by_the_teller_who_heard_it(
    cast: SimpleNamespace, told: Told, noon: datetime
) -> None:
    case = told(FEE)
    investigate(case, findings="查", fault="pricing", liable="网点", by=cast.wang_xiuying, at=noon)
    letter = a_letter(case, cast.wang_xiuying, noon)
    submit(letter, finding="upheld", remedy=Decimal(300), by=cast.wang_xiuying, at=noon)
    grant(Approval.objects.get(), words="", by=cast.li_jianguo, at=noon)
    send(letter, way="face", proof="客户签字", by=cast.wang_xiuying, at=noon)
    call_back(case, satisfied="yes", note="谢谢", by=cast.zhao_min, at=noon)
    close(case, by=cast.wang_xiuying, at=noon)
    assert fresh(case).outcome == "upheld"


def test_a_case_begun_again_does_not_go_to_somebody_who_stands_aside(
    cast: SimpleNamespace, case: Complaint, noon: datetime
) -> None:
    desks = Desks(noon)
    officer = desks.duty_officer(desks.above(fresh(case).desk or case.origin))
    assert officer is not None
    recuse(case, person=officer, because="利益关系", by=officer, at=noon)
    answered(cast, case, noon)
    call_back(case, satisfied="no", note="不服", by=cast.zhao_min, at=noon)
    row = fresh(case)
    assert row.accountable is not None and row.accountable != officer
    assert row.may_be_handled_by(row.accountable)


@pytest.mark.parametrize(
    ("name", "given"),
    [
        ("investigation", {"findings": "我查过了没问题", "fault": "none", "liable": ""}),
        ("letters", {"kind": "decision"}),
        ("plan", {"plan": "退费"}),
    ],
)
def test_who_stands_aside_may_note_but_not_look_into_it_nor_write_to_the_customer(
    *,
    cast: SimpleNamespace,
    case: Complaint,
    noon: datetime,
    signed_in: Callable[[Person], Client],
    monkeypatch: pytest.MonkeyPatch,
    name: str,
    given: dict[str, str],
) -> None:
    monkeypatch.setattr("django.utils.timezone.now", lambda: noon)
    recuse(case, person=cast.shen_qiu, because="亲属", by=cast.shen_qiu, at=noon)
    client, before = signed_in(cast.shen_qiu), case.entries.count()

    def post(action: str, values: dict[str, str]) -> int:
        filled = {f"{action}-{field}": value for field, value in values.items()}
        address = reverse(f"complaints:{action}", args=[case.number])
        return client.post(address, filled).status_code

    assert post(name, given) == 403 and case.entries.count() == before
    assert f"/{name}" not in client.get(case.get_absolute_url()).content.decode()
    assert post("note", {"note": "我与客户是亲属"}) == 302
    with pytest.raises(MustStandAside):
        look_into(case, cast.shen_qiu, noon)
    look_into(case, cast.chen_li, noon)


def test_a_letter_is_neither_revised_nor_sent_by_somebody_who_stands_aside(
    cast: SimpleNamespace,
    case: Complaint,
    noon: datetime,
    signed_in: Callable[[Person], Client],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("django.utils.timezone.now", lambda: noon)
    letter = a_letter(case, cast.chen_li, noon)
    client = signed_in(cast.shen_qiu)
    assert client.post(letter.get_absolute_url(), {"body": written()}).status_code == 302
    recuse(case, person=cast.shen_qiu, because="亲属", by=cast.shen_qiu, at=noon)
    page = client.post(letter.get_absolute_url(), {"body": written()})
    assert page.status_code == 403 and "须回避" in page.content.decode()


def test_what_was_overtaken_while_it_waited_is_written_anew(
    cast: SimpleNamespace, case: Complaint, noon: datetime
) -> None:
    look_into(case, cast.chen_li, noon)
    letter = a_letter(case, cast.chen_li, noon)
    submit(letter, finding="upheld", remedy=None, by=cast.chen_li, at=noon)
    later = noon + timedelta(days=1)
    restart(case, material_at=later, because="新证据", by=cast.chen_li, at=later)
    assert not Approval.objects.waiting().exists()
    look_into(case, cast.chen_li, later)
    with pytest.raises(CannotReply, match="以前起草"):
        submit(letter, finding="upheld", remedy=None, by=cast.chen_li, at=later)
    revise(letter, body=written(), by=cast.chen_li, at=later)
    submit(letter, finding="upheld", remedy=None, by=cast.chen_li, at=later)
    grant(Approval.objects.waiting().get(), words="", by=cast.zhou_tao, at=later)
    assert Letter.objects.get(pk=letter.pk).is_approved


def test_a_second_answer_is_not_approved_after_the_first_was_told(
    cast: SimpleNamespace, case: Complaint, noon: datetime
) -> None:
    agree_plan(case, plan="退年费", coaches=False, by=cast.chen_li, at=noon)
    look_into(case, cast.chen_li, noon)
    first, second = (a_letter(case, cast.chen_li, noon) for _nth in range(2))
    submit(first, finding="upheld", remedy=None, by=cast.chen_li, at=noon)
    grant(Approval.objects.waiting().get(), words="", by=cast.zhou_tao, at=noon)
    submit(second, finding="not_upheld", remedy=None, by=cast.chen_li, at=noon)
    send(first, way="letter", proof="EMS 1", by=cast.chen_li, at=noon)
    with pytest.raises(CannotReply, match=r"已经答复过客户.*请退回"):
        grant(Approval.objects.waiting().get(), words="", by=cast.zhou_tao, at=noon)


def test_new_facts_after_the_answer_ask_for_a_new_answer(
    cast: SimpleNamespace, case: Complaint, noon: datetime
) -> None:
    soon = noon + timedelta(hours=2)
    answered(cast, case, soon)
    call_back(case, satisfied="unreached", note="", by=cast.zhao_min, at=soon)
    before = noon + timedelta(hours=1)
    with pytest.raises(CannotPause, match="答复以前"):
        restart(case, material_at=before, because="旧证据", by=cast.chen_li, at=soon)
    later = noon + timedelta(days=2)
    restart(case, material_at=later, because="新证据", by=cast.chen_li, at=later)
    row = fresh(case)
    assert (row.answered_at, row.called_back_at, row.finding, row.satisfied) == (None, None, "", "")
    # The new facts are looked into and planned for; what was granted stands in the docket.
    assert (row.investigated_at, row.planned_at, row.fault, row.liable) == (None, None, "", "")
    assert row.remedy is None
    assert case.entries.of(kinds.Answered).get().data["remedy"] == "300.00"
    assert row.due_at is not None and replays(row)
    with pytest.raises(CannotClose):
        close(case, by=cast.chen_li, at=later)
    letter = a_letter(case, cast.chen_li, later)
    with pytest.raises(CannotReply, match="有诉必查"):
        submit(letter, finding="partly", remedy=None, by=cast.chen_li, at=later)
    look_into(case, cast.chen_li, later)
    agree_plan(case, plan="按新证据退一半", coaches=False, by=cast.chen_li, at=later)
    submit(letter, finding="partly", remedy=None, by=cast.chen_li, at=later)
    grant(Approval.objects.waiting().get(), words="", by=cast.shen_qiu, at=later)
    send(letter, way="letter", proof="EMS 2", by=cast.chen_li, at=later)
    call_back(case, satisfied="unreached", note="", by=cast.zhao_min, at=later)
    close(case, by=cast.chen_li, at=later)
    assert fresh(case).outcome == "partly"


def test_a_case_begun_again_is_planned_and_looked_into_anew(
    cast: SimpleNamespace, case: Complaint, noon: datetime
) -> None:
    answered(cast, case, noon)
    call_back(case, satisfied="no", note="不服", by=cast.zhao_min, at=noon)
    row = fresh(case)
    assert (row.investigated_at, row.planned_at, row.fault, row.liable) == (None, None, "", "")
    letter = a_letter(row, cast.chen_li, noon)
    with pytest.raises(CannotReply, match="有诉必查"):
        submit(letter, finding="upheld", remedy=None, by=cast.chen_li, at=noon)
    assert replays(row)


def test_neither_a_pause_nor_an_offer_outlives_the_round(
    cast: SimpleNamespace, case: Complaint, noon: datetime
) -> None:
    pause(case, cause=sorted(causes(case))[0], consent=True, because="等", by=cast.chen_li, at=noon)
    answered(cast, case, noon)
    to = Org.objects.get(code=BRANCH2_B)
    hand_over(case, to=to, because="请办理", by=cast.chen_li, at=noon)
    call_back(case, satisfied="no", note="不服", by=cast.zhao_min, at=noon + timedelta(hours=1))
    row = fresh(case)
    assert (row.paused_at, row.offered_to, row.offered_at) == (None, None, None)
    assert row.due_at is not None and replays(row)
    late = noon + timedelta(days=100)
    decisions = [one for one in clock.of(row, now=late) if one.clock == "decision"]
    assert decisions and all(one.state is State.OVERDUE for one in decisions)
    assert not any(
        one.clock == "hand_over" for one in clock.of(row, now=late) if one.state is State.RUNNING
    )


def test_an_entry_from_before_the_docket_told_it_cleared_nothing_else(noon: datetime) -> None:
    told = kinds.Restarted(because="新证据", material_at=noon, anew=True)
    assert {"answered_at", "finding"} < told.cached().keys()
    old = {name: value for name, value in told.data().items() if name in {"because", "material_at"}}
    assert kinds.Restarted.read(old).cached().keys() == {"due_at", "due_clock"}


def replays(row: Complaint) -> bool:
    return differing([row.pk]) == {}


def test_what_the_old_round_granted_closes_no_new_one(
    cast: SimpleNamespace, case: Complaint, noon: datetime
) -> None:
    answered(cast, case, noon)
    assert fresh(case).remedy == 300
    call_back(case, satisfied="no", note="不服", by=cast.zhao_min, at=noon + timedelta(minutes=1))
    row = fresh(case)
    assert row.remedy is None and replays(row)
    assert case.entries.of(kinds.Answered).get().data["remedy"] == "300.00"


@pytest.mark.parametrize("kind", [kinds.Reopened, kinds.Restarted])
def test_an_older_entry_cleared_what_it_cleared_then(kind: type[kinds.Reopened]) -> None:
    """A docket written before the remedy was cleared still gives the row that it gave."""
    blank = object.__new__(kind)
    for column in {**kind.caches, "anew": ""}:
        object.__setattr__(blank, kind.caches.get(column, column), None)
    told = []
    for anew, cleared in ((False, ()), (True, ()), (True, tuple(sorted(kind.clears)))):
        object.__setattr__(blank, "anew", anew)
        object.__setattr__(blank, "cleared", cleared)
        told.append(blank.cached().keys() & kind.clears)
    assert told == [set(), kind.clears_unnamed, kind.clears]
    assert "remedy" in kind.clears - kind.clears_unnamed
