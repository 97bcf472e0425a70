"""How many customers to ask, where, which, and how near the answer will come: before asking.

Cochran, Sampling Techniques, third edition (1977): the size a margin needs from a finite population
(section 4.4), the margin of a stratified sample (5.4), sizes in proportion to the strata, and where
their spreads are known those of Neyman, Journal of the Royal Statistical Society 97 (1934). The
draw is without replacement and comes out the same again from the same seed and the same members.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import ceil, floor, sqrt

import numpy as np

from sujin.engine.proportion import Z95

# The share whose margin is widest: what is promised holds for every other.
WORST = 0.5
_HALVINGS = 100


@dataclass(frozen=True, slots=True)
class Stratum:
    """``size`` customers, of whom ``n`` are expected to answer: an expectation is seldom whole."""

    name: str
    size: int
    n: float


def needed(population: int, margin: float, share: float = WORST) -> int:
    """How many answers bring a share within ``margin`` at 95 %; never more than there are people.

    Raises ValueError for a margin that is none.
    """
    if not 0 < margin < 1:
        raise ValueError(f"{margin} is no margin")
    if population <= 0:
        return 0
    endless = Z95 * Z95 * share * (1 - share) / margin**2
    return min(population, ceil(endless / (1 + (endless - 1) / population)))


def margin(design: Iterable[Stratum], share: float = WORST) -> float:
    """Half the width that the interval of a share will have. Raises ValueError for a stratum of
    which nobody is asked: no margin covers it."""
    strata = [one for one in design if one.size]
    whole, variance = sum(one.size for one in strata), 0.0
    for one in strata:
        if one.n <= 0:
            raise ValueError(f"nobody of {one.name} is asked")
        left = max(0.0, 1 - one.n / one.size)
        variance += (one.size / whole) ** 2 * left * share * (1 - share) / one.n
    return Z95 * sqrt(variance)


def allocate(
    strata: Mapping[str, int], total: int, least: int, spreads: Mapping[str, float] | None = None
) -> dict[str, int]:
    """How many of ``total`` each stratum gets: in proportion to its size (times its spread where
    ``spreads`` are known), at least ``least`` or all it has, never more than it has. The sum is
    ``total`` exactly; raises ValueError when no such numbers exist."""
    most = {name: size for name, size in strata.items() if size > 0}
    floors = {name: min(least, size) for name, size in most.items()}
    if not sum(floors.values()) <= total <= sum(most.values()):
        raise ValueError(f"{total} is not between {sum(floors.values())} and {sum(most.values())}")
    weights = {name: size * (spreads or {}).get(name, 1.0) for name, size in most.items()}
    if not any(weights.values()):
        weights = dict(most)
    exact = _filled(weights, floors, most, total)
    given = {name: min(most[name], max(floors[name], floor(one))) for name, one in exact.items()}
    return _rounded(given, exact, floors, most, total)


def _filled(
    weights: Mapping[str, float], floors: Mapping[str, int], most: Mapping[str, int], total: int
) -> dict[str, float]:
    """As near to the weights as the bounds allow: one factor for all, found by halving."""

    def filled(factor: float) -> dict[str, float]:
        return {
            name: min(float(most[name]), max(float(floors[name]), factor * weight))
            for name, weight in weights.items()
        }

    low, high = 0.0, (total + 1) / min(weight for weight in weights.values() if weight > 0)
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        low, high = (low, middle) if sum(filled(middle).values()) > total else (middle, high)
    return filled(low)


def _rounded(
    given: dict[str, int], exact: Mapping[str, float], floors: Mapping[str, int],
    most: Mapping[str, int], total: int,
) -> dict[str, int]:  # fmt: skip
    """What rounding left over goes where most was cut off; by name where that is alike."""
    while (over := sum(given.values()) - total) != 0:
        step = 1 if over < 0 else -1
        bound = most if step > 0 else floors
        free = [name for name in given if given[name] != bound[name]]
        name = max(free, key=lambda one: (step * (exact[one] - given[one]), one))
        given[name] += step
    return given


def draw(
    members: Mapping[str, Sequence[int]], sizes: Mapping[str, int], seed: int
) -> dict[str, list[int]]:
    """So many of each stratum, each set of them as likely as any other, in rising order."""
    drawn: dict[str, list[int]] = {}
    for nth, name in enumerate(sorted(members)):
        # A stream for each stratum: another size of one leaves the draws of the others alone.
        dice = np.random.Generator(np.random.PCG64([seed, nth]))
        pool = sorted(members[name])
        size = min(sizes.get(name, 0), len(pool))
        places = dice.permutation(len(pool))[:size].tolist()
        drawn[name] = sorted(pool[place] for place in places)
    return drawn
