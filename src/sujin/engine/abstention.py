"""What is gained by leaving the least sure verdicts to a person.

Risk and coverage after Geifman and El-Yaniv (2017): with the verdicts put in order of confidence,
coverage is the share that a machine keeps, risk the share of those kept that is wrong.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

COVERAGES = (1.0, 0.95, 0.9, 0.8, 0.7, 0.6, 0.5)


@dataclass(frozen=True, slots=True)
class Abstention:
    """`accuracy` at each coverage; `aurc` is the area under the curve of risk over coverage,
    0 at best; `threshold` is the confidence below which a verdict is left out at a coverage."""

    accuracy: Mapping[float, float]
    threshold: Mapping[float, float]
    aurc: float


def abstention(confidences: npt.NDArray[Any], is_right: npt.NDArray[Any]) -> Abstention:
    """The curve of verdicts with their confidences. Of equals, the earlier is kept first."""
    order = np.argsort(-confidences, kind="stable")
    kept = np.cumsum(is_right[order]) / np.arange(1, len(order) + 1)
    last = {share: max(1, round(share * len(order))) - 1 for share in COVERAGES}
    return Abstention(
        accuracy={share: float(kept[at]) for share, at in last.items()},
        threshold={share: float(confidences[order[at]]) for share, at in last.items()},
        aurc=float((1 - kept).mean()),
    )
