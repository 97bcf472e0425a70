"""Enough cases to measure on: the synthetic bank, told until the table holds what is asked for."""

import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import islice

from django.utils import timezone

from sujin.complaints.acts.receive import receive_all
from sujin.complaints.draft import Draft
from sujin.complaints.models import Complaint
from sujin.lab import bank, story
from sujin.lab.load import at_home
from sujin.platform.acts.organise import organise, service_person, system_person

SEED = 77
BATCH = 500


def fill(wanted: int) -> tuple[int, float]:
    """Bring the table to about ``wanted`` cases; the rows told and the CPU seconds it took."""
    now = timezone.now()
    plan = bank.plan(SEED)
    organise(plan, by=system_person(), at=now)
    missing = wanted - Complaint.objects.count()
    if missing <= 0:
        return 0, 0.0
    end = timezone.localdate(now) - timedelta(days=1)
    told = story.story(SEED, plan, end - timedelta(days=550), end, int(wanted * 1.1))
    drafts = (at_home(draft) for draft, _truth in told)
    return _receive(drafts, missing, now)


def _receive(drafts: Iterator[Draft], missing: int, now: datetime) -> tuple[int, float]:
    by = service_person("bench", "测量", "Measurement")
    count, cpu = 0, 0.0
    while count < missing and (batch := list(islice(drafts, BATCH))):
        start = time.process_time()
        receive_all(batch, by=by, at=now, announce=False)
        cpu += time.process_time() - start
        count += len(batch)
    return count, cpu
