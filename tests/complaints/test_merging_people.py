"""A merge keeps the people of both numbers in mind: who stands aside, who had a hand in it, who was
asked and does not hear that it ended, and which agencies wait for an answer."""

from collections.abc import Callable
from datetime import datetime, timedelta
from types import SimpleNamespace

import pytest
from django.test import Client

from sujin.complaints import kinds
from sujin.complaints.acts.claim import MustStandAside, claim
from sujin.complaints.acts.close import CannotClose, call_back
from sujin.complaints.acts.confer import ask_departments, give_opinion
from sujin.complaints.acts.merge import CannotMerge, merge, unmerge
from sujin.complaints.acts.recuse import recuse
from sujin.complaints.acts.withdraw import reinstate, withdraw
from sujin.complaints.draft import Lane, RegulatorDraft
from sujin.complaints.involved import had_a_hand
from sujin.complaints.models import Assignment, Complaint
from sujin.complaints.replaying import differing
from sujin.platform.models import Person
from tests.complaints.conftest import Told
from tests.complaints.test_answering import COMPLEX, answered, fresh, look_into
from tests.complaints.test_merging import OTHER_COMPLEX, PHONE

HOUR = timedelta(hours=1)
SignIn = Callable[[Person], Client]


@pytest.fixture
def case(told: Told) -> Complaint:
    return told(OTHER_COMPLEX, phone=PHONE)


@pytest.fixture
def target(told: Told) -> Complaint:
    return told(COMPLEX, phone=PHONE)


def stand_aside(case: Complaint, person: Person, at: datetime) -> None:
    recuse(case, person=person, because="亲属", by=person, at=at)


def test_whoever_stands_aside_from_one_number_does_from_both(
    cast: SimpleNamespace, case: Complaint, target: Complaint, noon: datetime
) -> None:
    stand_aside(case, cast.shen_qiu, noon)
    stand_aside(target, cast.qin_lan, noon)
    merge(case, into=target, because="同一事项", by=cast.chen_li, at=noon)
    assert set(fresh(target).recused) == {cast.qin_lan.pk, cast.shen_qiu.pk}
    with pytest.raises(MustStandAside):
        claim(target, by=cast.shen_qiu, at=noon)
    unmerge(case, because="并错了", by=cast.chen_li, at=noon)
    assert fresh(case).recused == [cast.shen_qiu.pk]
    # What was known once is not forgotten.
    assert set(fresh(target).recused) == {cast.qin_lan.pk, cast.shen_qiu.pk}
    assert differing([case.pk, target.pk]) == {}


def test_nobody_goes_on_handling_what_they_stand_aside_from(
    cast: SimpleNamespace, case: Complaint, target: Complaint, noon: datetime
) -> None:
    stand_aside(case, cast.shen_qiu, noon)
    claim(target, by=cast.shen_qiu, at=noon)
    with pytest.raises(CannotMerge, match="已经回避，请先移交"):
        merge(case, into=target, because="同一事项", by=cast.chen_li, at=noon)
    assert fresh(target).accountable == cast.shen_qiu and fresh(case).is_open


def test_whoever_only_answers_for_the_other_number_is_relieved_by_the_merge(
    cast: SimpleNamespace, case: Complaint, target: Complaint, noon: datetime
) -> None:
    held = fresh(target).accountable
    assert held is not None and fresh(target).claimed_at is None
    stand_aside(case, held, noon)
    merge(case, into=target, because="同一事项", by=cast.chen_li, at=noon)
    assert fresh(target).accountable != held
    assert target.entries.of(kinds.Relieved).count() == 1


def test_whoever_handled_the_matter_under_the_other_number_does_not_call_back(
    cast: SimpleNamespace, case: Complaint, target: Complaint, noon: datetime
) -> None:
    claim(target, by=cast.chen_li, at=noon)
    look_into(case, cast.shen_qiu, noon)
    # The known-good control: not merged, the other case is none of this one.
    assert not had_a_hand(target, cast.shen_qiu, noon)
    merge(case, into=target, because="同一事项", by=cast.chen_li, at=noon)
    answered(cast, target, noon)
    with pytest.raises(CannotClose, match="他人回访"):
        call_back(target, satisfied="yes", note="", by=cast.shen_qiu, at=noon)
    call_back(target, satisfied="yes", note="", by=cast.zhao_min, at=noon)


def test_whoever_was_accountable_under_the_other_number_is_involved(
    cast: SimpleNamespace, case: Complaint, target: Complaint, noon: datetime
) -> None:
    claim(case, by=cast.shen_qiu, at=noon)
    claim(target, by=cast.chen_li, at=noon)
    merge(case, into=target, because="同一事项", by=cast.chen_li, at=noon)
    assert had_a_hand(fresh(target), cast.shen_qiu, noon)
    assert not had_a_hand(fresh(target), cast.zhao_min, noon)


def asked(case: Complaint, cast: SimpleNamespace, at: datetime) -> Assignment:
    claim(case, by=cast.chen_li, at=at)
    desk = cast.gu_wen.posts.first().org
    ask_departments(case, desks=[desk], question="合同里有没有写", by=cast.chen_li, at=at)
    return case.assignments.get()


def test_a_case_of_which_somebody_owes_an_answer_is_not_merged_away(
    cast: SimpleNamespace, case: Complaint, target: Complaint, noon: datetime
) -> None:
    owed = asked(case, cast, noon)
    with pytest.raises(CannotMerge, match=r"还没有回复.*请反过来"):
        merge(case, into=target, because="同一事项", by=cast.chen_li, at=noon)
    give_opinion(case, answer="合同第八条写明了", assignment=owed.pk, by=cast.gu_wen, at=noon)
    merge(case, into=target, because="同一事项", by=cast.chen_li, at=noon)


def test_nobody_is_asked_any_more_for_a_case_that_has_ended(
    cast: SimpleNamespace, case: Complaint, noon: datetime
) -> None:
    asked(case, cast, noon)
    assert Assignment.objects.owed().count() == 1
    withdraw(case, because="客户撤回", by=cast.chen_li, at=noon)
    assert (Assignment.objects.owed().count(), Assignment.objects.open().count()) == (0, 1)
    reinstate(case, because="登记错", by=cast.chen_li, at=noon + HOUR)
    assert Assignment.objects.owed().count() == 1


def test_the_letters_of_both_numbers_are_in_sight_under_the_one_that_goes_on(
    cast: SimpleNamespace, told: Told, noon: datetime, signed_in: SignIn
) -> None:
    sent, due = {"lane": Lane.REGULATOR, "channel": "regulator"}, noon + 100 * HOUR
    first = told(COMPLEX, phone=PHONE, **sent, regulator=RegulatorDraft("12378", "转1", None, due))
    second = told(
        OTHER_COMPLEX, phone=PHONE, **sent,
        regulator=RegulatorDraft("12378", "转2", None, due + HOUR),
    )  # fmt: skip
    page = signed_in(cast.zhou_tao)
    assert "转2" not in page.get(first.get_absolute_url()).content.decode()
    merge(second, into=first, because="同一事项", by=cast.zhou_tao, at=noon)
    shown = page.get(first.get_absolute_url()).content.decode()
    assert "12378 转1 · 12378 转2" in shown
    unmerge(second, because="并错了", by=cast.zhou_tao, at=noon)
    assert "12378 转2" not in page.get(first.get_absolute_url()).content.decode()
