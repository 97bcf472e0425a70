"""The queue. A job deferred inside a transaction commits, or vanishes, with it."""

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app
from procrastinate.exceptions import UniqueViolation
from procrastinate.jobs import Job, Status

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


# Never tried again itself: the next one is seconds away, and a second one waiting under the same
# lock would keep the queue from writing down how the first one ended.
@app.periodic(cron="* * * * * */15")
@app.task(name="sujin.platform.jobs.revive", queueing_lock="revive", priority=20)
async def revive(timestamp: int) -> None:
    """Four times a minute: what a killed worker was at is put back into the queue.

    The queue itself leaves such a job as being done for ever.
    """
    for job in await app.job_manager.get_stalled_jobs(seconds_since_heartbeat=SILENT_SECONDS):
        await _put_back(job)


async def _put_back(job: Job) -> None:
    try:
        await app.job_manager.retry_job(job)
    except UniqueViolation:
        # Its successor is waiting already and will do the same: this one is over.
        await app.job_manager.finish_job(job, status=Status.ABORTED, delete_job=False)


@app.periodic(cron="40 18 * * *")
@app.task(name="sujin.platform.jobs.sweep", queueing_lock="sweep")
async def sweep(timestamp: int) -> None:
    """Once a night: jobs that succeeded a week ago are forgotten; failed ones are kept."""
    await app.job_manager.delete_old_jobs(nb_hours=KEEP_HOURS)
