"""Daily series that are not of our model's shape, after Noufaily et al. 2019, Bioinformatics
35:3110.

Four years of days, the last half year watched: days of the week, Chinese holidays and their make-up
days, month ends, a yearly wave, trend and dispersion multiply; outbreaks are a spike of some two
days or a wave of a fortnight, sized in standard deviations of their first day. ``python -m
bench.watch.daily --seed 7`` compares at equal false-positive rates and lists every scenario in
which ours is behind.
"""

import argparse
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import chinese_calendar
import numpy as np

from bench.watch import detectors, table
from bench.watch.comparison import LEVELS, Outcome, Size, evaluate, other_seeds
from bench.watch.noufaily import at_least_one, endemic
from bench.watch.runs import Counts, Flags, Reals, Runs

DAYS = tuple(date(2021, 1, 4) + timedelta(days=n) for n in range(1456))
FIRST = len(DAYS) - 182
MONDAY, SATURDAY = 0, 5
MONTH_END = 3  # days before the turn of a month
SIZES = (3, 6, 10)
MEANS = (0.3, 1.0, 3.0, 10.0, 30.0, 100.0)
PAST = 6
THOROUGH, FAST = Size(20, 2, 20), Size(3, 1, 6)


@dataclass(frozen=True)
class Shape:
    """Factors on the mean of a day."""

    name: str
    weekend: float = 1.0
    monday: float = 1.0
    off: float = 1.0  # a day off by the holiday calendar, weekends aside
    month_end: float = 1.0
    yearly: float = 0.0
    growth: float = 0.0  # a year, in logarithms
    phi: float = 1.3


SHAPES = (
    Shape("plain"),
    Shape("branch", weekend=0.35, monday=1.3, off=0.2, month_end=1.2, yearly=0.1),
    Shape("hotline", weekend=0.8, monday=1.2, off=0.7, month_end=1.4, growth=0.1, phi=2.0),
    Shape("growing", weekend=0.6, off=0.5, growth=0.4, phi=1.5),
    Shape("wide", weekend=0.6, monday=1.2, off=0.5, yearly=0.4, phi=4.0),
)


@dataclass(frozen=True)
class Course:
    """How the cases of an outbreak lie behind its start: floor(lognormal(log ``median``, 0.5))."""

    name: str
    median: float


SPIKE, WAVE = Course("spike", 1.0), Course("wave", 5.0)
COURSES = (SPIKE, WAVE)
SCENARIOS = tuple((shape, mean) for shape in SHAPES for mean in MEANS)


def is_off(day: date) -> bool:
    """Not worked: a weekend that is no make-up day, or a holiday."""
    return bool(not chinese_calendar.is_workday(day))


OFF: Flags = np.array([is_off(day) for day in DAYS])


def mean_of(shape: Shape, mean: float) -> Reals:
    """(days,), ``mean`` on average over all of them."""
    weekday = np.array([day.weekday() for day in DAYS])
    ends = np.array([(day + timedelta(days=MONTH_END)).month != day.month for day in DAYS])
    year = np.arange(len(DAYS)) / 365.25
    weekend = weekday >= SATURDAY
    level = np.exp(shape.growth * year + shape.yearly * np.cos(2 * np.pi * year))
    level *= np.where(OFF & weekend, shape.weekend, 1.0) * np.where(ends, shape.month_end, 1.0)
    level *= np.where(OFF & ~weekend, shape.off, 1.0)
    level *= np.where((weekday == MONDAY) & ~OFF, shape.monday, 1.0)
    return np.asarray(level * mean / level.mean())


def draw(seed: int, replicates: int, course: Course) -> Runs:
    """Past outbreaks are of both courses, the current one of ``course``."""
    rng = np.random.default_rng(seed)
    mean = np.repeat(np.stack([mean_of(*s) for s in SCENARIOS]), replicates, axis=0)
    scenario = np.repeat(np.arange(len(SCENARIOS)), replicates)
    phi = np.array([shape.phi for shape, _ in SCENARIOS])[scenario][:, None]
    counts = endemic(rng, mean, phi)
    deviation, runs = np.sqrt(phi * mean), np.arange(len(mean))
    for number in range(PAST):
        begin = rng.integers(0, FIRST - 60, len(runs))
        size = rng.poisson(rng.choice(SIZES, len(runs)) * deviation[runs, begin])
        counts += cases(rng, begin, size, COURSES[number % 2], len(DAYS))
    start = rng.integers(FIRST, len(DAYS) - 14, len(runs))
    several = 1 if course is SPIKE else 2
    extra = [
        cases(
            rng, start, at_least_one(rng, several * k * deviation[runs, start]), course, len(DAYS)
        )
        for k in SIZES
    ]
    current = np.stack(extra, axis=1)[:, :, FIRST:]
    return Runs(counts, current, start - FIRST, scenario, FIRST, SIZES)


def cases(
    rng: np.random.Generator, start: Counts, size: Counts, course: Course, end: int
) -> Counts:
    """(S, end): ``size`` cases each behind ``start``."""
    run = np.repeat(np.arange(len(start)), size)
    late = rng.lognormal(np.log(course.median), 0.5, len(run))
    day = start[run] + np.floor(late).astype(np.int64)
    kept = day < end
    return np.bincount(run[kept] * end + day[kept], minlength=len(start) * end).reshape(-1, end)


def behind(outcomes: Sequence[Outcome]) -> list[str]:
    """Every peer with more outbreaks found at exactly the same false-positive rate."""
    ours, *others = outcomes
    return [
        f"{other.detector.title} {other.exact[level].mean_pod:.3f} > "
        f"{ours.exact[level].mean_pod:.3f} at {level}"
        for other in others
        for level in LEVELS
        if other.exact[level].mean_pod >= ours.exact[level].mean_pod
    ]


def compare(course: Course, seed: int, size: Size) -> list[Outcome]:
    def of(which: int, replicates: int) -> Runs:
        return draw(which, replicates, course)

    runs = of(seed, size.replicates)
    others = [of(other, size.other_replicates) for other in other_seeds(seed, size)]
    return [evaluate(d, runs, others) for d in detectors.daily(DAYS, OFF)]


def main() -> int:
    read = argparse.ArgumentParser(prog="bench.watch.daily", description=__doc__)
    read.add_argument("--seed", type=int, required=True)
    read.add_argument("--fast", action="store_true")
    asked = read.parse_args()
    names = [f"{shape.name} {mean:g} a day" for shape, mean in SCENARIOS]
    lost = []
    for course in COURSES:
        outcomes = compare(course, asked.seed, FAST if asked.fast else THOROUGH)
        _say(f"== {course.name}s", *table.totals(outcomes, {}))
        for level in LEVELS:
            _say(*table.scenarios(outcomes, names, level))
        lost += [f"{course.name}: {loss}" for loss in behind(outcomes)]
        has_ours = outcomes[0].detector.name == detectors.OURS
    lost += [] if has_ours else ["the engine has no daily detector"]
    _say(f"G5 daily: {'does not hold (' + '; '.join(lost) + ')' if lost else 'holds'}")
    return 1 if lost else 0


def _say(*lines: str) -> None:
    sys.stdout.write("\n".join(lines) + "\n")


if __name__ == "__main__":
    sys.exit(main())
