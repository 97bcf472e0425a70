"""宣教: which topics stand out where, the list of outreaches, and one with what became of it."""

from collections.abc import Callable
from math import isnan
from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from sujin.engine.verify import Verdict
from sujin.governance import verdict_words, wave_words
from sujin.governance.ledger_sources import STREAM
from sujin.governance.models.measure import node_of
from sujin.governance.models.owned import WATCH
from sujin.governance.models.problem import GOVERN
from sujin.governance.pages.doing import done
from sujin.platform.models import Org
from sujin.platform.models.identity import below
from sujin.platform.refusal import Refusal
from sujin.platform.ui.listing import Column, Filter, Listing, Sort
from sujin.platform.ui.request import StaffRequest, holds
from sujin.supervision import outreach_chart, topics
from sujin.supervision.acts.hold_outreach import (
    cancel_outreach,
    hold_outreach,
    plan_outreach,
    reaches,
)
from sujin.supervision.forms_outreach import CancelForm, HeldForm, OutreachForm
from sujin.supervision.kinds import outreach as kinds
from sujin.supervision.models import Outreach
from sujin.supervision.voicebook import number, segments
from sujin.supervision.voicebook import topics as pack_topics

Bound = dict[str, forms.Form]
ACTS: dict[str, tuple[Callable[..., Any], type[forms.Form]]] = {
    "holding": (hold_outreach, HeldForm),
    "cancelling": (cancel_outreach, CancelForm),
}
COLUMNS = [
    Column("outreach", _("宣教")), Column("place", _("哪里")), Column("segment", _("对象")),
    Column("day", _("日期"), "day"), Column("state", _("状态")), Column("reached", _("覆盖人数")),
    Column("verdict", _("事后走势")),
]  # fmt: skip
SORTS = [
    Sort("new", _("最近在前"), ("-planned_at", "-pk")),
    Sort("day", _("日期"), ("planned_on", "pk")),
]


@require_safe
def outreaches(request: HttpRequest) -> HttpResponse:
    """Those in reach, the latest first."""
    asked = holds(request, WATCH)
    named = tuple((code, str(one)) for code, one in pack_topics().items())
    verdicts = tuple((code.value, words) for code, words in kinds.VERDICTS.items())
    filters = [
        Filter("topic", _("主题"), named, _of("topic")),
        Filter("state", _("状态"), tuple(kinds.STATES.items()), _of("state")),
        Filter("segment", _("对象"), tuple(segments().items()), _of("segment")),
        Filter("verdict", _("事后走势"), verdicts, _of("verdict")),
    ]
    rows = Outreach.objects.within(asked.reach).select_related("place")
    listing = Listing(asked.GET, rows, filters=filters, sorts=SORTS, columns=COLUMNS, size=20)
    context = {"listing": listing, "may_plan": GOVERN in asked.reach.may}
    return render(request, "supervision/outreaches.html", context)


def _of(field: str) -> Any:
    return lambda rows, value: rows.filter(**{field: value})


@require_safe
def outreach_topics(request: HttpRequest) -> HttpResponse:
    """What stands out below the own desk; with ``topic`` named, that topic at every place."""
    asked = holds(request, WATCH)
    today = timezone.localdate(asked.at)
    chosen = asked.GET.get("topic", "")
    every = topics.cells(topics.places(asked.reach), today)
    shown = [one for one in every if one.topic.code == chosen]
    if chosen not in pack_topics():
        chosen, shown = "", [one for one in every if one.stands_out]
    first, last = topics.span(today)
    nodes = wave_words.names([one.topic.node(one.place.path) for one in shown])
    context = {
        "cells": [
            (one, nodes.cases(STREAM, one.topic.node(one.place.path), first, last)) for one in shown
        ],
        "topics": list(pack_topics().values()), "chosen": chosen, "first": first, "last": last,
        "least": int(number("topic_least")), "q": number("topic_q"),
        "may_plan": GOVERN in asked.reach.may,
    }  # fmt: skip
    return render(request, "supervision/outreach_topics.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def outreach_new(request: HttpRequest) -> HttpResponse:
    """GET: the form, filled with the topic and place it was opened from; POST: it is planned."""
    asked = holds(request, GOVERN)
    initial = {name: asked.GET.get(name, "")[:24] for name in ("topic", "place")}
    form = OutreachForm(asked, _places(asked), asked.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            return redirect(plan_outreach(**form.cleaned_data, by=asked.person, at=asked.at))
        except Refusal as refusal:
            form.add_error(None, str(refusal))
    status = 422 if form.errors else 200
    return render(request, "supervision/outreach_new.html", {"form": form}, status=status)


def _places(asked: StaffRequest) -> Any:
    paths = [place.path for place in asked.reach.places(GOVERN)]
    rows = Org.objects.filter(below(paths)).exclude(kind__in=("department", "centre", "company"))
    return rows.order_by("path")


@require_safe
def outreach(request: HttpRequest, pk: int) -> HttpResponse:
    """One, with what became of it."""
    asked = holds(request, WATCH)
    return _show(asked, _found(asked, pk))


@require_POST
def outreach_verb(request: HttpRequest, pk: int, verb: str) -> HttpResponse:
    """What is done with it."""
    asked = holds(request, WATCH)
    found = _found(asked, pk)
    if verb not in ACTS:
        raise Http404
    act, form_of = ACTS[verb]
    form = form_of(asked.POST, auto_id=f"{verb}-%s")
    who = {"by": asked.person, "at": asked.at}
    if done(asked, form, lambda: act(found, **form.cleaned_data, **who)):
        return redirect(found)
    return _show(asked, _found(asked, pk), {verb: form}, status=422)


def _found(asked: StaffRequest, pk: int) -> Outreach:
    rows = Outreach.objects.within(asked.reach).select_related("place", "version", "planned_by")
    found = rows.filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def _show(
    asked: StaffRequest, found: Outreach, bound: Bound | None = None, status: int = 200
) -> HttpResponse:
    nodes = [node_of(one) for one in found.controls]
    names = wave_words.names([found.node, *nodes])
    today = timezone.localdate(asked.at)
    is_planned = found.state == kinds.PLANNED and reaches(found.place, asked.reach)
    verbs = ACTS if is_planned else {}
    context: dict[str, Any] = {
        "outreach": found,
        "controls": [names.beside(node, found.node) for node in nodes],
        "node_url": names.page(STREAM, found.node),
        "forms": {verb: made(auto_id=f"{verb}-%s") for verb, (_a, made) in verbs.items()}
        | (bound or {}),
        "history": [(one, one.what()) for one in found.entries.select_related("by").in_order()],
    }
    if found.state in (kinds.HELD, kinds.JUDGED):
        context["drawing"] = outreach_chart.drawn(found, today)
    if found.verdict:
        context |= _verdict(found, dict(enumerate(context["controls"])))
    return render(asked, "supervision/outreach.html", context, status=status)


def _verdict(found: Outreach, controls: dict[int, str]) -> dict[str, Any]:
    """As it was written down, in words of its own: what fell are complaints, whoever did it."""
    net = verdict_words.change_of(found.figures["net"])
    known = {f"c{at}": name for at, name in controls.items()}
    beside = verdict_words.Beside.kept(found.figures, known)
    told: dict[str, Any] = {
        "said": found.verdict_name,
        "besides": list(verdict_words.besides(beside)),
    }
    if not isnan(net.share):
        told["change"] = verdict_words.changed(net, found.figures["inner"])
    told["is_unclear"] = found.verdict == Verdict.UNCLEAR
    return told
