"""How unusual a unit's share is beside its peers', and beside what its own days let expect.

Honest units differ among themselves, so their shares follow a beta-binomial law: the mean and the
correlation within a unit are estimated from the *other* units by moments (Kleinman, "Proportions
with extraneous variance", Journal of the American Statistical Association 68, 1973), and a unit's
count is judged by that law's upper tail. Few peers say little about how much units differ, so the
correlation is taken at its upper bound. Peers that stand out themselves are no yardstick and are
left out. Where a unit has a yardstick of its own, both must be exceeded, which is
the intersection-union test (Berger, Technometrics 24, 1982): the p-value is the larger of the two.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sujin.engine.gaming.tally import Limits, Reading, State, Tail, Tally

STANDS_OUT = 1e-6  # a peer less likely than this is left out of the others' yardstick
_CALM = 0.75
_TINY = 1e-12  # less than any threshold: what lies beyond is not kept
_CORRELATION_MAX = 0.5
SURE_OF_SPREAD = 0.95
_EDGE = 0.975
_LIKELY = 0.025

Numbers = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Law:
    """A beta law of shares: its mean, and the weight of how sure it is, in cases."""

    mean: float
    weight: float

    @property
    def both(self) -> tuple[float, float]:
        return self.mean * self.weight, (1 - self.mean) * self.weight


def read(detector: str, tallies: Sequence[Tally], limits: Limits) -> list[Reading]:
    """A reading of each tally, all of one period and each of another unit, in their order."""
    n = np.array([one.trials for one in tallies], dtype=np.float64)
    x = np.array([one.hits for one in tallies], dtype=np.float64)
    usual = ~_standing_out(tallies, n, x)
    others = [usual & (np.arange(n.size) != place) for place in range(n.size)]
    return [
        _reading(detector, one, law_of(n[rest], x[rest]), limits, len(tallies))
        for one, rest in zip(tallies, others, strict=True)
    ]


def law_of(trials: Numbers, hits: Numbers, *, sure: float = SURE_OF_SPREAD) -> Law | None:
    """How the shares of these units spread; None of fewer than two that tried anything."""
    from scipy.special import chdtri

    n, x = trials[trials > 0], hits[trials > 0]
    if n.size < 2:
        return None
    total, free = float(n.sum()), n.size - 1
    mean = (float(x.sum()) + 0.5) / (total + 1)
    within = mean * (1 - mean)
    # The spread of few is less than the true one by chance: its upper bound, by chi-square.
    spread = float(np.sum(n * (x / n - mean) ** 2)) * free / float(chdtri(free, sure))
    room = within * (total - float(np.sum(n * n)) / total - free)
    found = (spread - free * within) / room if room > 0 else 0.0
    least = 1 / (total + 1)  # the mean itself is known from so many cases only
    correlation = min(max(found, least), _CORRELATION_MAX)
    return Law(mean, 1 / correlation - 1)


def _standing_out(tallies: Sequence[Tally], n: Numbers, x: Numbers) -> npt.NDArray[np.bool_]:
    """Units far beyond the lower three quarters of all: several that game would hide each other."""
    share = x / np.maximum(n, 1)
    calm = share <= np.quantile(share, _CALM) if n.size else share > 0
    law = law_of(n[calm], x[calm], sure=0.5)
    if law is None:
        return np.zeros(n.size, dtype=np.bool_)
    return np.array([_at(_tail(one, [law]), one.hits) < STANDS_OUT for one in tallies])


def _reading(detector: str, one: Tally, law: Law | None, limits: Limits, units: int) -> Reading:
    few = one.trials < limits.trials or units - 1 < limits.peers
    if law is None or few:
        return Reading(detector, one.unit, one.period, one.hits, one.trials, State.TOO_FEW)
    laws = [law, *([Law(*one.own)] if one.own else [])]
    tail = _tail(one, laws)
    expected = one.trials * max(each.mean for each in laws)
    loud = one.hits >= limits.hits and one.hits >= limits.ratio * expected
    share, low, high = _share(one, law)
    return Reading(
        detector, one.unit, one.period, one.hits, one.trials, State.QUIET, expected,
        low=int(np.searchsorted(-tail, -_EDGE, side="right")) - 1,
        high=int(np.searchsorted(-tail, -_LIKELY, side="left")) - 1,
        share=share, share_low=low, share_high=high,
        p=_at(tail, one.hits) if loud else 1.0, tail=tail,
    )  # fmt: skip


def _at(tail: Tail, hits: int) -> float:
    return float(min(1.0, tail[hits])) if hits < tail.size else _TINY


def _share(one: Tally, law: Law) -> tuple[float, float, float]:
    """The share drawn towards the peers' law, with its interval (Morris 1983: empirical Bayes)."""
    from scipy.special import betaincinv

    a, b = law.both
    a, b = a + one.hits, b + one.trials - one.hits
    return a / (a + b), float(betaincinv(a, b, _LIKELY)), float(betaincinv(a, b, _EDGE))


def _tail(one: Tally, laws: Sequence[Law]) -> Tail:
    """For each count how probable it is to see as many or more, by the law that allows most."""
    tail: Tail = np.max([upper_tail(one.trials, law) for law in laws], axis=0)
    return tail[: int(np.count_nonzero(tail > _TINY)) + 1]


def upper_tail(trials: int, law: Law) -> Tail:
    """P(X >= h) for h from 0 to ``trials``, X beta-binomial."""
    from scipy.special import betaln, gammaln

    a, b = law.both
    h = np.arange(trials + 1, dtype=np.float64)
    ways = gammaln(trials + 1) - gammaln(h + 1) - gammaln(trials - h + 1)
    mass = np.exp(ways + betaln(h + a, trials - h + b) - betaln(a, b))
    tail: Tail = np.clip(np.cumsum(mass[::-1])[::-1], 0.0, 1.0)
    return tail
