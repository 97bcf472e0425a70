"""The queue. A job deferred inside a transaction commits, or vanishes, with it."""

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from sujin.platform import journal
from sujin.platform.models import Entry
from sujin.platform.models.entry import REACT

# A worker that has not been heard for so long is dead; it says it is alive every two seconds.
SILENT_SECONDS = 10
KEEP_HOURS = 7 * 24


# Before letters: a mail server that keeps us waiting must not keep people uninformed.
@app.task(
    name=REACT,
    queue="reactions",
    priority=10,
    retry=RetryStrategy(max_attempts=8, exponential_wait=3),
)
def react(entry_id: int) -> None:
    """Run every act that answers the entry. Acts are idempotent, so a retry does no harm."""
    entry = Entry.objects.select_related("by").get(pk=entry_id)
    for act in journal.reactions_to(entry.kind):
        act(entry)


@app.periodic(cron="* * * * * */15")
@app.task(
    name="sujin.platform.jobs.revive",
    queueing_lock="revive",
    priority=20,
    retry=RetryStrategy(max_attempts=3, wait=1),
)
async def revive(timestamp: int) -> None:
    """Four times a minute: what a killed worker was at is put back into the queue.

    The queue itself leaves such a job as being done for ever.
    """
    manager = app.job_manager
    for job in await manager.get_stalled_jobs(seconds_since_heartbeat=SILENT_SECONDS):
        await manager.retry_job(job)


@app.periodic(cron="40 18 * * *")
@app.task(name="sujin.platform.jobs.sweep", queueing_lock="sweep")
async def sweep(timestamp: int) -> None:
    """Once a night: jobs that succeeded a week ago are forgotten; failed ones are kept."""
    await app.job_manager.delete_old_jobs(nb_hours=KEEP_HOURS)
