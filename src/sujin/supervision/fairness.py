"""公平对待: do elderly, disabled and county customers fare like their equals?

Like is compared with like: of one first-level branch, top class of business, tier and quarter of
receipt (``engine.matched``: Mantel and Haenszel's ratio of risks). Of all questions asked at once
only those are said to differ of which few are expected by chance (``engine.discoveries``); of small
groups nothing is said. Each statement is one query whatever the number of cases.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from math import log
from typing import Any

from django.db import connection
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from sujin import packs
from sujin.complaints.figures.selection import Window
from sujin.complaints.kinds.base import in_language
from sujin.complaints.rulebook import HOUSE_PACK
from sujin.engine import discoveries
from sujin.engine.matched import Ratio, Stratum, compare
from sujin.engine.proportion import Z95
from sujin.engine.tables import Cells, Shape
from sujin.governance.metric_board import months_back, whole_month
from sujin.platform.models import Org

PARTY, PLACE = "party", "place"
_SEGMENTS = Shape("fairness_segments", must=("row", "source", "codes"), languages="title")
# What would be worse for the customer, and of which cases it can be said. Constants of this file.
MEASURES: Mapping[str, tuple[Promise, str, str]] = {
    "late": (_("超限才答复"), "late", "answered_at IS NOT NULL"),
    "slow": (_("答复慢"), "answered_at - received_at > %(slow)s", "answered_at IS NOT NULL"),
    "unheard": (_("处理结论不支持"), "finding NOT IN ('upheld', 'partly')", "finding <> ''"),
    "unpaid": (_("支持了却没有补偿"), "coalesce(remedy, 0) = 0",
               "finding IN ('upheld', 'partly') AND amount > 0"),
    "unhappy": (_("回访不满意"), "satisfied = 'no'", "satisfied IN ('yes', 'no')"),
}  # fmt: skip
_TOLD = """
SELECT c.id, c.received_at, c.finding, c.amount, c.remedy, c.satisfied, c.tier, w.answered_at,
    coalesce(substring(o.path FROM '^[0-9]+/[0-9]+/'), o.path) AS branch,
    split_part(c.business, '.', 1) AS business,
    date_trunc('quarter', c.received_at AT TIME ZONE %(zone)s) AS quarter, ({member}) AS member,
    ({other}) AS other,
    EXISTS (SELECT FROM complaints_overrun v WHERE v.complaint_id = c.id
            AND v.due_at < w.answered_at) AS late
FROM complaints_complaint c
JOIN platform_org o ON o.id = c.origin_id
JOIN complaints_course w ON w.complaint_id = c.id AND NOT w.is_history
WHERE c.kind = 'complaint' AND c.merged_into_id IS NULL AND c.received_at >= %(since)s
    AND c.received_at < %(until)s AND o.path LIKE %(below)s
"""
# Who belongs to a group, and with whom it is compared: customers of no group, or other places.
_SAID = "EXISTS (SELECT FROM complaints_party p WHERE p.complaint_id = c.id AND p.vulnerable {})"
_MEMBER = {PARTY: _SAID.format("&& %(codes)s::varchar[]"), PLACE: "o.path LIKE ANY(%(codes)s)"}
_OTHER = {PARTY: "NOT " + _SAID.format("<> '{}'"), PLACE: "NOT " + _MEMBER[PLACE]}


@dataclass(frozen=True, slots=True)
class Segment:
    """A row of fairness_segments.csv: customers who say so themselves, or those of places."""

    code: str
    source: str
    codes: tuple[str, ...]
    title: Mapping[str, str]

    def __str__(self) -> str:
        return in_language(self.title)


@dataclass(frozen=True, slots=True)
class Line:
    """One question of one group: counts of the group and of the others, and the ratio of risks
    among equals. ``differs`` only where that is a discovery of all questions asked."""

    segment: Segment
    measure: str
    hits: int
    n: int
    other_hits: int
    other_n: int
    ratio: Ratio
    is_small: bool
    differs: bool = False

    @property
    def title(self) -> Promise:
        return MEASURES[self.measure][0]

    @property
    def share(self) -> float | None:
        return self.hits / self.n if self.n else None

    @property
    def other_share(self) -> float | None:
        return self.other_hits / self.other_n if self.other_n else None


@cache
def segments() -> Mapping[str, Segment]:
    """By code. Raises BadTable naming row and column."""
    rows = _SEGMENTS.rows(packs.rows(HOUSE_PACK, _SEGMENTS.table))
    return {cells.row: _segment(cells) for cells in rows}


def _segment(cells: Cells) -> Segment:
    codes = tuple(code for code in cells.text("codes").split("|") if code)
    source = cells.code("source", frozenset(_MEMBER))
    return Segment(cells.row, source, codes, cells.languages("title"))


def numbers() -> Mapping[str, Any]:
    """Section ``fairness`` of the pack's manifest."""
    found: Mapping[str, Any] = packs.manifest(HOUSE_PACK)["fairness"]
    return found


def window(at: datetime) -> Window:
    """The last whole months."""
    last = whole_month(months_back(timezone.localdate(at).replace(day=1), 2)[0])
    return Window(months_back(last.first, int(numbers()["months"]))[0], last.last)


def lines(below: str, over: Window) -> list[Line]:
    """Every question of every group at or below a path: one statement a group, and one for the
    places."""
    found = [
        _line(segment, measure, strata)
        for segment in segments().values()
        for measure, strata in _strata(segment, below, over).items()
    ]
    p_values = [_chance(one.ratio) for one in found if _says(one)]
    edge = discoveries.threshold(p_values, float(numbers()["q"]))
    return [_judged(one, edge) for one in found]


def _line(segment: Segment, measure: str, strata: list[Stratum]) -> Line:
    hits, n = sum(one.hits for one in strata), sum(one.n for one in strata)
    other_hits, other_n = sum(s.other_hits for s in strata), sum(s.other_n for s in strata)
    is_small = min(n, other_n) < int(numbers()["least"])
    return Line(segment, measure, hits, n, other_hits, other_n, compare(strata), is_small)


def _says(one: Line) -> bool:
    return not one.is_small and one.ratio.low is not None


def _chance(ratio: Ratio) -> float:
    """How often equals look at least so different: two-sided, of the logarithm of the ratio."""
    from scipy.stats import norm

    if ratio.value is None or ratio.low is None or ratio.high is None:
        return 1.0
    spread = (log(ratio.high) - log(ratio.low)) / (2 * Z95)
    return float(2 * norm.sf(abs(log(ratio.value)) / max(spread, 1e-9)))


def _judged(one: Line, edge: float) -> Line:
    if not _says(one) or _chance(one.ratio) > edge:
        return one
    return Line(
        one.segment, one.measure, one.hits, one.n, one.other_hits, one.other_n, one.ratio,
        one.is_small, True,
    )  # fmt: skip


def _strata(segment: Segment, below: str, over: Window) -> dict[str, list[Stratum]]:
    columns = ", ".join(
        f"count(*) FILTER (WHERE {who} AND {of} AND {bad}), count(*) FILTER (WHERE {who} AND {of})"
        for _title, bad, of in MEASURES.values()
        for who in ("member", "other")
    )
    told = _TOLD.format(member=_MEMBER[segment.source], other=_OTHER[segment.source])
    statement = (
        f"WITH told AS ({told}) SELECT {columns} FROM told "  # noqa: S608 - constants of this file
        "GROUP BY branch, business, tier, quarter"
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters(segment, below, over))
        rows = cursor.fetchall()
    return {
        measure: [Stratum(*row[4 * at : 4 * at + 4]) for row in rows]
        for at, measure in enumerate(MEASURES)
    }


def parameters(segment: Segment, below: str, over: Window) -> dict[str, Any]:
    codes = list(segment.codes)
    if segment.source == PLACE:
        paths = Org.objects.filter(code__in=codes).values_list("path", flat=True)
        codes = [f"{path}%" for path in paths]
    return {
        "zone": timezone.get_current_timezone_name(), "since": over.since, "until": over.until,
        "below": f"{below}%", "codes": codes, "slow": f"{int(numbers()['slow_days'])} days",
    }  # fmt: skip


def cases(
    segment: Segment, measure: str, below: str, over: Window, *, member: bool, bad: bool
) -> list[int]:
    """The cases behind a figure, the newest first: of the group or of all others, those that fared
    worse or all that were asked about."""
    _title, worse, of = MEASURES[measure]
    told = _TOLD.format(member=_MEMBER[segment.source], other=_OTHER[segment.source])
    where = f"{'member' if member else 'other'} AND {of}" + (f" AND {worse}" if bad else "")
    statement = (
        f"WITH told AS ({told}) SELECT id FROM told WHERE {where} "  # noqa: S608 - see above
        "ORDER BY received_at DESC, id DESC LIMIT 1000"
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters(segment, below, over))
        return [int(row[0]) for row in cursor.fetchall()]
