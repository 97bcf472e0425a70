"""Every detector of the comparison, in one list: ours is one line among its peers."""

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module

from bench.watch import farrington, peers
from bench.watch.measures import Scores
from bench.watch.runs import Counts, Reals, Runs

Scorer = Callable[[Counts, int], Reals]
"""(counts (N, T), first) -> (N, T - first): scores of the steps from ``first``; higher is graver.

A score may look at its own step and those before, never behind it (a test plants a change there).
"""

OURS, PUBLISHED = "sujin", "farrington"


@dataclass(frozen=True)
class Detector:
    name: str
    title: str
    score: Scorer

    def of(self, runs: Runs) -> Scores:
        return Scores(
            clean=self.score(runs.counts, runs.first),
            ill={size: self.score(runs.with_outbreak(size), runs.first) for size in runs.sizes},
        )


class Farrington(Detector):
    """Fitted once: with 26 weeks left out, no current outbreak touches its expectation."""

    def of(self, runs: Runs) -> Scores:
        found = farrington.expected(runs.counts, runs.first)
        return Scores(
            clean=found.scores(runs.counts[:, runs.first :]),
            ill={k: found.scores(runs.with_outbreak(k)[:, runs.first :]) for k in runs.sizes},
        )


def weekly() -> list[Detector]:
    """Ours first when the engine has it, then the published method, then the trade's."""
    ours = load("sujin.engine.watch.weekly")
    return [
        *([Detector(OURS, "Sujin", ours)] if ours else []),
        Farrington(PUBLISHED, "Farrington flexible", farrington.scores),
        Detector("cusum_residuals", "CUSUM on residuals", peers.cusum_residuals),
        Detector("cusum_counts", "CUSUM on counts", peers.cusum_counts),
        Detector("three_sigma", "three sigma", peers.three_sigma),
        Detector("ears_c1", "EARS C1", peers.ears_c1),
        Detector("ears_c2", "EARS C2", peers.ears_c2),
        Detector("ears_c3", "EARS C3", peers.ears_c3),
    ]


def load(module: str) -> Scorer | None:
    """``scores`` of an engine module; None while there is no such module."""
    try:
        found: Scorer = import_module(module).scores
    except ModuleNotFoundError:
        return None
    return found
