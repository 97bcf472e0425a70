"""What the worker does in this room. The queue counts in UTC, eight hours behind."""

from datetime import UTC, datetime

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from sujin.platform.acts.organise import system_person
from sujin.supervision.acts.hold_outreach import judge_outreaches
from sujin.supervision.acts.watch import watch

AGAIN = RetryStrategy(max_attempts=10, wait=10)


@app.periodic(cron="0 19 * * 0")
@app.task(name="sujin.supervision.jobs.watch_house", queueing_lock="watch_house", retry=AGAIN)
def watch_house(timestamp: int) -> None:
    """In the night to Monday: are the figures what the work is?"""
    watch(by=system_person(), at=datetime.fromtimestamp(timestamp, UTC))


@app.periodic(cron="55 19 * * *")
@app.task(name="sujin.supervision.jobs.judge_voices", queueing_lock="judge_outreaches", retry=AGAIN)
def judge_voices(timestamp: int) -> None:
    """Once a night: outreaches whose declared day has come."""
    judge_outreaches(by=system_person(), at=datetime.fromtimestamp(timestamp, UTC))
