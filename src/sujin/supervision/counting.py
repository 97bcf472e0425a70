"""From the dockets to tallies: one statement for each detector, whatever the number of cases."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection
from django.utils import timezone

from sujin.complaints.figures.selection import midnight
from sujin.engine.dispersion import Decision
from sujin.engine.gaming import DETECTORS, Detector, Own, Tally
from sujin.engine.gaming.count import quarter, receipts_share, slope
from sujin.engine.gaming.looks import NEAR_LIMIT_DAYS
from sujin.platform.models import Org
from sujin.platform.organisation import OrgKind
from sujin.supervision import rules
from sujin.supervision.looks import LOOKS, RECEIPTS

# What stands directly below the head office and answers for cases.
UNITS = (OrgKind.BRANCH1, OrgKind.COMPANY)
CASES_MAX = 500  # of one finding are kept; more would not be read
# A case at the head office itself belongs to no unit.
_UNIT = "NULLIF(split_part(o.path, '/', 2), '')::bigint"
_QUARTER = "to_char(l.at, 'YYYY\"Q\"Q')"
_COUNTED = (
    "SELECT {unit} AS unit, {quarter} AS quarter, l.before, l.hit, count(*) FROM ({look}) AS l "
    "JOIN platform_org o ON o.id = l.origin GROUP BY 1, 2, 3, 4"
)
_CASES = (
    "SELECT DISTINCT l.complaint FROM ({look}) AS l JOIN platform_org o ON o.id = l.origin "
    "WHERE l.hit AND {unit} = %(unit)s AND {quarter} = ANY(%(quarters)s) "
    "ORDER BY 1 DESC LIMIT %(most)s"
)
_DECISIONS = (
    "SELECT c.id, {unit}, c.business, c.finding, c.amount::float8, c.remedy::float8 "
    "FROM complaints_complaint c JOIN platform_org o ON o.id = c.origin_id "
    "WHERE c.answered_at >= %(since)s AND c.answered_at < %(until)s "
    "AND c.amount > 0 AND c.remedy > 0 AND split_part(o.path, '/', 2) <> ''"
)
Cell = tuple[int, str]  # unit, quarter


@dataclass(frozen=True, slots=True)
class Span:
    """Whole quarters that are over, oldest first."""

    first: date
    after: date
    quarters: tuple[str, ...]

    @property
    def name(self) -> str:
        """All of them together, as 2025Q4-26Q3."""
        return f"{self.quarters[0]}-{self.quarters[-1][2:]}"

    @property
    def bounds(self) -> dict[str, Any]:
        return {
            "since": midnight(self.first),
            "until": midnight(self.after),
            "zone": timezone.get_current_timezone_name(),
        }


def span(at: datetime, count: int) -> Span:
    """The last ``count`` quarters that had ended at the moment."""
    today = timezone.localdate(at)
    after = date(today.year, (today.month - 1) // 3 * 3 + 1, 1)
    starts = [after]
    while len(starts) <= count:
        before = starts[-1] - timedelta(days=1)
        starts.append(date(before.year, (before.month - 1) // 3 * 3 + 1, 1))
    names = tuple(quarter(datetime.combine(day, datetime.min.time())) for day in starts[:0:-1])
    return Span(starts[-1], after, names)


def counted(over: Span) -> dict[str, list[Tally]]:
    """For every detector a tally of each unit in each quarter, and in the span."""
    units = list(Org.objects.filter(kind__in=UNITS, parent__parent__isnull=True).order_by("pk"))
    length = rules.lengths().last_days
    receipts = _cells(_asked(RECEIPTS, over, length))
    names = [str(unit.pk) for unit in units]
    return {one.code: list(_tallies(one, names, over, receipts)) for one in DETECTORS}


def cases(detector: str, unit: int, quarters: Sequence[str], over: Span) -> list[int]:
    """The newest cases that make a finding, at most CASES_MAX."""
    statement = _CASES.format(look=LOOKS[detector], unit=_UNIT, quarter=_QUARTER)
    told: dict[str, Any] = {"unit": unit, "quarters": list(quarters), "most": CASES_MAX}
    with connection.cursor() as cursor:
        cursor.execute(statement, {**over.bounds, "length": _length(detector), **told})
        return [int(row[0]) for row in cursor.fetchall()]


def decisions(over: Span) -> Iterator[Decision]:
    """Sums granted in the span, each with the classes of like cases from narrow to wide."""
    with connection.cursor() as cursor:
        cursor.execute(_DECISIONS.format(unit=_UNIT), over.bounds)
        for key, unit, business, finding, amount, remedy in cursor:
            yield Decision(
                key, str(unit), tuple(_strata(business, finding, amount)), amount, remedy
            )


def _strata(business: str, finding: str, amount: float) -> Iterable[str]:
    """Business, finding and the size of the sum; then wider classes; at last the finding alone."""
    size = len(str(int(amount)))
    steps = business.split(".")
    yield f"{business}/{finding}/{size}"
    for depth in range(len(steps), 0, -1):
        yield f"{'.'.join(steps[:depth])}/{finding}"
    yield finding


def _length(detector: str) -> int:
    return rules.detectors()[detector].length


def _asked(look: str, over: Span, length: int) -> list[tuple[Any, ...]]:
    statement = _COUNTED.format(look=look, unit=_UNIT, quarter=_QUARTER)
    with connection.cursor() as cursor:
        cursor.execute(statement, {**over.bounds, "length": length})
        found: list[tuple[Any, ...]] = cursor.fetchall()
        return found


def _cells(rows: Iterable[tuple[Any, ...]]) -> dict[Cell, Counter[tuple[int, bool]]]:
    found: dict[Cell, Counter[tuple[int, bool]]] = defaultdict(Counter)
    for unit, period, before, hit, count in rows:
        found[unit, period][before, hit] += count
    return found


def _tallies(
    detector: Detector,
    units: Iterable[str],
    over: Span,
    receipts: dict[Cell, Counter[tuple[int, bool]]],
) -> Iterator[Tally]:
    cells = _cells(_asked(LOOKS[detector.code], over, _length(detector.code)))
    for period, quarters in [(one, [one]) for one in over.quarters] + [(over.name, over.quarters)]:
        for unit in units:
            here = _sum(cells, int(unit), quarters)
            came = _sum(receipts, int(unit), quarters)
            hits = sum(count for (_before, hit), count in here.items() if hit)
            yield Tally(unit, period, hits, here.total(), _own(detector, here, came))


def _sum(
    cells: dict[Cell, Counter[tuple[int, bool]]], unit: int, quarters: Iterable[str]
) -> Counter[tuple[int, bool]]:
    total: Counter[tuple[int, bool]] = Counter()
    for one in quarters:
        total += cells.get((unit, one), Counter())
    return total


def _own(
    detector: Detector, here: Counter[tuple[int, bool]], came: Counter[tuple[int, bool]]
) -> tuple[float, float] | None:
    if detector.own is Own.SLOPE:
        return slope([here[day, False] + here[day, True] for day in range(NEAR_LIMIT_DAYS)])
    if detector.own is Own.RECEIPTS:
        return receipts_share(came[0, True], came.total())
    return None
