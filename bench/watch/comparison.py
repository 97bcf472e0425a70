"""One detector on one seed: thresholds from other seeds, figures for all and for every scenario."""

from dataclasses import dataclass, field

import numpy as np

from bench.watch import noufaily
from bench.watch.detectors import Detector
from bench.watch.measures import Found, Scores, measure, threshold
from bench.watch.noufaily import FIRST, SCENARIOS
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


def thresholds(detector: Detector, seed: int, size: Size) -> dict[float, float]:
    """Set on ``seed + 1000`` and on, none of which is ever reported on."""
    clean = [
        detector.score(noufaily.draw(seed + 1000 + n, size.other_replicates).counts, FIRST)
        for n in range(size.others)
    ]
    return {level: threshold(clean, level) for level in LEVELS}


def evaluate(detector: Detector, runs: Runs, over: dict[float, float]) -> Outcome:
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
        for number in range(len(SCENARIOS))
    ]
