"""How far what is new of late carries over to the weeks ahead, learnt from the bank's own past.

What the season expects is the offset of one more log-linear fit (`sujin.engine.watch.fitting`) over
all nodes and past weeks together: on the last week, the last four and the last quarter against what
was usual, on the whole bank's last four, and on the consultations of the same node, which may come
before complaints.
Every coefficient is drawn towards nought; a case counts in four nodes (its own, its branch's, its
business's, the whole), so each says a quarter.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from sujin.engine.events.scoring import pinball
from sujin.engine.foresight.spread import quantiles
from sujin.engine.foresight.usual import Usual
from sujin.engine.series.panel import Counts
from sujin.engine.watch.fitting import Model, Past, climb

# Cases added to what came and to what was usual: a week of one case says next to nothing.
_STEADY = 5.0
_WEEKS = np.array([1.0, 0.8, 0.6, 0.4])
_QUARTER, _ASKED_WEEKS = np.ones(13), np.ones(2)
LEVEL, LAST, LATELY, QUARTER, WHOLE, ASKED = range(6)
OWN = (LEVEL, LAST, LATELY, QUARTER, WHOLE)
# Standard deviations of the coefficients before anything was seen.
_PRIOR = np.array([0.05, 0.3, 0.5, 0.5, 0.3, 0.2])
_SHARE, _STEPS = 0.25, 25
HELD_OUT = 13
_LEAST_HELD = 4


@dataclass(frozen=True, slots=True)
class Lead:
    """What consultations of a node say of its complaints ``ahead`` weeks later: ``effect``, the
    power of their rise that carries over (and its standard error), and ``gain``, the share of the
    pinball loss of ``weeks`` held-out weeks that knowing them saved; below nought it cost."""

    ahead: int
    effect: float
    error: float
    gain: float
    weeks: int

    @property
    def helps(self) -> bool:
        """Whether it is used: it saved something, and its direction is known."""
        return self.gain > 0 and self.effect > self.error


@dataclass(frozen=True, eq=False)
class Signs:
    """``now``: nodes by signs at the last week; ``past``: nodes by weeks by signs, ``ahead`` weeks
    before each of the weeks ``since`` and later."""

    now: Counts
    past: Counts
    since: int


@dataclass(frozen=True, eq=False)
class Pull:
    """The coefficients, and by which factor they move the weeks ``since`` and later."""

    beta: Counts
    past: Counts


def signs(counts: Counts, told: Usual, asked: tuple[Counts, Usual] | None, *, ahead: int) -> Signs:
    """Logarithms of what came by what was usual, as it stood ``ahead`` weeks before each week; row
    0 is the whole."""
    weeks, nodes = counts.shape[1], counts.shape[0]
    first = told.first if asked is None else max(told.first, asked[1].first)
    origins = range(first + len(_QUARTER) - 1, weeks)
    table = np.zeros((nodes, len(origins), len(_PRIOR)))
    table[:, :, LEVEL] = 1.0
    for place, at in enumerate(origins):
        table[:, place, LAST] = _rise(counts, told, at, _WEEKS[:1])
        table[:, place, LATELY] = _rise(counts, told, at, _WEEKS)
        table[:, place, QUARTER] = _rise(counts, told, at, _QUARTER)
        if asked is not None:
            table[:, place, ASKED] = _rise(*asked, at, _ASKED_WEEKS)
    table[:, :, WHOLE] = table[0, :, LATELY]
    since = origins[0] + ahead
    return Signs(table[:, -1], table[:, : weeks - since], since)


def _rise(counts: Counts, told: Usual, at: int, weights: Counts) -> Counts:
    span = slice(at - len(weights) + 1, at + 1)
    usual = slice(span.start - told.first, span.stop - told.first)
    came = counts[:, span] @ weights[::-1]
    return np.asarray(np.log((came + _STEADY) / (told.mean[:, usual] @ weights[::-1] + _STEADY)))


def pull(counts: Counts, told: Usual, seen: Signs, *, used: Sequence[int]) -> Pull:
    """Fitted on every week that was said ``ahead`` weeks before; ``used``: which signs."""
    beta, _ = _fitted(counts, told, seen, used, until=counts.shape[1])
    return Pull(beta, np.exp(seen.past @ beta))


def lead(counts: Counts, told: Usual, seen: Signs, *, ahead: int) -> Lead:
    """Learnt on all weeks but the last; tried on those, against the same without consultations."""
    weeks = counts.shape[1]
    held = min(HELD_OUT, (weeks - seen.since) // 3)
    everything = (*OWN, ASKED)
    beta, error = _fitted(counts, told, seen, everything, until=weeks)
    if held < _LEAST_HELD:
        return Lead(ahead, float(beta[ASKED]), float(error), 0.0, max(held, 0))
    losses = []
    for used in (everything, OWN):
        learnt, _ = _fitted(counts, told, seen, used, until=weeks - held)
        losses.append(_loss(counts, told, seen, learnt, held))
    gain = 1 - losses[0] / losses[1] if losses[1] > 0 else 0.0
    return Lead(ahead, float(beta[ASKED]), float(error), gain, held)


def _fitted(
    counts: Counts, told: Usual, seen: Signs, used: Sequence[int], *, until: int
) -> tuple[Counts, float]:
    """Coefficients of the weeks before ``until``, and the standard error of the last."""
    span = until - seen.since
    columns = list(used)
    design = np.ascontiguousarray(seen.past[:, :span, columns].reshape(-1, len(columns)).T)
    at = slice(seen.since - told.first, until - told.first)
    offset = np.log(told.mean[:, at]).ravel()
    heavy = (_SHARE / told.dispersion[:, at]).ravel()
    came = np.ascontiguousarray(counts[:, seen.since : until]).ravel()
    some = np.zeros(len(columns))
    model = Model(design, offset, _PRIOR[columns] ** -2.0, np.array([1.0, 0.0]))
    past = Past(came, heavy, np.exp(offset))
    lower = climb(past, model, some, len(offset), _STEPS)
    beta = np.zeros(len(_PRIOR))
    beta[columns] = some
    error = float(np.sqrt(np.linalg.inv(lower @ lower.T)[-1, -1]))
    return beta, error


def _loss(counts: Counts, told: Usual, seen: Signs, beta: Counts, held: int) -> float:
    """The mean pinball loss of the last ``held`` weeks, every node alike."""
    weeks = counts.shape[1]
    at = slice(weeks - held - told.first, weeks - told.first)
    mean = told.mean[:, at] * np.exp(seen.past[:, -held:] @ beta)
    variance = told.dispersion[:, at] * mean + told.unsure[:, at] * mean**2
    low, mid, high = quantiles(mean, variance)
    came = counts[:, -held:]
    rows = zip(low.ravel(), mid.ravel(), high.ravel(), came.ravel(), strict=True)
    return float(np.mean([pinball((a, b, c), d) for a, b, c, d in rows]))
