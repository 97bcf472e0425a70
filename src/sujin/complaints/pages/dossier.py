"""One case on one page: what it is, who has it, what runs out, what was done, what to do."""

import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.db.models import Prefetch, prefetch_related_objects
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _t
from django.views.decorators.http import require_POST, require_safe

from sujin.complaints import progress, rounds
from sujin.complaints.acts.receive import Receipt
from sujin.complaints.acts.reclassify import threshold
from sujin.complaints.acts.reveal import reveal
from sujin.complaints.desks import Desks
from sujin.complaints.forms import CaseForm, RevealForm
from sujin.complaints.models import Assignment, Complaint, Letter, Promise
from sujin.complaints.pages import advice, assist, beside, outlook, story, why
from sujin.complaints.pages.actions import BY_NAME, OPEN_TO_RECUSED, SECTIONS, arguments
from sujin.complaints.pages.actions.base import Action
from sujin.complaints.pages.guard import allowed, visible
from sujin.complaints.progress import Stage
from sujin.complaints.sides import SHARED_ACTIONS, Entities, Sight
from sujin.complaints.suggestions import suggestions
from sujin.platform.refusal import Refusal
from sujin.platform.ui.request import StaffRequest, staff

NUMBER_LENGTH = 16


@require_safe
def dossier(request: HttpRequest, number: str) -> HttpResponse:
    """``?merge=NUMBER`` opens the form of the merge, filled in; ``?advised`` that of the codes."""
    case, filled = visible(request, number), {}
    if into := request.GET.get("merge", "")[:NUMBER_LENGTH]:
        filled["merger"] = {"into": into}
    if "advised" in request.GET and (codes := advice.codes(case)):
        filled["codes"] = codes
    return show(request, case, filled=filled)


@require_POST
def perform(request: HttpRequest, number: str, name: str) -> HttpResponse:
    """Do one action; a refused one shows the dossier again with what was typed and why."""
    action, asked = BY_NAME[name], staff(request)
    case = _allowed(request, number, action)
    if not progress.belongs(name, case):
        messages.error(request, _t("这一级投诉不走这一步；需要时请先调整分级"))
        return show(request, case, status=422)
    form = action.form(request.POST, request.FILES, case=case, request=asked, prefix=action.name)
    if not form.is_valid():
        return show(request, case, bound={name: form}, status=422)
    try:
        given = arguments(action, form.cleaned_data)
        made = action.act(case, **given, by=asked.person, at=asked.at)
    except Refusal as refusal:
        form.add_error(None, str(refusal))
        return show(request, visible(request, number), bound={name: form}, status=422)
    messages.success(request, str(action.done))
    if request.POST.get("back") == "home":
        return redirect("complaints:home")
    if isinstance(made, Receipt):
        return _parted(request, made) or redirect(case)
    # A new letter is written on its own page.
    return redirect(made if isinstance(made, Letter) else case)


def _allowed(request: HttpRequest, number: str, action: Action) -> Complaint:
    case = allowed(
        request,
        number,
        action.permission,
        shared=action.name in SHARED_ACTIONS,
        open_to_recused=action.name in OPEN_TO_RECUSED,
    )
    if action.name == "withdrawal" and threshold(case):
        # What needs a second pair of eyes to stop being a complaint needs them to be withdrawn.
        return allowed(request, number, "approve")
    return case


def _parted(request: HttpRequest, made: Receipt) -> HttpResponse | None:
    """The new case with its code, once: the code is kept nowhere. None for whoever does not see
    it, since another unit has it now."""
    seen = Complaint.objects.within(staff(request).reach).filter(pk=made.complaint.pk).exists()
    return show(request, visible(request, made.number), code=made.code) if seen else None


@require_POST
def personal(request: HttpRequest, number: str) -> HttpResponse:
    """The people of the case in the clear, once, for a stated reason; the look is on the docket."""
    case = allowed(request, number, "reveal")
    asked = staff(request)
    form = RevealForm(request.POST, case=case, request=asked, prefix="reveal")
    if not form.is_valid():
        return show(request, case, bound={"reveal": form}, status=422)
    reveal(case, **form.cleaned_data, by=asked.person, at=asked.at)
    return show(request, case, clear=True)


def show(
    request: HttpRequest,
    case: Complaint,
    *,
    bound: dict[str, CaseForm] | None = None,
    filled: Mapping[str, dict[str, str]] | None = None,
    clear: bool = False,
    code: str = "",
    wrong: dict[str, Any] | None = None,
    status: int = 200,
) -> HttpResponse:
    asked = staff(request)
    _read_beside(case)
    bound = (bound or {}) | _prefilled(filled or {}, case, asked)
    entities = Entities()
    sight, now = entities.look(case, asked.reach), rounds.this_round(case)
    context: dict[str, Any] = story.tell(case, asked, entities, clear=clear)
    facts = progress.done(case, now)
    context |= beside.tell(case, sight, entities, facts=facts, at=asked.at)
    stages = progress.stages(case, facts, now) if case.is_open else []
    context |= {
        "case": case,
        "stages": stages,
        **_offers(case, asked, bound, stages, sight),
        "reveal": bound.get("reveal") or _reveal_form(case, asked, sight, clear=clear),
        "promises": Promise.objects.owed_under(case).listed(),
        "may_promise": asked.reach.allows("annotate", case.seen_by)
        and case.may_be_handled_by(asked.person),
        "wrong": wrong,
        "desks": Desks(asked.at).around(case.origin),
        "overruling": why.overruling(case, asked, _open(case, asked, sight)),
        **_advised(case, asked, sight, context["timeline"]),
        **_alike(case, asked, sight),
        **_parting(case, asked, sight, bound.get("parting"), code),
    }
    return render(request, "complaints/dossier.html", context, status=status)


def _alike(case: Complaint, request: StaffRequest, sight: Sight) -> dict[str, Any]:
    """What may be the same matter, and what this person may do about it."""
    return {
        "suggested": [] if sight.is_partial else suggestions(case, reach=request.reach),
        "may_merge": case.is_open and request.reach.allows("merge", case.seen_by),
        "may_tell_apart": request.reach.allows("link", case.seen_by),
    }


def _parting(
    case: Complaint, request: StaffRequest, sight: Sight, form: CaseForm | None, code: str
) -> dict[str, Any]:
    """Whether this person may part contacts, the form that came back with errors, and the code of
    a case that has just been parted."""
    may = request.reach.allows("link", case.seen_by) and case.may_be_handled_by(request.person)
    return {
        "may_part": may and not sight.is_partial,
        "code": textwrap.wrap(code, 4),
        "parting": form,
        "parting_of": form.cleaned_data.get("contact") if form else None,
    }


def _read_beside(case: Complaint) -> None:
    """What several actions and panels ask of the case: read once it answers all of them."""
    asked_of = Assignment.objects.select_related("desk", "done_by").order_by("pk")
    prefetch_related_objects(
        [case], "sessions", "shares", "reviews__desk", Prefetch("assignments", asked_of)
    )


def _advised(
    case: Complaint, request: StaffRequest, sight: Sight, timeline: Sequence[story.Line]
) -> dict[str, Any]:
    """What the bank's own model advises, what knowledge says, and whether it may escalate."""
    own = (line.entry for line in timeline if line.entry.subject_id == case.pk)
    may_correct = advice.may_correct(case, request, sight)
    return {
        "advice": advice.tell(case, own, may_correct=may_correct),
        "assist": assist.beside(case, request),
        "outlook": outlook.line(case, request, sight),
    }


def _prefilled(
    filled: Mapping[str, dict[str, str]], case: Complaint, request: StaffRequest
) -> dict[str, CaseForm]:
    """Forms that stand open with what is known already."""
    return {
        name: BY_NAME[name].form(case=case, request=request, prefix=name, initial=initial)
        for name, initial in filled.items()
    }


@dataclass(frozen=True, slots=True)
class Offer:
    """An action as the template shows it: opened when its form came back with errors."""

    action: Action
    form: CaseForm
    is_opened: bool
    is_next: bool


def _offers(
    case: Complaint,
    request: StaffRequest,
    bound: Mapping[str, CaseForm],
    stages: Sequence[Stage],
    sight: Sight,
) -> dict[str, Any]:
    """What can be done now: the tier's next step first, then the usual; the rest by section."""
    step = next((stage.step.action for stage in stages if stage.is_next), "")
    owed = {stage.step.action for stage in stages if not stage.is_done}
    main: list[Offer] = []
    more: list[tuple[Any, list[Offer]]] = []
    for label, actions in SECTIONS:
        offers = [
            _offer(action, case, request, bound, step)
            for action in actions
            if _is_open(action, case, request, sight)
        ]
        usual = [
            offer
            for offer in offers
            if offer.action.is_main
            or offer.action.name in owed
            or offer.action.is_pressing(case, request)
        ]
        main += usual
        rest = [offer for offer in offers if offer not in usual]
        more += [(label, rest)] if rest else []
    main.sort(key=lambda offer: not offer.is_next)
    is_opened = any(offer.is_opened for _label, offers in more for offer in offers)
    return {"actions": main, "more": more, "more_is_opened": is_opened}


def _offer(
    action: Action,
    case: Complaint,
    request: StaffRequest,
    bound: Mapping[str, CaseForm],
    step: str,
) -> Offer:
    form = bound.get(action.name) or action.form(case=case, request=request, prefix=action.name)
    return Offer(action, form, action.name in bound, action.name == step)


def _is_open(action: Action, case: Complaint, request: StaffRequest, sight: Sight) -> bool:
    return (
        (action.name in SHARED_ACTIONS or not sight.is_partial)
        and (action.name in OPEN_TO_RECUSED or case.may_be_handled_by(request.person))
        and request.reach.allows(action.permission, case.seen_by)
        and progress.belongs(action.name, case)
        and action.is_offered(case, request)
    )


def _open(case: Complaint, request: StaffRequest, sight: Sight) -> dict[str, bool]:
    """Which of the overruling actions this person may take now."""
    return {name: _is_open(BY_NAME[name], case, request, sight) for name in why.OVERRULING}


def _reveal_form(
    case: Complaint, request: StaffRequest, sight: Sight, *, clear: bool
) -> RevealForm | None:
    may = request.reach.allows("reveal", case.seen_by) and case.may_be_handled_by(request.person)
    if clear or sight.is_partial or not may:
        return None
    return RevealForm(case=case, request=request, prefix="reveal")
