"""What makes a row the same row when it comes again.

A row with an id is its id. A row without one is its own content, its state left out, and how many
rows of the same content came before it in the file: the second run recognises every row, and rows
that really stand there twice are kept twice.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from hashlib import blake2b, sha256

from django.db import connection

from sujin.channels.csv.columns import Columns
from sujin.channels.csv.layouts import plain
from sujin.channels.csv.rows import Row
from sujin.complaints.draft import Draft
from sujin.complaints.models import Contact

ID_MAX = 64
# How far the matter has come is not what it is: a row comes again when its state has moved on.
STATES = ("response", "sent", "timely", "disputed")


class Occurrences:
    """How often a key has come up in this file so far; counted in the database, not in memory."""

    def __init__(self) -> None:
        with connection.cursor() as cursor:
            cursor.execute("DROP TABLE IF EXISTS pg_temp.sujin_seen")
            cursor.execute("CREATE TEMP TABLE sujin_seen (key text PRIMARY KEY, times int)")

    def count(self, keys: Sequence[str]) -> list[int]:
        """For each key, in order, whether this is its first, second … time."""
        if not keys:
            return []
        before = self._add(Counter(keys))
        result = []
        for key in keys:
            before[key] += 1
            result.append(before[key])
        return result

    def _add(self, fresh: Counter[str]) -> dict[str, int]:
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO sujin_seen AS seen SELECT * FROM unnest(%s::text[], %s::int[]) "
                "ON CONFLICT (key) DO UPDATE SET times = seen.times + excluded.times "
                "RETURNING key, times",
                [list(fresh), list(fresh.values())],
            )
            return {key: times - fresh[key] for key, times in cursor.fetchall()}


class Identities:
    """Gives every draft of a file its external id."""

    def __init__(self, columns: Columns) -> None:
        same = {name: at for name, at in columns.fields.items() if name not in ("id", *STATES)}
        kept = [(plain(name), at) for name, at in columns.kept.items()]
        self._cells = sorted([*same.items(), *kept])
        self._occurrences = Occurrences()

    def give(self, rows: Sequence[tuple[Row, Draft]]) -> list[tuple[Row, Draft]]:
        nameless = [self._digest(row) for row, draft in rows if not draft.external_id]
        times = iter(self._occurrences.count(nameless))
        digests = iter(nameless)
        return [
            (row, replace(draft, external_id=_fitting(draft.external_id)))
            if draft.external_id
            else (row, replace(draft, external_id=f"{next(digests)}-{next(times)}"))
            for row, draft in rows
        ]

    def repeated(self, drafts: Sequence[Draft]) -> list[bool]:
        """Whether this file has had the same external id before."""
        ids = [f"id {draft.external_id}" for draft in drafts]
        return [times > 1 for times in self._occurrences.count(ids)]

    def _digest(self, row: Row) -> str:
        """Of what the cells say, by the meaning of their columns and not by their order."""
        said = ((name, " ".join(row.cells[at].split())) for name, at in self._cells)
        content = "\x1f".join(f"{name}\x1e{words}" for name, words in said if words)
        return blake2b(content.encode(), digest_size=16).hexdigest()


def known(source: str, drafts: Sequence[Draft]) -> set[str]:
    """The external ids of ``drafts`` that have been accepted before."""
    ids = [draft.external_id for draft in drafts]
    found = Contact.objects.filter(source=source, external_id__in=ids)
    return set(found.values_list("external_id", flat=True))


def _fitting(given: str) -> str:
    return given if len(given) <= ID_MAX else sha256(given.encode()).hexdigest()
