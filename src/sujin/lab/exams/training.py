"""``sujin eval training``: is what a training did to complaints told truly?

On invented banks whose branches are trained one after another, those first whose complaints rose of
late: so they would fall again by themselves. The market falls everywhere, the year has a season,
branches wander. A training takes away 0, 25 or 40 % of its theme's complaints, in proportion to
those who have passed. The same path as in the house (`engine.training_effect`, `engine.verify`) is
judged beside the plain comparison of half a year before and after.
"""

from argparse import ArgumentParser
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from time import process_time
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from sujin.engine.training_effect import Cohort, cohorts, series, trained_on
from sujin.engine.verify import Verdict, judge
from sujin.engine.verify.judge import before_after
from sujin.lab.dice import generator
from sujin.lab.exams.exam import Exam, Figures

Numbers = npt.NDArray[np.float64]
FIRST: Final = date(2024, 1, 1)
WEEK, DAY = timedelta(weeks=1), timedelta(days=1)
WEEKS, UNITS, JUDGED, PERCENT, CHOSEN, CONTROLS = 150, 30, 26, 80, 13, 3
UNTRAINED: Final = 20
# Between these weeks branches are trained, a third of them not at all.
BEGIN, END, TRAINED = 80, 110, 2 / 3
LEVEL, SEASON, MARKET, SHOCK, STAYS, SCATTER = 9.0, 0.15, -0.15, 0.08, 0.8, 1.3
PEOPLE, TAKES = 60, 28  # of a branch; days until most of them have passed
EFFECTS: Final = (0.0, -0.25, -0.40)
PROMISED = 0.15


@dataclass(frozen=True, slots=True)
class Bank:
    """What came by week in each branch, what would have come without the training on average, and
    the days on which its people passed."""

    came: Mapping[str, Numbers]
    expected: Mapping[str, Numbers]
    without: Mapping[str, Numbers]
    passed: Mapping[str, Sequence[date]]


@dataclass(frozen=True, slots=True)
class Call:
    """One group of branches: what was said of it, plainly too, and what was so."""

    truth: float
    said: Verdict
    share: float
    holds: bool
    plain_fell: bool
    plain_holds: bool
    unspared: Verdict | None


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--seeds", type=int, default=60, help="banks to invent")


def run(options: Mapping[str, Any]) -> Figures:
    began = process_time()
    seeds = range(options["seed"], options["seed"] + options["seeds"])
    found = {
        f"{effect:g}": _marks(
            [one for seed in seeds for one in calls(tell(seed, effect), seed, also=not effect)]
        )
        for effect in EFFECTS
    }
    return {"seeds": len(seeds), "effects": found, "cpu_seconds": round(process_time() - began, 1)}


def tell(seed: int, effect: float) -> Bank:
    """The same bank for the same seed, whatever the training does."""
    rng = generator("training", seed)
    logs = _levels(rng)
    starts = _begins(rng, logs)
    passed, share = {}, np.zeros((UNITS, WEEKS))
    for unit in range(UNITS):
        days = _passes(rng, starts[unit])
        passed[str(unit)] = days
        weeks = np.array([(day - FIRST) // WEEK for day in days], dtype=int)
        share[unit] = [(weeks < week).sum() / PEOPLE for week in range(WEEKS)]
    without = np.exp(logs)
    expected = without * (1 + effect * share)
    came = rng.negative_binomial(expected / (SCATTER - 1), 1 / SCATTER).astype(np.float64)
    names = [str(unit) for unit in range(UNITS)]
    of_came, of_expected, of_without = (
        dict(zip(names, table, strict=True)) for table in (came, expected, without)
    )
    return Bank(of_came, of_expected, of_without, passed)


def _levels(rng: np.random.Generator) -> Numbers:
    """Logarithms of what is to be expected of each branch and week."""
    week = np.arange(WEEKS)
    season = SEASON * np.sin(2 * np.pi * (week / 52.18 + rng.random()))
    market = MARKET * np.clip((week - BEGIN) / (END - BEGIN), 0, 1)
    shocks = rng.normal(0, SHOCK, (UNITS, WEEKS))
    shocks[:, 0] /= (1 - STAYS**2) ** 0.5
    for nth in range(1, WEEKS):
        shocks[:, nth] += STAYS * shocks[:, nth - 1]
    size = rng.normal(np.log(LEVEL), 0.4, UNITS)
    return np.asarray(size[:, None] + season + market + shocks)


def _begins(rng: np.random.Generator, logs: Numbers) -> list[date | None]:
    """Whose last quarter before it all stood highest above its own past is trained first; of those
    that were not, none ever is."""
    rose = logs[:, BEGIN - CHOSEN : BEGIN].mean(axis=1) - logs[:, :BEGIN].mean(axis=1)
    order = np.argsort(-rose + rng.normal(0, rose.std() / 2, UNITS))
    reached = round(UNITS * TRAINED)
    weeks = np.sort(rng.integers(BEGIN, END - 4, reached))
    begins: list[date | None] = [None] * UNITS
    for unit, week in zip(order[:reached], weeks, strict=True):
        begins[unit] = FIRST + WEEK * int(week)
    return begins


def _passes(rng: np.random.Generator, begins: date | None) -> list[date]:
    """Of a branch's people nine in ten pass, most of them within four weeks."""
    if begins is None:
        return []
    many = rng.binomial(PEOPLE, 0.93)
    return [begins + DAY * int(day) for day in rng.integers(0, TAKES, many)]


def calls(bank: Bank, seed: int, *, also: bool = False) -> list[Call]:
    """Every group whose day of judgement has come; ``also`` as it would be judged if the weeks of
    choosing were part of the time before."""
    trained = {unit: trained_on(days, PEOPLE, PERCENT) for unit, days in bank.passed.items()}
    begun = {unit: trained_on(days, PEOPLE, UNTRAINED) for unit, days in bank.passed.items()}
    ripe = FIRST + WEEK * WEEKS
    found = cohorts(trained, begun, weeks=JUDGED, least=CONTROLS)
    return [_call(bank, one, seed, also=also) for one in found if one.until <= ripe]


def _call(bank: Bank, cohort: Cohort, seed: int, *, also: bool) -> Call:
    starts = [FIRST + WEEK * nth for nth in range(WEEKS)]
    observed, declared = series(cohort, starts, bank.came, promised=PROMISED, chosen=CHOSEN)
    told = judge(observed, declared, seed=seed)
    at = observed.place(cohort.start)
    after = slice(at + cohort.settle, len(observed.starts))
    was, would = (
        sum(float(rows[unit][after].sum()) for unit in cohort.units)
        for rows in (bank.expected, bank.without)
    )
    truth = was / would - 1
    plain = before_after(observed, at + cohort.settle)
    unspared = None
    if also:
        facts = series(cohort, starts, bank.came, promised=PROMISED, chosen=0)
        unspared = judge(*facts, seed=seed).verdict
    return Call(
        truth, told.verdict, told.net.share, told.net.low <= truth <= told.net.high,
        plain.high < 0, plain.low <= truth <= plain.high, unspared,
    )  # fmt: skip


def _marks(found: Sequence[Call]) -> Figures:
    return {
        "groups": len(found),
        "truth": _mean(one.truth for one in found),
        "worked": _mean(one.said is Verdict.WORKED for one in found),
        "failed": _mean(one.said is Verdict.FAILED for one in found),
        "covered": _mean(one.holds for one in found),
        "off": _mean(one.share - one.truth for one in found),
        "unspared_worked": _mean(one.unspared is Verdict.WORKED for one in found if one.unspared),
        "plain_worked": _mean(one.plain_fell for one in found),
        "plain_covered": _mean(one.plain_holds for one in found),
    }


def _mean(values: Iterable[float]) -> float:
    told = list(values)
    return round(float(np.mean(told)), 4) if told else float("nan")


def told(figures: Figures) -> Iterable[str]:
    yield f"{figures['seeds']} banks of {UNITS} branches; {figures['cpu_seconds']} CPU seconds"
    for effect, one in figures["effects"].items():
        name = "no effect" if float(effect) == 0 else f"{float(effect):.0%} of each who passed"
        yield (
            f"{name:>26}: {one['groups']} groups, true change {one['truth']:.1%}; said 有效 "
            f"{one['worked']:.1%}, 无效 {one['failed']:.1%}; interval holds the truth "
            f"{one['covered']:.1%}, off by {one['off']:+.1%} on average"
        )
        if float(effect) == 0:
            yield f"{'weeks of choosing kept':>26}: said 有效 {one['unspared_worked']:.1%}"
        yield (
            f"{'plain before and after':>26}: said to have fallen {one['plain_worked']:.1%}, "
            f"interval holds the truth {one['plain_covered']:.1%}"
        )


EXAM = Exam(
    "training",
    "Whether trainings made complaints fewer, on invented banks, beside plain before and after.",
    add_arguments,
    run,
    told,
)
