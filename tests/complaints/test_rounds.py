"""Begun anew: what was asked, planned and formed for the round before serves no new one."""

from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal
from types import SimpleNamespace

import pytest

from sujin.complaints import kinds, progress, rounds
from sujin.complaints.acts.claim import claim
from sujin.complaints.acts.close import call_back, missing
from sujin.complaints.acts.confer import (
    CannotConfer,
    agree_plan,
    ask_departments,
    form_task_force,
    give_opinion,
)
from sujin.complaints.acts.decide import grant
from sujin.complaints.acts.go_on import go_on_without
from sujin.complaints.acts.pause import restart
from sujin.complaints.acts.reply import send, submit
from sujin.complaints.kinds.base import Anew
from sujin.complaints.models import Complaint
from sujin.platform.models import Org, Person
from tests.complaints.conftest import Told
from tests.complaints.test_answering import COMPLEX, a_letter, fresh, look_into

H = timedelta(hours=1)
# Past what a complex case gives a department.
LATE = 25 * H
Begin = Callable[[SimpleNamespace, Complaint, datetime], None]


@pytest.fixture
def case(cast: SimpleNamespace, told: Told, noon: datetime) -> Complaint:
    """A complex complaint in Chen Li's hands."""
    found = told(COMPLEX, phone="13912345678")
    claim(found, by=cast.chen_li, at=noon)
    return fresh(found)


def new_facts(cast: SimpleNamespace, case: Complaint, at: datetime) -> None:
    restart(case, material_at=at - H / 2, because="新证据", by=cast.chen_li, at=at)


def dissatisfied(cast: SimpleNamespace, case: Complaint, at: datetime) -> None:
    """Answered, and not solved: one level higher."""
    look_into(case, cast.chen_li, at)
    letter = a_letter(case, cast.chen_li, at)
    submit(letter, finding="upheld", remedy=Decimal(300), by=cast.chen_li, at=at)
    grant(case.approvals.waiting().get(), words="", by=cast.zhou_tao, at=at)
    send(letter, way="letter", proof="EMS 1234567890123", by=cast.chen_li, at=at)
    call_back(case, satisfied="no", note="没解决", by=cast.zhao_min, at=at)


BEGINNINGS = pytest.mark.parametrize("begin", [new_facts, dissatisfied])


def accountable(case: Complaint) -> Person:
    assert case.accountable is not None
    return case.accountable


def ask_card(cast: SimpleNamespace, case: Complaint, at: datetime) -> None:
    card = Org.objects.get(code="HO-CARD")
    ask_departments(case, desks=[card], question="责任在谁？", by=cast.chen_li, at=at)


def last_plan(case: Complaint) -> kinds.PlanAgreed:
    plan = case.entries.of(kinds.PlanAgreed).order_by("-pk")[0].what()
    assert isinstance(plan, kinds.PlanAgreed)
    return plan


def coached(case: Complaint) -> progress.Stage:
    row = fresh(case)
    stages = progress.stages(row, progress.done(row))
    return next(stage for stage in stages if stage.step.done == "coached")


def test_whatever_begins_anew_begins_a_round() -> None:
    """A kind that is added later cannot be forgotten here."""
    told = {kind for kind in vars(kinds).values() if isinstance(kind, type)}
    assert {kind for kind in told if issubclass(kind, Anew)} - {Anew} == set(rounds.BEGINNINGS)


@BEGINNINGS
def test_an_old_task_force_closes_no_new_round(
    cast: SimpleNamespace, case: Complaint, noon: datetime, begin: Begin
) -> None:
    form_task_force(case, head=cast.chen_li, members=[], plan="上门", by=cast.zhou_tao, at=noon)
    assert progress.done(fresh(case))["task_force"]
    begin(cast, case, noon + 2 * H)
    row = fresh(case)
    agree_plan(row, plan="退年费", coaches=False, by=accountable(row), at=noon + 3 * H)
    assert not progress.done(fresh(case))["task_force"]
    assert any("专班" in point for point in missing(fresh(case)))
    form_task_force(
        case, head=accountable(row), members=[], plan="再上门", by=cast.zhou_tao, at=noon + 3 * H
    )
    assert not any("专班" in point for point in missing(fresh(case)))


@BEGINNINGS
def test_a_new_plan_counts_no_opinion_of_the_round_before(
    cast: SimpleNamespace, case: Complaint, noon: datetime, begin: Begin
) -> None:
    ask_card(cast, case, noon)
    give_opinion(case, answer="可退", by=cast.liu_yang, at=noon)
    begin(cast, case, noon + 2 * H)
    assert not progress.done(fresh(case))["asked"]
    row = fresh(case)
    agree_plan(row, plan="退年费", coaches=False, by=accountable(row), at=noon + 3 * H)
    assert (last_plan(case).opinions, last_plan(case).silent) == (0, ())


def test_what_was_gone_on_without_before_is_heard_late_and_counts_for_no_new_plan(
    cast: SimpleNamespace, case: Complaint, noon: datetime
) -> None:
    ask_card(cast, case, noon)
    owed = case.assignments.get()
    go_on_without(case, assignment=owed.pk, because="等不了", by=cast.chen_li, at=noon + LATE)
    agree_plan(case, plan="退", coaches=False, by=cast.chen_li, at=noon + LATE)
    assert last_plan(case).silent == (owed.desk.name,)
    new_facts(cast, case, noon + LATE + H)
    late = noon + LATE + 2 * H
    give_opinion(case, answer="可退", assignment=owed.pk, by=cast.liu_yang, at=late)
    assert not progress.done(fresh(case))["asked"]
    agree_plan(case, plan="退年费", coaches=False, by=cast.chen_li, at=late)
    assert (last_plan(case).opinions, last_plan(case).silent) == (0, ())


def test_an_old_coached_contact_that_never_came_marks_no_step_of_the_new_round(
    cast: SimpleNamespace, case: Complaint, noon: datetime
) -> None:
    agree_plan(case, plan="先道歉", coaches=True, by=cast.chen_li, at=noon)
    owed, late = case.assignments.get(), noon + 100 * H
    go_on_without(case, assignment=owed.pk, because="等不了", by=cast.chen_li, at=late)
    assert coached(case).is_without
    new_facts(cast, case, late + H)
    assert not coached(case).is_done
    agree_plan(case, plan="退年费", coaches=False, by=cast.chen_li, at=late + H)
    assert coached(case).is_done and not coached(case).is_without


def test_what_is_still_waited_for_is_answered_in_the_knowledge_of_the_new_facts(
    cast: SimpleNamespace, case: Complaint, noon: datetime
) -> None:
    ask_card(cast, case, noon)
    new_facts(cast, case, noon + H)
    assert progress.done(fresh(case))["asked"]
    with pytest.raises(CannotConfer, match="还在等"):
        agree_plan(case, plan="退", coaches=False, by=cast.chen_li, at=noon + 2 * H)
    give_opinion(case, answer="可退", by=cast.liu_yang, at=noon + 2 * H)
    agree_plan(case, plan="退", coaches=False, by=cast.chen_li, at=noon + 2 * H)
    assert last_plan(case).opinions == 1


def test_the_outlet_that_owes_a_contact_is_asked_for_it_by_the_new_plan(
    cast: SimpleNamespace, case: Complaint, noon: datetime
) -> None:
    agree_plan(case, plan="先道歉", coaches=True, by=cast.chen_li, at=noon)
    owed = case.assignments.get()
    agree_plan(case, plan="先道歉，再退费", coaches=True, by=cast.chen_li, at=noon + H)
    owed.refresh_from_db()
    assert (owed.question, owed.asked_at) == ("先道歉", noon)
    new_facts(cast, case, noon + 2 * H)
    agree_plan(case, plan="退两年的年费", coaches=True, by=cast.chen_li, at=noon + 3 * H)
    was_due = owed.due_at
    owed.refresh_from_db()
    assert (owed.question, owed.asked_at) == ("退两年的年费", noon + 3 * H)
    assert owed.due_at - was_due == 3 * H
    asked = [entry.data["question"] for entry in case.entries.of(kinds.OpinionsAsked).in_order()]
    assert asked == ["先道歉", "退两年的年费"]
    assert not progress.done(fresh(case))["coached"]
