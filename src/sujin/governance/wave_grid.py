"""Counts of the last weeks beside what is usual: of a node's children, of branches by business."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sujin.complaints import words
from sujin.complaints.rulebook import taxonomy
from sujin.engine.series.panel import Axis, Node
from sujin.engine.watch.alarm import interval
from sujin.governance import watching, wave_words
from sujin.governance.models.wave import WATCH
from sujin.platform.models import Org
from sujin.platform.organisation import OrgKind
from sujin.platform.reach import Reach

YEAR = timedelta(days=364)
SHOWN = timedelta(days=28)
HIGH, VERY_HIGH = 1.3, 2.0


@dataclass(frozen=True, slots=True)
class Child:
    """A node one step below on the axis ``place``; ``usual`` is what as many days of the year
    before brought on average."""

    place: int
    node: Node
    observed: int
    usual: float


def children(stream: str, node: Node, axes: Sequence[Axis], first: date, last: date) -> list[Child]:
    """On every axis, the largest first."""
    now: dict[int, Counter[str]] = defaultdict(Counter)
    before: dict[int, Counter[str]] = defaultdict(Counter)
    opened = first
    for leaf, day, count in watching.counted(stream, first - YEAR, last):
        opened = min(opened, day)
        if watching.lies_below(leaf, node):
            counts = now if day >= first else before
            for place, axis in enumerate(axes):
                code = _step(axis, node[place], leaf[place])
                if code:
                    counts[place][code] += int(count)
    part = _part(opened, first, last)
    made = [
        Child(place, (*node[:place], code, *node[place + 1 :]), now[place][code],
              round(before[place][code] * part, 1))
        for place in range(len(axes))
        for code in now[place] | before[place]
    ]  # fmt: skip
    return sorted(made, key=lambda one: (-one.observed, -one.usual, one.node))


def _part(opened: date, first: date, last: date) -> float:
    """How long the days shown are beside those before them, of which there were cases."""
    return ((last - first).days + 1) / max((first - opened).days, 1)


def _step(axis: Axis, above: str, code: str) -> str:
    """The code one step below ``above`` that ``code`` is or lies below; empty for none."""
    chain = axis.chain(code)
    at = chain.index(above) if above in chain else 0
    return chain[at - 1] if at else ""


@dataclass(frozen=True, slots=True)
class Cell:
    """``look`` is ``usual``, ``high`` or ``very-high``: above what chance allows by how much."""

    observed: int
    usual: float
    look: str
    page: str


@dataclass(frozen=True, slots=True)
class Grid:
    """Rows are branches, columns the top classes of business."""

    first: date
    last: date
    columns: tuple[str, ...]
    rows: tuple[tuple[Org, tuple[Cell, ...]], ...]


def grid(reach: Reach, last: date) -> Grid:
    """The last four weeks to ``last``, of the branches that lie in reach."""
    first = last - SHOWN + timedelta(days=1)
    rows = taxonomy().values()
    tops = [row.code for row in rows if row.axis == "business" and not row.parent]
    branches = _branches(reach)
    now, before, part = _counted(branches, first, last)
    known = wave_words.names([(org.path,) for org in branches])
    lines = []
    for org in branches:
        cells = []
        for top in tops:
            page = known.page("complaint", (org.path, top, "", ""))
            cells.append(_cell(now[org.path, top], before[org.path, top] * part, page))
        lines.append((org, tuple(cells)))
    return Grid(first, last, tuple(words.named("business", top) for top in tops), tuple(lines))


def _counted(
    branches: Sequence[Org], first: date, last: date
) -> tuple[Counter[tuple[str, str]], Counter[tuple[str, str]], float]:
    """Cases by branch and top class, now and before, and how long now is beside before."""
    now: Counter[tuple[str, str]] = Counter()
    before: Counter[tuple[str, str]] = Counter()
    # Under the head office, the second step of a path is the branch.
    paths = {org.path.split("/")[1]: org.path for org in branches if org.path.count("/") > 1}
    opened = first
    for (org, business, *_codes), day, count in watching.counted("complaint", first - YEAR, last):
        opened = min(opened, day)
        path = paths.get("".join(org.split("/")[1:2]))
        if path and org.startswith(path):
            counts = now if day >= first else before
            counts[path, business.split(".")[0]] += int(count)
    return now, before, _part(opened, first, last)


def _branches(reach: Reach) -> list[Org]:
    """First-level branches, or what of them lies in reach."""
    rows = list(Org.objects.filter(kind=OrgKind.BRANCH1).order_by("code"))
    if reach.everything:
        return rows
    own = reach.places(WATCH)
    return [org for org in rows if any(org.path.startswith(place.path) for place in own)]


def _cell(observed: int, usual: float, page: str) -> Cell:
    _low, high = interval(max(usual, 0.1), max(usual, 0.1) * HIGH)
    above = observed > high
    look = "very-high" if above and observed >= VERY_HIGH * high else "high" if above else "usual"
    return Cell(observed, round(usual, 1), look, page)
