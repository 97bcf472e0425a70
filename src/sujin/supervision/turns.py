"""Whose turn it is to ask: two processes never ask one customer at the same moment.

Locks of PostgreSQL that end with the transaction: who comes second waits, and then sees what the
first one has asked.
"""

from collections.abc import Iterable

from django.db import connection

_DRAWING = "survey.draw"


def ask_alone(customer_keys: Iterable[str]) -> None:
    """Until the end of the transaction nobody else asks this customer, and no sample is drawn."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock_shared(hashtextextended(%s, 0))", [_DRAWING]
        )  # fmt: skip
        # In one order everywhere: nobody waits for somebody who waits back.
        for key in sorted(set(customer_keys)):
            name = f"survey.customer {key}"
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [name])


def draw_alone() -> None:
    """Until the end of the transaction nobody else asks anybody."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [_DRAWING])
