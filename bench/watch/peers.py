"""The detectors of the trade, as ``(counts (N, T), first) -> scores (N, T - first)``; higher is
graver.

* EARS C1, C2, C3: Hutwagner et al. 2003, J Urban Health 80:i89 (a week's baseline; two days' gap).
* CUSUM on counts: Page 1954, Biometrika 41:100, standardised by the year before.
* CUSUM on residuals of an adaptive regression: Fricker, Hegler & Dunfee 2008, Stat Med 27:3407.
* three sigma: Shewhart's limits from the year before, what a spreadsheet does.

Rows of ``counts`` never meet: each function is the same for one series and for a million.
"""

import numpy as np

from bench.watch.runs import Counts, Reals

SHORT = WEEK = 7  # EARS' baseline
LEAST = 0.5  # a standard deviation is never taken to be less: constant histories
RUN_IN = 26  # steps a CUSUM runs before it is read
TIE = 1e-3
# CUSUM's k. The textbook's half a deviation finds 4 % to 21 % of outbreaks that last two weeks;
# these are the best of 0.5 … 3 on a seed of their own, so that the peer is as good as it can be.
COUNTS_ALLOWANCE, RESIDUALS_ALLOWANCE = 2.5, 2.0


def ears_c1(counts: Counts, first: int) -> Reals:
    return _short(counts, first, lag=0)


def ears_c2(counts: Counts, first: int) -> Reals:
    return _short(counts, first, lag=2)


def ears_c3(counts: Counts, first: int) -> Reals:
    """Three steps of C2 above one standard deviation, added."""
    c2 = np.maximum(_short(counts, first - 2, lag=2) - 1, 0)
    return c2[:, 2:] + c2[:, 1:-1] + c2[:, :-2]


def three_sigma(counts: Counts, first: int, memory: int = 52) -> Reals:
    mean, deviation = _trailing(counts, first, memory, lag=0)
    return (counts[:, first:] - mean) / deviation


def cusum_counts(counts: Counts, first: int, memory: int = 52) -> Reals:
    begin = max(first - RUN_IN, memory)
    mean, deviation = _trailing(counts, begin, memory, lag=0)
    score = _cusum((counts[:, begin:] - mean) / deviation, COUNTS_ALLOWANCE)
    return score[:, first - begin :]


def cusum_residuals(
    counts: Counts, first: int, period: int = 52, memory: int = 260, gap: int = 3
) -> Reals:
    """Residuals of a trend and the period's shape, fitted anew to the ``memory`` steps before."""
    begin = max(first - RUN_IN, memory + gap)
    score = _cusum(residuals(counts, begin, period, memory, gap), RESIDUALS_ALLOWANCE)
    return score[:, first - begin :]


def cusum_daily_residuals(counts: Counts, first: int) -> Reals:
    """Fricker's own: eight weeks of days, a trend and the days of the week."""
    return cusum_residuals(counts, first, period=WEEK, memory=8 * WEEK, gap=2)


def cusum_daily_counts(counts: Counts, first: int) -> Reals:
    return cusum_counts(counts, first, memory=4 * WEEK)


def three_sigma_daily(counts: Counts, first: int) -> Reals:
    return three_sigma(counts, first, memory=4 * WEEK)


def residuals(counts: Counts, begin: int, period: int, memory: int, gap: int) -> Reals:
    """Standardised by the spread of each step's own fit; least squares on square roots."""
    rows = shape(period, memory, gap)
    past, now = rows[:-1], rows[-1]
    basis = np.linalg.qr(past)[0]
    weights = now @ np.linalg.pinv(past)
    roots = 2 * np.sqrt(counts + 0.375)
    out = []
    for t in range(begin, counts.shape[1]):
        seen = roots[:, t - gap - memory : t - gap]
        squares = (seen**2).sum(1) - ((seen @ basis) ** 2).sum(1)
        spread = np.sqrt(np.maximum(squares, 0) / (memory - past.shape[1]))
        out.append((roots[:, t] - seen @ weights) / np.maximum(spread, LEAST))
    return np.stack(out, axis=1)


def shape(period: int, memory: int, gap: int) -> Reals:
    """(memory + 1, columns): trend and harmonics, or days of the week; last the step to predict."""
    at = np.append(np.arange(-memory - gap, -gap), 0)
    if period <= SHORT:
        waves = np.eye(period)[at % period][:, 1:]
    else:
        turns = [2 * np.pi * j * at / period for j in (1, 2)]
        waves = np.stack([f(turn) for turn in turns for f in (np.cos, np.sin)], axis=1)
    return np.column_stack([np.ones(len(at)), at / memory, waves])


def _short(counts: Counts, first: int, lag: int) -> Reals:
    mean, deviation = _trailing(counts, first, SHORT, lag)
    return (counts[:, first:] - mean) / deviation


def _trailing(counts: Counts, first: int, memory: int, lag: int) -> tuple[Reals, Reals]:
    """Mean and deviation of the ``memory`` steps that end ``lag`` before each watched one."""
    window = np.lib.stride_tricks.sliding_window_view(counts, memory, axis=1)
    past = window[:, first - lag - memory : counts.shape[1] - lag - memory]
    return past.mean(2), np.maximum(past.std(2, ddof=1), LEAST)


def _cusum(standardised: Reals, allowance: float) -> Reals:
    """max(0, S + z - k) from left to right; ties at 0 are broken by the step itself."""
    out = np.empty_like(standardised)
    carried = np.zeros(len(standardised))
    for t in range(standardised.shape[1]):
        carried = np.maximum(0, carried + standardised[:, t] - allowance)
        out[:, t] = carried + TIE * standardised[:, t]
    return out
