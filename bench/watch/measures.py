"""What a table says of a detector: false alarms, outbreaks found, found in their first week.

A week is an alarm when its score is above the threshold. The false-positive rate of the verdict is
the strict one: *every* alarm week of runs without a current outbreak counts, also one right behind
another. ``fpr_new`` beside it counts only weeks whose week before was silent, as a person reads
warnings.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from bench.watch.runs import Counts, Flags, Reals, Runs


@dataclass(frozen=True)
class Scores:
    """One detector's scores of one draw, (S, watched): without an outbreak, and by its size."""

    clean: Reals
    ill: dict[int, Reals]


@dataclass(frozen=True)
class Found:
    """One row of a table."""

    fpr: float
    fpr_new: float
    pod: dict[int, float]
    first_week: float

    @property
    def mean_pod(self) -> float:
        return float(np.mean(list(self.pod.values())))


def threshold(clean: Sequence[Reals], fpr: float) -> float:
    """The lowest score above which no more than ``fpr`` of the weeks lie, pooled over scenarios."""
    ordered = np.sort(np.concatenate([scores.ravel() for scores in clean]))
    return float(ordered[int(np.ceil((1 - fpr) * len(ordered))) - 1])


def new(alarms: Flags) -> Flags:
    """Flags whose week before was silent."""
    before = np.zeros_like(alarms)
    before[:, 1:] = alarms[:, :-1]
    return alarms & ~before


def measure(scores: Scores, runs: Runs, over: float, which: Counts | None = None) -> Found:
    """Of all runs, or of those whose index is in ``which``."""
    these = np.arange(len(runs.counts)) if which is None else which
    part = runs if which is None else runs.only(which)
    alarms = scores.clean[these] > over
    pod, first = {}, []
    for size in runs.sizes:
        heard = scores.ill[size][these] > over
        pod[size] = float((heard & part.span(size)).any(1).mean())
        first.append(heard[np.arange(len(these)), part.first_step(size)].mean())
    return Found(
        fpr=float(alarms.mean()),
        fpr_new=float(new(alarms).mean()),
        pod=pod,
        first_week=float(np.mean(first)),
    )
