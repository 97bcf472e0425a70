"""From rows to counts: what is used, what is rejected and why, and how many a period and leaf had."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import ibis
import pyarrow as pa
from ibis.expr.types import Table

from sujin.archive.asked import Grain
from sujin.archive.axes import Chain
from sujin.archive.warehouse import Warehouse

Leaf = tuple[str, ...]
Cell = tuple[Leaf, date, int]


@dataclass(frozen=True, slots=True)
class Counted:
    """``cells`` are (leaf, first day of the period, count) in that order; ``forms`` says how many
    usable rows write their date in which way."""

    rows: int
    rejected: Mapping[str, int]
    forms: Mapping[str, int]
    cells: Sequence[Cell]
    first: date
    last: date

    @property
    def used(self) -> int:
        return sum(count for _, _, count in self.cells)


def count(rows: Table, chains: Sequence[Chain], grain: Grain, warehouse: Warehouse) -> Counted:
    """Only groups leave the engine."""
    fields = [f"c{place}" for chain in chains for place in chain.places]
    is_used = rows.reason.isnull()
    kept = {field: is_used.ifelse(rows[field], "") for field in fields}
    day = is_used.ifelse(rows.day, 0)
    rows = rows.mutate(**kept, day=day, reason=ibis.coalesce(rows.reason, ""))
    counted = rows.group_by("reason", "form", "day", *fields).agg(n=rows.count())
    rejected: Counter[str] = Counter()
    forms: Counter[str] = Counter()
    cells: Counter[tuple[Leaf, int]] = Counter()
    days: set[int] = set()
    for batch in warehouse.batches(counted):
        columns = [batch.column(name).to_pylist() for name in ("reason", "form", "day", "n")]
        leaves = _leaves(batch, chains)
        for (reason, form, ordinal, n), leaf in zip(
            zip(*columns, strict=True), leaves, strict=True
        ):
            if reason:
                rejected[reason] += n
                continue
            forms[form] += n
            days.add(ordinal)
            cells[(leaf, _start(ordinal, grain))] += n
    return _counted(rejected, forms, cells, days)


def _leaves(batch: pa.RecordBatch, chains: Sequence[Chain]) -> Sequence[Leaf]:
    """The code of every row on every axis."""
    axes = []
    for chain in chains:
        levels = [batch.column(f"c{place}").to_pylist() for place in chain.places]
        axes.append([chain.codes(cells)[-1] for cells in zip(*levels, strict=True)])
    return list(zip(*axes, strict=True)) if axes else [()] * batch.num_rows


def _start(ordinal: int, grain: Grain) -> int:
    """The first day of the period; ordinal 1 was a Monday."""
    return ordinal if grain is Grain.DAY else ordinal - (ordinal - 1) % 7


def _counted(
    rejected: Counter[str],
    forms: Counter[str],
    cells: Counter[tuple[Leaf, int]],
    days: set[int],
) -> Counted:
    told = [(leaf, date.fromordinal(start), n) for (leaf, start), n in sorted(cells.items())]
    return Counted(
        rows=sum(rejected.values()) + sum(cells.values()),
        rejected=dict(sorted(rejected.items())),
        forms=dict(sorted(forms.items())),
        cells=told,
        first=date.fromordinal(min(days, default=1)),
        last=date.fromordinal(max(days, default=1)),
    )
