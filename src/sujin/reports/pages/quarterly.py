"""监管式季度通报: one quarter by groups of banks, as a page and as files."""

from datetime import date
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from sujin.governance import peering
from sujin.governance.models.owned import WATCH
from sujin.governance.peerbook import bases, quarter_name
from sujin.platform.ui.request import StaffRequest, holds
from sujin.reports.pages import papers
from sujin.reports.quarterly import words
from sujin.reports.quarterly.figures import Bulletin, CannotCompile
from sujin.reports.quarterly.reading import bulletin_of


@require_safe
def quarterly(request: HttpRequest) -> HttpResponse:
    """The quarter that the address names, else the latest that was published."""
    asked = holds(request, WATCH)
    known = peering.quarters()
    context: dict[str, Any] = {"quarters": [quarter_name(one) for one in known]}
    if known:
        bulletin = _asked(asked, known)
        context |= {
            "bulletin": bulletin, "report": words.report(bulletin),
            "quarter": quarter_name(bulletin.quarter),
            "bases": list(bases().values()), "may_export": "export" in asked.reach.may,
        }  # fmt: skip
    return render(request, "reports/quarterly.html", context)


@require_safe
def paper(request: HttpRequest, form: str) -> HttpResponse:
    """The same as a file; on the record."""
    asked = holds(request, "export")
    holds(request, WATCH)
    made = words.report(_asked(asked, peering.quarters()))
    return papers.paper(made, form, by=asked.person, at=asked.at)


def _asked(asked: StaffRequest, known: list[date]) -> Bulletin:
    """404 for a quarter or basis of which nothing was published."""
    named = {quarter_name(one): one for one in known}
    wanted = asked.GET.get("quarter", "") or next(iter(named), "")
    if wanted not in named:
        raise Http404
    try:
        return bulletin_of(named[wanted], asked.GET.get("basis", ""))
    except CannotCompile as refusal:
        raise Http404 from refusal
