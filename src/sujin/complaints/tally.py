# ruff: noqa: S608 - every statement is made of constants of this file; values are parameters
"""How many cases there are of each sort: right the moment a case commits, without counting cases.

The database adds a line to the tally with every case and every change of one (migration
``0019_tally``); `fold` moves lines into sums. Every figure here is sums and lines, read in one
statement, so a fold in between is not seen. `recount` and `differences` ask the cases themselves.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple, Self

import numpy as np
import numpy.typing as npt
from django.db import connection, transaction

from sujin.platform.columns import columns
from sujin.platform.models import Org

Leaf = tuple[str, str, str, str]
# One at a time sums up: any number of our own.
_FOLDING = 7_401_019
_CELL = "kind, day, origin_id, business, cause, touchpoint"
_BOARD = "org_id, kind, day, business"
_SUMS = "sum(cases) AS cases, sum(repeats) AS repeats"
_SOMETHING = "HAVING sum(cases) <> 0 OR sum(repeats) <> 0"
_ADD = "DO UPDATE SET cases = {0}.cases + excluded.cases, repeats = {0}.repeats + excluded.repeats"
# The head office and what stands right below it have sums of their own; those of a place further
# down are few cells. Each organisation with those of the first kind that it is in.
_SUMMED = 2
_LINEAGE = (
    "JOIN (SELECT id AS origin_id, unnest((string_to_array(rtrim(path, '/'), '/')::bigint[])"
    f"[1:{_SUMMED}]) AS org_id FROM platform_org) AS lineage USING (origin_id)"
)
# The days are those of the zone in which every pack so far counts days.
_OF_CASES = """
SELECT kind, (received_at AT TIME ZONE 'Asia/Shanghai')::date AS day, origin_id, business, cause,
    touchpoint, counted::int AS cases,
    (repeat_of_id IS NOT NULL AND merged_into_id IS NULL)::int AS repeats
FROM complaints_complaint
"""
_KNOWN = f"""
SELECT {_CELL}, cases, repeats FROM complaints_tallycell
UNION ALL SELECT {_CELL}, cases, repeats FROM complaints_tally
"""
_FOLD = f"""
WITH lines AS (DELETE FROM complaints_tally RETURNING {_CELL}, cases, repeats),
boards AS (
    INSERT INTO complaints_tallyboard ({_BOARD}, cases, repeats)
    SELECT {_BOARD}, {_SUMS} FROM lines {_LINEAGE} GROUP BY {_BOARD} {_SOMETHING}
    ON CONFLICT ({_BOARD}) {_ADD.format("complaints_tallyboard")}
), cells AS (
    INSERT INTO complaints_tallycell ({_CELL}, cases, repeats)
    SELECT {_CELL}, {_SUMS} FROM lines GROUP BY {_CELL} {_SOMETHING}
    ON CONFLICT ({_CELL}) {_ADD.format("complaints_tallycell")}
)
SELECT count(*) FROM lines
"""
# The lines that are dropped and the cases that are counted are those of the same moment.
_COUNT_CASES = f"""
WITH dropped AS (DELETE FROM complaints_tally)
INSERT INTO complaints_tallycell ({_CELL}, cases, repeats)
SELECT {_CELL}, {_SUMS} FROM ({_OF_CASES}) AS found GROUP BY {_CELL} {_SOMETHING}
"""
_COUNT_BOARDS = f"""
INSERT INTO complaints_tallyboard ({_BOARD}, cases, repeats)
SELECT {_BOARD}, {_SUMS} FROM complaints_tallycell {_LINEAGE} GROUP BY {_BOARD} {_SOMETHING}
"""
_DIFFERENCES = f"""
SELECT day, kind, code, business, sum(cases), sum(repeats) FROM (
    SELECT {_CELL}, cases, repeats FROM ({_KNOWN}) AS known
    UNION ALL SELECT {_CELL}, -cases, -repeats FROM ({_OF_CASES}) AS found
) AS both_sides JOIN (SELECT id AS origin_id, code FROM platform_org) AS org USING (origin_id)
GROUP BY day, kind, code, business, cause, touchpoint {_SOMETHING}
UNION ALL
SELECT day, kind, code, business, sum(cases), sum(repeats) FROM (
    SELECT {_BOARD}, cases, repeats FROM complaints_tallyboard
    UNION ALL SELECT {_BOARD}, -cases, -repeats FROM complaints_tallycell {_LINEAGE}
) AS both_boards JOIN (SELECT id AS org_id, code FROM platform_org) AS org USING (org_id)
GROUP BY day, kind, code, business {_SOMETHING}
ORDER BY 1, 2, 3, 4 LIMIT %s
"""


_OF_BOARDS = """
SELECT kind, day, business, cases, repeats FROM complaints_tallyboard WHERE org_id = ANY(%(summed)s)
"""
_BELOW = "origin_id IN (SELECT id FROM platform_org WHERE path LIKE ANY(%({})s))"
_OF_SMALLER = f"""
SELECT kind, day, business, cases, repeats FROM complaints_tallycell
WHERE {_BELOW.format("smaller")}
"""
_OF_LINES = f"""
SELECT kind, day, business, cases, repeats FROM complaints_tally WHERE {_BELOW.format("all")}
"""


_MATTERS = """
SELECT business, cause, sum(before), sum(now) FROM (
    SELECT business, cause, coalesce(sum(cases) FILTER (WHERE day < %(since)s), 0) AS before,
        coalesce(sum(cases) FILTER (WHERE day >= %(since)s), 0) AS now
    FROM complaints_tallycell
    WHERE kind = %(kind)s AND day BETWEEN %(first)s AND %(last)s GROUP BY business, cause
    UNION ALL
    SELECT business, cause, coalesce(sum(cases) FILTER (WHERE day < %(since)s), 0),
        coalesce(sum(cases) FILTER (WHERE day >= %(since)s), 0)
    FROM complaints_tally
    WHERE kind = %(kind)s AND day BETWEEN %(first)s AND %(last)s GROUP BY business, cause
) AS known GROUP BY business, cause HAVING sum(before) <> 0 OR sum(now) <> 0
"""
_TOUCHES = f"""
SELECT cause, touchpoint, sum(cases) FROM ({_KNOWN}) AS known
JOIN platform_org AS org ON org.id = origin_id
WHERE known.kind = %(kind)s AND day BETWEEN %(first)s AND %(last)s AND path LIKE %(path)s
GROUP BY cause, touchpoint HAVING sum(cases) <> 0
"""
# A business a row, its days and sums as arrays: tens of thousands of cells are then read at once.
_SHOWN = f"""
SELECT business, array_agg(day - DATE '1970-01-01'), array_agg(cases::int),
    array_agg(repeats::int)
FROM (
    SELECT day, business, {_SUMS} FROM ({{}}) AS known
    WHERE kind = %(kind)s AND day BETWEEN %(first)s AND %(last)s
    GROUP BY day, business {_SOMETHING}
) AS found GROUP BY business ORDER BY business
"""


@dataclass(frozen=True, slots=True)
class Difference:
    """Where the tally says more cases (or fewer, below 0) of a business than there are."""

    day: date
    kind: str
    org: str
    business: str
    cases: int
    repeats: int


class Figures(NamedTuple):
    """Cases, each matter once, and what was brought again."""

    cases: int
    repeats: int


@dataclass(frozen=True, eq=False)
class Board:
    """Days by businesses, what has no case left out. The four arrays are as long as there are
    cells; ``sort`` is a place in ``businesses``."""

    businesses: tuple[str, ...]
    days: npt.NDArray[np.datetime64]
    sort: npt.NDArray[np.int64]
    cases: npt.NDArray[np.int32]
    repeats: npt.NDArray[np.int32]

    @classmethod
    def of(cls, rows: Sequence[tuple[Any, ...]]) -> Self:
        """Of rows of a business, its days since 1970, cases and repeats."""
        none = np.zeros(0, np.int32)
        days, cases, repeats = (
            np.concatenate([none, *(row[at] for row in rows)]) for at in (1, 2, 3)
        )
        sort = np.repeat(np.arange(len(rows)), [len(row[1]) for row in rows])
        names = tuple(row[0] for row in rows)
        return cls(names, days.astype("datetime64[D]"), sort, cases, repeats)

    def cells(self) -> dict[tuple[date, str], Figures]:
        """The same as one figure by one."""
        told = zip(
            self.days.tolist(), self.sort.tolist(), self.cases.tolist(), self.repeats.tolist(),
            strict=True,
        )  # fmt: skip
        return {(day, self.businesses[sort]): Figures(*both) for day, sort, *both in told}


def cells(
    kind: str, first: date, last: date, *, repeats: bool = False
) -> Iterator[tuple[Leaf, date, int]]:
    """How many cases of a kind each leaf (path of the organisation it was brought to, business,
    cause, touchpoint) has on each day from ``first`` to ``last``; of ``repeats`` only those brought
    again. What has none is left out."""
    wanted = "repeats" if repeats else "cases"
    sums = f"""
    SELECT org.path, business, cause, touchpoint, day, sum({wanted}) FROM ({_KNOWN}) AS known
    JOIN platform_org AS org ON org.id = origin_id
    WHERE known.kind = %s AND day BETWEEN %s AND %s
    GROUP BY 1, 2, 3, 4, 5 HAVING sum({wanted}) <> 0 ORDER BY 5, 1, 2, 3, 4
    """
    with connection.chunked_cursor() as cursor:
        cursor.execute(sums, [kind, first, last])
        for path, business, cause, touchpoint, day, count in cursor:
            yield (path, business, cause, touchpoint), day, int(count)


def matters(
    kind: str, first: date, since: date, last: date
) -> list[tuple[str, str, tuple[int, int]]]:
    """Of the whole house by business and cause: how many cases from ``first`` until before
    ``since``, and from then to ``last``. What has none is left out."""
    with connection.cursor() as cursor:
        cursor.execute(_MATTERS, {"kind": kind, "first": first, "since": since, "last": last})
        return [(business, cause, (int(b), int(n))) for business, cause, b, n in cursor]


def touches(kind: str, path: str, first: date, last: date) -> list[tuple[str, str, int]]:
    """By cause and touchpoint, how many cases were brought to the place with this path or below,
    from ``first`` to ``last``. What has none is left out."""
    with connection.cursor() as cursor:
        cursor.execute(_TOUCHES, {"kind": kind, "path": f"{path}%", "first": first, "last": last})
        return [(cause, touchpoint, int(count)) for cause, touchpoint, count in cursor]


def board(places: Iterable[Org], first: date, last: date, *, kind: str = "complaint") -> Board:
    """Per day and business, the cases brought to these organisations or to one below them."""
    known = {org.path: org.pk for org in places}
    tops = {path for path in known if not any(path != up and path.startswith(up) for up in known)}
    summed = [known[path] for path in tops if path.count("/") <= _SUMMED]
    smaller = [f"{path}%" for path in tops if path.count("/") > _SUMMED]
    asked: dict[str, list[int] | list[str] | str | date] = {
        "summed": summed, "smaller": smaller, "all": [f"{path}%" for path in tops],
        "kind": kind, "first": first, "last": last,
    }  # fmt: skip
    # What has no place is not asked: the planner would read all of its rows to find none.
    parts = [_OF_BOARDS] * bool(summed) + [_OF_SMALLER] * bool(smaller) + [_OF_LINES]
    return Board.of(columns(_SHOWN.format(" UNION ALL ".join(parts)), asked))


@transaction.atomic
def fold() -> int:
    """Move the lines committed so far into the sums; how many there were."""
    with connection.cursor() as cursor:
        _alone()
        cursor.execute(_FOLD)
        return int(cursor.fetchone()[0])


@transaction.atomic
def recount() -> None:
    """The sums anew, from the cases alone. Cases may come and change meanwhile."""
    with connection.cursor() as cursor:
        _alone()
        cursor.execute("DELETE FROM complaints_tallycell")
        cursor.execute("DELETE FROM complaints_tallyboard")
        cursor.execute(_COUNT_CASES)
        cursor.execute(_COUNT_BOARDS)


def differences(most: int = 200) -> list[Difference]:
    """Where tally and cases disagree; at most ``most``."""
    with connection.cursor() as cursor:
        cursor.execute(_DIFFERENCES, [most])
        return [
            Difference(day, kind, org, business, int(cases), int(again))
            for day, kind, org, business, cases, again in cursor.fetchall()
        ]


def _alone() -> None:
    """Wait until nobody else sums up; what comes next sees all that was summed."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_FOLDING])
