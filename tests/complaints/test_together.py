"""Handled in company: departments asked at once, one plan, a coached outlet, a task force."""

from collections.abc import Callable
from datetime import datetime, timedelta
from types import SimpleNamespace

import pytest
from django.test import Client
from django.urls import reverse

from sujin.complaints import kinds
from sujin.complaints.acts.claim import claim
from sujin.complaints.acts.close import CannotClose, close, missing
from sujin.complaints.acts.confer import (
    CannotConfer,
    agree_plan,
    ask_departments,
    form_task_force,
    give_opinion,
)
from sujin.complaints.acts.hand_over import hand_over
from sujin.complaints.acts.recuse import recuse
from sujin.complaints.acts.retier import retier
from sujin.complaints.models import Assignment, Complaint
from sujin.engine.tier import Tier
from sujin.lab.cast import BRANCH2_B, BRANCH_A
from sujin.platform import journal, reach
from sujin.platform.models import Notice, Org, Person
from tests.complaints.conftest import Told

COMPLEX = "信用卡被扣300元年费，再不退费我就打12378投诉。"


@pytest.fixture
def case(cast: SimpleNamespace, told: Told, noon: datetime) -> Complaint:
    """A complex complaint of outlet A in Chen Li's hands."""
    found = told(COMPLEX, phone="13912345678")
    claim(found, by=cast.chen_li, at=noon)
    return fresh(found)


def fresh(case: Complaint) -> Complaint:
    return Complaint.objects.get(pk=case.pk)


def card_and_personal() -> list[Org]:
    return list(Org.objects.filter(code__in=["HO-CARD", "HO-PERSONAL"]).order_by("code"))


def sees(person: Person, case: Complaint, at: datetime) -> bool:
    return Complaint.objects.within(reach.of(person, at)).filter(pk=case.pk).exists()


def test_departments_are_asked_at_once_and_answers_land_in_one_plan(
    cast: SimpleNamespace, case: Complaint, noon: datetime
) -> None:
    assert not sees(cast.he_jing, case, noon)
    desks = card_and_personal()
    ask_departments(case, desks=desks, question="责任在谁？", by=cast.chen_li, at=noon)
    assert sees(cast.he_jing, case, noon)
    assert [one.due_at - noon for one in case.assignments.all()] == [timedelta(hours=24)] * 2
    with pytest.raises(CannotConfer, match="还在等"):
        agree_plan(case, plan="退费", coaches=True, by=cast.chen_li, at=noon)
    give_opinion(case, answer="卡部：可退", by=cast.liu_yang, at=noon)
    give_opinion(case, answer="个金：同意", by=cast.he_jing, at=noon)
    with pytest.raises(CannotConfer, match="没有等你"):
        give_opinion(case, answer="再说一句", by=cast.he_jing, at=noon)
    agree_plan(case, plan="退费并道歉", coaches=True, by=cast.chen_li, at=noon)
    plan = case.entries.of(kinds.PlanAgreed).get().what()
    assert isinstance(plan, kinds.PlanAgreed)
    assert (plan.opinions, plan.silent) == (2, ())
    assert fresh(case).planned_at == noon


def test_who_is_silent_beyond_the_limit_is_named_and_not_waited_for(
    cast: SimpleNamespace, case: Complaint, noon: datetime
) -> None:
    desks = card_and_personal()
    ask_departments(case, desks=desks, question="责任在谁？", by=cast.chen_li, at=noon)
    give_opinion(case, answer="可退", by=cast.liu_yang, at=noon)
    late = noon + timedelta(hours=25)
    agree_plan(case, plan="退费", coaches=False, by=cast.chen_li, at=late)
    sentence = case.entries.of(kinds.PlanAgreed).get().what().sentence()
    assert "个人金融" in sentence and "逾期" in sentence
    assert not case.assignments.open().exists()


def test_the_outlet_makes_the_contact_it_was_coached_for(
    cast: SimpleNamespace, case: Complaint, noon: datetime
) -> None:
    agree_plan(case, plan="先道歉，再说三天内退", coaches=True, by=cast.chen_li, at=noon)
    assert any("意见" in point for point in missing(fresh(case)))
    with pytest.raises(CannotConfer, match="没有等你"):
        give_opinion(case, answer="代劳", by=cast.ma_jun, at=noon)
    give_opinion(case, answer="已当面道歉，客户接受", by=cast.li_jianguo, at=noon)
    assert fresh(case).responded_at == noon
    assert not any("意见" in point for point in missing(fresh(case)))


def test_a_desk_is_asked_once_at_a_time(
    cast: SimpleNamespace, case: Complaint, noon: datetime
) -> None:
    card = card_and_personal()[:1]
    ask_departments(case, desks=card, question="责任？", by=cast.chen_li, at=noon)
    with pytest.raises(CannotConfer, match="已经征求过"):
        ask_departments(case, desks=card, question="再问", by=cast.chen_li, at=noon)
    empty = list(Org.objects.filter(code="JN-CARD"))
    with pytest.raises(CannotConfer, match="没有在岗人员"):
        ask_departments(case, desks=empty, question="责任？", by=cast.chen_li, at=noon)
    with pytest.raises(CannotConfer, match="回答什么"):
        ask_departments(case, desks=card, question=" ", by=cast.chen_li, at=noon)


def test_one_action_forms_the_task_force_the_plan_and_the_named_person(
    cast: SimpleNamespace, case: Complaint, noon: datetime
) -> None:
    members = card_and_personal()
    elsewhere = Org.objects.get(code=BRANCH2_B)
    hand_over(case, to=elsewhere, because="请接手", by=cast.chen_li, at=noon)
    form_task_force(
        case, head=cast.zhou_tao, members=members, plan="上门说明", by=cast.chen_li, at=noon
    )
    row = fresh(case)
    assert (row.tier, row.accountable, row.claimed_at) == ("urgent", cast.zhou_tao, noon)
    assert row.desk == Org.objects.get(code=BRANCH_A)
    assert (row.planned_at, row.offered_to) == (noon, None)
    assert [one.due_at - noon for one in case.assignments.all()] == [timedelta(hours=4)] * 2
    assert sees(cast.he_jing, case, noon)
    assert row.replay()["tier"] == "urgent"


def test_the_head_of_a_task_force_has_no_interest_in_the_matter_and_a_desk(
    cast: SimpleNamespace, case: Complaint, noon: datetime
) -> None:
    recuse(case, person=cast.zhou_tao, because="亲属", by=cast.zhou_tao, at=noon)
    with pytest.raises(CannotConfer, match="第十七条"):
        form_task_force(case, head=cast.zhou_tao, members=[], plan="x", by=cast.chen_li, at=noon)
    with pytest.raises(CannotConfer, match="岗位"):
        form_task_force(case, head=cast.qian_wei, members=[], plan="x", by=cast.chen_li, at=noon)


def test_a_complex_case_does_not_close_without_a_plan_nor_with_an_opinion_owed(
    cast: SimpleNamespace, case: Complaint, noon: datetime
) -> None:
    with pytest.raises(CannotClose, match="一致的处理方案"):
        close(case, by=cast.chen_li, at=noon)
    ask_departments(case, desks=card_and_personal(), question="责任？", by=cast.chen_li, at=noon)
    with pytest.raises(CannotClose, match="意见没有回来"):
        close(case, by=cast.chen_li, at=noon)


def test_those_asked_hear_of_it_and_find_it_on_their_workbench(
    cast: SimpleNamespace,
    case: Complaint,
    noon: datetime,
    signed_in: Callable[[Person], Client],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("django.utils.timezone.now", lambda: noon + timedelta(hours=1))
    client = signed_in(cast.chen_li)
    desks = [str(org.pk) for org in card_and_personal()]
    asked = client.post(
        reverse("complaints:opinions", args=[case.number]),
        {"opinions-desks": desks, "opinions-question": "责任在谁？"},
    )
    assert asked.status_code == 302
    entry = case.entries.of(kinds.OpinionsAsked).get()
    for act in journal.reactions_to(entry.kind):
        act(entry)
    told = Notice.objects.filter(entry=entry).values_list("person", flat=True)
    assert {cast.he_jing.pk, cast.liu_yang.pk} <= set(told)
    other = signed_in(cast.he_jing)
    assert "回复征求的意见" in other.get(reverse("complaints:home")).content.decode()
    page = other.get(case.get_absolute_url()).content.decode()
    assert "回复意见" in page and "责任在谁" in page
    done = other.post(
        reverse("complaints:opinion", args=[case.number]), {"opinion-answer": "可以退"}
    )
    assert done.status_code == 302
    assert Assignment.objects.filter(done_by=cast.he_jing).count() == 1
    assert "可以退" in client.get(case.get_absolute_url()).content.decode()


def test_a_department_that_was_asked_already_joins_the_task_force_and_is_not_asked_twice(
    cast: SimpleNamespace, case: Complaint, noon: datetime
) -> None:
    card, personal = card_and_personal()
    ask_departments(case, desks=[card], question="能退吗？", by=cast.chen_li, at=noon)
    form_task_force(
        case, head=cast.zhou_tao, members=[card], plan="上门", by=cast.zhou_tao, at=noon
    )
    assert case.entries.of(kinds.TaskForceFormed).get().data["members"] == [card.name]
    form_task_force(
        case, head=cast.zhou_tao, members=[card, personal], plan="上门", by=cast.zhou_tao, at=noon
    )
    owed = case.assignments.open().order_by("pk").values_list("desk__code", flat=True)
    assert list(owed) == ["HO-CARD", "HO-PERSONAL"]


def test_an_urgent_case_asks_for_its_task_force_whatever_was_planned_before(
    cast: SimpleNamespace, case: Complaint, noon: datetime
) -> None:
    agree_plan(case, plan="退年费", coaches=False, by=cast.chen_li, at=noon)
    retier(case, to=Tier.URGENT, because="客户有轻生表述", by=cast.chen_li, at=noon)
    assert any("专班" in point for point in missing(fresh(case)))
    form_task_force(case, head=cast.zhou_tao, members=[], plan="上门", by=cast.zhou_tao, at=noon)
    assert not any("专班" in point for point in missing(fresh(case)))
