"""``sujin eval waves``: what the watch warns of in banks with planted waves, and in quiet ones.

A warning is right when one plant (a wave, an event, a ring of agents) brought half or more of the
excess it names. A wave is found when a warning that is right about it comes before a week after its
end; at the right node when that node and the wave's own cell share four fifths of their cases while
the wave lasted. Beside it, on the same counts, three sigma over four weeks, twice the week before,
and a cumulative sum. Waves that begin before the watch has learnt enough are left out.
"""

from argparse import ArgumentParser
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from statistics import median
from time import process_time
from typing import Any

from scipy import stats

from sujin.complaints.rulebook import rulebook
from sujin.engine.series.panel import Grain
from sujin.engine.watch import DAILY, WEEKLY
from sujin.lab.exams.exam import Exam, Figures
from sujin.lab.exams.wave_bank import Bank, Seen, bank, ends, seen
from sujin.lab.exams.wave_rules import RULES, Call
from sujin.lab.plants import AgentGroup, Event, Wave
from sujin.lab.story import DEFAULT_SIZE

SEEDS, MOST_AXES = 20, 3
KINDS = ("complaint", "consultation")
TERMS = {Grain.WEEK: WEEKLY, Grain.DAY: DAILY}
OURS = "watch"
LATE, ALIKE, _MONTH_DAYS = timedelta(days=7), 0.8, 30.44


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--seeds", type=int, default=SEEDS, help="banks to invent")
    parser.add_argument("--size", type=int, default=DEFAULT_SIZE, help="contacts of two years")
    parser.add_argument("--grain", choices=[one.value for one in Grain], default=Grain.WEEK.value)
    parser.add_argument("--most-axes", type=int, default=MOST_AXES, help="codes a node may name")
    parser.add_argument("--days", type=int, default=0, help="watch only so many last days")


def run(options: Mapping[str, Any]) -> Figures:
    """Every seed as it is and had nothing happened."""
    began = process_time()
    scores: dict[tuple[str, str], _Score] = defaultdict(_Score)
    for seed in range(options["seed"], options["seed"] + options["seeds"]):
        planted = bank(seed, options["size"])
        for kind in KINDS:
            _hold(scores, planted, kind, options)
    terms = TERMS[Grain(options["grain"])]
    return {
        "seeds": options["seeds"],
        "size": options["size"],
        "grain": options["grain"],
        "promised_a_month": terms.false_a_month,
        "promised_share": terms.q,
        "rules": {
            kind: {rule: scores[rule, kind].figures() for rule in RULES if (rule, kind) in scores}
            for kind in KINDS
        },
        "cpu_seconds": round(process_time() - began, 1),
    }


def _hold(
    scores: dict[tuple[str, str], "_Score"], planted: Bank, kind: str, options: Mapping[str, Any]
) -> None:
    grain = Grain(options["grain"])
    terms, calendar = TERMS[grain], rulebook().house.calendar
    one, calm = (
        seen(each, kind, grain, options["most_axes"]) for each in (planted, planted.quiet())
    )
    width = one.panel.counts.shape[1]
    first = max(terms.history, width - (options["days"] // grain.step.days or width))
    months = (width - first) * grain.step.days / _MONTH_DAYS
    for rule, calls in RULES.items():
        score = scores[rule, kind]
        score.add(one, planted, first, list(calls(one, terms, calendar, first)))
        score.months += months
        if rule == OURS:
            quiet = sum(call.is_new for call in calls(calm, terms, calendar, first))
            score.quiet, score.quiet_months = score.quiet + quiet, score.quiet_months + months


@dataclass
class _Score:
    """What one rule said of all banks."""

    waves: int = 0
    delays: list[int] = field(default_factory=list)
    at_once: int = 0
    placed: int = 0
    right_calls: int = 0
    placed_calls: int = 0
    others: dict[str, list[bool]] = field(default_factory=lambda: defaultdict(list))
    other_delays: dict[str, list[int]] = field(default_factory=lambda: defaultdict(list))
    by_plant: dict[str, list[bool]] = field(default_factory=lambda: defaultdict(list))
    calls: int = 0
    false: int = 0
    false_shares: list[float] = field(default_factory=list)
    besides: int = 0
    quiet: int = 0
    quiet_months: float = 0.0
    months: float = 0.0

    def add(self, one: Seen, planted: Bank, first: int, calls: Sequence[Call]) -> None:
        """A bank with its plants, of which those count that begin in period ``first`` or later."""
        since = one.panel.starts[first]
        fresh = [call for call in calls if call.is_new]
        self.calls += len(fresh)
        self.false += sum(not call.plant for call in fresh)
        for at in range(first, len(one.panel.starts)):
            heard = [not call.plant for call in calls if call.at == at]
            self.false_shares.append(sum(heard) / max(1, len(heard)))
        for wave in planted.plants.waves:
            if wave.first >= since and wave.code in one.brought:
                self._wave(one, wave, [call for call in calls if call.plant == wave.code])
        for name, others in (("events", planted.plants.events), ("rings", planted.plants.groups)):
            for each in others:
                if each.first >= since and each.code in one.brought:
                    self._other(one, name, each, [c for c in calls if c.plant == each.code])

    def _wave(self, one: Seen, wave: Wave, about: Sequence[Call]) -> None:
        self.waves += 1
        timely = [call for call in about if ends(one.panel, call.at) <= _until(one, wave)]
        self.by_plant[wave.code].append(bool(timely))
        if not timely:
            return
        self.delays.append((ends(one.panel, timely[0].at) - wave.first).days)
        places = [one.alike(call.node, wave) >= ALIKE for call in timely]
        self.at_once += places[0]
        self.placed += any(places)
        named = [place for call, place in zip(timely, places, strict=True) if call.is_new]
        self.right_calls += len(named)
        self.placed_calls += sum(named)
        self.besides += max(0, len(named) - 1)

    def _other(
        self, one: Seen, name: str, plant: Event | AgentGroup, about: Sequence[Call]
    ) -> None:
        delays = [(ends(one.panel, call.at) - plant.first).days for call in about[:1]]
        self.by_plant[plant.code].append(bool(about))
        self.others[name].append(bool(about))
        self.other_delays[name] += delays

    def figures(self) -> Figures:
        return {
            "waves": self.waves,
            "found": len(self.delays),
            "delay_days": median(self.delays) if self.delays else None,
            "delays": sorted(self.delays),
            "right_node": self.placed,
            "right_node_at_once": self.at_once,
            "warnings_of_waves": self.right_calls,
            "of_them_at_the_right_node": self.placed_calls,
            "besides": self.besides,
            **{name: self._others(name) for name in ("events", "rings")},
            "by_plant": {code: [sum(h), len(h)] for code, h in sorted(self.by_plant.items())},
            "warnings": self.calls,
            "false": self.false,
            "months": round(self.months, 1),
            "false_a_month": self.false / self.months,
            "false_share_of_a_review": sum(self.false_shares) / len(self.false_shares),
            **self._calm(),
        }

    def _others(self, name: str) -> Figures:
        delays = self.other_delays[name]
        return {
            "planted": len(self.others[name]),
            "heard": sum(self.others[name]),
            "delay_days": median(delays) if delays else None,
        }

    def _calm(self) -> Figures:
        """Of quiet banks, with the exact interval of a Poisson count."""
        if not self.quiet_months:
            return {}
        low = stats.chi2.ppf(0.025, 2 * self.quiet) / 2 if self.quiet else 0.0
        high = stats.chi2.ppf(0.975, 2 * self.quiet + 2) / 2
        return {
            "quiet_warnings": self.quiet,
            "quiet_months": round(self.quiet_months, 1),
            "quiet_a_month": self.quiet / self.quiet_months,
            "quiet_interval": [low / self.quiet_months, high / self.quiet_months],
        }


def _until(one: Seen, wave: Wave) -> date:
    """The end of the period that the last timely day lies in."""
    last = ends(one.panel, -1)
    return ends(one.panel, one.panel.place(min(wave.last + LATE, last)))


def told(figures: Figures) -> Iterable[str]:
    yield (
        f"{figures['seeds']} banks of {figures['size']:,} contacts, looked at by the "
        f"{figures['grain']}; promised {figures['promised_a_month']:g} false warnings a month and "
        f"a share of {figures['promised_share']:.0%}; {figures['cpu_seconds']} CPU seconds"
    )
    for kind, rules in figures["rules"].items():
        for rule, found in rules.items():
            yield from _lines(f"{kind}, {rule}", found)


def _lines(who: str, found: Mapping[str, Any]) -> Iterable[str]:
    yield (
        f"{who:>26}: {found['found']} of {found['waves']} waves, median delay "
        f"{found['delay_days']} days; right node {found['right_node']} "
        f"({found['right_node_at_once']} at once), {found['besides']} warnings besides; "
        f"{found['events']['heard']} of {found['events']['planted']} events, "
        f"{found['rings']['heard']} of {found['rings']['planted']} rings"
    )
    yield (
        f"{'':>28}{found['warnings']} warnings, {found['false_a_month']:.2f} false a month; of "
        f"those of a review {found['false_share_of_a_review']:.0%} false on average"
    )
    if "quiet_interval" in found:
        low, high = found["quiet_interval"]
        yield (
            f"{'':>28}in quiet banks {found['quiet_a_month']:.2f} a month ({low:.2f} to {high:.2f})"
        )


EXAM = Exam(
    "waves",
    "Planted waves in invented banks: found when and where, beside three plain rules.",
    add_arguments,
    run,
    told,
)
