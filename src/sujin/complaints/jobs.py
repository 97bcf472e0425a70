"""What the worker does: letters as they are queued, and by the clock of the wall.

The queue counts in UTC, eight hours behind.
"""

from contextlib import suppress
from datetime import UTC, datetime

from django.utils import timezone
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from sujin.complaints import likeness, tally
from sujin.complaints.acts import deliver as sender
from sujin.complaints.acts.climb import climb
from sujin.complaints.acts.cover import check_coverage as cover
from sujin.complaints.acts.dispatch import DELIVER
from sujin.complaints.acts.examine import examine
from sujin.complaints.acts.learn_outlook import learn_outlook
from sujin.complaints.acts.measure import measure_changed
from sujin.complaints.acts.promise import miss_overdue
from sujin.complaints.acts.refer_up import refer_up
from sujin.complaints.acts.relieve import relieve_leavers
from sujin.complaints.acts.remind import remind_hosts
from sujin.complaints.acts.reread import reread
from sujin.complaints.acts.suspect import suspect_all
from sujin.complaints.acts.watch import watch_drift
from sujin.complaints.acts.watch_urgent import watch_urgent
from sujin.complaints.models import Dispatch
from sujin.platform.acts.organise import system_person
from sujin.platform.shelf import Busy

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


@app.periodic(cron="* * * * *")
@app.task(name="sujin.complaints.jobs.climb_ladder", queueing_lock="climb_ladder")
def climb_ladder(timestamp: int) -> None:
    """Every minute: whoever stands on the rung that a limit has reached is told."""
    climb(by=system_person(), at=datetime.fromtimestamp(timestamp, UTC))


@app.periodic(cron="* * * * *")
@app.task(name="sujin.complaints.jobs.refer_up", queueing_lock="refer_up")
def refer_waiting_up(timestamp: int) -> None:
    """Every minute: what waits for a second look never waits for nobody."""
    refer_up(by=system_person(), at=datetime.fromtimestamp(timestamp, UTC))


@app.periodic(cron="30 0 * * *")
@app.task(name="sujin.complaints.jobs.check_coverage", queueing_lock="check_coverage", retry=AGAIN)
def check_coverage(timestamp: int) -> None:
    """Each morning: a branch without a liaison officer on duty is named."""
    cover(by=system_person(), at=datetime.fromtimestamp(timestamp, UTC))


@app.periodic(cron="* * * * *")
@app.task(name="sujin.complaints.jobs.miss_promises", queueing_lock="miss_promises")
def miss_promises(timestamp: int) -> None:
    """Every minute: a promise whose moment has passed is told as missed, once."""
    miss_overdue(by=system_person(), at=datetime.fromtimestamp(timestamp, UTC))


@app.periodic(cron="40 18 * * *")
@app.task(name="sujin.complaints.jobs.examine_house", queueing_lock="examine_house", retry=AGAIN)
def examine_house(timestamp: int) -> None:
    """Once a night, when leavers are relieved and limits read again: is anything as it must not
    be?"""
    examine(by=system_person(), at=datetime.fromtimestamp(timestamp, UTC))


@app.periodic(cron="40 18 * * *")
@app.task(name="sujin.complaints.jobs.measure", queueing_lock="measure", retry=AGAIN)
def measure(timestamp: int) -> None:
    """Once a night: what no reaction has read, such as an import, is read for the figures."""
    measure_changed(at=datetime.fromtimestamp(timestamp, UTC))


@app.periodic(cron="10 19 * * *")
@app.task(name="sujin.complaints.jobs.suspect_codes", queueing_lock="suspect_codes", retry=AGAIN)
def suspect_codes(timestamp: int) -> None:
    """Once a night: the queue of corrections anew, and whether a trained machine is adrift."""
    at = datetime.fromtimestamp(timestamp, UTC)
    watch_drift(by=system_person(), at=at)
    suspect_all(at=at)


@app.periodic(cron="50 18 * * *")
@app.task(name="sujin.complaints.jobs.watch_urgent", queueing_lock="watch_urgent", retry=AGAIN)
def watch_promise(timestamp: int) -> None:
    """Once a night: is what was promised about urgent complaints still so?"""
    watch_urgent(by=system_person(), at=datetime.fromtimestamp(timestamp, UTC))


@app.periodic(cron="30 19 * * *")
@app.task(name="sujin.complaints.jobs.learn_outlook", queueing_lock="learn_outlook", retry=AGAIN)
def learn_escalation(timestamp: int) -> None:
    """Once a night: which open complaints escalate, learnt and checked anew."""
    learn_outlook(by=system_person(), at=datetime.fromtimestamp(timestamp, UTC))


@app.periodic(cron="50 17 * * *")
@app.task(name=likeness.BUILD, queueing_lock="build_nearby")
def build_nearby(timestamp: int) -> None:
    """Once a night, and when its files were found spoiled: the index of near-identical texts takes
    in what has settled. Another process at it does the same."""
    with suppress(Busy):
        likeness.build(at=timezone.now())


@app.periodic(cron="*/5 * * * *")
@app.task(name="sujin.complaints.jobs.fold_tally", queueing_lock="fold_tally")
def fold_tally(timestamp: int) -> None:
    """Every five minutes: what the boards would have to add up line by line is summed."""
    tally.fold()


@app.periodic(cron="*/15 * * * *")
@app.task(name="sujin.complaints.jobs.remind_hosts", queueing_lock="remind_hosts")
def remind(timestamp: int) -> None:
    """Every quarter of an hour: sittings that begin soon, lack minutes, or can be checked."""
    remind_hosts(by=system_person(), at=datetime.fromtimestamp(timestamp, UTC))


# About sixty times within the day that an attempt may take (acts/deliver.py gives up, not this).
@app.task(name=DELIVER, queue="delivery", retry=RetryStrategy(wait=5, linear_wait=60))
def deliver(dispatch: int) -> None:
    """Send one letter; what is sent or given up already is left alone."""
    sender.deliver(Dispatch(pk=dispatch), by=system_person(), at=timezone.now())
