"""The working days of China, day by day, against two calendars made by others."""

from collections.abc import Callable, Iterator
from datetime import date, timedelta

import chinese_calendar
import holidays
import pytest

from sujin import packs
from sujin.engine.workdays import Calendar, CalendarNotLoaded, read_calendar

FIRST, LAST = date(2004, 1, 1), date(2026, 12, 31)
# Worked, says 国办发明电〔2005〕35号; chinesecalendar leaves this one day out.
NEW_YEARS_EVE_2005 = date(2005, 12, 31)


def our_calendar(flipped: date | None = None) -> Calendar:
    """The pack's calendar; ``flipped`` is a day entered the wrong way round."""
    days = packs.rows("calendars", "cn")
    for day in days:
        if flipped is not None and day["date"] == flipped.isoformat():
            day["day"] = {"off": "work", "work": "off"}[day["day"]]
    return read_calendar(days, years_of("cn"))


def years_of(calendar: str) -> list[dict[str, str]]:
    return [row for row in packs.rows("calendars", "years") if row["calendar"] == calendar]


def every_day() -> Iterator[date]:
    day = FIRST
    while day <= LAST:
        yield day
        day += timedelta(days=1)


def disagreements(ours: Calendar, theirs: Callable[[date], bool]) -> list[date]:
    """The days on which one calendar works and the other rests."""
    return [day for day in every_day() if ours.is_workday(day) != theirs(day)]


def by_holidays() -> Callable[[date], bool]:
    # One year on either side, because that library expands years only when asked.
    china = holidays.country_holidays("CN", years=range(FIRST.year - 1, LAST.year + 1))
    return china.is_working_day


def test_every_day_agrees_with_chinesecalendar_but_for_one_it_omits() -> None:
    assert disagreements(our_calendar(), chinese_calendar.is_workday) == [NEW_YEARS_EVE_2005]


def test_every_day_agrees_with_holidays() -> None:
    assert disagreements(our_calendar(), by_holidays()) == []


@pytest.mark.parametrize("day", [date(2026, 2, 14), date(2020, 1, 31), date(2015, 9, 3)])
def test_a_day_entered_the_wrong_way_round_is_reported(day: date) -> None:
    assert disagreements(our_calendar(flipped=day), by_holidays()) == [day]


def test_the_table_holds_only_days_that_differ_from_plain_weeks() -> None:
    for row in packs.rows("calendars", "cn"):
        is_weekday = date.fromisoformat(row["date"]).weekday() < 5
        assert (row["day"] == "off") == is_weekday, row
        assert row["name"], row
        assert row["source"], row


def test_the_days_stand_in_order_and_every_year_is_loaded() -> None:
    days = [row["date"] for row in packs.rows("calendars", "cn") if not row["withdrawn"]]
    assert days == sorted(set(days))
    assert our_calendar().years == frozenset(range(FIRST.year, LAST.year + 1))


def test_the_spring_festival_of_2020_was_extended_to_the_second_of_february() -> None:
    calendar = our_calendar()
    worked = [day for day in range(1, 5) if calendar.is_workday(date(2020, 2, day))]
    assert worked == [3, 4]
    assert not calendar.is_workday(date(2020, 1, 31))


def test_before_the_notice_the_longer_holiday_was_unknown() -> None:
    days, years = packs.rows("calendars", "cn"), years_of("cn")
    told = read_calendar(days, years, as_of=date(2020, 1, 25))
    assert told.is_workday(date(2020, 1, 31)) and told.is_workday(date(2020, 2, 1))
    known = read_calendar(days, years, as_of=date(2020, 1, 26))
    assert not known.is_workday(date(2020, 1, 31)) and not known.is_workday(date(2020, 2, 1))


OTHERS: dict[str, Callable[[range], dict[date, str]]] = {
    "gb": lambda years: holidays.country_holidays("GB", subdiv="ENG", years=years),
    "eu": lambda years: holidays.financial_holidays("XECB", years=years),
    "au": lambda years: holidays.country_holidays("AU", years=years),
    "sg": lambda years: holidays.country_holidays("SG", years=years),
}


@pytest.mark.parametrize("calendar", OTHERS)
def test_every_other_calendar_agrees_with_holidays_on_every_loaded_day(calendar: str) -> None:
    years = [int(row["year"]) for row in years_of(calendar)]
    ours = read_calendar(packs.rows("calendars", calendar), years_of(calendar))
    theirs = OTHERS[calendar](range(min(years), max(years) + 1))
    day, wrong = date(min(years), 1, 1), []
    while day.year <= max(years):
        if ours.is_workday(day) != (day.weekday() < 5 and day not in theirs):
            wrong.append(day)
        day += timedelta(days=1)
    assert wrong == []


def test_a_year_whose_notice_is_not_out_is_refused() -> None:
    with pytest.raises(CalendarNotLoaded, match="2027"):
        our_calendar().is_workday(date(2027, 1, 4))
