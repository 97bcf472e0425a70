"""What the guard is given and what it says: counts of a unit in a period, and a reading of them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

import numpy as np
import numpy.typing as npt

Tail = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Tally:
    """Of ``trials`` that a unit had in a period, ``hits`` look like gaming.

    ``own`` is what the unit's own days let expect, as a share and as how many cases it rests on;
    None where only other units can say what is usual.
    """

    unit: str
    period: str
    hits: int
    trials: int
    own: tuple[float, float] | None = None

    def __post_init__(self) -> None:
        if not 0 <= self.hits <= self.trials:
            raise ValueError(f"{self.unit} {self.period}: {self.hits} of {self.trials}")


@dataclass(frozen=True, slots=True)
class Limits:
    """Below these nothing is said. ``ratio`` is how many times the expected a count must be before
    anybody is troubled, however sure one may be."""

    trials: int = 20
    hits: int = 5
    peers: int = 5
    ratio: float = 1.5


class State(StrEnum):
    """What a reading is: a discovery, nothing unusual, or too few to say."""

    FOUND = "found"
    QUIET = "quiet"
    TOO_FEW = "too_few"


@dataclass(frozen=True, slots=True)
class Reading:
    """What one detector makes of one unit in one period.

    ``low`` and ``high``: between these lie 95 of 100 honest units. ``share`` is the unit's share
    drawn towards that of its peers, with its 95 % interval. ``tail[h]`` is the p-value that ``h``
    hits would have had. ``silent_at``: so many hits or fewer, and there would be no discovery.
    """

    detector: str
    unit: str
    period: str
    observed: int
    trials: int
    state: State
    expected: float = 0.0
    low: int = 0
    high: int = 0
    share: float = 0.0
    share_low: float = 0.0
    share_high: float = 1.0
    p: float = 1.0
    silent_at: int = 0
    tail: Tail = field(default_factory=lambda: np.ones(1), compare=False, repr=False)

    @property
    def excess(self) -> float:
        """Hits beyond what was to be expected."""
        return self.observed - self.expected

    @property
    def ratio(self) -> float:
        return self.observed / self.expected if self.expected else float(bool(self.observed))

    def figures(self) -> Mapping[str, float | int | str]:
        """The numbers as they are kept."""
        names = ("observed", "trials", "low", "high", "silent_at", "period")
        rounded = ("expected", "share", "share_low", "share_high")
        kept = {name: getattr(self, name) for name in names}
        return {**kept, "p": self.p, **{name: round(getattr(self, name), 4) for name in rounded}}
