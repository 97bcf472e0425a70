"""What a 研判会 should talk about, from data: burden by growth by what the house can change."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sujin.complaints import tally
from sujin.complaints.words import named
from sujin.engine.series.panel import ALL, Node
from sujin.governance.meetingbook import controls, limits
from sujin.governance.models import Problem

WEEK = timedelta(weeks=1)
# Half a case that was not seen: what never came before has not grown without end.
_UNSEEN = 0.5


@dataclass(frozen=True, slots=True)
class Topic:
    """Complaints of one class and cause: how many lately, how many as usual in as long a time,
    how far the house can change it, and the product that ranks it."""

    business: str
    cause: str
    recent: int
    usual: float
    control: float

    @property
    def growth(self) -> float:
        return (self.recent + _UNSEEN) / (self.usual + _UNSEEN)

    @property
    def score(self) -> float:
        """Burden by growth by control; what fell is no reason to meet, so growth counts from 1."""
        return self.recent * max(self.growth, 1.0) * self.control

    @property
    def node(self) -> Node:
        return (ALL, self.business, self.cause, ALL)

    @property
    def title(self) -> str:
        return f"{named('business', self.business)} · {named('cause', self.cause)}"

    def told(self) -> dict[str, Any]:
        """As it is written into an agenda, with the figures of that day."""
        return {
            "business": self.business, "cause": self.cause, "title": self.title,
            "recent": self.recent, "usual": round(self.usual, 1), "growth": round(self.growth, 2),
            "control": self.control, "score": round(self.score, 1),
        }  # fmt: skip


def topics(today: date) -> list[Topic]:
    """The whole house's, the most pressing first: whole days up to yesterday."""
    asked = limits()
    last = today - timedelta(days=1)
    since = last - asked.recent + timedelta(days=1)
    first = since - WEEK * asked.before_weeks
    recent: Counter[tuple[str, str]] = Counter()
    before: Counter[tuple[str, str]] = Counter()
    for business, cause, counts in tally.matters("complaint", first, since, last):
        before[top(business), cause] += counts[0]
        recent[top(business), cause] += counts[1]
    share = asked.recent / (WEEK * asked.before_weeks)
    found = [
        Topic(business, cause, count, before[business, cause] * share, _weight(cause))
        for (business, cause), count in recent.items()
        if business and cause and count >= asked.least
    ]
    return sorted(found, key=lambda one: (-one.score, one.business, one.cause))[: asked.topics]


def top(business: str) -> str:
    """The class that a meeting talks of: two steps deep."""
    return ".".join(business.split(".")[:2])


def _weight(cause: str) -> float:
    return controls()[cause].weight if cause in controls() else 1.0


def old_problems(today: date) -> Iterator[Problem]:
    """Those that stand longer than the pack allows, the oldest first: for the quarterly meeting."""
    latest = today - limits().old
    rows = Problem.objects.standing().filter(opened_at__date__lt=latest)
    yield from rows.select_related("owner").order_by("opened_at", "pk")[: limits().topics]
