"""Waves over the whole tree: the right node is named, few warnings are false, and each says why."""

from collections.abc import Iterator
from datetime import date, timedelta

import numpy as np
import pytest

from sujin.engine.series.panel import Axis, Grain, Node, Panel, panel
from sujin.engine.watch import WEEKLY, Alarm, Streams, Terms, review, sweep
from sujin.engine.watch.alarm import follow

BRANCHES = {f"b{i}": "" for i in range(5)} | {f"b{i}.o{j}": f"b{i}" for i in range(5) for j in "12"}
BUSINESS = {f"x{i}": "" for i in range(4)} | {f"x{i}.s{j}": f"x{i}" for i in range(4) for j in "12"}
AXES = (Axis("org", BRANCHES), Axis("business", BUSINESS))
OUTLETS = [code for code in BRANCHES if "." in code]
PRODUCTS = [code for code in BUSINESS if "." in code]
START = date(2024, 1, 1)
WEEKS = 90
WAVE = ("b1", "x2.s1")
WAVE_LEAF = ("b1.o2", "x2.s1")


def bank(
    *, seed: int, waves: dict[Node, float] | None = None, weeks: range = range(86, 90)
) -> Panel:
    """A quiet bank of 80 cells; ``waves`` multiplies the cells below a node in those weeks."""
    rng = np.random.default_rng(seed)
    rates = rng.gamma(2.0, 0.5, (len(OUTLETS), len(PRODUCTS)))
    cells = []
    for week in range(WEEKS):
        for o, outlet in enumerate(OUTLETS):
            for p, product in enumerate(PRODUCTS):
                rate = rates[o, p] * _times((outlet, product), waves or {}, week in weeks)
                count = rng.negative_binomial(rate / 0.3, 1 / 1.3)
                if count:
                    day = START + timedelta(weeks=week)
                    cells.append(((outlet, product), day, float(count)))
    last = START + timedelta(weeks=WEEKS - 1)
    return panel(cells, AXES, grain=Grain.WEEK, first=START, last=last)


def _times(leaf: Node, waves: dict[Node, float], now: bool) -> float:
    found = 1.0
    for node, times in waves.items():
        if now and all(c == "" or leaf[i].startswith(c) for i, c in enumerate(node)):
            found *= times
    return found


def swept(counted: Panel, terms: Terms = WEEKLY, *, first: int = 60) -> Iterator[list[Alarm]]:
    days = (START + timedelta(weeks=first), START + timedelta(weeks=WEEKS - 1))
    return sweep(Streams(counted), terms, calendar=None, first=days[0], last=days[1])


@pytest.mark.parametrize("node", [WAVE, ("b3", ""), ("", "x0"), ("b0.o2", "x1.s2")])
def test_the_node_that_rose_is_named_and_not_its_relatives(node: Node) -> None:
    counted = bank(seed=4, waves={node: 8.0 if "." in node[0] else 5.0})
    alarms = review(Streams(counted), WEEKLY, calendar=None, now=START + timedelta(weeks=88))
    assert _alike(counted, alarms[0].node, node) > 0.75, alarms[0].node
    others = {alarm.node for alarm in alarms[1:]}
    assert len(others) <= 1
    relatives = {up for up in counted.nodes if up != node and _alike(counted, up, node) > 0.9}
    assert not others & relatives


def _alike(counted: Panel, one: Node, other: Node) -> float:
    """Of the cases in either node in the weeks of the wave, the share that is in both."""
    cells = [set(counted.below[counted.where(node)].indices) for node in (one, other)]
    weeks = counted.leaf_counts[:, 86:89].sum(axis=1)
    both, either = cells[0] & cells[1], cells[0] | cells[1]
    return float(weeks[list(both)].sum() / weeks[list(either)].sum())


def test_a_quiet_bank_is_warned_of_no_more_often_than_promised() -> None:
    """One a month is promised; 4 banks of 30 weeks are 27.6 months."""
    first = [list(swept(bank(seed=seed))) for seed in range(4)]
    alarms = {
        (at, a.node, a.first_alarm) for at, lists in enumerate(first) for one in lists for a in one
    }
    assert 1 <= len(alarms) <= 24, len(alarms)


def test_a_warning_says_how_many_how_many_were_expected_and_what_would_have_been_silent() -> None:
    counted = bank(seed=4, waves={WAVE: 9.0})
    *_, last = swept(counted, first=84)
    alarm = max(last, key=lambda one: one.evidence)
    assert _alike(counted, alarm.node, WAVE) > 0.75
    weeks = slice(counted.place(alarm.since), counted.place(alarm.last_alarm) + 1)
    assert alarm.observed <= counted.counts[counted.where(alarm.node), weeks].sum()
    assert alarm.low <= alarm.expected <= alarm.high < alarm.observed
    assert alarm.expected <= alarm.silent_at < alarm.observed
    assert alarm.first_alarm in {START + timedelta(weeks=w) for w in (86, 87)}
    assert "growing" in alarm.detectors
    assert alarm.p < 1e-4


def test_a_rise_of_the_whole_bank_concentrates_nowhere() -> None:
    *_, last = swept(bank(seed=6, waves={("", ""): 2.5}), first=84)
    assert [alarm.node for alarm in last][:1] == [("", "")]
    assert "concentrated" not in last[0].detectors


@pytest.mark.parametrize("seed", [6, 7, 8])
def test_one_week_in_which_everything_rises_is_one_warning(seed: int) -> None:
    """One of three weeks: what rose in it is compared with what rose in it."""
    counted = bank(seed=seed, waves={("", ""): 4.0}, weeks=range(88, 89))
    alarms = review(Streams(counted), WEEKLY, calendar=None, now=START + timedelta(weeks=88))
    assert alarms[0].node == ("", "")
    # A part of it may have risen by chance besides: a tenth of the warnings, and not five of six.
    assert len(alarms) <= 2


@pytest.mark.parametrize("more", [100, 600, 20_000])
def test_the_larger_the_surge_of_a_cell_the_surer_the_cell_is_named(more: int) -> None:
    leaves = [(outlet, product) for outlet in OUTLETS for product in PRODUCTS]
    cells = [
        (leaf, START + timedelta(weeks=week), 1.0)
        for n, leaf in enumerate(leaves)
        for week in range(n % 7, WEEKS, 7)
    ]
    last = START + timedelta(weeks=WEEKS - 1)
    cells.append((WAVE_LEAF, last, float(more)))
    counted = panel(cells, AXES, grain=Grain.WEEK, first=START, last=last)
    alarms = review(Streams(counted), WEEKLY, calendar=None, now=last)
    assert [alarm.node for alarm in alarms] == [WAVE_LEAF]


def test_a_week_of_bulk_entry_long_ago_hides_no_wave_of_today() -> None:
    counted = bank(seed=4, waves={WAVE: 8.0})
    now, last = START + timedelta(weeks=88), START + timedelta(weeks=WEEKS - 1)
    cells = [
        (leaf, counted.starts[week], float(counted.leaf_counts[row, week]))
        for row, leaf in enumerate(counted.leaves)
        for week in np.flatnonzero(counted.leaf_counts[row])
    ]
    cells.append((("b3.o1", "x0.s1"), START + timedelta(weeks=40), 500_000.0))
    bent = panel(cells, AXES, grain=Grain.WEEK, first=START, last=last)
    plain, found = (
        review(Streams(one), WEEKLY, calendar=None, now=now)[0] for one in (counted, bent)
    )
    assert found.node == plain.node
    assert found.expected < 1.5 * plain.expected


def test_a_wave_keeps_its_own_beginning_beside_one_of_the_whole_bank() -> None:
    now, calm = date(2026, 1, 1), timedelta(days=14)
    parents = [axis.parents for axis in AXES]

    def wave(node: Node, day: date) -> Alarm:
        return Alarm(node, ("growing",), day, day, day, 9, 3, 0, 6, 5.0, 1e-4, 6)

    whole, branch = wave(("", ""), now - calm), wave(("b1", ""), now - timedelta(days=7))
    again = [wave(("b1", ""), now), wave(("", ""), now), wave(("b2", ""), now)]
    found = follow([whole, branch], again, now=now, calm=calm, parents=parents)
    began = {one.node: one.first_alarm for one in found}
    assert began == {("", ""): now - calm, ("b1", ""): now - timedelta(days=7), ("b2", ""): now}


@pytest.mark.parametrize("count", [float("nan"), float("inf"), -1.0])
def test_what_is_no_number_of_cases_is_refused(count: float) -> None:
    cells = [(("b1.o1", "x0.s1"), START, count)]
    with pytest.raises(ValueError, match="no number of cases"):
        panel(cells, AXES, grain=Grain.WEEK, first=START, last=START)


def test_the_same_panel_gives_the_same_warnings_twice() -> None:
    counted = bank(seed=4, waves={WAVE: 5.0})
    now = START + timedelta(weeks=88)
    once, twice = (review(Streams(counted), WEEKLY, calendar=None, now=now) for _ in range(2))
    assert once and once == twice


def test_a_past_too_short_to_learn_from_warns_nobody() -> None:
    counted = bank(seed=4, waves={WAVE: 9.0}, weeks=range(20, 24))
    now = START + timedelta(weeks=22)
    assert review(Streams(counted), WEEKLY, calendar=None, now=now) == []
    with pytest.raises(ValueError, match="outside"):
        review(Streams(counted), WEEKLY, calendar=None, now=START + timedelta(weeks=WEEKS))
