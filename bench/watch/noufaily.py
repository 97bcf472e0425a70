"""The simulation of Noufaily et al. 2013, Statistics in Medicine 32:1206: 42 weekly scenarios.

624 weeks each; four past outbreaks begin in weeks 313 to 575, one current outbreak of size k = 1 …
10 in weeks 576 to 624. The k currents of a run begin in the same week, so that sizes are compared
in pairs.
"""

from dataclasses import dataclass

import numpy as np

from bench.watch.runs import Counts, Reals, Runs

WEEKS, BASELINE, FIRST = 624, 312, 575
WATCHED = WEEKS - FIRST
SIZES = tuple(range(1, 11))
PAST_SIZES = (2, 3, 5, 10)
SPREAD = 0.5  # of the lognormal delay of a case behind the start, in weeks


@dataclass(frozen=True)
class Scenario:
    """log mu(t) = theta + beta t + m harmonics of the year; variance phi mu."""

    name: str
    theta: float
    beta: float
    cosine: float
    sine: float
    harmonics: int
    phi: float

    def mean(self) -> Reals:
        t = np.arange(1, WEEKS + 1)
        level = self.theta + self.beta * t
        for j in range(1, self.harmonics + 1):
            turn = 2 * np.pi * j * t / 52
            level = level + self.cosine * np.cos(turn) + self.sine * np.sin(turn)
        return np.asarray(np.exp(level))


# Table 1 of the paper: theta, beta, gamma 1, gamma 2, phi.
SETS = (
    (0.1, 0.0025, 0.6, 0.6, 1.5),
    (-2.0, 0.005, 0.1, 0.3, 2.0),
    (1.5, 0.003, 0.2, -0.4, 1.0),
    (0.5, 0.002, 0.5, 0.5, 5.0),
    (2.5, 0.001, 1.0, 0.1, 3.0),
    (3.75, 0.001, 0.1, -0.1, 1.1),
    (5.0, 0.0001, 0.05, 0.01, 1.2),
)
SCENARIOS = tuple(
    Scenario(f"{row + 1}{'t' if trend else '-'}{m}", theta, beta * trend, cosine, sine, m, phi)
    for row, (theta, beta, cosine, sine, phi) in enumerate(SETS)
    for trend in (0, 1)
    for m in (0, 1, 2)
)


def draw(seed: int, replicates: int) -> Runs:
    """``replicates`` runs of each scenario, scenario by scenario."""
    rng = np.random.default_rng(seed)
    mean = np.repeat(np.stack([s.mean() for s in SCENARIOS]), replicates, axis=0)
    scenario = np.repeat(np.arange(len(SCENARIOS)), replicates)
    phi = np.array([s.phi for s in SCENARIOS])[scenario][:, None]
    counts = endemic(rng, mean, phi)
    deviation = np.sqrt(phi * mean)
    runs = np.arange(len(counts))
    for begin in _starts(rng, len(counts)).T:
        size = rng.choice(PAST_SIZES, len(counts)) * deviation[runs, begin]
        counts += cases(rng, begin, rng.poisson(size), FIRST)
    start = rng.integers(FIRST, WEEKS, len(counts))
    extra = [
        cases(rng, start, at_least_one(rng, k * deviation[runs, start]), WEEKS)[:, FIRST:]
        for k in SIZES
    ]
    return Runs(counts, np.stack(extra, axis=1), start - FIRST, scenario, FIRST, SIZES)


def endemic(rng: np.random.Generator, mean: Reals, phi: Reals) -> Counts:
    """Negative binomial with variance phi mu; Poisson where phi is 1."""
    wide = np.maximum(phi, 1 + 1e-9)
    rate = np.where(phi > 1, rng.gamma(mean / (wide - 1), 1.0) * (wide - 1), mean)
    return rng.poisson(rate)


def at_least_one(rng: np.random.Generator, mean: Reals) -> Counts:
    """Poisson sizes drawn again until none is zero."""
    size = rng.poisson(mean)
    for _ in range(1000):
        empty = size < 1
        if not empty.any():
            break
        size[empty] = rng.poisson(mean[empty])
    return np.maximum(size, 1)


def _starts(rng: np.random.Generator, runs: int) -> Counts:
    """(runs, 4) different weeks of the baseline."""
    weeks = np.tile(np.arange(BASELINE, FIRST), (runs, 1))
    return rng.permuted(weeks, axis=1)[:, : len(PAST_SIZES)]


def cases(
    rng: np.random.Generator, start: Counts, size: Counts, end: int, width: int = WEEKS
) -> Counts:
    """(S, width): ``size`` cases each, lognormally behind ``start``; none at ``end`` or later."""
    run = np.repeat(np.arange(len(start)), size)
    week = start[run] + np.floor(rng.lognormal(0, SPREAD, len(run))).astype(np.int64)
    kept = week < end
    flat = np.bincount(run[kept] * width + week[kept], minlength=len(start) * width)
    return flat.reshape(len(start), width)
