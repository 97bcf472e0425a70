"""How well labels given by a machine agree with those given by people."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from sujin.engine.calibration import Floats, calibration_error


@dataclass(frozen=True, slots=True)
class ClassScore:
    """How one code fared: of the texts given it how many rightly (precision), of its `n` texts
    how many found (recall), and their harmonic mean."""

    precision: float
    recall: float
    f1: float
    n: int


@dataclass(frozen=True, slots=True)
class Evaluation:
    """`accuracy` and `macro_f1` on `n` unseen texts; `baseline` is the accuracy of always naming
    the commonest code; `calibration_error` says how far confidence and accuracy lie apart."""

    accuracy: float
    macro_f1: float
    n: int
    per_class: Mapping[str, ClassScore]
    baseline: float
    calibration_error: float


def evaluate(truth: Sequence[str], given: Sequence[str], confidences: Floats) -> Evaluation:
    """The evaluation of `given` labels with their `confidences` against the `truth`."""
    per_class = {code: _class_score(code, truth, given) for code in sorted(set(truth))}
    is_right = np.array([a == b for a, b in zip(truth, given, strict=True)])
    return Evaluation(
        accuracy=float(is_right.mean()),
        macro_f1=sum(score.f1 for score in per_class.values()) / len(per_class),
        n=len(truth),
        per_class=per_class,
        baseline=max(score.n for score in per_class.values()) / len(truth),
        calibration_error=calibration_error(confidences, is_right),
    )


def _class_score(code: str, truth: Sequence[str], given: Sequence[str]) -> ClassScore:
    right = sum(a == b == code for a, b in zip(truth, given, strict=True))
    of_it, said = truth.count(code), given.count(code)
    return ClassScore(
        precision=right / said if said else 0.0,
        recall=right / of_it,
        f1=2 * right / (of_it + said),
        n=of_it,
    )
