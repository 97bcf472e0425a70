"""A training is judged once for each group of units, on its day, out of the dockets alone."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from types import SimpleNamespace

import numpy as np
import pytest
from django.test import Client
from django.utils import timezone

from sujin.complaints import tally
from sujin.complaints.models import Complaint
from sujin.engine.text import search_tokens
from sujin.platform.acts.organise import system_person
from sujin.platform.bulk import insert
from sujin.platform.models import Org, Person, Post
from sujin.supervision import theme
from sujin.supervision.acts.judge_trainings import judge_trainings, note_trained, waiting
from sujin.supervision.kinds import training as kinds
from sujin.supervision.models import Enrolment, TrainingEffect
from sujin.supervision.trainingbook import trainings

WEEK, DAY = timedelta(weeks=1), timedelta(days=1)
CARDS = "card-fees"
FALLS = 0.45
WEEKS = 110
TAUGHT = 60  # the week in which two branches are trained


@pytest.fixture
def monday(noon: datetime) -> date:
    return theme.monday(timezone.localdate(noon))


def _people(org: Org, count: int, passed_on: datetime | None) -> None:
    """Handlers of a branch; most of them passed on a day, if any."""
    for nth in range(count):
        person = Person.objects.create(staff_no=f"5{org.pk:04}{nth}", name="办")
        Post.objects.create(person=person, org=org, role="handler", since=date(2024, 1, 1))
        if passed_on is None or nth == 0:
            continue
        row = Enrolment.objects.create(person=person, training=CARDS, due_on=passed_on.date())
        told = kinds.Passed(tries=1, first=True, passed_at=passed_on,
                            valid_until=passed_on.date() + 365 * DAY)  # fmt: skip
        row.write(told, by=person, at=passed_on)


@pytest.fixture
def town(branches: list[Org], noon: datetime, monday: date) -> list[Org]:
    """Two years of complaints of ten branches, two of them trained in one week: there the theme
    falls by nearly half, and nothing else does."""
    Post.objects.filter(role="handler").delete()
    rng = np.random.default_rng(3)
    cases: list[Complaint] = []
    tokens = search_tokens("年费")
    for place, org in enumerate(branches):
        taught = noon - WEEK * (WEEKS - TAUGHT) if place < 2 else None
        _people(org, 6, taught)
        for week in range(WEEKS):
            falls = FALLS if taught and week > TAUGHT else 0.0
            for cause, mean in (("pricing", 8 * (1 - falls)), ("service", 5.0)):
                for nth in range(rng.poisson(mean)):
                    at = noon - WEEK * (WEEKS - week) + timedelta(hours=nth)
                    cases.append(_case(org, len(cases), cause, at, tokens))
    insert(cases)
    tally.recount()
    return branches


def _case(org: Org, serial: int, cause: str, at: datetime, tokens: list[str]) -> Complaint:
    return Complaint(
        number=f"2002-{serial:07}", kind="complaint", lane="ordinary", channel="counter",
        text="年费", tokens=tokens, received_at=at, closed_at=at + DAY, origin=org,
        business="card.credit.billing", cause=cause, seen_by=list(org.tokens),
    )  # fmt: skip


def test_a_planted_fall_is_found_once_and_kept_with_its_interval(
    town: list[Org], noon: datetime
) -> None:
    assert judge_trainings(by=system_person(), at=noon) == 1
    effect = TrainingEffect.objects.get()
    assert (effect.training, effect.units) == (CARDS, [one.pk for one in town[:2]])
    assert len(effect.controls) >= 8
    assert effect.verdict == "worked"
    _share, low, high = effect.figures["net"]
    assert low < -FALLS < high < 0
    assert effect.entries.latest("pk").what().cached()["verdict"] == effect.verdict
    assert judge_trainings(by=system_person(), at=noon + 7 * DAY) == 0, "once, not every week"
    assert waiting(trainings()[CARDS], timezone.localdate(noon)) == []


def test_nothing_is_said_before_the_day(town: list[Org], noon: datetime) -> None:
    note_trained(by=system_person(), at=noon - 20 * WEEK)
    ((_row, group),) = waiting(trainings()[CARDS], timezone.localdate(noon))
    before = datetime.combine(group.until - DAY, noon.timetz())
    assert judge_trainings(by=system_person(), at=before) == 0


def test_the_day_of_a_unit_stands_whoever_comes_and_goes_afterwards(
    town: list[Org], noon: datetime
) -> None:
    first = noon - WEEK * (WEEKS - TAUGHT) + DAY
    assert note_trained(by=system_person(), at=first) == 2
    assert note_trained(by=system_person(), at=first + DAY) == 0
    told = TrainingEffect.objects.get()
    for org in town[:2]:
        # Two of the five who passed leave, and four come who did not.
        gone = Post.objects.filter(org=org, role="handler").order_by("-pk")[:2]
        Post.objects.filter(pk__in=[one.pk for one in gone]).update(until=first.date())
        for nth in range(4):
            new = Person.objects.create(staff_no=f"6{org.pk:04}{nth}", name="新")
            Post.objects.create(person=new, org=org, role="handler", since=date(2025, 9, 1))
    assert judge_trainings(by=system_person(), at=noon) == 1
    effect = TrainingEffect.objects.get()
    assert (effect.units, effect.starts_on, effect.until) == (
        [one.pk for one in town[:2]], told.starts_on, told.until,
    )  # fmt: skip
    assert effect.verdict == "worked"
    assert not set(effect.controls) & set(effect.units)
    assert all(getattr(effect, column) == value for column, value in effect.replay().items())


def test_a_unit_trained_later_in_the_month_joins_the_group_of_the_month(
    town: list[Org], noon: datetime
) -> None:
    first = noon - WEEK * (WEEKS - TAUGHT)
    late = Enrolment.objects.filter(person__staff_no__startswith=f"5{town[1].pk:04}")
    late.update(passed_at=None, state=kinds.ASSIGNED)
    assert note_trained(by=system_person(), at=first + DAY) == 1
    alone = TrainingEffect.objects.get()
    late.update(passed_at=first + 8 * DAY, state=kinds.PASSED)
    assert note_trained(by=system_person(), at=first + 9 * DAY) == 1
    both = TrainingEffect.objects.get()
    assert both.units == [one.pk for one in town[:2]]
    assert (both.starts_on, both.until) == (alone.starts_on, alone.until + WEEK)


def test_a_unit_nearly_trained_is_no_control(town: list[Org], noon: datetime) -> None:
    """Four of six passed: too few to be trained, too many to be called untrained."""
    at = noon - WEEK * 40
    for person in Person.objects.filter(staff_no__startswith=f"5{town[7].pk:04}")[:4]:
        row = Enrolment.objects.create(person=person, training=CARDS, due_on=at.date())
        told = kinds.Passed(tries=1, first=True, passed_at=at, valid_until=at.date() + 365 * DAY)
        row.write(told, by=person, at=at)
    assert judge_trainings(by=system_person(), at=noon) == 1
    effect = TrainingEffect.objects.get()
    assert town[7].pk not in (*effect.controls, *effect.units)
    assert town[8].pk in effect.controls


def test_a_training_that_did_nothing_is_not_called_a_success(
    town: list[Org], noon: datetime
) -> None:
    """The known-bad control: the same units, complaints of which nobody was taught."""
    Complaint.objects.filter(cause="pricing").update(cause="yield")
    Complaint.objects.filter(cause="service").update(cause="pricing")
    tally.recount()
    judge_trainings(by=system_person(), at=noon)
    assert TrainingEffect.objects.get().verdict != "worked"


def test_the_head_office_sees_the_verdict_with_its_units_and_a_branch_only_its_own(
    town: list[Org], noon: datetime, cast: SimpleNamespace,
    signed_in: Callable[[Person], Client], monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    judge_trainings(by=system_person(), at=noon)
    monkeypatch.setattr(timezone, "now", lambda: noon)
    page = f"/training/courses/{CARDS}"
    told = signed_in(cast.lin_lan).get(page).content.decode()
    assert "措施有效" in told
    assert town[1].name in told
    own = signed_in(cast.zhou_tao).get(page).content.decode()
    assert "措施有效" in own
    assert town[1].name not in own
    TrainingEffect.objects.update(units=[town[5].pk])
    assert "措施有效" not in signed_in(cast.zhou_tao).get(page).content.decode()
