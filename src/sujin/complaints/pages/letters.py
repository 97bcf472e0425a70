"""One letter on one page: written, checked against the law while it is written, approved, sent."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _t
from django.views.decorators.http import require_http_methods, require_POST

from sujin.complaints import correspondence, envelope, listening, precedents
from sujin.complaints.acts import reply
from sujin.complaints.acts.reveal import reveal
from sujin.complaints.forms_answering import LetterForm, SendForm, SubmitForm
from sujin.complaints.forms_delivery import DeliveryForm, StopForm
from sujin.complaints.models import Approval, Complaint, Letter
from sujin.complaints.pages import assist, beside
from sujin.complaints.pages.guard import allowed, visible
from sujin.complaints.plainness import plainness
from sujin.complaints.sides import Entities
from sujin.engine import letters as checks
from sujin.platform import documents
from sujin.platform.refusal import Refusal
from sujin.platform.ui.request import StaffRequest, staff

Act = Callable[..., None]


@require_http_methods(["GET", "HEAD", "POST"])
def letter(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    """GET shows it; POST keeps other words."""
    if request.method != "POST":
        return show(staff(request), _readable(request, number, pk))
    found = letter_of(allowed(request, number, "answer"), pk)
    form = LetterForm(request.POST)
    return _do(request, found, form, act=reply.revise, done=_t("已保存"), name="body_form")


@require_POST
def submission(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    """Ask for the second pair of eyes."""
    case = allowed(request, number, "answer")
    found = letter_of(case, pk)
    form = SubmitForm(request.POST, kind=found.kind, case=case)
    return _do(request, found, form, act=reply.submit, done=_t("已提交复核"), name="submit_form")


@require_POST
def dispatch(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    """Record that it reached the customer."""
    found = letter_of(allowed(request, number, "answer"), pk)
    form = SendForm(request.POST)
    return _do(request, found, form, act=reply.send, done=_t("已登记送达"), name="send_form")


@require_POST
def reading(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    """What the law misses in the words as they stand on the screen; nothing is kept."""
    found = _readable(request, number, pk)
    found.body = request.POST.get("body", "")[: reply.BODY_MAX]
    return render(request, "complaints/partials/letter_check.html", _checked(found))


@require_POST
def scale(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    """What may be granted, and what was before, for the finding and sum as typed."""
    found = _readable(request, number, pk)
    form = SubmitForm(request.POST, kind=found.kind, case=found.complaint)
    form.is_valid()
    shown = {"beside": _beside(staff(request), found, form.given)}
    return render(request, "complaints/partials/letter_scale.html", shown)


@require_POST
def paper(request: HttpRequest, number: str, pk: int, form: str) -> HttpResponse:
    """The letter as a file for the customer: it bears the name, so the look is on the docket."""
    case = allowed(request, number, "answer")
    found = letter_of(case, pk)
    made = documents.FORMS.get(form)
    if made is None:
        raise Http404
    asked = staff(request)
    reveal(case, because="contact", by=asked.person, at=asked.at)
    name = f"{number}-{found.get_kind_display()}"
    return documents.response(made, correspondence.addressed(found, clear=True), name)


def _do(
    request: HttpRequest, found: Letter, form: forms.Form, *, act: Act, done: str, name: str
) -> HttpResponse:
    asked = staff(request)
    if form.is_valid():
        given = form.given if isinstance(form, SubmitForm) else form.cleaned_data
        try:
            act(found, **given, by=asked.person, at=asked.at)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, done)
            return redirect(found)
    return show(asked, found, {name: form}, status=422)


def _readable(request: HttpRequest, number: str, pk: int) -> Letter:
    """A letter that the reader's side may read: not the other side's draft."""
    case, entities = visible(request, number), Entities()
    sight = entities.look(case, staff(request).reach)
    return letter_of(case, pk, beside.letters(case, sight, entities))


def letter_of(case: Complaint, pk: int, rows: QuerySet[Letter] | None = None) -> Letter:
    """The letter of this case, of those in ``rows`` when given, or 404."""
    rows = case.letters.all() if rows is None else rows
    found = rows.select_related("drafted_by", "approved_by", "sent_by").filter(pk=pk).first()
    if found is None:
        raise Http404
    found.complaint = case
    return found


def show(
    request: StaffRequest,
    found: Letter,
    bound: dict[str, forms.Form] | None = None,
    status: int = 200,
) -> HttpResponse:
    """The page of the letter; ``bound`` are the forms that came back with errors."""
    case = found.complaint
    waiting = Approval.objects.waiting().filter(complaint=case, act=reply.ACT).first()
    context: dict[str, Any] = {
        "case": case,
        "letter": found,
        "waiting": waiting,
        "may_answer": case.may_be_handled_by(request.person)
        and request.reach.allows("answer", case.seen_by)
        and not Entities().look(case, request.reach).is_partial,
        "body_form": LetterForm(initial={"body": found.body}),
        "submit_form": SubmitForm(kind=found.kind, case=case),
        "send_form": SendForm(),
        "beside": _beside(request, found, {}),
        "departures": precedents.sentences(waiting.data.get("departure", {})) if waiting else [],
        "assist": [] if found.is_approved or waiting else assist.beside(case, request),
        **_checked(found),
        **_sending(found, (bound or {}).get("delivery_form")),
        **(bound or {}),
    }
    return render(request, "complaints/letter.html", context, status=status)


def _beside(
    request: StaffRequest, found: Letter, given: dict[str, Any]
) -> precedents.Beside | None:
    """The panel of a decision not yet approved; other letters grant nothing."""
    if found.kind != "decision" or found.is_approved:
        return None
    return precedents.beside(
        found.complaint,
        finding=given.get("finding", ""),
        given=given.get("remedy"),
        reach=request.reach,
        at=request.at,
    )


def _sending(found: Letter, bound: forms.Form | None) -> dict[str, Any]:
    """Its ways by wire: how each stands, and the forms to begin one; two queries."""
    sent = list(found.dispatches.order_by("-pk"))
    parties = list(found.complaint.parties.order_by("pk"))
    offered: list[forms.Form] = [DeliveryForm(way=way, parties=parties) for way in envelope.ways()]
    if isinstance(bound, DeliveryForm):
        offered = [bound if form.prefix == bound.prefix else form for form in offered]
    return {
        "dispatches": sent,
        "delivery_forms": offered,
        "stop_form": StopForm(),
        "is_under_way": any(dispatch.state == "waiting" for dispatch in sent),
    }


def _checked(found: Letter) -> dict[str, Any]:
    return {
        "lacks": correspondence.lacking(found),
        "slips": listening.slips(found.body),
        "unwritten": checks.unwritten(found.body),
        "plain": plainness(found),
        "preview": documents.html(correspondence.addressed(found, clear=False)),
    }
