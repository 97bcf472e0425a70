"""The queue as the one transaction sees it: a job commits, or vanishes, with what it is about.

In a worker the queue's own connector has connections of its own and commits at once what is
deferred there: the job would be taken before its entry is there, and would stay when the entry
never comes. Whatever defers a job inside a transaction asks here, whichever process it is in.
"""

from procrastinate.contrib.django import app
from procrastinate.contrib.django.django_connector import DjangoConnector
from procrastinate.jobs import JobDeferrer
from procrastinate.manager import JobManager


def job_of(task: str, *, queue: str = "default", queueing_lock: str | None = None) -> JobDeferrer:
    """A job of ``task`` (by name) to be deferred over the connection of this thread's transaction.

    Deferring raises ``AlreadyEnqueued`` when one waits under the same ``queueing_lock``; the
    transaction is broken then, so ask for it inside a savepoint of its own.
    """
    asked = app.configure_task(task, queue=queue, queueing_lock=queueing_lock)
    return JobDeferrer(JobManager(DjangoConnector()), asked.job)
