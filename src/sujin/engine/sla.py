"""The clocks of a case, read from its ticks: when each limit ends, and how it stands now.

Nothing here is stored: the same ticks, limits, calendar and moment always give the same readings.

The rules, for every clock:

* Ticks are read in the order in which they became known, ticks of one moment in the order given.
  What became known after ``now`` is not read, so a reading can be repeated as of any past moment.
* A clock begins with its start tick. Only the first ``received`` counts. Another start tick while
  the clock runs changes nothing; after it was stopped it begins anew. ``restarted`` begins every
  clock that starts with ``received`` anew, from the first stage; it undoes an ending (answered,
  closed, withdrawn) but not a response (Order 3 of 2020, article 18). It counts from the day of the
  new material, but an extension or agreement from before it was entered, even one dated after the
  material, was for the old run and has to be asked anew; so the new run may end before the old one
  would have, unless the pack's ``restart_may_shorten`` is off: then it ends no earlier.
* Days: the day of the start is not counted unless the row says so; the limit ends at 23:59:59
  local time of its last day. Hours: elapsed time, round the clock, whatever summer time does.
* A pause excludes exactly the time that elapsed in it while the clock ran. The end moves by the sum
  of the pauses and then, for days, to the end of that local day; a working-day limit and a row
  that rolls then move to the next working day. While a pause lasts the end grows with ``now`` and
  the clock cannot run out.
* What happens after the limit has ended cannot move it: a late pause, extension or agreement is
  without effect. An extension lifts to a later stage, counted from the same start, and never
  shortens; a date both sides agreed on prevails over the decision's limit. An agreement is late
  once both the limit of the law and the date agreed before have passed: an earlier date that was
  agreed and missed takes nothing from the days that the law gives to agree on another. A pause
  leaves that date where it is, and it may pass in the pause; where the pack's
  ``pauses_move_agreed`` is on, it moves like the limit of the law.
* A row holds for what was received while it was in force. A window that has passed is lapsed.
"""

from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from sujin.engine.deadline import Place, due, is_past, local_day, moved
from sujin.engine.limits import Limit, Unit, lint, read_limits
from sujin.engine.ticks import Course, Pause, Tick, Unsettled, course, in_order, pauses, utc
from sujin.engine.workdays import Calendar, CalendarNotLoaded

__all__ = [
    "AGREEABLE",
    "Calendar",
    "CalendarNotLoaded",
    "Limit",
    "Reading",
    "State",
    "Tick",
    "Unit",
    "Unsettled",
    "earliest_due",
    "lint",
    "read",
    "read_limits",
]

_AS_IT_IS = Unsettled()
_NEVER = datetime.max.replace(tzinfo=UTC)
# The only clock whose end is the customer's to agree on.
AGREEABLE = "decision"


class State(StrEnum):
    """How a clock stands at the moment of reading."""

    RUNNING = "running"
    PAUSED = "paused"
    MET = "met"
    MISSED = "missed"
    OVERDUE = "overdue"
    WAITING = "waiting"
    LAPSED = "lapsed"


@dataclass(frozen=True, slots=True)
class Reading:
    """One clock as of one moment.

    ``left`` is the time to the due moment (negative when past it), counted from ``now``, or from
    the stop when the clock has stopped. ``allowed`` is an amount and a unit ("15 natural_day").
    ``steps`` tells how the due moment came about, one short machine-readable line for each tick
    that mattered. A clock that waits has no due moment.
    """

    clock: str
    title: Mapping[str, str]
    due_at: datetime | None
    state: State
    left: timedelta | None
    allowed: str
    article: str
    basis: str
    signoff: bool
    row: str
    stage: int
    stopped_at: datetime | None
    steps: tuple[str, ...]
    post: str = ""
    regime: str = ""


@dataclass(frozen=True, slots=True)
class _Story:
    """What happened up to ``now``: ticks and pauses in order and in UTC; where, and how what the
    articles leave open is read there."""

    ticks: Sequence[Tick]
    pauses: Sequence[Pause]
    place: Place
    now: datetime
    unsettled: Unsettled

    def local(self, moment: datetime) -> datetime:
        return moment.astimezone(self.place.zone)

    def due(self, limit: Limit, run: Course, until: datetime) -> tuple[datetime, timedelta]:
        return due(limit, run.start.at, self.pauses, until, self.place)

    def until(self, run: Course) -> datetime:
        """When the run stopped, or now."""
        return run.stop.at if run.stop else self.now


def read(
    ticks: Sequence[Tick],
    limits: Sequence[Limit],
    calendar: Calendar,
    *,
    tier: str,
    lane: str,
    now: datetime,
    zone: ZoneInfo,
    topics: Set[str] = frozenset(),
    unsettled: Unsettled = _AS_IT_IS,
) -> tuple[Reading, ...]:
    """Every clock that applies to this tier and lane, to these topics and to what was received on
    that day: open ones first, soonest first, then those that wait, then those that have stopped.

    A clock of one post is read once that post has held the case. Raises ValueError for a naive
    moment, CalendarNotLoaded when a working-day limit or a roll needs a year that is not loaded.
    """
    seen = in_order(ticks, utc(now))
    story = _Story(seen, list(pauses(seen)), Place(calendar, zone), utc(now), unsettled)
    on = local_day(_received(seen, story.now), zone)
    applying = [limit for limit in limits if limit.applies(tier, lane, topics, on)]
    found = (_reading(stages, story) for stages in _clocks(applying))
    return tuple(sorted((one for one in found if one is not None), key=_soonest))


def earliest_due(readings: Iterable[Reading]) -> datetime | None:
    """The first due moment among the clocks that run or are overdue, or None."""
    live = (one for one in readings if one.state in (State.RUNNING, State.OVERDUE))
    return min((one.due_at for one in live if one.due_at is not None), key=utc, default=None)


def _received(seen: Sequence[Tick], now: datetime) -> datetime:
    return next((tick.at for tick in seen if tick.kind == "received"), now)


def _clocks(limits: Iterable[Limit]) -> Iterable[dict[int, Limit]]:
    """The stages of every clock; of several rows for one stage the first counts."""
    found: dict[tuple[str, str], dict[int, Limit]] = {}
    for limit in limits:
        found.setdefault((limit.clock, limit.post), {}).setdefault(limit.stage, limit)
    return found.values()


def _reading(stages: Mapping[int, Limit], story: _Story) -> Reading | None:
    first = stages[min(stages)]
    run = course(first, story.ticks)
    if run is None:
        return None if first.post else _shown(first, State.WAITING)
    steps = [_step("begins", run.start, story)]
    limit, ends_at = _end(stages, run, story, steps)
    due_at = story.local(ends_at)
    steps.append(f"ends {limit.row} {limit.allowed} {due_at.isoformat()}")
    if run.stop:
        steps.append(_step("stopped", run.stop, story))
    state = _state(limit, run, story, ends_at)
    stopped_at = story.local(run.stop.at) if run.stop else None
    return _shown(
        limit,
        state,
        due_at=due_at,
        left=ends_at - story.until(run),
        stopped_at=stopped_at,
        steps=tuple(steps),
    )


def _shown(
    limit: Limit,
    state: State,
    *,
    due_at: datetime | None = None,
    left: timedelta | None = None,
    stopped_at: datetime | None = None,
    steps: tuple[str, ...] = (),
) -> Reading:
    return Reading(
        clock=limit.clock,
        title=limit.title,
        due_at=due_at,
        state=state,
        left=left,
        allowed=limit.allowed,
        article=limit.article,
        basis=limit.basis,
        signoff=limit.signoff,
        row=limit.row,
        stage=limit.stage,
        stopped_at=stopped_at,
        steps=steps,
        post=limit.post,
    )


def _end(
    stages: Mapping[int, Limit], run: Course, story: _Story, steps: list[str]
) -> tuple[Limit, datetime]:
    """The stage that governs the run, and the moment it ends."""
    limit = _extended(stages, run, story, steps)
    ends_at, excluded = story.due(limit, run, story.until(run))
    if excluded:
        steps.append(f"excludes {excluded.total_seconds():.0f} seconds")
    if run.before and not story.unsettled.restart_may_shorten:
        _, earlier = _end(stages, run.before, story, [])
        if earlier > ends_at:
            steps.append(f"not before {story.local(earlier).isoformat()}")
            ends_at = earlier
    return limit, _agreed(limit, run, story, ends_at, steps)


def _extended(stages: Mapping[int, Limit], run: Course, story: _Story, steps: list[str]) -> Limit:
    """The stage that governs after every extension granted while the limit had not ended."""
    limit = stages[min(stages)]
    for tick in run.extensions:
        longer = stages[max(stage for stage in stages if stage <= max(tick.stage, limit.stage))]
        if longer is limit:
            continue
        ends_at, _ = story.due(limit, run, tick.at)
        if is_past(tick.at, ends_at, limit):
            steps.append(_step(f"late {tick.stage}", tick, story))
        elif story.due(longer, run, tick.at)[0] >= ends_at:
            steps.append(_step(f"stage {tick.stage}", tick, story))
            limit = longer
    return limit


def _agreed(
    limit: Limit, run: Course, story: _Story, ends_at: datetime, steps: list[str]
) -> datetime:
    """The moment both sides agreed on while the limit of the law or an agreed one had not ended
    prevails, the last one of several (Order 3 of 2020, article 21); whom it binds is for the regime
    to say."""
    by_law = ends_at
    for tick in run.agreements:
        if tick.until is None or limit.clock != AGREEABLE:
            continue
        if is_past(tick.at, max(by_law, ends_at), limit):
            steps.append(_step("late", tick, story))
        else:
            ends_at = _kept(limit, tick.at, utc(tick.until), run, story)
            steps.append(_step(f"until {story.local(ends_at).isoformat()}", tick, story))
    return ends_at


def _kept(limit: Limit, on: datetime, date: datetime, run: Course, story: _Story) -> datetime:
    """The date that was agreed ``on`` a day, moved by the pauses since then where they move it."""
    if not story.unsettled.pauses_move_agreed:
        return date
    known = story.until(run)
    ends_at, _ = moved(
        limit, (date, date), since=on, pauses=story.pauses, until=known, place=story.place
    )
    return ends_at


def _step(what: str, tick: Tick, story: _Story) -> str:
    return f"{what} {tick.kind} {story.local(tick.at).isoformat()}"


def _state(limit: Limit, run: Course, story: _Story, ends_at: datetime) -> State:
    is_late = is_past(run.stop.at if run.stop else story.now, ends_at, limit)
    if is_late and limit.basis == "window":
        return State.LAPSED
    if run.stop:
        return State.MISSED if is_late else State.MET
    if is_late:
        return State.OVERDUE
    is_paused = bool(story.pauses) and story.pauses[-1].until is None
    return State.PAUSED if is_paused else State.RUNNING


def _soonest(reading: Reading) -> tuple[bool, bool, datetime]:
    due_at = utc(reading.due_at) if reading.due_at else _NEVER
    return reading.stopped_at is not None, reading.due_at is None, due_at
