# ruff: noqa: S608 - every statement is made of constants of this file; values are parameters
"""`engine.training` once more, as SQL: a whole bank, unit by unit, in one statement each.

Posts in force count, stand-ins do not: who acts for somebody for a week need not be trained for it.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection

from sujin.engine.training import Demand, Holding, Share

PEOPLE_MAX = 10_000
_NEED = """
WITH need AS (
    SELECT * FROM unnest(%(roles)s::text[], %(trainings)s::text[], %(days)s::int[])
        AS n(role, training, days)
), unit AS (
    SELECT id, path FROM platform_org WHERE id = ANY(%(units)s)
), duty AS (
    SELECT unit.id AS unit, post.person_id AS person, need.training,
        min(post.since + need.days) AS due
    FROM platform_post AS post
    JOIN platform_person AS holder ON holder.id = post.person_id AND holder.is_active
    JOIN platform_org AS org ON org.id = post.org_id
    JOIN unit ON org.path LIKE unit.path || '%%'
    JOIN need ON need.role = post.role
    WHERE post.since <= %(today)s AND (post.until IS NULL OR post.until >= %(today)s)
        AND post.stands_in_for_id IS NULL
    GROUP BY 1, 2, 3
)
"""
_STOOD = f"""
{_NEED}, stood AS (
    SELECT duty.unit, duty.person, duty.training, CASE
        WHEN now.state = 'excused' AND now.excused_until >= %(today)s THEN 'exempt'
        WHEN now.state = 'passed' AND now.valid_until >= %(today)s THEN 'held'
        WHEN now.state = 'passed' THEN 'lapsed'
        WHEN now.state = 'failed' THEN 'failed'
        WHEN now.because = 'again' THEN 'lapsed'
        WHEN coalesce(now.due_on, duty.due) < %(today)s THEN 'overdue'
        ELSE 'due' END AS holding,
        -- Who need not learn it is no try of anybody's, of the unit or of the training.
        coalesce(now.tries, 0) > 0
            AND NOT (now.state = 'excused' AND now.excused_until >= %(today)s) AS tested,
        now.state = 'passed' AS passed,
        coalesce(now.first_passed, FALSE) AS first
    FROM duty LEFT JOIN supervision_enrolment AS now
        ON now.person_id = duty.person AND now.training = duty.training
        AND now.state IN ('assigned', 'passed', 'failed', 'excused')
), each AS (
    SELECT unit, person, bool_and(holding IN ('held', 'exempt')) AS covered,
        bool_or(holding = 'overdue') AS overdue, bool_or(holding = 'lapsed') AS lapsed,
        bool_or(holding = 'failed') AS failed, bool_or(holding = 'due') AS due,
        count(*) FILTER (WHERE tested) AS tested,
        count(*) FILTER (WHERE tested AND passed) AS passed,
        count(*) FILTER (WHERE tested AND first) AS first
    FROM stood GROUP BY 1, 2 HAVING bool_or(holding <> 'exempt')
)
"""
_COUNTS = """
    count(*) FILTER (WHERE overdue), count(*) FILTER (WHERE lapsed),
    count(*) FILTER (WHERE failed), count(*) FILTER (WHERE due),
    coalesce(sum(tested), 0)::int, coalesce(sum(passed), 0)::int, coalesce(sum(first), 0)::int
"""
_BY_UNIT = f"""
{_STOOD} SELECT unit, count(*), count(*) FILTER (WHERE covered), {_COUNTS} FROM each GROUP BY 1
"""
_BY_TRAINING = f"""
{_STOOD} SELECT training, count(*), count(*) FILTER (WHERE holding = 'held'),
    count(*) FILTER (WHERE holding = 'overdue'), count(*) FILTER (WHERE holding = 'lapsed'),
    count(*) FILTER (WHERE holding = 'failed'), count(*) FILTER (WHERE holding = 'due'),
    count(*) FILTER (WHERE tested), count(*) FILTER (WHERE tested AND passed),
    count(*) FILTER (WHERE tested AND first)
FROM stood WHERE holding <> 'exempt' GROUP BY 1
"""
# What a figure opens: the people of whom it is true.
PILES = {
    "people": "TRUE", "covered": "covered", "uncovered": "NOT covered", "overdue": "overdue",
    "lapsed": "lapsed", "failed": "failed", "due": "due",
}  # fmt: skip
_PEOPLE = {
    pile: f"{_STOOD} SELECT person FROM each WHERE {which} ORDER BY 1 LIMIT %(most)s"
    for pile, which in PILES.items()
}
_HOLDINGS = f"{_STOOD} SELECT person, training, holding FROM stood WHERE person = ANY(%(people)s)"
_PASSED = f"""
{_NEED} SELECT unit, training, count(*), array_remove(array_agg(passed_on), NULL) FROM (
    SELECT duty.unit, duty.training, duty.person,
        min((past.passed_at AT TIME ZONE 'Asia/Shanghai')::date) AS passed_on
    FROM duty LEFT JOIN supervision_enrolment AS past
        ON past.person_id = duty.person AND past.training = duty.training
    GROUP BY 1, 2, 3
) AS each GROUP BY 1, 2
"""


@dataclass(frozen=True, slots=True)
class Figures:
    """Of people: ``coverage``, and how many have something overdue, lapsed, failed or still in
    time. Of tests: ``passed`` of those who tried, and at the first try."""

    coverage: Share
    overdue: int
    lapsed: int
    failed: int
    due: int
    passed: Share
    first: Share


NONE = Figures(Share(0, 0), 0, 0, 0, 0, Share(0, 0), Share(0, 0))


def by_unit(units: Sequence[int], demands: Sequence[Demand], today: date) -> dict[int, Figures]:
    """Of each organisation with all below it, by its key; one without people asked is not there."""
    return {int(unit): figures for unit, figures in _counted(_BY_UNIT, units, demands, today)}


def by_training(unit: int, demands: Sequence[Demand], today: date) -> dict[str, Figures]:
    """Of one organisation, training by training."""
    return {str(code): told for code, told in _counted(_BY_TRAINING, [unit], demands, today)}


def _counted(
    statement: str, units: Sequence[int], demands: Sequence[Demand], today: date
) -> Iterable[tuple[Any, Figures]]:
    for row in _asked(statement, units, demands, today):
        key, people, covered, overdue, lapsed, failed, due, tested, passed, first = row
        shares = (Share(passed, tested), Share(first, tested))
        yield key, Figures(Share(covered, people), overdue, lapsed, failed, due, *shares)


def people(unit: int, pile: str, demands: Sequence[Demand], today: date) -> list[int]:
    """The keys of the people of a pile; at most ``PEOPLE_MAX``."""
    rows = _asked(_PEOPLE[pile], [unit], demands, today, most=PEOPLE_MAX)
    return [int(row[0]) for row in rows]


def holdings(
    unit: int, persons: Sequence[int], demands: Sequence[Demand], today: date
) -> Mapping[int, Mapping[str, Holding]]:
    """Where each of these people stands with each training."""
    found: dict[int, dict[str, Holding]] = defaultdict(dict)
    rows = _asked(_HOLDINGS, [unit], demands, today, people=list(persons))
    for person, training, told in rows:
        found[person][training] = Holding(told)
    return found


def passed_days(
    units: Sequence[int], demands: Sequence[Demand], today: date
) -> dict[tuple[int, str], tuple[int, list[date]]]:
    """By unit and training: how many must hold it, and the days on which some first did."""
    rows = _asked(_PASSED, units, demands, today)
    return {(unit, training): (count, days) for unit, training, count, days in rows}


def _asked(
    statement: str, units: Sequence[int], demands: Sequence[Demand], today: date, **more: Any
) -> list[tuple[Any, ...]]:
    values: dict[str, Any] = {
        "units": list(units), "today": today, "roles": [one.role for one in demands],
        "trainings": [one.training for one in demands],
        "days": [one.within_days for one in demands],
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(statement, values | more)
        return list(cursor.fetchall())
