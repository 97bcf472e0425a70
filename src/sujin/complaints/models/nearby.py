"""Cases that share a value of an array column with any of many askers: one index probe for each.

One overlap with all the askers' values together would compare every value with every row's, which
for a batch of a thousand texts takes ten times as long as taking them in.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any, Literal

from django.db import connection
from django.db.backends.utils import CursorWrapper

Column = Literal["customer_keys", "bands"]
TYPES: dict[Column, str] = {"customer_keys": "varchar[]", "bands": "bigint[]"}
LIGHT = (
    "id, customer_keys, known, business, received_at, closed_at, level, minhash, bands, "
    "channel, cause, kind"
)
# A flood of equal texts must not make each of them slower than the last.
HITS_MAX, NEAR_MAX = 500, 30
QUERY = """
SELECT DISTINCT ON (near.id) near.* FROM (
    SELECT array_agg(value) AS mine FROM unnest(%s::int[], %s::{type}) AS asked(place, value)
    GROUP BY place
) AS asker, LATERAL (
    SELECT {light} FROM (
        SELECT {light}, merged_into_id FROM complaints_complaint
        WHERE {column} && asker.mine LIMIT %s
    ) AS hit
    WHERE hit.received_at >= %s AND hit.merged_into_id IS NULL
    ORDER BY hit.received_at DESC, hit.id DESC LIMIT %s
) AS near
"""


def sharing(
    column: Column, asked: Sequence[Sequence[str] | Sequence[int]], *, since: datetime
) -> list[tuple[Any, ...]]:
    """Rows of LIGHT received from ``since`` on, the latest NEAR_MAX for each asker, each once."""
    pairs = [(place, value) for place, values in enumerate(asked) for value in values]
    if not pairs:
        return []
    places, values = map(list, zip(*pairs, strict=True))
    query = QUERY.format(column=column, type=TYPES[column], light=LIGHT)
    with _without_scans() as cursor:
        cursor.execute(query, [places, values, HITS_MAX, since, NEAR_MAX])
        return list(cursor.fetchall())


@contextmanager
def _without_scans() -> Iterator[CursorWrapper]:
    """The planner knows nothing of the askers' values and would rather read the whole table."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        yield cursor
        cursor.execute("SET LOCAL enable_seqscan = on")
