"""What the worker does for the room by the clock of the wall. The queue counts in UTC."""

from datetime import UTC, datetime

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from sujin.knowledge.acts.converse import forget_words

# A night must not pass without its act because the database was away for a moment.
AGAIN = RetryStrategy(max_attempts=10, wait=10)


@app.periodic(cron="50 18 * * *")
@app.task(
    name="sujin.knowledge.jobs.forget_conversations",
    queueing_lock="forget_conversations",
    retry=AGAIN,
)
def forget_conversations(timestamp: int) -> None:
    """Once a night: the words of conversations of three months ago are dropped."""
    forget_words(at=datetime.fromtimestamp(timestamp, UTC))
