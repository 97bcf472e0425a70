"""Gather what was asked and not answered, for whoever writes, in the whole bank and in branches."""

from datetime import datetime

from django.db import connection, transaction

from sujin.knowledge.gaps import gathered, places
from sujin.knowledge.models import Gap

# One gathering at a time: the number is this act's own among advisory locks.
LOCK = 20_260_801


def gather_gaps(*, at: datetime) -> int:
    """The whole table anew; returns how many gaps there are. Seconds of work, so it is done apart
    from any page: the rows that are read meanwhile are those of the last time."""
    found = [gap for place in places(at) for gap in gathered(place, at)]
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
        Gap.objects.all().delete()
        Gap.objects.bulk_create(found, batch_size=500)
    return len(found)
