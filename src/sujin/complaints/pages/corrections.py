"""更正队列: the codes that most need a human look, the likeliest wrong first."""

import io
from collections import Counter
from collections.abc import Iterable
from typing import Any

import xlsxwriter
from django.contrib import messages
from django.db.models import Count
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from sujin.complaints import words
from sujin.complaints.acts import confirm
from sujin.complaints.acts.do_many import CASES_MAX
from sujin.complaints.acts.triage import AXES
from sujin.complaints.forms import codes
from sujin.complaints.forms_corrections import JudgeManyForm, Tick
from sujin.complaints.models import Suspect
from sujin.complaints.pages.export import MEDIA_TYPE, ROWS_MAX
from sujin.complaints.pages.guard import allowed
from sujin.complaints.rulebook import HOUSE_PACK, name_of
from sujin.complaints.sides import Entities
from sujin.engine.suspect import MACHINES, PEOPLE, UNSURE
from sujin.platform.acts.export import exported
from sujin.platform.models import Org
from sujin.platform.organisation import OrgKind
from sujin.platform.refusal import Refusal
from sujin.platform.ui.listing import Filter, Listing, Sort
from sujin.platform.ui.request import StaffRequest, holds

MAY = "reclassify"
PAGE_SIZE = 15
# Rows of one suspicion read quickly; as many as can be judged at once.
PAGE_SIZE_ALIKE = CASES_MAX
ALIKE = "alike"
WHY = {
    PEOPLE: _("人改过，系统很有把握另判"),
    UNSURE: _("系统没有把握"),
    MACHINES: _("词表与模型、或前后两版判断不同"),
}
SORTS = [Sort("score", _("最可疑的在前"), ("-score", "-complaint__received_at"))]


@require_safe
def corrections(request: HttpRequest) -> HttpResponse:
    """Suspected codes of the cases that the person may recode."""
    asked = holds(request, MAY)
    listing = _listing(asked)
    context = {
        "listing": listing,
        "lines": _lines(asked, listing),
        "many": JudgeManyForm(),
        "codes": {axis: codes(axis, HOUSE_PACK) for axis in AXES},
        "may_export": "export" in asked.reach.may,
        "query": request.GET.urlencode(),
    }
    return render(request, "complaints/corrections.html", context)


@require_POST
def correction(request: HttpRequest, pk: int) -> HttpResponse:
    """One verdict: the machine is right, keep what there is, or another code. Back to the list,
    where the next one stands first."""
    asked = holds(request, MAY)
    suspect = get_object_or_404(_rows(asked), pk=pk)
    case = allowed(request, suspect.complaint.number, MAY)
    given = {"by": asked.person, "at": asked.at, "axis": suspect.axis}
    verdict = request.POST.get("verdict", "")
    try:
        if verdict == "keep":
            confirm.keep(case, **given)
        else:
            code = suspect.machine if verdict == "machine" else request.POST.get("code", "")[:60]
            confirm.correct(case, code=code, **given)
        messages.success(request, _t("%(number)s 已看过") % {"number": case.number})
    except Refusal as refusal:
        messages.error(request, str(refusal))
    query = QueryDict(request.POST.get("query", "")[:500]).urlencode()
    return redirect(f"{reverse('complaints:corrections')}?{query}")


@require_safe
def corrections_export(request: HttpRequest) -> HttpResponse:
    """What the queue shows, as a spreadsheet, on the record."""
    asked = holds(request, "export")
    rows = list(_listing(holds(request, MAY)).rows[: ROWS_MAX + 1])
    exported("corrections", min(len(rows), ROWS_MAX), by=asked.person, at=asked.at)
    response = HttpResponse(_workbook(rows[:ROWS_MAX]), content_type=MEDIA_TYPE)
    name = f"corrections-{timezone.localdate(asked.at):%Y%m%d}.xlsx"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _listing(request: StaffRequest) -> Listing[Suspect]:
    filters = [*_filters(request), *_alike(request)]
    size = PAGE_SIZE_ALIKE if any(one.name == ALIKE for one in filters) else PAGE_SIZE
    return Listing(request.GET, _rows(request), filters=filters, sorts=SORTS, size=size)


def _rows(request: StaffRequest) -> Any:
    """Within reach, where the person may recode, and whole: not the other entity's cases."""
    may = [grant.token for grant in request.reach.grants if MAY in grant.may]
    rows = Suspect.objects.within(request.reach).filter(complaint__seen_by__sharing=may)
    rows = rows.filter(Entities().whole(request.reach, "complaint__"))
    # Whoever stands aside says nothing on the matter, so it is not asked of them.
    rows = rows.exclude(complaint__recused__contains=[request.person.pk])
    return rows.select_related("complaint", "complaint__desk", "complaint__accountable").defer(
        "complaint__tokens", "complaint__minhash", "complaint__bands"
    )


def _filters(request: StaffRequest) -> list[Filter[Suspect]]:
    found: list[Filter[Suspect]] = [
        Filter("why", _("缘由"), tuple(WHY.items()), lambda rows, value: rows.filter(why=value)),
        Filter(
            "axis",
            _("角度"),
            tuple(words.AXES.items()),
            lambda rows, value: rows.filter(axis=value),
        ),
    ]
    branches = _branches(request)
    if branches:
        found.append(
            Filter(
                "branch",
                _("分行与子公司"),
                branches,
                lambda rows, value: rows.filter(complaint__seen_by__sharing=[f"o:{value}"]),
            )
        )
    return found


def _alike(request: StaffRequest) -> list[Filter[Suspect]]:
    """The same suspicion, one code for another: a filter that only a link sets."""
    pair = request.GET.get(ALIKE, "")
    told = pair.split(":")
    if len(told) != 3 or told[0] not in AXES:
        return []
    axis, code, machine = told
    label = f"{words.AXES[axis]}{_t('：')}{_pair(axis, code, machine)}"
    wanted = {"axis": axis, "code": code, "machine": machine}
    return [Filter(ALIKE, _("同样的"), ((pair, label),), lambda rows, _v: rows.filter(**wanted))]


def _branches(request: StaffRequest) -> tuple[tuple[str, str], ...]:
    """Only for whoever sees more than one of them."""
    if not request.reach.everything:
        return ()
    rows = Org.objects.filter(kind__in=[OrgKind.BRANCH1, OrgKind.COMPANY]).order_by("code")
    return tuple((str(org.pk), str(org)) for org in rows)


def _lines(request: StaffRequest, listing: Listing[Suspect]) -> list[dict[str, Any]]:
    """The rows of the page; each knows how many are suspected alike, here and in the queue."""
    found = _rows(request).order_by().values_list("axis", "code", "machine")
    queue = {":".join(pair): n for *pair, n in found.annotate(n=Count("pk"))}
    ticks = [Tick.of(one) for one in listing.page_rows]
    page = Counter(tick.pair for tick in ticks)
    return [
        _line(one) | {"tick": tick, "here": page[tick.pair], "alike": queue.get(tick.pair, 1)}
        for one, tick in zip(listing.page_rows, ticks, strict=True)
    ]


def _pair(axis: str, code: str, machine: str) -> str:
    """One code for another, in words."""
    return f"{_named(axis, code) or _t('没有分类')} → {_named(axis, machine) or _t('没有判断')}"


def _line(suspect: Suspect) -> dict[str, Any]:
    return {
        "suspect": suspect,
        "case": suspect.complaint,
        "axis": words.AXES[suspect.axis],
        "why": WHY.get(suspect.why, suspect.why),
        "code": _named(suspect.axis, suspect.code),
        "machine": _named(suspect.axis, suspect.machine),
        "is_other": bool(suspect.machine) and suspect.machine != suspect.code,
        "confidence": round(suspect.confidence * 100),
        # A machine that is sure is not infallible.
        "score": min(round(suspect.score * 100), 99),
    }


def _named(axis: str, code: str) -> str:
    return name_of(axis, code, english=words.is_english()) if code else ""


def _workbook(rows: Iterable[Suspect]) -> bytes:
    """Every cell a string."""
    memory = io.BytesIO()
    headings = [
        _t("编号"), _t("角度"), _t("缘由"), _t("可疑程度"), _t("现有分类"), _t("系统判断"),
        _t("把握"), _t("承办"), _t("诉求"),
    ]  # fmt: skip
    with xlsxwriter.Workbook(memory, {"in_memory": True}) as book:
        sheet = book.add_worksheet(_t("更正队列"))
        for place, line in enumerate([headings, *map(_cells, rows)]):
            for column, value in enumerate(line):
                sheet.write_string(place, column, value)
    return memory.getvalue()


def _cells(suspect: Suspect) -> list[str]:
    line, case = _line(suspect), suspect.complaint
    shown = [case.number, line["axis"], line["why"], f"{line['score']}%", line["code"]]
    more = [line["machine"], f"{line['confidence']}%", case.desk or "", case.text[:30_000]]
    return [str(cell) for cell in (*shown, *more)]
