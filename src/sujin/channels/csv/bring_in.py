"""The way of a file into the house: looked at once, then read row by row and batch by batch."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from sujin.channels.channel import CSV
from sujin.channels.csv import identity, institution
from sujin.channels.csv.again import Again, Changes
from sujin.channels.csv.deliver import deliver
from sujin.channels.csv.flaws import CannotTake
from sujin.channels.csv.identity import Identities
from sujin.channels.csv.institution import HEAD_OFFICE, Doors
from sujin.channels.csv.look import Looked
from sujin.channels.csv.receive import Reader
from sujin.channels.csv.rejects import Rejects
from sujin.channels.csv.rows import Row, Sheet
from sujin.complaints.draft import Draft
from sujin.complaints.rulebook import rulebook

Pair = tuple[Row, Draft]


@dataclass(slots=True)
class Tally:
    """Every row read is accepted, rejected or known."""

    accepted: int = 0
    rejected: int = 0
    known: int = 0

    @property
    def read(self) -> int:
        return self.accepted + self.rejected + self.known


@dataclass(frozen=True, slots=True)
class Result:
    """The counts, how often which value of which column meant nothing to us, and what the known
    rows say otherwise than before."""

    tally: Tally
    changes: Changes
    unknown: Mapping[tuple[str, str], int]


Settle = Callable[[Sequence[Pair]], int]
Watch = Callable[[Tally], None]


def bring_in(
    looked: Looked, rejects: Rejects, *, origin: str, size: int, at: datetime, watch: Watch
) -> Result:
    """Take the file in, ``size`` rows a transaction. Raises CannotOpen for a strange ``origin``."""
    if not institution.is_planted():
        institution.plant(at=at)
    run = Run(looked, rejects, institution.doors(origin), at)
    account = CSV.account()

    def settle(pairs: Sequence[Pair]) -> int:
        return deliver(pairs, rejects, by=account, at=at)

    return run.all(settle, size, watch)


def rehearse(
    looked: Looked, rejects: Rejects, *, origin: str, size: int, at: datetime, watch: Watch
) -> Result:
    """The same reading and the same counts, with nothing written down."""
    is_planted = institution.is_planted()
    doors = institution.doors(origin) if is_planted else Doors(HEAD_OFFICE, {})
    run = Run(looked, rejects, doors, at)

    def settle(pairs: Sequence[Pair]) -> int:
        before = identity.known(looked.columns.layout.code, [draft for _row, draft in pairs])
        fresh = [draft for _row, draft in pairs if draft.external_id not in before]
        return len(fresh) - sum(run.identities.repeated(fresh))

    return run.all(settle, size, watch)


class Run:
    """One reading of one file."""

    def __init__(self, looked: Looked, rejects: Rejects, doors: Doors, at: datetime) -> None:
        text_max = rulebook().text_max
        self.identities = Identities(looked.columns)
        self._again = Again(looked.columns, doors)
        self._reader = Reader(looked.columns, looked.dates, doors, at=at, text_max=text_max)
        self._looked, self._rejects = looked, rejects

    def all(self, settle: Settle, size: int, watch: Watch) -> Result:
        """Every row of the file; ``settle`` answers how many of its pairs were new."""
        tally = Tally()
        for rows in _batches(_below(self._looked.header, self._looked.sheet), size):
            accepted, before = settle(self._read(rows)), tally.rejected
            tally.accepted, tally.rejected = tally.accepted + accepted, self._rejects.total
            tally.known += len(rows) - accepted - (tally.rejected - before)
            self._rejects.flush()
            watch(tally)
        return Result(tally, self._again.changes, self._reader.labels.unknown)

    def _read(self, rows: Iterable[Row]) -> list[Pair]:
        """The drafts that are sound; the others are rejected on the spot."""
        pairs = []
        for row in rows:
            try:
                pairs.append((row, self._reader.read(self._squared(row))))
            except CannotTake as refusal:
                self._rejects.add(row, refusal.flaw)
        return self._again.recognise(self.identities.give(pairs))

    def _squared(self, row: Row) -> Row:
        missing = self._looked.columns.width - len(row.cells)
        if not self._looked.sheet.pads or missing <= 0:
            return row
        return Row(row.number, row.line, [*row.cells, *[""] * missing], row.flaw)


def _below(header: Row, sheet: Sheet) -> Iterator[Row]:
    return (row for row in sheet if row.number > header.number)


def _batches(rows: Iterator[Row], size: int) -> Iterator[list[Row]]:
    while batch := list(islice(rows, size)):
        yield batch
