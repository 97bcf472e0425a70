"""Whoever had a hand in a case, or stands in for somebody who had, neither calls back nor reviews.

Somebody always can: the hotline that wrote it down, the desk above, a colleague who did nothing.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest

from sujin.complaints.acts.annotate import annotate
from sujin.complaints.acts.claim import claim
from sujin.complaints.acts.close import CannotClose, call_back
from sujin.complaints.acts.decide import refuse
from sujin.complaints.acts.extend import choices, extend
from sujin.complaints.acts.hand_over import accept, hand_over
from sujin.complaints.acts.hold import hold
from sujin.complaints.acts.pause import agree, pause, restart
from sujin.complaints.acts.promise import keep, promise, release
from sujin.complaints.acts.recuse import recuse
from sujin.complaints.acts.reply import submit
from sujin.complaints.acts.review import CannotReview, ask, decide
from sujin.complaints.acts.withdraw import withdraw
from sujin.complaints.involved import had_a_hand
from sujin.complaints.models import Complaint
from sujin.lab.cast import BRANCH_A
from sujin.lab.orgs import CENTRE
from sujin.platform.models import Org, Person
from tests.complaints.conftest import TOLD, Told
from tests.complaints.test_acts_aside import booked
from tests.complaints.test_answering import COMPLEX, a_letter, answered, look_into
from tests.complaints.test_standing_in import away

H, D = timedelta(hours=1), timedelta(days=1)
Deed = Callable[[Complaint, Person, SimpleNamespace, datetime], object]


@pytest.fixture
def case(cast: SimpleNamespace, told: Told, noon: datetime) -> Complaint:
    """In Chen Li's hands; Shen Qiu, of the same desk, has done nothing yet."""
    found = told(COMPLEX, phone="13912345678")
    claim(found, by=cast.chen_li, at=noon)
    return Complaint.objects.get(pk=found.pk)


def promises(case: Complaint, by: Person, cast: SimpleNamespace, at: datetime) -> None:
    promise(case, kind="call_back", what="回电", due_at=at + D, by=by, at=at)


def keeps(case: Complaint, by: Person, cast: SimpleNamespace, at: datetime) -> None:
    given = promise(case, kind="call_back", what="回电", due_at=at + D, by=cast.chen_li, at=at)
    keep(given, how="已回电说明", by=by, at=at)


def releases(case: Complaint, by: Person, cast: SimpleNamespace, at: datetime) -> None:
    given = promise(case, kind="call_back", what="回电", due_at=at + D, by=cast.chen_li, at=at)
    release(given, because="客户说不必", by=by, at=at)


def restarts(case: Complaint, by: Person, cast: SimpleNamespace, at: datetime) -> None:
    restart(case, material_at=at + H, because="新证据", by=by, at=at + H)


def pauses(case: Complaint, by: Person, cast: SimpleNamespace, at: datetime) -> None:
    pause(case, cause="appraisal", consent=True, because="鉴定", by=by, at=at)


def agrees_a_date(case: Complaint, by: Person, cast: SimpleNamespace, at: datetime) -> None:
    agree(case, until=at + 5 * D, because="客户同意", by=by, at=at)


def extends(case: Complaint, by: Person, cast: SimpleNamespace, at: datetime) -> None:
    later = at + 10 * D
    free = [one for one in choices(case, at=later) if not one.row.approvers]
    extend(case, choice=free[0].code, because="复杂", by=by, at=later)


def hands_over(case: Complaint, by: Person, cast: SimpleNamespace, at: datetime) -> None:
    branch = Org.objects.get(code=BRANCH_A)
    hand_over(case, to=branch, because="请牵头", **TOLD, by=by, at=at)


def hosts(case: Complaint, by: Person, cast: SimpleNamespace, at: datetime) -> None:
    _meet(case, by, by=cast.chen_li, at=at)


def keeps_minutes(case: Complaint, by: Person, cast: SimpleNamespace, at: datetime) -> None:
    _meet(case, cast.chen_li, by=by, at=at)


def attends(case: Complaint, by: Person, cast: SimpleNamespace, at: datetime) -> None:
    _meet(case, cast.chen_li, by=cast.chen_li, at=at, persons=[by])


def _meet(
    case: Complaint, host: Person, *, by: Person, at: datetime, persons: list[Person] | None = None
) -> None:
    session = booked(case, host, by=by, at=at, persons=persons or [])
    hold(
        session, held_at=at + D, attended=[one.pk for one in session.invited.all()],
        minutes="客户同意", outcome="agreed", plan="退年费", follow_ups=[], by=by, at=at + D,
    )  # fmt: skip


def refuses(case: Complaint, by: Person, cast: SimpleNamespace, at: datetime) -> None:
    look_into(case, cast.chen_li, at)
    letter = a_letter(case, cast.chen_li, at)
    submit(letter, finding="upheld", remedy=Decimal(300), by=cast.chen_li, at=at)
    refuse(case.approvals.waiting().get(), words="依据不足", by=by, at=at)


def records_a_withdrawal(case: Complaint, by: Person, cast: SimpleNamespace, at: datetime) -> None:
    withdraw(case, because="客户撤回", by=by, at=at)


DEEDS: tuple[Deed, ...] = (
    promises, keeps, releases, restarts, pauses, agrees_a_date, extends, hands_over, hosts,
    keeps_minutes, attends, refuses, records_a_withdrawal,
)  # fmt: skip


@pytest.mark.parametrize("deed", DEEDS, ids=lambda deed: deed.__name__)
def test_whoever_had_a_hand_in_it_is_involved(
    cast: SimpleNamespace, case: Complaint, noon: datetime, deed: Deed
) -> None:
    later = noon + 20 * D
    annotate(case, note="路过看了一眼", by=cast.shen_qiu, at=noon)
    # The known-good control: a word on the docket is no hand in it.
    assert not had_a_hand(case, cast.shen_qiu, later)
    deed(case, cast.shen_qiu, cast, noon)
    assert had_a_hand(Complaint.objects.get(pk=case.pk), cast.shen_qiu, later)
    assert not had_a_hand(case, cast.zhao_min, later)


def test_whoever_answered_for_it_and_did_nothing_is_involved(
    cast: SimpleNamespace, told: Told, noon: datetime
) -> None:
    """Named when whoever was accountable stood aside; another desk has it since then."""
    case = told(COMPLEX)
    for person in (cast.wang_xiuying, cast.chen_li):
        recuse(case, person=person, because="亲属", by=person, at=noon)
    case.refresh_from_db()
    assert case.accountable == cast.shen_qiu
    branch = Org.objects.get(code=BRANCH_A)
    hand_over(case, to=branch, because="请牵头", **TOLD, by=cast.wang_xiuying, at=noon)
    accept(case, by=cast.zhou_tao, at=noon)
    case.refresh_from_db()
    assert case.accountable == cast.zhou_tao and had_a_hand(case, cast.shen_qiu, noon)


def test_whoever_stands_in_for_the_accountable_person_does_not_call_back(
    cast: SimpleNamespace, case: Complaint, noon: datetime
) -> None:
    answered(cast, case, noon)
    away(cast.chen_li, cast.shen_qiu, noon, by=cast.chen_li)
    with pytest.raises(CannotClose, match="代理人"):
        call_back(case, satisfied="yes", note="", by=cast.shen_qiu, at=noon)
    # On a day when she stands in for nobody she had no part in it.
    call_back(case, satisfied="yes", note="", by=cast.shen_qiu, at=noon + 5 * D)


def test_the_teller_who_answered_for_it_first_does_not_call_back(
    cast: SimpleNamespace, case: Complaint, noon: datetime
) -> None:
    answered(cast, case, noon)
    with pytest.raises(CannotClose, match="他人回访"):
        call_back(case, satisfied="yes", note="", by=cast.wang_xiuying, at=noon)
    # Who works beside her may: the manager of the outlet had nothing to do with it.
    call_back(case, satisfied="yes", note="", by=cast.li_jianguo, at=noon)


def test_the_agent_who_only_wrote_down_the_call_calls_back(
    cast: SimpleNamespace, told: Told, noon: datetime
) -> None:
    case = told(
        COMPLEX, by=cast.zhao_min, channel="hotline", origin=CENTRE, phone="13912345678"
    )  # fmt: skip
    assert had_a_hand(case, cast.zhao_min, noon)
    desk = case.desk
    assert desk is not None
    recuse(case, person=cast.zhao_min, because="亲属", by=cast.zhao_min, at=noon)
    case.refresh_from_db()
    # Somebody else answers for it now; that the agent was written down first is no hand in it.
    assert not had_a_hand(case, cast.zhao_min, noon)
    assert case.accountable is not None and had_a_hand(case, case.accountable, noon)


def test_whoever_stands_in_for_a_handler_decides_no_review(
    cast: SimpleNamespace, case: Complaint, noon: datetime
) -> None:
    answered(cast, case, noon)
    ask(case, words="合同里没有这一条", by=cast.chen_li, at=noon)
    away(cast.chen_li, cast.qin_lan, noon, by=cast.chen_li)
    verdict: dict[str, Any] = {
        "verdict": "upheld_decision", "way": "letter", "proof": "EMS 2", "at": noon,
        "reasons": "办理过程符合规定，时限没有超，结果依据合同，予以维持。",
    }  # fmt: skip
    with pytest.raises(CannotReview, match="代理人"):
        decide(case, **verdict, by=cast.qin_lan)
    decide(case, **{**verdict, "at": noon + 5 * D}, by=cast.qin_lan)
