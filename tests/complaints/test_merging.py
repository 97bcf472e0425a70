"""Two numbers of one matter go on under the heavier: no limit, duty, promise or offer gets lost."""

from collections.abc import Callable
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from sujin.complaints import clock, kinds
from sujin.complaints.acts import distinguish as pairs
from sujin.complaints.acts import promise as promising
from sujin.complaints.acts.claim import claim, held_for, locked
from sujin.complaints.acts.close import call_back, close, missing
from sujin.complaints.acts.hand_over import hand_over
from sujin.complaints.acts.meet import book, cancel
from sujin.complaints.acts.merge import CannotMerge, merge, unmerge
from sujin.complaints.acts.pause import agree, causes, pause, resume
from sujin.complaints.acts.promise import CannotPromise, keep, miss_overdue, promise
from sujin.complaints.acts.reclassify import CannotReclassify, approve, reclassify, threshold
from sujin.complaints.acts.respond import respond
from sujin.complaints.acts.retier import retier
from sujin.complaints.acts.withdraw import reinstate, withdraw
from sujin.complaints.draft import CaseKind, Lane, RegulatorDraft
from sujin.complaints.invariants import closed_incomplete
from sujin.complaints.models import Complaint, Promise
from sujin.complaints.replaying import differing
from sujin.engine.sla import Reading, State
from sujin.engine.tier import Tier
from sujin.lab.cast import BRANCH_A
from sujin.platform.models import Org, Person
from tests.complaints.conftest import FEE, TOLD, Told
from tests.complaints.test_answering import COMPLEX, answered, fresh

PHONE = "13912345678"
OTHER = "手机银行转账五千元没有到账，请尽快处理。"
OTHER_COMPLEX = "手机银行转账五千元没有到账，再不处理我就打12378投诉。"
DAY, HOUR = timedelta(days=1), timedelta(hours=1)
SignIn = Callable[[Person], Client]
Tell = Callable[..., Complaint]


@pytest.fixture
def heard(told: Told, noon: datetime) -> Tell:
    """The same customer tells something, so many days after noon."""

    def tell(text: str, days: int = 0, **changes: Any) -> Complaint:
        moment = noon + days * DAY
        return told(text, phone=PHONE, at=moment, received_at=moment, **changes)

    return tell


@pytest.fixture
def into(cast: SimpleNamespace) -> Callable[[Complaint, Complaint, datetime], None]:
    """Chen Li ends the first inside the second."""

    def go_on(case: Complaint, target: Complaint, at: datetime) -> None:
        merge(case, into=target, because="同一事项", by=cast.chen_li, at=at)

    return go_on


Into = Callable[[Complaint, Complaint, datetime], None]


def decision(case: Complaint, at: datetime) -> Reading:
    """The clock of Order 3 of 2020, article 18."""
    return next(one for one in clock.of(fresh(case), now=at) if one.clock == "decision")


def the_other_way(case: Complaint, target: Complaint) -> str:
    return f"请反过来并案：打开 {target.number}，把它并入 {case.number}"


def test_what_was_told_first_goes_on_and_its_limit_does_not_move(
    heard: Tell, into: Into, noon: datetime
) -> None:
    first, later, now = heard(FEE), heard(OTHER, 13), noon + 13 * DAY
    due = decision(first, now).due_at
    with pytest.raises(CannotMerge, match=r"期限早的.*第十八条") as refused:
        into(first, later, now)
    assert the_other_way(first, later) in str(refused.value)
    into(later, first, now)
    assert decision(first, now).due_at == due


def test_a_limit_that_is_broken_is_not_hidden_in_a_younger_case(
    heard: Tell, into: Into, noon: datetime
) -> None:
    first, later, now = heard(FEE), heard(OTHER, 18), noon + 20 * DAY
    assert decision(first, now).state is State.OVERDUE
    with pytest.raises(CannotMerge, match="期限早的"):
        into(first, later, now)
    into(later, first, now)
    assert decision(first, now).state is State.OVERDUE


def test_a_date_that_was_agreed_for_the_other_case_is_not_this_ones(
    cast: SimpleNamespace, heard: Tell, into: Into, noon: datetime
) -> None:
    one, other = heard(FEE), heard(OTHER)
    agree(other, until=noon + 25 * DAY, because="客户同意", by=cast.chen_li, at=noon)
    with pytest.raises(CannotMerge, match="期限早的"):
        into(one, other, noon)
    into(other, one, noon)


def test_a_running_limit_is_not_stopped_by_a_pause_of_the_other_case(
    cast: SimpleNamespace, heard: Tell, into: Into, noon: datetime
) -> None:
    one, other = heard(OTHER, 1), heard(FEE)
    now = noon + DAY
    cause = sorted(causes(other))[0]
    pause(other, cause=cause, consent=True, because="等材料", by=cast.chen_li, at=now)
    with pytest.raises(CannotMerge, match="暂停计时"):
        into(one, other, now + HOUR)
    resume(other, because="材料已到", by=cast.chen_li, at=now + 2 * HOUR)
    into(one, other, now + 3 * HOUR)


def test_a_case_that_began_anew_does_not_take_its_fresh_days_to_an_older_one(
    cast: SimpleNamespace, heard: Tell, into: Into, noon: datetime
) -> None:
    reopened = heard(COMPLEX)
    claim(reopened, by=cast.chen_li, at=noon)
    answered(cast, reopened, noon)
    waiting = heard(OTHER_COMPLEX, 1)
    now = noon + 5 * DAY
    call_back(reopened, satisfied="no", note="没解决", by=cast.zhao_min, at=now)
    with pytest.raises(CannotMerge, match="期限早的"):
        into(waiting, reopened, now)
    into(reopened, waiting, now)
    assert fresh(reopened).merged_into == waiting


def test_an_answer_answers_nothing_but_what_it_looked_into(
    cast: SimpleNamespace, heard: Tell, into: Into, noon: datetime
) -> None:
    before, target = heard(OTHER_COMPLEX), heard(COMPLEX)
    claim(target, by=cast.chen_li, at=noon)
    answered(cast, target, noon + HOUR)
    after = heard("理财合同里没有写明的费用也请说明，否则打12378投诉。", 1)
    now = noon + DAY
    for case, other in ((after, target), (before, target), (target, before)):
        with pytest.raises(CannotMerge, match="两件分别办理"):
            into(case, other, now)
    # The control: once that answer counts no more, neither is answered.
    call_back(target, satisfied="no", note="没解决", by=cast.zhao_min, at=now)
    into(target, before, now)


def test_a_complaint_does_not_end_inside_an_enquiry(
    cast: SimpleNamespace, heard: Tell, into: Into, noon: datetime, signed_in: SignIn
) -> None:
    complained = heard(FEE)
    asked = heard("请问网点几点开门，怎么开户？", kind=CaseKind.CONSULTATION)
    form = {"merger-into": asked.number, "merger-because": "同一事项"}
    page = signed_in(cast.zhou_tao).post(reverse("complaints:merger", args=[complained]), form)
    assert page.status_code == 422
    assert "投诉不能并入咨询" in page.content.decode()
    assert the_other_way(complained, asked) in page.content.decode()
    into(asked, complained, noon)
    assert any("调查" in point for point in missing(fresh(complained)))


def test_a_case_under_more_laws_does_not_end_inside_one_under_fewer(
    heard: Tell, into: Into, noon: datetime
) -> None:
    sent: dict[str, Any] = {"lane": Lane.REGULATOR, "channel": "regulator"}
    both = heard(FEE, **sent, regulator=RegulatorDraft("12363", "转1", None, None))
    one = heard(OTHER, **sent, regulator=RegulatorDraft("12378", "转2", None, None))
    assert set(both.regimes) > set(one.regimes)
    with pytest.raises(CannotMerge, match=r"中国人民银行.*约束"):
        into(both, one, noon)
    into(one, both, noon)


def test_where_either_would_lose_something_the_refusal_says_both(
    cast: SimpleNamespace, heard: Tell, into: Into, noon: datetime
) -> None:
    early, grave, now = heard(FEE), heard(OTHER_COMPLEX, 1), noon + DAY
    assert (early.tier, grave.tier) == ("ordinary", "complex")
    for case, target in ((early, grave), (grave, early)):
        with pytest.raises(CannotMerge, match="反过来也不行") as refused:
            into(case, target, now)
        assert "分级高的" in str(refused.value) and "期限早的" in str(refused.value)
    retier(early, to=Tier.COMPLEX, because="与后一件同一事项", by=cast.zhou_tao, at=now)
    into(grave, early, now)


def test_a_number_under_which_a_complaint_goes_on_stays_a_complaint(
    cast: SimpleNamespace, heard: Tell, into: Into, noon: datetime
) -> None:
    case, target = heard(OTHER), heard(FEE)
    asked: dict[str, Any] = {"to": CaseKind.CONSULTATION, "because": "只是问", "by": cast.chen_li}
    into(case, target, noon)
    with pytest.raises(CannotReclassify, match="先撤销并案"):
        reclassify(target, **asked, at=noon)
    unmerge(case, because="各自改类", by=cast.chen_li, at=noon)
    assert reclassify(target, **asked, at=noon)


def test_a_change_of_kind_that_waited_while_a_complaint_came_in_is_not_approved(
    cast: SimpleNamespace, heard: Tell, into: Into, noon: datetime
) -> None:
    case, target = heard(OTHER_COMPLEX), heard(COMPLEX)
    asked = {"to": CaseKind.CONSULTATION, "because": "只是问"}
    assert not reclassify(target, **asked, by=cast.chen_li, at=noon)  # type: ignore[arg-type]
    into(case, target, noon)
    with pytest.raises(CannotReclassify, match="先撤销并案"):
        approve(target, because="同意", by=cast.zhou_tao, at=noon)


def test_a_merge_takes_no_second_pair_of_eyes_away(heard: Tell, into: Into, noon: datetime) -> None:
    case, target = heard("手机银行转账20000元没有到账，请尽快处理。"), heard(FEE)
    Complaint.objects.filter(pk=case.pk).update(tier="ordinary", amount=20000)
    assert (bool(threshold(fresh(case))), threshold(target)) == (True, "")
    into(case, target, noon)
    assert threshold(target) == threshold(fresh(case))


def test_a_sitting_that_was_booked_is_not_forgotten_in_a_case_that_has_ended(
    cast: SimpleNamespace, heard: Tell, into: Into, noon: datetime
) -> None:
    case, target = heard(OTHER_COMPLEX), heard(COMPLEX)
    booked = book(
        case,
        kind="direct",
        way="phone",
        starts_at=noon + 3 * HOUR,
        minutes_planned=30,
        place="网点二楼",
        host=cast.chen_li,
        orgs=[],
        persons=[],
        guests=[],
        consent=True,
        risk="none",
        risk_words="",
        by=cast.chen_li,
        at=noon,
    )
    with pytest.raises(CannotMerge, match="约好的直连"):
        into(case, target, noon)
    cancel(booked, because="客户改约", by=cast.chen_li, at=noon)
    into(case, target, noon)


def ended(cast: SimpleNamespace, case: Complaint, at: datetime) -> None:
    call_back(case, satisfied="yes", note="", by=cast.zhao_min, at=at)
    close(case, by=cast.chen_li, at=at)


def test_the_night_finds_a_complaint_that_ended_under_a_number_closed_as_an_enquiry(
    cast: SimpleNamespace, heard: Tell, into: Into, noon: datetime
) -> None:
    case, target = heard(OTHER), heard(FEE)
    into(case, target, noon)
    Complaint.objects.filter(pk=target.pk).update(kind=CaseKind.CONSULTATION)
    respond(target, way="phone", note="说明了", by=cast.wang_xiuying, at=noon)
    close(target, by=cast.wang_xiuying, at=noon)
    (found,) = closed_incomplete(noon)
    assert (found.about, found.complaint) == (target.number, target.pk)
    assert found.points == ("investigated", "answered", "called_back", "coded")


def test_the_night_is_content_with_a_complaint_that_ended_under_one_closed_by_the_rules(
    cast: SimpleNamespace, heard: Tell, into: Into, noon: datetime
) -> None:
    case, target = heard(OTHER_COMPLEX), heard(COMPLEX)
    claim(target, by=cast.chen_li, at=noon)
    into(case, target, noon)
    answered(cast, target, noon)
    ended(cast, target, noon)
    assert list(closed_incomplete(noon)) == []
    Complaint.objects.filter(pk=target.pk).update(called_back_at=None)
    assert [found.points for found in closed_incomplete(noon)] == [("called_back",)]


@pytest.mark.parametrize("way", ["withdrawn", "merged"])
def test_an_offer_ends_with_the_case_and_haunts_no_clock_when_that_is_undone(
    cast: SimpleNamespace, heard: Tell, into: Into, noon: datetime, way: str
) -> None:
    target, case = heard(COMPLEX), heard(OTHER_COMPLEX)
    claim(case, by=cast.chen_li, at=noon)
    to, seen_by = Org.objects.get(code=BRANCH_A), fresh(case).seen_by
    hand_over(case, to=to, because="归省行", **TOLD, by=cast.chen_li, at=noon)
    if way == "withdrawn":
        withdraw(case, because="客户撤回", by=cast.chen_li, at=noon + HOUR)
        reinstate(case, because="登记错", by=cast.chen_li, at=noon + 2 * HOUR)
    else:
        into(case, target, noon + HOUR)
        unmerge(case, because="并错了", by=cast.chen_li, at=noon + 2 * HOUR)
    told = [entry.kind for entry in case.entries.in_order()][-4:-2]
    assert told == [kinds.TakenBack.code, f"complaint.{way}"]
    case = fresh(case)
    (offer,) = [one for one in clock.of(case, now=noon + 5 * DAY) if one.clock == "hand_over"]
    assert (case.offered_to, offer.state, case.due_clock) == (None, State.MET, "first_response")
    assert case.seen_by == seen_by
    assert differing([case.pk, target.pk]) == {}
    # The clock is sound again: a new offer begins it anew.
    hand_over(case, to=to, because="归省行", **TOLD, by=cast.chen_li, at=noon + 3 * HOUR)
    assert any(
        one.clock == "hand_over" and one.state is State.RUNNING
        for one in clock.of(fresh(case), now=noon + 4 * HOUR)
    )


def owing(cast: SimpleNamespace, case: Complaint, at: datetime) -> Promise:
    given = {"kind": "call_back", "what": "回电告知退费", "due_at": at + DAY}
    return promise(case, **given, by=cast.chen_li, at=at)  # type: ignore[arg-type]


def test_what_was_promised_under_one_number_is_owed_under_the_other(
    cast: SimpleNamespace, heard: Tell, into: Into, noon: datetime, signed_in: SignIn
) -> None:
    case, target = heard(OTHER_COMPLEX), heard(COMPLEX)
    claim(target, by=cast.chen_li, at=noon)
    owed = owing(cast, case, noon)
    into(case, target, noon)
    target = fresh(target)
    assert target.promise_due_at == owed.due_at
    assert any("答应客户" in point for point in missing(target))
    client = signed_in(cast.chen_li)
    assert "回电告知退费" in client.get(target.get_absolute_url()).content.decode()
    url = reverse("complaints:promise_kept", args=[target, owed.pk])
    assert client.post(url, {"how": "已回电"}).status_code == 302
    target = fresh(target)
    assert target.promise_due_at is None
    assert target.entries.of(kinds.PromiseKept).count() == 1
    assert not any("答应客户" in point for point in missing(target))
    assert differing([case.pk, target.pk]) == {}


def test_an_undone_merge_takes_its_promises_along(
    cast: SimpleNamespace, heard: Tell, into: Into, noon: datetime
) -> None:
    case, target = heard(OTHER), heard(FEE)
    owed, own = owing(cast, case, noon), owing(cast, target, noon + HOUR)
    into(case, target, noon + 2 * HOUR)
    assert fresh(target).promise_due_at == owed.due_at
    assert miss_overdue(by=cast.zhou_tao, at=owed.due_at + HOUR / 2) == 1
    assert target.entries.of(kinds.PromiseMissed).count() == 1
    unmerge(case, because="并错了", by=cast.chen_li, at=owed.due_at + HOUR / 2)
    assert fresh(case).promise_due_at == owed.due_at
    assert fresh(target).promise_due_at == own.due_at
    keep(owed, how="已回电", by=cast.chen_li, at=owed.due_at + 2 * HOUR)
    assert fresh(case).promise_due_at is None
    assert case.entries.of(kinds.PromiseKept).count() == 1
    assert differing([case.pk, target.pk]) == {}


def test_a_promise_kept_while_its_case_is_merged_is_not_told_on_the_wrong_docket(
    cast: SimpleNamespace,
    heard: Tell,
    into: Into,
    noon: datetime,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    case, target = heard(OTHER), heard(FEE)
    owed = owing(cast, case, noon)

    def merged_first(held: Complaint) -> Complaint:
        if fresh(case).merged_into_id is None:
            into(case, target, noon)
        return locked(held)

    monkeypatch.setattr(promising, "locked", merged_first)
    with pytest.raises(CannotPromise, match="请刷新页面"):
        keep(owed, how="已回电", by=cast.chen_li, at=noon + HOUR)
    monkeypatch.undo()
    into(case, target, noon)
    keep(owed, how="已回电", by=cast.chen_li, at=noon + HOUR)
    assert (case.entries.of(kinds.PromiseKept).count(), fresh(target).promise_due_at) == (0, None)


def test_two_who_undo_the_same_merge_undo_it_once(
    cast: SimpleNamespace,
    heard: Tell,
    into: Into,
    noon: datetime,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    case, target = heard(OTHER), heard(FEE)
    into(case, target, noon)
    other = {"comes": True}

    def undone_first(held: Complaint, by: Person) -> Complaint:
        if other.pop("comes", False):
            unmerge(case, because="并错了", by=cast.zhou_tao, at=noon)
        return held_for(held, by)

    monkeypatch.setattr(pairs, "held_for", undone_first)
    with pytest.raises(CannotMerge, match="请刷新页面"):
        unmerge(case, because="并错了", by=cast.chen_li, at=noon)
