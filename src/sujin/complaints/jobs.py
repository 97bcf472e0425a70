"""What the worker does by the clock of the wall; the queue counts in UTC, eight hours behind."""

from datetime import UTC, datetime

from procrastinate.contrib.django import app

from sujin.complaints.acts.relieve import relieve_leavers
from sujin.complaints.acts.remind import remind_hosts
from sujin.complaints.acts.reread import reread
from sujin.platform.acts.organise import system_person


@app.periodic(cron="10 16 * * *")
@app.task(name="sujin.complaints.jobs.relieve_leavers", queueing_lock="relieve_leavers")
def pass_on(timestamp: int) -> None:
    """Once a day, just after posts have ended: no case waits for somebody who has left."""
    relieve_leavers(by=system_person(), at=datetime.fromtimestamp(timestamp, UTC))


@app.periodic(cron="20 18 * * *")
@app.task(name="sujin.complaints.jobs.reread_limits", queueing_lock="reread_limits")
def reread_limits(timestamp: int) -> None:
    """Once a night: a holiday notice or a corrected table moves the limits of open cases."""
    reread(by=system_person(), at=datetime.fromtimestamp(timestamp, UTC))


@app.periodic(cron="*/15 * * * *")
@app.task(name="sujin.complaints.jobs.remind_hosts", queueing_lock="remind_hosts")
def remind(timestamp: int) -> None:
    """Every quarter of an hour: sittings that begin soon, lack minutes, or can be checked."""
    remind_hosts(by=system_person(), at=datetime.fromtimestamp(timestamp, UTC))
