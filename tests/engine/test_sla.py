"""When each limit of a case ends, told by dated examples."""

from datetime import date, timedelta

import pytest

from sujin.engine.sla import Calendar, CalendarNotLoaded, State
from tests.engine.clock_story import (
    DECISION,
    RECEIVED,
    RESPONSE,
    a_pause_of,
    at,
    law,
    only,
    readings,
    row,
    tick,
)


@pytest.mark.parametrize(
    ("receipt", "natural", "working"),
    [
        ("2026-01-28", ("02-12", "02-27", "03-29"), ("02-06", "02-25")),
        ("2026-02-10", ("02-25", "03-12", "04-11"), ("02-26", "03-09")),
        ("2026-04-27", ("05-12", "05-27", "06-26"), ("05-09", "05-20")),
        ("2026-09-25", ("10-10", "10-25", "11-24"), ("10-12", "10-22")),
        ("2026-09-29", ("10-14", "10-29", "11-28"), ("10-14", "10-26")),
    ],
)
@pytest.mark.parametrize("hour", ["00:00", "10:00", "23:59:59"])
def test_the_dated_examples_of_the_law_and_of_the_published_holidays(
    receipt: str, natural: tuple[str, ...], working: tuple[str, ...], hour: str
) -> None:
    limits = [
        *((days, "natural_day", due) for days, due in zip((15, 30, 60), natural, strict=True)),
        *((days, "working_day", due) for days, due in zip((7, 15), working, strict=True)),
    ]
    for days, unit, due in limits:
        told = only([row("x", "x", days, unit)], [tick("received", f"{receipt}T{hour}")], receipt)
        if hour != "00:00":
            assert told.state is State.WAITING
        told = only(
            [row("x", "x", days, unit)], [tick("received", f"{receipt}T{hour}")], "2026-12-31"
        )
        assert told.due_at == at(f"2026-{due}T23:59:59")


def test_a_complaint_received_over_spring_festival_2020_ran_through_the_longer_holiday() -> None:
    off = [date(2020, 1, day) for day in (24, 27, 28, 29, 30, 31)]
    calendar = Calendar(dict.fromkeys(off, "春节"), {date(2020, 1, 19): "调休"}, frozenset({2020}))
    rows = [row("x", "x", 7, "working_day")]
    (told,) = readings(
        rows, [tick("received", "2020-01-21T09:00")], "2020-01-22", calendar=calendar
    )
    assert told.due_at == at("2020-02-07T23:59:59")


def test_a_year_has_its_leap_day() -> None:
    rows = [row("x", "x", 15, "natural_day")]
    due = [only(rows, [tick("received", day)], "2029-01-01").due_at for day in _februaries()]
    assert due == [at("2028-03-03T23:59:59"), at("2027-03-04T23:59:59")]


def _februaries() -> tuple[str, str]:
    return "2028-02-17T10:00", "2027-02-17T10:00"


def test_the_last_second_of_the_last_day_is_in_time_and_the_next_one_is_not() -> None:
    in_time = only(DECISION, [RECEIVED, tick("answered", "2026-02-12T23:59:59")], "2026-03-01")
    late = only(DECISION, [RECEIVED, tick("answered", "2026-02-13T00:00:00")], "2026-03-01")
    assert (in_time.state, in_time.left) == (State.MET, timedelta())
    assert (late.state, late.left) == (State.MISSED, -timedelta(seconds=1))
    within = tick("answered", "2026-02-12T23:59:59.700000")
    assert only(DECISION, [RECEIVED, within], "2026-03-01").state is State.MET


def test_an_hour_limit_ends_on_the_instant() -> None:
    rows = [RESPONSE[1]]
    assert only(rows, [RECEIVED], "2026-01-29T10:00:00").state is State.RUNNING
    overdue = only(rows, [RECEIVED], "2026-01-29T10:00:00.000001")
    assert (overdue.state, overdue.left) == (State.OVERDUE, -timedelta(microseconds=1))


def test_a_row_may_count_the_day_of_the_start() -> None:
    rows = [row("x", "x", 15, "natural_day", count_start_day="yes")]
    assert only(rows, [RECEIVED], "2026-02-01").due_at == at("2026-02-11T23:59:59")
    working = [row("x", "x", 1, "working_day", count_start_day="yes")]
    assert only(working, [RECEIVED], "2026-02-01").due_at == at("2026-01-28T23:59:59")
    saturday = tick("received", "2026-01-31T10:00")
    assert only(working, [saturday], "2026-02-01").due_at == at("2026-02-02T23:59:59")


def test_a_row_may_roll_to_the_next_working_day() -> None:
    rows = [row("x", "x", 15, "natural_day", roll_to_workday="yes")]
    into_festival = tick("received", "2026-02-01T10:00")
    assert only(rows, [into_festival], "2026-02-02").due_at == at("2026-02-24T23:59:59")
    assert only(rows, [RECEIVED], "2026-02-01").due_at == at("2026-02-12T23:59:59")


def test_an_unloaded_year_only_matters_to_a_limit_that_needs_it() -> None:
    in_december = [tick("received", "2026-12-30T10:00")]
    assert only(DECISION, in_december, "2026-12-31").due_at == at("2027-01-14T23:59:59")
    for unit, roll in (("working_day", ""), ("natural_day", "yes")):
        with pytest.raises(CalendarNotLoaded, match="no year 2027"):
            only([row("x", "x", 5, unit, roll_to_workday=roll)], in_december, "2026-12-31")


def test_a_pause_moves_the_end_by_its_elapsed_time_and_then_to_the_end_of_that_day() -> None:
    pause = [tick("paused", "2026-02-01T09:00"), tick("resumed", "2026-02-01T15:00")]
    told = only(DECISION, [RECEIVED, *pause], "2026-02-05")
    assert told.due_at == at("2026-02-13T23:59:59")
    assert told.steps == (
        "begins received 2026-01-28T10:00:00+08:00",
        "excludes 21600 seconds",
        "ends d15 15 natural_day 2026-02-13T23:59:59+08:00",
    )
    hours = only([RESPONSE[1]], [RECEIVED, *a_pause_of("2026-01-28T11:00", 90)], "2026-01-29")
    assert hours.due_at == at("2026-01-29T11:30:00")


def test_two_short_pauses_count_as_their_sum_and_not_as_a_day_each() -> None:
    short = a_pause_of("2026-02-01T09:00", 600) + a_pause_of("2026-02-03T09:00", 600)
    assert only(DECISION, [RECEIVED, *short], "2026-02-05").due_at == at("2026-02-13T23:59:59")


def test_while_a_pause_lasts_the_end_grows_and_nothing_is_overdue() -> None:
    paused = [RECEIVED, tick("paused", "2026-02-12T09:00")]
    told = only(DECISION, paused, "2026-03-01T10:00")
    assert (told.state, told.due_at) == (State.PAUSED, at("2026-03-02T23:59:59"))
    resumed = only(DECISION, [*paused, tick("resumed", "2026-03-01T10:00")], "2026-03-03")
    assert (resumed.state, resumed.due_at) == (State.OVERDUE, at("2026-03-02T23:59:59"))


def test_a_pause_begun_on_the_day_that_rounding_gave_still_holds_the_clock() -> None:
    story = [RECEIVED, *a_pause_of("2026-02-01T09:00", 10), tick("paused", "2026-02-13T16:00")]
    for now, due in (("2026-02-14T00:10", "02-14"), ("2026-02-16T12:00", "02-16")):
        told = only(DECISION, story, now)
        assert (told.state, told.due_at) == (State.PAUSED, at(f"2026-{due}T23:59:59"))


def test_a_pause_after_the_end_repairs_nothing() -> None:
    late = [RECEIVED, tick("paused", "2026-02-13T00:00")]
    told = only(DECISION, late, "2026-03-01")
    assert (told.state, told.due_at) == (State.OVERDUE, at("2026-02-12T23:59:59"))


def test_a_stray_resume_and_a_second_pause_change_nothing() -> None:
    odd = [
        tick("resumed", "2026-01-29T09:00"),
        tick("paused", "2026-02-01T09:00"),
        tick("paused", "2026-02-02T09:00"),
        tick("resumed", "2026-02-03T09:00"),
        tick("resumed", "2026-02-08T09:00"),
    ]
    assert only(DECISION, [RECEIVED, *odd], "2026-02-05").due_at == at("2026-02-14T23:59:59")


def test_a_pause_already_running_at_the_start_counts_from_the_start() -> None:
    before = [tick("paused", "2026-01-20T10:00"), tick("resumed", "2026-01-29T10:00")]
    assert only(DECISION, [RECEIVED, *before], "2026-02-05").due_at == at("2026-02-13T23:59:59")


def test_a_working_day_limit_never_ends_on_a_day_off() -> None:
    three_days = a_pause_of("2026-01-29T10:00", 3 * 24 * 60)
    rows = [row("x", "x", 3, "working_day")]
    assert only(rows, [RECEIVED, *three_days], "2026-02-05").due_at == at("2026-02-05T23:59:59")
    five_days = a_pause_of("2026-01-29T10:00", 5 * 24 * 60)
    assert only(rows, [RECEIVED, *five_days], "2026-02-05").due_at == at("2026-02-09T23:59:59")


def test_extensions_lift_from_fifteen_to_thirty_to_sixty_days_from_receipt() -> None:
    second = tick("extended", "2026-02-12T23:59:59", stage=2)
    told = only(DECISION, [RECEIVED, second], "2026-02-20")
    assert (told.due_at, told.row, told.stage) == (at("2026-02-27T23:59:59"), "d30", 2)
    assert told.allowed == "30 natural_day"
    third = tick("extended", "2026-02-27T09:00", stage=3)
    told = only(DECISION, [RECEIVED, second, third], "2026-03-01")
    assert (told.due_at, told.row, told.stage) == (at("2026-03-29T23:59:59"), "d60", 3)


def test_an_extension_after_the_end_repairs_nothing() -> None:
    late = tick("extended", "2026-02-13T00:00", stage=2)
    told = only(DECISION, [RECEIVED, late], "2026-02-20")
    assert (told.state, told.row) == (State.OVERDUE, "d15")
    assert "late 2 extended 2026-02-13T00:00:00+08:00" in told.steps


def test_a_pause_may_carry_the_end_past_the_day_an_extension_is_granted() -> None:
    story = [RECEIVED, *a_pause_of("2026-02-10T09:00", 5 * 24 * 60)]
    extended = tick("extended", "2026-02-17T09:00", stage=2)
    told = only(DECISION, [*story, extended], "2026-02-20")
    assert told.due_at == at("2026-03-04T23:59:59")


def test_an_extension_to_a_stage_the_clock_does_not_have_takes_the_one_below_it() -> None:
    told = only(
        DECISION[:2], [RECEIVED, tick("extended", "2026-02-01T09:00", stage=3)], "2026-02-02"
    )
    assert told.row == "d30"
    told = only(
        DECISION[:1], [RECEIVED, tick("extended", "2026-02-01T09:00", stage=3)], "2026-02-02"
    )
    assert (told.row, told.stage) == ("d15", 1)


def test_an_extension_that_would_shorten_changes_nothing() -> None:
    rows = [law("d15", 15, "1"), law("d9", 9, "2")]
    told = only(rows, [RECEIVED, tick("extended", "2026-02-01T09:00", stage=2)], "2026-02-02")
    assert (told.row, told.due_at) == ("d15", at("2026-02-12T23:59:59"))


def test_an_extension_counts_even_when_a_holiday_makes_both_ends_equal_that_day() -> None:
    """Granted while the case rests: both stages end on the same day after the holiday as far as
    anybody can see, and only the rest that follows tells them apart."""
    rows = [
        row("d29", "x", 29, "natural_day", roll_to_workday="yes"),
        row("d33", "x", 33, "natural_day", roll_to_workday="yes", stage="2"),
    ]
    told = [
        tick("received", "2026-09-02T11:00"),
        tick("paused", "2026-09-04T11:00"),
        tick("extended", "2026-09-05T17:00", stage=2),
        tick("resumed", "2026-09-18T19:00"),
    ]
    reading = only(rows, told, "2026-12-31")
    assert reading.row == "d33"
