"""How often chance alone brings as much evidence as was seen: a p-value, also far out in the tail.

The evidence is the logarithm of a likelihood ratio, so counts drawn as if there were a wave, each
weighted by exp(-evidence), tell of counts without one: importance sampling by exponential tilting,
as in Siegmund, "Importance sampling in the Monte Carlo study of sequential tests" (Annals of
Statistics 4, 1976). A p-value of 1e-8 takes no more draws than one of 1e-2. Where the evidence is
small, Markov's inequality is enough: the p-value is at most exp(-evidence).
"""

from concurrent.futures import ThreadPoolExecutor
from math import exp

import numpy as np
from numba import njit

from sujin.engine.watch.evidence import Lately, Waves, added, prepare
from sujin.engine.watch.fitting import Numbers
from sujin.engine.watch.ratios import tabled, weigh_tabled

Rng = np.random.Generator

DRAWS = 800
# Below this evidence nobody is warned, and the bound by Markov's inequality stands.
WORTH_DRAWING = 1.0
# A drawn p-value is seldom less than this part of its bound (1 in 20 at most, in trials).
_SLACK = 40.0
_THREADS = 2


@njit(nogil=True, cache=True)
def _draw(rng: Rng, mean: float, variance: float) -> float:  # pragma: no cover
    """A count: negative binomial as a Poisson count of gamma mean."""
    if variance <= mean * 1.0005:
        return float(rng.poisson(mean))
    size = mean * mean / (variance - mean)
    return float(rng.poisson(rng.gamma(size, mean / size)))


@njit(nogil=True, cache=True)
def _pick(rng: Rng, odds: Numbers) -> int:  # pragma: no cover
    """Which row, each as often as its odds say; they add up to 1."""
    left = rng.random()
    for row in range(odds.shape[0]):
        left -= odds[row]
        if left < 0.0:
            return row
    return int(odds.shape[0]) - 1


@njit(nogil=True, cache=True)
def _with_a_wave(rng: Rng, told: Lately, waves: Waves) -> None:  # pragma: no cover
    """Draws new counts in which a wave is, of a shape and a size as likely as they are looked
    for."""
    row = _pick(rng, waves.odds)
    size = waves.sizes[_pick(rng, waves.often)]
    cases = added(waves, row, size, told.variance)
    for back in range(told.mean.shape[0]):
        more = cases * waves.shares[row, back]
        told.counts[back] = _draw(rng, told.mean[back] + more, told.variance[back] + more)


@njit(nogil=True, cache=True)
def tail(rng: Rng, evidence: float, told: Lately, waves: Waves) -> float:  # pragma: no cover
    """The probability of that much evidence or more in periods without a wave; ``told.counts`` is
    written over. One more draw, of the greatest weight, is added, so that it is never 0."""
    total = exp(-max(evidence, 0.0))
    laws = prepare(told.mean, told.variance, waves)
    table = tabled(laws, waves)
    for _ in range(DRAWS):
        _with_a_wave(rng, told, waves)
        drawn = weigh_tabled(told.counts, table, laws, waves)
        if drawn >= evidence - 1e-9:
            total += exp(-drawn)
    return min(total / DRAWS, exp(-max(evidence, 0.0)))


@njit(nogil=True, cache=True)
def tails(rng: Rng, evidence: Numbers, many: Lately, waves: Waves) -> Numbers:  # pragma: no cover
    """`tail` for every row."""
    found = np.empty(evidence.shape[0])
    for row in range(evidence.shape[0]):
        told = Lately(np.empty(many.mean.shape[1]), many.mean[row], many.variance[row])
        found[row] = tail(rng, evidence[row], told, waves)
    return found


def p_values(
    evidence: Numbers, many: Lately, waves: Waves, *, seed: int, worth: float = WORTH_DRAWING
) -> Numbers:
    """Of every row of ``many``, which has that much ``evidence``: drawn where it is above
    ``worth``, bounded elsewhere. The same rows and the same ``seed`` give the same figures."""
    found = np.exp(-np.maximum(evidence, 0.0))
    parts = np.array_split(np.flatnonzero(evidence > worth), _THREADS)

    def draw(part: int) -> None:
        rows, rng = parts[part], np.random.default_rng(seed + part)
        some = Lately(many.counts[rows], many.mean[rows], many.variance[rows])
        found[rows] = tails(rng, evidence[rows], some, waves)

    with ThreadPoolExecutor(_THREADS) as pool:
        list(pool.map(draw, range(_THREADS)))
    return found


def worth_drawing(evidence: Numbers, level: float, asked: int) -> float:
    """From which evidence on a drawn p-value can matter to a discovery at ``level`` among ``asked``
    questions: where it may lie below the highest threshold these rows can give."""
    able = int(np.sum(np.exp(-np.maximum(evidence, 0.0)) <= _SLACK * level))
    highest = level * max(able, 1) / max(asked, 1)
    return max(WORTH_DRAWING, float(-np.log(_SLACK * highest)))
