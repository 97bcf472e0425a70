"""Every detector of the comparison, in one list: ours is one line among its peers."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from bench.watch import farrington, ours, peers
from bench.watch.measures import Scores
from bench.watch.runs import Counts, Flags, Reals, Runs

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


@dataclass(frozen=True)
class Expecting(Detector):
    """Fitted once: with 26 steps left out, no current outbreak touches its expectation."""

    expect: Callable[[Counts, int], farrington.Expected]

    def of(self, runs: Runs) -> Scores:
        judge, first = self.expect(runs.counts, runs.first).scores, runs.first
        return Scores(
            clean=judge(runs.counts[:, first:]),
            ill={size: judge(runs.with_outbreak(size)[:, first:]) for size in runs.sizes},
        )


def expecting(
    name: str, title: str, expect: Callable[[Counts, int], farrington.Expected]
) -> Expecting:
    return Expecting(name, title, lambda c, first: expect(c, first).scores(c[:, first:]), expect)


def weekly() -> list[Detector]:
    """Ours first, then the published method, then the trade's."""
    return [
        Detector(OURS, "Sujin", ours.weekly),
        expecting(PUBLISHED, "Farrington flexible", farrington.expected),
        Detector("cusum_residuals", "CUSUM on residuals", peers.cusum_residuals),
        Detector("cusum_counts", "CUSUM on counts", peers.cusum_counts),
        Detector("three_sigma", "three sigma", peers.three_sigma),
        *_ears(),
    ]


def daily(days: Sequence[date], off: Flags) -> list[Detector]:
    """The same for days. Ours alone is told the dates, and which of them are not worked."""
    return [
        Detector(OURS, "Sujin", lambda c, first: ours.daily(c, first, days, off)),
        expecting("farrington_weekday", "Farrington by weekday", farrington.by_weekday),
        expecting("farrington_daily", "Farrington daily", farrington.by_day),
        Detector("cusum_residuals", "CUSUM on residuals", peers.cusum_daily_residuals),
        Detector("cusum_counts", "CUSUM on counts", peers.cusum_daily_counts),
        Detector("three_sigma", "three sigma", peers.three_sigma_daily),
        *_ears(),
    ]


def few_years() -> list[Detector]:
    """For four years of weeks, two of them watched."""
    return [
        Detector(OURS, "Sujin", ours.weekly),
        expecting(PUBLISHED, "Farrington, two years", farrington.two_years),
        Detector(
            "cusum_residuals",
            "CUSUM on residuals",
            lambda c, first: peers.cusum_residuals(c, first, memory=104),
        ),
        Detector("cusum_counts", "CUSUM on counts", peers.cusum_counts),
        Detector("three_sigma", "three sigma", peers.three_sigma),
        *_ears(),
    ]


def few_days(days: Sequence[date], off: Flags, first: int) -> list[Detector]:
    """For a few weeks of days: nobody has a year, and Farrington needs two."""
    memory = min(4 * peers.WEEK, first - 1)
    # Fricker's eight weeks, or as many whole ones as there are, with time to run in.
    weeks = min(8, (first - 8) // peers.WEEK - 1)
    fricker = Detector(
        "cusum_residuals",
        "CUSUM on residuals",
        lambda c, at: peers.cusum_residuals(c, at, peers.WEEK, weeks * peers.WEEK, 2),
    )
    return [
        Detector(OURS, "Sujin", lambda c, at: ours.daily(c, at, days, off)),
        fricker,
        Detector(
            "cusum_counts", "CUSUM on counts", lambda c, at: peers.cusum_counts(c, at, memory)
        ),
        Detector("three_sigma", "three sigma", lambda c, at: peers.three_sigma(c, at, memory)),
        *_ears(),
    ]


def _ears() -> list[Detector]:
    return [
        Detector("ears_c1", "EARS C1", peers.ears_c1),
        Detector("ears_c2", "EARS C2", peers.ears_c2),
        Detector("ears_c3", "EARS C3", peers.ears_c3),
    ]
