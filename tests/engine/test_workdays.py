"""Days on and days off: counting against a calendar that knows which years it has."""

from datetime import date, timedelta

import chinese_calendar
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sujin.engine.tables import BadTable
from sujin.engine.workdays import Calendar, CalendarNotLoaded, read_calendar

YEARS = [{"year": "2026", "source": "notice"}]
SPRING = date(2026, 2, 17)
MAKE_UP = date(2026, 2, 14)
PLAIN = Calendar({}, {}, frozenset({2025, 2026, 2027}))
FESTIVAL = Calendar({SPRING: "春节"}, {MAKE_UP: "调休"}, frozenset({2026}))
days_2026 = st.dates(date(2026, 1, 1), date(2026, 10, 1))


def a_day(**cells: str) -> dict[str, str]:
    return {"date": "2026-02-17", "day": "off", "name": "春节", "source": "notice", **cells}


def test_people_work_on_a_make_up_saturday_and_rest_on_a_holiday_tuesday() -> None:
    assert FESTIVAL.is_workday(MAKE_UP)
    assert not FESTIVAL.is_workday(SPRING)
    assert FESTIVAL.is_workday(SPRING + timedelta(days=1))
    assert not FESTIVAL.is_workday(date(2026, 2, 22))
    assert (FESTIVAL.name(SPRING), FESTIVAL.name(date(2026, 2, 18))) == ("春节", "")


def test_the_day_counted_from_is_not_itself_counted() -> None:
    friday = date(2026, 3, 6)
    assert PLAIN.add_working(friday, 1) == date(2026, 3, 9)
    assert PLAIN.add_working(friday, 0) == friday
    assert PLAIN.add_working(date(2026, 3, 7), 1) == date(2026, 3, 9)
    assert PLAIN.add_natural(date(2028, 2, 28), 2) == date(2028, 3, 1)


def test_a_year_nobody_loaded_is_an_error_that_says_what_to_do() -> None:
    with pytest.raises(CalendarNotLoaded, match=r"no year 2027: add the days .* table of years"):
        FESTIVAL.add_working(date(2026, 12, 31), 1)
    assert FESTIVAL.add_natural(date(2026, 12, 31), 1) == date(2027, 1, 1)


def test_counting_backwards_is_refused() -> None:
    with pytest.raises(ValueError, match="-1 working days"):
        PLAIN.add_working(SPRING, -1)


@settings(max_examples=100, deadline=None)
@given(days_2026, st.integers(0, 25), st.sets(days_2026), st.sets(days_2026))
def test_working_days_agree_with_counting_on_the_fingers(
    start: date, count: int, off: set[date], work: set[date]
) -> None:
    calendar = Calendar(
        dict.fromkeys(off - work, "off"), dict.fromkeys(work, "work"), frozenset({2026})
    )
    day, left = start, count
    while left:
        day += timedelta(days=1)
        weekend = day.strftime("%a") in ("Sat", "Sun")
        if day in work or not (weekend or day in off):
            left -= 1
    assert calendar.add_working(start, count) == day


@settings(max_examples=100, deadline=None)
@given(days_2026, st.integers(0, 25), st.sets(days_2026), days_2026)
def test_one_more_holiday_never_brings_the_day_forward(
    start: date, count: int, off: set[date], another: date
) -> None:
    years = frozenset({2026})
    before = Calendar(dict.fromkeys(off, ""), {}, years).add_working(start, count)
    after = Calendar(dict.fromkeys(off | {another}, ""), {}, years).add_working(start, count)
    assert after >= before


def test_the_published_chinese_calendar_gives_the_known_seventh_and_fifteenth_day() -> None:
    days = [date(2026, 1, 1) + timedelta(days=n) for n in range(365)]
    off = {d: "" for d in days if d.weekday() < 5 and not chinese_calendar.is_workday(d)}
    work = {d: "" for d in days if d.weekday() >= 5 and chinese_calendar.is_workday(d)}
    calendar = Calendar(off, work, frozenset({2026}))
    assert calendar.add_working(date(2026, 4, 27), 7) == date(2026, 5, 9)
    assert calendar.add_working(date(2026, 9, 29), 15) == date(2026, 10, 26)


def test_a_pack_calendar_is_read_with_its_names() -> None:
    rows = [a_day(), a_day(date="2026-02-14", day="work", name="调休")]
    calendar = read_calendar(rows, YEARS)
    assert (calendar.off, calendar.work) == ({SPRING: "春节"}, {MAKE_UP: "调休"})
    assert calendar.years == {2026}


def test_one_day_cannot_be_both_off_and_on() -> None:
    with pytest.raises(ValueError, match="2026-02-17 is both"):
        Calendar({SPRING: ""}, {SPRING: ""}, frozenset({2026}))


@pytest.mark.parametrize(
    ("cells", "told"),
    [
        ({"date": "17.2.2026"}, "calendar: row line 1, column date: '17.2.2026' is not a date"),
        ({"date": "2027-02-17"}, "calendar: row line 1, column date: 2027-02-17 belongs to a year"),
        ({"day": "holiday"}, "calendar: row line 1, column day: unknown code 'holiday'"),
    ],
)
def test_a_wrong_calendar_cell_is_named(cells: dict[str, str], told: str) -> None:
    with pytest.raises(BadTable) as refused:
        read_calendar([a_day(**cells)], YEARS)
    assert str(refused.value).startswith(told)


def test_a_day_named_twice_and_a_year_left_blank_are_named() -> None:
    with pytest.raises(BadTable, match=r"row line 2, column date: 2026-02-17 stands .* twice"):
        read_calendar([a_day(), a_day(day="work")], YEARS)
    with pytest.raises(BadTable, match="years: row line 1, column year: the year is missing"):
        read_calendar([], [{"year": "", "source": ""}])
