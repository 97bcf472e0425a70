"""What the worker does in this room. The queue counts in UTC, eight hours behind."""

from contextlib import suppress
from datetime import UTC, datetime, timedelta

from django.utils import timezone
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from sujin.platform.acts.organise import system_person
from sujin.supervision.acts.appeal_stars import archive_stars
from sujin.supervision.acts.enrol import enrol_by_matrix
from sujin.supervision.acts.hold_accountable import bring_into_force
from sujin.supervision.acts.hold_outreach import judge_outreaches
from sujin.supervision.acts.judge_trainings import judge_trainings, note_trained
from sujin.supervision.acts.rate_units import CannotRate, rate_units
from sujin.supervision.acts.rectify import escalate_shortcomings
from sujin.supervision.acts.run_plan import end_plans
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
from sujin.supervision.starbook import schemes

AGAIN = RetryStrategy(max_attempts=10, wait=10)
# Two hours in all: afterwards the invitation stays unsent and says why.
WIRE = RetryStrategy(max_attempts=13, exponential_wait=2)


@app.periodic(cron="0 19 * * 0")
@app.task(name="sujin.supervision.jobs.watch_house", queueing_lock="watch_house", retry=AGAIN)
def watch_house(timestamp: int) -> None:
    """In the night to Monday: are the figures what the work is?"""
    watch(by=system_person(), at=datetime.fromtimestamp(timestamp, UTC))


@app.periodic(cron="30 16 * * *")
@app.task(name="sujin.supervision.jobs.end_plans", queueing_lock="end_plans", retry=AGAIN)
def end_plans_over(timestamp: int) -> None:
    """Half past midnight: plans whose last day is over tell their seed; decisions that nobody
    appealed come into force."""
    moment = datetime.fromtimestamp(timestamp, UTC)
    end_plans(by=system_person(), at=moment)
    bring_into_force(by=system_person(), at=moment)
    archive_stars(by=system_person(), at=moment)


@app.periodic(cron="5 * * * *")
@app.task(name="sujin.supervision.jobs.escalate", queueing_lock="escalate_list", retry=AGAIN)
def escalate(timestamp: int) -> None:
    """Each hour: what was not answered in time is told above."""
    escalate_shortcomings(by=system_person(), at=datetime.fromtimestamp(timestamp, UTC))


@app.periodic(cron="0 18 3 * *")
@app.task(name="sujin.supervision.jobs.rate", queueing_lock="rate_units", retry=AGAIN)
def rate(timestamp: int) -> None:
    """In the night after the third: last month's sheets, for somebody to sign."""
    moment = datetime.fromtimestamp(timestamp, UTC)
    month = timezone.localdate(moment).replace(day=1) - timedelta(days=1)
    for scheme in schemes().values():
        # It was published already, is not rated this month, or there are no units.
        with suppress(CannotRate):
            rate_units(scheme, month, by=system_person(), at=moment)


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


@app.periodic(cron="55 19 * * *")
@app.task(name="sujin.supervision.jobs.judge_voices", queueing_lock="judge_outreaches", retry=AGAIN)
def judge_voices(timestamp: int) -> None:
    """Once a night: outreaches whose declared day has come."""
    judge_outreaches(by=system_person(), at=datetime.fromtimestamp(timestamp, UTC))


@app.periodic(cron="20 17 * * *")
@app.task(name="sujin.supervision.jobs.enrol_people", queueing_lock="enrol_people", retry=AGAIN)
def enrol_people(timestamp: int) -> None:
    """Every night: who must learn what by the posts of today, what has run out, and which units
    have come to be trained."""
    by, at = system_person(), datetime.fromtimestamp(timestamp, UTC)
    enrol_by_matrix(by=by, at=at)
    note_trained(by=by, at=at)


@app.periodic(cron="40 19 * * 0")
@app.task(name="sujin.supervision.jobs.judge_effects", queueing_lock="judge_effects", retry=AGAIN)
def judge_effects(timestamp: int) -> None:
    """In the night to Monday: did complaints become fewer where people were trained?"""
    judge_trainings(by=system_person(), at=datetime.fromtimestamp(timestamp, UTC))
