"""What the worker does in this room. The queue counts in UTC, eight hours behind."""

from datetime import UTC, datetime

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from sujin.platform.acts.organise import system_person
from sujin.supervision.acts.enrol import enrol_by_matrix
from sujin.supervision.acts.judge_trainings import judge_trainings
from sujin.supervision.acts.watch import watch

AGAIN = RetryStrategy(max_attempts=10, wait=10)


@app.periodic(cron="0 19 * * 0")
@app.task(name="sujin.supervision.jobs.watch_house", queueing_lock="watch_house", retry=AGAIN)
def watch_house(timestamp: int) -> None:
    """In the night to Monday: are the figures what the work is?"""
    watch(by=system_person(), at=datetime.fromtimestamp(timestamp, UTC))


@app.periodic(cron="20 17 * * *")
@app.task(name="sujin.supervision.jobs.enrol_people", queueing_lock="enrol_people", retry=AGAIN)
def enrol_people(timestamp: int) -> None:
    """Every night: who must learn what by the posts of today, and what has run out."""
    enrol_by_matrix(by=system_person(), at=datetime.fromtimestamp(timestamp, UTC))


@app.periodic(cron="40 19 * * 0")
@app.task(name="sujin.supervision.jobs.judge_effects", queueing_lock="judge_effects", retry=AGAIN)
def judge_effects(timestamp: int) -> None:
    """In the night to Monday: did complaints become fewer where people were trained?"""
    judge_trainings(by=system_person(), at=datetime.fromtimestamp(timestamp, UTC))
