"""热点图: where cases come from more than the branch's share, and the way to a visit."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from sujin.complaints import words
from sujin.governance import hotmap, visitbook, wave_words
from sujin.governance.hotmap import Cell, Span
from sujin.governance.kinds.visit import AHEAD
from sujin.governance.models import Visit
from sujin.governance.models.owned import WATCH
from sujin.governance.models.visit import VISIT
from sujin.governance.wave_words import Names
from sujin.platform.models import Org
from sujin.platform.ui.request import StaffRequest, holds

STREAM = "complaint"
BY_BUSINESS = "business"
HOT_SHOWN = 12


@dataclass(frozen=True, slots=True)
class Spot:
    """A cell as the page shows it; ``visit`` is the one that was made of it, if any."""

    cell: Cell
    business: str
    cases: str
    before: str
    page: str
    propose: str
    visit: Visit | None


@require_safe
def hot_spots(request: HttpRequest) -> HttpResponse:
    """Branches by period of one business or all, or by business in the last period."""
    asked = holds(request, WATCH)
    today = timezone.localdate(asked.at)
    is_by_business = asked.GET.get("by") == BY_BUSINESS
    chosen = asked.GET.get("class", "")
    business = chosen if chosen in hotmap.tops() and not is_by_business else ""
    spans = hotmap.by_business(today) if is_by_business else hotmap.by_period(today, business)
    told = hotmap.drawn(asked.reach, spans)
    rows = _rows(asked, told)
    spots = {(one.cell.place.pk, one.cell.span): one for _org, found in rows for one in found}
    context: dict[str, Any] = {
        "map": told,
        "rows": rows,
        "hot": [spots[cell.place.pk, cell.span] for cell in told.hot],
        "is_by_business": is_by_business,
        "business": business,
        "choices": [(code, words.named("business", code)) for code in hotmap.tops()],
        "heads": [words.named("business", one.business) for one in spans],
        "bar": visitbook.hot(),
        "shown": HOT_SHOWN,
    }
    return render(request, "governance/hotmap.html", context)


def _rows(asked: StaffRequest, told: hotmap.Map) -> list[tuple[Org, list[Spot]]]:
    known = wave_words.names([(org.path,) for org, _cells in told.rows])
    visits = _visits(asked, told)
    return [
        (org, [_spot(asked, cell, known, visits.get((org.pk, cell.span))) for cell in cells])
        for org, cells in told.rows
    ]


def _spot(asked: StaffRequest, cell: Cell, known: Names, visit: Visit | None) -> Spot:
    span = cell.span
    may = cell.is_hot and asked.reach.allows(VISIT, cell.place.tokens)
    is_open = visit is not None and visit.state in AHEAD
    return Spot(
        cell,
        words.named("business", span.business) if span.business else "",
        known.cases(STREAM, cell.node, span.first, span.last),
        known.cases(STREAM, cell.node, *cell.before),
        known.page(STREAM, cell.node),
        proposal_url(cell.place, span) if may and not is_open else "",
        visit,
    )


def proposal_url(place: Org, span: Span) -> str:
    """The form that asks somebody to go there."""
    asked = {"org": place.code, "class": span.business}
    asked |= {"from": span.first.isoformat(), "to": span.last.isoformat()}
    kept = {name: value for name, value in asked.items() if value}
    return f"{reverse('governance:visit_new')}?{urlencode(kept)}"


def _visits(asked: StaffRequest, told: hotmap.Map) -> dict[tuple[int, Span], Visit]:
    """The last visit of each cell that was not called off."""
    rows = Visit.objects.within(asked.reach).filter(
        place__in=[org for org, _cells in told.rows],
        first__in={span.first for span in told.spans},
    )
    rows = rows.exclude(state__in=("declined", "cancelled")).order_by("pk")
    return {(one.place_id, Span(one.business, one.first, one.last)): one for one in rows}
