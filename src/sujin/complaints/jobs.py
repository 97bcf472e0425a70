"""What the worker does: letters as they are queued, and by the clock of the wall.

The queue counts in UTC, eight hours behind.
"""

from datetime import UTC, datetime

from django.utils import timezone
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from sujin.complaints.acts import dispatch as outbox
from sujin.complaints.acts.relieve import relieve_leavers
from sujin.complaints.acts.reread import reread
from sujin.complaints.models import Dispatch
from sujin.platform.acts.organise import system_person

# A night must not pass without its act because the database was away for a moment.
AGAIN = RetryStrategy(max_attempts=10, wait=10)


@app.periodic(cron="10 16 * * *")
@app.task(
    name="sujin.complaints.jobs.relieve_leavers", queueing_lock="relieve_leavers", retry=AGAIN
)
def pass_on(timestamp: int) -> None:
    """Once a day, just after posts have ended: no case waits for somebody who has left."""
    relieve_leavers(by=system_person(), at=datetime.fromtimestamp(timestamp, UTC))


@app.periodic(cron="20 18 * * *")
@app.task(name="sujin.complaints.jobs.reread_limits", queueing_lock="reread_limits", retry=AGAIN)
def reread_limits(timestamp: int) -> None:
    """Once a night: a holiday notice or a corrected table moves the limits of open cases."""
    reread(by=system_person(), at=datetime.fromtimestamp(timestamp, UTC))


# About sixty times within the day that an attempt may take (acts/dispatch.py gives up, not this).
@app.task(name=outbox.DELIVER, queue="delivery", retry=RetryStrategy(wait=5, linear_wait=60))
def deliver(dispatch: int) -> None:
    """Send one letter; what is sent or given up already is left alone."""
    outbox.deliver(Dispatch(pk=dispatch), by=system_person(), at=timezone.now())
