"""What the worker does by night. The queue counts in UTC, eight hours behind."""

from datetime import UTC, datetime

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from sujin.governance.acts.expire_files import expire_files
from sujin.governance.acts.judge_effects import judge_effects
from sujin.governance.acts.watch_agents import watch_agents
from sujin.platform.acts.organise import system_person

AGAIN = RetryStrategy(max_attempts=10, wait=10)


@app.periodic(cron="50 19 * * *")
@app.task(name="sujin.governance.jobs.judge", queueing_lock="judge_effects", retry=AGAIN)
def judge(timestamp: int) -> None:
    """Once a night: did what came branch by branch help?"""
    judge_effects(by=system_person(), at=datetime.fromtimestamp(timestamp, UTC))


@app.periodic(cron="10 19 * * *")
@app.task(name="sujin.governance.jobs.watch", queueing_lock="watch_agents", retry=AGAIN)
def watch(timestamp: int) -> None:
    """Once a night: verdicts that are too old, then complaints that point at one hand."""
    by, at = system_person(), datetime.fromtimestamp(timestamp, UTC)
    expire_files(by=by, at=at)
    watch_agents(by=by, at=at)
