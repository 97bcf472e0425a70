"""The regression: columns out of facts, weights out of the past, reasons out of the weights."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from sujin.engine.outlook.sightings import CLASSES, NUMBERS, Facts, Sighting

Numbers = npt.NDArray[np.float64]
LEAST_OF_CLASS = 30  # sightings; rarer classes are all the others
RIDGE = 1.0  # as if one sighting more had said that a column of unit spread does not matter
_STEPS, _CLOSE = 50, 1e-8
_MOST = 30.0  # log-odds beyond which a float tells nothing more


@dataclass(frozen=True, slots=True)
class Reason:
    """How much a fact moves the log-odds away from those of the average case."""

    fact: str
    weight: float


@dataclass(frozen=True, slots=True, eq=False)
class Model:
    """``weights`` for columns that lie at ``middle`` with ``spread``; ``levels`` are the classes
    that have a column, as (class, level); ``slope`` and ``shift`` make the log-odds honest."""

    levels: tuple[tuple[str, str], ...]
    middle: Numbers
    spread: Numbers
    weights: Numbers
    bias: float
    slope: float = 1.0
    shift: float = 0.0

    def probabilities(self, facts: Sequence[Facts]) -> Numbers:
        return risen(self.slope * self.log_odds(facts) + self.shift)

    def log_odds(self, facts: Sequence[Facts]) -> Numbers:
        """Before they are calibrated."""
        found: Numbers = self.bias + self._columns(facts) @ self.weights
        return found

    def reasons(self, facts: Facts, most: int = 3) -> list[Reason]:
        """The facts that move this case most, the strongest first; a class counts as one fact."""
        moved: dict[str, float] = {}
        names = [*NUMBERS, *(name for name, _level in self.levels)]
        each = self.slope * self._columns([facts])[0] * self.weights
        for name, weight in zip(names, each, strict=True):
            moved[name] = moved.get(name, 0.0) + float(weight)
        ordered = sorted(moved.items(), key=lambda pair: (-abs(pair[1]), pair[0]))
        return [Reason(name, weight) for name, weight in ordered[:most] if abs(weight) > _CLOSE]

    def _columns(self, facts: Sequence[Facts]) -> Numbers:
        spread_out: Numbers = (columns(facts, self.levels) - self.middle) / self.spread
        return spread_out


def fit(sightings: Sequence[Sighting]) -> Model:
    """The regression on these sightings, not calibrated yet."""
    facts = [one.facts for one in sightings]
    levels = _levels(facts)
    table = columns(facts, levels)
    middle, spread = table.mean(axis=0), table.std(axis=0)
    spread = np.where(spread > _CLOSE, spread, 1.0)
    outcomes = np.array([one.escalated for one in sightings], dtype=np.float64)
    bias, weights = regression((table - middle) / spread, outcomes, RIDGE)
    return Model(levels, middle, spread, weights, bias)


def columns(facts: Sequence[Facts], levels: Sequence[tuple[str, str]]) -> Numbers:
    """A row for each: numbers by log(1 + x), then ones where the class is the level's."""
    told: list[dict[str, Any]] = [asdict(one) for one in facts]
    numbers = np.log1p([[float(one[name]) for name in NUMBERS] for one in told])
    ones = [[float(one[name] == level) for name, level in levels] for one in told]
    return np.hstack([numbers, np.array(ones, dtype=np.float64).reshape(len(told), len(levels))])


def regression(table: Numbers, outcomes: Numbers, ridge: float = 0.0) -> tuple[float, Numbers]:
    """Bias and weights by iteratively reweighted least squares; ``outcomes`` lie in 0 to 1."""
    whole = np.hstack([np.ones((len(table), 1)), table])
    penalty = np.full(whole.shape[1], ridge)
    penalty[0] = 0.0
    found = np.zeros(whole.shape[1])
    for _step in range(_STEPS):
        share = risen(whole @ found)
        slope = whole.T @ (outcomes - share) - penalty * found
        weight = np.maximum(share * (1 - share), _CLOSE)
        bend = (whole * weight[:, None]).T @ whole + np.diag(penalty + _CLOSE)
        move = np.linalg.solve(bend, slope)
        found = found + move
        if float(np.abs(move).max()) < _CLOSE:
            break
    return float(found[0]), found[1:]


def risen(log_odds: Numbers) -> Numbers:
    """Probabilities of log-odds."""
    return np.asarray(1 / (1 + np.exp(-np.clip(log_odds, -_MOST, _MOST))), dtype=np.float64)


def _levels(facts: Sequence[Facts]) -> tuple[tuple[str, str], ...]:
    seen = Counter((name, str(getattr(one, name))) for one in facts for name in CLASSES)
    return tuple(sorted(pair for pair, times in seen.items() if times >= LEAST_OF_CLASS))
