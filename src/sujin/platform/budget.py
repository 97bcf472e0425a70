"""How often something may be got wrong: counted in the database, so that all processes count alike.

A try is spent before it is judged and taken back when it was right; tries made at the same moment
cannot slip past each other.
"""

from datetime import datetime, timedelta

from django.db import connection, transaction
from django.db.models import QuerySet

from sujin.platform.models.miss import Miss

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


@transaction.atomic
def spend(key: str, at: datetime, limit: int, within: timedelta = HOUR) -> bool:
    """Use one try of ``key``; False when ``limit`` were used in the time ``within`` before ``at``.

    A try that was refused is not counted, so a locked key opens again whoever keeps knocking.
    """
    with connection.cursor() as cursor:
        # Until the end of the transaction everybody else who tries this key waits here.
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [key])
    if _within(key, at, within)[:limit].count() >= limit:
        return False
    Miss.objects.create(key=key, at=at)
    return True


def used(key: str, at: datetime, within: timedelta) -> int:
    """How many tries of ``key`` count in the time ``within`` before ``at``."""
    return _within(key, at, within).count()


def _within(key: str, at: datetime, within: timedelta) -> "QuerySet[Miss]":
    return Miss.objects.filter(key=key, at__gt=at - within)


def take_back(key: str, at: datetime) -> None:
    """The try spent at ``at`` was right and does not count."""
    Miss.objects.filter(pk__in=Miss.objects.filter(key=key, at=at).values("pk")[:1]).delete()


def forget(at: datetime) -> None:
    """Drop the tries that no budget counts any more at the moment ``at``."""
    Miss.objects.filter(at__lt=at - DAY).delete()
