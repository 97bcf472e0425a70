"""报送: the returns there are; one of a period with its checks and differences; its cases; its
files; and keeping what was submitted."""

import csv
from collections.abc import Iterator
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.views.decorators.http import require_POST, require_safe

from sujin.complaints.models import Complaint
from sujin.governance.cells import guarded
from sujin.governance.models import Submission
from sujin.platform.acts.export import exported
from sujin.platform.refusal import Refusal
from sujin.platform.ui.listing import Column, Listing, Sort
from sujin.platform.ui.request import StaffRequest, holds
from sujin.reports.pages import papers
from sujin.reports.returns import words
from sujin.reports.returns.book import CELLS, Return, returns
from sujin.reports.returns.compiled import Line, behind
from sujin.reports.returns.periods import NoPeriod, Period
from sujin.reports.returns.rows import cases as all_cases
from sujin.reports.returns.rows import rows
from sujin.reports.returns.submitting import digest, submit

SHOWN = 8
# A return of more rows than these is read through only when somebody asks for it.
READ_AT_ONCE = 2000
CSV_TYPE = "text/csv; charset=utf-8"


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """Every return with its latest whole period and the last submission of it."""
    person = _person(request)
    found = []
    for one in returns().values():
        period = _latest(one, person)
        found.append((one, period, _history(one, period).first()))
    return render(request, "reports/returns.html", {"returns": found})


@require_safe
def page(request: HttpRequest, code: str) -> HttpResponse:
    """One return of the period in the address, else of the latest that is over."""
    person = _person(request)
    asked, period = _asked(person, code)
    n = all_cases(asked, period).count() if asked.form != CELLS else 0
    deep = n <= READ_AT_ONCE or "check" in person.GET
    return _show(person, words.made(asked, period, _today(person), deep=deep))


@require_POST
def submission(request: HttpRequest, code: str) -> HttpResponse:
    """Keep what it says now as what was submitted."""
    person = _person(request)
    asked, period = _asked(person, code)
    made = words.made(asked, period, _today(person))
    form = SubmitForm(person.POST)
    told: dict[str, Any] = form.cleaned_data if form.is_valid() else {}
    try:
        submit(
            made, seen=told.get("seen", ""), is_sure=told.get("sure", False),
            note=told.get("note", ""), by=person.person, at=person.at,
        )  # fmt: skip
    except Refusal as refusal:
        return _show(person, made, refused=str(refusal), note=told.get("note", ""))
    return redirect(f"{reverse('reports:return', args=[code])}?period={period}")


@require_safe
def cases(request: HttpRequest, code: str) -> HttpResponse:
    """The cases of one line of a return of cells, or all of one of rows."""
    person = _person(request)
    asked, period = _asked(person, code)
    found = all_cases(asked, period)
    title = f"{asked} {period}"
    if asked.form == CELLS:
        named = person.GET.get("cell", "")
        cell = next((one for one in asked.cells if one.code == named), None)
        if cell is None:
            raise Http404
        found = behind(asked, cell, person.GET.get("key", ""), period)
        title = f"{title} · {cell.name}"
    mine = Complaint.objects.within(person.reach).filter(pk__in=found.values("pk"))
    mine = mine.select_related("desk", "origin").defer("tokens", "minhash", "bands")
    listing = Listing(
        person.GET, mine, filters=[],
        sorts=[Sort("received", _t("受理时间"), ("-received_at", "-pk"))],
        columns=[Column("number", _t("编号")), Column("text", _t("诉求")),
                 Column("received", _t("受理"), sort="received")],
    )  # fmt: skip
    context = {"listing": listing, "title": title, "asked": asked, "period": period}
    return render(request, "reports/return_cases.html", context)


@require_safe
def paper(request: HttpRequest, code: str, form: str) -> HttpResponse | StreamingHttpResponse:
    """As a document or a spreadsheet; a return of rows as CSV as well. On the record."""
    person = _person(request)
    asked, period = _asked(person, code)
    if form == "csv":
        return _table(person, asked, period)
    made = words.report(words.made(asked, period, _today(person)))
    return papers.paper(made, form, by=person.person, at=person.at)


def _table(person: StaffRequest, asked: Return, period: Period) -> StreamingHttpResponse:
    if asked.form == CELLS:
        raise Http404
    exported(
        f"{asked.code} {period}", all_cases(asked, period).count(), by=person.person, at=person.at
    )
    answer = StreamingHttpResponse(_lines(asked, period, _today(person)), content_type=CSV_TYPE)
    answer["Content-Disposition"] = f'attachment; filename="{asked.code}-{period}.csv"'
    return answer


class SubmitForm(forms.Form):
    """What comes with keeping a return."""

    note = forms.CharField(required=False, max_length=1000)
    seen = forms.CharField(required=False, max_length=40)
    sure = forms.BooleanField(required=False)


class _Echo:
    """What the csv module writes to, handed back line by line."""

    def write(self, line: str) -> str:
        return line


def _lines(asked: Return, period: Period, today: date) -> Iterator[str]:
    writer = csv.writer(_Echo())
    yield "\ufeff" + str(writer.writerow([one.name for one in asked.columns]))
    for row in rows(asked, period, today):
        yield str(writer.writerow(guarded(row)))


def _show(
    person: StaffRequest, made: words.Made, *, refused: str = "", note: str = ""
) -> HttpResponse:
    asked, period = made.asked, made.period
    lines = made.cells.lines if made.cells else ()
    context: dict[str, Any] = {
        "asked": asked, "period": period, "made": made, "refused": refused, "note": note,
        "report": words.report(made, [_link(asked, period, line) for line in lines]),
        "periods": _periods(asked, person), "is_over": period.last < _today(person),
        "history": _history(asked, period), "seen": digest(made),
    }  # fmt: skip
    status = 422 if refused else 200
    return render(person, "reports/return.html", context, status=status)


def _history(asked: Return, period: Period) -> QuerySet[Submission]:
    rows = Submission.objects.filter(report=asked.code, period=str(period))
    return rows.defer("values", "prints").select_related("submitted_by").order_by("-version")


def _link(asked: Return, period: Period, line: Line) -> str:
    told = {"period": str(period), "cell": line.cell.code, "key": line.key}
    return f"{reverse('reports:return_cases', args=[asked.code])}?{urlencode(told)}"


def _person(request: HttpRequest) -> StaffRequest:
    """A return is of the whole house: whoever sees all of it and may export."""
    person = holds(request, "export")
    if not person.reach.everything:
        raise PermissionDenied
    return person


def _asked(person: StaffRequest, code: str) -> tuple[Return, Period]:
    """404 for a return that there is not, or a period that has not begun."""
    asked = returns().get(code)
    if asked is None:
        raise Http404
    named = person.GET.get("period", "") or person.POST.get("period", "")
    try:
        period = Period.named(asked.length, named) if named else _latest(asked, person)
    except NoPeriod as error:
        raise Http404 from error
    if period.first > _today(person):
        raise Http404
    return asked, period


def _latest(asked: Return, person: StaffRequest) -> Period:
    return Period.of(asked.length, _today(person)).before


def _periods(asked: Return, person: StaffRequest) -> list[str]:
    one = Period.of(asked.length, _today(person))
    found = []
    for _nth in range(SHOWN):
        found.append(str(one))
        one = one.before
    return found


def _today(person: StaffRequest) -> date:
    return timezone.localdate(person.at)
