"""How a clock begins, begins anew, stops and stands, told by dated examples."""

import random
from dataclasses import replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from sujin.engine.sla import State, Tick, earliest_due
from tests.engine.clock_story import (
    DECISION,
    HAND_OVER,
    POSTS,
    RECEIVED,
    RESPONSE,
    a_pause_of,
    at,
    only,
    readings,
    row,
    tick,
)


def test_new_facts_restart_the_period_and_its_stages() -> None:
    story = [
        RECEIVED,
        tick("extended", "2026-02-01T09:00", stage=2),
        tick("restarted", "2026-02-05T16:00"),
    ]
    told = only(DECISION, story, "2026-02-06")
    assert (told.due_at, told.stage) == (at("2026-02-20T23:59:59"), 1)
    assert told.steps[0] == "begins restarted 2026-02-05T16:00:00+08:00"


def entered(came: str, on: str) -> Tick:
    return Tick("restarted", at(came), entered=at(on))


def test_what_was_granted_before_a_restart_was_entered_is_of_the_old_run() -> None:
    anew = entered("2026-02-05T16:00", "2026-02-09T10:00")
    between = tick("extended", "2026-02-07T09:00", stage=2)
    told = only(DECISION, [RECEIVED, between, anew], "2026-02-10")
    assert (told.due_at, told.stage) == (at("2026-02-20T23:59:59"), 1)
    # The new run has its own extension, asked for after the restart was entered.
    after = tick("extended", "2026-02-09T11:00", stage=2)
    told = only(DECISION, [RECEIVED, between, anew, after], "2026-02-10")
    assert (told.due_at, told.stage) == (at("2026-03-07T23:59:59"), 2)
    # Of one moment the docket's order decides.
    same = tick("extended", "2026-02-09T10:00", stage=2)
    assert only(DECISION, [RECEIVED, same, anew], "2026-02-10").stage == 1
    assert only(DECISION, [RECEIVED, anew, same], "2026-02-10").stage == 2


def test_a_restart_is_not_read_before_it_was_entered() -> None:
    anew = entered("2026-02-05T16:00", "2026-02-09T10:00")
    assert only(DECISION, [RECEIVED, anew], "2026-02-08") == only(
        DECISION, [RECEIVED], "2026-02-08"
    )


def test_older_material_takes_the_extension_and_sets_the_start_not_back() -> None:
    story = [
        RECEIVED,
        tick("restarted", "2026-02-05T16:00"),
        tick("extended", "2026-02-06T09:00", stage=2),
        entered("2026-02-03T09:00", "2026-02-09T10:00"),
    ]
    told = only(DECISION, story, "2026-02-10")
    assert (told.due_at, told.stage) == (at("2026-02-20T23:59:59"), 1)


def test_a_late_response_stays_late_when_a_restart_is_dated_back() -> None:
    story = [
        RECEIVED,
        tick("responded", "2026-01-30T10:00"),
        entered("2026-01-29T16:00", "2026-02-09T10:00"),
    ]
    assert only([RESPONSE[1]], story, "2026-02-10").state is State.MISSED


def agreed(on: str, until: str) -> Tick:
    return Tick("agreed", at(on), until=at(until))


def test_an_early_date_agreed_on_and_missed_leaves_the_days_of_the_law_to_agree_again() -> None:
    first = agreed("2026-01-29T09:00", "2026-02-02T18:00")
    again = agreed("2026-02-05T09:00", "2026-02-20T18:00")
    told = only(DECISION, [RECEIVED, first, again], "2026-02-06")
    assert (told.state, told.due_at) == (State.RUNNING, at("2026-02-20T18:00"))
    # Until they agreed again it was overdue by what they had agreed on.
    assert only(DECISION, [RECEIVED, first, again], "2026-02-04").state is State.OVERDUE
    # After the limit of the law the agreed date still leaves its days, and after both nothing.
    later = agreed("2026-02-15T09:00", "2026-02-25T18:00")
    told = only(DECISION, [RECEIVED, first, again, later], "2026-02-16")
    assert told.due_at == at("2026-02-25T18:00")
    late = agreed("2026-02-15T09:00", "2026-02-25T18:00")
    told = only(DECISION, [RECEIVED, first, late], "2026-02-16")
    assert (told.state, told.due_at) == (State.OVERDUE, at("2026-02-02T18:00"))


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
    story = [RECEIVED, *a_pause_of("2026-02-01T09:00", 600), tick("closed", "2026-02-20T09:00")]
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
