"""证据档案: the list, for whoever may read evidence and sees at least one of a file's cases."""

from datetime import datetime
from typing import Any

from django.db.models import Count, Max, Min, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from sujin.governance import rulebook, telling
from sujin.governance.kinds import NOT_ORGANISED, STATES
from sujin.governance.models import EvidenceFile, EvidenceMember
from sujin.platform.reach import Reach
from sujin.platform.ui.listing import Column, Filter, Listing, Sort
from sujin.platform.ui.request import holds

YEAR = 365.25
COLUMNS = [
    Column("file", _("档案")),
    Column("state", _("状态")),
    Column("size", _("规模")),
    Column("span", _("时间跨度"), "last"),
    Column("expected", _("一年偶然凑成"), "strength"),
    Column("valid", _("结论有效期至")),
]
SORTS = [
    Sort("last", _("最近在前"), ("-last", "-pk")),
    Sort("strength", _("线索最强在前"), ("expected", "-pk")),
]


def _of_state(rows: QuerySet[EvidenceFile], value: str) -> QuerySet[EvidenceFile]:
    return rows.filter(state=value)


FILTERS = [Filter("state", _("状态"), tuple(STATES.items()), _of_state)]


@require_safe
def files(request: HttpRequest) -> HttpResponse:
    """Files in reach, the most recent first."""
    asked = holds(request, "evidence")
    rows = EvidenceFile.objects.within(asked.reach).kept(asked.at)
    listing = Listing(request.GET, rows, filters=FILTERS, sorts=SORTS, columns=COLUMNS)
    page = list(listing.page_rows)
    seen = _seen(page, asked.reach)
    context = {
        "listing": listing,
        "lines": [
            {"chance": telling.likelihood(one.expected), **seen[one.pk], "file": one}
            for one in page
        ],
        **_tally(asked.reach, asked.at),
    }
    return render(request, "governance/files.html", context)


def _seen(page: list[EvidenceFile], reach: Reach) -> dict[int, dict[str, Any]]:
    """How many cases of each file the reader may see, and from when to when."""
    rows = EvidenceMember.objects.within(reach).filter(file__in=page).order_by()
    received = "complaint__received_at"
    counted = rows.values("file").annotate(
        cases=Count("pk"), first=Min(received), last=Max(received)
    )
    return {int(one["file"]): dict(one) for one in counted}


def _tally(reach: Reach, at: datetime) -> dict[str, Any]:
    """False alarms so far: what the rules allow for, and what people found."""
    rows = EvidenceFile.objects.within(reach)
    found = rows.aggregate(
        since=Min("opened_at"), all=Count("pk"), wrong=Count("pk", filter=Q(state=NOT_ORGANISED))
    )
    years = ((at - found["since"]).days + 1) / YEAR if found["since"] else 0
    return {
        "allowed": f"{years * rulebook.rules().false_per_year:.2g}",
        "wrong": found["wrong"],
        "opened": found["all"],
    }
