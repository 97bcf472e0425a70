"""服务优化建议: the list, its figures, the form that writes one, customers' 建议 to take up."""

from datetime import datetime
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import Exists, OuterRef
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from sujin.complaints import words as names
from sujin.complaints.figures.selection import midnight
from sujin.complaints.models import Complaint
from sujin.engine.text import redact
from sujin.knowledge.desks import line_desks
from sujin.platform.models import Org
from sujin.platform.organisation import OrgKind
from sujin.platform.refusal import Refusal
from sujin.platform.ui.listing import Column, Filter, Listing, Sort
from sujin.platform.ui.request import StaffRequest, staff
from sujin.supervision.acts.submit_proposal import SUGGESTION, submit_proposal
from sujin.supervision.forms_proposal import NAME_MAX, WORDS_MAX, ProposalForm
from sujin.supervision.kinds import proposal as kinds
from sujin.supervision.likes import likes
from sujin.supervision.models import Proposal
from sujin.supervision.proposal_board import WHICH, tiles

COLUMNS = [
    Column("proposal", _("建议")), Column("origin", _("谁提的")), Column("state", _("状态")),
    Column("owner", _("归口单位")), Column("mean", _("平均分")), Column("verdict", _("核验结论")),
    Column("level", _("奖励")),
]  # fmt: skip
SORTS = [
    Sort("new", _("最近在前"), ("-submitted_at", "-pk")),
    Sort("mean", _("平均分"), ("-mean", "-pk")),
]
CASE_COLUMNS = [
    Column("number", _("编号")), Column("received", _("受理时间")), Column("text", _("建议")),
    Column("act", ""),
]  # fmt: skip
MONTHS = 12


@require_safe
def proposals(request: HttpRequest) -> HttpResponse:
    """Those in reach, the latest first."""
    asked = staff(request)
    rows = Proposal.objects.within(asked.reach).select_related("owner", "unit")
    listing = Listing(
        asked.GET, rows, filters=_filters(asked.at), sorts=SORTS, columns=COLUMNS, size=20
    )
    context = {"listing": listing, "may_take": _takes_cases(asked)}
    return render(request, "supervision/proposals.html", context)


def _filters(at: datetime) -> list[Filter[Proposal]]:
    desks = {code: org for code, org in line_desks().items() if code}
    named = tuple((code, names.line(code) or str(org)) for code, org in desks.items())
    branches = list(Org.objects.filter(kind=OrgKind.BRANCH1).order_by("path"))
    places = tuple((str(org.pk), str(org)) for org in branches)
    paths = {str(org.pk): org.path for org in branches}
    which = tuple((code, told[0]) for code, told in WHICH.items())
    return [
        Filter("state", _("状态"), tuple(kinds.STATES.items()), lambda rows, v: rows.filter(state=v)),  # noqa: E501
        Filter("which", _("哪些"), which, lambda rows, v: rows.filter(WHICH[v][1])),
        Filter("line", _("条线"), named, lambda rows, v: rows.filter(owner=desks[v])),
        Filter("unit", _("提出单位"), places, lambda rows, v: rows.filter(unit__path__startswith=paths[v])),  # noqa: E501
        Filter("origin", _("谁提的"), tuple(kinds.ORIGINS.items()), lambda rows, v: rows.filter(origin=v)),  # noqa: E501
        Filter("month", _("月份"), _months(at), _in_month),
    ]  # fmt: skip


def _months(at: datetime) -> tuple[tuple[str, str], ...]:
    last = timezone.localdate(at)
    months = [divmod(last.year * 12 + last.month - 1 - ago, 12) for ago in range(MONTHS)]
    return tuple((f"{year}-{month + 1:02}", f"{year}-{month + 1:02}") for year, month in months)


def _in_month(rows: Any, value: str) -> Any:
    first = datetime.fromisoformat(f"{value}-01").date()
    after = first.replace(year=first.year + first.month // 12, month=first.month % 12 + 1)
    return rows.filter(submitted_at__gte=midnight(first), submitted_at__lt=midnight(after))


@require_safe
def board(request: HttpRequest) -> HttpResponse:
    """Figures, each opening its rows."""
    asked = staff(request)
    context = {"tiles": tiles(Proposal.objects.within(asked.reach))}
    return render(request, "supervision/proposal_board.html", context)


@require_safe
def suggestions(request: HttpRequest) -> HttpResponse:
    """Customers' 建议 in reach that nobody has taken up yet."""
    asked = staff(request)
    if not _takes_cases(asked):
        raise PermissionDenied
    taken = Proposal.objects.filter(case=OuterRef("pk"))
    rows = Complaint.objects.within(asked.reach).filter(~Exists(taken), kind=SUGGESTION)
    rows = rows.defer("tokens", "minhash", "bands").order_by("-received_at", "-pk")
    listing = Listing(asked.GET, rows, columns=CASE_COLUMNS, size=20)
    return render(request, "supervision/suggestions.html", {"listing": listing})


def _takes_cases(asked: StaffRequest) -> bool:
    return bool({"annotate", "claim"} & asked.reach.may)


@require_http_methods(["GET", "HEAD", "POST"])
def proposal_new(request: HttpRequest) -> HttpResponse:
    """GET: the form, filled from a customer's case if one is named; POST: first what is like it,
    then it stands."""
    asked = staff(request)
    case = _case(asked)
    form = ProposalForm(asked.POST or None, initial=_initial(case))
    alike = []
    if request.method == "POST" and form.is_valid():
        draft = form.draft()
        try:
            return redirect(submit_proposal(draft, case=case, by=asked.person, at=asked.at))
        except Refusal as refusal:
            form.add_error(None, str(refusal))
            alike = likes(draft.name, draft.words)
    context = {"form": form, "case": case, "likes": alike}
    return render(
        request, "supervision/proposal_new.html", context, status=422 if form.errors else 200
    )


def _case(asked: StaffRequest) -> Complaint | None:
    number = asked.GET.get("case", "")
    if not number:
        return None
    rows = Complaint.objects.within(asked.reach).filter(kind=SUGGESTION)
    found = rows.filter(number=number[:16]).first()
    if found is None or not _takes_cases(asked):
        raise Http404
    return found


def _initial(case: Complaint | None) -> dict[str, str]:
    """A customer's words without numbers; the officer writes what is to be done."""
    if case is None:
        return {}
    said = redact(case.text.strip()).text
    return {
        "name": said[: NAME_MAX // 3], "words": said[:WORDS_MAX], "business": case.business,
        "cause": case.cause,
    }  # fmt: skip
