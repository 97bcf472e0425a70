"""The worklists of the demonstration are those of a bank that keeps its limits, nearly always."""

from datetime import datetime, timedelta

import pytest
from django.db.models import F, QuerySet
from django.utils import timezone

from sujin.complaints import kinds
from sujin.complaints.figures.overrides import overrides
from sujin.complaints.figures.selection import last_days
from sujin.complaints.models import Complaint
from sujin.lab import bank, pace
from sujin.lab.life import live
from sujin.lab.load import hear
from sujin.platform import reach
from sujin.platform.acts.organise import organise, system_person
from sujin.platform.models import Entry, Person

SEED, SIZE = 7, 340
WEEKS = timedelta(days=40)
LONGEST = timedelta(days=14)
OVERDUE_MAX = 0.12  # of the open ones; the story means 0.05 to 0.08


def lived(now: datetime) -> QuerySet[Complaint]:
    """Six weeks at the bank of the demonstration; what is open at their end."""
    plan = bank.plan(SEED)
    organise(plan, by=system_person(), at=now)
    since = timezone.localdate(now - WEEKS)
    hear(plan, seed=SEED, since=since, now=now, size=SIZE, tell=lambda count: None)
    live(seed=SEED, now=now)
    return Complaint.objects.open()


def overdue_share(rows: QuerySet[Complaint], now: datetime) -> float:
    return rows.filter(due_at__lt=now).count() / rows.count()


def test_few_of_the_open_cases_are_overdue_and_the_young_are_at_every_stage(
    db: None, noon: datetime
) -> None:
    rows = lived(noon)
    assert rows.count() >= 20
    assert overdue_share(rows, noon) <= OVERDUE_MAX
    old = rows.filter(received_at__lt=noon - LONGEST, answered_at__isnull=True)
    assert old.count() <= 0.1 * rows.count()
    assert rows.filter(due_at__gte=noon, due_at__lt=noon + timedelta(days=1)).exists()
    assert rows.filter(due_at__gt=noon + timedelta(days=3)).exists()
    assert rows.filter(claimed_at__isnull=True).exists()
    assert rows.filter(responded_at__isnull=False, answered_at__isnull=True).exists()
    assert rows.filter(answered_at__isnull=False, called_back_at__isnull=True).exists()
    _told_in_order(noon)
    _overrides_have_reasons(noon)


def _told_in_order(now: datetime) -> None:
    """Nothing lies ahead, and what ended went through every step."""
    assert not Entry.objects.filter(at__gt=now).exists()
    closed = Entry.objects.of(kinds.Closed).values("subject_id")
    ended = Complaint.objects.filter(pk__in=closed, kind="complaint")
    assert ended.exists()
    assert not ended.exclude(answered_at__isnull=False, called_back_at__isnull=False).exists()
    assert not ended.filter(closed_at__lt=F("answered_at")).exists()


def _overrides_have_reasons(now: datetime) -> None:
    auditor = Person.objects.get(staff_no="100116")
    rows = overrides(reach.of(auditor, now), last_days(30, now))
    assert sum(one.up for one in rows) >= 1
    assert sum(one.down for one in rows) >= 1
    assert all(one.reasons for one in rows if one.overridden)


def test_a_bank_that_is_always_late_goes_red(
    db: None, noon: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The known-bad control."""
    monkeypatch.setattr(pace, "LATE", 1.0)
    assert overdue_share(lived(noon), noon) > 2 * OVERDUE_MAX
