"""A report as a file: made first, then put on the record."""

from datetime import datetime

from django.http import Http404, HttpResponse
from django.utils.http import content_disposition_header

from sujin.platform.acts.export import exported
from sujin.platform.documents.book import forms
from sujin.platform.models import Person
from sujin.reports.parts import Report, book, workbook

SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def paper(report: Report, form: str, *, by: Person, at: datetime) -> HttpResponse:
    """As ``pdf``, ``docx`` or ``xlsx``; 404 for another form."""
    if form == "xlsx":
        answer = _file(workbook(report), SHEET, f"{report.title}.xlsx")
    else:
        made = forms().get(form)
        if made is None:
            raise Http404
        body = made.make(book(report, at))
        answer = _file(body, made.content_type, f"{report.title}{made.ending}")
    exported(report.title, 1, by=by, at=at)
    return answer


def _file(body: bytes, kind: str, name: str) -> HttpResponse:
    answer = HttpResponse(body, content_type=kind)
    answer["Content-Disposition"] = content_disposition_header(True, name)
    return answer
