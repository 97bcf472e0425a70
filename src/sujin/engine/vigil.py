"""Watching a promise once it is made: is it still kept, and are the cases still like those before?

Both readings may be taken after every case, for ever, and stopped at any time: by Ville's
inequality (Etude critique de la notion de collectif, 1939) a fair capital of 1 ever reaches 1/delta
with probability at most delta.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from math import exp, lgamma, log

import numpy as np

_BINS = 1024  # scores are compared to this fineness
_SMALLEST = 1e-5
_HALVINGS = 60
_JUMP = 0.01
_BETS = (-1.0, 0.0, 1.0)
_POWERS = (0.5, 0.7, 0.85, 0.95)


@dataclass(frozen=True, slots=True)
class Tally:
    """Of `n` cases that turned out to be urgent, `missed` were not looked at in time."""

    missed: int
    n: int

    def __post_init__(self) -> None:
        if not 0 <= self.missed <= self.n:
            raise ValueError(f"{self.missed} of {self.n} is no proportion")

    def evidence(self, alpha: float) -> float:
        """What a bet of 1 against "the rate is at most `alpha`" has become. At 1/delta the promise
        may be called broken; wrongly so with probability at most delta, however often one looks.

        The bet is a mixture over all rates (Robbins, Annals of Mathematical Statistics 41,
        1970), one of the betting martingales of Waudby-Smith and Ramdas, "Estimating means of
        bounded random variables by betting", JRSS B 86, 2024.
        """
        if not self.n:
            return 1.0
        # Of all rates the promise allows, the one that fits best has the least evidence against it.
        return exp(min(700.0, self._capital(min(alpha, self.missed / self.n))))

    def interval(self, delta: float = 0.05) -> tuple[float, float]:
        """Where the rate lies, at every moment at once with probability 1 - delta."""
        if not self.n:
            return 0.0, 1.0
        share, bar = self.missed / self.n, log(1 / delta)
        low = 0.0 if not self.missed else self._edge(0.0, share, bar)
        high = 1.0 if self.missed == self.n else self._edge(1.0, share, bar)
        return low, high

    def _capital(self, rate: float) -> float:
        """The logarithm of the capital of a Beta(1/2, 1/2) mixture against exactly `rate`."""
        hits, rest = self.missed, self.n - self.missed
        mixed = lgamma(hits + 0.5) + lgamma(rest + 0.5) - lgamma(self.n + 1) - 2 * lgamma(0.5)
        return mixed - _times_log(hits, rate) - _times_log(rest, 1 - rate)

    def _edge(self, outside: float, inside: float, bar: float) -> float:
        for _ in range(_HALVINGS):
            middle = (outside + inside) / 2
            if self._capital(middle) >= bar:
                outside = middle
            else:
                inside = middle
        return outside


@dataclass(slots=True)
class Guard:
    """Hears whether scores still come as they did: a conformal test martingale.

    Each new score is ranked among all before it, ties by seeded chance; as long as cases are
    exchangeable the ranks are uniform and independent, and nobody can grow rich betting against
    that. A fifth of the capital is the Simple Jumper of Vovk, Petej, Nouretdinov, Ahlberg, Carlsson
    and Gammerman, "Retrain or not retrain", Proceedings of Machine Learning Research 152, 2021,
    which hears all scores move. The rest are power bets on high scores (Vovk, Nouretdinov and
    Gammerman, "Testing exchangeability on-line", ICML 2003), which hear a few strange cases among
    many. Scores lie between 0 and 1.
    """

    delta: float
    seed: int
    seen: int = 0
    highest: float = 0.0  # the logarithm of the greatest capital so far
    rang_at: int | None = None  # which score, counted from 1, made it ring first
    _capital: float = 0.0
    _jumper: float = 0.0
    _powers: list[float] = field(default_factory=lambda: [0.0] * len(_POWERS))
    _shares: tuple[float, ...] = (1 / 3, 1 / 3, 1 / 3)
    _tree: list[int] = field(default_factory=lambda: [0] * (_BINS + 1))
    _known: int = 0
    _counts: list[int] = field(default_factory=lambda: [0] * _BINS)
    _chance: np.random.Generator = field(init=False)

    def __post_init__(self) -> None:
        self._chance = np.random.default_rng(seed=self.seed)

    @property
    def rings(self) -> bool:
        """Whether it has rung; wrongly so with probability at most delta."""
        return self.rang_at is not None

    @property
    def capital(self) -> float:
        """What the bet is worth now, from 1."""
        return exp(min(700.0, self._capital))

    def know(self, scores: Iterable[float]) -> None:
        """Take in the scores of the calibration, without betting on them."""
        for score in scores:
            self._keep(_bin(score))

    def see(self, score: float) -> bool:
        """Bet on one more case; returns whether the guard has rung by now."""
        place = _bin(score)
        above = self._known - self._up_to(place)
        equal = self._counts[place] + 1
        rank = (above + self._chance.random() * equal) / (self._known + 1)
        self._keep(place)
        self._bet(rank)
        self.seen += 1
        if self.rang_at is None and self._capital >= log(1 / self.delta):
            self.rang_at = self.seen
        return self.rings

    def _bet(self, rank: float) -> None:
        mixed = [(1 - _JUMP) * share + _JUMP / 3 for share in self._shares]
        grown = [share * (1 + bet * (rank - 0.5)) for share, bet in zip(mixed, _BETS, strict=True)]
        total = sum(grown)
        self._shares = tuple(share / total for share in grown)
        self._jumper += log(total)
        for place, power in enumerate(_POWERS):
            self._powers[place] += log(power) + (power - 1) * log(max(rank, _SMALLEST))
        self._capital = _averaged([self._jumper, *self._powers])
        self.highest = max(self.highest, self._capital)

    def _keep(self, place: int) -> None:
        self._known += 1
        self._counts[place] += 1
        at = place + 1
        while at <= _BINS:
            self._tree[at] += 1
            at += at & -at

    def _up_to(self, place: int) -> int:
        """How many known scores lie in this bin or below (a Fenwick tree)."""
        total, at = 0, place + 1
        while at:
            total += self._tree[at]
            at -= at & -at
        return total


@dataclass(slots=True)
class Guards:
    """One guard for each of several readings of the same cases; together they ring wrongly with
    probability at most delta, each having an equal part of it."""

    delta: float
    seed: int
    readings: int
    each: list[Guard] = field(init=False)

    def __post_init__(self) -> None:
        part = self.delta / self.readings
        self.each = [Guard(part, self.seed + number) for number in range(self.readings)]

    @property
    def rang_at(self) -> int | None:
        """Which case, counted from 1, made the first of them ring."""
        return min((one.rang_at for one in self.each if one.rang_at is not None), default=None)

    @property
    def capital(self) -> float:
        """The greater capital: at `readings` / delta a guard rings."""
        return max(one.capital for one in self.each)

    def know(self, cases: Iterable[Sequence[float]]) -> None:
        """Take in the readings of the calibration's cases."""
        for case in cases:
            for guard, reading in zip(self.each, case, strict=True):
                guard.know([reading])

    def see(self, case: Sequence[float]) -> bool:
        """Bet on one more case; returns whether any guard has rung by now."""
        # Every guard must hear every case: any() alone would stop at the first that rings.
        rings = [guard.see(one) for guard, one in zip(self.each, case, strict=True)]
        return any(rings)


def _bin(score: float) -> int:
    """A place on the scale of the logit: most scores are small, and small ones differ, too."""
    inside = min(1 - _SMALLEST, max(_SMALLEST, score))
    reach = log(1 / _SMALLEST - 1)
    return min(_BINS - 1, int((log(inside / (1 - inside)) / reach + 1) / 2 * _BINS))


def _averaged(logarithms: Sequence[float]) -> float:
    """The logarithm of the mean of capitals given by theirs."""
    most = max(logarithms)
    return most + log(sum(exp(one - most) for one in logarithms) / len(logarithms))


def _times_log(count: int, share: float) -> float:
    if not count:
        return 0.0
    return count * log(share) if share > 0 else float("-inf")
