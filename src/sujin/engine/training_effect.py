"""Whether complaints about a theme became fewer where people were trained: who is compared to whom.

Units are trained one after another (staggered adoption). Those trained in the same month are judged
together, beside units that were not trained before the last week looked at: comparing with units
that were trained earlier would count their fall against the others (the forbidden comparison of
Goodman-Bacon, Journal of Econometrics 225, 2021). Who is trained is chosen where complaints rose of
late, and what rose by chance falls back by itself: the weeks of choosing stay out of the comparison
(regression to the mean: Barnett, van der Pols and Dobson, International Journal of Epidemiology 34,
2005). The verdict itself is `engine.verify`'s.
"""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

import numpy as np

from sujin.engine.verify import Declared, Observed
from sujin.engine.verify.observed import Counts

WEEK = timedelta(weeks=1)
Month = tuple[int, int]


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
    trained: Mapping[str, date | None], begun: Mapping[str, date | None], *, weeks: int,
    least: int = 1,
) -> list[Cohort]:  # fmt: skip
    """The earliest first, each to be looked at for ``weeks`` weeks; with fewer than ``least`` units
    to compare with there is no judging: it may have fallen everywhere."""
    known = {unit: day for unit, day in trained.items() if day is not None}
    found = [
        replace(one, controls=controls(one.until, trained, begun))
        for one in (cohort(days, weeks=weeks) for _month, days in sorted(by_month(known).items()))
    ]
    return [one for one in found if len(one.controls) >= least]


def by_month(trained: Mapping[str, date]) -> dict[Month, dict[str, date]]:
    """Units that go together: by the month of their Monday, so that no two groups begin in the same
    week."""
    together: dict[Month, dict[str, date]] = defaultdict(dict)
    for unit, day in trained.items():
        together[month_of(day)][unit] = day
    return together


def month_of(day: date) -> Month:
    begun = _monday(day)
    return begun.year, begun.month


def cohort(days: Mapping[str, date], *, weeks: int) -> Cohort:
    """The group of these units, each with its day; nobody is beside it yet."""
    start = _monday(min(days.values()))
    settle = (_monday(max(days.values())) - start) // WEEK + 1
    return Cohort(tuple(sorted(days)), (), start, settle, start + WEEK * (settle + weeks))


def controls(
    until: date, trained: Mapping[str, date | None], begun: Mapping[str, date | None]
) -> tuple[str, ...]:
    """Units that were not trained before ``until``, nor had ``begun`` to be: whoever is nearly
    trained hides the effect as a control and has too little of it to be judged."""
    untouched = [
        unit
        for unit in begun
        if all(day is None or _monday(day) >= until for day in (trained.get(unit), begun[unit]))
    ]
    return tuple(sorted(untouched))


def series(
    cohort: Cohort, starts: Sequence[date], counts: Mapping[str, Counts], *, promised: float,
    chosen: int,
) -> tuple[Observed, Declared]:  # fmt: skip
    """What was counted and what was declared: weeks up to ``cohort.until``; a unit without counts
    had none. The ``chosen`` weeks before the start, by which units are chosen for a training, are
    no part of the time before it, or their falling back would be credited to it."""
    upto = bisect_right(starts, cohort.until - WEEK)
    none = np.zeros(len(starts))
    rows = {unit: counts.get(unit, none)[:upto] for unit in (*cohort.units, *cohort.controls)}
    target = np.sum([rows[unit] for unit in cohort.units], axis=0)
    controls = {unit: rows[unit] for unit in cohort.controls}
    return (
        Observed(tuple(starts[:upto]), target, controls),
        Declared(cohort.start - WEEK * chosen, promised, cohort.settle + chosen),
    )


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())
