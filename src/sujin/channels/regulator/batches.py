"""A file of transfer letters: upload, see every row's verdict, confirm; rejected rows go back."""

import uuid

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from sujin.channels.regulator import inbox, letters, workbook
from sujin.channels.regulator.forms import BatchForm
from sujin.channels.regulator.letters import Standing, Verdict
from sujin.channels.regulator.sheet import Sheet
from sujin.complaints.models import Complaint
from sujin.platform.refusal import Refusal
from sujin.platform.ui.request import StaffRequest, holds

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ROWS_A_PAGE = 100
STANDINGS = {
    Standing.ACCEPTED: _("可以登记"),
    Standing.REJECTED: _("不能登记"),
    Standing.KNOWN: _("此前已登记"),
}


@require_safe
def template(request: HttpRequest) -> HttpResponse:
    holds(request, "import")
    return _download(workbook.template(), _t("监管转办模板.xlsx"))


@require_http_methods(["GET", "HEAD", "POST"])
def batch(request: HttpRequest) -> HttpResponse:
    """Take the file; what is in it is shown on a page of its own."""
    asked = holds(request, "import")
    if request.method != "POST":
        return render(request, "regulator/batch.html", {"form": BatchForm()})
    form = BatchForm(request.POST, request.FILES)
    if not form.is_valid():
        return render(request, "regulator/batch.html", {"form": form}, status=422)
    key = inbox.keep(form.cleaned_data["file"], by=asked.person, at=asked.at)
    return redirect("regulator:checked", key)


@require_http_methods(["GET", "HEAD", "POST"])
def checked(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """GET shows every row's verdict; POST brings the accepted rows in, all or none."""
    asked = holds(request, "import")
    sheet = _sheet(asked, key)
    verdicts = letters.judge(sheet.rows, at=asked.at)
    problem = _confirm(asked, verdicts) if request.method == "POST" else ""
    if request.method == "POST" and not problem:
        return redirect("regulator:checked", key)
    context = {**_told(asked, verdicts), "sheet": sheet, "key": key, "problem": problem}
    return render(request, "regulator/checked.html", context, status=422 if problem else 200)


@require_safe
def rejected(request: HttpRequest, key: uuid.UUID) -> HttpResponse:
    """The rejected rows as a file: put right, it can be uploaded again as it is."""
    asked = holds(request, "import")
    sheet = _sheet(asked, key)
    verdicts = letters.judge(sheet.rows, at=asked.at)
    refused = [verdict for verdict in verdicts if verdict.standing is Standing.REJECTED]
    return _download(workbook.rejected(refused), _t("未接收的转办件.xlsx"))


def _sheet(request: StaffRequest, key: uuid.UUID) -> Sheet:
    sheet = inbox.find(key, by=request.person)
    if sheet is None:
        raise Http404
    return sheet


def _confirm(request: StaffRequest, verdicts: list[Verdict]) -> str:
    """Bring the accepted rows in; what is returned is why nothing was."""
    try:
        receipts = letters.bring_in(verdicts, by=request.person, at=request.at)
    except Refusal as refusal:
        return str(refusal)
    messages.success(request, _t("已登记 %(n)d 件转办件") % {"n": len(receipts)})
    return ""


def _told(request: StaffRequest, verdicts: list[Verdict]) -> dict[str, object]:
    shown = request.GET.get("show", "")
    rows = [verdict for verdict in verdicts if shown not in STANDINGS or verdict.standing == shown]
    page = Paginator(rows, ROWS_A_PAGE).get_page(request.GET.get("page"))
    counts = dict.fromkeys(STANDINGS, 0)
    for verdict in verdicts:
        counts[verdict.standing] += 1
    seen = _seen(request, [verdict.case.pk for verdict in page if verdict.case])
    return {
        "page": page,
        "rows": [(row, STANDINGS[row.standing], _number(row, seen)) for row in page],
        "counts": [(code, STANDINGS[code], count) for code, count in counts.items()],
        "accepted": counts[Standing.ACCEPTED],
        "rejected": counts[Standing.REJECTED],
        "shown": shown,
    }


def _seen(request: StaffRequest, ids: list[int]) -> set[int]:
    within = Complaint.objects.within(request.reach).filter(pk__in=ids)
    return set(within.values_list("pk", flat=True))


def _number(verdict: Verdict, seen: set[int]) -> Complaint | None:
    """The case of a known letter, for whoever may see it."""
    return verdict.case if verdict.case and verdict.case.pk in seen else None


def _download(content: bytes, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type=XLSX)
    response["Content-Disposition"] = content_disposition_header(True, name)
    return response
