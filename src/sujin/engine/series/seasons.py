"""What moves every series alike: the year, the day of the week, holidays and month-ends.

Weeks: a trend and the year as harmonics, as many as the history can tell apart. Days: besides, the
day of the week by whether people work on it (a make-up Saturday is a working day), the first day
back, the last working days of a month.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from math import pi

import numpy as np

from sujin.engine.series.panel import Counts, Grain
from sujin.engine.workdays import Calendar, CalendarNotLoaded

Says = Callable[[date, bool, Calendar | None], bool]

_YEAR = 365.2425
_ONE = timedelta(days=1)
_SATURDAY = 5
# Harmonics of the year that a history of so many years can tell from a wave.
_HARMONICS = ((3.0, 2), (1.7, 1))
# Standard deviations of the coefficients, in logarithms, before anything was seen.
_SWING, _OF_DAY = 1.0, 1.0
# Of the growth in a year: a few weeks' rise is no reason to expect it to go on for ever.
_GROWTH = 0.5


@dataclass(frozen=True, eq=False)
class Season:
    """``design``: a row for each name, a column for each period; ``precision`` of their priors."""

    names: tuple[str, ...]
    design: Counts
    precision: Counts

    def first(self, periods: int) -> Counts:
        """The design of the first ``periods``."""
        return np.ascontiguousarray(self.design[:, :periods])


def season(starts: Sequence[date], grain: Grain, calendar: Calendar | None) -> Season:
    """The effects of these periods, which follow one another. Without a calendar, or in years it
    does not hold, Saturday and Sunday are days off and holidays are unknown."""
    columns: dict[str, tuple[Counts, float]] = {"level": (np.ones(len(starts)), 0.0)}
    along = np.arange(len(starts)) / max(len(starts) - 1, 1) - 0.5
    years = len(starts) * grain.step.days / _YEAR
    columns["trend"] = (along, (_GROWTH * years) ** -2)
    columns |= _year(starts, grain)
    columns |= _days(starts, calendar) if grain is Grain.DAY else _weeks(starts, calendar)
    kept = {name: pair for name, pair in columns.items() if name == "level" or np.ptp(pair[0]) > 0}
    design = np.ascontiguousarray(np.stack([column for column, _ in kept.values()]))
    return Season(tuple(kept), design, np.array([prior for _, prior in kept.values()]))


def _year(starts: Sequence[date], grain: Grain) -> dict[str, tuple[Counts, float]]:
    years = len(starts) * grain.step.days / _YEAR
    most = next((count for least, count in _HARMONICS if years >= least), 0)
    angle = np.array([day.toordinal() for day in starts]) * (2 * pi / _YEAR)
    found = {}
    for turn in range(1, most + 1):
        found[f"cos{turn}"] = (np.cos(turn * angle), _SWING**-2)
        found[f"sin{turn}"] = (np.sin(turn * angle), _SWING**-2)
    return found


def works(day: date, calendar: Calendar | None) -> bool:
    """Whether people work on the day, as far as is known."""
    try:
        return calendar.is_workday(day) if calendar else day.weekday() < _SATURDAY
    except CalendarNotLoaded:
        return day.weekday() < _SATURDAY


def _days(starts: Sequence[date], calendar: Calendar | None) -> dict[str, tuple[Counts, float]]:
    found = {}
    for name, says in _DAYS.items():
        column = [says(day, works(day, calendar), calendar) for day in starts]
        found[name] = (np.array(column, np.float64), _OF_DAY**-2)
    return found


def _weekday(which: int) -> Says:
    return lambda day, on, _: on and day.weekday() == which


def _ends_month(day: date, calendar: Calendar | None) -> bool:
    """One of the last two working days of its month."""
    later, working = day + _ONE, 0
    while later.month == day.month:
        working += works(later, calendar)
        later += _ONE
    return working < 2


# What may move a day, asked of the day, whether people work on it, and the calendar. A working
# Monday is what the others are compared with.
_DAYS: dict[str, Says] = {
    **{f"day{which}": _weekday(which) for which in range(1, _SATURDAY)},
    "weekend": lambda day, on, _: not on and day.weekday() >= _SATURDAY,
    "made_up": lambda day, on, _: on and day.weekday() >= _SATURDAY,
    "holiday": lambda day, on, _: not on and day.weekday() < _SATURDAY,
    "back": lambda day, on, known: on and day.weekday() != 0 and not works(day - _ONE, known),
    "month_end": lambda day, on, known: on and _ends_month(day, known),
}


def _weeks(starts: Sequence[date], calendar: Calendar | None) -> dict[str, tuple[Counts, float]]:
    """How many of the week's days are days off, beyond the two that every week has."""
    off = [sum(not works(day + _ONE * step, calendar) for step in range(7)) - 2 for day in starts]
    return {"days_off": (np.array(off, np.float64) / 5, _SWING**-2)}
