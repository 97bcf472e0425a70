"""The table of clocks: which limits there are, from which tick to which, for which matters."""

import re
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import groupby, pairwise, product

from sujin.engine.tables import LANES, ORG_KINDS, Cells, Shape
from sujin.engine.tier import Tier

TABLE = "clocks"
TICK_KINDS = frozenset(
    {
        "received",
        "acknowledged",
        "restarted",
        "paused",
        "resumed",
        "extended",
        "agreed",
        "responded",
        "answered",
        "closed",
        "withdrawn",
        "offered",
        "accepted",
        "refused",
        "appealed",
        "reviewed",
    }
)
TIERS = frozenset(map(str, Tier))
POSTS = ORG_KINDS | {"line"}
# A window is time within which an easier way is open; nothing is broken when it has passed.
BASES = frozenset({"law", "institution", "window"})
_TOPIC = re.compile(r"[a-z_]+")
_SHAPE = Shape(
    TABLE,
    must=(
        *("row", "clock", "stage", "amount", "unit", "starts", "stops", "tiers", "lanes"),
        *("article", "basis", "signoff", "count_start_day", "roll_to_workday", "post"),
    ),
    may=("since", "until", "topics"),
    languages="title",
)


class Unit(StrEnum):
    """What a limit is counted in."""

    NATURAL_DAY = "natural_day"
    WORKING_DAY = "working_day"
    HOUR = "hour"


@dataclass(frozen=True, slots=True)
class Limit:
    """One row: within ``amount`` of ``unit`` after tick ``starts`` one of ``stops`` must happen.

    Empty ``tiers`` or ``lanes`` mean all of them. ``stage`` 2 and more hold after an extension and
    are counted from the same start. ``post`` limits the clock to the time one post holds the case.
    ``basis`` says whether the law or the institution set it, or that it is a mere window;
    ``signoff`` that its reading awaits the legal department. A row holds for matters received from
    ``since`` to ``until``, both inclusive, and, where it names ``topics``, about one of them.
    """

    row: str
    clock: str
    stage: int
    amount: int
    unit: Unit
    starts: str
    stops: frozenset[str]
    tiers: frozenset[str]
    lanes: frozenset[str]
    article: str
    basis: str
    signoff: bool
    title: Mapping[str, str]
    count_start_day: bool
    roll_to_workday: bool
    post: str
    since: date | None = None
    until: date | None = None
    topics: frozenset[str] = frozenset()

    def applies(
        self, tier: str, lane: str, topics: Set[str] = frozenset(), on: date | None = None
    ) -> bool:
        """Whether this row is for a matter of this tier and lane, about these topics, received
        ``on`` that day; without a day, whether it is for one of some day."""
        return (
            (not self.tiers or tier in self.tiers)
            and (not self.lanes or lane in self.lanes)
            and (not self.topics or not self.topics.isdisjoint(topics))
            and (on is None or self.holds_on(on))
        )

    def holds_on(self, day: date) -> bool:
        """Whether the row is in force for what is received on this day."""
        return (self.since or date.min) <= day <= (self.until or date.max)

    @property
    def ends_on_a_workday(self) -> bool:
        """Whether the last day must be one people work on; only then a calendar is needed."""
        return self.roll_to_workday or self.unit is Unit.WORKING_DAY

    @property
    def allowed(self) -> str:
        """The amount and its unit, such as "15 natural_day"."""
        return f"{self.amount} {self.unit}"

    @property
    def matters(self) -> frozenset[tuple[str, str]]:
        """Every pair of tier and lane this row is for."""
        return frozenset(product(self.tiers or TIERS, self.lanes or LANES))


def read_limits(rows: Sequence[Mapping[str, str]]) -> tuple[Limit, ...]:
    """The table ``clocks`` in its own order. Raises BadTable naming row and column."""
    return tuple(map(_limit, _SHAPE.rows(rows)))


def lint(limits: Sequence[Limit]) -> list[str]:
    """What is wrong with a table that can be read: one sentence for each finding, or nothing.

    Finds rows never reached, clocks without a first stage, later stages that are shorter or start
    elsewhere, and limits of the law that leave some tier or lane without a clock.
    """
    found: list[str] = []
    for (clock, post), rows in _by_clock(limits):
        name = f"{clock} of {post}" if post else clock
        found += _hidden(rows)
        found += _stages(name, rows)
        found += _gaps(name, rows)
    return found


def _limit(cells: Cells) -> Limit:
    unit = Unit(cells.code("unit", frozenset(map(str, Unit))))
    for switch in ("count_start_day", "roll_to_workday"):
        if unit is Unit.HOUR and cells.yes(switch):
            raise cells.bad(switch, "hours are counted round the clock; only days can do this")
    return Limit(
        row=cells.row,
        clock=_needed(cells, "clock"),
        stage=cells.whole("stage", least=1) or 1,
        amount=_needed_number(cells, "amount"),
        unit=unit,
        starts=cells.code("starts", TICK_KINDS),
        stops=_stops(cells),
        tiers=cells.codes("tiers", TIERS),
        lanes=cells.codes("lanes", LANES),
        article=cells.text("article"),
        basis=_basis(cells),
        signoff=cells.yes("signoff"),
        title=cells.languages("title"),
        count_start_day=cells.yes("count_start_day"),
        roll_to_workday=cells.yes("roll_to_workday"),
        post=cells.code("post", POSTS) if cells.text("post") else "",
        since=cells.day("since"),
        until=cells.day("until"),
        topics=_topics(cells),
    )


def _topics(cells: Cells) -> frozenset[str]:
    topics = frozenset(filter(None, cells.text("topics").split("|")))
    for topic in sorted(topics):
        if not _TOPIC.fullmatch(topic):
            raise cells.bad("topics", f"{topic!r} is not a code like payment_service")
    return topics


def _basis(cells: Cells) -> str:
    basis = cells.code("basis", BASES)
    if basis != "institution" and not cells.text("article"):
        raise cells.bad("article", "a limit of the law must name its article")
    return basis


def _needed(cells: Cells, column: str) -> str:
    text = cells.text(column)
    if not text:
        raise cells.bad(column, "the cell must not be blank")
    return text


def _needed_number(cells: Cells, column: str) -> int:
    number = cells.whole(column, least=1)
    if number is None:
        raise cells.bad(column, "the cell must not be blank")
    return number


def _stops(cells: Cells) -> frozenset[str]:
    stops = cells.codes("stops", TICK_KINDS)
    if not stops:
        raise cells.bad("stops", "a clock that nothing stops can never be met")
    return stops


def _by_clock(
    limits: Iterable[Limit],
) -> Iterable[tuple[tuple[str, str], list[Limit]]]:
    ordered = sorted(limits, key=lambda limit: (limit.clock, limit.post))
    for key, rows in groupby(ordered, key=lambda limit: (limit.clock, limit.post)):
        yield key, list(rows)


def _hidden(rows: Sequence[Limit]) -> list[str]:
    found = []
    for position, row in enumerate(rows):
        before = [other for other in rows[:position] if _may_hide(other, row)]
        taken = frozenset().union(*(other.matters for other in before))
        if row.matters <= taken:
            found.append(f"{TABLE}: row {row.row} is never reached; rows before it take all of it")
    return found


def _may_hide(other: Limit, row: Limit) -> bool:
    """The other row is asked first about everything that this one is for, tier and lane apart."""
    narrower = bool(row.topics) and row.topics <= other.topics
    if other.stage != row.stage or (other.topics and not narrower):
        return False
    begins = (other.since or date.min) <= (row.since or date.min)
    return begins and (row.until or date.max) <= (other.until or date.max)


def _stages(name: str, rows: Sequence[Limit]) -> list[str]:
    found = []
    days = sorted({row.since or date.min for row in rows})
    topics = [frozenset[str](), *{frozenset({topic}) for row in rows for topic in row.topics}]
    matters = sorted(frozenset().union(*(row.matters for row in rows)))
    for (tier, lane), about, day in product(matters, topics, days):
        stages: dict[int, Limit] = {}
        for row in rows:
            if row.applies(tier, lane, about, day):
                stages.setdefault(row.stage, row)
        if not stages:
            continue
        chain = [stages[stage] for stage in sorted(stages)]
        if chain[0].stage != 1:
            found.append(f"{TABLE}: {name} has no stage 1 for {tier}, {lane}")
        for one, following in pairwise(chain):
            found += _step(one, following)
    return list(dict.fromkeys(found))


def _step(one: Limit, following: Limit) -> list[str]:
    found = []
    if one.unit is not following.unit or one.amount >= following.amount:
        found.append(f"{TABLE}: row {following.row} is not longer than row {one.row}, same unit")
    if (one.starts, one.stops) != (following.starts, following.stops):
        found.append(f"{TABLE}: row {following.row} starts or stops unlike row {one.row}")
    return found


def _gaps(name: str, rows: Sequence[Limit]) -> list[str]:
    if not any(row.basis == "law" for row in rows):
        return []
    first = [row for row in rows if row.stage == 1 and not row.topics]
    if not first:
        # A law about certain topics only leaves out the rest by intention.
        return []
    covered = frozenset[tuple[str, str]]().union(*(row.matters for row in first))
    missing = sorted(frozenset(product(TIERS, LANES)) - covered)
    return [f"{TABLE}: the law's clock {name} leaves out {tier}, {lane}" for tier, lane in missing]
