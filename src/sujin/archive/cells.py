"""From rows to counts: what is used, what is rejected and why, how many a period and leaf had."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import ibis
import numpy as np
import numpy.typing as npt
import pyarrow as pa
from ibis.expr.types import Table

from sujin.archive.asked import Grain
from sujin.archive.axes import Chain
from sujin.archive.warehouse import Warehouse

Leaf = tuple[str, ...]
DAYS_MAX = 400
# Rows before the first day on which so many had come are strays of older years.
STRAYS = 0.01
Whole = npt.NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Cells:
    """Counts in columns: cell by cell the place of its leaf in ``leaves``, the first day of its
    period as an ordinal, and how many. Sorted by leaf and day, each pair once."""

    leaves: Sequence[Leaf]
    leaf: Whole
    day: Whole
    count: Whole

    def by_day(self) -> tuple[Whole, Whole]:
        """The days that have any, and how many each has."""
        days, at = np.unique(self.day, return_inverse=True)
        return days, np.bincount(at, self.count).astype(np.int64)

    def settled(self) -> tuple[Whole, int]:
        """The days from the one on which one row in a hundred had come, and how many rows strayed
        before it."""
        days, counts = self.by_day()
        before = np.cumsum(counts)
        at = int(np.searchsorted(before, STRAYS * counts.sum(), side="right"))
        return days[at:], int(before[at - 1]) if at else 0


@dataclass(frozen=True, slots=True)
class Counted:
    """``forms`` says how many usable rows write their date in which way; ``first`` and ``last``
    are days, not periods."""

    grain: Grain
    rows: int
    rejected: Mapping[str, int]
    forms: Mapping[str, int]
    cells: Cells
    first: date
    last: date

    @property
    def used(self) -> int:
        return int(self.cells.count.sum())


def count(
    rows: Table, chains: Sequence[Chain], wanted: Grain | None, warehouse: Warehouse
) -> Counted:
    """Only groups leave the engine, and they stay in columns: there may be millions."""
    fields = [f"c{place}" for chain in chains for place in chain.places]
    is_used = rows.reason.isnull()
    kept = {field: is_used.ifelse(rows[field], "") for field in fields}
    rows = rows.mutate(
        **kept, day=is_used.ifelse(rows.day, 0), reason=ibis.coalesce(rows.reason, "")
    )
    counted = rows.group_by("reason", "form", "day", *fields).agg(n=rows.count())
    tally = _Tally(fields)
    for batch in warehouse.batches(counted):
        tally.add(batch)
    days, cells = tally.cells(chains)
    grain = wanted or _grain(cells)
    return Counted(
        grain=grain,
        rows=sum(tally.rejected.values()) + int(cells.count.sum()),
        rejected=dict(sorted(tally.rejected.items())),
        forms=dict(sorted(tally.forms.items())),
        cells=cells if grain is Grain.DAY else _by_week(cells),
        first=date.fromordinal(int(days.min(initial=date.max.toordinal()))),
        last=date.fromordinal(int(days.max(initial=1))),
    )


class _Tally:
    """Gathers batches of groups; every text becomes a number at once."""

    def __init__(self, fields: Sequence[str]) -> None:
        self._fields = fields
        self._known: list[dict[str, int]] = [{} for _ in fields]
        self._days: list[Whole] = []
        self._counts: list[Whole] = []
        self._codes: list[Whole] = []
        self.rejected: Counter[str] = Counter()
        self.forms: Counter[str] = Counter()

    def add(self, batch: pa.RecordBatch) -> None:
        n = batch.column("n").to_numpy().astype(np.int64)
        self.rejected.update(_summed(batch.column("reason"), n, but=""))
        used = np.asarray(batch.column("reason").to_pylist()) == ""
        self.forms.update(_summed(batch.column("form"), np.where(used, n, 0)))
        codes = [
            _coded(batch.column(field), known)
            for field, known in zip(self._fields, self._known, strict=True)
        ]
        self._days.append(batch.column("day").to_numpy().astype(np.int64)[used])
        self._counts.append(n[used])
        self._codes.append(np.stack([*codes, np.zeros_like(n)])[:, used])

    def cells(self, chains: Sequence[Chain]) -> tuple[Whole, Cells]:
        """The days of the used rows, and the cells."""
        empty = np.zeros(0, np.int64)
        days = np.concatenate([*self._days, empty])
        counts = np.concatenate([*self._counts, empty])
        nothing = np.zeros((len(self._fields) + 1, 0), np.int64)
        codes = np.concatenate([*self._codes, nothing], axis=1)
        keys, at = np.unique(self._key(codes), return_inverse=True)
        found = [self._leaf(int(key), chains) for key in keys]
        order = sorted(range(len(found)), key=lambda place: found[place])
        rank = np.empty(len(found), np.int64)
        rank[order] = np.arange(len(found))
        leaf = rank[at] if found else at.astype(np.int64)
        return days, summed([found[place] for place in order], leaf, days, counts)

    def _key(self, codes: Whole) -> Whole:
        """One number for the values of a row."""
        key = np.zeros(codes.shape[1], np.int64)
        for row, known in zip(codes, self._known, strict=False):
            key = key * max(len(known), 1) + row
        return key

    def _leaf(self, key: int, chains: Sequence[Chain]) -> Leaf:
        values: list[str] = []
        for known in reversed(self._known):
            key, code = divmod(key, max(len(known), 1))
            values.append([*known][code])
        cells = iter(reversed(values))
        return tuple(chain.codes([next(cells) for _ in chain.names])[-1] for chain in chains)


def _grain(cells: Cells) -> Grain:
    """Weeks for an archive of more than a year: single days of years ago say little more."""
    days, _ = cells.settled()
    return Grain.WEEK if days.size and np.ptp(days) > DAYS_MAX else Grain.DAY


def _by_week(cells: Cells) -> Cells:
    """Ordinal 1 was a Monday, and so is the first day of a week."""
    return summed(cells.leaves, cells.leaf, cells.day - (cells.day - 1) % 7, cells.count)


def summed(leaves: Sequence[Leaf], leaf: Whole, day: Whole, count: Whole) -> Cells:
    """Cells of these counts, those of one leaf and day added up."""
    wide = int(day.max(initial=0)) + 1
    keys, at = np.unique(leaf * wide + day, return_inverse=True)
    total = np.bincount(at, count, keys.size).astype(np.int64)
    return Cells(leaves, keys // wide, keys % wide, total)


def _coded(values: pa.Array, known: dict[str, int]) -> Whole:
    """The number of each text in ``known``, which learns new ones."""
    coded = values.dictionary_encode()
    place = [known.setdefault(text, len(known)) for text in coded.dictionary.to_pylist()]
    numbers: Whole = np.asarray(place, np.int64)[coded.indices.to_numpy()]
    return numbers


def _summed(values: pa.Array, counts: Whole, but: str | None = None) -> dict[str, int]:
    coded = values.dictionary_encode()
    texts = coded.dictionary.to_pylist()
    totals = np.bincount(coded.indices.to_numpy(), counts, len(texts)).astype(np.int64)
    return {
        text: int(n) for text, n in zip(texts, totals.tolist(), strict=True) if n and text != but
    }
