"""问责: the list, one of them with what both sides said, and opening one."""

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from sujin.platform.refusal import Refusal
from sujin.platform.ui.listing import Column, Filter, Listing, Sort
from sujin.platform.ui.request import StaffRequest, holds, staff
from sujin.platform.ui.verbs import Offered, Verb, Verbs
from sujin.supervision.acts.hold_accountable import (
    answer_accountability,
    appeal_accountability,
    decide_accountability,
    decides,
    hear_appeal,
    is_confirmed,
    open_accountability,
    people_of,
)
from sujin.supervision.forms_accountability import (
    AppealForm,
    DecideForm,
    HearForm,
    OpenForm,
    StatementForm,
)
from sujin.supervision.kinds import accountability as kinds
from sujin.supervision.models import Accountability, Finding, Shortcoming
from sujin.supervision.models.accountability import ACCOUNT

VERBS = Verbs(
    Verb("statement", _("陈述"), "message", StatementForm, answer_accountability),
    Verb("decision", _("作出决定"), "gavel", DecideForm, decide_accountability),
    Verb("appeal", _("申诉"), "message-report", AppealForm, appeal_accountability),
    Verb("hearing", _("审理申诉"), "rubber-stamp", HearForm, hear_appeal),
)
COLUMNS = [
    Column("opened", _("提起时间"), sort="new"), Column("person", _("谁")),
    Column("unit", _("单位")), Column("measure", _("措施")), Column("state", _("状态")),
]  # fmt: skip


@require_safe
def accountabilities(request: HttpRequest) -> HttpResponse:
    """Those in reach, one's own among them."""
    asked = staff(request)
    rows = Accountability.objects.within(asked.reach).select_related("person", "unit")
    states = tuple(kinds.ACCOUNTABILITY_STATES.items())
    listing = Listing(
        asked.GET,
        rows,
        filters=[Filter("state", _("状态"), states, lambda rows, value: rows.filter(state=value))],
        sorts=[Sort("new", _("提起时间"), ("-opened_at", "-pk"))],
        columns=COLUMNS,
    )
    return render(request, "supervision/accountabilities.html", {"listing": listing})


@require_http_methods(["GET", "HEAD", "POST"])
def accountability_new(request: HttpRequest) -> HttpResponse:
    """Of ``?shortcoming=`` or ``?finding=``."""
    asked = holds(request, ACCOUNT)
    source = _source(asked)
    form = OpenForm(people_of(source), asked.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            told = form.cleaned_data
            return redirect(open_accountability(source, **told, by=asked.person, at=asked.at))
        except Refusal as refusal:
            form.add_error(None, str(refusal))
    context = {"form": form, "source": source, "is_confirmed": is_confirmed(source)}
    status = 422 if form.errors else 200
    return render(request, "supervision/accountability_new.html", context, status=status)


def _source(asked: StaffRequest) -> Shortcoming | Finding:
    key = asked.GET.get("shortcoming", "") or asked.GET.get("finding", "")
    if not (key.isascii() and key.isdigit()) or len(key) > 12:
        raise Http404
    found: Shortcoming | Finding | None
    if asked.GET.get("shortcoming"):
        rows = Shortcoming.objects.within(asked.reach).select_related("outlet", "inspection")
        found = rows.filter(pk=int(key)).first()
    else:
        findings = Finding.objects.within(asked.reach).select_related("unit")
        found = findings.filter(pk=int(key)).first()
    if found is None:
        raise Http404
    return found


@require_safe
def accountability(request: HttpRequest, pk: int) -> HttpResponse:
    """One, with all that was said."""
    asked = staff(request)
    return _show(asked, _visible(asked, pk))


@require_POST
def perform(request: HttpRequest, pk: int, verb: str) -> HttpResponse:
    """``statement`` and ``appeal`` by the person, ``decision`` and ``hearing`` by others."""
    asked = staff(request)
    found = _visible(asked, pk)
    if verb not in VERBS:
        raise Http404
    if verb not in _allowed(asked, found):
        raise PermissionDenied
    bound = VERBS.perform(asked, verb, found)
    return redirect(found) if bound is None else _show(asked, found, bound, status=422)


def _visible(asked: StaffRequest, pk: int) -> Accountability:
    rows = Accountability.objects.within(asked.reach).select_related(
        "person",
        "unit",
        "opened_by",
        "decided_by",
        "shortcoming__outlet",
        "shortcoming__inspection",
        "finding__unit",
    )
    found = rows.filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def _allowed(asked: StaffRequest, found: Accountability) -> list[str]:
    open_still = found.state in (kinds.OPENED, kinds.RESPONDED)
    if found.person_id == asked.person.pk:
        may_appeal = found.state == kinds.DECIDED and bool(found.measure)
        return ["statement"] * open_still + ["appeal"] * may_appeal
    if not decides(found, asked.reach):
        return []
    is_third = found.state == kinds.APPEALED and found.decided_by_id != asked.person.pk
    return ["decision"] * open_still + ["hearing"] * is_third


def _show(
    asked: StaffRequest, found: Accountability, bound: Offered | None = None, status: int = 200
) -> HttpResponse:
    history = found.entries.select_related("by").in_order()
    context = {
        "accountability": found,
        "verbs": VERBS.offered(_allowed(asked, found), bound),
        "history": [(one, one.what()) for one in history],
    }
    return render(asked, "supervision/accountability.html", context, status=status)
