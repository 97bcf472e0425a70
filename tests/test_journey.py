"""One complaint walks through the house, stop by stop, from the door to the closing.

The stops are those of docs/journey.md; later stops are added as the house grows.
"""

from datetime import datetime, timedelta
from decimal import Decimal
from types import SimpleNamespace

import pytest

from sujin.complaints import clock, kinds
from sujin.complaints.acts.annotate import annotate
from sujin.complaints.acts.claim import claim
from sujin.complaints.acts.close import CannotClose, call_back, close
from sujin.complaints.acts.confer import agree_plan, ask_departments, give_opinion
from sujin.complaints.acts.decide import grant
from sujin.complaints.acts.investigate import investigate
from sujin.complaints.acts.receive import receive
from sujin.complaints.acts.reply import CannotReply, draft, revise, send, submit
from sujin.complaints.acts.respond import respond
from sujin.complaints.arrival import Reception
from sujin.complaints.draft import Draft, PartyDraft
from sujin.complaints.models import Approval, Complaint
from sujin.lab.cast import BRANCH2_A, OUTLET_A
from sujin.platform.models import Org

SAID = (
    "我在你们网点办的信用卡，没有经过我同意就扣了300元年费，打了三次电话都没人处理。"
    "我叫张伟，手机13812345678。再不退费我就打12378投诉到监管部门。"
)


LETTER = """# 答复

{{ customer }}：

## 处理决定

支持您的诉求，退还年费300元，三日内到账。

## 核实情况

调取了开卡资料和账单，未见您同意收取年费的签字。

## 依据和理由

依据《信用卡领用合约》第八条，年费须经持卡人同意后收取。

## 您还可以怎么办

您可以自收到之日起30日内申请核查，也可以申请调解、仲裁，或者提起诉讼。
"""


def walked_to_the_desk(cast: SimpleNamespace, noon: datetime) -> Complaint:
    """Stops 1 to 6."""
    # 1 door: Wang Xiuying stands beside the customer and types what he says.
    told = Draft(
        channel="counter",
        text=SAID,
        received_at=noon,
        origin=OUTLET_A,
        parties=(PartyDraft(name="张伟", phone="13812345678"),),
    )

    # 2 arrival: register, triage, route, in one transaction.
    receipt = receive(told, by=cast.wang_xiuying, at=noon)
    case = Complaint.objects.get(number=receipt.number)
    assert receipt.reception is Reception.NEW
    assert [entry.kind for entry in case.entries.in_order()] == [
        "complaint.registered",
        "complaint.triaged",
        "complaint.routed",
    ]

    # 3 register: it has a number, and personal data is nowhere in the clear.
    assert case.number == "2026-0000001"
    assert "13812345678" not in case.text
    assert "138****5678" in case.text
    assert case.contacts.get().raw == SAID

    # 4 triage: what it is about and how grave, with the words that say so.
    triaged = case.entries.of(kinds.Triaged).get().what()
    assert isinstance(triaged, kinds.Triaged)
    assert case.business.startswith("card.credit")
    assert case.cause == "pricing"
    assert case.tier == "complex"
    assert "escalation" in case.signals
    assert triaged.words["business"]

    # 5 route: a complex complaint goes to the second-level branch; the first receiver stays
    # accountable until somebody there takes it.
    assert case.desk is not None
    assert case.desk.code == BRANCH2_A
    assert case.accountable == cast.wang_xiuying
    assert case.claimed_at is None

    # 6 desk: Chen Li takes it; the clocks are read from the docket.
    claim(case, by=cast.chen_li, at=noon + timedelta(hours=1))
    case.refresh_from_db()
    assert case.accountable == cast.chen_li
    readings = {reading.clock: reading for reading in clock.of(case, now=noon + timedelta(hours=2))}
    decision = readings["decision"]
    assert decision.due_at == datetime(2026, 3, 17, 23, 59, 59, tzinfo=noon.tzinfo)
    assert "第十八条" in decision.article
    respond(
        case,
        way="phone",
        note="已致电客户说明处理流程",
        by=cast.chen_li,
        at=noon + timedelta(hours=3),
    )
    annotate(case, note="调取开卡协议", by=cast.chen_li, at=noon + timedelta(hours=3))
    return case


def test_a_complaint_walks_from_the_door_to_the_closing(
    cast: SimpleNamespace, noon: datetime
) -> None:
    case = walked_to_the_desk(cast, noon)

    # 7 together: the card department is asked, and there is one plan.
    day = noon + timedelta(days=1)
    card = list(Org.objects.filter(code="HO-CARD"))
    ask_departments(case, desks=card, question="责任在谁？", by=cast.chen_li, at=day)
    give_opinion(case, answer="可以退", by=cast.liu_yang, at=day)
    agree_plan(case, plan="退年费，先道歉", coaches=False, by=cast.chen_li, at=day)

    # 8 findings and letter: linted against the law, read by a second pair of eyes.
    investigate(case, findings="未见签字", fault="pricing", liable="卡部", by=cast.chen_li, at=day)
    letter = draft(case, kind="decision", by=cast.chen_li, at=day)
    with pytest.raises(CannotReply, match="第十九条"):
        submit(letter, finding="upheld", remedy=Decimal(300), by=cast.chen_li, at=day)
    revise(letter, body=LETTER, by=cast.chen_li, at=day)
    submit(letter, finding="upheld", remedy=Decimal(300), by=cast.chen_li, at=day)
    grant(Approval.objects.get(), words="", by=cast.zhou_tao, at=day)

    # 9 answer: sent with proof; the clock of the law stops.
    send(letter, way="letter", proof="EMS 1234567890123", by=cast.chen_li, at=day)
    case.refresh_from_db()
    readings = {reading.clock: reading for reading in clock.of(case, now=day)}
    assert readings["decision"].state == "met"

    # 10 call back and close: by somebody who had no part in it, and only now.
    with pytest.raises(CannotClose, match="回访"):
        close(case, by=cast.chen_li, at=day)
    call_back(case, satisfied="yes", note="", by=cast.zhao_min, at=day + timedelta(days=3))
    close(case, by=cast.chen_li, at=day + timedelta(days=3))

    # The docket alone gives the row again, and nothing happened without an entry.
    case.refresh_from_db()
    assert (case.outcome, case.satisfied, case.due_at) == ("upheld", "yes", None)
    assert {name: _plain(value) for name, value in case.replay().items()} == {
        name: _plain(getattr(case, name)) for name in case.replay()
    }
    assert [entry.kind.removeprefix("complaint.") for entry in case.entries.order_by("pk")] == [
        *("registered", "triaged", "routed", "claimed", "responded", "noted"),
        *("opinions_asked", "opinion_given", "plan_agreed", "investigated"),
        *("drafted", "drafted", "asked", "granted", "approved", "answered"),
        *("called_back", "closed"),
    ]


def _plain(value: object) -> object:
    return list(value) if isinstance(value, tuple) else value
