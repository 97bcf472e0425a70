"""What the facts come to, for places or lines and a stretch of days: right once a case commits.

Days whose sums are fresh are read from the cube; days in which something has changed since, and
places that have no sums of their own because they have few cases, are asked from the cases. Both
are the query of the same fact, so a sum can be late but not wrong: see `sujin.governance.folding`.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import reduce
from operator import or_
from os.path import commonprefix
from typing import Any

import numpy as np
import numpy.typing as npt
from django.db.models import Min, Q, QuerySet
from django.utils.timezone import localdate

from sujin.complaints.figures.selection import Window, midnight
from sujin.governance.facts import COLUMNS, Fact
from sujin.governance.models.cube import Mark, MonthSum
from sujin.platform.columns import columns

LINE, AT = "line:", "@"
_SUMMED = 2
_DAY = timedelta(days=1)
_EPOCH = date(1970, 1, 1)
_KNOWN = """
SELECT fact, scope, day - DATE '1970-01-01', n, hits, values FROM governance_daysum
WHERE scope = ANY(%(scopes)s) AND fact = ANY(%(facts)s) AND day BETWEEN %(first)s AND %(last)s
"""
_ASKED = """
SELECT scope, count(*), sum((value > 0)::int)::int,
    CASE WHEN %s THEN array_agg(value) ELSE '{{}}'::int[] END
FROM ({query}) AS fact (at, path, line, key, value)
JOIN unnest(%s::text[], %s::text[], %s::text[]) AS scopes (scope, wanted, below)
    ON starts_with(path, below) AND (wanted = '' OR wanted = line)
GROUP BY scope
"""
Values = npt.NDArray[np.int32]
Spans = Sequence[tuple[datetime, datetime]]
Key = tuple[str, str]


@dataclass(frozen=True, eq=False, slots=True)
class Sample:
    """Of ``n`` rows ``hits`` are above 0; ``values`` of a fact that has quantiles, in no order."""

    n: int
    hits: int
    values: Values

    def quantile(self, fraction: float) -> int | None:
        """The smallest value that a share ``fraction`` does not exceed; None of nothing."""
        if not len(self.values):
            return None
        at = max(int(np.ceil(fraction * len(self.values) - 1e-9)) - 1, 0)
        return int(np.partition(self.values, at)[at])


@dataclass(frozen=True, slots=True)
class Monthly:
    """The sums of one month; the quantiles None of nothing, or of a fact that has none."""

    n: int
    hits: int
    median: int | None
    p90: int | None


NOTHING = Monthly(0, 0, None, None)


def samples(
    facts: Sequence[Fact], scopes: Sequence[str], window: Window, *, late: Sequence[Fact] = ()
) -> Mapping[Key, Sample]:
    """By fact and scope, what each comes to: at the place with this path and below it, or in a
    line. Two queries, and one for each fact whose days are late or whose places have no sums. Of
    facts in ``late`` the sums of the last fold will do."""
    parts = _Parts(facts, scopes)
    summed = [one for one in scopes if is_summed(one)]
    exact = [one for one in facts if one not in late]
    marked = _late(exact, window) if summed and exact else {}
    if summed:
        skipped = {one.code: marked.get(one.moment, []) for one in exact}
        parts.add_days(_known(facts, summed, window), skipped)
    small = [one for one in scopes if not is_summed(one)]
    for fact in facts:
        if small:
            parts.add(fact, small, [(window.since, window.until)])
        if fact in exact and (days := marked.get(fact.moment)):
            parts.add(fact, summed, [(midnight(day), midnight(day + _DAY)) for day in days])
    return parts.samples()


def is_summed(scope: str) -> bool:
    """Whether the cube has sums of it."""
    return scope.count("/") <= _SUMMED and AT not in scope


def months(
    facts: Sequence[Fact], scopes: Sequence[str], firsts: Sequence[date]
) -> Mapping[tuple[str, str, date], Monthly]:
    """By fact, scope and month; what has none is left out. Of scopes that have sums one query, as
    of the last fold (see `late_since`); of others one query for each fact."""
    codes = [one.code for one in facts]
    rows = MonthSum.objects.filter(fact__in=codes, scope__in=scopes, month__in=firsts)
    names = ("fact", "scope", "month", "n", "hits", "median", "p90")
    found = {
        (fact, scope, month): Monthly(n, hits, median, p90)
        for fact, scope, month, n, hits, median, p90 in rows.values_list(*names)
    }
    small = [one for one in scopes if not is_summed(one)]
    for fact in facts if small else ():
        for (scope, month), values in _by_month(fact, small, firsts).items():
            found[fact.code, scope, month] = _monthly(fact, values)
    return found


def late_since() -> datetime | None:
    """When the oldest change was made that months do not know of yet; None: they know all."""
    found: datetime | None = Mark.objects.aggregate(at=Min("at"))["at"]
    return found


def of_scopes(fact: Fact, scopes: Sequence[str], since: datetime, until: datetime) -> QuerySet[Any]:
    """The rows of a fact at places with these paths and below them, or of these lines."""
    rows = fact.within(since, until, _shared(scopes))
    return rows.filter(reduce(or_, map(_wanted, scopes)))


def _wanted(scope: str) -> Q:
    if not scope.startswith(LINE):
        return Q(path__startswith=scope)
    line, _at, path = scope.removeprefix(LINE).partition(AT)
    return Q(line=line, path__startswith=path)


def _shared(scopes: Sequence[str]) -> str:
    """The path that all of them lie below: one range of an index instead of many."""
    if any(one.startswith(LINE) for one in scopes):
        return scopes[0].partition(AT)[2] if len(scopes) == 1 else ""
    # Cut back to a whole step, so that characters are enough.
    return commonprefix(list(scopes)).rpartition("/")[0] + "/"  # noqa: RUF071


def _in_scope(scope: str, path: str, line: str) -> bool:
    if not scope.startswith(LINE):
        return path.startswith(scope)
    wanted, _at, above = scope.removeprefix(LINE).partition(AT)
    return line == wanted and path.startswith(above)


class _Parts:
    """Sums and values as they are gathered."""

    def __init__(self, facts: Sequence[Fact], scopes: Sequence[str]) -> None:
        self.facts = {one.code: one for one in facts}
        keys = [(code, scope) for code in self.facts for scope in scopes]
        self.counts = {key: [0, 0] for key in keys}
        self.values: dict[Key, list[Values]] = {key: [] for key in keys}

    def add_days(self, rows: Iterable[tuple[Any, ...]], late: Mapping[str, Sequence[date]]) -> None:
        """Rows of the cube but for the days of a fact that are late."""
        skipped = {code: {(day - _EPOCH).days for day in days} for code, days in late.items()}
        for code, scope, day, n, hits, values in rows:
            if day not in skipped.get(code, ()):
                self._add((code, scope), n, hits, values)

    def add(self, fact: Fact, scopes: Sequence[str], spans: Spans) -> None:
        """What the cases say of some stretches of time, summed up by the database."""
        rows = of_scopes(fact, scopes, min(spans)[0], max(spans)[1])
        if len(spans) > 1:
            rows = rows.filter(reduce(or_, (Q(at__gte=since, at__lt=end) for since, end in spans)))
        query, told = rows.values_list(*COLUMNS).query.sql_with_params()
        asked = [fact.is_measured, *told, *_conditions(scopes)]
        for scope, n, hits, values in columns(_ASKED.format(query=query), asked):
            self._add((fact.code, scope), n, hits, values)

    def _add(self, key: Key, n: int, hits: int, values: Values) -> None:
        self.counts[key][0] += n
        self.counts[key][1] += hits
        self.values[key].append(values)

    def samples(self) -> Mapping[Key, Sample]:
        none = np.zeros(0, np.int32)
        return {
            key: Sample(n, hits, np.concatenate([none, *self.values[key]]))
            for key, (n, hits) in self.counts.items()
        }


def _conditions(scopes: Sequence[str]) -> tuple[list[str], list[str], list[str]]:
    """The scopes with the line each wants, empty for any, and the path below which it looks."""
    lines, paths = [], []
    for scope in scopes:
        line, _at, path = scope.removeprefix(LINE).partition(AT)
        is_line = scope.startswith(LINE)
        lines.append(line if is_line else "")
        paths.append(path if is_line else scope)
    return list(scopes), lines, paths


def _late(facts: Sequence[Fact], window: Window) -> dict[str, list[date]]:
    """By moment, the days of the window that were marked since they were summed."""
    moments = {one.moment for one in facts}
    marks = Mark.objects.filter(moment__in=moments, day__range=(window.first, window.last))
    found: dict[str, list[date]] = {}
    for moment, day in marks.values_list("moment", "day").distinct():
        found.setdefault(moment, []).append(day)
    return found


def _known(facts: Sequence[Fact], scopes: Sequence[str], window: Window) -> list[tuple[Any, ...]]:
    asked = {
        "scopes": list(scopes), "facts": [one.code for one in facts],
        "first": window.first, "last": window.last,
    }  # fmt: skip
    return columns(_KNOWN, asked)


def _by_month(
    fact: Fact, scopes: Sequence[str], firsts: Sequence[date]
) -> dict[tuple[str, date], list[int]]:
    """The values of months from the cases themselves."""
    end = (max(firsts) + timedelta(days=31)).replace(day=1)
    rows = of_scopes(fact, scopes, midnight(min(firsts)), midnight(end))
    found: dict[tuple[str, date], list[int]] = {}
    for at, path, line, value in rows.values_list("at", "path", "line", "value"):
        month = localdate(at).replace(day=1)
        for scope in scopes:
            if month in firsts and _in_scope(scope, path, line):
                found.setdefault((scope, month), []).append(value)
    return found


def _monthly(fact: Fact, values: Sequence[int]) -> Monthly:
    hits = sum(value > 0 for value in values)
    made = Sample(len(values), hits, np.array(values if fact.is_measured else [], "i4"))
    return Monthly(made.n, made.hits, made.quantile(0.5), made.quantile(0.9))
