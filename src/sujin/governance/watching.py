"""The bank's cases as the watch sees them: axes, streams, and the cases of a node."""

import re
from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from functools import reduce
from operator import and_
from zoneinfo import ZoneInfo

from django.db import connection
from django.db.models import Q, QuerySet

from sujin.complaints import tally
from sujin.complaints.figures.selection import midnight
from sujin.complaints.kinds import Registered
from sujin.complaints.models import Complaint
from sujin.complaints.rulebook import calendar, taxonomy
from sujin.engine.series.delay import as_known, by_age
from sujin.engine.series.panel import ALL, Axis, Cell, Grain, Node, panel
from sujin.engine.watch import Streams
from sujin.engine.watch.emerging import Past, Text
from sujin.engine.workdays import Calendar
from sujin.governance.models import Denominator
from sujin.governance.watchbook import Watched
from sujin.platform.models import Org
from sujin.platform.organisation import OrgKind

ZONE = ZoneInfo("Asia/Shanghai")
AXES = ("org", "business", "cause", "channel")
FIELDS = ("business", "cause", "touchpoint")
DAY, WEEK = timedelta(days=1), timedelta(days=7)
NO_CUSTOMERS = (OrgKind.DEPARTMENT, OrgKind.CENTRE)
LATEST, QUARTER = timedelta(days=14), timedelta(days=91)
_DELAYS = """
SELECT greatest((entry.at AT TIME ZONE 'Asia/Shanghai')::date
    - (received_at AT TIME ZONE 'Asia/Shanghai')::date, 0) AS days, count(*)
FROM platform_entry AS entry JOIN complaints_complaint AS found ON found.id = entry.subject_id
WHERE entry.kind = %s AND entry.at >= %s AND received_at >= %s AND received_at < %s
    AND found.kind = %s AND counted
    AND entry.at < received_at + %s * interval '1 day'
GROUP BY 1
"""
_TERM = re.compile(r"'((?:[^']|'')*)'")


def axes() -> tuple[Axis, ...]:
    """Organisation by path, the head office being everything; the pack's codes by their parents."""
    head = root_path()
    paths = Org.objects.values_list("path", flat=True)
    above = {path: _up(path, head) for path in paths if path != head}
    named = {"channel": "touchpoint"}
    codes = [
        {row.code: row.parent for row in taxonomy().values() if row.axis == named.get(name, name)}
        for name in AXES[1:]
    ]
    maps = [above, *codes]
    return tuple(Axis(name, parents) for name, parents in zip(AXES, maps, strict=True))


def root_path() -> str:
    return Org.objects.filter(parent__isnull=True).values_list("path", flat=True).get()


def _up(path: str, head: str) -> str:
    above = path.rstrip("/").rpartition("/")[0] + "/"
    return ALL if above in (head, "/") else above


def house_calendar() -> Calendar:
    return calendar("cn")


def streams(
    row: Watched, last: date, *, is_over: bool = True, known_to: date | None = None
) -> Streams:
    """What a row of watch.csv looks at, up to the period of ``last``: cases by the day they were
    received. ``known_to``: the last whole day before somebody looks, so that what is usually
    registered later is allowed for; without it all of the past is known."""
    grain, tree = row.terms.grain, axes()
    first = max(grain.of(last) - row.look_back, _opened(row, last))
    made = [
        panel(
            counted(row.stream, first, last, repeats=again), tree, grain=grain, first=first,
            last=last, most_axes=row.most_axes,
        )
        for again in (False, True)
    ]  # fmt: skip
    cases = made[0]
    heads = denominators(row.per) if row.per else {}
    if heads:
        cases = cases.exposed(0, heads)
    if known_to is not None:
        cases = as_known(cases, by_age(delays(row.stream, known_to)), known_to)
    return Streams(cases, made[1] if len(made[1].leaves) else None, is_over)


def denominators(measure: str) -> dict[str, dict[date, float]]:
    """By path, how many there were in each month. Where an organisation has no figures of its own
    and every place right below it has some for the same months, their sums."""
    found: dict[str, dict[date, float]] = {}
    rows = Denominator.objects.valid().filter(measure=measure)
    for path, month, value in rows.values_list("org__path", "month", "value"):
        found.setdefault(path, {})[month] = float(value)
    if not found:
        return {}
    below: dict[str, list[str]] = {}
    for path in Org.objects.exclude(kind__in=NO_CUSTOMERS).values_list("path", flat=True):
        below.setdefault(path.rstrip("/").rpartition("/")[0] + "/", []).append(path)
    for above in sorted(below, key=len, reverse=True):
        _add_up(found, above, below[above])
    head = root_path()
    return {ALL if path == head else path: figures for path, figures in found.items()}


def _add_up(found: dict[str, dict[date, float]], above: str, below: list[str]) -> None:
    parts = [found.get(path, {}) for path in below]
    if above not in found and parts[0] and all(set(part) == set(parts[0]) for part in parts):
        found[above] = {month: sum(part[month] for part in parts) for month in parts[0]}


def delays(kind: str, last: date) -> list[int]:
    """Of the cases of a quarter that ended ``LATEST`` before ``last``: how many were registered so
    many days after they had come. Later than ``LATEST`` is somebody's archive, brought in."""
    first, end = midnight(last - LATEST - QUARTER), midnight(last - LATEST)
    with connection.cursor() as cursor:
        cursor.execute(_DELAYS, [Registered.code, first, first, end, kind, LATEST.days])
        found = dict(cursor.fetchall())
    return [found.get(days, 0) for days in range(LATEST.days + 1)]


def _opened(row: Watched, last: date) -> date:
    """The first whole period in which there were cases: before it nobody counted."""
    rows = Complaint.objects.filter(kind=row.stream, counted=True).order_by("received_at")
    first = rows.values_list("received_at", flat=True).first()
    day = first.astimezone(ZONE).date() if first else last
    return min(row.terms.grain.of(day) + row.terms.grain.step, row.terms.grain.of(last))


def counted(kind: str, first: date, last: date, *, repeats: bool = False) -> Iterator[Cell]:
    """The cells of the tree: what was brought to the head office itself lies in no branch."""
    head = root_path()
    for (path, *codes), day, count in tally.cells(kind, first, last, repeats=repeats):
        yield (ALL if path == head else path, *codes), day, float(count)


def of_node(node: Node) -> Q:
    """The cases below a node."""
    org, *codes = node
    found = [Q(origin__path__startswith=org)] if org else [Q()]
    for field, code in zip(FIELDS, codes, strict=True):
        if code:
            found.append(Q(**{field: code}) | Q(**{f"{field}__startswith": f"{code}."}))
    return reduce(and_, found)


def lies_below(leaf: Node, node: Node) -> bool:
    """Whether a leaf is one of a node's."""
    org, *codes = node
    path, *own = leaf
    inside = all(
        not code or mine == code or mine.startswith(f"{code}.")
        for code, mine in zip(codes, own, strict=True)
    )
    return path.startswith(org) and inside


def cases(kind: str, node: Node, first: date, last: date) -> QuerySet[Complaint]:
    """Counted cases below a node, received from ``first`` to ``last``; of everybody: whoever shows
    them narrows them to the reader's reach."""
    rows = Complaint.objects.filter(of_node(node), _between(first, last), kind=kind, counted=True)
    return rows.order_by("received_at", "pk")


def _between(first: date, last: date) -> Q:
    return Q(received_at__gte=midnight(first), received_at__lt=midnight(last + DAY))


def terms_of(rows: QuerySet[Complaint], most: int) -> dict[int, frozenset[str]]:
    """The search terms of the latest ``most`` cases, by key."""
    latest = rows.order_by("-received_at", "-pk").values_list("pk", "tokens")[:most]
    return {key: parsed(tokens) for key, tokens in latest}


def texts(kind: str, first: date, last: date) -> list[Text]:
    """The cases of a few days with their terms."""
    head = root_path()
    rows = cases(kind, (ALL,) * 4, first, last)
    found = rows.values_list("pk", "tokens", "origin__path", *FIELDS)
    return [
        Text(key, (ALL if path == head else path, *codes), parsed(tokens))
        for key, tokens, path, *codes in found
    ]


def past(kind: str, first: date, last: date) -> list[Past]:
    """Week by week: how many cases held each term."""
    found = []
    day = first
    while day + WEEK <= last + DAY:
        found.append(_week(kind, midnight(day), midnight(day + WEEK)))
        day += WEEK
    return [one for one in found if one.texts]


def _week(kind: str, since: datetime, until: datetime) -> Past:
    rows = Complaint.objects.filter(
        kind=kind, counted=True, received_at__gte=since, received_at__lt=until
    )
    with connection.cursor() as cursor:
        query, params = rows.order_by().values("tokens").query.sql_with_params()
        cursor.execute("SELECT word, ndoc FROM ts_stat(%s)", [cursor.mogrify(query, params)])
        return Past(rows.count(), dict(cursor.fetchall()))


def parsed(tokens: str) -> frozenset[str]:
    """The terms of a tsvector's text form."""
    return frozenset(_TERM.findall(tokens))


def periods(row: Watched, now: date) -> Iterable[tuple[date, bool]]:
    """Which periods may be looked at on the day ``now``, and whether each is over: the last whole
    one; by day besides, today as far as it has come."""
    if row.terms.grain is Grain.WEEK:
        return [(Grain.WEEK.of(now) - WEEK, True)]
    return [(now - DAY, True), (now, False)]
