"""Whose it is: no open case ever has zero accountable persons."""

from collections.abc import Callable
from datetime import datetime, timedelta
from types import SimpleNamespace

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from sujin.complaints import clock, kinds
from sujin.complaints.acts.claim import CannotClaim, claim
from sujin.complaints.acts.hand_over import CannotHandOver, accept, decline, hand_over
from sujin.complaints.acts.recuse import CannotRecuse, recuse
from sujin.complaints.acts.withdraw import CannotWithdraw, reinstate, withdraw
from sujin.complaints.models import Complaint
from sujin.complaints.pages.actions import ACTIONS
from sujin.complaints.pages.actions.base import Action
from sujin.lab.cast import BRANCH2_A, BRANCH2_B, BRANCH_A, OUTLET_A
from sujin.platform import reach
from sujin.platform.models import Org, Person
from tests.complaints.conftest import TOLD, Told

COMPLEX = "信用卡被扣300元年费，再不退费我就打12378投诉。"


def desk(code: str) -> Org:
    return Org.objects.get(code=code)


def test_an_ordinary_complaint_stays_with_the_teller_who_heard_it(
    cast: SimpleNamespace, told: Told
) -> None:
    case = told()
    assert case.desk == desk(OUTLET_A)
    assert case.accountable == cast.wang_xiuying
    assert case.claimed_at is not None


def test_a_complex_one_waits_at_the_branch_and_the_teller_stays_accountable(
    cast: SimpleNamespace, told: Told
) -> None:
    case = told(COMPLEX)
    assert case.desk == desk(BRANCH2_A)
    assert case.accountable == cast.wang_xiuying
    assert case.claimed_at is None


def test_two_handlers_cannot_both_take_it(
    cast: SimpleNamespace, told: Told, noon: datetime
) -> None:
    case = told(COMPLEX)
    claim(case, by=cast.chen_li, at=noon)
    with pytest.raises(CannotClaim, match="陈立"):
        claim(case, by=cast.shen_qiu, at=noon)


def test_a_handler_of_another_branch_cannot_take_it(
    cast: SimpleNamespace, told: Told, noon: datetime
) -> None:
    with pytest.raises(CannotClaim, match="在岗人员"):
        claim(told(COMPLEX), by=cast.ma_jun, at=noon)


def test_a_hand_over_changes_nothing_until_it_is_accepted(
    cast: SimpleNamespace, told: Told, noon: datetime
) -> None:
    case = told(COMPLEX)
    claim(case, by=cast.chen_li, at=noon)
    hand_over(case, to=desk(BRANCH_A), because="涉及多家支行", **TOLD, by=cast.chen_li, at=noon)
    case.refresh_from_db()
    assert case.accountable == cast.chen_li
    assert case.desk == desk(BRANCH2_A)
    clocks = {reading.clock: reading for reading in clock.of(case, now=noon)}
    assert clocks["hand_over"].due_at == noon + timedelta(hours=4)
    accept(case, by=cast.zhou_tao, at=noon + timedelta(hours=1))
    case.refresh_from_db()
    assert case.accountable == cast.zhou_tao
    assert case.desk == desk(BRANCH_A)
    assert not case.is_offered


def test_a_declined_hand_over_bounces_back_with_the_reason_on_the_docket(
    cast: SimpleNamespace, told: Told, noon: datetime
) -> None:
    case = told(COMPLEX)
    claim(case, by=cast.chen_li, at=noon)
    hand_over(case, to=desk(BRANCH_A), because="请协助", **TOLD, by=cast.chen_li, at=noon)
    decline(case, because="材料不全", by=cast.zhou_tao, at=noon + timedelta(hours=1))
    case.refresh_from_db()
    assert case.accountable == cast.chen_li
    assert not case.is_offered
    assert case.entries.of(kinds.Declined).get().data["because"] == "材料不全"
    assert case.due_at is not None


def test_a_hand_over_to_a_desk_where_nobody_works_is_refused(
    cast: SimpleNamespace, told: Told, noon: datetime
) -> None:
    case = told(COMPLEX)
    claim(case, by=cast.chen_li, at=noon)
    with pytest.raises(CannotHandOver, match="在岗人员"):
        hand_over(case, to=desk("JN-02-01-01"), because="离客户近", by=cast.chen_li, at=noon)


def test_the_person_complained_about_cannot_be_assigned(
    cast: SimpleNamespace, told: Told, noon: datetime
) -> None:
    case = told(COMPLEX)
    with pytest.raises(CannotRecuse, match="本人"):
        recuse(case, person=cast.chen_li, because="不想让他办", by=cast.shen_qiu, at=noon)
    recuse(case, person=cast.chen_li, because="客户投诉的就是他", by=cast.zhou_tao, at=noon)
    with pytest.raises(CannotClaim, match="回避"):
        claim(case, by=cast.chen_li, at=noon)
    claim(case, by=cast.shen_qiu, at=noon)
    with pytest.raises(CannotRecuse, match="移交"):
        recuse(case, person=cast.shen_qiu, because="亲属", by=cast.zhou_tao, at=noon)


def test_an_offer_ends_with_the_case_and_so_does_the_sight_of_it(
    cast: SimpleNamespace, told: Told, noon: datetime
) -> None:
    case = told(COMPLEX)
    claim(case, by=cast.chen_li, at=noon)
    hand_over(case, to=desk(BRANCH2_B), because="客户在乙行", by=cast.chen_li, at=noon)
    assert visible_to(case, cast.ma_jun, noon)
    withdraw(case, because="客户书面撤回", by=cast.chen_li, at=noon)
    case.refresh_from_db()
    assert case.offered_to is None
    assert not visible_to(case, cast.ma_jun, noon)
    assert visible_to(case, cast.chen_li, noon)
    assert replayed(case)


def test_a_withdrawal_recorded_by_mistake_is_undone_with_its_clocks(
    cast: SimpleNamespace, told: Told, noon: datetime
) -> None:
    case = told(COMPLEX)
    claim(case, by=cast.chen_li, at=noon)
    case.refresh_from_db()
    before = (case.due_at, case.due_clock)
    withdraw(case, because="误点", by=cast.chen_li, at=noon)
    reinstate(case, because="登记错了人", by=cast.chen_li, at=noon)
    case.refresh_from_db()
    assert (case.due_at, case.due_clock) == before
    assert case.is_open and replayed(case)
    with pytest.raises(CannotWithdraw, match="没有登记撤诉"):
        reinstate(case, because="再来一次", by=cast.chen_li, at=noon)


def visible_to(case: Complaint, person: Person, at: datetime) -> bool:
    return Complaint.objects.within(reach.of(person, at)).filter(pk=case.pk).exists()


def replayed(case: Complaint) -> bool:
    return all(
        getattr(case, column) == (list(value) if isinstance(value, tuple) else value)
        for column, value in case.replay().items()
    )


def test_nothing_but_words_and_papers_is_added_to_a_case_that_has_ended(
    cast: SimpleNamespace, told: Told, noon: datetime, signed_in: Callable[[Person], Client]
) -> None:
    case = told(COMPLEX)
    hand_over(case, to=desk(BRANCH_A), because="请牵头", **TOLD, by=cast.chen_li, at=noon)
    withdraw(case, because="客户书面撤回", by=cast.zhou_tao, at=noon)
    before = Complaint.objects.filter(pk=case.pk).values().get()
    client = signed_in(cast.zhou_tao)
    for action in ACTIONS:
        if action.name in {"note", "files", "codes", "reinstatement"}:
            continue
        client.post(reverse(f"complaints:{action.name}", args=[case.number]), filled_in(action))
        assert Complaint.objects.filter(pk=case.pk).values().get() == before, action.name


def filled_in(action: Action) -> dict[str, str]:
    """The action's form, filled in to the last field."""
    words = {
        "because": "理由",
        "to": {"tier": "urgent", "kind": "consultation"}.get(action.name, BRANCH2_B),
        "person": "100104",
        "way": "phone",
        "note": "已联系",
        "is_confirmed": "on",
        "into": "2026-0000001",
    }
    return {f"{action.name}-{name}": value for name, value in words.items()}


def test_anybody_may_stand_aside(cast: SimpleNamespace, told: Told, noon: datetime) -> None:
    case = told(COMPLEX)
    recuse(case, person=cast.chen_li, because="当事人是亲属", by=cast.chen_li, at=noon)
    with pytest.raises(CannotClaim, match="回避"):
        claim(case, by=cast.chen_li, at=noon)


def test_the_database_refuses_an_open_case_without_an_accountable_person(told: Told) -> None:
    case = told()
    with pytest.raises(IntegrityError, match="accountable"), transaction.atomic():
        Complaint.objects.filter(pk=case.pk).update(accountable=None)
