"""One at a time for each customer: who is taken in at two doors at once must become one case."""

from collections.abc import Iterable

from django.db import connection

# Few enough for one batch to hold them all, many enough that two customers seldom share one.
TURNS = 1024
HOUSE = 0x53554A49


def wait(keys: Iterable[str]) -> None:
    """Wait until nobody else takes in a customer with one of these blind keys, and hold the turn
    until the transaction ends. Always in the same order, so that two never wait for each other.
    """
    turns = sorted({int(key[:8], 16) % TURNS for key in keys})
    if turns:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_advisory_xact_lock(%s, turn) FROM unnest(%s::int[]) AS turn",
                [HOUSE, turns],
            )
