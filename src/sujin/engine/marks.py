"""The marks of one machine on texts it has not seen: what stands on its card.

Every share has its interval (Wilson, 1927), the macro-F1 one by resampling. Confidence is held
against what came true, bin by bin (reliability: DeGroot and Fienberg, The Statistician 32, 1983),
and the price of a threshold is told beforehand (risk and coverage: El-Yaniv and Wiener, JMLR 11,
2010).
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from sujin.engine.comparison import macro_f1_interval
from sujin.engine.evaluation import Evaluation, evaluate
from sujin.engine.proportion import interval

BINS = 10
THRESHOLDS = (0.0, 0.3, 0.4, 0.5, 0.55, 0.6, 0.7, 0.8, 0.9, 0.95)
_MOST_PAIRS = 12


@dataclass(frozen=True, slots=True)
class Confusion:
    """`n` texts of `truth` were given the code `given`; the empty code: none was given."""

    truth: str
    given: str
    n: int


@dataclass(frozen=True, slots=True)
class Bin:
    """Of `n` texts named with a confidence up to `upper`, on average `confidence`, the share
    `accuracy` was right."""

    upper: float
    n: int
    confidence: float
    accuracy: float


@dataclass(frozen=True, slots=True)
class Coverage:
    """Left to people below `threshold`, `answered` is the share that the machine still names and
    `accuracy` how often it is right there, None when it names nothing."""

    threshold: float
    answered: float
    accuracy: float | None


@dataclass(frozen=True, slots=True)
class Marks:
    """Everything a card says of the hold-out."""

    evaluation: Evaluation
    accuracy_interval: tuple[float, float]
    macro_f1_interval: tuple[float, float]
    recall_intervals: Mapping[str, tuple[float, float]]
    confused: tuple[Confusion, ...]
    reliability: tuple[Bin, ...]
    abstention: tuple[Coverage, ...]


def mark(
    truth: Sequence[str], given: Sequence[str], confidences: Sequence[float], *, seed: int
) -> Marks:
    """The marks of `given` codes with their `confidences` against the `truth`."""
    is_right = [a == b for a, b in zip(truth, given, strict=True)]
    found = evaluate(truth, given, np.array(confidences, np.float64))
    recalls = {
        code: interval(round(score.recall * score.n), score.n)
        for code, score in found.per_class.items()
    }
    return Marks(
        evaluation=found,
        accuracy_interval=interval(sum(is_right), len(is_right)),
        macro_f1_interval=macro_f1_interval(truth, given, seed=seed),
        recall_intervals=recalls,
        confused=_confused(truth, given),
        reliability=_reliability(confidences, is_right),
        abstention=tuple(_covered(each, confidences, is_right) for each in THRESHOLDS),
    )


def bin_of(confidence: float) -> int:
    """The bin of a confidence, from 0 to BINS - 1."""
    return min(int(confidence * BINS), BINS - 1)


def _confused(truth: Sequence[str], given: Sequence[str]) -> tuple[Confusion, ...]:
    pairs = Counter((a, b) for a, b in zip(truth, given, strict=True) if a != b)
    ordered = sorted(pairs.items(), key=lambda item: (-item[1], item[0]))
    return tuple(Confusion(a, b, n) for (a, b), n in ordered[:_MOST_PAIRS])


def _reliability(confidences: Sequence[float], is_right: Sequence[bool]) -> tuple[Bin, ...]:
    bins: list[list[tuple[float, bool]]] = [[] for _ in range(BINS)]
    for confidence, right in zip(confidences, is_right, strict=True):
        bins[bin_of(confidence)].append((confidence, right))
    return tuple(
        Bin(
            (place + 1) / BINS,
            len(held),
            sum(confidence for confidence, _ in held) / len(held),
            sum(right for _, right in held) / len(held),
        )
        for place, held in enumerate(bins)
        if held
    )


def _covered(threshold: float, confidences: Sequence[float], is_right: Sequence[bool]) -> Coverage:
    named = [right for c, right in zip(confidences, is_right, strict=True) if c >= threshold]
    accuracy = sum(named) / len(named) if named else None
    return Coverage(threshold, len(named) / len(is_right), accuracy)
