"""What must be true of who had the ball, whatever happened to a case."""

import itertools
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from sujin.engine.custody import Custody, Event, read
from sujin.engine.rates import Share

START = datetime(2026, 3, 2, 9, tzinfo=UTC)
OUTLET, BRANCH, HEAD = 1, 2, 3
WANG, CHEN, ZHOU = 11, 12, 13


def at(hours: float) -> datetime:
    return START + timedelta(hours=hours)


RECEIPT = Event(START, "registered", desk=OUTLET, person=WANG)
STEPS = st.sampled_from(
    [
        Event(START, "routed", desk=OUTLET, person=WANG, told=True, due_at=at(30)),
        Event(START, "routed", desk=BRANCH, person=CHEN, told=True, due_at=at(8)),
        Event(START, "claimed", person=ZHOU, worked=True),
        Event(START, "accepted", desk=HEAD, person=ZHOU, told=True, due_at=at(60)),
        Event(START, "declined", declines=True),
        Event(START, "paused", pauses=True, told=True),
        Event(START, "resumed", resumes=True, told=True, due_at=at(90)),
        Event(START, "answered", ends="answered", told=True),
        Event(START, "closed", ends="closed", told=True),
        Event(START, "reopened", begins=True, desk=HEAD, person=ZHOU, told=True, due_at=at(200)),
        Event(START, "noted"),
    ]
)
HOURS = st.integers(min_value=0, max_value=30)


@st.composite
def dockets(draw: st.DrawFn) -> list[Event]:
    """A receipt and up to fifteen things after it, some of them in the same moment."""
    moment, events = START, [RECEIPT]
    for event in draw(st.lists(STEPS, max_size=15)):
        moment += timedelta(hours=draw(HOURS))
        events.append(replace(event, at=moment))
    return events


def rounds(events: list[Event], now: datetime) -> list[tuple[datetime, datetime]]:
    """The stretches in which somebody had the ball, told without spells: an oracle."""
    found: list[tuple[datetime, datetime]] = []
    since: datetime | None = events[0].at
    for event in events[1:]:
        if event.begins and since is None:
            since = event.at
        if event.ends and since is not None:
            found.append((since, event.at))
            since = None
    return [*found, (since, now)] if since else found


@given(dockets())
def test_the_spells_cover_exactly_receipt_to_answer_and_never_overlap(events: list[Event]) -> None:
    now = events[-1].at + timedelta(hours=5)
    reading = read(events)
    ends = [(one.since, one.until or now) for one in reading.spells]
    assert all(since <= until for since, until in ends)
    for since, until in rounds(events, now):
        inside = [pair for pair in ends if since <= pair[0] and pair[1] <= until]
        inside = [pair for pair in inside if pair[0] < pair[1]]
        assert sum((b - a for a, b in inside), timedelta(0)) == until - since
        assert all(a[1] == b[0] for a, b in itertools.pairwise(inside))


@given(dockets())
def test_time_in_pauses_is_nobodys_here_and_the_shares_sum_to_one(events: list[Event]) -> None:
    now = events[-1].at + timedelta(hours=5)
    reading = read(events)
    paused = _minutes_paused(events, now)
    for spell in reading.spells:
        stop = spell.until or now
        inside = sum(spell.since <= minute < stop for minute in paused)
        assert spell.held(now) == stop - spell.since - timedelta(hours=inside)
    whole = sum(one.held(now).total_seconds() for one in reading.spells)
    shares = [Share(one.held(now).total_seconds(), whole).rate or 0 for one in reading.spells]
    assert not whole or sum(shares) == pytest.approx(1)


def _minutes_paused(events: list[Event], now: datetime) -> list[datetime]:
    """Every whole hour that lies in a pause, counted one by one."""
    hours, paused, place = [], False, 0
    moment = START
    while moment < now:
        while place < len(events) and events[place].at <= moment:
            paused = (paused or events[place].pauses) and not events[place].resumes
            place += 1
        if paused:
            hours.append(moment)
        moment += timedelta(hours=1)
    return hours


@given(dockets(), st.integers(min_value=1, max_value=16))
def test_what_was_read_early_is_the_beginning_of_what_is_read_later(
    events: list[Event], length: int
) -> None:
    # Cut where time passes: within one moment nobody can say what was first.
    assume(length >= len(events) or events[length].at > events[length - 1].at)
    early, late = read(events[:length]), read(events)
    over = [one for one in early.spells if one.until is not None]
    assert list(late.spells[: len(over)]) == over
    for still, later in zip(early.spells[len(over) :], late.spells[len(over) :], strict=False):
        assert (still.desk, still.person, still.since) == (later.desk, later.person, later.since)
    assert len(late.spells) >= len(early.spells)
    assert late.trail[: len(early.trail)] == early.trail
    assert late.declined >= early.declined


def _of(*events: Event) -> Custody:
    return read([RECEIPT, *events])


def test_an_ending_that_was_undone_was_never_heard() -> None:
    routed = Event(START, "routed", desk=BRANCH, person=CHEN)
    merged = Event(at(5), "merged", ends="merged", told=True)
    undone = Event(at(9), "unmerged", undoes="merged")
    answered = Event(at(12), "answered", ends="answered")
    assert _of(routed, merged, undone, answered) == _of(routed, answered)
    assert _of(routed, merged, answered) != _of(routed, answered)


def test_an_offer_moves_nothing_and_a_return_is_a_hand_back() -> None:
    reading = _of(
        Event(START, "routed", desk=BRANCH, person=CHEN),
        Event(at(1), "offered"),
        Event(at(2), "declined", declines=True),
        Event(at(3), "accepted", desk=HEAD, person=ZHOU),
        Event(at(4), "accepted", desk=BRANCH, person=CHEN),
    )
    assert (reading.hops, reading.hand_backs) == (2, 2)
    assert [(one.desk, one.until) for one in reading.spells] == [
        (BRANCH, at(3)),
        (HEAD, at(4)),
        (BRANCH, None),
    ]


def test_a_limit_runs_out_on_whoever_has_the_ball_then_and_is_named_once() -> None:
    due = {"told": True, "due_at": at(8), "due_clock": "post"}
    reading = _of(
        Event(START, "routed", desk=BRANCH, person=CHEN, **due),  # type: ignore[arg-type]
        Event(at(10), "accepted", desk=HEAD, person=ZHOU, **due),  # type: ignore[arg-type]
        Event(at(12), "answered", ends="answered", told=True),
    )
    (over,) = reading.overruns
    assert (over.desk, over.clock, over.due_at, over.until) == (BRANCH, "post", at(8), at(12))
    kept = _of(
        Event(START, "routed", desk=BRANCH, person=CHEN, **due),  # type: ignore[arg-type]
        Event(at(8), "answered", ends="answered", told=True),
    )
    assert kept.overruns == ()


def test_a_docket_without_a_receipt_is_refused() -> None:
    with pytest.raises(ValueError, match="receipt"):
        read([])
    with pytest.raises(ValueError, match="receipt"):
        read([Event(START, "noted")])


def test_a_small_share_carries_wilsons_interval() -> None:
    # Newcombe (1998), Statistics in Medicine 17, table II: 81 of 263 and 1 of 29.
    assert Share(81, 263).interval == pytest.approx((0.2553, 0.3662), abs=1e-4)
    assert Share(1, 29).interval == pytest.approx((0.0061, 0.1718), abs=1e-4)
    assert Share(0, 0).rate is None and Share(0, 0).interval == (0.0, 1.0)
    assert Share(3, 19).is_small and not Share(3, 20).is_small


def test_a_reading_that_forgets_the_pauses_is_seen() -> None:
    """The known-bad control: time in a pause laid at the desk's door."""
    reading = _of(
        Event(START, "routed", desk=BRANCH, person=CHEN),
        Event(at(2), "paused", pauses=True),
        Event(at(5), "resumed", resumes=True),
        Event(at(6), "answered", ends="answered"),
    )
    (spell,) = reading.spells
    forgetful = replace(spell, waited=timedelta(0))
    assert spell.held(at(9)) == timedelta(hours=3)
    assert forgetful.held(at(9)) == timedelta(hours=6)
