"""What the worker does by the clock of the wall."""

from datetime import UTC, datetime

from procrastinate.contrib.django import app

from sujin.complaints.acts.reread import reread
from sujin.platform.acts.organise import system_person


@app.periodic(cron="20 2 * * *")
@app.task(name="sujin.complaints.jobs.reread_limits", queueing_lock="reread_limits")
def reread_limits(timestamp: int) -> None:
    """Once a night: a holiday notice or a corrected table moves the limits of open cases."""
    reread(by=system_person(), at=datetime.fromtimestamp(timestamp, UTC))
