"""Text files and tables brought ashore as Parquet: only the columns that are read, every row.

Both engines then read the same rows, the spoiled ones too, each with its place and its flaw.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from sujin.archive import table
from sujin.archive.columns import Columns
from sujin.archive.delimited import Delimited
from sujin.archive.peek import Looked
from sujin.archive.source import Form

BATCH = 100_000
Count = Callable[[int, str], None]
Row = Sequence[object]


@dataclass(frozen=True, slots=True)
class Landed:
    """One Parquet file of ours; ``rows`` as counted on the way, ``blank`` lines aside."""

    path: Path
    dated: bool
    rows: int
    blank: int


def land(looked: Looked, columns: Columns, *, to: Path, time_zone: str, count: Count) -> Landed:
    """Write one part as Parquet, a batch at a time."""
    if looked.part.form is Form.TEXT:
        return _text(looked, columns, to, count)
    return _table(looked, columns, to, time_zone, count)


def _text(looked: Looked, columns: Columns, to: Path, count: Count) -> Landed:
    text = Delimited(looked.part.path, looked.encoding)
    rows = _write(
        to,
        looked.part.name,
        _batches(_records(text, looked, columns)),
        dated=False,
        columns=columns,
        count=count,
    )
    return Landed(to, False, rows, text.blank)


def _records(text: Delimited, looked: Looked, columns: Columns) -> Iterator[Row]:
    """Line, flaw, digest, date, number, and the lines that are watched."""
    places = [text.header.index(looked.spelt(name)) for name in _wanted(columns)]
    # A column without a name is a count of rows that some other tool left.
    telling = [at for at, name in enumerate(text.header) if not name.startswith("(")]
    nothing = (None,) * len(places)
    for record in text:
        cells = record.cells
        if record.flaw is None:
            whole = "\x1f".join([cells[at] for at in telling]).encode("utf-8", "surrogatepass")
            mark = blake2b(whole, digest_size=12).hexdigest()
            yield record.line, None, mark, *[cells[at].strip() for at in places]
        else:
            yield record.line, record.flaw.value, None, *nothing


def _table(looked: Looked, columns: Columns, to: Path, time_zone: str, count: Count) -> Landed:
    names = [looked.spelt(name) for name in _wanted(columns)]
    dated = pa.types.is_temporal(looked.types[names[0]])
    batches = table.stream(looked.part, names, dated, time_zone)
    rows = _write(
        to, looked.part.name, _numbered(batches), dated=dated, columns=columns, count=count
    )
    return Landed(to, dated, rows, 0)


def _numbered(batches: Iterable[Sequence[tuple[object, ...]]]) -> Iterator[list[Row]]:
    at = 0
    for batch in batches:
        yield [(at + n, None, row[-1], *row[:-1]) for n, row in enumerate(batch, start=1)]
        at += len(batch)


def _wanted(columns: Columns) -> list[str]:
    return [columns.date, *([columns.ident] if columns.ident else []), *columns.read]


def schema(columns: Columns, dated: bool) -> pa.Schema:
    """The columns of what is landed: our own names, whatever theirs are."""
    texts = (["ident"] if columns.ident else []) + [f"c{at}" for at in range(len(columns.read))]
    return pa.schema(
        [
            ("file", pa.string()),
            ("row", pa.int64()),
            ("flaw", pa.string()),
            ("mark", pa.string()),
            ("said", pa.date32() if dated else pa.string()),
            *[(name, pa.string()) for name in texts],
        ]
    )


def _batches(rows: Iterator[Row]) -> Iterator[list[Row]]:
    batch = []
    for row in rows:
        batch.append(row)
        if len(batch) == BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


def _write(
    to: Path,
    name: str,
    batches: Iterable[list[Row]],
    *,
    dated: bool,
    columns: Columns,
    count: Count,
) -> int:
    shape, rows = schema(columns, dated), 0
    with pq.ParquetWriter(to, shape, compression="zstd", compression_level=1) as writer:
        for batch in batches:
            cells = [[name] * len(batch), *zip(*batch, strict=True)]
            arrays = [
                pa.array(values, type=field.type)
                for values, field in zip(cells, shape, strict=True)
            ]
            writer.write_table(pa.Table.from_arrays(arrays, schema=shape))
            rows += len(batch)
            count(rows, name)
    return rows
