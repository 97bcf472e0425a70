"""Answers of the database whose columns are arrays of integers, as numpy's: tens of thousands of
figures without a Python object for each."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from django.db import connection
from psycopg.abc import Buffer
from psycopg.adapt import Loader
from psycopg.pq import Format

_INT4S = 1007  # the OID of int4[]


class _Numbers(Loader):
    """int4[] without NULL."""

    format = Format.TEXT

    def load(self, data: Buffer) -> Any:
        return np.fromstring(bytes(data[1:-1]), np.int32, sep=",")


def columns(query: str, asked: Mapping[str, Any] | Sequence[Any]) -> list[tuple[Any, ...]]:
    """All rows; every ``int4[]`` among their cells is an array of numpy (int32), and holds no NULL.
    Counted among the connection's queries like any other."""
    with connection.cursor() as cursor:
        cursor.cursor.adapters.register_loader(_INT4S, _Numbers)
        cursor.execute(query, asked)
        return list(cursor.fetchall())
