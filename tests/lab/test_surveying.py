"""The demonstration's surveys: told once, by customers, and none where the story is too short."""

from datetime import datetime, timedelta

from django.utils import timezone

from sujin.lab.cast import OUTLET_A, OUTLET_B
from sujin.lab.surveying import SECRET, survey
from sujin.supervision.acts.draw_sample import redraw
from sujin.supervision.acts.fill_in import customer, opened
from sujin.supervision.models import AnswerSheet, Invitation, SampleSurvey
from tests.supervision.survey_town import closed


def story(now: datetime, cases: int) -> None:
    for place in range(cases):
        at = now - timedelta(days=2, hours=place * 2900 / cases)
        closed(at, OUTLET_A if place % 3 else OUTLET_B)


def test_customers_answer_and_the_dockets_give_the_rows(bank: None) -> None:
    now = timezone.now()
    story(now, 240)
    survey(seed=7, now=now)
    survey(seed=7, now=now)
    made = SampleSurvey.objects.get()
    assert made.state == "ended"
    assert sorted(made.invitations.values_list("complaint", flat=True)) == redraw(made)
    assert Invitation.objects.filter(sample=None).count() == 240
    sheets = AnswerSheet.objects.filter(counted=True).count()
    assert 50 < sheets < AnswerSheet.objects.count(), "some are not counted"
    for asked in Invitation.objects.all():
        told = asked.replay()
        assert {name: getattr(asked, name) for name in told} == told
    filled = Invitation.objects.filter(state="filled").first()
    assert filled is not None
    assert filled.entries.in_order().last().by == customer()  # type: ignore[union-attr]
    assert opened(SECRET, now).state == "sent"


def test_a_short_story_has_no_sample(bank: None) -> None:
    now = timezone.now()
    story(now, 6)
    survey(seed=7, now=now)
    assert not SampleSurvey.objects.exists()
    assert Invitation.objects.count() == 6
