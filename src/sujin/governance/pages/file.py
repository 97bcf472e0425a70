"""One evidence file: the graph, its reasons, what people made of it; every look is an entry."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _t
from django.views.decorators.http import require_POST, require_safe

from sujin.governance import paper, rulebook, telling
from sujin.governance.acts.close_file import close_file
from sujin.governance.acts.dispute_file import dispute_file
from sujin.governance.acts.review_file import had_part, review_file
from sujin.governance.acts.view_file import view_file
from sujin.governance.forms import ClosingForm, ObjectionForm, VerdictForm
from sujin.governance.models import EvidenceFile
from sujin.governance.models.evidence import JUDGED
from sujin.platform import documents
from sujin.platform.refusal import Refusal
from sujin.platform.ui.request import StaffRequest, holds

TIES_SHOWN = 30


@require_safe
def file(request: HttpRequest, pk: int) -> HttpResponse:
    """The file as far as the reader's reach goes."""
    asked = holds(request, "evidence")
    return _show(asked, _found(asked, pk))


@require_POST
def verdict(request: HttpRequest, pk: int) -> HttpResponse:
    """A person's verdict."""
    return _do(request, pk, VerdictForm(request.POST), review_file, "verdict_form")


@require_POST
def objection(request: HttpRequest, pk: int) -> HttpResponse:
    """Somebody concerned objects."""
    return _do(request, pk, ObjectionForm(request.POST), dispute_file, "objection_form")


@require_POST
def closing(request: HttpRequest, pk: int) -> HttpResponse:
    """Nothing more is to be looked into."""
    return _do(request, pk, ClosingForm(request.POST), close_file, "closing_form")


@require_POST
def export(request: HttpRequest, pk: int, form: str) -> HttpResponse:
    """The file as a document, as masked as the page; the look is on the docket."""
    asked = holds(request, "evidence")
    found = _found(asked, pk)
    made = documents.FORMS.get(form)
    if made is None or made.large:
        raise Http404
    told = telling.Told(found, asked.reach)
    view_file(found, form=form, cases=len(told.members), by=asked.person, at=asked.at)
    return documents.response(made, paper.written(told, by=asked.person, at=asked.at), str(found))


def _found(asked: StaffRequest, pk: int) -> EvidenceFile:
    found = EvidenceFile.objects.within(asked.reach).kept(asked.at).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def _do(
    request: HttpRequest, pk: int, form: forms.Form, act: Callable[..., None], name: str
) -> HttpResponse:
    asked = holds(request, "evidence")
    found = _found(asked, pk)
    if "weigh" not in asked.reach.may:
        raise PermissionDenied
    if form.is_valid():
        try:
            act(found, **form.cleaned_data, by=asked.person, at=asked.at)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _t("已登记"))
            return redirect(found)
    return _show(asked, found, {name: form}, status=422)


def _show(
    asked: StaffRequest,
    found: EvidenceFile,
    bound: dict[str, forms.Form] | None = None,
    status: int = 200,
) -> HttpResponse:
    told = telling.Told(found, asked.reach)
    view_file(found, form="page", cases=len(told.members), by=asked.person, at=asked.at)
    context: dict[str, Any] = {
        "file": found,
        "told": told,
        "members": telling.members_shown(told),
        "drawing": told.drawing(),
        "ties": told.ties(TIES_SHOWN),
        "chance": telling.likelihood(found.expected),
        "alike": told.alike(asked.at),
        "numbers": rulebook.manifest(),
        "unknown": paper.unknown(),
        "purpose": paper.purpose(),
        **_forms(asked, found),
        **(bound or {}),
    }
    return render(asked, "governance/file.html", context, status=status)


def _forms(asked: StaffRequest, found: EvidenceFile) -> dict[str, Any]:
    """What may still be done, by whom."""
    if "weigh" not in asked.reach.may:
        return {}
    if found.is_closed:
        return {"objection_form": ObjectionForm()}
    return {
        "had_part": had_part(found, asked.person),
        "is_second": found.proposed_by_id not in (None, asked.person.pk),
        "verdict_form": VerdictForm(),
        "objection_form": ObjectionForm(),
        "closing_form": ClosingForm() if found.state in JUDGED else None,
    }
