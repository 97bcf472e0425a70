"""Rows that come again: which delivery a corrected one is, and what it now says otherwise.

A branch exports its ledger again with a word put right or a state moved on. Number, day and branch
of the row, and words that are nearly the same, make it the row we have: it is known, never a
second case and never a repeat. What it says otherwise is told; nothing is altered.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sujin import packs
from sujin.channels.csv.columns import Columns
from sujin.channels.csv.earlier import Earlier, Taken, delivered, is_alike, number_of
from sujin.channels.csv.institution import Doors
from sujin.channels.csv.layouts import CN
from sujin.channels.csv.rows import Row
from sujin.complaints.draft import Draft
from sujin.complaints.models.party import customer_keys

Pair = tuple[Row, Draft]
ROWS_NAMED = 10


@dataclass(slots=True)
class Mentioned:
    """How many rows, and the numbers of the first of them."""

    total: int = 0
    first: list[int] = field(default_factory=list)

    def add(self, row: Row) -> None:
        self.total += 1
        if len(self.first) < ROWS_NAMED:
            self.first.append(row.number)


@dataclass(frozen=True, slots=True)
class Changes:
    """Known rows that say something else than what was taken in, and those whose matter has ended
    at the source while our case is open."""

    changed: Mentioned = field(default_factory=Mentioned)
    ended: Mentioned = field(default_factory=Mentioned)


class Again:
    """Finds the earlier deliveries of one file; ``changes`` grows as the file is read."""

    def __init__(self, columns: Columns, doors: Doors) -> None:
        self.changes = Changes()
        self._source, self._doors = columns.layout.code, doors
        self._columns = {*columns.fields, *columns.kept}
        self._is_dated = "received" in columns.fields
        self._zone = ZoneInfo(packs.manifest(columns.layout.pack)["zone"])
        self._earlier = Earlier(CN.code, self._zone.key) if columns.layout is CN else None
        # Ids of corrected rows -> ids of what they correct: a row may stand in its file twice.
        self._corrects: dict[str, str] = {}

    def recognise(self, pairs: Sequence[Pair]) -> list[Pair]:
        """The same rows; a corrected one bears the external id of the delivery it corrects."""
        known = self._known(pairs)
        taken = delivered(self._source, [draft.external_id for _row, draft in known])
        if self._earlier is not None:
            self._correct([draft for _row, draft in known], taken, self._earlier)
            known = self._known(known)
        self._compare(known, taken)
        return known

    def _known(self, pairs: Iterable[Pair]) -> list[Pair]:
        """The rows under the ids of what they correct, as far as that has been found."""
        ids = self._corrects
        return [
            (row, replace(draft, external_id=ids.get(draft.external_id, draft.external_id)))
            for row, draft in pairs
        ]

    def _correct(self, drafts: Sequence[Draft], taken: dict[str, Taken], earlier: Earlier) -> None:
        """Find what the new rows correct, and add it to ``taken``."""
        fresh = [draft for draft in drafts if draft.external_id not in taken]
        asked = {(number_of(draft.external_id), self._day(draft)) for draft in fresh}
        before = earlier.under({pair for pair in asked if pair[0]})
        for draft in fresh:
            others = before.get(number_of(draft.external_id), [])
            # What is a row of this file already is not what another row of it corrects.
            free = [one for one in others if one.external_id not in taken]
            same = self._same(free, draft) if free else None
            if same is not None:
                self._corrects[draft.external_id] = same.external_id
                taken[same.external_id] = same
        earlier.forget(list(taken))

    def _same(self, others: Iterable[Taken], draft: Draft) -> Taken | None:
        """The first of the same day, and of the same branch where both name one, about no other
        customer and in words alike."""
        now, day = Taken.of(draft), self._day(draft)
        for then in others:
            places = {self._place(then), self._place(now)} - {""}
            is_other = now.keys and then.keys and now.keys.isdisjoint(then.keys)
            if day in (None, self._day_of(then.at)) and len(places) < 2 and not is_other:
                if is_alike(then.words, now.words):
                    return then
        return None

    def _compare(self, known: Iterable[Pair], taken: Mapping[str, Taken]) -> None:
        first: dict[str, Draft] = {}
        for row, draft in known:
            before = first.setdefault(draft.external_id, draft)
            then = taken.get(draft.external_id) or (Taken.of(before) if before != draft else None)
            if then is None:
                continue
            if self._differs(then, draft):
                self.changes.changed.add(row)
            if then.is_open and draft.outcome is not None:
                self.changes.ended.add(row)

    def _differs(self, then: Taken, draft: Draft) -> bool:
        names = {*draft.attributes, *(name for name in then.attributes if name in self._columns)}
        now = draft.attributes
        return (
            (then.text != draft.text and then.text != Taken.of(draft).text)
            or any(now.get(name, "") != then.attributes.get(name, "") for name in names)
            or self._day(draft) not in (None, self._day_of(then.at))
            or not then.keys.issuperset(customer_keys(draft.parties))
        )

    def _place(self, one: Taken) -> str:
        named = one.attributes.get("org", "")
        return self._doors.find(named) or named

    def _day(self, draft: Draft) -> date | None:
        """What the row itself says; a file without dates says nothing."""
        return self._day_of(draft.received_at) if self._is_dated else None

    def _day_of(self, at: datetime) -> date:
        return at.astimezone(self._zone).date()
