"""Which outlets are visited, on which day and by whom: by risk, and yet nobody can know before.

Every place has a chance that follows its risk between two bounds: at most ``factor`` times, and at
least one ``factor``-th of, what it would be if lots were drawn blindly. Whoever knows all risks,
all earlier plans and these rules can therefore name a place that will be visited no better than
``factor`` times chance. Of these chances exactly so many places are drawn by the pivotal method,
which keeps each chance exact (Deville and Tille 1998, Biometrika 85:89-101); the order in which
places meet is drawn anew, so that neighbours tell nothing of each other. Plans do not remember:
who was visited yesterday may be visited today.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Numbers = npt.NDArray[np.float64]
# Chances within this of nought or one are settled.
_SETTLED = 1e-9
# What an assignment that is not allowed costs: more than all that are.
_BARRED = 1e6


class CannotSample(ValueError):
    """No such plan is possible; the message says what to change."""


@dataclass(frozen=True, slots=True)
class Place:
    """``risk`` is positive, in any unit; ``barred`` are those who may not go there."""

    key: int
    risk: float
    barred: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Drawn:
    """One visit: where, who, on which of the days (0 is the first), and the chance it had."""

    place: int
    inspector: int
    day: int
    chance: float


def draw(
    places: Sequence[Place], inspectors: Sequence[int], *, visits: int, days: int, factor: float,
    seed: int,
) -> list[Drawn]:  # fmt: skip
    """``visits`` different places on ``days`` days; nobody goes twice on a day, nor where barred.

    The same arguments give the same plan. Raises CannotSample.
    """
    _refuse(places, inspectors, visits, days)
    rng = np.random.default_rng(seed)
    by_place = chances([one.risk for one in places], visits, factor)
    taken = [int(at) for at in pivotal(by_place, rng)]
    goes = assigned([places[at].barred for at in taken], inspectors, days, rng)
    when = _days(goes, days, rng)
    return [
        Drawn(places[at].key, who, day, float(by_place[at]))
        for at, who, day in zip(taken, goes, when, strict=True)
    ]


def _refuse(places: Sequence[Place], inspectors: Sequence[int], visits: int, days: int) -> None:
    if not 0 < visits <= len(places):
        raise CannotSample(f"visits={visits}: choose 1 to {len(places)}, the places there are")
    if not inspectors or days < 1:
        raise CannotSample("name at least one inspector and one day")
    if any(not one.risk > 0 for one in places):
        raise CannotSample("every risk is positive")
    if visits > days * len(inspectors):
        most = days * len(inspectors)
        raise CannotSample(f"visits={visits}: so many inspectors and days allow {most}")


def chances(risks: Sequence[float], visits: int, factor: float) -> Numbers:
    """The chance of each place: in proportion to its risk between the bounds, ``visits`` in all.

    Raises CannotSample for a factor below 1.
    """
    if factor < 1:
        raise CannotSample("factor: at least 1, where all have the same chance")
    risk, equal = np.asarray(risks, np.float64), visits / len(risks)
    low, high = equal / factor, min(equal * factor, 1.0)
    least, most = 0.0, high / float(risk.min())
    for _step in range(200):
        scale = (least + most) / 2
        if np.clip(scale * risk, low, high).sum() < visits:
            least = scale
        else:
            most = scale
    found = np.clip(most * risk, low, high)
    return np.asarray(found * (visits / found.sum()), np.float64).clip(0.0, 1.0)


def pivotal(by_place: Numbers, rng: np.random.Generator) -> npt.NDArray[np.int64]:
    """The places drawn, in the order of the places; each with its chance, their number fixed."""
    left = np.array(by_place, np.float64)
    meets = list(rng.permutation(len(left)))
    first = int(meets.pop())
    while meets:
        second = int(meets.pop())
        first = _fight(left, first, second, rng)
    left[first] = round(float(left[first]))
    return np.flatnonzero(left > 0.5)


def _fight(left: Numbers, a: int, b: int, rng: np.random.Generator) -> int:
    """One of two places is settled at nought or one; which still stands is told."""
    if _is_settled(left[a]):
        return b
    if _is_settled(left[b]):
        return a
    both = left[a] + left[b]
    if both <= 1:
        loser, winner = (a, b) if rng.random() < left[b] / both else (b, a)
        left[loser], left[winner] = 0.0, both
        return winner
    winner, other = (a, b) if rng.random() < (1 - left[b]) / (2 - both) else (b, a)
    left[winner], left[other] = 1.0, both - 1
    return other


def _is_settled(chance: float) -> bool:
    return chance < _SETTLED or chance > 1 - _SETTLED


def assigned(
    barred: Sequence[Collection[int]], inspectors: Sequence[int], days: int,
    rng: np.random.Generator,
) -> list[int]:  # fmt: skip
    """An inspector for each place, as evenly as can be, drawn among all who may go there.

    Raises CannotSample when somebody would have to go where barred.
    """
    from scipy.optimize import linear_sum_assignment

    even = -(-len(barred) // len(inspectors))
    for each in range(even, days + 1):
        slots = [who for who in inspectors for _turn in range(each)]
        costs = rng.random((len(barred), len(slots)))
        for row, closed in enumerate(barred):
            costs[row, [at for at, who in enumerate(slots) if who in closed]] = _BARRED
        rows, columns = linear_sum_assignment(costs)
        if costs[rows, columns].max() < _BARRED:
            return [slots[column] for column in columns]
    raise CannotSample("no plan in which nobody goes to the own unit: name more inspectors")


def _days(goes: Sequence[int], days: int, rng: np.random.Generator) -> list[int]:
    """For each visit a day, every day alike; nobody twice on one."""
    own = {who: iter(rng.permutation(days)) for who in dict.fromkeys(goes)}
    return [int(next(own[who])) for who in goes]


def detection(by_place: Sequence[float], sees: float, bad: int) -> float:
    """How likely a plan sees at least one of ``bad`` places in which something is wrong, on average
    over where they are (elementary symmetric polynomials); ``sees`` is how often a visit notices
    it. As if places were drawn one by one: they are drawn against each other, so it is no less.
    """
    if not 0 < bad <= len(by_place):
        raise ValueError(f"bad={bad}: choose 1 to {len(by_place)}")
    means = np.zeros(bad + 1)
    means[0] = 1.0
    for count, chance in enumerate(by_place, 1):
        sizes = np.arange(1, min(bad, count) + 1)
        # The mean over choices of ``size`` among ``count``: with the new one, or without.
        share = sizes / count
        kept = means[: len(sizes)] * (1 - sees * chance)
        means[1 : len(sizes) + 1] = share * kept + (1 - share) * means[1 : len(sizes) + 1]
    return float(1 - means[bad])


def coverage(by_place: Sequence[float], plans: int) -> float:
    """The share of places that are expected to be visited at least once in so many like plans."""
    return float(np.mean([1 - (1 - chance) ** plans for chance in by_place]))
