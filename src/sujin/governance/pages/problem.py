"""One problem, one plan: its cause, its measures with their verdicts, and how it went."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.views.decorators.http import require_POST, require_safe

from sujin.engine.verify import Verdict
from sujin.governance import measure_chart, verdict_words, wave_words
from sujin.governance.acts.declare_measure import (
    cancel_measure,
    carries_out,
    carry_out_measure,
    declare_measure,
    may_waive,
    prolong_measure,
    revise_measure,
    waive_measure,
)
from sujin.governance.acts.draft_guideline import draft_guideline, drafts
from sujin.governance.acts.open_problem import answers_for
from sujin.governance.acts.settle_problem import (
    close_problem,
    drop_problem,
    find_cause,
    may_close,
    may_urge,
    urge_problem,
    what_is_missing,
)
from sujin.governance.forms_ledger import (
    BecauseForm,
    CauseForm,
    Offer,
    PlanForm,
    ProlongForm,
    ProofForm,
    declared,
    offered,
)
from sujin.governance.guidance import guideline_of
from sujin.governance.kinds import ledger as kinds
from sujin.governance.ledger_sources import SOURCES
from sujin.governance.models import Measure, Problem
from sujin.governance.models.measure import node_of
from sujin.governance.models.owned import WATCH
from sujin.governance.pages.doing import done
from sujin.platform.models import Entry
from sujin.platform.refusal import Refusal
from sujin.platform.ui.request import StaffRequest, holds

Act = Callable[..., Any]
Bound = dict[str, forms.Form]
PROBLEM_ACTS: Mapping[str, tuple[Act, type[forms.Form]]] = {
    "cause": (find_cause, CauseForm),
    "urging": (urge_problem, BecauseForm),
    "dropping": (drop_problem, BecauseForm),
    "closing": (close_problem, BecauseForm),
}
MEASURE_ACTS: Mapping[str, tuple[Act, type[forms.Form]]] = {
    "proof": (carry_out_measure, ProofForm),
    "cancelling": (cancel_measure, BecauseForm),
    "waiver": (waive_measure, BecauseForm),
    "prolonging": (prolong_measure, ProlongForm),
}
# So many pictures are worked out for a page; older measures show their stored figures.
PICTURES = 4


@require_safe
def problem(request: HttpRequest, pk: int) -> HttpResponse:
    """As the reader may see it."""
    asked = holds(request, WATCH)
    return _show(asked, _found(asked, pk))


@require_POST
def perform(request: HttpRequest, pk: int, verb: str) -> HttpResponse:
    """What is done with the problem itself; ``plan`` declares a measure."""
    asked = holds(request, WATCH)
    found = _found(asked, pk)
    if verb == "guideline":
        return _guideline(asked, found)
    if verb == "plan":
        form = PlanForm(offered(found, asked.reach, asked.at), asked.POST)
        is_done = done(asked, form, lambda: declare_measure(found, form.plan(), **_who(asked)))
    elif verb in PROBLEM_ACTS:
        act, form_of = PROBLEM_ACTS[verb]
        form = form_of(asked.POST, auto_id=f"{verb}-%s")  # type: ignore[assignment]
        is_done = done(asked, form, lambda: act(found, **form.cleaned_data, **_who(asked)))
    else:
        raise Http404
    if is_done:
        return redirect(found)
    return _show(asked, found, {verb: form}, status=422)


def _guideline(asked: StaffRequest, found: Problem) -> HttpResponse:
    """Begun, and on to where it is written."""
    try:
        return redirect(draft_guideline(found, **_who(asked)))
    except Refusal as refusal:
        messages.error(asked, str(refusal))
        return _show(asked, found, status=422)


@require_POST
def measure_verb(request: HttpRequest, pk: int, verb: str) -> HttpResponse:
    """What is done with one measure; ``plan`` declares it anew."""
    asked = holds(request, WATCH)
    rows = Measure.objects.readable(asked.reach).select_related("problem__owner")
    found = rows.filter(pk=pk).first()
    if found is None:
        raise Http404
    if verb == "plan":
        offer = offered(found.problem, asked.reach, asked.at)
        form = PlanForm(offer, asked.POST, auto_id=f"m{pk}-%s")
        is_done = done(asked, form, lambda: revise_measure(found, form.plan(), **_who(asked)))
    elif verb in MEASURE_ACTS:
        act, form_of = MEASURE_ACTS[verb]
        form = form_of(asked.POST, auto_id=f"m{pk}-{verb}-%s")  # type: ignore[assignment]
        is_done = done(asked, form, lambda: act(found, **form.cleaned_data, **_who(asked)))
    else:
        raise Http404
    if is_done:
        return redirect(found.get_absolute_url())
    return _show(asked, _found(asked, found.problem_id), {f"{verb}-{pk}": form}, status=422)


def _who(asked: StaffRequest) -> dict[str, Any]:
    return {"by": asked.person, "at": asked.at}


def _found(asked: StaffRequest, pk: int) -> Problem:
    rows = Problem.objects.within(asked.reach).select_related("owner", "opened_by")
    found = rows.filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def _show(
    asked: StaffRequest, found: Problem, bound: Bound | None = None, status: int = 200
) -> HttpResponse:
    measures = list(found.measures.select_related("owner", "waived_by").order_by("number"))
    nodes = [found.node, *(node for one in measures for node in _nodes(one))]
    names = wave_words.names(nodes)
    today = timezone.localdate(asked.at)
    # Reads a year of counts: for those alone who may declare.
    declares = found.stands and answers_for(found, asked.reach)
    offer = offered(found, asked.reach, asked.at) if declares else None
    context: dict[str, Any] = {
        "problem": found,
        "where": names.node(found.node),
        "node_url": names.page(found.stream, found.node),
        "source_url": _source_url(found),
        "source_name": SOURCES.get(found.source, found.source),
        "is_late": found.stands and found.due_on < today,
        "missing": what_is_missing(measures) if found.stands else "",
        "measures": [
            _told(asked, found, one, names, bound or {}, offer, pictured=at < PICTURES)
            for at, one in enumerate(reversed(measures))
        ],
        "forms": _forms(asked, found, measures, offer) | (bound or {}),
        "history": _history(found, measures),
        "guideline": guideline_of(found, asked.reach),
        "may_guide": found.stands and bool(found.root) and drafts(found, asked.reach),
    }
    return render(asked, "governance/problem.html", context, status=status)


def _source_url(found: Problem) -> str:
    """The page of what it came from; a concern has none of its own."""
    if found.source not in {"wave", "order"}:
        return ""
    return reverse(settings.SUBJECT_PAGES[found.source], args=[found.source_key])


def _nodes(measure: Measure) -> list[Any]:
    return [node_of(one) for one in (*measure.targets, *measure.controls, *measure.sinks)]


def _told(  # noqa: PLR0917 - what a card is made of
    asked: StaffRequest, found: Problem, one: Measure, names: wave_words.Names, bound: Bound,
    offer: Offer | None, *, pictured: bool,
) -> dict[str, Any]:  # fmt: skip
    """One measure as its card shows it."""
    one.problem = found
    today = timezone.localdate(asked.at)

    def apart(node: dict[str, str]) -> str:
        return names.beside(node_of(node), found.node)

    told: dict[str, Any] = {
        "measure": one,
        "also": [apart(node) for node in one.targets[1:]],
        "controls": [apart(node) for node in one.controls],
        "sinks": [apart(node) for node in one.sinks],
        "has_begun": one.has_begun(today),
        "forms": _measure_forms(asked, found, one, offer) | _bound_to(one, bound),
    }
    if one.verdict:
        told["said"] = verdict_words.kept(one.verdict, one.figures)
        told["besides"] = list(_besides(one, apart))
    if pictured and told["has_begun"] and one.state != kinds.CANCELLED:
        drawing = measure_chart.drawn(one, today)
        told |= {"drawing": drawing, "latest": _latest(drawing)}
    return told


def _besides(one: Measure, apart: Callable[[dict[str, str]], str]) -> Iterator[str]:
    """As it was written down with the verdict, never worked out anew: a look between two declared
    days would be one more chance."""
    known = {f"c{at}": apart(node) for at, node in enumerate(one.controls)}
    known |= {f"s{at}": apart(node) for at, node in enumerate(one.sinks)}
    net = verdict_words.change_of(one.figures["net"])
    if one.verdict == Verdict.WORKED and net.share > -one.promised:
        yield _t("减少了，但少于承诺的 %(share)s。") % {"share": f"{one.promised:.0%}"}
    yield from verdict_words.besides(verdict_words.Beside.kept(one.figures, known))


def _latest(drawing: Any) -> list[str]:
    """The last weeks in words, for whoever reads no picture."""
    return [bar.title for bar in drawing.bars[-8:]][::-1]


def _bound_to(one: Measure, bound: Bound) -> Bound:
    mine = {name: f"{name}-{one.pk}" for name in (*MEASURE_ACTS, "plan")}
    return {name: bound[key] for name, key in mine.items() if key in bound}


def _measure_forms(asked: StaffRequest, found: Problem, one: Measure, offer: Offer | None) -> Bound:
    """What may be done with a measure, by whom."""
    made: Bound = {}
    today, key = timezone.localdate(asked.at), f"m{one.pk}"
    if one.state == kinds.DECLARED and carries_out(one, asked.reach):
        if not one.has_begun(today):
            made["cancelling"] = BecauseForm(auto_id=f"{key}-cancelling-%s")
        elif today < one.judge_on:
            made["proof"] = ProofForm(auto_id=f"{key}-proof-%s")
        if not one.has_begun(today) and offer is not None:
            made["plan"] = PlanForm(offer, initial=declared(one), auto_id=f"{key}-%s")
    is_open = one.state != kinds.CANCELLED and not one.is_settled
    if one.can_be_waived and may_waive(one, asked.reach):
        made["waiver"] = BecauseForm(auto_id=f"{key}-waiver-%s")
    if one.state == kinds.JUDGED and is_open and answers_for(found, asked.reach):
        made["prolonging"] = ProlongForm(auto_id=f"{key}-prolonging-%s")
    return made


def _forms(
    asked: StaffRequest, found: Problem, measures: list[Measure], offer: Offer | None
) -> Bound:
    """What may be done with the problem, by whom."""
    made: Bound = {}
    if not found.stands:
        return made
    if offer is not None:
        initial = {"root": found.root, "why": found.why}
        made["cause"] = CauseForm(initial=initial, auto_id="cause-%s")
        if found.root:
            made["plan"] = PlanForm(offer)
    if may_urge(found, asked.reach):
        made["urging"] = BecauseForm(auto_id="urging-%s")
    if may_close(found, asked.reach):
        if found.state == kinds.OPENED:
            made["dropping"] = BecauseForm(auto_id="dropping-%s")
        if not what_is_missing(measures):
            made["closing"] = BecauseForm(auto_id="closing-%s")
    return made


def _history(found: Problem, measures: list[Measure]) -> list[tuple[Entry, Any]]:
    """Of the problem and its measures, as it happened."""
    rows = found.entries | Entry.objects.about(Measure.subject, [one.pk for one in measures])
    return [(entry, entry.what()) for entry in rows.select_related("by").in_order()]
