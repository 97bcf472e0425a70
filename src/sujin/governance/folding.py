"""How the cube is kept: sums of marked days made anew, all of them made anew, and held against the
cases."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models import QuerySet

from sujin.complaints.figures.selection import midnight
from sujin.governance.facts import COLUMNS, FACTS, Fact
from sujin.governance.models.cube import DaySum, MonthSum

# Days that are folded in one transaction.
BATCH = 2000
# Days further apart than this are asked separately.
FAR = timedelta(days=10)
DAY = timedelta(days=1)
_FOLDING = 7_401_020
# The head office, what stands right below it, and the line.
_SCOPES = """
    (split_part(path, '/', 1) || '/'), (substring(path FROM '^[0-9]+/[0-9]+/')),
    ('line:' || nullif(line, ''))
"""
_SCOPED = """
SELECT day, scope, value FROM (
    SELECT (at AT TIME ZONE 'Asia/Shanghai')::date AS day, path, line, value
    FROM ({query}) AS fact (at, path, line, key, value)
) AS found, LATERAL (VALUES {scopes}) AS scopes (scope)
WHERE day = ANY(%s) AND scope IS NOT NULL
"""
_SUM = """
SELECT %s, scope, day, count(*), sum((value > 0)::int),
    CASE WHEN %s THEN array_agg(value ORDER BY value) ELSE '{{}}' END
FROM ({scoped}) AS found GROUP BY scope, day
"""
_FOLD_DAYS = "INSERT INTO governance_daysum (fact, scope, day, n, hits, values) " + _SUM
_FOLD_MONTHS = """
WITH days AS (
    SELECT fact, scope, date_trunc('month', day)::date AS month, n, hits, values
    FROM governance_daysum
    WHERE fact = ANY(%(facts)s) AND day >= %(month)s
        AND day < (%(month)s::date + interval '1 month')::date
), sums AS (
    SELECT fact, scope, month, sum(n) AS n, sum(hits) AS hits FROM days GROUP BY 1, 2, 3
), marks AS (
    SELECT fact, scope, percentile_disc(ARRAY[0.5, 0.9]) WITHIN GROUP (ORDER BY value) AS at
    FROM days, unnest(values) AS value GROUP BY 1, 2
)
INSERT INTO governance_monthsum (fact, scope, month, n, hits, median, p90)
SELECT fact, scope, month, n, hits, at[1], at[2] FROM sums LEFT JOIN marks USING (fact, scope)
"""
_TAKE = """
WITH taken AS (
    DELETE FROM governance_mark WHERE (moment, day) IN (
        SELECT moment, day FROM governance_mark GROUP BY moment, day ORDER BY day DESC LIMIT %s
    ) RETURNING moment, day
)
SELECT DISTINCT moment, day FROM taken
"""
_MARK_ALL = """
INSERT INTO governance_mark (moment, day)
SELECT DISTINCT %s, (at AT TIME ZONE 'Asia/Shanghai')::date
FROM ({query}) AS fact (at, path, line, key, value)
UNION SELECT %s, day FROM governance_daysum WHERE fact = %s
"""
_DIFFERENCES = """
WITH known AS (
    SELECT scope, day, n, hits, values FROM governance_daysum WHERE fact = %s
), found AS (
    SELECT scope, day, count(*)::int AS n, sum((value > 0)::int)::int AS hits,
        array_agg(value ORDER BY value) AS values
    FROM (
        SELECT (at AT TIME ZONE 'Asia/Shanghai')::date AS day, path, line, value
        FROM ({query}) AS fact (at, path, line, key, value)
    ) AS days, LATERAL (VALUES {scopes}) AS scopes (scope)
    WHERE scope IS NOT NULL GROUP BY scope, day
)
SELECT scope, day FROM (
    SELECT scope, day FROM known FULL JOIN found USING (scope, day)
    WHERE (known.n, known.hits) IS DISTINCT FROM (found.n, found.hits)
        OR (%s AND known.values IS DISTINCT FROM found.values)
) AS wrong WHERE NOT EXISTS (
    SELECT FROM governance_mark AS mark WHERE mark.day = wrong.day AND mark.moment = %s
)
ORDER BY day, scope LIMIT %s
"""


def fold() -> int:
    """Make the sums of all marked days anew; how many marks there were. Whoever folds waits for
    nobody but another fold, and what is marked meanwhile is left for the next."""
    done = 0
    while made := _fold(BATCH):
        done += made
    return done


@transaction.atomic
def _fold(most: int) -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_FOLDING])
        cursor.execute(_TAKE, [most])
        marks = cursor.fetchall()
        for moment in sorted({moment for moment, _day in marks}):
            days = sorted({day for one, day in marks if one == moment})
            _sum(cursor, [one for one in FACTS.values() if one.moment == moment], days)
        return len(marks)


def _sum(cursor: Any, facts: Sequence[Fact], days: Sequence[date]) -> None:
    codes, firsts = [one.code for one in facts], sorted({day.replace(day=1) for day in days})
    DaySum.objects.filter(fact__in=codes, day__in=days).delete()
    for fact in facts:
        for near in _stretches(days):
            query, told = _query(fact.within(midnight(near[0]), midnight(near[-1] + DAY)))
            scoped = _SCOPED.format(query=query, scopes=_SCOPES)
            cursor.execute(
                _FOLD_DAYS.format(scoped=scoped), [fact.code, fact.is_measured, *told, near]
            )
    MonthSum.objects.filter(fact__in=codes, month__in=firsts).delete()
    for month in firsts:
        cursor.execute(_FOLD_MONTHS, {"facts": codes, "month": month})


def _stretches(days: Sequence[date]) -> Iterator[list[date]]:
    """Days in order, those close to each other together: each stretch is one range of an index."""
    near: list[date] = []
    for day in days:
        if near and day - near[-1] > FAR:
            yield near
            near = []
        near.append(day)
    if near:
        yield near


def _query(rows: QuerySet[Any]) -> tuple[str, Sequence[Any]]:
    query, told = rows.values_list(*COLUMNS).query.sql_with_params()
    return query, told


def recount() -> int:
    """Every sum anew, from the cases alone; how many days there were. Boards show the old sums
    until the new ones are there."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_FOLDING])
        for fact in FACTS.values():
            query, told = _query(fact.query())
            cursor.execute(
                _MARK_ALL.format(query=query), [fact.moment, *told, fact.moment, fact.code]
            )
    return fold()


def mend() -> list[tuple[str, str, date]]:
    """Compare every sum with the cases, and make all anew where one is wrong: after an organisation
    moved or a rule of the pack changed, which no trigger hears. What was wrong."""
    wrong = differences()
    if wrong:
        recount()
    return wrong


def differences(most: int = 200) -> list[tuple[str, str, date]]:
    """The fact, scope and day of sums that are not what the cases say, late ones left out; at most
    ``most``."""
    found: list[tuple[str, str, date]] = []
    for fact in FACTS.values():
        query, told = _query(fact.query())
        ask = _DIFFERENCES.format(query=query, scopes=_SCOPES)
        with connection.cursor() as cursor:
            cursor.execute(
                ask, [fact.code, *told, fact.is_measured, fact.moment, most - len(found)]
            )
            found += [(fact.code, scope, day) for scope, day in cursor.fetchall()]
    return found
