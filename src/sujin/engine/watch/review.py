"""One review of the whole tree, and the replay of many: which warnings, at what promise."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np

from sujin.engine.discoveries import threshold
from sujin.engine.series.panel import Node, Panel
from sujin.engine.series.seasons import Season, season
from sujin.engine.watch.alarm import Alarm, follow
from sujin.engine.watch.concentrated import concentrated
from sujin.engine.watch.growing import back_from, growing
from sujin.engine.watch.repeated import repeated
from sujin.engine.watch.signals import Signals
from sujin.engine.watch.telling import Telling
from sujin.engine.watch.terms import Terms
from sujin.engine.watch.tree import Descent, Named
from sujin.engine.workdays import Calendar


@dataclass(frozen=True, eq=False)
class Streams:
    """What is reviewed: all cases, and those of them that are repeats (same periods) if known.

    ``is_over``: whether the last period is. Of one that goes on only growth is asked: its counts
    can but rise, so however often one looks, the look when it is over says no less. A share of it
    would go up and down, and every look be one more chance of a false warning.
    """

    cases: Panel
    repeats: Panel | None = None
    is_over: bool = True


def review(
    streams: Streams, terms: Terms, *, calendar: Calendar | None, now: date, seed: int = 0
) -> list[Alarm]:
    """The warnings of the period of ``now``, the most telling first. Too short a past gives none.

    Raises ValueError when ``now`` lies outside the panel.
    """
    at = streams.cases.place(now)
    if at < max(terms.history, terms.waves.back + terms.gap):
        return []
    moved = season(streams.cases.starts[: at + 1], terms.grain, calendar)
    read = _read(streams, moved, terms, at=at, seed=seed)
    asked = sum(len(panel.nodes) for panel, _ in read)
    cut = _cut([float(p) for _, signals in read for p in signals.p], terms, asked)
    named = _named(read, terms, at=at, cut=cut, seed=seed)
    # What rises with a wave is no further discovery, so only what was named counts as one.
    final = _cut([one.p for _, _, one in named], terms, asked)
    alarms = [
        Telling(panel, signals, terms, at, final, seed).alarm(one)
        for panel, signals, one in named
        if one.p <= final
    ]
    heard = _heard(read, cut)
    told = [replace(alarm, detectors=heard[alarm.node]) for alarm in alarms]
    return sorted(told, key=lambda alarm: -alarm.evidence)[: terms.most]


def _cut(p_values: Sequence[float], terms: Terms, asked: int) -> float:
    return threshold(p_values, terms.level, asked=asked)


def sweep(
    streams: Streams, terms: Terms, *, calendar: Calendar | None, first: date, last: date,
    seed: int = 0,
) -> Iterator[list[Alarm]]:  # fmt: skip
    """What every period's review would have said, from ``first`` to ``last``, each knowing only
    what lay before it: of each period the waves that stood then (`follow`)."""
    panel = streams.cases
    standing: list[Alarm] = []
    calm, parents = terms.grain.step * terms.gap, [axis.parents for axis in panel.axes]
    for at in range(panel.place(first), panel.place(last) + 1):
        now = panel.starts[at]
        found = review(streams, terms, calendar=calendar, now=now, seed=seed + at)
        standing = follow(standing, found, now=now, calm=calm, parents=parents)
        yield list(standing)


def _read(
    streams: Streams, moved: Season, terms: Terms, *, at: int, seed: int
) -> list[tuple[Panel, Signals]]:
    """Every detector's signals, with the panel whose rows they are."""
    panel = streams.cases
    grown = growing(panel, moved, terms, at=at, seed=seed)
    if not streams.is_over:
        return [(panel, grown)]
    read = [(panel, grown), (panel, concentrated(panel, grown, terms, seed=seed))]
    if streams.repeats is not None:
        again = repeated(panel, streams.repeats, moved, terms, at=at, seed=seed)
        read.append((streams.repeats, again))
    return read


def _heard(read: Sequence[tuple[Panel, Signals]], cut: float) -> dict[Node, tuple[str, ...]]:
    """Which detectors each node was remarkable to."""
    heard: dict[Node, tuple[str, ...]] = {}
    for panel, signals in read:
        for row in signals.rows[signals.p <= cut]:
            node = panel.nodes[row]
            heard[node] = (*heard.get(node, ()), signals.detector)
    return heard


def _named(
    read: Sequence[tuple[Panel, Signals]], terms: Terms, *, at: int, cut: float, seed: int
) -> list[tuple[Panel, Signals, Named]]:
    """What explains all that was heard; a later detector is asked only what earlier ones did not
    explain."""
    found: list[tuple[Panel, Signals, Named]] = []
    known: set[Node] = set()
    for panel, signals in read:
        nodes = [panel.nodes[row] for row in signals.rows]
        remarkable = np.flatnonzero(signals.p <= cut).tolist()
        loud = [place for place in remarkable if nodes[place] not in known]
        old = [place for place, node in enumerate(nodes) if node in known]
        leaves = np.ascontiguousarray(back_from(panel.leaf_counts, at, terms))
        named = Descent(panel, signals, terms, leaves, cut, seed).names(loud, old)
        found += [(panel, signals, one) for one in named]
        known |= {nodes[one.at] for one in named}
    return found
