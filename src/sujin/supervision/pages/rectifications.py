"""整改清单: every shortcoming of the outlets in reach, until its echo was looked at; and one."""

from typing import Any

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from sujin.platform.models import Attachment
from sujin.platform.ui.listing import Column, Filter, Listing, Sort
from sujin.platform.ui.request import StaffRequest
from sujin.platform.ui.verbs import Offered, Verb, Verbs
from sujin.supervision.acts.hold_accountable import is_confirmed
from sujin.supervision.acts.rectify import (
    answer_shortcoming,
    may_answer,
    may_look,
    mend_shortcoming,
    return_shortcoming,
)
from sujin.supervision.forms_inspection import AnswerForm, LookForm
from sujin.supervision.inspectionbook import items
from sujin.supervision.kinds import shortcoming as kinds
from sujin.supervision.models import Accountability, Shortcoming
from sujin.supervision.models.accountability import ACCOUNT
from sujin.supervision.pages.inspections import reader, served

VERBS = Verbs(
    Verb("echo", _("回音"), "message-2", AnswerForm, answer_shortcoming),
    Verb("mending", _("复查通过"), "circle-check", LookForm, mend_shortcoming),
    Verb("return", _("复查不通过，退回"), "arrow-back", LookForm, return_shortcoming),
)
COLUMNS = [
    Column("outlet", _("网点")), Column("words", _("问题")), Column("severity", _("轻重")),
    Column("state", _("状态")), Column("due", _("整改期限"), sort="due"),
    Column("again", _("以后的检查")),
]  # fmt: skip
SORTS = [
    Sort("due", _("先到期的在前"), ("due_at", "pk")), Sort("new", _("最近在前"), ("-pk",)),
]  # fmt: skip
AGAIN = (("again", _("整改后又出现")), ("holds", _("再查仍合格")), ("late", _("逾期")))


@require_safe
def rectifications(request: HttpRequest) -> HttpResponse:
    """The list of the outlets in reach; what is due first in front."""
    asked = reader(request)
    rows = Shortcoming.objects.within(asked.reach).select_related("outlet", "inspection")
    known = tuple((code, str(row)) for code, row in items().items())
    listing = Listing(
        asked.GET,
        rows,
        filters=[
            Filter(
                "state", _("状态"), tuple(kinds.SHORTCOMING_STATES.items()),
                lambda rows, value: rows.filter(state=value),
            ),
            Filter("item", _("检查项"), known, lambda rows, value: rows.filter(item=value)),
            Filter("again", _("情形"), AGAIN, lambda rows, value: _narrowed(asked, rows, value)),
        ],
        sorts=SORTS,
        columns=COLUMNS,
    )  # fmt: skip
    return render(request, "supervision/rectifications.html", {"listing": listing})


def _narrowed(asked: StaffRequest, rows: Any, value: str) -> Any:
    if value == "late":
        return rows.filter(state=kinds.OPEN, due_at__lt=asked.at)
    if value == "holds":
        return rows.filter(holds=True)
    return rows.filter(again_of__isnull=False)


@require_safe
def shortcoming(request: HttpRequest, pk: int) -> HttpResponse:
    """One: what was seen, the echo with its proof, the looks, what it led to."""
    asked = reader(request)
    return _show(asked, _visible(asked, pk))


@require_POST
def perform(request: HttpRequest, pk: int, verb: str) -> HttpResponse:
    """``echo``, ``mending`` or ``return``."""
    asked = reader(request)
    found = _visible(asked, pk)
    if verb not in VERBS:
        raise Http404
    bound = VERBS.perform(asked, verb, found)
    return redirect(found) if bound is None else _show(asked, found, bound, status=422)


@require_safe
def paper(request: HttpRequest, pk: int, file: int) -> FileResponse:
    """A file of the echo, to whoever may see the shortcoming."""
    found = _visible(reader(request), pk)
    return served(_papers(found).filter(pk=file).first())


def _papers(found: Shortcoming) -> Any:
    rows = Attachment.objects.filter(subject=Shortcoming.subject, subject_id=found.pk)
    return rows.order_by("pk")


def _visible(asked: StaffRequest, pk: int) -> Shortcoming:
    rows = Shortcoming.objects.within(asked.reach).select_related(
        "outlet", "inspection__plan__org", "inspection__inspector", "again_of"
    )
    found = rows.filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def _show(
    asked: StaffRequest, found: Shortcoming, bound: Offered | None = None, status: int = 200
) -> HttpResponse:
    photos = found.inspection.photos.filter(item=found.item).select_related("file")
    held = Accountability.objects.within(asked.reach).filter(shortcoming=found)
    history = found.entries.select_related("by").in_order()
    context = {
        "shortcoming": found,
        "verbs": VERBS.offered(_allowed(asked, found), bound),
        "papers": _papers(found),
        "photos": photos.order_by("pk"),
        "held": held.select_related("person").order_by("pk"),
        "may_open": _may_open(asked, found),
        "history": [(one, one.what()) for one in history],
    }
    return render(asked, "supervision/shortcoming.html", context, status=status)


def _allowed(asked: StaffRequest, found: Shortcoming) -> list[str]:
    if found.state == kinds.OPEN and may_answer(found, asked.reach):
        return ["echo"]
    if found.state == kinds.ANSWERED and may_look(found, asked.reach):
        return ["mending", "return"]
    return []


def _may_open(asked: StaffRequest, found: Shortcoming) -> bool:
    return asked.reach.allows(ACCOUNT, found.outlet.tokens) and is_confirmed(found)
