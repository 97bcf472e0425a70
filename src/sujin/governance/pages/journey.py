"""客户旅程: complaints by stage and cause beside where the business was done; every cell opens its
cases."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from sujin.complaints import tally
from sujin.complaints.figures.selection import Window, last_days
from sujin.complaints.rulebook import taxonomy
from sujin.complaints.words import named
from sujin.engine.series.panel import ALL
from sujin.governance import wave_words
from sujin.governance.journeybook import STAGES, UNKNOWN, stages, touchpoint
from sujin.governance.metric_places import LINES, choices
from sujin.governance.models.owned import WATCH
from sujin.platform.models import Org
from sujin.platform.ui.request import StaffRequest, holds

STREAM = "complaint"
PERIODS = (30, 90, 365)


@dataclass(frozen=True, slots=True)
class Cell:
    """``url`` empty where there is nothing to open."""

    column: str
    n: int
    url: str


@dataclass(frozen=True, slots=True)
class Line:
    """One cause, or all of a stage when ``is_stage``; a cell for each touchpoint, and the sum."""

    name: str
    is_stage: bool
    cells: tuple[Cell, ...]
    total: int


@require_safe
def journey(request: HttpRequest) -> HttpResponse:
    """Of the place and the days of the address."""
    asked = holds(request, WATCH)
    orgs = [org for org in choices(asked.reach, {WATCH}) if org.kind not in LINES]
    if not orgs:
        # Departments take no complaints in: theirs are the metrics of their line.
        return redirect("governance:metrics")
    org, days = _asked(asked, orgs)
    window = last_days(days, asked.at)
    counts = _counts(org, window)
    columns = sorted({touched for _cause, touched in counts}, key=lambda one: (one == "", one))
    cell = _opener(org, window, counts, columns)
    context: dict[str, Any] = {
        "org": org, "orgs": orgs, "days": days, "periods": PERIODS, "window": window,
        "columns": [_column(one) for one in columns],
        "lines": _lines(counts, columns, cell), "total": sum(counts.values()),
        "today": timezone.localdate(asked.at),
    }  # fmt: skip
    return render(request, "governance/journey.html", context)


def _counts(org: Org, window: Window) -> Counter[tuple[str, str]]:
    """By cause and column."""
    counts: Counter[tuple[str, str]] = Counter()
    for cause, touched, n in tally.touches(STREAM, org.path, window.first, window.last):
        counts[cause.split(".")[0], touchpoint(touched)] += n
    return counts


def _opener(
    org: Org, window: Window, counts: Counter[tuple[str, str]], columns: list[str]
) -> Callable[[str, str], Cell]:
    """What makes a cell with the address of exactly its cases, where a list can show just them."""
    path = ALL if org.is_root else org.path
    names = wave_words.names([(path, ALL, ALL, ALL)])
    leaves = {touched for touched in columns if touched and not _is_above(touched)}

    def cell(cause: str, touched: str) -> Cell:
        node = (path, ALL, cause, touched)
        known = cause in stages() and touched in leaves and counts[cause, touched]
        url = names.cases(STREAM, node, window.first, window.last) if known else ""
        return Cell(_column(touched), counts[cause, touched], url)

    return cell


def _is_above(touched: str) -> bool:
    """Whether there are touchpoints below it that have columns of their own: its list would show
    theirs as well."""
    return touched.count(".") == 0 and any(
        axis == "touchpoint" and code.startswith(f"{touched}.") for axis, code in taxonomy()
    )


def _column(touched: str) -> str:
    if not touched:
        return _t("未填")
    name = named("touchpoint", touched).rpartition(" › ")[2]
    return _t("%(name)s（未细分）") % {"name": name} if _is_above(touched) else name


def _lines(
    counts: Counter[tuple[str, str]], columns: list[str], cell: Callable[[str, str], Cell]
) -> list[Line]:
    causes = sorted({cause for cause, _touched in counts})
    lines = []
    for stage, label in {**STAGES, UNKNOWN: _("未分类")}.items():
        mine = [one for one in causes if stages().get(one, UNKNOWN) == stage]
        if not mine:
            continue
        lines.append(_stage(label, mine, counts, columns))
        for cause in mine:
            cells = tuple(cell(cause, touched) for touched in columns)
            name = named("cause", cause) if cause else _t("未填")
            lines.append(Line(name, False, cells, sum(one.n for one in cells)))
    return lines


def _stage(
    label: Promise, mine: list[str], counts: Counter[tuple[str, str]], columns: list[str]
) -> Line:
    cells = tuple(
        Cell(_column(touched), sum(counts[one, touched] for one in mine), "") for touched in columns
    )
    return Line(str(label), True, cells, sum(one.n for one in cells))


def _asked(asked: StaffRequest, orgs: list[Org]) -> tuple[Org, int]:
    """404 for a place outside the reader's reach."""
    known = {org.code: org for org in orgs}
    code = asked.GET.get("org", "") or next(iter(known), "")
    if code not in known:
        raise Http404
    days = asked.GET.get("days", "")
    return known[code], int(days) if days in map(str, PERIODS) else PERIODS[1]
