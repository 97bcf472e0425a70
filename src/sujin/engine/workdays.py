"""Days on and days off: counts natural and working days by a calendar that knows its own years.

A calendar holds only the days that differ from plain Monday to Friday. Make-up working days are
published one year at a time, so a year nobody has loaded is an error and never a guess.
"""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from sujin.engine.tables import Cells, Shape

_ONE = timedelta(days=1)
_FRIDAY = 4
_DAYS = Shape("calendar", must=("date", "day", "name", "source"), may=("published", "withdrawn"))
_YEARS = Shape("years", must=("year", "source"), may=("calendar",))


class CalendarNotLoaded(LookupError):
    """A working-day question about a year whose holiday notice is not in the calendar."""

    def __init__(self, year: int) -> None:
        super().__init__(
            f"the working-day calendar has no year {year}: add the days of the holiday notice for "
            f"{year} to the pack's calendar table, and {year} to its table of years"
        )
        self.year = year


class Calendar:
    """``off`` and ``work`` name the days that differ from plain Monday to Friday; ``years`` are
    the years these lists are complete for. Raises ValueError when one day is both."""

    def __init__(
        self, off: Mapping[date, str], work: Mapping[date, str], years: frozenset[int]
    ) -> None:
        both = sorted(off.keys() & work.keys())
        if both:
            raise ValueError(f"{both[0]} is both a day off and a working day")
        self.off = dict(off)
        self.work = dict(work)
        self.years = years

    def is_workday(self, day: date) -> bool:
        """Whether people work on this day. Raises CalendarNotLoaded."""
        if day.year not in self.years:
            raise CalendarNotLoaded(day.year)
        return day in self.work or (day.weekday() <= _FRIDAY and day not in self.off)

    def name(self, day: date) -> str:
        """What makes the day special ("Spring Festival"), or "" for a plain day."""
        return self.off.get(day) or self.work.get(day, "")

    def add_natural(self, day: date, count: int) -> date:
        """The date ``count`` calendar days after ``day``; needs no year to be loaded."""
        return day + timedelta(days=count)

    def add_working(self, day: date, count: int) -> date:
        """The ``count``-th working day after ``day``, which itself is not counted; ``day`` itself
        for 0. Raises CalendarNotLoaded, or ValueError for a negative count."""
        if count < 0:
            raise ValueError(f"cannot count {count} working days")
        for _ in range(count):
            day = self.roll(day + _ONE)
        return day

    def roll(self, day: date) -> date:
        """The day itself if people work on it, else the next working day. Raises
        CalendarNotLoaded."""
        while not self.is_workday(day):
            day += _ONE
        return day


def read_calendar(
    days: Sequence[Mapping[str, str]],
    years: Sequence[Mapping[str, str]],
    as_of: date | None = None,
) -> Calendar:
    """The calendar of a pack from its tables of special days and of loaded years.

    With ``as_of``, as anybody could know it on the evening of that day: a notice of January 2020
    made days off of what had been working days, and deadlines told before it were told in good
    faith. Raises BadTable for a wrong date, a day named twice, or a day of a year not listed.
    """
    loaded = frozenset(_year(cells) for cells in _YEARS.rows(years))
    named: dict[date, tuple[str, str]] = {}
    for cells in _DAYS.rows(days):
        day = _date(cells, loaded)
        if not _is_known(cells, as_of or date.max):
            continue
        if day in named:
            raise cells.bad("date", f"{day} stands in the table twice")
        named[day] = (cells.code("day", frozenset({"off", "work"})), cells.text("name"))
    off = {day: name for day, (what, name) in named.items() if what == "off"}
    work = {day: name for day, (what, name) in named.items() if what == "work"}
    return Calendar(off, work, loaded)


def _is_known(cells: Cells, as_of: date) -> bool:
    published, withdrawn = cells.day("published"), cells.day("withdrawn")
    return (published or date.min) <= as_of and (withdrawn is None or as_of < withdrawn)


def _year(cells: Cells) -> int:
    year = cells.whole("year", least=1)
    if year is None:
        raise cells.bad("year", "the year is missing")
    return year


def _date(cells: Cells, loaded: frozenset[int]) -> date:
    text = cells.text("date")
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise cells.bad("date", f"{text!r} is not a date like 2026-02-17") from None
    if day.year not in loaded:
        raise cells.bad("date", f"{day} belongs to a year that the table of years does not list")
    return day
