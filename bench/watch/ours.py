"""Our detector as the bench asks it: the engine's own reading of single series.

A person reads one warning a wave. So once the evidence is past ``_CALLED`` and as long as it stays
there, a period is asked only whether a wave begins in it, what began before having been said; until
there is half as much evidence again as when it was said.
"""

from collections.abc import Sequence
from datetime import date, timedelta

import numpy as np

from bench.watch.runs import Counts, Flags, Reals
from sujin.engine.series.panel import Grain
from sujin.engine.series.seasons import Season, season
from sujin.engine.watch.chance import p_values
from sujin.engine.watch.evidence import Lately, Waves, weigh_on
from sujin.engine.watch.reading import Frame, Reading, read
from sujin.engine.watch.terms import DAILY, SHORT_WEEKS, WEEKLY, Terms
from sujin.engine.workdays import Calendar

_CALLED, _MORE = 2.55, 1.5
_MONDAY = date(2010, 1, 4)


def weekly(counts: Counts, first: int) -> Reals:
    """Scores of weeks."""
    moved = season(_weeks(counts.shape[1]), Grain.WEEK, None)
    return _scores(counts, first, moved, SHORT_WEEKS)


def daily(counts: Counts, first: int, days: Sequence[date], off: Flags) -> Reals:
    """Scores of days, of which those in ``off`` are not worked."""
    return _scores(counts, first, season(days, Grain.DAY, _calendar(days, off)), DAILY)


def chances(counts: Counts) -> Reals:
    """p-values of the last week."""
    last = counts.shape[1] - 1
    made = _read(counts, last, season(_weeks(last + 1), Grain.WEEK, None), WEEKLY)
    waves = WEEKLY.waves
    lately = np.ascontiguousarray(counts[:, last - waves.back + 1 :][:, ::-1], np.float64)
    told = Lately(lately, made.mean[:, 0].copy(), made.variance[:, 0].copy())
    return p_values(made.evidence[:, 0], told, waves, seed=1)


def _weeks(many: int) -> list[date]:
    """First days of weeks of which 52 make a year, as the scenarios (and R) count them."""
    return [_MONDAY + timedelta(days=round(week * 365.2425 / 52)) for week in range(many)]


def _calendar(days: Sequence[date], off: Flags) -> Calendar:
    free = {day: "off" for day, is_off in zip(days, off, strict=True) if is_off}
    work = {d: "on" for d, is_off in zip(days, off, strict=True) if not is_off and d.weekday() > 4}
    return Calendar(free, work, frozenset(day.year for day in days))


def _read(counts: Counts, first: int, moved: Season, terms: Terms) -> Reading:
    none = np.zeros((1, counts.shape[1]))
    frame = Frame(moved.design, none, moved.precision, np.array([1.0, 0.0]), terms.gap)
    return read(np.asarray(counts, np.float64), frame, terms.waves, first=first)


def _scores(counts: Counts, first: int, moved: Season, terms: Terms) -> Reals:
    made = _read(counts, first, moved, terms)
    begun = _begun(counts, first, made, terms.waves)
    scores, said = made.evidence.copy(), np.zeros(len(made.evidence))
    for at in range(scores.shape[1]):
        now = made.evidence[:, at]
        known = (said > 0) & (now < _MORE * said)
        scores[known, at] = np.minimum(begun[known, at], now[known])
        said = np.where(now > _CALLED, np.where(known, said, now), 0.0)
    return scores


def _begun(counts: Counts, first: int, made: Reading, waves: Waves) -> Reals:
    """The evidence of waves that begin in a period."""
    short = waves.lengths == 1
    odds = waves.odds[short] / waves.odds[short].sum()
    now = Waves(waves.shares[short], waves.lengths[short], odds, waves.sizes, waves.often)
    evidence = np.empty_like(made.evidence)
    for row, series in enumerate(np.ascontiguousarray(counts, np.float64)):
        weigh_on(series, Lately(evidence[row], made.mean[row], made.variance[row]), first, now)
    return evidence
