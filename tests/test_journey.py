"""One complaint walks through the house, stop by stop, as far as the desk.

The stops are those of docs/journey.md; later stops are added as the house grows.
"""

from datetime import datetime, timedelta
from types import SimpleNamespace

from sujin.complaints import clock, kinds
from sujin.complaints.acts.annotate import annotate
from sujin.complaints.acts.claim import claim
from sujin.complaints.acts.receive import receive
from sujin.complaints.acts.respond import respond
from sujin.complaints.arrival import Reception
from sujin.complaints.draft import Draft, PartyDraft
from sujin.complaints.models import Complaint
from sujin.lab.cast import BRANCH2_A, OUTLET_A
from sujin.platform.models import Entry

SAID = (
    "我在你们网点办的信用卡，没有经过我同意就扣了300元年费，打了三次电话都没人处理。"
    "我叫张伟，手机13812345678。再不退费我就打12378投诉到监管部门。"
)


def test_a_complaint_walks_from_the_door_to_the_desk(cast: SimpleNamespace, noon: datetime) -> None:
    # 1 door: Wang Xiuying stands beside the customer and types what he says.
    draft = Draft(
        channel="counter",
        text=SAID,
        received_at=noon,
        origin=OUTLET_A,
        parties=(PartyDraft(name="张伟", phone="13812345678"),),
    )

    # 2 arrival: register, triage, route, in one transaction.
    receipt = receive(draft, by=cast.wang_xiuying, at=noon)
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

    # The docket alone gives the row again, and nothing happened without an entry.
    case.refresh_from_db()
    assert {name: _plain(value) for name, value in case.replay().items()} == {
        name: _plain(getattr(case, name)) for name in case.replay()
    }
    assert Entry.objects.about("complaint", [case.pk]).count() == 6


def _plain(value: object) -> object:
    return list(value) if isinstance(value, tuple) else value
