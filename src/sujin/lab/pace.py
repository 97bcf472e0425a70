"""How fast a desk is with one case: within its limits as a rule, late now and then, seldom never.

Limits are met as a bank meets them that is watched: nearly always. So a case older than its limits
has ended, a young one is at any stage, and what is overdue is the exception that somebody sees.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from sujin.complaints.models import Complaint
from sujin.engine.tier import Tier

LATE = 0.06
FORGOTTEN = 0.005  # at each step
SLOWLY = 4.0  # times as long, where a desk is late


@dataclass(frozen=True, slots=True)
class Pace:
    """The pace of one case; nothing it says lies at ``now`` or behind it."""

    rng: Random
    now: datetime
    is_late: bool

    @classmethod
    def drawn(cls, case: Complaint, rng: Random, now: datetime) -> "Pace":
        """A pace for the case; what is urgent is never late."""
        return cls(rng, now, rng.random() < LATE and case.tier != Tier.URGENT)

    def soon(self, case: Complaint, at: datetime, hours: float) -> datetime | None:
        """About ``hours`` after ``at`` and within the limit that runs; None when that is still to
        come, or when nobody thinks of it any more."""
        wait = timedelta(hours=self.rng.expovariate(1 / hours))
        left = self._left(case, at)
        if self.is_late:
            wait *= SLOWLY
        elif left is not None:
            wait = min(wait, left * self.rng.uniform(0.3, 0.9))
        return self._told(at + wait)

    def by_the_limit(self, case: Complaint, at: datetime, hours: float) -> datetime | None:
        """When work that takes what the limit gives is done; after ``hours`` where none runs."""
        left = self._left(case, at)
        if left is None:
            return self.soon(case, at, hours)
        share = (1.0, 1.6) if self.is_late else (0.5, 0.99)
        return self._told(at + left * self.rng.uniform(*share))

    def _left(self, case: Complaint, at: datetime) -> timedelta | None:
        """What is left of the nearest limit; an hour of haste where it has passed already."""
        if case.due_at is None:
            return None
        return case.due_at - at if case.due_at > at else timedelta(hours=1)

    def _told(self, at: datetime) -> datetime | None:
        return at if at < self.now and self.rng.random() >= FORGOTTEN else None
