"""The clocks of a case: when each limit ends and how it stands, told by dated examples."""

import random
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import chinese_calendar
import pytest

from sujin.engine.sla import (
    Calendar,
    CalendarNotLoaded,
    Reading,
    State,
    Tick,
    earliest_due,
    lint,
    read,
    read_limits,
)
from sujin.engine.tables import BadTable

BEIJING = ZoneInfo("Asia/Shanghai")
DAYS_2026 = [date(2026, 1, 1) + timedelta(days=n) for n in range(365)]
CHINA = Calendar(
    {d: "" for d in DAYS_2026 if d.weekday() < 5 and not chinese_calendar.is_workday(d)},
    {d: "" for d in DAYS_2026 if d.weekday() >= 5 and chinese_calendar.is_workday(d)},
    frozenset({2026}),
)
BLANK = (
    *("tiers", "lanes", "article", "signoff", "count_start_day", "roll_to_workday", "post"),
    "stage",
)
ENDS = "answered|closed|withdrawn"


def row(row_id: str, clock: str, amount: int, unit: str, **cells: str) -> dict[str, str]:
    usual = {"starts": "received", "stops": ENDS, "basis": "institution", "title_zh": "办结"}
    start = {"row": row_id, "clock": clock, "amount": str(amount), "unit": unit}
    return {**dict.fromkeys(BLANK, ""), **usual, **start, **cells}


def law(row_id: str, amount: int, stage: str) -> dict[str, str]:
    return row(row_id, "decision", amount, "natural_day", stage=stage, basis="law", article="18")


DECISION = [law("d15", 15, "1"), law("d30", 30, "2"), law("d60", 60, "3")]
RESPONSE = [
    row("r2", "response", 2, "hour", tiers="urgent", stops=f"responded|{ENDS}"),
    row("r24", "response", 24, "hour", stops=f"responded|{ENDS}"),
]
HANDED = f"accepted|{ENDS}"
HAND_OVER = row("h4", "hand_over", 4, "hour", starts="offered", stops=f"accepted|refused|{ENDS}")
POSTS = [
    row("p_outlet", "post", 3, "working_day", starts="accepted", stops=HANDED, post="outlet"),
    row("p_branch", "post", 5, "working_day", starts="accepted", stops=HANDED, post="branch1"),
]


def at(local: str, zone: ZoneInfo = BEIJING) -> datetime:
    return datetime.fromisoformat(local).replace(tzinfo=zone)


def tick(kind: str, local: str, stage: int = 1, post: str = "") -> Tick:
    return Tick(kind, at(local), stage, post)


def readings(
    rows: list[dict[str, str]],
    ticks: list[Tick],
    now: str,
    *,
    tier: str = "ordinary",
    lane: str = "ordinary",
    zone: ZoneInfo = BEIJING,
    calendar: Calendar = CHINA,
) -> tuple[Reading, ...]:
    limits = read_limits(rows)
    return read(ticks, limits, calendar, tier=tier, lane=lane, now=at(now, zone), zone=zone)


def only(rows: list[dict[str, str]], ticks: list[Tick], now: str) -> Reading:
    (reading,) = readings(rows, ticks, now)
    return reading


RECEIVED = tick("received", "2026-01-28T10:00")


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
    hours = only([RESPONSE[1]], [RECEIVED, *_a_pause_of("2026-01-28T11:00", 90)], "2026-01-29")
    assert hours.due_at == at("2026-01-29T11:30:00")


def _a_pause_of(since: str, minutes: int) -> list[Tick]:
    start = at(since)
    return [Tick("paused", start), Tick("resumed", start + timedelta(minutes=minutes))]


def test_two_short_pauses_count_as_their_sum_and_not_as_a_day_each() -> None:
    short = _a_pause_of("2026-02-01T09:00", 600) + _a_pause_of("2026-02-03T09:00", 600)
    assert only(DECISION, [RECEIVED, *short], "2026-02-05").due_at == at("2026-02-13T23:59:59")


def test_while_a_pause_lasts_the_end_grows_and_nothing_is_overdue() -> None:
    paused = [RECEIVED, tick("paused", "2026-02-12T09:00")]
    told = only(DECISION, paused, "2026-03-01T10:00")
    assert (told.state, told.due_at) == (State.PAUSED, at("2026-03-02T23:59:59"))
    resumed = only(DECISION, [*paused, tick("resumed", "2026-03-01T10:00")], "2026-03-03")
    assert (resumed.state, resumed.due_at) == (State.OVERDUE, at("2026-03-02T23:59:59"))


def test_a_pause_begun_on_the_day_that_rounding_gave_still_holds_the_clock() -> None:
    story = [RECEIVED, *_a_pause_of("2026-02-01T09:00", 10), tick("paused", "2026-02-13T16:00")]
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
    three_days = _a_pause_of("2026-01-29T10:00", 3 * 24 * 60)
    rows = [row("x", "x", 3, "working_day")]
    assert only(rows, [RECEIVED, *three_days], "2026-02-05").due_at == at("2026-02-05T23:59:59")
    five_days = _a_pause_of("2026-01-29T10:00", 5 * 24 * 60)
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
    story = [RECEIVED, *_a_pause_of("2026-02-10T09:00", 5 * 24 * 60)]
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


def test_new_facts_restart_the_period_and_its_stages() -> None:
    story = [
        RECEIVED,
        tick("extended", "2026-02-01T09:00", stage=2),
        tick("restarted", "2026-02-05T16:00"),
    ]
    told = only(DECISION, story, "2026-02-06")
    assert (told.due_at, told.stage) == (at("2026-02-20T23:59:59"), 1)
    assert told.steps[0] == "begins restarted 2026-02-05T16:00:00+08:00"


def test_a_restart_undoes_an_ending_but_not_a_response() -> None:
    story = [
        RECEIVED,
        tick("responded", "2026-01-28T11:00"),
        tick("answered", "2026-02-03T11:00"),
        tick("restarted", "2026-02-05T16:00"),
    ]
    told = {one.clock: one for one in readings([*DECISION, *RESPONSE], story, "2026-02-06")}
    assert told["decision"].state is State.RUNNING
    assert told["response"].state is State.MET


def test_a_pause_that_outlasts_a_restart_goes_on() -> None:
    story = [RECEIVED, tick("paused", "2026-02-01T09:00"), tick("restarted", "2026-02-05T16:00")]
    told = only(DECISION, story, "2026-02-07T16:00")
    assert (told.state, told.due_at) == (State.PAUSED, at("2026-02-22T23:59:59"))


def test_what_is_dated_before_the_receipt_is_not_read() -> None:
    early = [
        tick("answered", "2026-01-27T10:00"),
        tick("extended", "2026-01-27T10:00", stage=3),
        tick("restarted", "2026-01-27T10:00"),
    ]
    told = only(DECISION, [*early, RECEIVED], "2026-02-01")
    assert told == only(DECISION, [RECEIVED], "2026-02-01")


def test_only_the_first_receipt_counts() -> None:
    again = tick("received", "2026-02-02T10:00")
    assert only(DECISION, [RECEIVED, again], "2026-02-03").due_at == at("2026-02-12T23:59:59")
    answered = tick("answered", "2026-02-01T10:00")
    assert only(DECISION, [RECEIVED, answered, again], "2026-02-03").state is State.MET


def test_ticks_are_read_in_time_order_and_those_of_one_moment_as_given() -> None:
    story = [RECEIVED, *_a_pause_of("2026-02-01T09:00", 600), tick("closed", "2026-02-20T09:00")]
    mixed = list(story)
    random.Random(4).shuffle(mixed)
    assert mixed != story
    assert only(DECISION, mixed, "2026-03-01") == only(DECISION, story, "2026-03-01")
    moment = "2026-02-01T09:00"
    pair = [tick("paused", moment), tick("resumed", moment)]
    assert only(DECISION, [RECEIVED, *pair], "2026-02-20").state is State.OVERDUE
    assert only(DECISION, [RECEIVED, *pair[::-1]], "2026-02-20").state is State.PAUSED


def test_a_reading_can_be_repeated_as_of_any_past_moment() -> None:
    story = [RECEIVED, tick("extended", "2026-02-10T09:00", stage=2)]
    then = only(DECISION, [*story, tick("answered", "2026-02-20T09:00")], "2026-02-11")
    assert then == only(DECISION, story, "2026-02-11")
    assert only(DECISION, story, "2026-01-28T09:59").state is State.WAITING


def test_what_happens_at_the_very_moment_of_reading_is_read() -> None:
    assert only(DECISION, [RECEIVED], "2026-01-28T10:00").state is State.RUNNING


def test_an_extension_after_the_answer_is_not_read() -> None:
    answered = [RECEIVED, tick("answered", "2026-02-05T09:00")]
    late = tick("extended", "2026-02-06T09:00", stage=2)
    told = only(DECISION, answered, "2026-03-01")
    assert only(DECISION, [*answered, late], "2026-03-01") == told


def test_only_an_extension_extends() -> None:
    odd = tick("responded", "2026-02-05T09:00", stage=2)
    assert only(DECISION, [RECEIVED, odd], "2026-02-06").row == "d15"


def test_a_clock_that_has_not_begun_waits() -> None:
    told = only([HAND_OVER], [RECEIVED], "2026-02-01")
    assert (told.state, told.due_at, told.left, told.steps) == (State.WAITING, None, None, ())
    assert only(DECISION, [], "2026-02-01").row == "d15"


def test_an_offer_made_again_does_not_reset_the_clock_of_who_should_accept() -> None:
    story = [RECEIVED, tick("offered", "2026-01-28T11:00"), tick("offered", "2026-01-28T14:00")]
    told = only([HAND_OVER], story, "2026-01-28T15:30")
    assert (told.state, told.due_at) == (State.OVERDUE, at("2026-01-28T15:00"))
    refused = [*story, tick("refused", "2026-01-28T14:30"), tick("offered", "2026-01-28T16:00")]
    told = only([HAND_OVER], refused, "2026-01-28T17:00")
    assert (told.state, told.due_at) == (State.RUNNING, at("2026-01-28T20:00"))


def test_each_post_answers_for_the_time_it_held_the_case() -> None:
    story = [
        RECEIVED,
        tick("accepted", "2026-01-28T10:00", post="outlet"),
        tick("accepted", "2026-01-30T10:00", post="outlet"),
        tick("accepted", "2026-02-04T10:00", post="branch1"),
    ]
    told = {one.post: one for one in readings(POSTS, story, "2026-02-05")}
    assert (told["outlet"].state, told["outlet"].due_at) == (
        State.MISSED,
        at("2026-02-02T23:59:59"),
    )
    assert told["outlet"].stopped_at == at("2026-02-04T10:00")
    assert (told["branch1"].state, told["branch1"].due_at) == (
        State.RUNNING,
        at("2026-02-11T23:59:59"),
    )
    back = [*story, tick("accepted", "2026-02-06T10:00", post="outlet")]
    again = {one.post: one for one in readings(POSTS, back, "2026-02-06T11:00")}
    assert again["outlet"].due_at == at("2026-02-11T23:59:59")
    assert again["branch1"].state is State.MET


def test_a_post_that_never_held_the_case_has_no_clock() -> None:
    assert readings(POSTS, [RECEIVED], "2026-02-05") == ()


def test_the_first_row_for_the_tier_and_lane_is_used() -> None:
    (urgent,) = readings(RESPONSE, [RECEIVED], "2026-01-28T10:30", tier="urgent")
    (ordinary,) = readings(RESPONSE, [RECEIVED], "2026-01-28T10:30")
    assert (urgent.row, ordinary.row) == ("r2", "r24")
    rows = [row("r4", "response", 4, "hour", lanes="regulator"), *RESPONSE]
    (transferred,) = readings(rows, [RECEIVED], "2026-01-28T10:30", lane="regulator")
    (direct,) = readings(rows, [RECEIVED], "2026-01-28T10:30")
    assert (transferred.row, direct.row) == ("r4", "r24")


def test_open_clocks_come_first_soonest_first_then_waiting_then_stopped() -> None:
    rows = [*DECISION, *RESPONSE, HAND_OVER, row("w", "week", 5, "working_day")]
    story = [RECEIVED, tick("responded", "2026-01-28T11:00")]
    told = readings(rows, story, "2026-01-29")
    assert [one.clock for one in told] == ["week", "decision", "hand_over", "response"]
    assert earliest_due(told) == told[0].due_at


def test_the_earliest_due_moment_is_that_of_a_clock_somebody_must_act_on() -> None:
    paused = readings(DECISION, [RECEIVED, tick("paused", "2026-02-01T09:00")], "2026-02-02")
    assert earliest_due(paused) is None
    assert earliest_due(readings(DECISION, [RECEIVED], "2026-06-01")) == at("2026-02-12T23:59:59")


def test_a_withdrawal_ends_the_procedure_that_day() -> None:
    told = only(DECISION, [RECEIVED, tick("withdrawn", "2026-01-30T08:00")], "2026-06-01")
    assert (told.state, told.stopped_at) == (State.MET, at("2026-01-30T08:00"))


def test_summer_time_changes_no_local_day_and_no_hour_of_work() -> None:
    london = ZoneInfo("Europe/London")
    story = [Tick("received", at("2026-03-28T12:00", london))]
    rows = [row("d", "days", 1, "natural_day"), RESPONSE[1]]
    told = {one.clock: one for one in readings(rows, story, "2026-03-28T13:00", zone=london)}
    assert told["days"].due_at == at("2026-03-29T23:59:59", london)
    assert told["response"].due_at == at("2026-03-29T13:00", london)


def test_the_zone_decides_which_day_a_moment_belongs_to() -> None:
    late_in_utc = Tick("received", datetime(2026, 1, 27, 16, 30, tzinfo=UTC))
    assert only(DECISION, [late_in_utc], "2026-02-01").due_at == at("2026-02-12T23:59:59")


def test_a_moment_without_a_zone_is_refused() -> None:
    naive = replace(RECEIVED, at=RECEIVED.at.replace(tzinfo=None))
    with pytest.raises(ValueError, match="2026-01-28T10:00:00 has no time zone"):
        only(DECISION, [naive], "2026-02-01")


def test_lint_is_silent_on_a_sound_table() -> None:
    assert lint(read_limits([*DECISION, *RESPONSE, HAND_OVER, *POSTS])) == []


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        ([*DECISION, law("d16", 16, "1")], "row d16 is never reached"),
        ([*RESPONSE, row("r9", "response", 9, "hour", tiers="complex")], "row r9 is never reached"),
        ([law("d15", 15, "1"), law("d9", 9, "2")], "row d9 is not longer than row d15"),
        ([law("d15", 15, "1"), law("also", 15, "2")], "row also is not longer than row d15"),
        ([{**DECISION[0], "tiers": "urgent"}, DECISION[1]], "leaves out complex, ordinary"),
        ([*DECISION, row("d90", "decision", 90, "hour", stage="4")], "row d90 is not longer"),
        ([DECISION[0], {**DECISION[1], "stops": "closed"}], "row d30 starts or stops unlike"),
        ([{**one, "tiers": "urgent|complex"} for one in DECISION], "leaves out ordinary, regul"),
        (DECISION[1:], "decision has no stage 1 for urgent, regulator"),
    ],
)
def test_lint_finds_what_would_leave_a_case_without_its_clock(
    rows: list[dict[str, str]], told: str
) -> None:
    assert any(told in one for one in lint(read_limits(rows))), lint(read_limits(rows))


@pytest.mark.parametrize(
    ("column", "cell", "why"),
    [
        ("unit", "day", "unknown code 'day'. Have: hour, natural_day, working_day"),
        ("amount", "", "the cell must not be blank"),
        ("amount", "0", "0 is below 1"),
        ("clock", "", "the cell must not be blank"),
        ("stage", "two", "'two' is not a whole number"),
        ("starts", "recieved", "unknown code 'recieved'"),
        ("stops", "answered|done", "unknown code 'done'"),
        ("stops", "", "a clock that nothing stops can never be met"),
        ("tiers", "high", "unknown code 'high'"),
        ("lanes", "fast", "unknown code 'fast'"),
        ("basis", "", "unknown code ''. Have: institution, law"),
        ("article", "", "a limit of the law must name its article"),
        ("signoff", "maybe", "'maybe' is neither yes nor no"),
        ("post", "manager", "unknown code 'manager'"),
        ("title_zh", "", "the sentence is missing"),
    ],
)
def test_a_wrong_cell_is_named_by_table_row_and_column(column: str, cell: str, why: str) -> None:
    with pytest.raises(BadTable) as told:
        read_limits([{**DECISION[0], column: cell}])
    assert str(told.value).startswith(f"clocks: row d15, column {column}: {why}")


def test_hours_cannot_roll_or_count_the_day_of_the_start() -> None:
    for switch in ("count_start_day", "roll_to_workday"):
        with pytest.raises(BadTable, match=f"row r24, column {switch}: hours are counted"):
            read_limits([{**RESPONSE[1], switch: "yes"}])
