"""One 优化建议: what it says, who assessed it, what became of it, the verdict on its benefit."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from sujin.complaints import words as names
from sujin.complaints.models import Complaint
from sujin.governance import verdict_words
from sujin.governance.kinds.ledger import DECLARED
from sujin.governance.models import Measure
from sujin.governance.models.problem import GOVERN
from sujin.governance.pages.doing import done
from sujin.platform.models import Person
from sujin.platform.ui.request import StaffRequest, staff
from sujin.supervision.acts.assess_proposal import (
    adopt_proposal,
    assess_proposal,
    decline_proposal,
    may_assess,
)
from sujin.supervision.acts.carry_proposal import (
    GONE,
    award_proposal,
    awards,
    carries,
    carry_out_proposal,
    enter_proposal,
    grantable,
    tie_measure,
)
from sujin.supervision.acts.submit_proposal import join_proposal
from sujin.supervision.forms_proposal import (
    AssessForm,
    AwardForm,
    BecauseForm,
    CarriedForm,
    EnterForm,
    JoinForm,
    TieForm,
)
from sujin.supervision.kinds import proposal as kinds
from sujin.supervision.models import Proposal, Walkthrough
from sujin.supervision.proposal_board import together
from sujin.supervision.voicebook import criteria, number

Bound = dict[str, forms.Form]
ACTS: dict[str, Callable[..., Any]] = {
    "assessment": assess_proposal, "adoption": adopt_proposal, "declining": decline_proposal,
    "entering": enter_proposal, "tying": tie_measure, "carrying": carry_out_proposal,
    "award": award_proposal,
}  # fmt: skip
OFFERED = 50


@require_safe
def proposal(request: HttpRequest, pk: int) -> HttpResponse:
    """As the reader may see it."""
    asked = staff(request)
    return _show(asked, _found(asked, pk))


@require_POST
def proposal_verb(request: HttpRequest, pk: int, verb: str) -> HttpResponse:
    """What is done with it."""
    asked = staff(request)
    found = _found(asked, pk)
    if verb not in ACTS:
        raise Http404
    form = _form(verb, asked, found, asked.POST)

    def act() -> None:
        told = form.told() if isinstance(form, AssessForm) else form.cleaned_data
        ACTS[verb](found, **told, by=asked.person, at=asked.at)

    if done(asked, form, act):
        return redirect(found)
    return _show(asked, _found(asked, pk), {verb: form}, status=422)


@require_POST
def proposal_join(request: HttpRequest, pk: int) -> HttpResponse:
    """Whoever was about to write the same: the like ones of the whole house may be joined."""
    asked = staff(request)
    found = Proposal.objects.filter(pk=pk).first()
    if found is None:
        raise Http404
    form = JoinForm(asked.POST)
    who: dict[str, Any] = {"by": asked.person, "at": asked.at}
    if done(asked, form, lambda: join_proposal(found, **form.cleaned_data, **who)):
        return redirect(found)
    for said in form.errors.values():
        messages.error(asked, " ".join(map(str, said)))
    return redirect("supervision:proposal_new")


def _found(asked: StaffRequest, pk: int) -> Proposal:
    rows = Proposal.objects.within(asked.reach).select_related(
        "owner", "unit", "about", "case", "problem", "measure__problem__owner"
    )
    found = rows.filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def _form(verb: str, asked: StaffRequest, found: Proposal, data: Any = None) -> forms.Form:
    auto_id = f"{verb}-%s"
    if verb == "assessment":
        return AssessForm(data, auto_id=auto_id)
    if verb == "entering":
        return EnterForm(asked.at, data, auto_id=auto_id)
    if verb == "tying":
        return TieForm(_offered(asked, found), data, auto_id=auto_id)
    if verb == "carrying":
        return CarriedForm(data, auto_id=auto_id)
    if verb == "award":
        return AwardForm({one.code: one for one in grantable(found)}, data, auto_id=auto_id)
    return BecauseForm(data, auto_id=auto_id)


def _offered(asked: StaffRequest, found: Proposal) -> Any:
    """Measures declared since the adoption, where the proposal lies, not carried out yet, that
    stand for no other."""
    taken = Proposal.objects.filter(measure__isnull=False).values("measure")
    since = found.decided_at or asked.at
    rows = Measure.objects.readable(asked.reach).filter(state=DECLARED, declared_at__gte=since)
    rows = rows.exclude(pk__in=taken)
    if found.business:
        own = Q(problem__business=found.business)
        rows = rows.filter(own | Q(problem__business__startswith=f"{found.business}."))
    if not found.about.is_root:
        rows = rows.filter(problem__org_path__startswith=found.about.path)
    keys = list(rows.order_by("-declared_at").values_list("pk", flat=True)[:OFFERED])
    return Measure.objects.filter(pk__in=keys).select_related("problem").order_by("-declared_at")


def _show(
    asked: StaffRequest, found: Proposal, bound: Bound | None = None, status: int = 200
) -> HttpResponse:
    people = Person.objects.in_bulk(found.credited)
    context: dict[str, Any] = {
        "proposal": found,
        "writers": [str(people[one]) for one in found.credited if one in people],
        "business": names.named("business", found.business),
        "cause": names.named("cause", found.cause),
        "criteria": list(criteria().values()),
        "assessments": _assessed(found),
        "spread_most": number("spread_most"),
        "together": together(found, asked.at),
        "likes": _likes(asked, found),
        "forms": _forms(asked, found) | (bound or {}),
        "history": [(one, one.what()) for one in found.entries.select_related("by").in_order()],
        "sees_case": _sees_case(asked, found),
        "answered_late": _is_late(asked, found),
        "walkthroughs": list(Walkthrough.objects.of_proposal(found).order_by("pk")),
        "may_walk": _may_walk(asked, found),
        **_benefit(asked, found),
    }  # fmt: skip
    return render(asked, "supervision/proposal.html", context, status=status)


def _assessed(found: Proposal) -> list[dict[str, Any]]:
    """Each assessor's points in the order of the criteria."""
    return [
        {**one, "listed": [(row, one["points"].get(code, "—")) for code, row in criteria().items()]}
        for one in found.assessments
    ]


def _likes(asked: StaffRequest, found: Proposal) -> list[tuple[Proposal, bool]]:
    """What was shown as like it, and whether the reader may open it."""
    seen = set(
        Proposal.objects.within(asked.reach).filter(pk__in=found.likes).values_list("pk", flat=True)
    )
    return [(one, one.pk in seen) for one in Proposal.objects.filter(pk__in=found.likes)]


def _may_walk(asked: StaffRequest, found: Proposal) -> bool:
    own = asked.person.pk in found.writers
    return GOVERN in asked.reach.may and not own and found.state in (kinds.ADOPTED, *kinds.DONE)


def _sees_case(asked: StaffRequest, found: Proposal) -> bool:
    if found.case_id is None:
        return False
    return Complaint.objects.within(asked.reach).filter(pk=found.case_id).exists()


def _is_late(asked: StaffRequest, found: Proposal) -> bool:
    days = (timezone.localdate(asked.at) - timezone.localdate(found.submitted_at)).days
    return found.is_undecided and days > number("answer_days")


def _benefit(asked: StaffRequest, found: Proposal) -> dict[str, Any]:
    """The measure with its verdict; linked for whoever may read it in the ledger."""
    measure = found.measure
    if measure is None:
        return {}
    readable = Measure.objects.readable(asked.reach).filter(pk=measure.pk).exists()
    told: dict[str, Any] = {"measure": measure, "measure_readable": readable}
    if measure.verdict:
        told["said"] = verdict_words.kept(measure.verdict, measure.figures)
        beside = verdict_words.Beside.kept(measure.figures, {})
        told["besides"] = list(verdict_words.besides(beside))
    return told


def _forms(asked: StaffRequest, found: Proposal) -> Bound:
    """What may be done with it now, by whom."""
    verbs: list[str] = []
    mine = asked.reach
    if may_assess(found, mine):
        if found.state == kinds.SUBMITTED and mine.person_id not in found.hands:
            verbs = ["assessment"]
        if found.state == kinds.ASSESSED:
            verbs = ["adoption", "declining"]
    if found.state == kinds.ADOPTED and carries(found, mine):
        verbs = _carrying(found)
    if found.is_done and awards(mine) and mine.person_id not in found.writers:
        verbs = ["award"] * bool(grantable(found))
    return {verb: _form(verb, asked, found) for verb in verbs}


def _carrying(found: Proposal) -> list[str]:
    if found.measure is not None and found.measure.state not in GONE:
        return ["carrying"]
    return ["tying"] if found.problem_id else ["entering", "tying"]
