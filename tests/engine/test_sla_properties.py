"""What must be true of every deadline, against an oracle that counts minute by minute."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo, available_timezones

from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from sujin.engine.sla import Calendar, Limit, Reading, Tick, Unit, read

ZONES = ("Asia/Shanghai", "Europe/London", "America/New_York", "Australia/Lord_Howe")
YEARS = frozenset(range(2019, 2033))
STEP = 10  # minutes; every moment of these stories lies on this grid
START = datetime(2024, 1, 1, tzinfo=UTC)
LONG_AGO = datetime(1990, 1, 1, tzinfo=UTC)
HOLIDAYS = Calendar(
    {date(2024, 2, day): "" for day in range(12, 17)}, {date(2024, 2, 18): ""}, YEARS
)


@dataclass(frozen=True)
class Story:
    """A case in steps of ten minutes after START: when it came, and when it rested."""

    received: int
    pauses: tuple[tuple[int, int], ...]

    def ticks(self) -> list[Tick]:
        told = [Tick("received", moment(self.received))]
        for since, until in self.pauses:
            told += [Tick("paused", moment(since)), Tick("resumed", moment(until))]
        return told


def moment(steps: int) -> datetime:
    return START + timedelta(minutes=STEP * steps)


def limit(amount: int, unit: Unit, *, roll: bool = False, first_day: bool = False) -> Limit:
    return Limit(
        row="x",
        clock="x",
        stage=1,
        amount=amount,
        unit=unit,
        starts="received",
        stops=frozenset({"closed"}),
        tiers=frozenset(),
        lanes=frozenset(),
        article="",
        basis="institution",
        signoff=False,
        title={},
        count_start_day=first_day,
        roll_to_workday=roll,
        post="",
    )


def reading(
    ticks: Sequence[Tick], limits: Sequence[Limit], zone: str, calendar: Calendar = HOLIDAYS
) -> Reading:
    now = datetime(2031, 1, 1, tzinfo=UTC)
    (told,) = read(
        ticks, limits, calendar, tier="urgent", lane="ordinary", now=now, zone=ZoneInfo(zone)
    )
    return told


def due(
    ticks: Sequence[Tick], limits: Sequence[Limit], zone: str, calendar: Calendar = HOLIDAYS
) -> datetime:
    at = reading(ticks, limits, zone, calendar).due_at
    assert at is not None
    return at.astimezone(UTC)


@st.composite
def stories(draw: st.DrawFn) -> Story:
    cuts = sorted(draw(st.sets(st.integers(0, 6 * 24 * 16), max_size=8)))
    pairs = list(zip(cuts[::2], cuts[1::2], strict=False))
    day = draw(st.integers(0, 300)) * 6 * 24
    received = draw(st.integers(0, 6 * 24 * 3))
    return Story(day + received, tuple((day + since, day + until) for since, until in pairs))


limits = st.one_of(
    st.builds(limit, st.integers(1, 90), st.just(Unit.HOUR)),
    st.builds(
        limit,
        st.integers(1, 6),
        st.sampled_from([Unit.NATURAL_DAY, Unit.WORKING_DAY]),
        roll=st.booleans(),
        first_day=st.booleans(),
    ),
)
zones = st.sampled_from(ZONES)


def works(day: date, calendar: Calendar) -> bool:
    return day in calendar.work or (day.isoweekday() < 6 and day not in calendar.off)


def naive_due(story: Story, rule: Limit, zone: ZoneInfo, calendar: Calendar) -> datetime:
    """Walks through the case ten minutes at a time and lets the end slip while it rests."""
    step, exact = story.received, naive_end(story.received, rule, zone, calendar)
    end = made_whole(exact, rule, zone, calendar)
    while moment(step) <= end:
        if any(since <= step < until for since, until in story.pauses):
            exact = max(exact, moment(step)) + timedelta(minutes=STEP)
            end = made_whole(exact, rule, zone, calendar)
        step += 1
    return end


def naive_end(received: int, rule: Limit, zone: ZoneInfo, calendar: Calendar) -> datetime:
    if rule.unit is Unit.HOUR:
        return moment(received) + timedelta(minutes=60 * rule.amount)
    day = moment(received).astimezone(zone).date()
    counts = 0
    if rule.count_start_day and (rule.unit is Unit.NATURAL_DAY or works(day, calendar)):
        counts = 1
    while counts < rule.amount:
        day += timedelta(days=1)
        counts += rule.unit is Unit.NATURAL_DAY or works(day, calendar)
    return datetime(day.year, day.month, day.day, 23, 59, 59, tzinfo=zone).astimezone(UTC)


def made_whole(exact: datetime, rule: Limit, zone: ZoneInfo, calendar: Calendar) -> datetime:
    if rule.unit is Unit.HOUR:
        return exact
    day = exact.astimezone(zone).date()
    while (rule.roll_to_workday or rule.unit is Unit.WORKING_DAY) and not works(day, calendar):
        day += timedelta(days=1)
    return datetime(day.year, day.month, day.day, 23, 59, 59, tzinfo=zone).astimezone(UTC)


@settings(max_examples=120, deadline=None)
@given(stories(), limits, zones)
def test_every_end_is_the_one_found_by_walking_through_the_case(
    story: Story, rule: Limit, zone: str
) -> None:
    expected = naive_due(story, rule, ZoneInfo(zone), HOLIDAYS)
    assert due(story.ticks(), [rule], zone) == expected


@settings(max_examples=200, deadline=None)
@given(stories(), limits, zones, st.integers(0, 500))
def test_a_later_start_never_ends_earlier(story: Story, rule: Limit, zone: str, by: int) -> None:
    later = replace(story, received=story.received + by)
    rests_after_both = all(since >= later.received for since, _ in story.pauses)
    assume(rests_after_both or rule.unit is Unit.HOUR)
    assert due(later.ticks(), [rule], zone) >= due(story.ticks(), [rule], zone)


@settings(max_examples=300, deadline=None)
@given(
    st.sampled_from(sorted(available_timezones())),
    st.integers(0, 110 * 365 * 86400).map(lambda second: LONG_AGO + timedelta(seconds=second)),
    st.timedeltas(timedelta(), timedelta(hours=30)),
    st.integers(1, 90),
)
@example("America/St_Johns", datetime(2009, 11, 1, 2, 30, 30, tzinfo=UTC), timedelta(minutes=1), 1)
@example("America/Nuuk", datetime(2026, 3, 28, 23, 30, tzinfo=UTC), timedelta(hours=2), 1)
@example("Antarctica/Casey", datetime(2010, 3, 4, 14, 30, tzinfo=UTC), timedelta(hours=1), 1)
@example("Pacific/Apia", datetime(2011, 12, 29, 12, tzinfo=UTC), timedelta(hours=3), 1)
def test_a_later_start_never_ends_earlier_anywhere_on_earth(
    zone: str, start: datetime, by: timedelta, amount: int
) -> None:
    early = Tick("received", start)
    late = Tick("received", early.at + by)
    plain = Calendar({}, {}, frozenset())
    for rule in (limit(amount, Unit.NATURAL_DAY), limit(amount, Unit.HOUR)):
        ends = [
            read(
                [tick],
                [rule],
                plain,
                tier="urgent",
                lane="ordinary",
                now=late.at + timedelta(days=200),
                zone=ZoneInfo(zone),
            )[0].due_at
            for tick in (early, late)
        ]
        assert ends[0] is not None and ends[1] is not None
        assert ends[0].astimezone(UTC) <= ends[1].astimezone(UTC)
        assert ends[0].astimezone(UTC) >= early.at


@settings(max_examples=150, deadline=None)
@given(stories(), limits, zones, st.dates(date(2024, 1, 1), date(2024, 12, 31)))
def test_one_more_holiday_never_shortens(
    story: Story, rule: Limit, zone: str, holiday: date
) -> None:
    assume(holiday not in HOLIDAYS.work)
    longer = Calendar({**HOLIDAYS.off, holiday: ""}, HOLIDAYS.work, YEARS)
    assert due(story.ticks(), [rule], zone, longer) >= due(story.ticks(), [rule], zone)


@settings(max_examples=150, deadline=None)
@given(stories(), limits, zones)
def test_a_pause_never_shortens(story: Story, rule: Limit, zone: str) -> None:
    without = replace(story, pauses=story.pauses[:-1])
    assert due(story.ticks(), [rule], zone) >= due(without.ticks(), [rule], zone)


@settings(max_examples=150, deadline=None)
@given(stories(), limits, zones, st.data())
def test_a_pause_cut_in_two_excludes_the_same(
    story: Story, rule: Limit, zone: str, data: st.DataObject
) -> None:
    assume(story.pauses)
    since, until = story.pauses[0]
    cut = data.draw(st.integers(since, until))
    halves = replace(story, pauses=((since, cut), (cut, until), *story.pauses[1:]))
    assert due(halves.ticks(), [rule], zone) == due(story.ticks(), [rule], zone)


@settings(max_examples=150, deadline=None)
@given(stories(), limits, zones, st.integers(0, 400), st.integers(1, 60))
def test_an_extension_never_shortens(
    story: Story, rule: Limit, zone: str, after: int, more: int
) -> None:
    longer = replace(rule, stage=2, amount=rule.amount + more)
    extended = Tick("extended", moment(story.received + after), stage=2)
    before = due(story.ticks(), [rule, longer], zone)
    assert due([*story.ticks(), extended], [rule, longer], zone) >= before


@settings(max_examples=150, deadline=None)
@given(stories(), limits, zones, st.integers(1, 400))
def test_a_restart_counts_as_if_the_matter_had_been_received_then(
    story: Story, rule: Limit, zone: str, after: int
) -> None:
    anew = replace(story, received=story.received + after)
    restarted = Tick("restarted", moment(anew.received))
    assert due([*story.ticks(), restarted], [rule], zone) == due(anew.ticks(), [rule], zone)


@settings(max_examples=100, deadline=None)
@given(stories(), limits, zones, st.randoms(use_true_random=False))
def test_a_reading_depends_on_nothing_but_what_it_is_given(
    story: Story, rule: Limit, zone: str, chance: object
) -> None:
    ticks = story.ticks()
    moments = [tick.at for tick in ticks]
    assume(len(set(moments)) == len(moments))
    first = reading(ticks, [rule], zone)
    assert reading(ticks, [rule], zone) == first
    chance.shuffle(ticks)  # type: ignore[attr-defined]
    assert reading(ticks, [rule], zone) == first
