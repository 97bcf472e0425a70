"""Many rows at once: PostgreSQL's COPY for a batch, the ORM's insert for a few.

COPY costs about a third of an INSERT with one parameter per value; below FEW rows the extra
round trips would cost more than they save.
"""

from collections.abc import Callable, Sequence
from operator import attrgetter
from typing import Any, TypeVar

from django.contrib.postgres.fields import ArrayField
from django.db import connection, models
from django.db.models import Field, Model
from psycopg import sql

M = TypeVar("M", bound=Model)
FEW = 20
# Fields whose attribute the driver takes as it is.
AS_THEY_ARE = {
    models.AutoField,
    models.BigAutoField,
    models.BigIntegerField,
    models.BooleanField,
    models.CharField,
    models.DateTimeField,
    models.ForeignKey,
    models.PositiveIntegerField,
    models.PositiveSmallIntegerField,
    models.TextField,
}


def insert(rows: Sequence[M]) -> Sequence[M]:
    """Insert rows of one model; afterwards every row has its primary key.

    Inside the caller's transaction; columns with a database default are left to it.
    """
    if len(rows) < FEW:
        return type(rows[0])._default_manager.bulk_create(rows) if rows else rows
    model = type(rows[0])
    _number(model, [row for row in rows if row.pk is None])
    fields = [field for field in model._meta.concrete_fields if not _has_default(field)]
    statement = sql.SQL("COPY {} ({}) FROM STDIN").format(
        sql.Identifier(model._meta.db_table),
        sql.SQL(", ").join([sql.Identifier(str(field.column)) for field in fields]),
    )
    readers = [_reader(field) for field in fields]
    # Outside this wrapper a violated constraint would be the driver's error and not Django's.
    with connection.cursor() as cursor, connection.wrap_database_errors:
        with cursor.copy(statement) as copy:
            for row in rows:
                copy.write_row([read(row) for read in readers])
    for row in rows:
        row._state.adding, row._state.db = False, connection.alias
    return rows


def ids(model: type[Model], count: int) -> list[int]:
    """Primary keys taken ahead of the rows that will bear them."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)",
            [model._meta.db_table, count],
        )
        return [int(row[0]) for row in cursor.fetchall()]


def _number(model: type[M], rows: Sequence[M]) -> None:
    for row, key in zip(rows, ids(model, len(rows)), strict=True):
        row.pk = key


def _has_default(field: "Field[Any, Any]") -> bool:
    return field.db_default is not models.NOT_PROVIDED


def _reader(field: "Field[Any, Any]") -> Callable[[Model], Any]:
    """How COPY gets the field's value from a row; most need nothing but the attribute."""
    read = attrgetter(field.attname)
    if hasattr(field, "as_copied"):
        return lambda row: field.as_copied(read(row))
    if isinstance(field, ArrayField):
        return lambda row: list(read(row))
    if type(field) in AS_THEY_ARE:
        return read
    return lambda row: field.get_db_prep_save(read(row), connection)
