"""The two comparisons that everybody makes first, to show beside the fair one how they mislead.

Users against non-users: whoever looks an item up has the harder case (selection). Before against
after: whatever else changed in the year counts for the item. Welch's interval (Biometrika 34,
1947), cases taken as independent.
"""

from math import isfinite, sqrt

import numpy as np

from sujin.engine.effect_chance import Interval
from sujin.engine.effect_panel import Flags, Numbers
from sujin.engine.proportion import Z95

UNKNOWN = Interval(float("nan"), float("-inf"), float("inf"))


def users_against_others(values: Numbers, out: Flags, used: Flags) -> Interval:
    """The mean where the item was used, less the mean where it was out and not used."""
    return _gap(values[out & used], values[out & ~used])


def after_against_before(values: Numbers, out: Flags, ever: Flags) -> Interval:
    """The mean after release less the mean before, in branches (``ever``) that the item reached."""
    return _gap(values[out], values[ever & ~out])


def _gap(these: Numbers, those: Numbers) -> Interval:
    if min(these.size, those.size) < 2:
        return UNKNOWN
    value = float(these.mean() - those.mean())
    error = sqrt(np.var(these, ddof=1) / these.size + np.var(those, ddof=1) / those.size)
    if not isfinite(value) or error == 0:
        return UNKNOWN
    return Interval(value, value - Z95 * error, value + Z95 * error)
