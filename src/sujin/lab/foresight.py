"""Foresight of the last Mondays, so that some of what was said can be scored already."""

from datetime import datetime, timedelta

from django.utils import timezone

from sujin.complaints.figures.selection import midnight
from sujin.engine.series.panel import Grain
from sujin.governance.acts.foresee_week import CannotForesee, foresee_week, score_prospects
from sujin.governance.models import Foresight
from sujin.platform.acts.organise import system_person

MONDAYS = 10
MORNING = timedelta(hours=6)


def look_ahead(*, now: datetime) -> int:
    """Each Monday knows only the weeks before it; one that was foreseen already is left alone, and
    a bank too small to foresee anything is, too. Returns how many were foreseen."""
    monday, said = Grain.WEEK.of(timezone.localdate(now)), 0
    for ago in range(MONDAYS - 1, -1, -1):
        week = monday - timedelta(weeks=ago)
        at = midnight(week) + MORNING
        if at < now and not Foresight.objects.filter(week=week).exists():
            score_prospects(by=system_person(), at=at)
            said += _said(at)
    return said


def _said(at: datetime) -> bool:
    try:
        foresee_week(by=system_person(), at=at)
    except CannotForesee:
        return False
    return True
