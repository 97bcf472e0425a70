"""What a killed worker was at is taken up again; the queue alone would leave it for ever. And a job
that is queued inside a transaction comes and goes with it, in a worker, too."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from asgiref.sync import async_to_sync, sync_to_async
from django.db import connection, transaction
from procrastinate.contrib.django import app
from procrastinate.contrib.django.django_connector import DjangoConnector
from procrastinate.contrib.django.models import ProcrastinateJob
from procrastinate.exceptions import UniqueViolation
from procrastinate.jobs import Job

from sujin.platform import jobs
from sujin.platform.acts.organise import system_person
from sujin.platform.models import Entry
from sujin.platform.models.entry import REACT, record
from sujin.platform.queue import job_of
from tests.conftest import NOON

SRC = Path(__file__).parents[2] / "src"
Committed = Callable[[Callable[[], Any]], Any]


@pytest.fixture
def committed(db: None) -> Iterator[Committed]:
    """Runs a function on a connection of its own, as a worker does; its jobs are wiped after it."""
    with ThreadPoolExecutor(1) as thread:
        yield lambda act: thread.submit(act).result(60)
        thread.submit(_wipe).result(60)


def _wipe() -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM procrastinate_jobs")
    connection.close()


def orphan(lock: str | None = None) -> int:
    """A job that a worker was at when it died: being done, by nobody."""
    pk = app.configure_task(REACT, queue="reactions", queueing_lock=lock).defer(entry_id=1)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_jobs SET status = 'doing' WHERE id = %s", [pk])
    return pk


def successor(lock: str) -> None:
    app.configure_task(REACT, queue="reactions", queueing_lock=lock).defer(entry_id=1)


def revived(*orphans: int) -> list[str]:
    async_to_sync(jobs.revive.func)(timestamp=0)
    rows = ProcrastinateJob.objects.in_bulk(orphans)
    return [str(rows[pk].status) for pk in orphans]


def test_the_job_of_a_dead_worker_is_queued_again(committed: Committed) -> None:
    assert committed(lambda: revived(orphan())) == ["todo"]


def overtaken() -> list[str]:
    lost = [orphan(lock="nightly"), orphan()]
    successor("nightly")
    return revived(*lost)


def test_a_job_whose_successor_waits_is_over_and_holds_up_nobody(committed: Committed) -> None:
    assert committed(overtaken) == ["aborted", "todo"]


def test_a_revival_that_does_not_look_stops_at_the_first_of_them(
    committed: Committed, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control: one that only ever retries."""

    async def careless(job: Job) -> None:
        await app.job_manager.retry_job(job)

    monkeypatch.setattr(jobs, "_put_back", careless)
    with pytest.raises(UniqueViolation):
        committed(overtaken)


Defer = Callable[[], Any]


class Undone(Exception):
    """The transaction is rolled back."""


def left_over(defer: Defer) -> int:
    """How many jobs a worker leaves behind whose transaction was rolled back after ``defer``."""

    def act() -> None:
        try:
            with transaction.atomic():
                defer()
                raise Undone
        finally:
            connection.close()

    async def work() -> None:
        async with app.open_async():
            with pytest.raises(Undone):
                await sync_to_async(act, thread_sensitive=False)()

    with app.replace_connector(DjangoConnector().get_worker_connector()):
        async_to_sync(work)()
    return ProcrastinateJob.objects.filter(task_name=REACT).count()


def test_what_a_worker_queues_vanishes_with_its_transaction(committed: Committed) -> None:
    assert committed(lambda: left_over(lambda: job_of(REACT).defer(entry_id=1))) == 0


def test_over_its_own_connector_a_worker_queues_what_never_happened(committed: Committed) -> None:
    """The control: the queue as it comes."""
    assert committed(lambda: left_over(lambda: app.configure_task(REACT).defer(entry_id=1))) == 1


def recorded() -> None:
    """What an act does: an entry that somebody reacts to."""
    data = {"state": "submitted", "submitted_by": 1}
    told = Entry(
        subject="version", subject_id=1, kind="version.submitted",
        by=system_person(), at=NOON, data=data,
    )  # fmt: skip
    record([told])


def test_the_reactions_to_an_entry_vanish_with_it_in_a_worker(committed: Committed) -> None:
    assert committed(lambda: left_over(recorded)) == 0


def test_nothing_in_the_house_queues_past_its_transaction() -> None:
    """Whoever defers a job asks ``job_of``; the app's own way commits at once in a worker."""
    asking = {path.name for path in SRC.rglob("*.py") if "configure_task(" in path.read_text()}
    assert asking == {"queue.py"}
    waiting = [path for path in SRC.rglob("jobs.py") if ".defer(" in path.read_text()]
    assert not waiting, "a task that defers itself goes past the transaction, too"
