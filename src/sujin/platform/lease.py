"""A lease that a process holds while it lives, for work too slow to hold a row meanwhile.

It belongs to the database session, not to a transaction: whoever dies gives it back at that moment,
so nobody has to guess after how long a holder must be dead.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection


@contextmanager
def lease(key: str) -> Iterator[bool]:
    """True while ``key`` is ours; False, without waiting, when somebody else holds it."""
    is_ours = _ask("pg_try_advisory_lock", key)
    try:
        yield is_ours
    finally:
        if is_ours:
            _ask("pg_advisory_unlock", key)


def _ask(function: str, key: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {function}(hashtextextended(%s, 0))", [key])
        row = cursor.fetchone()
    return bool(row and row[0])
