"""A story as the watch sees it: counts by organisation, business, cause and channel, with the truth
of what is planted in them; no words, no database."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta

import numpy as np

from sujin.complaints.rulebook import taxonomy
from sujin.engine.series.panel import Axis, Counts, Grain, Node, Panel, panel
from sujin.engine.watch import Alarm, Streams
from sujin.lab import story
from sujin.lab.bank import plan
from sujin.lab.people import homes
from sujin.lab.plants import Plants, Wave, planted
from sujin.lab.scenes import scene
from sujin.platform.organisation import OrgPlan

START, END = date(2024, 9, 2), date(2026, 8, 30)
_ONE = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Fact:
    """One contact: where it counts, and the code of the plant that brought it, if one did. What a
    customer tells again comes of the plant that brought the first contact."""

    leaf: Node
    day: date
    kind: str
    is_again: bool
    plant: str


@dataclass(frozen=True, slots=True)
class Bank:
    """Two years of contacts."""

    axes: tuple[Axis, ...]
    plants: Plants
    facts: tuple[Fact, ...]

    def quiet(self) -> "Bank":
        """The same bank, had none of what is planted happened."""
        return replace(self, facts=tuple(one for one in self.facts if not one.plant))


def bank(seed: int, size: int) -> Bank:
    """The bank of this seed with about ``size`` contacts."""
    orgs = plan(seed)
    where = homes(orgs)
    hidden = planted(seed, where, START, END)
    told = story.untold(seed, where, hidden, (START, END), size)
    brought = [one.wave or one.event or one.group for one in told]
    facts = []
    for one in told:
        about = scene(one.matter.scene)
        leaf = (one.customer.outlet, about.business, about.cause, one.channel)
        is_again = one.contact > 1
        facts.append(Fact(leaf, one.at.date(), one.kind.value, is_again, brought[one.root]))
    return Bank(_axes(orgs), hidden, tuple(facts))


def _axes(orgs: OrgPlan) -> tuple[Axis, ...]:
    """The head office is everything."""
    head = next(one.code for one in orgs.orgs if not one.parent)
    above = {
        one.code: "" if one.parent == head else one.parent or ""
        for one in orgs.orgs
        if one.code != head
    }
    codes = taxonomy()
    kinds = {
        axis: {code: row.parent for (of, code), row in codes.items() if of == axis}
        for axis in ("business", "cause")
    }
    return (Axis("org", above), *(Axis(name, up) for name, up in kinds.items()), Axis("door", {}))


@dataclass(frozen=True, eq=False)
class Seen:
    """One stream of a bank on a panel, with the counts that each plant brought, leaf by leaf."""

    streams: Streams
    brought: dict[str, Counts]

    @property
    def panel(self) -> Panel:
        return self.streams.cases

    def behind(self, row: int, first: int, last: int, excess: float) -> str:
        """The plant that brought half or more of what a row had too many in these periods; empty
        if none did."""
        leaves = self.panel.below[row].indices
        shares = {
            code: float(counts[leaves, first : last + 1].sum())
            for code, counts in self.brought.items()
        }
        most = max(shares, key=lambda code: shares[code], default="")
        return most if most and shares[most] >= max(excess, 1.0) / 2 else ""

    def behind_alarm(self, alarm: Alarm) -> str:
        first, last = self.panel.place(alarm.since), self.panel.place(alarm.last_alarm)
        return self.behind(self.panel.where(alarm.node), first, last, alarm.excess)

    def alike(self, node: Node, wave: Wave) -> float:
        """Of the cases in the node or in the wave's own cell while the wave lasted, the share that
        is in both (Jaccard)."""
        counted = self.panel
        own = {place for place, leaf in enumerate(counted.leaves) if _is_in(leaf, wave, counted)}
        named = set(counted.below[counted.where(node)].indices.tolist())
        span = slice(counted.place(wave.first), counted.place(wave.last) + 1)
        cases = counted.leaf_counts[:, span].sum(axis=1)
        either = float(cases[list(own | named)].sum())
        return float(cases[list(own & named)].sum()) / either if either else 0.0


def _is_in(leaf: Node, wave: Wave, counted: Panel) -> bool:
    place = wave.outlet or wave.branch
    return leaf[1:3] == (wave.business, wave.cause) and place in counted.axes[0].chain(leaf[0])


def seen(counted: Bank, kind: str, grain: Grain, most_axes: int) -> Seen:
    """One kind of contact of a bank: matters told for the first time, and those told again."""
    facts = [one for one in counted.facts if one.kind == kind]
    first, last = grain.of(START), END

    def made(rows: Iterable[Fact]) -> Panel:
        cells = Counter((one.leaf, one.day) for one in rows)
        return panel(
            ((leaf, day, float(count)) for (leaf, day), count in cells.items()),
            counted.axes, grain=grain, first=first, last=last, most_axes=most_axes,
        )  # fmt: skip

    cases = made(one for one in facts if not one.is_again)
    places = {leaf: place for place, leaf in enumerate(cases.leaves)}
    brought: dict[str, Counts] = {}
    for one in facts:
        if one.plant and not one.is_again:
            table = brought.setdefault(one.plant, np.zeros(cases.leaf_counts.shape))
            table[places[one.leaf], cases.place(one.day)] += 1
    return Seen(Streams(cases, made(one for one in facts if one.is_again)), brought)


def ends(counted: Panel, at: int) -> date:
    """The last day of a period: when its review can be read."""
    return counted.starts[at] + counted.grain.step - _ONE
