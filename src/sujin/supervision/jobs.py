"""What the worker does in this room. The queue counts in UTC, eight hours behind."""

from datetime import UTC, datetime

from django.utils import timezone
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from sujin.platform.acts.organise import system_person
from sujin.supervision.acts.send_invitation import (
    REMIND,
    SEND,
    expire_invitations,
    queue_reminders,
    remind_invitation,
    send_invitation,
)
from sujin.supervision.acts.watch import watch
from sujin.supervision.models import Invitation

AGAIN = RetryStrategy(max_attempts=10, wait=10)
# Two hours in all: afterwards the invitation stays unsent and says why.
WIRE = RetryStrategy(max_attempts=13, exponential_wait=2)


@app.periodic(cron="0 19 * * 0")
@app.task(name="sujin.supervision.jobs.watch_house", queueing_lock="watch_house", retry=AGAIN)
def watch_house(timestamp: int) -> None:
    """In the night to Monday: are the figures what the work is?"""
    watch(by=system_person(), at=datetime.fromtimestamp(timestamp, UTC))


@app.task(name=SEND, queue="delivery", retry=WIRE)
def send(invitation: int) -> None:
    """The link of an invitation goes out."""
    asked = Invitation.objects.get(pk=invitation)
    send_invitation(asked, by=system_person(), at=timezone.now())


@app.task(name=REMIND, queue="delivery", retry=WIRE)
def remind(invitation: int) -> None:
    """Once more to whoever has not answered."""
    asked = Invitation.objects.get(pk=invitation)
    remind_invitation(asked, by=system_person(), at=timezone.now())


@app.periodic(cron="30 1 * * *")
@app.task(name="sujin.supervision.jobs.tend_surveys", queueing_lock="tend_surveys", retry=AGAIN)
def tend_surveys(timestamp: int) -> None:
    """Once a day, in the morning, for nobody is asked by night: end what is over, then remind."""
    by, at = system_person(), datetime.fromtimestamp(timestamp, UTC)
    expire_invitations(by=by, at=at)
    queue_reminders(by=by, at=at)
