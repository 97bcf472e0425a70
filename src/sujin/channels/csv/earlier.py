"""Deliveries that came before this file, and whether one of them is a row before its correction."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from difflib import SequenceMatcher

from django.db import connection
from django.db.models import QuerySet

from sujin.complaints.draft import Draft
from sujin.complaints.models import Contact
from sujin.complaints.models.party import customer_keys
from sujin.engine.signature import likeness, sign
from sujin.engine.text import fold, redact

# Ledgers of many branches may share a number on one day; more than this are no help to anybody.
CANDIDATES = 50
# One wrong character of five, or a sentence added to four others, and it is still the same text.
ALIKE = 0.8
# Of triples of characters fewer survive a correction than of the characters themselves.
ALIKE_IN_TRIPLES = 0.6
# Characters above which comparing all with all would take too long.
LONG = 400
# Fewer characters than these stand in many a longer text by chance.
TELLING = 8
LEDGER_ID = re.compile(r"(?P<number>.+)-[0-9a-f]{32}", re.DOTALL)
_REMEMBER = """
CREATE TEMP TABLE sujin_before AS
SELECT id, left(external_id, -33) AS number, (at AT TIME ZONE %s)::date AS day
FROM complaints_contact WHERE source = %s AND external_id ~ '-[0-9a-f]{32}$'
"""
_LOOK_UP = """
SELECT DISTINCT before.id FROM unnest(%s::text[], %s::date[]) AS asked(number, day)
CROSS JOIN LATERAL (
    SELECT id FROM sujin_before WHERE sujin_before.number = asked.number
    AND (asked.day IS NULL OR sujin_before.day = asked.day) ORDER BY id DESC LIMIT %s
) AS before
"""
_FORGET = """
DELETE FROM sujin_before USING complaints_contact AS contact
WHERE sujin_before.id = contact.id AND source = %s AND external_id = ANY(%s)
"""


@dataclass(frozen=True, slots=True)
class Taken:
    """What a delivery said, as it was written down."""

    external_id: str
    text: str
    attributes: Mapping[str, str]
    at: datetime
    keys: frozenset[str]
    is_open: bool

    @classmethod
    def of(cls, draft: Draft) -> "Taken":
        """What will be written down of a draft."""
        return cls(
            draft.external_id,
            redact(draft.text).text,
            draft.attributes,
            draft.received_at,
            frozenset(customer_keys(draft.parties)),
            draft.outcome is None,
        )

    @property
    def words(self) -> str:
        """What it is about; a row without words says it by its classes."""
        classes = (self.attributes.get(name, "") for name in ("product", "issue"))
        return self.text or " ".join(classes)


class Earlier:
    """Numbers and days of all ledger rows that came before; in the database, not in memory."""

    def __init__(self, source: str, zone: str) -> None:
        self._source = source
        with connection.cursor() as cursor:
            cursor.execute("DROP TABLE IF EXISTS pg_temp.sujin_before")
            cursor.execute(_REMEMBER, [zone, source])
            cursor.execute("CREATE INDEX ON sujin_before (number, day, id)")

    def under(self, asked: Collection[tuple[str, date | None]]) -> dict[str, list[Taken]]:
        """Number -> the latest deliveries under it, of that day where one is asked for."""
        if not asked:
            return {}
        numbers = [number for number, _day in asked]
        days = [day for _number, day in asked]
        with connection.cursor() as cursor:
            cursor.execute(_LOOK_UP, [numbers, days, CANDIDATES])
            ids = [pk for (pk,) in cursor.fetchall()]
        found: dict[str, list[Taken]] = {}
        for one in _read(Contact.objects.filter(pk__in=ids)).values():
            found.setdefault(number_of(one.external_id), []).append(one)
        return found

    def forget(self, external_ids: Sequence[str]) -> None:
        """These are rows of the file: no other row of it is their correction."""
        with connection.cursor() as cursor:
            cursor.execute(_FORGET, [self._source, list(external_ids)])


def delivered(source: str, external_ids: Sequence[str]) -> dict[str, Taken]:
    """External id -> what was taken in under it."""
    return _read(Contact.objects.filter(source=source, external_id__in=external_ids))


def number_of(external_id: str) -> str:
    """A row's number in its ledger; empty for a row that had none."""
    found = LEDGER_ID.fullmatch(external_id)
    return found["number"] if found else ""


def is_alike(one: str, other: str) -> bool:
    """Whether two texts are one text and its correction."""
    short, long = sorted((_bare(one), _bare(other)), key=len)
    if short == long or (len(short) >= TELLING and short in long):
        return True
    if len(long) <= LONG:
        matcher = SequenceMatcher(None, short, long, autojunk=False)
        bounds = matcher.real_quick_ratio, matcher.quick_ratio, matcher.ratio
        return all(bound() >= ALIKE for bound in bounds)
    first, second = sign([short, long])
    return bool(first and second and likeness(first, second) >= ALIKE_IN_TRIPLES)


def _bare(text: str) -> str:
    return "".join(filter(str.isalnum, fold(text)))


def _read(contacts: QuerySet[Contact]) -> dict[str, Taken]:
    needed = contacts.select_related("complaint").only(
        *("external_id", "text", "attributes", "at"),
        *("complaint__customer_keys", "complaint__closed_at"),
    )
    return {
        contact.external_id: Taken(
            contact.external_id,
            contact.text,
            contact.attributes,
            contact.at,
            frozenset(contact.complaint.customer_keys),
            contact.complaint.closed_at is None,
        )
        for contact in needed
    }
