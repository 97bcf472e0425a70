"""Legal regimes: what one body of rules asks of a case, and what several of them ask together.

A regime is a pack of its own: its limits, who must approve an extension and what the customer is
told of it, what may pause a clock, and since when it is in force. A case lives under every regime
that applied on the day it was received, and keeps them when the law changes. Of several limits the
earliest binds; the duties of all of them hold (``read_all``, ``duties``).
"""

from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from contextlib import suppress
from dataclasses import dataclass, fields, replace
from datetime import date, datetime
from functools import partial
from zoneinfo import ZoneInfo

from sujin.engine.limits import Limit, read_limits
from sujin.engine.sla import Calendar, CalendarNotLoaded, Reading, Tick, Unsettled, read
from sujin.engine.tables import Cells, Shape

# Who may grant an extension; the institution's roles.csv says who of its people that is.
APPROVERS = frozenset({"superior", "head_executive", "complaint_head"})
TELL = frozenset({"no", "yes", "reason"})
_EXTENSIONS = Shape(
    "extensions",
    must=("row", "clock", "stage", "approvers", "tell", "article", "signoff"),
    languages="title",
)
_PAUSES = Shape("pauses", must=("row", "cause", "tell", "consent", "article"), languages="title")


@dataclass(frozen=True, slots=True)
class Extension:
    """What it takes to lift ``clock`` to ``stage``: a reason always, the approval of one of
    ``approvers`` (nobody's where empty), and to ``tell`` the customer: no, yes, or with the reason.
    """

    row: str
    clock: str
    stage: int
    approvers: frozenset[str]
    tell: str
    article: str
    signoff: bool
    title: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class PauseRule:
    """A cause that stops the clock: whether the customer is told, whether both must consent."""

    cause: str
    tell: bool
    consent: bool
    article: str
    title: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Regime:
    """One body of rules. Of one ``family`` the last that had come into force on the day of receipt
    applies. ``agencies`` are words of the body that passed the matter on; empty means that the
    regime holds however a matter arrives."""

    id: str
    family: str
    since: date
    until: date | None
    jurisdiction: str
    agencies: tuple[str, ...]
    zone: ZoneInfo
    calendar: Calendar
    limits: tuple[Limit, ...]
    extensions: tuple[Extension, ...]
    pauses: tuple[PauseRule, ...]
    restarts: bool
    agreed: bool
    title: Mapping[str, str]
    unsettled: Unsettled

    def holds_on(self, day: date) -> bool:
        return self.since <= day <= (self.until or date.max)

    def concerns(self, jurisdiction: str, agencies: Iterable[str]) -> bool:
        """Whether the regime is for a matter of this jurisdiction that these bodies passed on."""
        if jurisdiction != self.jurisdiction:
            return False
        return not self.agencies or any(
            word in agency for agency in agencies for word in self.agencies
        )

    def extension(self, clock: str, stage: int) -> Extension | None:
        """The row that lifts ``clock`` to ``stage``, or None where the regime knows of none."""
        rows = (row for row in self.extensions if (row.clock, row.stage) == (clock, stage))
        return next(rows, None)

    def pause(self, cause: str) -> PauseRule | None:
        return next((row for row in self.pauses if row.cause == cause), None)

    def heard(self, ticks: Iterable[Tick]) -> list[Tick]:
        """The ticks as this regime knows them: no other regime's extension, no pause for a cause
        that it does not accept, no restart and no agreement where it has none."""
        causes = {row.cause for row in self.pauses}
        told: list[Tick] = []
        resting = False
        for tick in ticks:
            if tick.kind == "paused" and tick.cause and tick.cause not in causes:
                continue
            if tick.kind == "resumed" and not resting:
                continue
            if tick.kind in {"paused", "resumed"}:
                resting = tick.kind == "paused"
            if self._accepts(tick):
                told.append(tick)
        return told

    def _accepts(self, tick: Tick) -> bool:
        if tick.kind == "restarted":
            return self.restarts
        if tick.kind == "agreed":
            return self.agreed
        return tick.kind != "extended" or tick.regime in ("", self.id)


def read_regime(
    manifest: Mapping[str, object],
    *,
    limits: Sequence[Mapping[str, str]],
    extensions: Sequence[Mapping[str, str]] = (),
    pauses: Sequence[Mapping[str, str]] = (),
    calendar: Calendar,
) -> Regime:
    """A regime from its pack. Raises BadTable for a wrong cell, ValueError for a manifest that does
    not say since when and where the regime holds."""
    since, until = manifest.get("effective_from"), manifest.get("effective_to")
    if not isinstance(since, date) or not (until is None or isinstance(until, date)):
        raise ValueError(f"{manifest.get('id')}: effective_from and effective_to must be dates")
    rules = manifest.get("rules", {})
    title = manifest.get("title", {})
    agencies = manifest.get("agencies", ())
    assert isinstance(rules, Mapping) and isinstance(title, Mapping)
    assert isinstance(agencies, Sequence)
    return Regime(
        id=str(manifest["id"]),
        family=str(manifest["family"]),
        since=since,
        until=until,
        jurisdiction=str(manifest["jurisdiction"]),
        agencies=tuple(map(str, agencies)),
        zone=ZoneInfo(str(manifest["zone"])),
        calendar=calendar,
        limits=read_limits(limits),
        extensions=tuple(map(_extension, _EXTENSIONS.rows(extensions))),
        pauses=tuple(map(_pause, _PAUSES.rows(pauses))),
        restarts=bool(rules.get("restarts", False)),
        agreed=bool(rules.get("agreed", False)),
        title=dict(title),
        unsettled=_unsettled(rules),
    )


def _unsettled(rules: Mapping[str, object]) -> Unsettled:
    names = {switch.name for switch in fields(Unsettled)}
    return Unsettled(**{name: bool(rules[name]) for name in names & rules.keys()})


def in_force(
    regimes: Iterable[Regime],
    *,
    received_at: datetime,
    jurisdiction: str,
    agencies: Sequence[str] = (),
) -> tuple[Regime, ...]:
    """The regimes of a matter, one of each family, in the order given."""
    found: dict[str, Regime] = {}
    for regime in regimes:
        day = received_at.astimezone(regime.zone).date()
        if regime.holds_on(day) and regime.concerns(jurisdiction, agencies):
            known = found.get(regime.family)
            if known is None or known.since < regime.since:
                found[regime.family] = regime
    return tuple(found.values())


def read_all(
    regimes: Iterable[Regime],
    ticks: Sequence[Tick],
    *,
    tier: str,
    lane: str,
    now: datetime,
    topics: Set[str] = frozenset(),
) -> tuple[Reading, ...]:
    """Every clock of every regime, each in its own calendar and zone.

    A regime's clock that reaches into a year without a loaded calendar is left out: that must not
    stop a complaint, and the clocks that count natural days run on.
    """
    found: list[Reading] = []
    for regime in regimes:
        told = partial(
            read,
            regime.heard(ticks),
            calendar=regime.calendar,
            zone=regime.zone,
            tier=tier,
            lane=lane,
            now=now,
            topics=topics,
            unsettled=regime.unsettled,
        )
        readings = _all_or_each(regime.limits, told)
        found += [replace(reading, regime=regime.id) for reading in readings]
    return tuple(found)


def _all_or_each(
    limits: Sequence[Limit], told: Callable[[Sequence[Limit]], tuple[Reading, ...]]
) -> Iterable[Reading]:
    """Every clock at once; clock by clock only where one of them lacks its calendar."""
    try:
        return told(limits)
    except CalendarNotLoaded:
        pass
    found: list[Reading] = []
    for clock in dict.fromkeys(row.clock for row in limits):
        with suppress(CalendarNotLoaded):
            found += told([row for row in limits if row.clock == clock])
    return found


def _extension(cells: Cells) -> Extension:
    stage = cells.whole("stage", least=2)
    if stage is None:
        raise cells.bad("stage", "the stage that is reached is missing")
    return Extension(
        row=cells.row,
        clock=cells.text("clock"),
        stage=stage,
        approvers=cells.codes("approvers", APPROVERS),
        tell=cells.code("tell", TELL, default="no"),
        article=cells.text("article"),
        signoff=cells.yes("signoff"),
        title=cells.languages("title"),
    )


def _pause(cells: Cells) -> PauseRule:
    return PauseRule(
        cause=cells.text("cause"),
        tell=cells.yes("tell"),
        consent=cells.yes("consent"),
        article=cells.text("article"),
        title=cells.languages("title"),
    )
