"""Twenty thousand cases against an oracle that walks through each one hour by hour and day by day.

The oracle was written from the articles and knows nothing of the engine: it crosses off days on the
real calendars, and while a case rests it lets the end slip by an hour every hour. New facts make it
a matter received on the day they came, of which only what was granted after they were written down
is true; a date agreed on holds if the law or the last agreed date still left time to agree. What
the articles leave open is drawn, too: new facts that shorten nothing, rests that move a date.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from sujin.complaints.rulebook import calendar
from sujin.engine import deadline, sla
from sujin.engine.limits import Limit, Unit
from sujin.engine.sla import Tick, Unsettled, read
from tests.engine.test_sla_properties import limit

CASES = 20_000
HOUR = timedelta(hours=1)
PLACES = {"cn": "Asia/Shanghai", "gb": "Europe/London", "eu": "Europe/Brussels"}
FIRST = {"cn": date(2005, 1, 3), "gb": date(2024, 1, 3), "eu": date(2024, 1, 3)}
SPAN_DAYS = {"cn": 7600, "gb": 1400, "eu": 1400}
MOST_DAYS = {"cn": 60, "gb": 56, "eu": 35}
Crossing = Callable[[date, int], date]


@dataclass(frozen=True)
class Case:
    """One matter: where, under which row, received when, resting when, extended or not, which dates
    were agreed on when, and when new facts came and were entered."""

    place: str
    row: Limit
    longer: Limit
    received: datetime
    pauses: tuple[tuple[datetime, datetime], ...]
    extended: datetime | None
    agreed: tuple[tuple[datetime, datetime], ...] = ()
    anew: tuple[datetime, datetime] | None = None
    open: Unsettled = field(default_factory=Unsettled)

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(PLACES[self.place])


def drawn(chance: Random) -> Case:
    place = chance.choice(sorted(PLACES))
    unit = chance.choice([Unit.NATURAL_DAY, Unit.NATURAL_DAY, Unit.WORKING_DAY, Unit.HOUR])
    amount = chance.randint(1, 90 if unit is Unit.HOUR else MOST_DAYS[place] // 2)
    row = a_row(unit, amount, chance)
    day = FIRST[place] + timedelta(days=chance.randrange(SPAN_DAYS[place]))
    received = datetime(day.year, day.month, day.day, tzinfo=UTC) + HOUR * chance.randrange(24)
    starts = sorted(chance.sample(range(24 * 20), 2 * chance.choice([0, 0, 0, 1, 1, 2])))
    rests = [received + HOUR * hour for hour in starts]
    extended = received + HOUR * chance.randrange(24 * 30) if chance.random() < 0.3 else None
    return Case(
        place=place,
        row=row,
        longer=replace(row, row="y", stage=2, amount=amount + chance.randint(1, 15)),
        received=received,
        pauses=tuple(zip(rests[::2], rests[1::2], strict=True)),
        extended=extended,
        agreed=tuple(sorted(some_dates(received, chance))) if unit is not Unit.HOUR else (),
        anew=new_facts(received, chance),
        open=Unsettled(chance.random() < 0.5, chance.random() < 0.5),
    )


def some_dates(received: datetime, chance: Random) -> Iterator[tuple[datetime, datetime]]:
    for _date in range(chance.choice([0, 0, 0, 1, 2])):
        on = received + HOUR * chance.randrange(24 * 30)
        yield on, on + HOUR * chance.randint(1, 24 * 30)


def new_facts(received: datetime, chance: Random) -> tuple[datetime, datetime] | None:
    """They came, and were entered at once or some days later."""
    if chance.random() < 0.6:
        return None
    came = received + HOUR * chance.randint(1, 24 * 20)
    return came, came + HOUR * chance.choice([0, 0, chance.randrange(24 * 12)])


def a_row(unit: Unit, amount: int, chance: Random) -> Limit:
    is_hours = unit is Unit.HOUR
    drawn = limit(
        amount,
        unit,
        first_day=not is_hours and chance.random() < 0.2,
        roll=not is_hours and chance.random() < 0.3,
    )
    # Of all clocks a date may be agreed on for this one only.
    return replace(drawn, clock="decision")


def by_the_engine(case: Case) -> datetime:
    ticks = [Tick("received", case.received)]
    for since, until in case.pauses:
        ticks += [Tick("paused", since), Tick("resumed", until)]
    if case.extended is not None:
        ticks.append(Tick("extended", case.extended, stage=2))
    ticks += [Tick("agreed", on, until=until) for on, until in case.agreed]
    if case.anew is not None:
        came, entered = case.anew
        ticks.append(Tick("restarted", came, entered=entered))
    (told,) = read(
        ticks,
        [case.row, case.longer],
        calendar(case.place),
        tier="ordinary",
        lane="ordinary",
        now=case.received + timedelta(days=400),
        zone=case.zone,
        unsettled=case.open,
    )
    assert told.due_at is not None
    return told.due_at.astimezone(UTC)


# The oracle.


def by_walking(case: Case) -> datetime:
    if case.anew is None:
        return agreed_end(case, extended_end(case))
    begun = begun_anew(case, *case.anew)
    by_law = extended_end(begun)
    if not case.open.restart_may_shorten:
        by_law = max(by_law, by_walking(not_begun(case, case.anew[1])))
    return agreed_end(begun, by_law)


def agreed_end(case: Case, by_law: datetime) -> datetime:
    end = by_law
    for on, until in case.agreed:
        if not (is_over(case.row, on, by_law) and is_over(case.row, on, end)):
            end = until
            if case.open.pauses_move_agreed:
                rests = tuple((max(since, on), to) for since, to in case.pauses if to > on)
                end = slipped(case, case.row, rests, until, until)
    return end


def not_begun(case: Case, entered: datetime) -> Case:
    """The old matter, as if nobody had written down anything new."""
    is_old = case.extended is not None and case.extended <= entered
    return replace(
        case,
        extended=case.extended if is_old else None,
        agreed=tuple(pair for pair in case.agreed if pair[0] <= entered),
        anew=None,
    )


def begun_anew(case: Case, came: datetime, entered: datetime) -> Case:
    """A matter received with the new facts: what was granted or agreed on before anybody had
    written them down was of the old one."""
    rests = tuple((max(since, came), until) for since, until in case.pauses if until > came)
    is_new = case.extended is not None and case.extended > entered
    return replace(
        case,
        received=came,
        pauses=rests,
        extended=case.extended if is_new else None,
        agreed=tuple(pair for pair in case.agreed if pair[0] > entered),
        anew=None,
    )


def extended_end(case: Case) -> datetime:
    short = walked(case, case.row, case.pauses)
    if case.extended is None:
        return short
    known = tuple((since, min(until, case.extended)) for since, until in case.pauses)
    told = walked(case, case.row, tuple(pair for pair in known if pair[0] < pair[1]))
    is_late = case.extended > told if case.row.unit is Unit.HOUR else case.extended >= told + SECOND
    return short if is_late else walked(case, case.longer, case.pauses)


SECOND = timedelta(seconds=1)


def walked(case: Case, row: Limit, pauses: tuple[tuple[datetime, datetime], ...]) -> datetime:
    """Hour by hour: while it rests, what is left of the time stays the same, so the end slips."""
    exact = first_end(case, row)
    end = whole(case, row, exact) if row.roll_to_workday else exact
    return slipped(case, row, pauses, exact, end)


def slipped(
    case: Case,
    row: Limit,
    pauses: tuple[tuple[datetime, datetime], ...],
    exact: datetime,
    end: datetime,
) -> datetime:
    for since, until in pauses:
        hour = since
        if is_over(row, hour, end):
            continue
        while hour < until:
            exact = max(exact, hour) + HOUR
            hour += HOUR
        end = whole(case, row, exact)
    return end


def is_over(row: Limit, moment: datetime, end: datetime) -> bool:
    return moment > end if row.unit is Unit.HOUR else moment >= end + SECOND


def first_end(case: Case, row: Limit) -> datetime:
    if row.unit is Unit.HOUR:
        return case.received + HOUR * row.amount
    day = case.received.astimezone(case.zone).date()
    left = row.amount
    if row.count_start_day and counts(case, row, day):
        left -= 1
    while left:
        day += timedelta(days=1)
        left -= counts(case, row, day)
    return last_second(case, day)


def counts(case: Case, row: Limit, day: date) -> bool:
    return row.unit is Unit.NATURAL_DAY or works(case, day)


def works(case: Case, day: date) -> bool:
    known = calendar(case.place)
    if day in known.work:
        return True
    return day.isoweekday() <= 5 and day not in known.off


def whole(case: Case, row: Limit, exact: datetime) -> datetime:
    if row.unit is Unit.HOUR:
        return exact
    day = exact.astimezone(case.zone).date()
    while (row.roll_to_workday or row.unit is Unit.WORKING_DAY) and not works(case, day):
        day += timedelta(days=1)
    return last_second(case, day)


def last_second(case: Case, day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 23, 59, 59, tzinfo=case.zone).astimezone(UTC)


def disagreeing(count: int, seed: int) -> list[Case]:
    chance = Random(seed)
    cases = (drawn(chance) for _case in range(count))
    return [case for case in cases if by_the_engine(case) != by_walking(case)]


def test_every_one_of_twenty_thousand_cases_ends_when_the_oracle_says() -> None:
    assert disagreeing(CASES, seed=2026) == []


@pytest.mark.parametrize("off", [-1, 1])
def test_a_planted_day_too_many_or_too_few_is_caught(
    off: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The known-bad control: the engine counts one day wrongly."""
    honest = deadline._exact_end

    def dishonest(row: Limit, start: datetime, place: deadline.Place) -> datetime:
        return honest(replace(row, amount=max(1, row.amount + off)), start, place)

    monkeypatch.setattr(deadline, "_exact_end", dishonest)
    assert len(disagreeing(500, seed=2026)) > 300


def test_the_old_run_s_extensions_and_dates_in_the_new_run_are_caught(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The known-bad control: the engine reads a restart on the day of the material."""
    monkeypatch.setattr(Tick, "known", property(lambda tick: tick.at))
    assert len(disagreeing(4000, seed=2026)) > 20


@pytest.mark.parametrize("switch", ["restart_may_shorten", "pauses_move_agreed"])
def test_an_engine_that_heeds_no_switch_is_caught(
    switch: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The known-bad control: what the pack chose is read as its opposite."""
    honest: Any = sla._end if switch == "restart_may_shorten" else sla._kept

    def deaf(*given: Any) -> Any:
        story = next(one for one in given if isinstance(one, sla._Story))
        chosen = replace(story.unsettled, **{switch: not getattr(story.unsettled, switch)})
        turned = replace(story, unsettled=chosen)
        return honest(*(turned if one is story else one for one in given))

    monkeypatch.setattr(sla, honest.__name__, deaf)
    assert len(disagreeing(2000, seed=2026)) > 20
