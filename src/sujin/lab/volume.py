"""How many come on which day: trend, weekday, holiday, month's end, and honest noise."""

import math
from collections.abc import Sequence
from datetime import date, timedelta
from functools import cache

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from sujin import packs
from sujin.lab.people import Homes

Grid = NDArray[np.float64]

GROWTH_PER_YEAR = 0.12
SUMMER_DIP = 0.06
# Monday carries the weekend's anger; at weekends only the hotline and the web are awake.
WEEKDAY = (1.25, 1.12, 1.05, 1.0, 1.0, 0.62, 0.5)
HOLIDAY = 0.42
MAKE_UP_DAY = 0.95
AFTER_A_HOLIDAY = 1.35
MONTHS_TURN = 1.15
LONG_HOLIDAY_DAYS = 3
# Variance above Poisson: a day's whole level is gamma distributed with this shape.
DAY_SHAPE = 60.0


def days(start: date, end: date) -> list[date]:
    """Every day from ``start`` to ``end``, both included."""
    return [start + timedelta(days=n) for n in range((end - start).days + 1)]


def day_weights(span: Sequence[date]) -> Grid:
    """Relative expectation of each day; the mean over the span is one."""
    weights = np.array([_weight(day, span[0]) for day in span], dtype=np.float64)
    return np.asarray(weights / weights.mean(), dtype=np.float64)


def branch_weights(where: Homes) -> Grid:
    """Share of each first-level branch, by its outlets; sums to one."""
    sizes = np.array([len(where.outlets[branch]) for branch in where.branches], dtype=np.float64)
    return np.asarray(sizes / sizes.sum(), dtype=np.float64)


def noisy(rng: Generator, expected: Grid) -> NDArray[np.int64]:
    """Counts by day (first axis) and cell: negative binomial, a gamma mixture of Poissons."""
    each_day = (expected.shape[0], *(1 for _ in expected.shape[1:]))
    levels = rng.gamma(DAY_SHAPE, 1 / DAY_SHAPE, size=each_day)
    return np.asarray(rng.poisson(expected * levels), dtype=np.int64)


def season(day: date) -> float:
    """The year's course, around one."""
    return 1 - SUMMER_DIP * math.cos(2 * math.pi * (day.timetuple().tm_yday - 15) / 365.25)


def _weight(day: date, first: date) -> float:
    years = (day - first).days / 365.25
    trend = math.exp(math.log1p(GROWTH_PER_YEAR) * years)
    turn = MONTHS_TURN if day.day <= 2 or (day + timedelta(days=2)).month != day.month else 1.0
    return trend * season(day) * turn * _openness(day)


def _openness(day: date) -> float:
    special = calendar().get(day)
    if special == "off":
        return HOLIDAY
    if special == "work":
        return MAKE_UP_DAY
    rebound = AFTER_A_HOLIDAY if is_workday(day) and _follows_a_long_holiday(day) else 1.0
    return WEEKDAY[day.weekday()] * rebound


def is_workday(day: date) -> bool:
    """Whether counters are open by the state's calendar, make-up days included."""
    return calendar().get(day, "off" if day.weekday() >= 5 else "work") == "work"


def _follows_a_long_holiday(day: date) -> bool:
    return not any(is_workday(day - timedelta(days=n)) for n in range(1, 1 + LONG_HOLIDAY_DAYS))


@cache
def calendar() -> dict[date, str]:
    """The days that differ from plain Monday to Friday, from the pack: ``off`` or ``work``."""
    rows = packs.rows("calendars", "cn")
    return {date.fromisoformat(row["date"]): row["day"] for row in rows if not row["withdrawn"]}
