"""Who warns of waves, on one panel: the watch of the house, and three rules that banks use."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from sujin.engine.series.panel import Counts, Grain, Node
from sujin.engine.watch import Terms, sweep
from sujin.engine.workdays import Calendar
from sujin.lab.exams.wave_bank import Seen

# Three sigma and the doubling look back over four weeks; the sum over half a year.
_FEW_WEEKS, _MANY_WEEKS = 4, 26
_SIGMAS, _TIMES, _CASES = 3.0, 2.0, 5
# Of the cumulative sum: what is let pass of each period, and where it warns.
_SLACK, _LIMIT = 0.5, 4.0
_DAYS_A_WEEK = 7


@dataclass(frozen=True, slots=True)
class Call:
    """A warning about a node in period ``at``; ``is_new`` unless it goes on from before. ``plant``:
    what it really was; empty for nothing."""

    node: Node
    at: int
    is_new: bool
    plant: str


Rule = Callable[[Seen, Terms, Calendar, int], Iterator[Call]]


def by_watch(seen: Seen, terms: Terms, calendar: Calendar, first: int) -> Iterator[Call]:
    """The sweep as the house runs it."""
    starts = seen.panel.starts
    told = sweep(seen.streams, terms, calendar=calendar, first=starts[first], last=starts[-1])
    for at, standing in enumerate(told, first):
        for one in standing:
            if one.last_alarm == starts[at]:
                is_new = one.first_alarm == starts[at]
                yield Call(one.node, at, is_new, seen.behind_alarm(one))


def by_three_sigma(seen: Seen, terms: Terms, calendar: Calendar, first: int) -> Iterator[Call]:
    """The mean of four weeks and three standard deviations."""
    counts = seen.panel.counts
    back = _periods(seen, _FEW_WEEKS)
    for at in range(first, counts.shape[1]):
        past = counts[:, max(at - back, 0) : at]
        usual = past.mean(axis=1)
        limit = usual + _SIGMAS * past.std(axis=1)
        loud = (counts[:, at] > limit) & (counts[:, at] >= terms.least)
        yield from _calls(seen, loud, usual, at, at)


def by_doubling(seen: Seen, terms: Terms, calendar: Calendar, first: int) -> Iterator[Call]:
    """Twice the week before, and five cases."""
    counts, week = seen.panel.counts, _periods(seen, 1)
    for at in range(first, counts.shape[1]):
        now = counts[:, at - week + 1 : at + 1].sum(axis=1)
        before = counts[:, at - 2 * week + 1 : at - week + 1].sum(axis=1)
        loud = (now >= _CASES) & (now >= _TIMES * before)
        yield from _calls(seen, loud, before, at - week + 1, at)


def by_sum(seen: Seen, terms: Terms, calendar: Calendar, first: int) -> Iterator[Call]:
    """A cumulative sum (Page) of standardised counts, set back to nothing when it has warned."""
    counts, back = seen.panel.counts, _periods(seen, _MANY_WEEKS)
    total = np.zeros(len(counts))
    for at in range(first, counts.shape[1]):
        usual = counts[:, max(at - back, 0) : at].mean(axis=1)
        spread = np.sqrt(np.maximum(usual, 1 / back))
        total = np.maximum(total + (counts[:, at] - usual) / spread - _SLACK, 0.0)
        loud = (total > _LIMIT) & (counts[:, at] >= terms.least)
        total[loud] = 0.0
        yield from _calls(seen, loud, usual, at, at)


RULES: dict[str, Rule] = {
    "watch": by_watch,
    "three sigma": by_three_sigma,
    "doubled": by_doubling,
    "cusum": by_sum,
}


def _periods(seen: Seen, weeks: int) -> int:
    return weeks * (_DAYS_A_WEEK if seen.panel.grain is Grain.DAY else 1)


def _calls(
    seen: Seen, loud: npt.NDArray[np.bool_], usual: Counts, since: int, at: int
) -> Iterator[Call]:
    """Every node is a warning of its own: nothing here says which belong together."""
    counts = seen.panel.counts
    for row in np.flatnonzero(loud):
        excess = float(counts[row, since : at + 1].sum() - usual[row])
        yield Call(seen.panel.nodes[row], at, True, seen.behind(int(row), since, at, excess))
