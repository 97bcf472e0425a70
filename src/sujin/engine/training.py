"""What people must have learnt for the posts they hold, by when, and what of it stands today.

Facts in, verdicts out: a matrix says which role needs which training within how many days of taking
the post; a record says what became of it. `supervision/roll.py` counts the same of a whole bank in
SQL, and a test holds the two writings against each other.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from sujin.engine.proportion import interval


class Holding(StrEnum):
    """Where a person stands with one training."""

    HELD = "held"
    DUE = "due"
    OVERDUE = "overdue"
    LAPSED = "lapsed"
    FAILED = "failed"
    EXEMPT = "exempt"


@dataclass(frozen=True, slots=True)
class Demand:
    """A row of the matrix: whoever takes the role holds the training within so many days."""

    role: str
    training: str
    within_days: int


@dataclass(frozen=True, slots=True)
class Taken:
    """A post: its role, and the day on which it was taken."""

    role: str
    since: date


@dataclass(frozen=True, slots=True)
class Record:
    """What became of one training of a person. ``was_held``: it was passed before, and its time ran
    out; ``tries_left``: whether the test may still be tried."""

    due_on: date
    passed: bool = False
    valid_until: date | None = None
    exempt_until: date | None = None
    tries_left: bool = True
    was_held: bool = False


def duties(posts: Iterable[Taken], demands: Sequence[Demand]) -> dict[str, date]:
    """What the posts together ask for, each with its day: that of the post that asks first."""
    found: dict[str, date] = {}
    for post in posts:
        for one in demands:
            if one.role == post.role:
                day = post.since + timedelta(days=one.within_days)
                found[one.training] = min(day, found.get(one.training, day))
    return found


def holding(due: date, record: Record | None, today: date) -> Holding:
    """The verdict of one day. ``due`` is the day by the post, of whom nothing is recorded yet."""
    if record is None:
        return Holding.OVERDUE if due < today else Holding.DUE
    if record.exempt_until is not None and today <= record.exempt_until:
        return Holding.EXEMPT
    if record.passed:
        in_time = record.valid_until is not None and today <= record.valid_until
        return Holding.HELD if in_time else Holding.LAPSED
    if not record.tries_left:
        return Holding.FAILED
    if record.was_held:
        return Holding.LAPSED
    return Holding.OVERDUE if record.due_on < today else Holding.DUE


@dataclass(frozen=True, slots=True)
class Share:
    """``hits`` of ``of``, with Wilson's interval."""

    hits: int
    of: int

    @property
    def value(self) -> float | None:
        return self.hits / self.of if self.of else None

    @property
    def between(self) -> tuple[float, float]:
        return interval(self.hits, self.of)

    @property
    def missing(self) -> int:
        return self.of - self.hits


def coverage(people: Iterable[Mapping[str, Holding]]) -> Share:
    """People who hold all that they must, of those who must hold anything; whoever is exempt from
    all of it is not asked for."""
    asked = [told for told in people if any(one is not Holding.EXEMPT for one in told.values())]
    whole = {Holding.HELD, Holding.EXEMPT}
    return Share(sum(set(told.values()) <= whole for told in asked), len(asked))


def is_passed(right: int, asked: int, percent: int) -> bool:
    """Whether so many right answers reach the pass mark; of none asked nothing is passed."""
    return asked > 0 and right * 100 >= percent * asked
