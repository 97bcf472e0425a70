"""Farrington flexible (Noufaily et al. 2013) in numpy, for as many series as one likes.

The same arithmetic as ``surveillance::farringtonFlexible`` of R with the settings of
``farrington.R`` (``reference.py`` compares the two number by number): a quasi-Poisson regression
on a linear trend and ten blocks of the year over five years, the last 26 weeks left out, past
peaks weighted down by their Anscombe residuals, and the plug-in negative-binomial tail. The block
levels have a closed form once the slope is known, so that only the slope is searched for.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from bench.watch.runs import Counts, Reals

NOTHING = 1e-9  # what R's fit ends near for a block without any case
OUTLYING = 2.58
WEEK = 7
PIECE = 128  # series fitted at once: few enough to stay in the processor's cache
LEAST_YEARS = 3  # below which R fits no trend


@dataclass(frozen=True)
class Settings:
    period: int = 52
    years: int = 5
    half_window: int = 3
    blocks: int = 10
    left_out: int = 26


WEEKLY = Settings()
FEW_YEARS = Settings(years=3)
DAILY = Settings(period=364, years=3, half_window=21, left_out=26)


@dataclass(frozen=True)
class Expected:
    """(N, weeks): mean and dispersion of every watched week."""

    mean: Reals
    phi: Reals

    def tail(self, counts: Counts) -> Reals:
        """P(at least as many), as ``thresholdMethod="nbPlugin"`` has it."""
        return upper_tail(counts, self.mean, self.phi)

    def scores(self, counts: Counts) -> Reals:
        """Minus the log of the tail."""
        return -np.log(np.maximum(self.tail(counts), 1e-300))


def upper_tail(counts: Counts, mean: Reals, phi: Reals) -> Reals:
    """P(Y >= counts) of a negative binomial with variance phi mu."""
    wide = phi > 1 + 1e-6
    out = stats.poisson.sf(counts - 1, mean)
    over = phi[wide] - 1
    out[wide] = stats.nbinom.sf(counts[wide] - 1, mean[wide] / over, 1 / phi[wide])
    return np.asarray(out)


def scores(counts: Counts, first: int, settings: Settings = WEEKLY) -> Reals:
    return expected(counts, first, settings).scores(counts[:, first:])


def expected(counts: Counts, first: int, settings: Settings = WEEKLY) -> Expected:
    pieces = np.array_split(counts, max(1, len(counts) // PIECE))
    found = [
        np.stack([_week(piece, t, settings) for t in range(first, counts.shape[1])], axis=2)
        for piece in pieces
    ]
    mean, phi = np.concatenate(found, axis=1)
    return Expected(mean, phi)


def two_years(counts: Counts, first: int) -> Expected:
    """For series too short for five; R fits no trend then."""
    return expected(counts, first, Settings(years=2))


def by_day(counts: Counts, first: int) -> Expected:
    """Years of 52 weeks, so that like days meet; three weeks on either side."""
    return expected(counts, first, DAILY)


def by_weekday(counts: Counts, first: int) -> Expected:
    """Mondays are one weekly series, Tuesdays another: what the method needs to know the week."""
    runs, days = counts.shape
    weeks = counts.reshape(runs, days // WEEK, WEEK).transpose(0, 2, 1).reshape(-1, days // WEEK)
    found = expected(weeks, first // WEEK, FEW_YEARS)

    def in_order(values: Reals) -> Reals:
        return values.reshape(runs, WEEK, -1).transpose(0, 2, 1).reshape(runs, -1)

    return Expected(in_order(found.mean), in_order(found.phi))


def block_of(t: int, settings: Settings) -> NDArray[np.int64]:
    """Block of every week up to ``t``; -1 where it is no part of the training set. Last: ours."""
    s, block = settings, np.full(t + 1, -1)
    wide = 2 * s.half_window + 1
    for year in range(1, s.years + 1):
        middle = t - year * s.period
        block[middle - s.half_window : middle + s.half_window + 1] = s.blocks - 1
        rest = np.array_split(np.arange(s.period - wide), s.blocks - 1)
        for number, part in enumerate(rest):
            block[middle + s.half_window + 1 + part] = number
    block[t - s.left_out :] = -1
    return block


def _week(counts: Counts, t: int, settings: Settings) -> tuple[Reals, Reals]:
    block = block_of(t, settings)
    used = np.flatnonzero(block >= 0)
    at = (used - t) / settings.period
    fit = Fit(counts[:, used].astype(float), at, np.eye(settings.blocks)[block[used]])
    mean, phi = fit.reweighted()
    # R drops the trend when it would predict more than was ever seen, or has few years.
    beyond = (mean > fit.y.max(1)) | (settings.years < LEAST_YEARS)
    if beyond.any():
        part = Fit(fit.y[beyond], np.zeros_like(at), fit.levels)
        mean[beyond], phi[beyond] = part.reweighted()
    return mean, phi


@dataclass(frozen=True)
class Fit:
    """Counts (N, n) on a slope in ``at`` (n,) and a level per block (n, blocks); ours is last."""

    y: Reals
    at: Reals
    levels: Reals

    def reweighted(self) -> tuple[Reals, Reals]:
        """Mean of the watched week, at 0 in the last block, and dispersion, both reweighted."""
        ones = np.ones_like(self.y)
        _, fitted = self.slope(ones)
        phi = self._dispersion(fitted, ones)
        residual = 1.5 * (self.y ** (2 / 3) * fitted ** (-1 / 6) - np.sqrt(fitted))
        residual /= np.sqrt(phi[:, None] * np.maximum(1 - self._leverage(fitted), 1e-9))
        weight = np.where(residual > OUTLYING, 1 / np.maximum(residual, OUTLYING) ** 2, 1.0)
        weight *= len(self.at) / weight.sum(1, keepdims=True)
        mean, fitted = self.slope(weight)
        return mean, self._dispersion(fitted, weight)

    def slope(self, weight: Reals) -> tuple[Reals, Reals]:
        """The watched week's mean and the fitted values (N, n)."""
        slope = np.zeros(len(self.y))
        seen = (weight * self.y) @ self.levels
        moved = (weight * self.y) @ self.at
        for _ in range(25):
            share = weight * np.exp(slope[:, None] * self.at)
            mass = share @ self.levels
            centre = (share @ (self.levels * self.at[:, None])) / mass
            square = (share @ (self.levels * self.at[:, None] ** 2)) / mass
            pull = moved - (seen * centre).sum(1)
            curve = (seen * (square - centre**2)).sum(1)
            step = np.where(curve > 1e-12, pull / np.maximum(curve, 1e-12), 0.0)
            slope += np.clip(step, -1, 1)
            if np.abs(step).max(initial=0.0) < 1e-9:
                break
        mass = (weight * np.exp(slope[:, None] * self.at)) @ self.levels
        level = np.maximum(seen / mass, NOTHING)
        return level[:, -1], (level @ self.levels.T) * np.exp(slope[:, None] * self.at)

    def _dispersion(self, fitted: Reals, weight: Reals) -> Reals:
        freedom = len(self.at) - self.levels.shape[1] - bool(self.at.any())
        pearson = (weight * (self.y - fitted) ** 2 / fitted).sum(1) / freedom
        return np.asarray(np.maximum(pearson, 1.0))

    def _leverage(self, fitted: Reals) -> Reals:
        """Diagonal of the hat matrix: levels and slope, made orthogonal."""
        mass = fitted @ self.levels
        centre = (fitted @ (self.levels * self.at[:, None])) / mass
        off = self.at - centre @ self.levels.T
        spread = np.maximum((fitted * off**2).sum(1, keepdims=True), 1e-12)
        return np.asarray(fitted * (1 / (mass @ self.levels.T) + off**2 / spread))
