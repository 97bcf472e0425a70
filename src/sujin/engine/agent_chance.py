"""How likely chance alone would have people with one thing in common write the same words.

The null: words fall independently of who acts, given month, business and branch; it is what
shuffling the texts within those strata would give (Good, "Permutation, Parametric and Bootstrap
Tests", 2005), but worked out instead of drawn. Thin strata lean on wider ones (Jelinek and Mercer,
1980). The number who agree is then Poisson-binomial (Le Cam, 1960), and its tail times the number
of comparisons is what one may expect to find by chance (Karlin and Altschul, 1990): a bound on the
expected number of false findings that needs no independence between comparisons.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

# So many complaints of the wider stratum are mixed into a narrower one.
LEAN = 5.0
# Beyond this many the exact convolution gives way to the binomial with the largest chance.
EXACT_MAX = 400

Place = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Written:
    """One complaint as chance sees it: where it falls (widest stratum last) and its words."""

    month: str
    business: str
    branch: str
    words: int | None

    @property
    def places(self) -> tuple[Place, ...]:
        """From the whole to the narrowest stratum."""
        return (
            (),
            (self.month,),
            (self.month, self.business),
            (self.month, self.business, self.branch),
        )


class Chance:
    """How often which words fall where."""

    def __init__(self, written: Mapping[int, Written]) -> None:
        self._written = written
        self._places: Counter[Place] = Counter()
        self._words: Counter[tuple[Place, int]] = Counter()
        _count(written.values(), self._places, self._words)

    def agreeing(self, holders: Sequence[frozenset[int]], words: int) -> float:
        """The chance that as many of the holders' people (sets of keys) as do write ``words``,
        given that one of them writes it; what the holders themselves wrote is left out of the
        reckoning of how usual it is, and any of them may be the one."""
        hits = sum(any(self._written[key].words == words for key in one) for one in holders)
        if hits < 2:
            return 1.0
        places: Counter[Place] = Counter()
        said: Counter[tuple[Place, int]] = Counter()
        _count((self._written[key] for one in holders for key in one), places, said)
        each = [min(1.0, sum(self._usual(k, words, places, said) for k in one)) for one in holders]
        return min(1.0, len(holders) * tail(sorted(each)[1:], hits - 1))

    def _usual(
        self, key: int, words: int, places: Counter[Place], said: Counter[tuple[Place, int]]
    ) -> float:
        """How usual the words are where this complaint falls, without the holders."""
        usual = 0.0
        for place in self._written[key].places:
            of = self._places[place] - places[place]
            hits = self._words[place, words] - said[place, words]
            usual = (hits + LEAN * usual) / (of + LEAN) if place else (hits + 1) / (of + 1)
        return usual


def tail(chances: Sequence[float], hits: int) -> float:
    """The probability of at least ``hits`` successes in trials with these chances."""
    if hits <= 0:
        return 1.0
    if hits > len(chances):
        return 0.0
    if len(chances) > EXACT_MAX:
        return _binomial_tail(len(chances), max(chances), hits)
    # The last place holds "at least that many" and is never left again.
    state = np.zeros(hits + 1)
    state[0] = 1.0
    for chance in chances:
        moved = state[:-1] * chance
        state[:-1] -= moved
        state[1:] += moved
    return float(state[-1])


def _binomial_tail(trials: int, chance: float, hits: int) -> float:
    """An upper bound: every trial at the largest chance."""
    from scipy.stats import binom

    return float(binom.sf(hits - 1, trials, chance))


def _count(
    written: Iterable[Written], places: Counter[Place], words: Counter[tuple[Place, int]]
) -> None:
    for one in written:
        for place in one.places:
            places[place] += 1
            if one.words is not None:
                words[place, one.words] += 1
