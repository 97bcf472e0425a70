"""Today is incomplete: what share of the cases of a period has been reported by now.

Delays between receipt and registration, counted over a while, give the share known at each age
(Lawless, "Adjustments for reporting delays and the prediction of occurred but not reported
events", Canadian Journal of Statistics 22, 1994, without covariates). The expectation of a period
is lowered by its share, so that a half-reported day is judged as half a day.
"""

from collections.abc import Mapping, Sequence
from datetime import date

import numpy as np

from sujin.engine.series.panel import Counts

# Of a period of which less is known, nothing can be said.
LEAST = 0.05


def share_known(delays: Mapping[int, int], ages: Sequence[int]) -> Counts:
    """Of periods so many days old, the share reported by now. ``delays``: how many cases came so
    many days late. Nothing counted: everything is known at once."""
    counted = sum(delays.values())
    if not counted:
        return np.ones(len(ages))
    known = [sum(n for days, n in delays.items() if days <= age) / counted for age in ages]
    return np.array([max(share, LEAST) for share in known])


def offset(delays: Mapping[int, int], ends: Sequence[date], today: date) -> Counts:
    """For each period, by its last day, the logarithm of the share known on ``today``."""
    ages = [(today - end).days for end in ends]
    if min(ages, default=0) < 0:
        raise ValueError(f"a period ends after {today}")
    known: Counts = np.log(share_known(delays, ages))
    return known
