"""Who had the ball, and when: the spells of one case, read from what happened to it.

The rules:

* The ball lies with the desk where the matter was brought, until it is routed; then with the desk
  that has it. An offer moves nothing: the giver has it until the other desk accepts.
* The spells of one handling touch and never overlap. They cover exactly receipt to answer (or to
  another ending) and, for each time the matter is begun anew, that moment to the next ending.
* An ending that was undone was never heard: the desk had the ball all along, as the clocks say.
* Time in a pause is the customer's or a third party's, not the desk's.
* What happened before the last thing heard counts at that moment: moments never run backwards.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

# How a spell ended, beside the codes of endings that the events bring; empty while it lasts.
ROUTED, MOVED, PASSED = "routed", "moved", "person"
NO_TIME = timedelta(0)


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened, as custody hears it.

    ``desk`` and ``person`` are whom it gives the ball to, None where it does not. ``ends`` names an
    ending, ``undoes`` the code of an event that was never heard; ``begins`` starts the handling
    anew. ``told`` says that it names the limit next to run out: ``due_at``, ``due_clock``.
    ``worked`` says that a member of staff did it at the desk that has the ball afterwards.
    """

    at: datetime
    code: str = ""
    desk: int | None = None
    person: int | None = None
    ends: str = ""
    begins: bool = False
    pauses: bool = False
    resumes: bool = False
    declines: bool = False
    undoes: str = ""
    told: bool = False
    due_at: datetime | None = None
    due_clock: str = ""
    worked: bool = False


@dataclass(frozen=True, slots=True)
class Spell:
    """One desk and one person had the ball from ``since`` to ``until`` (None: still).

    ``waited`` is how much of it lay in pauses that are over; ``waiting_since`` begins a pause that
    still lasts.
    """

    desk: int
    person: int | None
    since: datetime
    until: datetime | None = None
    ended: str = ""
    waited: timedelta = NO_TIME
    waiting_since: datetime | None = None

    def held(self, now: datetime) -> timedelta:
        """How long the desk itself had it, pauses taken out, as of ``now``."""
        until = self.until or max(now, self.since)
        open_pause = max(until - self.waiting_since, NO_TIME) if self.waiting_since else NO_TIME
        return until - self.since - self.waited - open_pause


@dataclass(frozen=True, slots=True)
class Overrun:
    """A limit that was told and that nothing moved in time; the desk is who had the ball when it
    ran out. The limit told last stands here even while it has not run out: look at ``due_at``."""

    desk: int
    person: int | None
    clock: str
    due_at: datetime
    until: datetime | None


@dataclass(frozen=True, slots=True)
class Work:
    """Something a member of staff did at the desk that had the ball."""

    code: str
    desk: int


@dataclass(frozen=True, slots=True)
class Custody:
    """The whole reading of one case. ``trail`` are the desks that had it since the first routing,
    each time it came to them."""

    spells: tuple[Spell, ...]
    overruns: tuple[Overrun, ...]
    trail: tuple[int, ...]
    declined: int
    work: tuple[Work, ...]

    @property
    def hops(self) -> int:
        """How often it changed the desk after the first routing."""
        return max(len(self.trail) - 1, 0)

    @property
    def hand_backs(self) -> int:
        """Refused offers, and returns to a desk that had it before."""
        returns = sum(desk in self.trail[:place] for place, desk in enumerate(self.trail))
        return self.declined + returns


@dataclass(slots=True)
class _Run:
    """The state while the events are read."""

    desk: int
    person: int | None
    is_running: bool = False
    spells: list[Spell] = field(default_factory=list)
    trail: list[int] = field(default_factory=list)
    work: list[Work] = field(default_factory=list)


def read(events: Sequence[Event]) -> Custody:
    """The reading of a docket; ``events`` in the order of the docket, the first one the receipt,
    which names the desk where it was brought. Raises ValueError for a docket without receipt."""
    heard = list(_forward(_heard(events)))
    if not heard or heard[0].desk is None:
        raise ValueError("the first event is the receipt, with its desk")
    run = _Run(heard[0].desk, heard[0].person)
    _begin(run, heard[0].at)
    for place, event in enumerate(heard):
        _take(run, event, is_receipt=place == 0)
    spells = tuple(_with_pauses(run.spells, list(_pauses(heard))))
    return Custody(
        spells=spells,
        overruns=tuple(_overruns(heard, spells)),
        trail=tuple(run.trail),
        declined=sum(event.declines for event in heard),
        work=tuple(run.work),
    )


def _heard(events: Sequence[Event]) -> list[Event]:
    """What was undone was never heard; neither was its undoing."""
    heard: list[Event] = []
    for event in events:
        if event.undoes:
            heard = [one for one in heard if one.code != event.undoes]
        else:
            heard.append(event)
    return heard


def _forward(events: Sequence[Event]) -> Iterator[Event]:
    last = events[0].at if events else None
    for event in events:
        last = max(event.at, last) if last else event.at
        yield replace(event, at=last)


def _take(run: _Run, event: Event, *, is_receipt: bool) -> None:
    _move(run, event, is_receipt)
    if event.begins and not run.is_running:
        _begin(run, event.at)
    if event.worked:
        run.work.append(Work(event.code, run.desk))
    if event.ends and run.is_running:
        _end(run, event.at, event.ends)
        run.is_running = False


def _move(run: _Run, event: Event, is_receipt: bool) -> None:
    desk = run.desk if event.desk is None else event.desk
    person = run.person if event.person is None else event.person
    changed = (desk, person) != (run.desk, run.person)
    if changed and run.is_running:
        _end(run, event.at, _how(run, desk))
    moved, (run.desk, run.person) = desk != run.desk, (desk, person)
    if event.desk is not None and not is_receipt and (moved or not run.trail):
        run.trail.append(desk)
    if changed and run.is_running:
        _begin(run, event.at)


def _how(run: _Run, desk: int) -> str:
    if desk == run.desk:
        return PASSED
    return MOVED if run.trail else ROUTED


def _begin(run: _Run, at: datetime) -> None:
    run.is_running = True
    run.spells.append(Spell(run.desk, run.person, at))


def _end(run: _Run, at: datetime, ended: str) -> None:
    last = run.spells.pop()
    # In the moment it came in nobody had it yet whom anybody could name.
    if at > last.since or ended not in (ROUTED, PASSED):
        run.spells.append(replace(last, until=at, ended=ended))


def _pauses(events: Sequence[Event]) -> Iterator[tuple[datetime, datetime | None]]:
    since: datetime | None = None
    for event in events:
        if event.pauses and since is None:
            since = event.at
        elif event.resumes and since is not None:
            yield since, event.at
            since = None
    if since is not None:
        yield since, None


def _with_pauses(
    spells: Sequence[Spell], pauses: Sequence[tuple[datetime, datetime | None]]
) -> Iterator[Spell]:
    for spell in spells:
        waited, waiting_since = NO_TIME, None
        for since, until in pauses:
            if until is None and spell.until is None:
                waiting_since = max(since, spell.since)
            else:
                ends = [moment for moment in (until, spell.until) if moment is not None]
                waited += max(min(ends) - max(since, spell.since), NO_TIME)
        yield replace(spell, waited=waited, waiting_since=waiting_since)


def _overruns(events: Sequence[Event], spells: Sequence[Spell]) -> Iterator[Overrun]:
    """Every told limit that had run out before anything moved it, each once."""
    told = [event for event in events if event.told]
    seen: set[tuple[str, datetime]] = set()
    for place, event in enumerate(told):
        if event.due_at is None or (event.due_clock, event.due_at) in seen:
            continue
        if place + 1 < len(told) and told[place + 1].at <= event.due_at:
            continue
        seen.add((event.due_clock, event.due_at))
        named = (event.due_clock, event.due_at)
        later = (one.at for one in told[place:] if (one.due_clock, one.due_at) != named)
        holder = _holder(spells, event.due_at)
        yield Overrun(holder.desk, holder.person, *named, next(later, None))


def _holder(spells: Sequence[Spell], at: datetime) -> Spell:
    """Who had it last at the moment; before anybody, the first."""
    return next((one for one in reversed(spells) if one.since <= at), spells[0])
