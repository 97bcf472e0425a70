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
    days = packs.rows("cn_bank", "calendar/cn")
    for day in days:
        if flipped is not None and day["date"] == flipped.isoformat():
            day["day"] = {"off": "work", "work": "off"}[day["day"]]
    return read_calendar(days, packs.rows("cn_bank", "calendar/years"))


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
    for row in packs.rows("cn_bank", "calendar/cn"):
        is_weekday = date.fromisoformat(row["date"]).weekday() < 5
        assert (row["day"] == "off") == is_weekday, row
        assert row["name"], row
        assert row["source"], row


def test_the_days_stand_in_order_and_every_year_is_loaded() -> None:
    days = [row["date"] for row in packs.rows("cn_bank", "calendar/cn")]
    assert days == sorted(set(days))
    assert our_calendar().years == frozenset(range(FIRST.year, LAST.year + 1))


def test_the_spring_festival_of_2020_was_extended_to_the_second_of_february() -> None:
    calendar = our_calendar()
    worked = [day for day in range(1, 5) if calendar.is_workday(date(2020, 2, day))]
    assert worked == [3, 4]
    assert not calendar.is_workday(date(2020, 1, 31))


def test_a_year_whose_notice_is_not_out_is_refused() -> None:
    with pytest.raises(CalendarNotLoaded, match="2027"):
        our_calendar().is_workday(date(2027, 1, 4))
