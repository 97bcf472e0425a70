"""Is an indicator on the wrong side of its target, or does chance alone explain the figure?

Every measure is one question about ``n`` cases: how many lie on the wrong side, where the target
allows a share of them. Of a share that is the share itself; of a median or a 90th percentile it is
the share of cases slower than the target allows, half or a tenth of them (the sign test of a
quantile, Conover, Practical Nonparametric Statistics, 3rd edition 1999, section 3.2).

Two rules, each with a chance of its own to accuse a unit that stands exactly on target:

* **bound**: the one-sided lower bound of Clopper and Pearson (Biometrika 26, 1934, pages 404-413)
  lies beyond what is allowed. Exact: at most ``alpha`` of the periods, for any number of cases.
* **run**: so many periods in succession on the wrong side (eight in a row: Western Electric,
  Statistical Quality Control Handbook, 1956; Nelson, Journal of Quality Technology 16, 1984, pages
  237-239). Of few cases a unit on target is on the wrong side more, or less, often than half the
  time, so the run must besides be as unlikely as that many heads: the exact chances multiplied.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import floor

from sujin.engine import proportion

_EXACT = 1e-9  # a share that is a whole number of cases, but for the error of the machine


class State(StrEnum):
    """What one figure says. ``BEYOND``: on the wrong side, as chance alone may bring about."""

    INSIDE = "inside"
    BEYOND = "beyond"
    BREACHED = "breached"
    FEW = "few"


class Rule(StrEnum):
    """Which rule accuses."""

    BOUND = "bound"
    RUN = "run"


@dataclass(frozen=True, slots=True)
class Promise:
    """``alpha`` for the bound and the number of periods for the run."""

    alpha: float
    run: int

    @property
    def false_a_period(self) -> float:
        """How often at most a unit on target is accused of one indicator in one period."""
        return self.alpha + 0.5**self.run


@dataclass(frozen=True, slots=True)
class Target:
    """``allowed`` is the share on the wrong side that is still in order; fewer than ``least``
    cases say nothing."""

    allowed: float
    least: int


@dataclass(frozen=True, slots=True)
class Count:
    """``bad`` of ``n`` cases lie on the wrong side."""

    bad: int
    n: int


@dataclass(frozen=True, slots=True)
class Verdict:
    """``p``: how often a unit on target has as many or more on the wrong side; ``lower``: the least
    share of them that is not excluded with certainty 1 - alpha; ``run``: periods in succession on
    the wrong side, and how likely such a run is on target."""

    state: State
    rule: Rule | None
    p: float
    lower: float
    run: int
    run_p: float


def judge(past: Sequence[Count], now: Count, target: Target, promise: Promise) -> Verdict:
    """The figure of one period after those of the periods ``past``, the oldest first. Periods with
    too few cases neither break a run nor lengthen it.

    Raises ValueError when more cases are on the wrong side than there are.
    """
    if not 0 <= now.bad <= now.n:
        raise ValueError(f"{now.bad} of {now.n} is no count")
    p, lower = tail(now.bad, now.n, target.allowed), exact_lower(now, 1 - promise.alpha)
    if now.n < target.least:
        return Verdict(State.FEW, None, p, lower, 0, 1.0)
    run, run_p = _run([one for one in past if one.n >= target.least], now, target)
    rule = None
    if p <= promise.alpha:
        rule = Rule.BOUND
    elif run >= promise.run and run_p <= 0.5**promise.run:
        rule = Rule.RUN
    if rule is not None:
        return Verdict(State.BREACHED, rule, p, lower, run, run_p)
    state = State.BEYOND if is_beyond(now, target) else State.INSIDE
    return Verdict(state, None, p, lower, run, run_p)


def is_beyond(count: Count, target: Target) -> bool:
    """The plain comparison of point and target."""
    return count.bad > _most(count.n, target)


def _run(past: Sequence[Count], now: Count, target: Target) -> tuple[int, float]:
    length, chance = 0, 1.0
    for one in (now, *reversed(past)):
        if not is_beyond(one, target):
            break
        length += 1
        chance *= tail(_most(one.n, target) + 1, one.n, target.allowed)
    return length, chance


def _most(n: int, target: Target) -> int:
    """How many on the wrong side are still in order."""
    return floor(target.allowed * n + _EXACT)


def tail(bad: int, n: int, share: float) -> float:
    """How often at least ``bad`` of ``n`` fall where each does with the chance ``share``."""
    from scipy.special import betainc

    if bad <= 0:
        return 1.0
    return 0.0 if bad > n else float(betainc(bad, n - bad + 1, share))


def exact_lower(count: Count, sure: float) -> float:
    """The share that, with certainty ``sure``, is not undercut: one-sided, exact."""
    return 1.0 - proportion.exact_upper(count.n - count.bad, count.n, sure)


def quantile(values: Sequence[float], q: float) -> float | None:
    """The smallest value that a share ``q`` of the values does not exceed; None of nothing."""
    if not values:
        return None
    ordered = sorted(values)
    return ordered[min(max(-floor(-(q * len(ordered) - _EXACT)) - 1, 0), len(ordered) - 1)]


def quantile_interval(
    values: Sequence[float], q: float, sure: float = 0.95
) -> tuple[float, float] | None:
    """Two of the values between which the quantile lies with certainty ``sure`` at least, whatever
    the law of the values; None when there are too few of them to say so."""
    ordered, n, half = sorted(values), len(values), (1 - sure) / 2
    # The tail falls with k: both ends are found by halving.
    low = bisect_right(range(1, n + 1), half, key=lambda k: 1 - tail(k, n, q))
    high = bisect_left(range(1, n + 1), -half, key=lambda k: -tail(k, n, q)) + 1
    return (ordered[low - 1], ordered[high - 1]) if low and high <= n else None
