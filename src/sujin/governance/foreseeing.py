"""What foresight knows: complaints and consultations by organisation and business, and what coming
events add to each node."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import product

from sujin.complaints.figures.selection import midnight
from sujin.engine.events.baseline import TooShort
from sujin.engine.events.expected import Expected
from sujin.engine.foresight import Extra
from sujin.engine.series.panel import ALL, Axis, Cell, Grain, Node, Panel, panel
from sujin.governance import event_counts, watching
from sujin.governance.event_expect import Seen, expected
from sujin.governance.foresight_rules import rules
from sujin.governance.models import Event

WEEK = timedelta(days=7)
_AXES = 2
# Between .1 and .9 of a normal law lie so many standard deviations.
_DEVIATIONS = 2.563
_SHARED_DAYS = 84


@dataclass(frozen=True, slots=True)
class Coming:
    """What known events add, by node and week, and which events those are."""

    extra: Mapping[tuple[Node, date], Extra]
    events: Mapping[tuple[Node, date], tuple[int, ...]]


def axes() -> tuple[Axis, ...]:
    return watching.axes()[:_AXES]


def past(monday: date) -> tuple[Panel, Panel] | None:
    """Complaints and consultations of the weeks before ``monday``, from the first whole week in
    which there were complaints; None when there were none."""
    since, last = Grain.WEEK.of(monday) - rules().history, monday - timedelta(days=1)
    told = list(_cells("complaint", since, last))
    if not told:
        return None
    first = since if told[0][1] < since + WEEK else Grain.WEEK.of(told[0][1]) + WEEK
    if first > last:
        return None
    return counted(told, first, last), counted(_cells("consultation", first, last), first, last)


def came(first: date, last: date) -> Panel:
    """The complaints that came in these weeks."""
    return counted(_cells("complaint", first, last), first, last)


def counted(cells: Iterable[Cell], first: date, last: date) -> Panel:
    return panel(cells, axes(), grain=Grain.WEEK, first=first, last=last, most_axes=_AXES)


def _cells(kind: str, first: date, last: date) -> Iterable[Cell]:
    for leaf, day, count in watching.counted(kind, first, last):
        yield leaf[:_AXES], day, count


def coming(monday: date, at: datetime) -> Coming:
    """Events that are announced and begin in or after the week of ``monday``. Of one that has begun
    the last weeks know already."""
    extra: dict[tuple[Node, date], Extra] = {}
    events: dict[tuple[Node, date], list[int]] = defaultdict(list)
    rows = Event.objects.on().filter(starts_at__gte=midnight(monday), announced_at__lte=at)
    tree = axes()
    for event in rows.order_by("pk"):
        for place, more in _of_event(event, tree, monday, at).items():
            known = extra.get(place, Extra(0.0, 0.0))
            far = (known.deviation**2 + more.deviation**2) ** 0.5
            extra[place] = Extra(known.mean + more.mean, far)
            events[place].append(event.pk)
    return Coming(extra, {place: tuple(keys) for place, keys in events.items()})


def _of_event(
    event: Event, tree: tuple[Axis, ...], monday: date, at: datetime
) -> dict[tuple[Node, date], Extra]:
    try:
        told = expected(event, Seen.of(event, at))
    except TooShort:
        return {}
    return {
        (node, week): Extra(mean * share, mean * share * unsure)
        for node, share in _shares(event, tree, monday).items()
        for week, mean, unsure in _weeks(event, told)
        if mean * share > 0
    }


def _weeks(event: Event, told: Expected) -> list[tuple[date, float, float]]:
    """What it adds week by week, and how unsure that is, as a share of it."""
    low, mid, high = told.total
    unsure = (high - low) / _DEVIATIONS / mid if mid > 0 else 0.0
    sums: dict[date, float] = defaultdict(float)
    for place, more in enumerate(told.excess):
        sums[Grain.WEEK.of(event.first_day + timedelta(days=place))] += more
    return [(week, more, unsure) for week, more in sums.items()]


def _shares(event: Event, tree: tuple[Axis, ...], monday: date) -> dict[Node, float]:
    """Of the event's stream before it, which share lay in each node; of a stream without any cases
    the whole alone is known."""
    rows = event_counts.cases(event).filter(
        received_at__gte=midnight(monday - timedelta(days=_SHARED_DAYS)),
        received_at__lt=midnight(monday),
    )
    leaves = Counter(rows.order_by().values_list("origin__path", "business"))
    head, whole = watching.root_path(), (ALL,) * _AXES
    shares: dict[Node, float] = defaultdict(float)
    for (path, business), n in leaves.items():
        leaf = (ALL if path == head else path, business)
        chains = [dict.fromkeys(axis.chain(code)) for axis, code in zip(tree, leaf, strict=True)]
        for node in product(*chains):
            shares[node] += n / leaves.total()
    return shares or {whole: 1.0}
