"""What shares of many units are, taken together: by item, and by what a unit is like in all items.

Cases of a unit and item are beta-binomial. The mean of the beta law is the item's own, moved on the
logit scale by an effect that the unit has in all its items: who answers in time mostly also keeps
promises, and ten items with three cases each say more together than one by one. How far units
differ as a whole, and how far their items do beyond that, is learnt from all counts by expectation
and maximisation over a grid of effects (Bock and Aitkin 1981, Psychometrika 46:443-459); what the
counts leave open of an item's mean and spread is averaged over, every spread being as likely
beforehand (Gelman et al., Bayesian Data Analysis, sec. 5.3).
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.special import betaln, expit, logit

Numbers = npt.NDArray[np.float64]
Counts = npt.NDArray[np.int64]
# Everything in logits lies on one grid, so that what is needed is worked out once: effects of a
# unit two steps apart, an item's mean one step. Sizes are the cases that a mean is worth, from
# wildly different units to equal ones; spreads how far units may differ as a whole.
_STEP, _FAR, _WIDE = 0.125, 12, 7
_EFFECTS = np.arange(-_FAR, _FAR + 1) * 2 * _STEP
_MEANS = np.arange(-_WIDE, _WIDE + 1) * _STEP
_REACH = 2 * _FAR + _WIDE
_SIZES = np.geomspace(2.0, 2000.0, 21)
_SPREADS = np.linspace(0.02, 1.5, 20)
# The share of units that may be far from all, and how many times as far.
_OUTLIERS, _WIDER = 0.1, 4.0
_TURNS, _SETTLED = 40, 1e-3


class BadCounts(ValueError):
    """Counts that are none; the message says why."""


@dataclass(frozen=True, slots=True, eq=False)
class Law:
    """One item over the grid of its mean (in logits, from ``middle``) and size: how likely each
    point is. ``sign`` is -1 where a higher share is worse, so that one effect suits all items."""

    middle: float
    sign: int
    weights: Numbers

    @property
    def best(self) -> tuple[int, int]:
        """The places of the mean and of the size that are most likely."""
        row, column = np.unravel_index(int(self.weights.argmax()), self.weights.shape)
        return int(row), int(column)


@dataclass(frozen=True, slots=True, eq=False)
class Learnt:
    """The laws of all items, and of every unit how likely each effect is."""

    laws: tuple[Law, ...]
    effects: Numbers
    spread: float


def learn(hits: Counts, n: Counts, signs: Sequence[int]) -> Learnt:
    """From items by units. Raises BadCounts when there are more hits than cases."""
    if hits.shape != n.shape or (hits < 0).any() or (hits > n).any():
        raise BadCounts("hits lie between 0 and the cases")
    pairs = [_Pairs(own, of) for own, of in zip(hits, n, strict=True)]
    # At first every unit is like all.
    weights = np.tile((_EFFECTS == 0.0).astype(np.float64), (hits.shape[1], 1))
    spread, before = 0.5, np.inf
    for _turn in range(_TURNS):
        laws = [_law(one, sign, weights) for one, sign in zip(pairs, signs, strict=True)]
        weights = _posterior(_likely(pairs, laws), spread)
        spread = _spread(weights)
        if abs(spread - before) < _SETTLED:
            break
        before = spread
    return Learnt(tuple(laws), *_over_spreads(_likely(pairs, laws)))


def _spread(weights: Numbers) -> float:
    """How far the usual units differ: by the mean square of all but the outermost tenth, which of a
    normal law is 0.62 of its variance."""
    squares = np.sort((weights * _EFFECTS**2).sum(axis=1))
    kept = squares[: max(1, int(len(squares) * (1 - _OUTLIERS)))]
    return float(np.sqrt(kept.mean() / 0.62))


class _Pairs:
    """The different (hits, cases) of an item, and which unit has which: small counts are few.
    ``logs[size, pair, step]`` is the logarithm of how likely a pair is, so many steps from
    ``middle``."""

    def __init__(self, hits: Counts, n: Counts) -> None:
        both, of_unit = np.unique(np.stack([hits, n], axis=1), axis=0, return_inverse=True)
        self.of_unit = of_unit.ravel()
        self.middle = float(logit((hits.sum() + 0.5) / (n.sum() + 1)))
        means = expit(self.middle + np.arange(-_REACH, _REACH + 1) * _STEP)
        a, b = _SIZES[:, None, None] * means, _SIZES[:, None, None] * (1 - means)
        k, of = both[None, :, :1].astype(np.float64), both[None, :, 1:].astype(np.float64)
        self.logs = np.asarray(betaln(a + k, b + of - k) - betaln(a, b), np.float64)

    def gathered(self, weights: Numbers) -> Numbers:
        """Pairs by effects: how much weight of units lies on each."""
        found = np.zeros((self.logs.shape[1], len(_EFFECTS)))
        np.add.at(found, self.of_unit, weights)
        return found


def _steps(row: int, sign: int) -> Counts:
    """Where the means of all effects lie in the table, for one mean of the item."""
    return np.asarray(_REACH + row - _WIDE + sign * 2 * np.arange(-_FAR, _FAR + 1), np.int64)


def _law(pairs: _Pairs, sign: int, weights: Numbers) -> Law:
    gathered = pairs.gathered(weights)
    logs = np.array(
        [(pairs.logs[:, :, _steps(row, sign)] * gathered).sum(axis=(1, 2))
         for row in range(len(_MEANS))]
    )  # fmt: skip
    # Every spread is as likely beforehand, not every size.
    logs -= 0.5 * np.log(_SIZES)
    found = np.exp(logs - logs.max())
    return Law(pairs.middle, sign, np.asarray(found / found.sum(), np.float64))


def _likely(pairs: Sequence[_Pairs], laws: Sequence[Law]) -> Numbers:
    """Units by effects: the logarithm of how likely all their counts are."""
    found = np.zeros((len(pairs[0].of_unit), len(_EFFECTS)))
    for one, law in zip(pairs, laws, strict=True):
        row, column = law.best
        found += one.logs[column][:, _steps(row, law.sign)][one.of_unit]
    return found


def _posterior(likely: Numbers, spread: float) -> Numbers:
    logs = likely + np.log(_prior(spread))
    found = np.exp(logs - logs.max(axis=1, keepdims=True))
    return np.asarray(found / found.sum(axis=1, keepdims=True), np.float64)


def _prior(spread: float) -> Numbers:
    """How likely each effect is beforehand: normal, and for a few units much wider, so that who is
    far better or worse than all is not drawn in to them."""
    size = max(spread, 1e-3)
    usual, far = (np.exp(-0.5 * (_EFFECTS / (wide * size)) ** 2) / wide for wide in (1.0, _WIDER))
    found = (1 - _OUTLIERS) * usual + _OUTLIERS * far + 1e-300
    return np.asarray(found / found.sum(), np.float64)


def _over_spreads(likely: Numbers) -> tuple[Numbers, float]:
    """The effects of every unit, averaged over how far units may differ."""
    priors = np.array([_prior(float(spread)) for spread in _SPREADS])
    top = likely.max(axis=1, keepdims=True)
    told = np.log(np.exp(likely - top) @ priors.T).sum(axis=0)
    weights = np.exp(told - told.max())
    weights /= weights.sum()
    found = np.zeros_like(likely)
    for share, spread in zip(weights, _SPREADS, strict=True):
        if share > 1e-6:
            found += share * _posterior(likely, float(spread))
    return found, float((weights * _SPREADS).sum())


def drawn(
    found: Learnt, hits: Counts, n: Counts, draws: int, rng: np.random.Generator
) -> list[Numbers]:  # fmt: skip
    """Of each item the shares: units by draws. A unit's effect is one for all items of a draw, an
    item's law one for all units of a draw."""
    ends = found.effects.cumsum(axis=1)
    chances = rng.random((len(ends), draws))
    taken = np.array([np.searchsorted(row, one) for row, one in zip(ends, chances, strict=True)])
    effects = _EFFECTS[np.minimum(taken, len(_EFFECTS) - 1)]
    effects = effects + rng.uniform(-0.5, 0.5, effects.shape) * (_EFFECTS[1] - _EFFECTS[0])
    return [
        _shares(law, effects, hits[at], n[at], rng) for at, law in enumerate(found.laws)
    ]  # fmt: skip


def _shares(
    law: Law, effects: Numbers, hits: Counts, n: Counts, rng: np.random.Generator
) -> Numbers:  # fmt: skip
    flat = rng.choice(law.weights.size, size=effects.shape[1], p=law.weights.ravel())
    row, column = np.unravel_index(flat, law.weights.shape)
    mean = expit(law.middle + _MEANS[row][None, :] + law.sign * effects)
    size = _SIZES[column][None, :]
    return np.asarray(
        rng.beta(hits[:, None] + mean * size, (n - hits)[:, None] + (1 - mean) * size), np.float64
    )
