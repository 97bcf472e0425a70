"""The checks of the storm bite: what they look for is planted, and they name it."""

from datetime import datetime, timedelta
from types import SimpleNamespace

import pytest
from django.db import connection
from procrastinate.contrib.django import app

from sujin.complaints import kinds
from sujin.complaints.acts.promise import promise
from sujin.complaints.models import Rung
from tests.complaints.conftest import Told, told
from tests.crash.checks import (
    each_promise_was_missed_once,
    each_rung_was_climbed_once,
    every_job_ended_well,
)

__all__ = ["told"]
TICKS = {"ticks": ["2026-03-04T02:00:00+00:00"]}


def test_a_rung_that_is_told_twice_or_never_is_named(
    cast: SimpleNamespace, told: Told, noon: datetime
) -> None:
    case = told()
    assert list(each_rung_was_climbed_once(TICKS)) == ["nobody climbed anything"]
    rung = kinds.Escalated(
        row="f1", clock="first_response", titles={}, due_at=noon, persons=(), names=()
    )
    case.write(rung, by=cast.chen_li, at=noon)
    assert list(each_rung_was_climbed_once(TICKS)) == []
    case.write(rung, by=cast.chen_li, at=noon)
    Rung.objects.create(complaint=case, row="d1", due_at=noon + timedelta(days=1), at=noon)
    twice, never = each_rung_was_climbed_once(TICKS)
    assert "climbed 2 times" in twice
    assert "nobody was told" in never


def test_a_promise_that_is_missed_twice_or_never_is_named(
    cast: SimpleNamespace, told: Told, noon: datetime
) -> None:
    case, due_at = told(), noon + timedelta(days=1)
    assert len(list(each_promise_was_missed_once(TICKS))) == 1
    promise(case, kind="call_back", what="回电0", due_at=due_at, by=cast.wang_xiuying, at=noon)
    missed = kinds.PromiseMissed(promise=1, kind="call_back", what="回电0", due_at=due_at)
    case.write(missed, by=cast.chen_li, at=noon)
    assert list(each_promise_was_missed_once(TICKS)) == []
    case.write(missed, by=cast.chen_li, at=noon)
    assert len(list(each_promise_was_missed_once(TICKS))) == 1


def _ended(task: str, status: str) -> None:
    job = app.configure_task(f"sujin.complaints.jobs.{task}", allow_unknown=True).defer()
    with connection.cursor() as cursor:
        ask = "UPDATE procrastinate_jobs SET status = %s::procrastinate_job_status WHERE id = %s"
        cursor.execute(ask, [status, job])


@pytest.mark.django_db
def test_a_job_that_broke_off_is_named_unless_the_next_minute_did_it() -> None:
    for task, status in [
        ("climb_ladder", "succeeded"),
        ("climb_ladder", "failed"),
        ("measure", "failed"),
        ("measure", "succeeded"),
    ]:
        _ended(task, status)
    minutely, nightly = every_job_ended_well({})
    assert "climb_ladder" in minutely
    assert "measure" in nightly
    _ended("climb_ladder", "succeeded")
    assert list(every_job_ended_well({})) == [nightly]
