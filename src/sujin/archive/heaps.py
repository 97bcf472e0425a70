"""Parts of one making put together, so that the engine opens them at once."""

from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

import ibis
import pyarrow as pa
from ibis.expr.types import StringValue, Table

from sujin.archive.axes import JOIN
from sujin.archive.columns import Columns
from sujin.archive.land import Landed
from sujin.archive.peek import Looked
from sujin.archive.rows import BLANK, Heap, stripped
from sujin.archive.said import Refused
from sujin.archive.warehouse import NUMBER, PLACE, Warehouse

LENGTH_MAX = 120


def of_landed(landed: Sequence[Landed], columns: Columns, warehouse: Warehouse) -> list[Heap]:
    """What we brought ashore: texts in one heap, tables with a typed date in another."""
    heaps = []
    for dated in (False, True):
        paths = [one.path for one in landed if one.dated is dated and one.rows]
        if paths:
            rows = warehouse.open(paths).drop(PLACE, NUMBER)
            if not columns.ident:
                rows = rows.mutate(ident=ibis.null("string"))
            lines = {f"c{at}": _cell(rows[f"c{at}"]) for at in range(len(columns.read))}
            rows = rows.mutate(**lines, ident=stripped(rows.ident))
            heaps.append(Heap(_ordered(rows, columns), dated))
    return heaps


def of_parquet(looked: Sequence[Looked], columns: Columns, warehouse: Warehouse) -> list[Heap]:
    """Parquet files where they lie: those of one folder and one set of types together."""
    alike: dict[tuple[object, ...], list[Looked]] = defaultdict(list)
    for one in looked:
        wanted = [one.spelt(name) for name in (columns.date, *columns.read)]
        types = tuple(str(one.types[name]) for name in wanted)
        alike[(one.part.path.parent, tuple(wanted), types, tuple(one.types))].append(one)
    return [_heap(group, columns, warehouse) for group in alike.values()]


def _heap(group: Sequence[Looked], columns: Columns, warehouse: Warehouse) -> Heap:
    first = group[0]
    rows = warehouse.open([one.part.path for one in group])
    folder = Path(first.part.name).parent.as_posix()
    place = rows[PLACE] if folder == "." else ibis.literal(f"{folder}/").concat(rows[PLACE])
    kind = first.types[first.spelt(columns.date)]
    dated = pa.types.is_timestamp(kind) or pa.types.is_date(kind)
    said = rows[first.spelt(columns.date)]
    ident = rows[first.spelt(columns.ident)] if columns.ident else ibis.null("string")
    chosen = rows.select(
        file=place,
        row=(rows[NUMBER] + 1).cast("int64"),
        flaw=ibis.null("string"),
        mark=_mark(rows, [name for name in first.types if not name.startswith("__index")]),
        said=said if dated else said.cast("string"),
        ident=stripped(ident.cast("string")),
        **{
            f"c{at}": _cell(rows[first.spelt(name)].cast("string"))
            for at, name in enumerate(columns.read)
        },
    )
    return Heap(chosen, dated)


def _ordered(rows: Table, columns: Columns) -> Table:
    lines = [f"c{at}" for at in range(len(columns.read))]
    return rows.select("file", "row", "flaw", "mark", "said", "ident", *lines)


def _cell(value: StringValue) -> StringValue:
    """The value of a line as a code: never empty, never longer than a heading can be."""
    plain = stripped(ibis.coalesce(value, "")).replace(JOIN.strip(), ">")
    return (plain == "").ifelse(BLANK, plain.substr(0, LENGTH_MAX))


def _mark(rows: Table, names: Sequence[str]) -> StringValue:
    """A digest of the whole row; asked for only where rows may be the same."""
    cells = [ibis.coalesce(rows[name].cast("string"), "\x1e") for name in names]
    whole = cells[0]
    for cell in cells[1:]:
        whole = whole.concat("\x1f").concat(cell)
    return whole.hexdigest("md5")


def refuse_empty() -> NoReturn:
    """There is not one row. Raises Refused."""
    raise Refused(
        "只有表头，没有数据行", "there is a header and not one row below it: nothing to scan"
    )
