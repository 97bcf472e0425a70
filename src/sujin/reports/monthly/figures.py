"""Every count of a month, beside the month before and the same month a year ago.

Counts come from the tally, so that a month of a million cases is read in its cells and not case by
case; each stands beside the address of the list that shows exactly its cases.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sujin.complaints import tally
from sujin.engine.series.panel import ALL, Node
from sujin.governance import watching
from sujin.platform.models import Org

DAY = timedelta(days=1)
Leaf = tuple[str, str, str, str]


@dataclass(frozen=True, slots=True)
class Month:
    """A calendar month."""

    first: date

    @classmethod
    def of(cls, day: date) -> "Month":
        return cls(day.replace(day=1))

    @property
    def last(self) -> date:
        return (self.first + timedelta(days=31)).replace(day=1) - DAY

    @property
    def before(self) -> "Month":
        return Month.of(self.first - DAY)

    @property
    def year_ago(self) -> "Month":
        return Month(self.first.replace(year=self.first.year - 1))

    def __str__(self) -> str:
        return f"{self.first:%Y-%m}"


@dataclass(frozen=True, slots=True)
class Row:
    """One code of a table: this month, the month before, a year ago; ``node`` whose cases these
    are, None for what has no code and no list."""

    code: str
    now: int
    before: int
    year_ago: int
    node: Node | None


@dataclass(frozen=True, slots=True)
class Monthly:
    """``repeats``: how many of the total were brought again. ``tables``: rows by ``business``,
    ``cause``, ``channel`` and ``org``, the most first."""

    month: Month
    path: str
    total: Row
    repeats: int
    tables: dict[str, tuple[Row, ...]]


def monthly(month: Month, org: Org) -> Monthly:
    """Complaints brought to ``org`` or below it."""
    path = ALL if org.is_root else org.path
    months = (month, month.before, month.year_ago)
    counts = [_leaves(one, path, repeats=False) for one in months]
    again = sum(_leaves(month, path, repeats=True).values())
    below = _children(org)
    keys: dict[str, Callable[[Leaf], str]] = {
        "business": lambda leaf: leaf[1].split(".")[0],
        "cause": lambda leaf: leaf[2].split(".")[0],
        "channel": lambda leaf: leaf[3].split(".")[0],
        "org": lambda leaf: next((one for one in below if leaf[0].startswith(one)), ""),
    }
    whole = (path, ALL, ALL, ALL)
    totals = [sum(one.values()) for one in counts]
    return Monthly(
        month, path, _row("", totals, whole), again,
        {name: _table(name, key, counts, path) for name, key in keys.items()},
    )  # fmt: skip


def _leaves(month: Month, path: str, *, repeats: bool) -> Counter[Leaf]:
    found: Counter[Leaf] = Counter()
    for leaf, _day, count in tally.cells("complaint", month.first, month.last, repeats=repeats):
        if leaf[0].startswith(path):
            found[leaf] += count
    return found


def _children(org: Org) -> list[str]:
    rows = Org.objects.filter(parent=org).exclude(kind__in=watching.NO_CUSTOMERS)
    return list(rows.order_by("path").values_list("path", flat=True))


def _table(
    name: str, key: Callable[[Leaf], str], counts: Sequence[Counter[Leaf]], path: str
) -> tuple[Row, ...]:
    summed = [_summed(key, one) for one in counts]
    codes = {code for one in summed for code in one}
    rows = [
        _row(code, [one[code] for one in summed], _node(name, code, path)) for code in sorted(codes)
    ]
    return tuple(sorted(rows, key=lambda row: (-row.now, -row.before, row.code)))


def _summed(key: Callable[[Leaf], str], leaves: Counter[Leaf]) -> Counter[str]:
    found: Counter[str] = Counter()
    for leaf, count in leaves.items():
        found[key(leaf)] += count
    return found


def _node(name: str, code: str, path: str) -> Node | None:
    if not code:
        return None
    if name == "org":
        return (code, ALL, ALL, ALL)
    place = ("business", "cause", "channel").index(name)
    codes = [code if at == place else ALL for at in range(3)]
    return (path, *codes)


def _row(code: str, counts: Sequence[int], node: Node | None) -> Row:
    now, before, year_ago = counts
    return Row(code, now, before, year_ago, node)
