"""Which topics stand out at which places: counted, with an interval, against the other places;
never ranked."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sujin.complaints import tally
from sujin.engine.proportion import interval
from sujin.engine.series.panel import ALL
from sujin.engine.standing import Standing, compare
from sujin.governance.ledger_sources import STREAM
from sujin.governance.metric_places import below, own
from sujin.governance.models.owned import WATCH
from sujin.governance.watching import lies_below
from sujin.platform.models import Org
from sujin.platform.reach import Reach
from sujin.supervision.voicebook import Topic, number, topics

DAY, WEEK = timedelta(days=1), timedelta(weeks=1)


@dataclass(frozen=True, slots=True)
class Cell:
    """A topic at a place: ``hits`` of ``among`` complaints, a share from ``low`` to ``high``; that
    of all places together; whether it stands out."""

    topic: Topic
    place: Org
    hits: int
    among: int
    low: float
    high: float
    usual: float
    stands_out: bool

    @property
    def share(self) -> float:
        return self.hits / self.among if self.among else 0.0


def span(today: date) -> tuple[date, date]:
    """The days that are looked at: whole weeks up to last Sunday."""
    last = today - timedelta(days=today.weekday()) - DAY
    return last + DAY - WEEK * int(number("topic_weeks")), last


def places(reach: Reach) -> list[Org]:
    """What stands right below the widest own desk; the desk itself where nothing does."""
    desks = own(reach, {WATCH})
    if not desks:
        return []
    return below(desks[0]) or desks[:1]


def cells(among: Sequence[Org], today: date) -> list[Cell]:
    """Every topic at each of the places, in the order of the pack and of the tree."""
    hits, all_of = _counted(among, today)
    return [
        cell
        for topic in topics().values()
        for cell in _of_topic(topic, among, hits[topic.code], all_of)
    ]


def _of_topic(
    topic: Topic, among: Sequence[Org], hits: dict[str, int], all_of: dict[str, int]
) -> list[Cell]:
    k = [hits[org.path] for org in among]
    n = [all_of[org.path] for org in among]
    told = compare(k, n, number("topic_q")).standings
    usual = sum(k) / sum(n) if sum(n) else 0.0
    least = number("topic_least")
    return [
        Cell(
            topic, org, k[at], n[at], *interval(k[at], n[at]), usual,
            told[at] is Standing.ABOVE and k[at] >= least,
        )
        for at, org in enumerate(among)
    ]  # fmt: skip


def _counted(among: Sequence[Org], today: date) -> tuple[dict[str, dict[str, int]], dict[str, int]]:
    """Complaints by place, and those of each topic; one statement."""
    first, last = span(today)
    hits: dict[str, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    all_of: dict[str, int] = defaultdict(int)
    depths = sorted({org.path.count("/") for org in among})
    known = {org.path for org in among}
    matched: dict[tuple[str, str], list[str]] = {}
    for (path, business, cause, _touch), _day, count in tally.cells(STREAM, first, last):
        place = _place(path, depths, known)
        if place is None:
            continue
        all_of[place] += count
        if (business, cause) not in matched:
            matched[business, cause] = _topics_of(business, cause)
        for code in matched[business, cause]:
            hits[code][place] += count
    return hits, all_of


def _place(path: str, depths: Sequence[int], known: set[str]) -> str | None:
    steps = path.split("/")
    found = ("/".join(steps[:depth]) + "/" for depth in depths)
    return next((one for one in found if one in known), None)


def _topics_of(business: str, cause: str) -> list[str]:
    leaf = (ALL, business, cause, ALL)
    return [code for code, one in topics().items() if lies_below(leaf, one.node(ALL))]


def counted_at(topic: Topic, place: Org, today: date) -> tuple[int, int]:
    """Of one place: complaints of the topic, and all."""
    hits, all_of = _counted([place], today)
    return hits[topic.code][place.path], all_of[place.path]
