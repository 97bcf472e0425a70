"""热点图: branches by period, or by business, each beside its due share of the bank's cases."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np
import numpy.typing as npt

from sujin.complaints.rulebook import taxonomy
from sujin.engine.hotspots import Risk, smooth
from sujin.engine.series.panel import Grain, Node
from sujin.governance import visitbook, watching, wave_chart
from sujin.governance.models.owned import WATCH
from sujin.platform.models import Org
from sujin.platform.organisation import OrgKind
from sujin.platform.reach import Reach

# The past in which a branch earned its share: as many of every weekday.
YEAR = timedelta(days=364)
DAY = timedelta(days=1)
ALL_BUSINESS = ""
Days = npt.NDArray[np.int64]
Counted = dict[tuple[str, str], Days]


@dataclass(frozen=True, slots=True)
class Span:
    """A column of the map: a business (or all of it) from ``first`` to ``last``."""

    business: str
    first: date
    last: date


@dataclass(frozen=True, slots=True)
class Cell:
    """``usual`` is what the year before the span brought."""

    place: Org
    span: Span
    risk: Risk
    usual: int
    is_hot: bool

    @property
    def node(self) -> Node:
        return (self.place.path, self.span.business, "", "")

    @property
    def before(self) -> tuple[date, date]:
        """The year in which the share was earned."""
        return self.span.first - YEAR, self.span.first - DAY

    def figures(self) -> dict[str, Any]:
        """As they are now, to be kept: plain values."""
        bar = visitbook.hot()
        risk = self.risk
        shares = (risk.expected, risk.ratio, risk.low, risk.high, risk.exceedance)
        names = ("expected", "ratio", "low", "high", "exceedance")
        told: dict[str, Any] = {n: round(one, 4) for n, one in zip(names, shares, strict=True)}
        told |= {"observed": risk.observed, "usual": self.usual}
        return told | {"bar": bar.ratio, "probability": bar.probability}


@dataclass(frozen=True, slots=True)
class Map:
    """One row for each branch in reach; ``spans`` are the columns."""

    spans: tuple[Span, ...]
    rows: tuple[tuple[Org, tuple[Cell, ...]], ...]

    @property
    def hot(self) -> list[Cell]:
        """The surest first."""
        found = [cell for _org, cells in self.rows for cell in cells if cell.is_hot]
        return sorted(found, key=lambda cell: (-cell.risk.exceedance, -cell.risk.ratio))

    @property
    def is_empty(self) -> bool:
        return not any(cell.risk.observed for _org, cells in self.rows for cell in cells)


def tops() -> list[str]:
    """The top classes of business."""
    return [row.code for row in taxonomy().values() if row.axis == "business" and not row.parent]


def by_period(today: date, business: str = ALL_BUSINESS) -> list[Span]:
    """The last periods that are over, the latest first."""
    told, last = visitbook.hot(), wave_chart.last_whole(Grain.WEEK, today)
    ends = [last - told.period * n for n in range(told.periods)]
    return [Span(business, end - told.period + DAY, end) for end in ends]


def by_business(today: date) -> list[Span]:
    """Every business in the last period."""
    latest = by_period(today)[0]
    return [Span(code, latest.first, latest.last) for code in tops()]


def drawn(reach: Reach, spans: Sequence[Span]) -> Map:
    """Every branch counts for the shares; those in reach are shown."""
    branches = list(Org.objects.filter(kind=OrgKind.BRANCH1).order_by("code"))
    seen = {org.pk for org in branches if _is_seen(reach, org)}
    columns = list(_columns(branches, spans))
    rows = [
        (org, tuple(column[at] for column in columns))
        for at, org in enumerate(branches)
        if org.pk in seen
    ]
    return Map(tuple(spans), tuple(rows))


def cell_of(place: Org, span: Span) -> Cell | None:
    """The same figures for one branch; none of what is no branch."""
    branches = list(Org.objects.filter(kind=OrgKind.BRANCH1).order_by("code"))
    column = next(_columns(branches, [span]))
    return next((cell for cell in column if cell.place == place), None)


def _is_seen(reach: Reach, org: Org) -> bool:
    own = reach.places(WATCH)
    return reach.everything or any(org.path.startswith(place.path) for place in own)


def _columns(branches: Sequence[Org], spans: Sequence[Span]) -> Iterator[list[Cell]]:
    bar = visitbook.hot()
    start = min(span.first for span in spans) - YEAR
    counts = _counted(branches, start, max(span.last for span in spans))
    for span in spans:
        at = (span.first - start).days
        days, year = slice(at, (span.last - start).days + 1), slice(at - YEAR.days, at)
        now = _sums(branches, counts, span.business, days)
        past = _sums(branches, counts, span.business, year)
        risks = smooth(now, past, above=bar.ratio)
        yield [
            Cell(org, span, risk, usual, risk.exceedance > bar.probability)
            for org, risk, usual in zip(branches, risks, past, strict=True)
        ]


def _sums(branches: Sequence[Org], counts: Counted, business: str, days: slice) -> list[int]:
    """Cases of a business in each branch on these days."""
    none = np.zeros(0, dtype=np.int64)
    return [int(counts.get((org.path, business), none)[days].sum()) for org in branches]


def _counted(branches: Sequence[Org], start: date, last: date) -> Counted:
    """Cases by day of each branch, of each top class and of all of them."""
    # Under the head office, the second step of a path is the branch.
    paths = {org.path.split("/")[1]: org.path for org in branches}
    many = (last - start).days + 1
    found: Counted = defaultdict(lambda: np.zeros(many, dtype=np.int64))
    for (org, business, *_codes), day, count in watching.counted("complaint", start, last):
        path = paths.get("".join(org.split("/")[1:2]))
        if path:
            for code in {business.split(".")[0], ALL_BUSINESS}:
                found[path, code][(day - start).days] += int(count)
    return found
