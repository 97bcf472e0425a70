"""Feedback on what is served, and the revisions it leads to."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from statistics import median
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from sujin.knowledge.acts.revise import (
    begin_revision,
    give_feedback,
    leave_unchanged,
    refuse_revision,
)
from sujin.knowledge.audience import audience_of
from sujin.knowledge.duties import DRAFT, RELEASE, may
from sujin.knowledge.forms_reading import AnswerForm, FeedbackForm
from sujin.knowledge.kinds.revision import REVISED, REVISING, REVISION_STATES, UNANSWERED
from sujin.knowledge.models import Revision, Version
from sujin.knowledge.models.revision import CASE
from sujin.knowledge.rules import reasons
from sujin.platform.refusal import Refusal
from sujin.platform.ui.listing import Column, Filter, Listing, Sort
from sujin.platform.ui.request import StaffRequest, staff

# How far back the figure of days to revision looks.
FIGURE = timedelta(days=365)
COLUMNS = [
    Column("item", _("内容")),
    Column("because", _("为什么")),
    Column("state", _("状态")),
    Column("due", _("答复期限"), "due"),
    Column("spoken", _("反映次数")),
]
SORTS = [
    Sort("new", _("最近在前"), ("-opened_at", "-pk")),
    Sort("due", _("快到期在前"), ("due_on", "pk")),
]
ANSWERS: Mapping[str, tuple[Promise, str, Callable[..., Any]]] = {
    "revision": (_("同意修订，起草新版"), "pencil", begin_revision),
    "unchanged": (_("无需修改"), "check", leave_unchanged),
    "refusal": (_("不采纳"), "ban", refuse_revision),
}


def _in_state(rows: QuerySet[Revision], value: str) -> QuerySet[Revision]:
    return rows.filter(state__in=UNANSWERED) if value == "waiting" else rows.filter(state=value)


@require_safe
def revisions(request: HttpRequest) -> HttpResponse:
    """Of items in my care, and those that I have spoken to."""
    asked = staff(request)
    rows = Revision.objects.within(asked.reach).listed()
    states = (("waiting", _("未答复")), *REVISION_STATES.items())
    listing = Listing(
        request.GET,
        rows.annotate(spoken=Count("feedback")),
        filters=[Filter("state", _("状态"), states, _in_state)],
        sorts=SORTS,
        columns=COLUMNS,
    )
    lines = [_line(asked, one) for one in listing.page_rows]
    days = _days_to_revision(asked)
    context = {"listing": listing, "lines": lines, "days": days}
    return render(request, "knowledge/revisions.html", context)


def _line(asked: StaffRequest, one: Revision) -> dict[str, Any]:
    why = one.because if _cares(asked, one) else _source(one)
    return {"revision": one, "is_late": one.is_late(asked.at), "why": why}


def _cares(asked: StaffRequest, one: Revision) -> bool:
    """Whether the person answers for the item. Anybody else reads the own words only: ``because``
    holds those of whoever spoke first, maybe about a customer of another branch."""
    return any(may(asked.reach, permission, one.item) for permission in (DRAFT, RELEASE))


def _source(one: Revision) -> str:
    known = reasons().get(one.source)
    return known.name if known else one.source


def _days_to_revision(asked: StaffRequest) -> dict[str, Any]:
    """From the first word to the release of what was changed: median of the last year."""
    rows = Revision.objects.within(asked.reach).filter(
        state=REVISED, ended_at__gte=asked.at - FIGURE
    )
    spans = [
        (ended - opened).total_seconds() / 86400
        for opened, ended in rows.values_list("opened_at", "ended_at")
        if ended is not None
    ]
    waiting = Revision.objects.within(asked.reach).unanswered()
    late = waiting.filter(due_on__lt=timezone.localdate(asked.at)).count()
    middle = f"{median(spans):.1f}" if spans else ""
    return {"count": len(spans), "median": middle, "late": late}


@require_safe
def revision(request: HttpRequest, pk: int) -> HttpResponse:
    """One task, what was said, what was answered."""
    asked = staff(request)
    return _show(asked, _found(asked, pk))


@require_POST
def answer(request: HttpRequest, pk: int, verb: str) -> HttpResponse:
    """The owner's answer."""
    asked = staff(request)
    found = _found(asked, pk)
    if verb not in ANSWERS:
        raise Http404
    if not may(asked.reach, DRAFT, found.item):
        raise PermissionDenied
    form = AnswerForm(request.POST, prefix=verb)
    if form.is_valid():
        try:
            ANSWERS[verb][2](found, **form.cleaned_data, by=asked.person, at=asked.at)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _t("已答复，提出的人会收到消息"))
            return redirect(found)
    return _show(asked, found, bound={verb: form}, status=422)


@require_http_methods(["GET", "HEAD", "POST"])
def feedback(request: HttpRequest, pk: int) -> HttpResponse:
    """Somebody who was served this version says why it did not work."""
    asked = staff(request)
    served = Version.objects.served(audience_of(asked.reach), asked.at).listed()
    found = served.filter(pk=pk).first()
    if found is None:
        raise Http404
    form = FeedbackForm(request.POST or None, initial=_first(request.GET))
    if request.method == "POST" and form.is_valid():
        try:
            told = {**form.cleaned_data, "org": _org(asked)}
            task = give_feedback(found, **told, by=asked.person, at=asked.at)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _t("已转给归口部门，办理结果会告诉您"))
            return redirect(task)
    context = {"version": found, "item": found.item, "form": form}
    return render(request, "knowledge/feedback.html", context, status=422 if form.errors else 200)


def _first(told: QueryDict) -> dict[str, str]:
    """The number of a case, when the address names one; nothing else that it may hold."""
    case = told.get("case", "")
    return {"case": case} if CASE.fullmatch(case) else {}


def _org(asked: StaffRequest) -> Any:
    return next((post.org for post in asked.reach.posts), None)


def _found(asked: StaffRequest, pk: int) -> Revision:
    found = Revision.objects.within(asked.reach).listed().filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def _show(
    asked: StaffRequest,
    found: Revision,
    bound: Mapping[str, AnswerForm] | None = None,
    status: int = 200,
) -> HttpResponse:
    answers_for = may(asked.reach, DRAFT, found.item)
    cares = _cares(asked, found)
    said = found.feedback.select_related("person", "org", "version").order_by("-pk")
    if not cares:
        said = said.filter(person=asked.person)
    names = {code: row.name for code, row in reasons().items()}
    context: dict[str, Any] = {
        "revision": found,
        "source": _source(found),
        "is_late": found.is_late(asked.at),
        "said": [{"row": row, "reason": names.get(row.reason, row.reason)} for row in said[:100]],
        "answers": _answers(found, bound or {}) if answers_for and found.is_unanswered else [],
        "history": list(found.entries.select_related("by").in_order()) if cares else [],
        "cares": cares,
    }
    return render(asked, "knowledge/revision.html", context, status=status)


def _answers(found: Revision, bound: Mapping[str, AnswerForm]) -> list[dict[str, Any]]:
    return [
        {
            "verb": verb,
            "label": label,
            "icon": icon,
            "form": bound.get(verb) or AnswerForm(prefix=verb),
            "is_opened": verb in bound,
        }
        for verb, (label, icon, _act) in ANSWERS.items()
        if not (verb == "revision" and found.state == REVISING)
    ]
