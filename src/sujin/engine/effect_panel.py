"""The comparison behind the effect of an item: cases after its release against what they would
have been, imputed from branches it had not reached yet.

The imputation estimator of Borusyak, Jaravel and Spiess, "Revisiting Event-Study Designs: Robust
and Efficient Estimation" (Review of Economic Studies 91, 2024): levels of branches and periods are
fitted on cases before release only, and each later case is held against its imputed level. Effects
may so differ by branch and grow with time; none enters with a negative weight. A period counts by
its share of cases not yet released, so that most weight lies where there is most to compare with
(the overlap weights of Li, Morgan and Zaslavsky, Journal of the American Statistical Association
113, 2018).
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

Numbers = npt.NDArray[np.float64]
Whole = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]
# A period in which fewer branches were still without the item would hang on one of them.
LEAST_WAITING = 2


@dataclass(frozen=True)
class Panel:
    """Which branch and period each case belongs to, and whether the item was out there.

    ``branch`` and ``period`` are numbered from nought; ``kept`` are the cases that the comparison
    uses: of branches with cases before release, in periods with branches still waiting. ``keys``
    are the branches' own.
    """

    branch: Whole
    period: Whole
    treated: Flags
    kept: Flags
    keys: Whole
    periods: int

    @property
    def branches(self) -> int:
        return self.keys.size

    def sums(self, values: Numbers) -> tuple[Numbers, Numbers]:
        """Sums of a column over the cells branch by period, before release and after."""
        cell = self.branch * self.periods + self.period
        shape, least = (self.branches, self.periods), self.branches * self.periods
        before, after = (
            np.bincount(cell[mask], values[mask], minlength=least).astype(np.float64)
            for mask in (self.kept & ~self.treated, self.kept & self.treated)
        )
        return before.reshape(shape), after.reshape(shape)

    @cached_property
    def counts(self) -> tuple[Numbers, Numbers]:
        return self.sums(np.ones(self.branch.size))

    @cached_property
    def reached(self) -> int:
        """Branches with cases after release that count."""
        return int(np.count_nonzero(self.counts[1].sum(axis=1)))


def lay_out(branch: Whole, week: Whole, treated: Flags, weeks: int) -> Panel:
    """The panel of cases that can be compared, in periods of so many weeks; without any case it
    has no branches."""
    places, at = np.unique(branch, return_inverse=True)
    times, when = np.unique(week // weeks, return_inverse=True)
    waiting = np.zeros((places.size, times.size), dtype=bool)
    waiting[at[~treated], when[~treated]] = True
    of_branch, of_period = _comparable(waiting)
    kept = of_branch[at] & of_period[when] & (~treated | _awaited(at, week, treated))
    return Panel(
        np.maximum(np.cumsum(of_branch) - 1, 0)[at],
        np.maximum(np.cumsum(of_period) - 1, 0)[when],
        treated,
        kept,
        places[of_branch],
        int(of_period.sum()),
    )


def _awaited(at: Whole, week: Whole, treated: Flags) -> Flags:
    """Of each case, whether enough branches had it still before them in the very week: an item
    that comes everywhere within one period must not be compared with the weeks before."""
    if treated.all():
        return np.zeros(at.size, dtype=bool)
    last = np.full(int(at.max()) + 1, np.iinfo(np.int64).min)
    np.maximum.at(last, at[~treated], week[~treated])
    if last.size < LEAST_WAITING:
        return np.zeros(at.size, dtype=bool)
    awaited: Flags = week <= np.sort(last)[-LEAST_WAITING]
    return awaited


def _comparable(waiting: Flags) -> tuple[Flags, Flags]:
    """Branches with cases before release and periods with enough branches waiting, each counted
    among the other; ``waiting`` says which branch has a case before release in which period."""
    of_period = np.ones(waiting.shape[1], dtype=bool)
    while True:
        of_branch: Flags = np.any(waiting[:, of_period], axis=1)
        enough: Flags = of_period & (waiting[of_branch].sum(axis=0) >= LEAST_WAITING)
        if np.array_equal(enough, of_period):
            return of_branch, of_period
        of_period = enough


@dataclass(frozen=True)
class Design:
    """How each cell enters the estimate: row 0 with all branches, row g + 1 without branch g."""

    before: Numbers  # rows, branches, periods: weight of a sum before release
    after: Numbers  # rows, branches, periods: weight of a sum after release

    def shares(self, sums: tuple[Numbers, Numbers]) -> Numbers:
        """What each branch adds to each row's estimate; the estimate is the sum of a row."""
        told: Numbers = (self.before * sums[0]).sum(axis=2) + (self.after * sums[1]).sum(axis=2)
        return told


def design(panel: Panel) -> Design | None:
    """The weights of the imputation estimator, also without each branch in turn; None when a
    single branch carries it."""
    n0, n1 = panel.counts
    weight = _share(n0, n1, axis=0) * _share(n0, n1, axis=1)
    asked = weight * n1
    present = np.vstack([np.ones(panel.branches), 1 - np.eye(panel.branches)])
    mass = present @ asked.sum(axis=1)
    if not panel.branches or not mass.all():
        return None
    ratio = asked.sum(axis=1) / n0.sum(axis=1)
    level = _levels(n0, present, present @ (asked - ratio[:, None] * n0))
    if np.isnan(level).any():
        return None
    own = np.einsum("bp,gp->gb", n0, level) / n0.sum(axis=1)
    before = (own - ratio)[:, :, None] - level[:, None, :]
    scale = (present / mass[:, None])[:, :, None]
    return Design(before * scale, weight * scale)


def _share(n0: Numbers, n1: Numbers, *, axis: int) -> Numbers:
    """Cases before release among all, of each period or of each branch."""
    share: Numbers = n0.sum(axis=axis, keepdims=True) / np.maximum(
        (n0 + n1).sum(axis=axis, keepdims=True), 1
    )
    return share


def _levels(n0: Numbers, present: Numbers, asked: Numbers) -> Numbers:
    """For each row the periods' share in what is asked of them, branches swept out; NaN in a row
    whose branches have no periods in common to be compared over."""
    swept = -np.einsum("bp,bq->bpq", n0, n0) / n0.sum(axis=1)[:, None, None]
    periods = np.arange(n0.shape[1])
    swept[:, periods, periods] += n0
    normal = np.einsum("gb,bpq->gpq", present, swept)
    # Levels are free by a constant: the ones set their sum to nought, the rest keeps a row without
    # an answer from stopping the others.
    size = float(n0.sum()) / n0.size
    firm = normal + size + 1e-10 * size * np.eye(periods.size)
    found: Numbers = np.linalg.solve(firm, asked[:, :, None])[:, :, 0]
    off = np.abs(np.einsum("gpq,gq->gp", normal, found) - asked).max(axis=1)
    found[off > 1e-5 * (1 + np.abs(asked).max(axis=1))] = np.nan
    return found


def residuals(panel: Panel, values: Numbers) -> tuple[Numbers, Numbers]:
    """Sums of a column in the cells, less the levels of branch and period fitted on all cases."""
    before, after = panel.sums(values)
    n0, n1 = panel.counts
    n, total = n0 + n1, before + after
    own = total.sum(axis=1) / n.sum(axis=1)
    asked = (total - n * own[:, None]).sum(axis=0)
    period = _levels(n, np.ones((1, panel.branches)), asked[None])[0]
    level = (own - n @ period / n.sum(axis=1))[:, None] + period
    return before - n0 * level, after - n1 * level


def spread_over(shares: Numbers, at: Whole, branches: int) -> Numbers:
    """Shares (``Design.shares``) of some of the branches as shares of all, ``at`` their places
    among these: leaving out another changes nothing."""
    spread = np.zeros((branches + 1, branches))
    spread[:, at] = shares[0]
    spread[np.ix_(at + 1, at)] = shares[1:]
    return spread
