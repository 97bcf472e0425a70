"""One detector on one seed: thresholds from other seeds, figures for all and for every scenario."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from bench.watch.detectors import Detector
from bench.watch.measures import Found, Scores, measure, threshold
from bench.watch.runs import Runs

HALF, FULL = 0.005, 0.01  # the two false-positive rates of the claim
LEVELS = (HALF, FULL)


@dataclass(frozen=True)
class Size:
    """How much is drawn: runs of a scenario to report on, and to set thresholds on."""

    replicates: int
    others: int
    other_replicates: int


THOROUGH, FAST = Size(100, 4, 100), Size(10, 2, 25)


@dataclass(frozen=True)
class Outcome:
    """At every level: with the threshold promised by other seeds, and at exactly the level here."""

    detector: Detector
    promised: dict[float, Found]
    exact: dict[float, Found]
    by_scenario: dict[float, list[Found]] = field(repr=False)


def thresholds(detector: Detector, others: Sequence[Runs]) -> dict[float, float]:
    """Set on draws none of which is reported on."""
    clean = [detector.score(other.counts, other.first) for other in others]
    return {level: threshold(clean, level) for level in LEVELS}


def other_seeds(seed: int, size: Size) -> list[int]:
    return [seed + 1000 + n for n in range(size.others)]


def evaluate(detector: Detector, runs: Runs, others: Sequence[Runs]) -> Outcome:
    """``others`` set the thresholds with which ``runs`` are read."""
    over = thresholds(detector, others)
    scores = detector.of(runs)
    here = {level: threshold([scores.clean], level) for level in LEVELS}
    return Outcome(
        detector,
        promised={level: measure(scores, runs, over[level]) for level in LEVELS},
        exact={level: measure(scores, runs, here[level]) for level in LEVELS},
        by_scenario={level: _each(scores, runs, over[level]) for level in LEVELS},
    )


def _each(scores: Scores, runs: Runs, over: float) -> list[Found]:
    return [
        measure(scores, runs, over, np.flatnonzero(runs.scenario == number))
        for number in range(int(runs.scenario.max()) + 1)
    ]
