"""May these probabilities be believed? Asked on cases that neither taught nor calibrated them.

Rows must be independent: one sighting of each case. Brier, Monthly Weather Review 78 (1950), and
its skill against always saying the base rate; bins of equal count; Spiegelhalter, "Probabilistic
prediction in patient management and clinical trials", Statistics in Medicine 5 (1986), page 421.
"""

from dataclasses import dataclass
from math import erfc, sqrt

import numpy as np
import numpy.typing as npt

from sujin.engine.proportion import interval

Numbers = npt.NDArray[np.float64]
_NO_SCATTER = 1e-12


@dataclass(frozen=True, slots=True)
class Limits:
    """What an estimate must hold to be shown: so many held-out cases with so many escalations, a
    p-value of the z test not below ``alpha``, an error not above ``ece_max``, and some skill."""

    cases: int = 200
    events: int = 20
    alpha: float = 0.05
    ece_max: float = 0.05
    bins: int = 10


@dataclass(frozen=True, slots=True)
class Bin:
    """Cases whose estimates lie together: what was said on average, what happened, and the 95 %
    interval of that share; ``rows`` are their places."""

    n: int
    said: float
    events: int
    low: float
    high: float
    top: float
    rows: tuple[int, ...] = ()

    @property
    def came(self) -> float:
        return self.events / self.n


@dataclass(frozen=True, slots=True)
class Check:
    """The verdict; ``fails`` names what did not hold, empty when the estimate may be shown."""

    n: int
    events: int
    brier: float
    skill: float
    ece: float
    z: float
    p: float
    bins: tuple[Bin, ...]
    fails: tuple[str, ...]

    @property
    def passes(self) -> bool:
        return not self.fails

    @property
    def base(self) -> float:
        return self.events / self.n if self.n else 0.0

    def bin_of(self, probability: float) -> Bin:
        """The bin in which an estimate lies."""
        return next((one for one in self.bins if probability <= one.top), self.bins[-1])


def checked(said: Numbers, happened: Numbers, limits: Limits) -> Check:
    """``said`` are probabilities, ``happened`` ones and noughts, in the same order."""
    n, events = len(said), int(happened.sum())
    brier = float(np.mean((said - happened) ** 2)) if n else 0.0
    base = events / n if n else 0.0
    skill = 1 - brier / (base * (1 - base)) if 0 < base < 1 else 0.0
    bins = _bins(said, happened, limits.bins)
    ece = sum(one.n * abs(one.said - one.came) for one in bins) / n if n else 0.0
    z = spiegelhalter(said, happened)
    p = erfc(abs(z) / sqrt(2))
    held = {
        "cases": n >= limits.cases,
        "events": min(events, n - events) >= limits.events,
        "z": p >= limits.alpha,
        "ece": ece <= limits.ece_max,
        "skill": skill > 0,
    }
    fails = tuple(name for name, is_held in held.items() if not is_held)
    return Check(n, events, brier, skill, ece, z, p, bins, fails)


def spiegelhalter(said: Numbers, happened: Numbers) -> float:
    """Standard normal where every probability is true."""
    bent = 1 - 2 * said
    scatter = float(np.sum(bent**2 * said * (1 - said)))
    return float(np.sum((happened - said) * bent)) / sqrt(max(scatter, _NO_SCATTER))


def _bins(said: Numbers, happened: Numbers, count: int) -> tuple[Bin, ...]:
    order = np.argsort(said, kind="stable")
    return tuple(_bin(rows, said, happened) for rows in np.array_split(order, count) if rows.size)


def _bin(rows: npt.NDArray[np.int64], said: Numbers, happened: Numbers) -> Bin:
    events = int(happened[rows].sum())
    low, high = interval(events, rows.size)
    places = tuple(int(row) for row in rows)
    middle, top = float(said[rows].mean()), float(said[rows].max())
    return Bin(int(rows.size), middle, events, low, high, top, places)
