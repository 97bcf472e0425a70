"""``sujin eval sampler``: thousands of monthly plans over an invented bank, and who foresees them.

Outlets have troubles that come and go; risk sees them darkly, and rises while nobody comes. The
forecaster knows everything but the lots: all risks, all rules, all earlier plans. It names one
outlet a month; how often that one is visited, over how often a blindly named one is, is its lift,
which may not exceed the factor that the rules state. Beside the lots: the list of the highest
risks, and the rotation that banks keep, each of the same size.
"""

from argparse import ArgumentParser
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from math import sqrt
from time import process_time
from typing import Any

import numpy as np
import numpy.typing as npt

from sujin.engine import sample
from sujin.engine.sample import Place
from sujin.lab import bank
from sujin.lab.dice import generator
from sujin.lab.exams.exam import Exam, Figures
from sujin.platform.organisation import OrgSpec

Numbers = npt.NDArray[np.float64]
MONTHS = 48  # of one bank's history
WARM = 12  # before these nothing is counted
FACTOR, SEES, DAYS = 2.0, 0.8, 21
BEGINS, ENDS = 0.03, 0.15  # a month, of a trouble
SHARE = 0.2  # of outlets are visited in a month


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--plans", type=int, default=10_000, help="monthly plans to draw")
    parser.add_argument("--outlets", type=int, default=120)


@dataclass(frozen=True, slots=True)
class Town:
    """Outlets with their second-level branch, and inspectors with theirs."""

    homes: tuple[str, ...]
    inspectors: tuple[str, ...]

    @property
    def size(self) -> int:
        return len(self.homes)

    def barred(self, outlet: int) -> frozenset[int]:
        home = self.homes[outlet]
        return frozenset(key for key, own in enumerate(self.inspectors) if own == home)


def town(seed: int, outlets: int) -> Town:
    """The bank of that seed: whoever handles complaints at a second-level branch may be sent."""
    plan = bank.plan(seed, outlets=outlets)
    by_code = {org.code: org for org in plan.orgs}
    homes = [_home(org, by_code) for org in plan.orgs if org.kind == "outlet"]
    sent = [post.org for post in plan.posts if post.role == "handler" and post.org in set(homes)]
    return Town(tuple(homes), tuple(sent))


def _home(org: OrgSpec, by_code: Mapping[str, OrgSpec]) -> str:
    while org.kind != "branch2":
        org = by_code[org.parent]
    return org.code


def run(options: Mapping[str, Any]) -> Figures:
    """Histories of MONTHS plans until there are enough, under every rule alike."""
    began = process_time()
    place = town(options["seed"], options["outlets"])
    visits = max(1, round(SHARE * place.size))
    histories = -(-options["plans"] // (MONTHS - WARM))
    told = {name: _Score(place, visits) for name in RULES}
    for history in range(histories):
        for name, rule in RULES.items():
            _lived(place, visits, rule, told[name], generator("sampler", options["seed"], history))
    return {
        "plans": histories * (MONTHS - WARM),
        "outlets": place.size,
        "visits": visits,
        "factor": FACTOR,
        "rules": {name: score.figures() for name, score in told.items()},
        "cpu_seconds": round(process_time() - began, 1),
    }


Rule = Callable[[Town, Numbers, Numbers, int, np.random.Generator], list[sample.Drawn]]


def by_lots(
    place: Town, risk: Numbers, unseen: Numbers, visits: int, rng: np.random.Generator
) -> list[sample.Drawn]:
    """The plan as the house draws it."""
    places = [Place(key, float(risk[key]), place.barred(key)) for key in range(place.size)]
    return sample.draw(
        places, range(len(place.inspectors)), visits=visits, days=DAYS, factor=FACTOR,
        seed=int(rng.integers(2**62)),
    )  # fmt: skip


def by_highest_risk(
    place: Town, risk: Numbers, unseen: Numbers, visits: int, rng: np.random.Generator
) -> list[sample.Drawn]:
    """The known-bad: whoever looks worst is visited."""
    return _listed(np.argsort(-risk, kind="stable")[:visits])


def by_rotation(
    place: Town, risk: Numbers, unseen: Numbers, visits: int, rng: np.random.Generator
) -> list[sample.Drawn]:
    """The other known-bad: whoever was not visited for longest."""
    return _listed(np.argsort(-unseen, kind="stable")[:visits])


def by_blind_lots(
    place: Town, risk: Numbers, unseen: Numbers, visits: int, rng: np.random.Generator
) -> list[sample.Drawn]:
    return by_lots(place, np.ones(place.size), unseen, visits, rng)


def _listed(taken: Iterable[int]) -> list[sample.Drawn]:
    return [sample.Drawn(int(key), -1, 0, 1.0) for key in taken]


RULES: Mapping[str, Rule] = {
    "lots": by_lots, "blind lots": by_blind_lots, "highest risk": by_highest_risk,
    "rotation": by_rotation,
}  # fmt: skip


def _lived(place: Town, visits: int, rule: Rule, score: "_Score", rng: np.random.Generator) -> None:
    """One history: troubles begin and end, risk sees them darkly, visits find and mend them."""
    size = place.size
    trouble = rng.random(size) < BEGINS / (BEGINS + ENDS)
    unseen, seen = rng.integers(0, 12, size).astype(float), np.zeros(size)
    last: set[int] = set()
    for month in range(MONTHS):
        told = np.where(trouble, 2.0, 0.0) * rng.random(size)
        risk = 1 + np.minimum(unseen / 18, 1.0) + told
        named = _forecasts(risk, unseen, seen, last, rng)
        drawn = rule(place, risk, unseen, visits, rng)
        taken = {one.place for one in drawn}
        if month >= WARM:
            score.add(drawn, taken, named, trouble, rng)
        found = np.array(sorted(taken))
        seen[found] += 1
        unseen += 1
        unseen[found] = 0
        trouble[found[rng.random(len(found)) < SEES]] = False
        trouble = np.where(trouble, rng.random(size) >= ENDS, rng.random(size) < BEGINS)
        last = taken
    score.covered(unseen)


def _forecasts(
    risk: Numbers, unseen: Numbers, seen: Numbers, last: set[int], rng: np.random.Generator
) -> Mapping[str, int]:
    """Whom each forecaster names."""
    passed = [key for key in range(len(risk)) if key not in last]
    return {
        "knows the risks": int(np.argmax(risk)),
        "longest unseen": int(np.argmax(unseen)),
        "most often seen": int(np.argmax(seen)),
        "not last month": int(rng.choice(passed)),
        "seen last month": int(rng.choice(sorted(last))) if last else 0,
        "blind": int(rng.integers(len(risk))),
    }


@dataclass(slots=True)
class _Score:
    place: Town
    visits: int
    plans: int = 0
    hits: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    days: npt.NDArray[np.int64] = field(default_factory=lambda: np.zeros(DAYS, np.int64))
    own: int = 0
    troubles: int = 0
    found: int = 0
    shares: list[float] = field(default_factory=list)

    def add(
        self, drawn: Sequence[sample.Drawn], taken: set[int], named: Mapping[str, int],
        trouble: npt.NDArray[np.bool_], rng: np.random.Generator,
    ) -> None:  # fmt: skip
        self.plans += 1
        for name, key in named.items():
            self.hits[name] += key in taken
        for one in drawn:
            self.days[one.day] += 1
            self.own += one.inspector in self.place.barred(one.place)
        self.troubles += int(trouble.sum())
        self.found += sum(bool(trouble[key]) and rng.random() < SEES for key in taken)

    def covered(self, unseen: Numbers) -> None:
        """The share of outlets visited in the last twelve months of a history."""
        self.shares.append(float((unseen < 12).mean()))

    def figures(self) -> Figures:
        chance = self.visits / self.place.size
        lifts = {name: hits / self.plans / chance for name, hits in self.hits.items()}
        worst = max(lifts, key=lambda name: lifts[name])
        share = self.hits[worst] / self.plans
        error = sqrt(share * (1 - share) / self.plans) / chance
        return {
            "coverage": float(np.mean(self.shares)),
            "lifts": lifts,
            "worst": worst,
            "worst_lift": lifts[worst],
            "worst_lift_low": lifts[worst] - 2 * error,
            "best_day": float(self.days.max() / self.days.sum()),
            "own_unit": self.own,
            "troubles_found": self.found / self.troubles if self.troubles else 0.0,
        }


def told(figures: Figures) -> Iterable[str]:
    yield (
        f"{figures['plans']} monthly plans of {figures['visits']} of {figures['outlets']} outlets; "
        f"stated factor {figures['factor']:g}; {figures['cpu_seconds']} CPU seconds"
    )
    for rule, found in figures["rules"].items():
        yield (
            f"{rule:>12}: visited within a year {found['coverage']:.1%}; best forecaster "
            f"“{found['worst']}” {found['worst_lift']:.2f} x chance; likeliest day "
            f"{found['best_day']:.1%} of visits; to the own unit {found['own_unit']}; troubles "
            f"found in their month {found['troubles_found']:.1%}"
        )
        lifts = ", ".join(f"{name} {lift:.2f}" for name, lift in found["lifts"].items())
        yield f"{'':>14}{lifts}"
    lots = figures["rules"]["lots"]
    holds = lots["worst_lift_low"] <= figures["factor"] and not lots["own_unit"]
    yield "HOLDS" if holds else "DOES NOT HOLD"


EXAM = Exam(
    "sampler",
    "Inspections by lot: coverage, how well they are foreseen, nobody to the own unit.",
    add_arguments,
    run,
    told,
)
