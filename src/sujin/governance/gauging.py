"""The figures of one indicator in one period: of every unit, and the cases behind each."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sujin.complaints.figures.selection import Window
from sujin.engine import indicators as engine
from sujin.engine.proportion import interval
from sujin.governance.facts import Row
from sujin.governance.indicatorbook import Indicator, terms
from sujin.governance.metricbook import UNIT
from sujin.governance.models import Gauge
from sujin.governance.sighting import ANSWERS
from sujin.knowledge.desks import line_desks
from sujin.platform.models import Org

# A run is looked for in at most so many periods.
RUN_MAX = 60


def units(row: Indicator) -> list[Org]:
    """The organisations that the indicator is about."""
    return list(Org.objects.filter(kind__in=row.kinds).order_by("path"))


def gauge(row: Indicator, window: Window, *, at: datetime) -> list[Gauge]:
    """The figures of a period that is over, unsaved; one for each unit, though it had no cases."""
    orgs = units(row)
    values = by_unit(row.metric.fact.rows(window, ""), orgs)
    past = _past(row, window)
    period = {"first": window.first, "last": window.last, "gauged_at": at}
    return [_gauge(row, values[org.path], past[org.pk], org=org, **period) for org in orgs]


def by_unit(rows: Iterable[Row], orgs: Sequence[Org]) -> defaultdict[str, list[float]]:
    """The values of each unit: its own and those of everything below it."""
    paths = {org.path for org in orgs}
    found: defaultdict[str, list[float]] = defaultdict(list)
    for row in rows:
        steps = row.path.rstrip("/").split("/")
        for end in range(1, len(steps) + 1):
            path = "/".join(steps[:end]) + "/"
            if path in paths:
                found[path].append(row.value)
    return found


def _past(row: Indicator, window: Window) -> defaultdict[int, list[engine.Count]]:
    """The counts of the periods before, the oldest first, as they were judged then."""
    earlier = Gauge.objects.filter(
        indicator=row.code, first__lt=window.first, threshold=row.threshold
    )
    found: dict[int, list[engine.Count]] = defaultdict(list)
    for org, bad, n in earlier.order_by("first").values_list("org", "bad", "n"):
        found[org].append(engine.Count(bad, n))
    return defaultdict(list, {org: counts[-RUN_MAX:] for org, counts in found.items()})


def _gauge(
    row: Indicator, values: Sequence[float], past: Sequence[engine.Count], **where: Any
) -> Gauge:
    """``where`` are the unit, the period and the moment."""
    now = engine.Count(row.bad(values), len(values))
    told = engine.judge(past, now, row.target, terms().promise)
    value, low, high = figure(row, values)
    return Gauge(
        indicator=row.code, n=now.n, bad=now.bad, value=value, low=low, high=high,
        threshold=row.threshold, state=told.state, rule=told.rule or "", p=told.p, run=told.run,
        run_p=told.run_p, **where,
    )  # fmt: skip


def figure(
    row: Indicator, values: Sequence[float]
) -> tuple[float | None, float | None, float | None]:
    """The figure and its 95 % interval; None where there is nothing to say."""
    if row.quantile is not None:
        ends = engine.quantile_interval(values, row.quantile) or (None, None)
        return engine.quantile(values, row.quantile), *ends
    if not values:
        return None, None, None
    hits = sum(value > 0 for value in values)
    return hits / len(values), *interval(hits, len(values))


def behind(row: Indicator, gauged: Gauge) -> list[Row]:
    """The cases of one figure, those on the wrong side first, the slowest in front."""
    window = Window(gauged.first, gauged.last)
    rows = list(row.metric.fact.rows(window, gauged.org.path))
    return sorted(rows, key=lambda one: (not row.bad([one.value]), -one.value, one.case))


def owner_of(row: Indicator, org: Org) -> Org:
    """The unit's own desk, or the nearest above that answers; or the line's department."""
    desks = line_desks()
    if row.owner != UNIT:
        return desks.get(row.owner) or desks[""]
    above = {one.pk: one for one in Org.objects.filter(pk__in=org.lineage)}
    line = (above[step] for step in reversed(org.lineage))
    return next((one for one in line if one.kind in ANSWERS), desks[""])
