"""The story's trainings stand as the acts would have left them; and the exam of what they did."""

import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from io import StringIO
from time import process_time
from typing import Any

import numpy as np
import pytest
from django.core.management import call_command

from sujin.knowledge.acts.plant import plant
from sujin.knowledge.wording import starter
from sujin.lab import bank
from sujin.lab.cast import ZHENG_GANG
from sujin.lab.exams.training import EXAM
from sujin.lab.training import teach
from sujin.platform.acts.organise import organise, system_person
from sujin.platform.models import Org, Person
from sujin.supervision import roll
from sujin.supervision.kinds import training as kinds
from sujin.supervision.models import Attempt, Enrolment
from sujin.supervision.trainingbook import demands

BANKS = 8
SECONDS = 15


def test_a_year_of_tests_is_told_and_told_once(db: None, noon: datetime) -> None:
    organise(bank.plan(7), by=system_person(), at=noon - timedelta(weeks=60))
    releaser = Person.objects.get(staff_no=ZHENG_GANG.staff_no)
    plant(starter(), by=system_person(), at=noon - timedelta(days=5), released_by=releaser)
    teach(seed=7, now=noon)
    began = process_time()
    teach(seed=7, now=noon)
    assert process_time() - began < SECONDS
    counts = (Enrolment.objects.count(), Attempt.objects.count())
    teach(seed=7, now=noon)
    assert (Enrolment.objects.count(), Attempt.objects.count()) == counts
    root = Org.objects.get(parent__isnull=True)
    figures = roll.by_unit([root.pk], demands(), noon.date())[root.pk]
    assert 0.2 < (figures.coverage.value or 0) < 0.95
    assert min(figures.overdue, figures.failed, figures.lapsed, figures.passed.missing) > 0
    assert 0.6 < (figures.first.value or 0) < (figures.passed.value or 0) < 1
    assert Enrolment.objects.filter(state=kinds.EXCUSED).count() == 1
    for row in [*Enrolment.objects.order_by("pk")[::40], *Attempt.objects.order_by("pk")[::40]]:
        assert all(getattr(row, column) == value for column, value in row.replay().items()), row


@pytest.fixture(scope="module")
def figures() -> Mapping[str, Any]:
    return EXAM.run({"seed": 2026, "seeds": BANKS})


def faults(false: float, groups: int, covered: float) -> list[str]:
    """An effect is seen where there is none, or intervals miss the truth."""
    error = 2 * np.sqrt(0.05 * 0.95 / groups)
    said = {"false": false > 0.05 + error, "covered": covered < 0.95 - error - 0.03}
    return [name for name, is_fault in said.items() if is_fault]


def test_an_idle_training_is_seldom_called_a_success_and_the_plain_comparison_often(
    figures: Mapping[str, Any],
) -> None:
    idle = figures["effects"]["0"]
    assert faults(idle["worked"], idle["groups"], idle["covered"]) == []
    plain = faults(idle["plain_worked"], idle["groups"], idle["plain_covered"])
    assert plain == ["false", "covered"], "the known-bad control"


@pytest.mark.parametrize("effect", ["0", "-0.25", "-0.4"])
def test_intervals_hold_the_truth_and_those_of_the_plain_comparison_do_not(
    figures: Mapping[str, Any], effect: str
) -> None:
    one = figures["effects"][effect]
    assert one["groups"] >= 40, "of fewer nothing would be known"
    assert faults(0, one["groups"], one["covered"]) == []
    assert faults(0, one["groups"], one["plain_covered"]) == ["covered"], "the known-bad control"
    assert abs(one["off"]) < 0.1


def test_a_large_effect_is_found_more_often_than_a_small_one(figures: Mapping[str, Any]) -> None:
    small, large = figures["effects"]["-0.25"], figures["effects"]["-0.4"]
    assert figures["effects"]["0"]["worked"] < small["worked"] <= large["worked"]
    assert small["covered"] > 0.8
    assert -0.26 < small["truth"] < -0.2


def test_the_exam_gives_its_figures_as_one_object() -> None:
    out = StringIO()
    call_command("eval", "training", "--seeds", "1", "--json", stdout=out)
    assert set(json.loads(out.getvalue())["effects"]) == {"0", "-0.25", "-0.4"}
