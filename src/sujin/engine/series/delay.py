"""How much of the last days is known already: what is written down late is missing from them.

From cases old enough that all of them were written down (so that nothing is cut off on the right,
as Lawless has to mend in "Adjustments for reporting delays and the prediction of occurred but not
reported events", Canadian Journal of Statistics 22, 1994): of a day's cases, the share that was
known so many days later.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

import numpy as np

from sujin.engine.series.panel import Counts, Grain, Panel

# So many cases written down at once are believed in before any was seen.
_AT_ONCE = 20.0
_DAY = timedelta(days=1)


def by_age(delays: Sequence[int]) -> Counts:
    """``delays[d]`` cases were written down d days after they came. Gives, for an age of so many
    days, the share of a day's cases that is known; it rises to 1.

    Raises ValueError for a number below 0.
    """
    if any(number < 0 for number in delays):
        raise ValueError(f"{list(delays)} are no numbers of cases")
    seen = np.cumsum([_AT_ONCE, *delays])[1:] if len(delays) else np.ones(1)
    return np.asarray(seen / seen[-1])


def as_known(panel: Panel, shares: Counts, last: date) -> Panel:
    """The same panel as it was known at the end of the day ``last``."""
    return replace(panel, known=known(panel.starts, panel.grain, shares, last))


def known(starts: Sequence[date], grain: Grain, shares: Counts, last: date) -> Counts:
    """For each period, the share of its cases that is known at the end of the day ``last``; days
    after ``last`` are no part of it."""
    found = np.ones(len(starts))
    for at, start in enumerate(starts):
        days = [start + _DAY * step for step in range(grain.step.days)]
        ages = [(last - day).days for day in days if day <= last]
        if ages and min(ages) < len(shares):
            found[at] = np.mean([shares[min(age, len(shares) - 1)] for age in ages])
    return found
