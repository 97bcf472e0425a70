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
from sujin.governance.facts import Fact
from sujin.governance.models.cube import Mark, MonthSum
from sujin.platform.columns import columns

LINE = "line:"
_SUMMED = 2
_DAY = timedelta(days=1)
_EPOCH = date(1970, 1, 1)
_KNOWN = """
SELECT fact, scope, day - DATE '1970-01-01', n, hits, values FROM governance_daysum
WHERE scope = ANY(%(scopes)s) AND fact = ANY(%(facts)s) AND day BETWEEN %(first)s AND %(last)s
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


def samples(facts: Sequence[Fact], scopes: Sequence[str], window: Window) -> Mapping[Key, Sample]:
    """By fact and scope, what each comes to: at the place with this path and below it, or in a
    line. Two queries, and one for each fact whose days are late or whose places have no sums."""
    parts = _Parts(facts, scopes)
    summed = [one for one in scopes if is_summed(one)]
    late = _late(facts, window) if summed else {}
    if summed:
        parts.add_days(_known(facts, summed, window), late)
    small = [one for one in scopes if not is_summed(one)]
    for fact in facts:
        if small:
            parts.add(fact, small, [(window.since, window.until)])
        if days := late.get(fact.moment):
            parts.add(fact, summed, [(midnight(day), midnight(day + _DAY)) for day in days])
    return parts.samples()


def is_summed(scope: str) -> bool:
    """Whether the cube has sums of it."""
    return scope.startswith(LINE) or scope.count("/") <= _SUMMED


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
    wanted = (
        Q(line=one.removeprefix(LINE)) if one.startswith(LINE) else Q(path__startswith=one)
        for one in scopes
    )
    return fact.within(since, until, _shared(scopes)).filter(reduce(or_, wanted))


def _shared(scopes: Sequence[str]) -> str:
    """The path that all of them lie below: one range of an index instead of many."""
    if any(one.startswith(LINE) for one in scopes):
        return ""
    # Cut back to a whole step, so that characters are enough.
    return commonprefix(list(scopes)).rpartition("/")[0] + "/"  # noqa: RUF071


def _in_scope(scope: str, path: str, line: str) -> bool:
    return line == scope.removeprefix(LINE) if scope.startswith(LINE) else path.startswith(scope)


class _Parts:
    """Sums and values as they are gathered."""

    def __init__(self, facts: Sequence[Fact], scopes: Sequence[str]) -> None:
        self.facts = {one.code: one for one in facts}
        keys = [(code, scope) for code in self.facts for scope in scopes]
        self.counts = {key: [0, 0] for key in keys}
        self.values: dict[Key, list[Values]] = {key: [] for key in keys}

    def add_days(self, rows: Iterable[tuple[Any, ...]], late: Mapping[str, Sequence[date]]) -> None:
        """Rows of the cube but for days that are late."""
        skipped = {moment: {(day - _EPOCH).days for day in days} for moment, days in late.items()}
        for code, scope, day, n, hits, values in rows:
            if day not in skipped.get(self.facts[code].moment, ()):
                self._add((code, scope), n, hits, values)

    def add(self, fact: Fact, scopes: Sequence[str], spans: Spans) -> None:
        """What the cases say of some stretches of time."""
        rows = of_scopes(fact, scopes, min(spans)[0], max(spans)[1])
        if len(spans) > 1:
            rows = rows.filter(reduce(or_, (Q(at__gte=since, at__lt=end) for since, end in spans)))
        found = list(rows.values_list("path", "line", "value"))
        for scope in scopes:
            values = np.array([v for path, line, v in found if _in_scope(scope, path, line)], "i4")
            kept = values if fact.is_measured else values[:0]
            self._add((fact.code, scope), len(values), int((values > 0).sum()), kept)

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
