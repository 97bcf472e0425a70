"""What the pages of the catalogue show: a month of one place, and one metric of several places."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from urllib.parse import urlencode

from django.urls import reverse

from sujin import packs
from sujin.complaints.figures.selection import Window
from sujin.engine.standing import Compared, Standing, compare
from sujin.governance import cube, watching
from sujin.governance.cube import NOTHING, Sample
from sujin.governance.facts import HOUSE_PACK, Fact
from sujin.governance.metric_figures import Figure, of_month, of_sample
from sujin.governance.metric_places import is_own, scope
from sujin.governance.metricbook import Metric, Statistic
from sujin.platform.models import Org

DAY = timedelta(days=1)
Heads = Mapping[str, Mapping[date, float]]


def months_back(first: date, count: int) -> list[date]:
    """The first days of a month and of the ``count`` - 1 before it, the oldest first."""
    found = [first]
    while len(found) < count:
        found.insert(0, (found[0] - DAY).replace(day=1))
    return found


def whole_month(first: date) -> Window:
    return Window(first, (first + timedelta(days=31)).replace(day=1) - DAY)


@dataclass(frozen=True, slots=True)
class Line:
    """One metric of a place: this month, the month before, the same month a year ago. ``url`` are
    its cases of this month."""

    metric: Metric
    now: Figure
    before: Figure
    year_ago: Figure
    url: str

    @property
    def turn(self) -> str:
        """``better``, ``worse`` or nothing, compared with the month before, where the intervals of
        the two do not touch; nothing of what is not ripe yet."""
        if self.metric.better == "none" or self.metric.fact.ripens:
            return ""
        if self.now.low is None or self.before.low is None:
            return ""
        if self.now.low > (self.before.high or 0.0):
            return "better" if self.metric.better == "more" else "worse"
        if (self.now.high or 0.0) < self.before.low:
            return "worse" if self.metric.better == "more" else "better"
        return ""


def board(metrics: Sequence[Metric], org: Org, first: date) -> list[Line]:
    """A place's figures of a month, in the order of the catalogue."""
    firsts = [first, months_back(first, 2)[0], first.replace(year=first.year - 1)]
    facts = list({one.fact.code: one.fact for one in metrics}.values())
    where = scope(org)
    found = cube.months(facts, [where], firsts)
    heads = _customers(metrics, org)
    made = []
    for one in metrics:
        now, before, year_ago = (
            of_month(one, found.get((one.fact.code, where, month), NOTHING), heads.get(month))
            for month in firsts
        )
        made.append(Line(one, now, before, year_ago, cases_url(one, org, whole_month(first))))
    return made


def exactly(
    metrics: Sequence[Metric], org: Org, window: Window, *others: Window,
    late: Sequence[Fact] = (),
) -> list[Line]:  # fmt: skip
    """The same of any stretch of days beside two others (or one, twice), right as of now, times
    with their intervals. ``late`` as in `cube.samples`."""
    facts = list({one.fact.code: one.fact for one in metrics}.values())
    where, windows = scope(org), (window, *others)
    found = [cube.samples(facts, [where], one, late=late) for one in windows]
    made = []
    for one in metrics:
        figures = [
            of_sample(one, told[one.fact.code, where], customers(one, org, days))
            for told, days in zip(found, windows, strict=True)
        ]
        before = figures[1] if len(figures) > 1 else Figure(one, 0, None)
        made.append(Line(one, figures[0], before, figures[-1], cases_url(one, org, window)))
    return made


def trend(metric: Metric, org: Org, first: date, count: int) -> list[tuple[date, Figure]]:
    """A metric's figures of so many months, the oldest first."""
    firsts, where = months_back(first, count), scope(org)
    found = cube.months([metric.fact], [where], firsts)
    heads = _customers([metric], org)
    key = metric.fact.code
    return [
        (month, of_month(metric, found.get((key, where, month), NOTHING), heads.get(month)))
        for month in firsts
    ]


@dataclass(frozen=True, slots=True)
class UnitLine:
    """One of several units. ``standing`` is None where there are too few cases to compare; a figure
    that is ``hidden`` is of a place that is not the reader's and would point at single cases."""

    org: Org
    figure: Figure
    standing: Standing | None
    is_hidden: bool
    url: str


@dataclass(frozen=True, slots=True)
class Units:
    """``whole`` is the figure of all of them together, None where one that is hidden would follow
    from it; ``spread`` as in `engine.standing`."""

    lines: tuple[UnitLine, ...]
    whole: Figure | None
    spread: float


def units(
    metric: Metric, orgs: Sequence[Org], window: Window, desks: Sequence[Org], *,
    late: Sequence[Fact] = (),
) -> Units:  # fmt: skip
    """A metric of several units beside each other; ``desks`` are the reader's own, ``late`` as in
    `cube.samples`."""
    scopes = [scope(org) for org in orgs]
    found = cube.samples([metric.fact], scopes, window, late=late)
    samples = [found[metric.fact.code, one] for one in scopes]
    whole = _together(samples)
    compared = _compared(metric, samples, whole)
    heads = _heads(metric)
    hidden = _hidden(metric, samples, [is_own(org, desks) for org in orgs])
    lines = tuple(
        UnitLine(
            org, of_sample(metric, samples[place], customers(metric, org, window, heads)),
            None if samples[place].n < small() or compared is None
            else compared.standings[place],
            hidden[place],
            cases_url(metric, org, window) if is_own(org, desks) else "",
        )
        for place, org in enumerate(orgs)
    )  # fmt: skip
    # One hidden cell beside none that could be hidden with it would follow from the whole.
    total = None if sum(hidden) == 1 else of_sample(metric, whole)
    return Units(lines, total, compared.spread if compared else 1.0)


def _together(samples: Sequence[Sample]) -> Sample:
    import numpy as np

    values = [one.values for one in samples]
    none = np.zeros(0, np.int32)
    n, hits = sum(one.n for one in samples), sum(one.hits for one in samples)
    return Sample(n, hits, np.concatenate([none, *values]))


def _compared(metric: Metric, samples: Sequence[Sample], whole: Sample) -> Compared | None:
    """Shares are compared as they are; quantiles by how many lie above that of all together (the
    sign test of a quantile); counts are not compared: units are not of one size."""
    fraction = metric.statistic.fraction
    enough = [one.n >= small() for one in samples]
    of = [one.n * many for one, many in zip(samples, enough, strict=True)]
    if metric.statistic is Statistic.SHARE:
        hits = [one.hits * many for one, many in zip(samples, enough, strict=True)]
        return compare(hits, of, between())
    mark = whole.quantile(fraction) if fraction is not None else None
    if mark is None:
        return None
    above = [
        int((one.values > mark).sum()) * many for one, many in zip(samples, enough, strict=True)
    ]
    return compare(above, of, between())


def _hidden(metric: Metric, samples: Sequence[Sample], are_own: Sequence[bool]) -> list[bool]:
    """Cells of others with few cases, or few on one side of a share; where that is but one, the
    next smallest as well, so that it does not follow from the whole."""
    hidden = [
        not mine and _is_telling(metric, one) for one, mine in zip(samples, are_own, strict=True)
    ]
    if sum(hidden) == 1:
        others = [
            (one.n, place) for place, one in enumerate(samples)
            if not hidden[place] and not are_own[place] and one.n
        ]  # fmt: skip
        if others:
            hidden[min(others)[1]] = True
    return hidden


def _is_telling(metric: Metric, found: Sample) -> bool:
    """Whether a figure points at single cases."""
    sides = [found.n]
    if metric.statistic is Statistic.SHARE:
        sides += [found.hits, found.n - found.hits]
    return any(0 < one < small() for one in sides)


def cases_url(metric: Metric, org: Org, window: Window) -> str:
    """The address of the list of exactly its cases."""
    told = {"org": org.code, "from": window.first.isoformat(), "to": window.last.isoformat()}
    return f"{reverse('governance:metric_cases', args=[metric.code])}?{urlencode(told)}"


def customers(metric: Metric, org: Org, window: Window, heads: Heads | None = None) -> float | None:
    """Those of the months of the window; None of a metric that needs none, of part of a month, or
    where a month has none. ``heads`` by path, where they were read already."""
    last = window.last + DAY
    if metric.statistic is not Statistic.PER_10K or window.first.day != 1 or last.day != 1:
        return None
    known = _of_place(heads or _heads(metric), org)
    months = [window.first]
    while (after := whole_month(months[-1]).last + DAY) < last:
        months.append(after)
    return sum(known[one] for one in months) if all(one in known for one in months) else None


def _customers(metrics: Sequence[Metric], org: Org) -> Mapping[date, float]:
    if not any(one.statistic is Statistic.PER_10K for one in metrics):
        return {}
    return _of_place(watching.denominators("customers"), org)


def _heads(metric: Metric) -> Heads:
    """The customers of every place, for a metric that needs them."""
    is_rate = metric.statistic is Statistic.PER_10K
    return watching.denominators("customers") if is_rate else {}


def _of_place(heads: Heads, org: Org) -> Mapping[date, float]:
    return heads.get("" if org.is_root else org.path, {})


@cache
def small() -> int:
    """Fewer cases than these are not compared, nor shown to whoever may not open them."""
    return int(packs.manifest(HOUSE_PACK)["metrics"]["small"])


@cache
def between() -> float:
    return float(packs.manifest(HOUSE_PACK)["metrics"]["between"])
