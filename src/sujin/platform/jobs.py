"""The queue. A job deferred inside a transaction commits, or vanishes, with it."""

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from sujin.platform import journal
from sujin.platform.models import Entry
from sujin.platform.models.entry import REACT


@app.task(name=REACT, queue="reactions", retry=RetryStrategy(max_attempts=8, exponential_wait=3))
def react(entry_id: int) -> None:
    """Run every act that answers the entry. Acts are idempotent, so a retry does no harm."""
    entry = Entry.objects.select_related("by").get(pk=entry_id)
    for act in journal.reactions_to(entry.kind):
        act(entry)
