"""What happened to a case, as its clocks see it: ticks, pauses, and the run of one clock."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from sujin.engine.limits import Limit

ENDINGS = frozenset({"answered", "closed", "withdrawn"})


@dataclass(frozen=True, slots=True)
class Tick:
    """Something that happened to a case and matters to its clocks; ``at`` is an aware moment.

    ``stage`` is what an extension was granted up to, ``post`` who accepted a hand-over. An
    extension or an agreement may be for one ``regime`` only; ``cause`` says why a pause began;
    ``until`` is the moment that was agreed. ``entered`` is when it became known, where that is
    after ``at``: a restart counts from the day the material came, and may be entered days later.
    """

    kind: str
    at: datetime
    stage: int = 1
    post: str = ""
    regime: str = ""
    cause: str = ""
    until: datetime | None = None
    entered: datetime | None = None

    @property
    def known(self) -> datetime:
        return self.entered or self.at


@dataclass(frozen=True, slots=True)
class Unsettled:
    """What the articles leave open, as a pack chose it until the legal department has answered.

    ``restart_may_shorten``: new facts begin the period anew even where what had been granted or
    agreed before would end later. ``pauses_move_agreed``: a pause moves the date that both sides
    agreed on, as it moves the limit of the law.
    """

    restart_may_shorten: bool = True
    pauses_move_agreed: bool = False


@dataclass(frozen=True, slots=True)
class Pause:
    """A stretch of time that does not count, in UTC; ``until`` None while it lasts."""

    since: datetime
    until: datetime | None


@dataclass(slots=True)
class Course:
    """One run of a clock: the tick that began it, what was granted and agreed, the tick that
    stopped it; ``before`` is the run that a restart ended."""

    start: Tick
    stop: Tick | None = None
    extensions: list[Tick] = field(default_factory=list)
    agreements: list[Tick] = field(default_factory=list)
    before: "Course | None" = None


def utc(moment: datetime) -> datetime:
    """The moment in UTC, where subtraction gives elapsed time. Raises ValueError if naive."""
    if moment.tzinfo is UTC:
        return moment
    if moment.utcoffset() is None:
        raise ValueError(f"{moment.isoformat()} has no time zone")
    return moment.astimezone(UTC)


def in_order(ticks: Sequence[Tick], now: datetime) -> list[Tick]:
    """The ticks known by ``now`` in UTC, in the order in which they became known, those of one
    moment in the given order."""
    in_utc = [
        replace(tick, at=utc(tick.at), entered=tick.entered and utc(tick.entered)) for tick in ticks
    ]
    return sorted((tick for tick in in_utc if tick.known <= now), key=lambda tick: tick.known)


def pauses(ticks: Sequence[Tick]) -> Iterator[Pause]:
    """The pauses in ordered ticks; a second ``paused`` or a stray ``resumed`` changes nothing."""
    since: datetime | None = None
    for tick in ticks:
        if tick.kind == "paused" and since is None:
            since = tick.at
        elif tick.kind == "resumed" and since is not None:
            yield Pause(since, tick.at)
            since = None
    if since is not None:
        yield Pause(since, None)


def course(limit: Limit, ticks: Sequence[Tick]) -> Course | None:
    """The last run of the clock that ``limit`` begins and stops, or None when it never began.

    What was granted or agreed before a restart was entered belonged to the run that it ended. A
    restart for material older than the run takes that from it, too, but sets its start not back.
    """
    run: Course | None = None
    for tick in ticks:
        if tick.kind == limit.starts and limit.post in ("", tick.post):
            if run is None or (run.stop and limit.starts != "received"):
                run = Course(tick)
        elif run is None:
            continue
        elif tick.kind == "restarted" and limit.starts == "received":
            if run.stop is None or run.stop.kind in ENDINGS:
                run = Course(max(run.start, tick, key=lambda begun: begun.at), before=run)
        elif run.stop is None and tick.kind in limit.stops:
            run.stop = tick
        elif run.stop is None and tick.kind == "extended":
            run.extensions.append(tick)
        elif run.stop is None and tick.kind == "agreed":
            run.agreements.append(tick)
    return run
