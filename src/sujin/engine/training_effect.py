"""Whether complaints about a theme became fewer where people were trained: who is compared to whom.

Units are trained one after another (staggered adoption). Those trained in the same month are judged
together, beside units that were not trained before the last week looked at: comparing with units
that were trained earlier would count their fall against the others (the forbidden comparison of
Goodman-Bacon, Journal of Econometrics 225, 2021). The verdict itself is `engine.verify`'s.
"""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from sujin.engine.verify import Declared, Observed
from sujin.engine.verify.observed import Counts

WEEK = timedelta(weeks=1)


@dataclass(frozen=True, slots=True)
class Cohort:
    """Units trained in one month. ``start`` is the Monday of the first one's week; the ``settle``
    weeks until the last one was trained are not judged; ``until`` is the Monday after the last week
    that is looked at."""

    units: tuple[str, ...]
    controls: tuple[str, ...]
    start: date
    settle: int
    until: date


def trained_on(passed: Sequence[date], people: int, percent: int) -> date | None:
    """The day on which ``percent`` of the ``people`` had passed; None when it is not so far."""
    needed = -(-people * percent // 100)
    return sorted(passed)[needed - 1] if 0 < needed <= len(passed) else None


def cohorts(
    trained: Mapping[str, date | None], *, weeks: int, judged: Collection[str] = ()
) -> list[Cohort]:
    """Those not ``judged`` yet, the earliest first, each to be looked at for ``weeks`` weeks."""
    together: dict[tuple[int, int], dict[str, date]] = defaultdict(dict)
    for unit, day in trained.items():
        if day is not None and unit not in judged:
            together[day.year, day.month][unit] = day
    return [_cohort(together[month], trained, weeks) for month in sorted(together)]


def _cohort(days: Mapping[str, date], trained: Mapping[str, date | None], weeks: int) -> Cohort:
    start = _monday(min(days.values()))
    settle = (_monday(max(days.values())) - start) // WEEK + 1
    until = start + WEEK * (settle + weeks)
    beside = [one for one, day in trained.items() if day is None or _monday(day) >= until]
    return Cohort(tuple(sorted(days)), tuple(sorted(beside)), start, settle, until)


def series(
    cohort: Cohort, starts: Sequence[date], counts: Mapping[str, Counts], *, promised: float
) -> tuple[Observed, Declared]:
    """What was counted and what was declared: weeks up to ``cohort.until``; a unit without counts
    had none."""
    upto = bisect_right(starts, cohort.until - WEEK)
    none = np.zeros(len(starts))
    rows = {unit: counts.get(unit, none)[:upto] for unit in (*cohort.units, *cohort.controls)}
    target = np.sum([rows[unit] for unit in cohort.units], axis=0)
    controls = {unit: rows[unit] for unit in cohort.controls}
    return (
        Observed(tuple(starts[:upto]), target, controls),
        Declared(cohort.start, promised, cohort.settle),
    )


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())
