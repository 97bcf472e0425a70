"""What the worker does by itself. The queue counts in UTC, eight hours behind."""

from datetime import UTC, datetime

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from sujin.knowledge.acts.forget_words import forget_words
from sujin.knowledge.acts.gather_gaps import gather_gaps
from sujin.knowledge.acts.revise import escalate_all
from sujin.knowledge.acts.urge_readers import remind_all
from sujin.platform.acts.organise import system_person

AGAIN = RetryStrategy(max_attempts=10, wait=10)


@app.periodic(cron="5 1 * * *")
@app.task(name="sujin.knowledge.jobs.remind", queueing_lock="remind_readers", retry=AGAIN)
def remind(timestamp: int) -> None:
    """Every morning: who is to read by a day that is near or over, and answers that are late."""
    by, at = system_person(), datetime.fromtimestamp(timestamp, UTC)
    remind_all(by=by, at=at)
    escalate_all(by=by, at=at)


@app.periodic(cron="7 * * * *")
@app.task(name="sujin.knowledge.jobs.gather", queueing_lock="gather_gaps", retry=AGAIN)
def gather(timestamp: int) -> None:
    """Every hour: what was asked and not answered, gathered by what it asks."""
    gather_gaps(at=datetime.fromtimestamp(timestamp, UTC))


@app.periodic(cron="50 18 * * *")
@app.task(
    name="sujin.knowledge.jobs.forget_conversations",
    queueing_lock="forget_conversations",
    retry=AGAIN,
)
def forget_conversations(timestamp: int) -> None:
    """Once a night: the words of old conversations and questions are dropped."""
    forget_words(at=datetime.fromtimestamp(timestamp, UTC))
