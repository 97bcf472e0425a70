"""What was decided before in the like: the nearest earlier cases and how their remedies spread.

Quantiles are interpolated between order statistics (definition 7 of Hyndman and Fan, "Sample
quantiles in statistical packages", The American Statistician 50 (4), 1996).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

import numpy as np
import numpy.typing as npt

from sujin.engine.signature import HASHES

ENOUGH = 8  # fewer remedies than these have no span worth holding anybody to
NEAREST = 5
_FEN = Decimal("0.01")
# What makes two cases alike, and how much of it: the matter before the sum, the sum before words.
_WEIGHTS = {"business": 0.35, "cause": 0.2, "amount": 0.25, "text": 0.2}
_NEAR_AMOUNT, _NEAR_TEXT = 0.5, 0.3
Words = npt.NDArray[np.uint32]


@dataclass(frozen=True, slots=True, eq=False)
class Past:
    """A case as this comparison sees it; ``words`` is its MinHash signature or None."""

    key: int
    number: str
    business: str
    cause: str
    amount: Decimal | None
    words: Words | None
    finding: str = ""
    remedy: Decimal | None = None
    answered_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Near:
    """An earlier case, how near (0 to 1), and in what: ``business`` or ``class`` (the same class
    above), ``cause``, ``amount``, ``text``."""

    past: Past
    nearness: float
    alike: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Spread:
    """``n`` values: from the 5th to the 95th hundredth, the quartiles and the median."""

    n: int
    low: Decimal
    quarter: Decimal
    median: Decimal
    three_quarters: Decimal
    high: Decimal

    def holds(self, value: Decimal) -> bool:
        return self.low <= value <= self.high


def nearest(case: Past, earlier: Iterable[Past], count: int = NEAREST) -> list[Near]:
    """The nearest earlier cases, nearest first; of equals the later answered."""
    found = [_compare(case, past) for past in earlier if past.key != case.key]
    found.sort(key=lambda near: (-near.nearness, -_moment(near.past), -near.past.key))
    return found[:count]


def comparable(business: str, finding: str, earlier: Iterable[Past]) -> list[Past]:
    """Cases with the same finding that paid a sum: of the same business, or of the narrowest class
    above it that has enough of them."""
    paid = [past for past in earlier if past.finding == finding and past.remedy is not None]
    steps = business.split(".")
    rows: list[Past] = []
    for depth in range(len(steps), 0, -1):
        above = ".".join(steps[:depth])
        rows = [past for past in paid if f"{past.business}.".startswith(f"{above}.")]
        if len(rows) >= ENOUGH:
            break
    return rows


def shares(earlier: Iterable[Past]) -> list[Decimal]:
    """Of each case with an amount, its remedy as a share of that."""
    return [
        past.remedy / past.amount for past in earlier if past.amount and past.remedy is not None
    ]


def spread(values: Sequence[Decimal]) -> Spread | None:
    """How values spread, to two places; None of none."""
    if not values:
        return None
    ordered = sorted(values)
    cuts = (_quantile(ordered, Decimal(share)) for share in ("0.05", "0.25", "0.5", "0.75", "0.95"))
    low, quarter, median, three_quarters, high = cuts
    return Spread(len(ordered), low, quarter, median, three_quarters, high)


def _quantile(ordered: Sequence[Decimal], share: Decimal) -> Decimal:
    place = share * (len(ordered) - 1)
    below = int(place)
    above = min(below + 1, len(ordered) - 1)
    value = ordered[below] + (ordered[above] - ordered[below]) * (place - below)
    return value.quantize(_FEN)


def _compare(case: Past, past: Past) -> Near:
    likeness = {
        "business": _shared(case.business, past.business),
        "cause": float(bool(case.cause) and case.cause == past.cause),
        "amount": _ratio(case.amount, past.amount),
        "text": _likeness(case.words, past.words),
    }
    nearness = sum(_WEIGHTS[name] * value for name, value in likeness.items())
    return Near(past, nearness, tuple(_named(likeness)))


def _named(likeness: dict[str, float]) -> Iterable[str]:
    if likeness["business"]:
        yield "business" if likeness["business"] == 1 else "class"
    if likeness["cause"]:
        yield "cause"
    if likeness["amount"] >= _NEAR_AMOUNT:
        yield "amount"
    if likeness["text"] >= _NEAR_TEXT:
        yield "text"


def _shared(one: str, other: str) -> float:
    """How far down two codes go together, of the longer one's steps."""
    if not one or not other:
        return 0.0
    first, second = one.split("."), other.split(".")
    same = 0
    for mine, theirs in zip(first, second, strict=False):
        if mine != theirs:
            break
        same += 1
    return same / max(len(first), len(second))


def _ratio(one: Decimal | None, other: Decimal | None) -> float:
    if not one or not other:
        return 0.0
    return float(min(one, other) / max(one, other))


def _likeness(one: Words | None, other: Words | None) -> float:
    if one is None or other is None:
        return 0.0
    return float(np.count_nonzero(one == other)) / HASHES


def _moment(past: Past) -> float:
    return past.answered_at.timestamp() if past.answered_at else 0.0
