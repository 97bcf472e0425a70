"""The 42 weekly scenarios on any seed: ``python -m bench.watch --seed 7 [--fast]``.

Prints every detector at both false-positive rates, every scenario with the losses marked, R on the
same series when it is installed, and last the verdict; leaves with 0 only when the claim holds.
``--detector three_sigma`` claims it for another detector: a bad one has to leave with 1.
"""

import argparse
import sys
from collections.abc import Iterator

import numpy as np

from bench.watch import reference, table, verdict
from bench.watch.comparison import FAST, LEVELS, THOROUGH, Outcome, evaluate, other_seeds
from bench.watch.detectors import OURS, PUBLISHED, Detector, weekly
from bench.watch.measures import measure, threshold
from bench.watch.noufaily import SCENARIOS, draw
from bench.watch.runs import Runs

# A draw this small misses the promised rate by chance much further.
FAST_SLACK = 1.6


def main() -> int:
    asked = arguments()
    size = FAST if asked.fast else THOROUGH
    detectors = first_of(asked.detector, weekly())
    if detectors[0].name != asked.detector:
        sys.stdout.write(f"G4 {asked.detector}: does not hold (there is no such detector)\n")
        return 1
    if asked.alone:
        detectors = detectors[:1]
    runs = draw(asked.seed, size.replicates)
    others = [draw(seed, size.other_replicates) for seed in other_seeds(asked.seed, size)]
    outcomes = [evaluate(detector, runs, others) for detector in detectors]
    for text in (*_tables(outcomes), *beside_r(runs, asked.r_series)):
        sys.stdout.write(text + "\n")
    slack = FAST_SLACK if asked.fast else verdict.SLACK
    sys.stdout.write("\n" + verdict.line(outcomes[0], slack=slack) + "\n")
    return 1 if verdict.failures(outcomes[0], slack=slack) else 0


def arguments() -> argparse.Namespace:
    read = argparse.ArgumentParser(prog="bench.watch", description=__doc__)
    read.add_argument("--seed", type=int, required=True)
    read.add_argument("--fast", action="store_true", help="a tenth of the series")
    read.add_argument("--detector", default=OURS, help="whom the verdict is about")
    read.add_argument("--alone", action="store_true", help="without the other detectors")
    read.add_argument("--r-series", type=int, default=84, help="series given to R; 0 for none")
    return read.parse_args()


def first_of(name: str, detectors: list[Detector]) -> list[Detector]:
    """The detector of the verdict before all others."""
    return sorted(detectors, key=lambda detector: detector.name != name)


def _tables(outcomes: list[Outcome]) -> Iterator[str]:
    version, recorded = reference.recorded()
    yield from table.totals(outcomes, {level: recorded["all", level] for level in LEVELS})
    yield f"recorded: {version}"
    names = [f"{scenario.name} {scenario.mean().mean():8.2f} a week" for scenario in SCENARIOS]
    for level in LEVELS:
        yield from table.scenarios(outcomes, names, level)


def beside_r(runs: Runs, most: int) -> Iterator[str]:
    """R on some of the same series, spread over the scenarios, and our port's distance from it."""
    yield ""
    if most < 1 or not reference.is_installed():
        yield "R is not asked here: the recorded figures above stand for it"
        return
    part = some(runs, most)
    fitted = reference.fit(part.counts)
    scores = reference.scores_of(fitted, part)
    apart = reference.distance(fitted.expected, part.counts)
    number = len(part.counts)
    yield f"{fitted.version}, {fitted.milliseconds:.1f} ms a series-week, {number} series"
    yield f"largest difference of a tail between it and {PUBLISHED} above: {apart:.1e}"
    for level in LEVELS:
        over = threshold([scores.clean], level)
        yield table.row(f"R at exactly {level}", measure(scores, part, over))


def some(runs: Runs, most: int) -> Runs:
    """``most`` runs, spread evenly over the scenarios."""
    these = np.unique(np.linspace(0, len(runs.counts) - 1, min(most, len(runs.counts))).astype(int))
    return runs.only(these)


if __name__ == "__main__":
    sys.exit(main())
