"""A PostgreSQL table: its columns, a sample, and a stream of the columns that are wanted."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager

import psycopg
import pyarrow as pa
from psycopg import sql

from sujin.archive.said import Refused
from sujin.archive.source import Part

BATCH = 50_000
TYPES = {
    "date": pa.date32(),
    "timestamp": pa.timestamp("us"),
    "timestamptz": pa.timestamp("us", tz="UTC"),
}


@contextmanager
def reading(part: Part, time_zone: str) -> "Iterator[psycopg.Connection]":
    """A connection that cannot write. Raises Refused; an address is never shown: it may hold
    a password."""
    try:
        with psycopg.connect(part.url) as connection:
            connection.read_only = True
            connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
            connection.execute("SELECT set_config('TimeZone', %s, false)", [time_zone])
            yield connection
    except psycopg.Error as error:
        reason = str(error).strip().splitlines()[0] if str(error).strip() else "?"
        raise Refused(
            f"{part.name}：数据库读不了：{reason}", f"{part.name}: cannot be read: {reason}"
        ) from error


def sample(
    part: Part, rows: int
) -> tuple[Mapping[str, pa.DataType], Mapping[str, Sequence[object]]]:
    """The type of every column (text for all that is no date), and the first rows."""
    with reading(part, "UTC") as connection:
        found = connection.execute(sql.SQL("SELECT * FROM {} LIMIT {}").format(_name(part), rows))
        names = {one.name: one.type_code for one in found.description or ()}
        listed = found.fetchall()
        types = {name: _type(connection, code) for name, code in names.items()}
    cells = zip(*listed, strict=True) if listed else ((),) * len(names)
    return types, dict(zip(names, cells, strict=True))


def stream(
    part: Part, columns: Sequence[str], dated: bool, time_zone: str
) -> Iterator[list[tuple[object, ...]]]:
    """Batches of the columns as text, the first as a date when it is ``dated``, and last a digest
    of the whole row."""
    first, *others = [sql.Identifier(name) for name in columns]
    cells = [sql.SQL("{}::date").format(first) if dated else sql.SQL("{}::text").format(first)]
    cells += [sql.SQL("{}::text").format(other) for other in others]
    query = sql.SQL("SELECT {}, md5(t::text) FROM {} AS t").format(
        sql.SQL(", ").join(cells), _name(part)
    )
    with reading(part, time_zone) as connection, connection.cursor(name="scan") as cursor:
        cursor.itersize = BATCH
        cursor.execute(query)
        while rows := cursor.fetchmany(BATCH):
            yield rows


def _name(part: Part) -> sql.Identifier:
    return sql.Identifier(*part.name.split("."))


def _type(connection: psycopg.Connection, code: int) -> pa.DataType:
    known = connection.adapters.types.get(code)
    return TYPES.get(known.name if known else "", pa.string())
