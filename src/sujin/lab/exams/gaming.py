"""``sujin eval gaming``: what the guard hears of planted gaming, and what it hears of nothing.

Beside it, on the same cases, what banks do by hand: a share of more than twice the bank's (with
five cases at least), and a share above the bank's by three standard errors.
"""

from argparse import ArgumentParser
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from time import process_time
from typing import Any

from sujin.engine.gaming import DETECTORS, Lengths, Limits, Record, State, Tally, guard
from sujin.engine.gaming.count import tallies
from sujin.lab import gaming
from sujin.lab.exams.exam import Exam, Figures

Call = tuple[str, str, str]  # detector, unit, period
Counted = Mapping[str, Sequence[Tally]]


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--seeds", type=int, default=20, help="years to invent, each twice")
    parser.add_argument("--units", type=int, default=gaming.UNITS)


def run(options: Mapping[str, Any]) -> Figures:
    """Every seed with plants and without."""
    began = process_time()
    first, seeds, names = options["seed"], options["seeds"], gaming.units(options["units"])
    scores: dict[str, _Score] = defaultdict(_Score)
    for seed in range(first, first + seeds):
        hidden = gaming.plants(seed, names)
        planted = _count(gaming.records(seed, names, hidden))
        empty = _count(gaming.records(seed, names))
        for rule, calls in RULES.items():
            scores[rule].add(calls(planted), calls(empty), hidden, len(names))
    return {
        "seeds": seeds,
        "units": len(names),
        "plants_each": len(gaming.SHARES),
        "rules": {rule: score.figures(seeds) for rule, score in scores.items()},
        "cpu_seconds": round(process_time() - began, 1),
    }


def told(figures: Figures) -> Iterable[str]:
    yield (
        f"{figures['seeds']} years of {figures['units']} units, {figures['plants_each']} gaming "
        f"units each; {figures['cpu_seconds']} CPU seconds"
    )
    for rule, found in figures["rules"].items():
        yield (
            f"{rule:>12}: {found['power']:.0%} of plants found; of what was called "
            f"{found['false_share']:.0%} was false; {found['years_with_alarm']:.0%} of honest "
            f"years had an alarm ({found['alarms_each']:.1f} each); of honest units beside gaming "
            f"ones {found['honest_accused']:.1%} were accused"
        )
        yield f"{'':>14}" + ", ".join(f"{way} {share:.0%}" for way, share in found["ways"].items())


def _count(cases: Sequence[Record]) -> Counted:
    return {one.code: tallies(one, cases, gaming.QUARTERS, Lengths()) for one in DETECTORS}


def by_guard(counted: Counted) -> set[Call]:
    """The guard as it runs in the house."""
    limits = dict.fromkeys(counted, Limits())
    found = guard(counted, limits)
    return {(one.detector, one.unit, one.period) for one in found if one.state is State.FOUND}


def by_twice(counted: Counted) -> set[Call]:
    """The naive rule: twice the bank's share, five cases at least."""
    return _called(counted, lambda one, share: one.hits >= 5 and one.hits > 2 * share * one.trials)


def by_three_sigma(counted: Counted) -> set[Call]:
    """The control chart: the bank's share and three binomial standard errors."""

    def loud(one: Tally, share: float) -> bool:
        error = (share * (1 - share) / one.trials) ** 0.5
        return one.hits >= 5 and one.hits / one.trials > share + 3 * error

    return _called(counted, loud)


def _called(counted: Counted, loud: Any) -> set[Call]:
    found = set()
    for detector, rows in counted.items():
        for period in {one.period for one in rows}:
            here = [one for one in rows if one.period == period and one.trials]
            share = sum(one.hits for one in here) / max(1, sum(one.trials for one in here))
            found |= {(detector, one.unit, period) for one in here if loud(one, share)}
    return found


RULES = {"guard": by_guard, "twice": by_twice, "three sigma": by_three_sigma}


class _Score:
    """What one rule called over all seeds."""

    def __init__(self) -> None:
        self.heard: dict[str, int] = defaultdict(int)
        self.shares: list[float] = []
        self.alarms: list[int] = []
        self.accused: list[float] = []

    def add(
        self, calls: set[Call], calm: set[Call], hidden: Sequence[gaming.Plant], units: int
    ) -> None:
        due = {(d, one.unit): one.way for one in hidden for d in gaming.HEARD_BY[one.way]}
        for way in {due[call[:2]] for call in calls if call[:2] in due}:
            self.heard[way] += 1
        false = sum(call[:2] not in due for call in calls)
        self.shares.append(false / len(calls) if calls else 0.0)
        self.alarms.append(len(calm))
        guilty = {one.unit for one in hidden}
        accused = {unit for _way, unit, _period in calls} - guilty
        self.accused.append(len(accused) / (units - len(guilty)))

    def figures(self, seeds: int) -> Figures:
        ways = {way: self.heard[way] / seeds for way in gaming.SHARES}
        return {
            "power": sum(ways.values()) / len(ways),
            "false_share": sum(self.shares) / seeds,
            "years_with_alarm": sum(map(bool, self.alarms)) / seeds,
            "alarms_each": sum(self.alarms) / seeds,
            "honest_accused": sum(self.accused) / seeds,
            "ways": ways,
        }


EXAM = Exam(
    "gaming",
    "The guard against gaming on invented years, beside a fixed threshold and three sigma.",
    add_arguments,
    run,
    told,
)
