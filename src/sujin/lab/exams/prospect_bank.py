"""A bank as foresight sees it: organisation by business, week by week, up to a Monday; with what is
known of the events that begin after it, and consultations that lead where they are made to."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date

import numpy as np

from sujin.engine.foresight import Extra
from sujin.engine.series.panel import Counts, Grain, Node, Panel, panel
from sujin.lab.dice import generator
from sujin.lab.exams.wave_bank import END, START, Bank

AXES = 2
# Who announces an event knows its size so well: a standard deviation of the logarithm.
UNSURE = 0.4


@dataclass(frozen=True, eq=False)
class Weeks:
    """Two years of both streams, and what each coming event really brought to each node."""

    cases: Panel
    asked: Panel
    brought: Mapping[str, Counts]
    begins: Mapping[str, date]
    seed: int

    def before(self, at: int) -> tuple[Panel, Panel]:
        """The first ``at`` weeks."""
        return _cut(self.cases, at), _cut(self.asked, at)

    def coming(self, at: int) -> dict[tuple[Node, date], Extra]:
        """What is expected of events that begin after the first ``at`` weeks: what they bring, by a
        factor wrong that nobody knows."""
        rng = generator("coming", self.seed, at)
        found: dict[tuple[Node, date], Extra] = {}
        for code, counts in self.brought.items():
            wrong = float(np.exp(rng.normal(0.0, UNSURE)))
            if self.begins[code] < self.cases.starts[at]:
                continue
            for row, week in zip(*np.nonzero(counts[:, at:]), strict=True):
                place = (self.cases.nodes[row], self.cases.starts[at + week])
                mean = float(counts[row, at + week]) * wrong
                known = found.get(place, Extra(0.0, 0.0))
                far = float(np.hypot(known.deviation, UNSURE * mean))
                found[place] = Extra(known.mean + mean, far)
        return found

    def led(self) -> "Weeks":
        """The same bank where customers ask a week before they complain: of every case of the next
        week, one asks now."""
        rng = generator("led", self.seed)
        next_week = np.roll(self.cases.leaf_counts, -1, axis=1)
        leaves = rng.poisson(next_week).astype(np.float64)
        counts = np.asarray(self.cases.below @ leaves)
        return replace(self, asked=replace(self.cases, leaf_counts=leaves, counts=counts))


def _cut(whole: Panel, at: int) -> Panel:
    counts, leaves = whole.counts[:, :at], whole.leaf_counts[:, :at]
    return replace(whole, starts=whole.starts[:at], counts=counts, leaf_counts=leaves)


def weeks(bank: Bank, seed: int) -> Weeks:
    """Matters told for the first time, of both streams."""
    cases, asked = _stream(bank, "complaint"), _stream(bank, "consultation")
    begins = {one.code: one.first for one in bank.plants.events}
    brought = {
        code: _counts(cases, _facts(bank, "complaint", code))
        for code in begins
    }  # fmt: skip
    return Weeks(cases, asked, brought, begins, seed)


def _facts(bank: Bank, kind: str, plant: str = "") -> Iterator[tuple[Node, date]]:
    for one in bank.facts:
        if one.kind == kind and not one.is_again and plant in ("", one.plant):
            yield one.leaf[:AXES], one.day


def _stream(bank: Bank, kind: str) -> Panel:
    cells = Counter(_facts(bank, kind))
    return panel(
        ((leaf, day, float(n)) for (leaf, day), n in cells.items()), bank.axes[:AXES],
        grain=Grain.WEEK, first=START, last=END, most_axes=AXES,
    )  # fmt: skip


def _counts(cases: Panel, facts: Iterator[tuple[Node, date]]) -> Counts:
    places = {leaf: place for place, leaf in enumerate(cases.leaves)}
    table = np.zeros(cases.leaf_counts.shape)
    for leaf, day in facts:
        table[places[leaf], cases.place(day)] += 1
    return np.asarray(cases.below @ table)
