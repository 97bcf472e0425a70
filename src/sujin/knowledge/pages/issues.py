"""汇编、专刊、手册: the list, and a new one."""

from typing import Any

from django.db.models import Count, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from sujin.knowledge.acts.compile_issue import begin_issue
from sujin.knowledge.duties import COMPILE
from sujin.knowledge.forms_reading import CHAPTERS, BeginForm
from sujin.knowledge.kinds.issue import SERIES
from sujin.knowledge.models import Issue
from sujin.platform.models import Org
from sujin.platform.refusal import Refusal
from sujin.platform.ui.listing import Column, Filter, Listing, Sort
from sujin.platform.ui.request import StaffRequest, holds, staff

COLUMNS = [
    Column("name", _("标题")),
    Column("series", _("系列")),
    Column("number", _("期号")),
    Column("state", _("状态")),
    Column("signed", _("签发"), "signed"),
    Column("items", _("条目")),
]
SORTS = [
    Sort("new", _("最近在前"), ("-compiled_at", "-pk")),
    Sort("signed", _("按签发时间"), ("-signed_at", "-pk")),
]


def _of_series(rows: QuerySet[Issue], value: str) -> QuerySet[Issue]:
    return rows.filter(series=value)


FILTERS = [Filter("series", _("系列"), tuple(SERIES.items()), _of_series)]


@require_safe
def issues(request: HttpRequest) -> HttpResponse:
    """What is signed, for everybody; what is being compiled, for whoever compiles."""
    return _show(staff(request), BeginForm(initial={"chapters": CHAPTERS}))


@require_POST
def begin(request: HttpRequest) -> HttpResponse:
    """A new issue."""
    asked = holds(request, COMPILE)
    form = BeginForm(request.POST)
    if form.is_valid():
        try:
            org = compiling_unit(asked)
            made = begin_issue(org=org, **form.cleaned_data, by=asked.person, at=asked.at)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            return redirect(made)
    return _show(asked, form, status=422)


def compiling_unit(asked: StaffRequest) -> Org:
    """In whose name it is issued: the consumer-protection desk of the house where the person
    compiles, else the organisation of that post."""
    own = asked.reach.places(COMPILE)[0]
    desk = Org.objects.filter(parent=own, kind="department", line="consumer").first()
    return desk or own


def _show(asked: StaffRequest, form: BeginForm, status: int = 200) -> HttpResponse:
    rows = Issue.objects.within(asked.reach).select_related("signed_by", "compiled_by")
    listing = Listing(
        asked.GET,
        rows.defer("frozen").annotate(items=Count("lines")),
        filters=FILTERS,
        sorts=SORTS,
        columns=COLUMNS,
    )
    context: dict[str, Any] = {
        "listing": listing,
        "form": form if COMPILE in asked.reach.may else None,
    }
    return render(asked, "knowledge/issues.html", context, status=status)
