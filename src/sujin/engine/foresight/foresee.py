"""The weeks ahead of every node with enough cases: quantiles, the chance of a hot week, and why."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from math import ceil

import numpy as np

from sujin.engine.events.scoring import NAIVE_WEEKS, naive_mean
from sujin.engine.foresight import pull as pulled
from sujin.engine.foresight.pull import Lead, lead, pull, signs
from sujin.engine.foresight.spread import chance, drift, quantiles
from sujin.engine.foresight.usual import YEAR, Usual, enough, usual
from sujin.engine.series.panel import Counts, Node, Panel
from sujin.engine.series.seasons import Season, season
from sujin.engine.workdays import Calendar

LATELY = 26
REASONS = ("season", "trend", "recent", "asked", "event")


@dataclass(frozen=True, slots=True)
class Terms:
    """``weeks`` ahead; nodes with ``least`` cases a week or more of late, the ``most`` largest; a
    week is hot from ``factor`` times the usual level on, and never with fewer than ``hot_least``
    cases."""

    weeks: int = 4
    least: float = 5.0
    most: int = 300
    factor: float = 1.5
    hot_least: int = 8


@dataclass(frozen=True, slots=True)
class Extra:
    """What a known event is expected to add to a node's week, and its standard deviation."""

    mean: float
    deviation: float


@dataclass(frozen=True, slots=True)
class Prospect:
    """Of one node, the week that begins on ``week``, said ``ahead`` weeks before its end.
    ``usual``: the median week of the last year; ``chance``: of ``hot_from`` cases or more;
    ``naive``: the mean of the last four weeks; ``parts``: how many cases each reason adds to the
    usual week (or takes away)."""

    node: Node
    week: date
    ahead: int
    usual: float
    low: float
    mid: float
    high: float
    hot_from: int
    chance: float
    naive: float
    parts: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Foresight:
    """Everything said at one moment; ``leads``: what consultations were worth, by weeks ahead.
    Empty when the past is too short or no node has enough cases."""

    prospects: tuple[Prospect, ...] = ()
    leads: tuple[Lead, ...] = ()


@dataclass(frozen=True, eq=False)
class _Known:
    """The chosen nodes' past; row 0 is the whole."""

    nodes: tuple[Node, ...]
    counts: Counts
    asked: Counts | None
    weeks: tuple[date, ...]
    season: Season
    terms: Terms
    extra: Mapping[tuple[Node, date], Extra] = field(default_factory=dict)

    @property
    def levels(self) -> Counts:
        return np.asarray(np.median(self.counts[:, -YEAR:], axis=1))


def foresee(
    cases: Panel, asked: Panel | None, terms: Terms, *, calendar: Calendar | None,
    extra: Mapping[tuple[Node, date], Extra] | None = None,
) -> Foresight:  # fmt: skip
    """The weeks after the last of ``cases``, which is over. ``asked``: consultations of the same
    tree and weeks; ``extra``: what coming events bring, by node and week."""
    starts = [*cases.starts]
    for _ in range(terms.weeks):
        starts.append(starts[-1] + cases.grain.step)
    moved = season(starts, cases.grain, calendar)
    rows = _chosen(cases, terms)
    if not rows or not enough(len(cases.starts), moved, terms.weeks):
        return Foresight()
    nodes = tuple(cases.nodes[row] for row in rows)
    known = _Known(
        nodes, np.ascontiguousarray(cases.counts[rows]), _same(asked, nodes), tuple(starts),
        moved, terms, extra or {},
    )  # fmt: skip
    made = [_ahead(known, ahead) for ahead in range(1, terms.weeks + 1)]
    prospects = tuple(one for told, _ in made for one in told)
    return Foresight(prospects, tuple(one for _, one in made if one is not None))


def _chosen(cases: Panel, terms: Terms) -> list[int]:
    """The whole, then the largest nodes; none when the whole itself has too few. Of nodes with the
    same cases only the one that names fewer codes: it says no less."""
    late = cases.counts[:, -LATELY:].mean(axis=1)
    order = sorted(range(len(late)), key=lambda row: (-late[row], _named(cases.nodes[row]), row))
    seen: set[bytes] = set()
    found = []
    for row in order:
        series = cases.counts[row].tobytes()
        if late[row] >= terms.least and series not in seen:
            seen.add(series)
            found.append(row)
    return found[: terms.most]


def _named(node: Node) -> int:
    return sum(code != "" for code in node)


def _same(asked: Panel | None, nodes: Sequence[Node]) -> Counts | None:
    if asked is None:
        return None
    places = {node: row for row, node in enumerate(asked.nodes)}
    table = np.zeros((len(nodes), asked.counts.shape[1]))
    for row, node in enumerate(nodes):
        if node in places:
            table[row] = asked.counts[places[node]]
    return table if table.any() else None


def _ahead(known: _Known, ahead: int) -> tuple[list[Prospect], Lead | None]:
    told = usual(known.counts, known.counts[0], known.season, ahead=ahead)
    asked = None
    if known.asked is not None:
        asked = known.asked, usual(known.asked, known.asked[0], known.season, ahead=ahead)
    seen = signs(known.counts, told, asked, ahead=ahead)
    worth = lead(known.counts, told, seen, ahead=ahead) if asked else None
    used = [*pulled.OWN]
    if worth is not None and worth.helps:
        used.append(pulled.ASKED)
    carried = pull(known.counts, told, seen, used=used)
    at = slice(seen.since - told.first, known.counts.shape[1] - told.first)
    mean = told.mean[:, at] * carried.past
    variance = told.dispersion[:, at] * mean + told.unsure[:, at] * mean**2
    more = drift(known.counts[:, seen.since :], mean, variance)
    return _said(known, told, seen.now * carried.beta, more, ahead), worth


def _said(known: _Known, told: Usual, pulls: Counts, more: float, ahead: int) -> list[Prospect]:
    week = known.weeks[known.counts.shape[1] + ahead - 1]
    none = Extra(0.0, 0.0)
    extra = [known.extra.get((node, week), none) for node in known.nodes]
    mean = told.mean[:, -1] * np.exp(pulls.sum(axis=1))
    variance = told.dispersion[:, -1] * mean + (told.unsure[:, -1] + more) * mean**2
    mean = mean + np.array([one.mean for one in extra])
    variance = variance + np.array([one.mean + one.deviation**2 for one in extra])
    levels = known.levels
    hot = [max(ceil(known.terms.factor * level), known.terms.hot_least) for level in levels]
    said = np.stack([*quantiles(mean, variance), chance(np.array(hot), mean, variance)], axis=1)
    parts = _parts(known, told, pulls, ahead)
    late = known.counts[:, -NAIVE_WEEKS:].tolist()
    return [
        Prospect(
            node, week, ahead, level, low, mid, high, from_, odds, naive_mean(last),
            {**of_node, "event": more_of.mean},
        )
        for node, level, (low, mid, high, odds), from_, last, of_node, more_of in zip(
            known.nodes, levels.tolist(), said.tolist(), hot, late, parts, extra, strict=True
        )
    ]  # fmt: skip


def _parts(known: _Known, told: Usual, pulls: Counts, ahead: int) -> list[dict[str, float]]:
    """Cases by reason: each part's share of the logarithm, in cases of a usual week."""
    weeks = known.counts.shape[1] + ahead
    span = slice(weeks - told.curve.shape[1], weeks)
    design = known.season.design[:, span].T
    betas = np.linalg.lstsq(design, told.curve.T, rcond=None)[0]
    off = design[-1] - design[:-1].mean(axis=0)
    moved = off[:, None] * betas
    names = known.season.names
    slope = moved[names.index("trend")] if "trend" in names else np.zeros(len(known.nodes))
    steps = {
        "season": moved.sum(axis=0) - slope,
        "trend": slope,
        "recent": pulls.sum(axis=1) - pulls[:, pulled.ASKED],
        "asked": pulls[:, pulled.ASKED],
    }
    level = np.exp(told.curve[:, :-1].mean(axis=1))
    return [
        {name: float(level[row] * np.expm1(step[row])) for name, step in steps.items()}
        for row in range(len(known.nodes))
    ]
