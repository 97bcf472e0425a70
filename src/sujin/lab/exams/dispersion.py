"""``sujin eval dispersion``: which planted inconsistent branches the audit of remedies finds.

Branches differ in the business they do, and the like of a case decides its remedy; on top of that
one branch is mean, one generous, one erratic. Beside the audit, on the same decisions: a branch
whose mean share is off the bank's by three standard errors.
"""

from argparse import ArgumentParser
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from time import process_time
from typing import Any

import numpy as np

from sujin.engine.dispersion import Decision, Way, audit
from sujin.lab.dice import generator
from sujin.lab.exams.exam import Exam, Figures

UNITS, EACH, STRATA = 12, 60, 10
MEAN, GENEROUS, ERRATIC = 0.75, 1.35, 2.2
SCATTER = 0.3
Call = tuple[str, str]  # unit, way
# What was called, what was called where nothing was hidden, and what was hidden.
Heard = tuple[set[Call], set[Call], tuple[Call, ...]]


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--seeds", type=int, default=60, help="banks to invent, each twice")


def run(options: Mapping[str, Any]) -> Figures:
    """Every seed with inconsistent branches and without."""
    began = process_time()
    seeds = range(options["seed"], options["seed"] + options["seeds"])
    heard: dict[str, list[Heard]] = defaultdict(list)
    for seed in seeds:
        hidden = planted(seed)
        uneven, even = decisions(seed, hidden), decisions(seed)
        for rule, calls in RULES.items():
            heard[rule].append((calls(uneven), calls(even), tuple(hidden)))
    return {
        "seeds": len(seeds),
        "units": UNITS,
        "rules": {rule: _score(rows) for rule, rows in heard.items()},
        "cpu_seconds": round(process_time() - began, 1),
    }


def planted(seed: int) -> dict[Call, float]:
    """A mean, a generous and an erratic branch."""
    chosen = generator("dispersion-plants", seed).permutation(UNITS)[:3]
    mean, generous, erratic = (f"B{int(place):02d}" for place in chosen)
    level, spread = Way.LEVEL.value, Way.SPREAD.value
    return {(mean, level): MEAN, (generous, level): GENEROUS, (erratic, spread): ERRATIC}


def decisions(seed: int, hidden: Mapping[Call, float] | None = None) -> list[Decision]:
    """A bank's remedies of a year; each branch has a mix of business of its own."""
    rng, ways = generator("dispersion", seed), hidden or {}
    usual = rng.uniform(0.2, 0.9, STRATA)
    found: list[Decision] = []
    for unit in (f"B{place:02d}" for place in range(UNITS)):
        mix = rng.dirichlet(np.full(STRATA, 1.0))
        size = max(25, int(EACH * rng.lognormal(0, 0.4)))
        wide = SCATTER * ways.get((unit, Way.SPREAD.value), 1.0)
        level = ways.get((unit, Way.LEVEL.value), 1.0)
        for stratum in rng.choice(STRATA, size=size, p=mix):
            amount = float(rng.lognormal(6, 1))
            share = level * usual[stratum] * float(rng.lognormal(0, wide))
            strata = (f"s{stratum}", f"t{stratum // 5}")
            found.append(Decision(len(found), unit, strata, amount, amount * share))
    return found


def by_audit(rows: Sequence[Decision]) -> set[Call]:
    return {(one.unit, one.way.value) for one in audit(rows) if one.found}


def by_three_sigma(rows: Sequence[Decision]) -> set[Call]:
    """The naive rule: no strata, the mean of shares and three standard errors."""
    shares = np.array([one.granted / one.amount for one in rows])
    middle, spread = float(shares.mean()), float(shares.std())
    found = set()
    for unit in {one.unit for one in rows}:
        own = np.array([one.granted / one.amount for one in rows if one.unit == unit])
        if abs(float(own.mean()) - middle) > 3 * spread / own.size**0.5:
            found.add((unit, Way.LEVEL.value))
    return found


RULES = {"audit": by_audit, "three sigma": by_three_sigma}


def _score(rows: Sequence[Heard]) -> Figures:
    ways = dict.fromkeys(("mean", "generous", "erratic"), 0.0)
    for called, _calm, hidden in rows:
        for name, call in zip(ways, hidden, strict=True):
            ways[name] += (call in called) / len(rows)
    false = [len(called - set(hidden)) / max(1, len(called)) for called, _calm, hidden in rows]
    return {
        "power": sum(ways.values()) / len(ways),
        "false_share": sum(false) / len(rows),
        "banks_with_alarm": sum(bool(calm) for _called, calm, _hidden in rows) / len(rows),
        "ways": ways,
    }


def told(figures: Figures) -> Iterable[str]:
    yield (
        f"{figures['seeds']} banks of {figures['units']} branches, three of them inconsistent; "
        f"{figures['cpu_seconds']} CPU seconds"
    )
    for rule, found in figures["rules"].items():
        yield (
            f"{rule:>12}: {found['power']:.0%} found; of what was called "
            f"{found['false_share']:.0%} was false; {found['banks_with_alarm']:.0%} of consistent "
            "banks had an alarm"
        )
        yield f"{'':>14}" + ", ".join(f"{way} {share:.0%}" for way, share in found["ways"].items())


EXAM = Exam(
    "dispersion",
    "The audit of remedies on invented banks, beside three sigma without strata.",
    add_arguments,
    run,
    told,
)
