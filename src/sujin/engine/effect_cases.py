"""What is told of cases and roll-outs, and the measures by which an item may help or harm."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from enum import StrEnum

import numpy as np

from sujin.engine.effect_panel import Flags, Numbers, Whole


class Measure(StrEnum):
    """What of a closed case an item may move."""

    REOPENED = "reopened"
    ESCALATED = "escalated"
    HOURS = "hours"
    SATISFIED = "satisfied"
    OVERALL = "overall"  # what the others have in common: the relative change of what nobody wants

    @property
    def is_ratio(self) -> bool:
        """Told as a factor (hours, compared on the scale of logarithms), not as a difference of
        shares."""
        return self is Measure.HOURS

    @property
    def better(self) -> int:
        """The sign of a change for the better."""
        return 1 if self is Measure.SATISFIED else -1


TOLD = (Measure.REOPENED, Measure.ESCALATED, Measure.HOURS, Measure.SATISFIED)


@dataclass(frozen=True, eq=False)
class Cases:
    """Closed cases by topic, one place of each column for each: the cases that an item is *about*,
    whether or not it was there yet, shown or used.

    ``branch`` and ``item`` are keys of the caller's (an item is one version of it), ``week`` the
    number of the week of receipt. ``reopened``, ``escalated`` and ``satisfied`` are 1, 0, or NaN
    where nobody knows; ``hours`` of handling are above nought or NaN. Raises ValueError when
    columns differ in length, a share is neither, or hours are not above nought.
    """

    branch: Whole
    week: Whole
    item: Whole
    shown: Flags
    used: Flags
    reopened: Numbers
    escalated: Numbers
    hours: Numbers
    satisfied: Numbers

    def __post_init__(self) -> None:
        if len({getattr(self, one.name).shape for one in fields(self)}) != 1:
            raise ValueError("columns of cases differ in length")
        for name in ("reopened", "escalated", "satisfied"):
            told = getattr(self, name)
            if not np.all(np.isnan(told) | (told == 0) | (told == 1)):
                raise ValueError(f"{name} is 1, 0 or unknown")
        if np.any(self.hours <= 0):
            raise ValueError("hours of handling are above nought")

    def of(self, item: int) -> "Cases":
        """The cases that this item is about."""
        mine = self.item == item
        return Cases(*(getattr(self, one.name)[mine] for one in fields(self)))

    def outcome(self, measure: Measure) -> Numbers:
        """The measure's column, hours as logarithms; NaN where nobody knows."""
        told: Numbers = np.asarray(getattr(self, measure.value), dtype=np.float64)
        return np.log(told) if measure.is_ratio else told


@dataclass(frozen=True)
class RollOut:
    """The week from which an item is out in a branch; branches not named never had it.

    ``by_lot``: the order of branches was drawn. Then nothing but chance can set early branches
    apart, and drift before release is told but keeps no verdict back.
    """

    item: int
    start: Mapping[int, int]
    by_lot: bool = False

    def weeks_since(self, cases: Cases) -> Numbers:
        """Weeks from release to receipt, of each case: below nought before it, minus infinity
        where the item never came."""
        places, back = np.unique(cases.branch, return_inverse=True)
        starts = np.array([self.start.get(int(place), np.inf) for place in places])
        since: Numbers = cases.week - starts[back] if places.size else np.zeros(0)
        return since
