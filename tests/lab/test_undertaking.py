"""The story's programmes stand as told, and measures over several branches are declared."""

from datetime import datetime, timedelta

from django.utils import timezone

from sujin.governance.kinds import programme as kinds
from sujin.governance.models import Measure, Programme, Task
from sujin.lab import bank, story
from sujin.lab.rectifying import rectify
from sujin.lab.undertaking import DONE, MEASURES, REQUIREMENTS, undertake
from sujin.platform.acts.organise import organise, system_person

WEEK = timedelta(weeks=1)


def test_twelve_measures_in_four_areas_and_a_notice(db: None, noon: datetime) -> None:
    organise(bank.plan(7), by=system_person(), at=noon - 60 * WEEK)
    for _twice in range(2):
        undertake(now=noon)
    assert Programme.objects.count() == 2
    assert Task.objects.count() == len(MEASURES) + len(REQUIREMENTS)
    assert len({area for area, *_rest in MEASURES}) == 4
    assert Task.objects.filter(state=kinds.ACCEPTED).count() in (0, len(DONE))
    late = Task.objects.get(urged=1)
    assert late.due_on < timezone.localdate(noon) and late.reminded_on is not None


def test_the_story_s_measures_can_be_declared_whatever_day_the_demonstration_begins(
    db: None, noon: datetime
) -> None:
    """One of them is of several branches: no branch may declare for the others."""
    plan = bank.plan(7)
    organise(plan, by=system_person(), at=noon - 120 * WEEK)
    today = timezone.localdate(noon)
    hidden = story.hidden(7, plan, today - 80 * WEEK, today)
    assert any(1 < len(one.branches) < 12 for one in hidden.interventions)
    rectify(hidden.interventions, now=noon)
    begun = [one for one in hidden.interventions if one.first < today]
    assert Measure.objects.count() == len(begun) >= 2
    assert any(len(one.targets) > 1 for one in Measure.objects.all())
