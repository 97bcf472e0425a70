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
    for leaf, day, count in watching.counted(stream, first - YEAR, last):
        if watching.lies_below(leaf, node):
            counts = now if day >= first else before
            for place, axis in enumerate(axes):
                code = _step(axis, node[place], leaf[place])
                if code:
                    counts[place][code] += int(count)
    part = ((last - first).days + 1) / YEAR.days
    made = [
        Child(place, (*node[:place], code, *node[place + 1 :]), now[place][code],
              round(before[place][code] * part, 1))
        for place in range(len(axes))
        for code in now[place] | before[place]
    ]  # fmt: skip
    return sorted(made, key=lambda one: (-one.observed, -one.usual, one.node))


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
    tops = [
        code for (axis, code), row in taxonomy().items() if axis == "business" and not row.parent
    ]
    branches = _branches(reach)
    now: Counter[tuple[str, str]] = Counter()
    before: Counter[tuple[str, str]] = Counter()
    paths = {org.path.split("/")[1]: org.path for org in branches if org.path.count("/") > 1}
    for leaf, day, count in watching.counted("complaint", first - YEAR, last):
        steps = leaf[0].split("/")
        path = paths.get(steps[1]) if len(steps) > 1 else None
        if path and leaf[0].startswith(path):
            counts = now if day >= first else before
            counts[path, leaf[1].split(".")[0]] += int(count)
    known = wave_words.names([(org.path,) for org in branches])
    lines = tuple(
        (org, tuple(_cell(org, top, now, before, known) for top in tops)) for org in branches
    )
    return Grid(first, last, tuple(words.named("business", top) for top in tops), lines)


def _branches(reach: Reach) -> list[Org]:
    """First-level branches, or what of them lies in reach."""
    rows = list(Org.objects.filter(kind=OrgKind.BRANCH1).order_by("code"))
    if reach.everything:
        return rows
    own = reach.places(WATCH)
    return [org for org in rows if any(org.path.startswith(place.path) for place in own)]


def _cell(
    org: Org, top: str, now: Counter[tuple[str, str]], before: Counter[tuple[str, str]],
    known: wave_words.Names,
) -> Cell:  # fmt: skip
    observed = now[org.path, top]
    usual = before[org.path, top] * SHOWN.days / YEAR.days
    _low, high = interval(max(usual, 0.1), max(usual, 0.1) * HIGH)
    above = observed > high
    look = "very-high" if above and observed >= VERY_HIGH * high else "high" if above else "usual"
    page = known.page("complaint", (org.path, top, "", ""))
    return Cell(observed, round(usual, 1), look, page)
