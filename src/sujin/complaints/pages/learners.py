"""分类模型: what judges each axis, its card, and the way back to what judged before.

A card says what a model is, from what it was made, how it did, and what it is not for (Mitchell and
others, Model Cards for Model Reporting, FAT* 2019).
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from sujin.complaints import schooling, words
from sujin.complaints.acts.teach import roll_back
from sujin.complaints.acts.triage import AXES
from sujin.complaints.acts.watch import measured
from sujin.complaints.coders import agreement
from sujin.complaints.forms import because
from sujin.complaints.kinds.learning import MODELS
from sujin.complaints.models import Learner
from sujin.complaints.rulebook import WORDS, name_of, rulebook
from sujin.complaints.schooling import Card, Unusable
from sujin.complaints.soundness import unusable
from sujin.engine.rates import Share
from sujin.platform.models import Entry
from sujin.platform.refusal import Refusal
from sujin.platform.ui.request import StaffRequest, staff

READERS = frozenset({"approve", "export", "journal"})
HISTORY_MAX = 50
# Smaller ones are all shown as this: the figure has four places.
LEAST_P = 0.0001
SOURCES = {
    "corrected": _("人更正的"),
    "confirmed": _("人确认的"),
    "labelled": _("标注文件"),
    "declared": _("受理时填明的"),
    "unchanged": _("办结时没有人改过的"),
}
SHIFTS = {"confidence": _("把握分布"), "unsure": _("没把握的比例"), "codes": _("类别构成")}


@dataclass(frozen=True, slots=True)
class Row:
    """One axis on the list: what judges it, and how the version did."""

    axis: str
    label: str
    version: str
    problem: str
    card: Card | None
    learner: Learner | None


class RollbackForm(forms.Form):
    to = forms.ChoiceField(label=_("退回到"))
    because = because(_("退回理由"))
    is_sure = forms.BooleanField(
        label=_("我已想好：全行此后受理的件都按退回的版本判断"),
        error_messages={"required": _("请再想一想，确认后勾选这一项")},
    )

    def __init__(self, *args: Any, versions: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice = self.fields["to"]
        assert isinstance(choice, forms.ChoiceField)
        choice.choices = [*((one, one) for one in versions), (WORDS, _t("只用词表"))]


@require_safe
def models(request: HttpRequest) -> HttpResponse:
    """Every axis and what judges it."""
    _reader(request)
    judging, known = schooling.judging(), {one.axis: one for one in Learner.objects.all()}
    rows = []
    for axis in AXES:
        version = judging.versions.get(axis, "")
        card = _card(axis, version) if version else None
        problem = judging.problems.get(axis, "")
        rows.append(Row(axis, str(words.AXES[axis]), version, problem, card, known.get(axis)))
    others = [(MODELS[name], why) for name, why in unusable().items() if name in MODELS]
    context = {"rows": rows, "others": others, "lexicon": rulebook().judges[WORDS]}
    return render(request, "complaints/models.html", context)


def _card(axis: str, version: str) -> Card | None:
    """None for one that was spoiled since the model was read: the next look at the folder tells."""
    try:
        return schooling.card(axis, version)
    except Unusable:
        return None


@require_safe
def model(request: HttpRequest, axis: str, version: str = "") -> HttpResponse:
    """The card of one version, of the one that judges when none is named."""
    return _show(_reader(request), axis, version)


@require_POST
def rollback(request: HttpRequest, axis: str) -> HttpResponse:
    """Take the version that judges back, with a reason and a second thought."""
    asked = _reader(request)
    if not _may_teach(asked):
        raise PermissionDenied
    form = RollbackForm(request.POST, versions=_others(axis))
    if not form.is_valid():
        return _show(asked, axis, "", form=form, status=422)
    to = "" if form.cleaned_data["to"] == WORDS else form.cleaned_data["to"]
    try:
        given = {"to": to, "because": form.cleaned_data["because"]}
        now = roll_back(axis, **given, by=asked.person, at=asked.at)
    except Refusal as refusal:
        form.add_error(None, str(refusal))
        return _show(asked, axis, "", form=form, status=422)
    messages.success(request, _t("已退回 %(version)s") % {"version": now or _t("词表")})
    return redirect("complaints:model", axis)


def _reader(request: HttpRequest) -> StaffRequest:
    asked = staff(request)
    if not READERS & asked.reach.may:
        raise PermissionDenied
    return asked


def _may_teach(request: StaffRequest) -> bool:
    """The whole house judges by it, so only somebody of the head office changes it."""
    return "teach" in request.reach.may and request.reach.everything


def _others(axis: str) -> list[str]:
    if axis not in AXES:
        raise Http404
    return [one for one in schooling.versions(axis) if one != schooling.pointed(axis)]


def _show(
    request: StaffRequest,
    axis: str,
    version: str,
    *,
    form: RollbackForm | None = None,
    status: int = 200,
) -> HttpResponse:
    others, judging = _others(axis), schooling.judging()
    now, problem = judging.versions.get(axis, ""), judging.problems.get(axis, "")
    try:
        card = schooling.card(axis, version or now) if version or now else None
    except Unusable:
        raise Http404 from None
    learner = Learner.objects.filter(axis=axis).first()
    may = _may_teach(request) and bool(learner and learner.version)
    context = {
        "axis": axis,
        "label": words.AXES[axis],
        "card": card,
        "is_current": bool(card) and str(card and card["version"]) == now,
        "current": now,
        **_standing(axis, now, problem, learner),
        "versions": [schooling.card(axis, one) for one in schooling.versions(axis)],
        "learner": learner,
        "history": _history(learner),
        "agreement": agreement(axis),
        "lexicon": rulebook().judges[WORDS],
        "form": (form or RollbackForm(versions=others)) if may else None,
        **(_told(axis, card) if card else {}),
        **(_drift(learner, request) if learner and now else {}),
    }
    return render(request, "complaints/model.html", context, status=status)


def _standing(axis: str, now: str, problem: str, learner: Learner | None) -> dict[str, str]:
    """What is amiss; else what this process will judge by once it has looked at the folder."""
    pointed = schooling.pointed(axis)
    amiss = problem or _unlike_docket(axis, learner)
    return {
        "problem": amiss,
        "coming": "" if amiss or pointed == now else pointed or _t("词表"),
    }


def _unlike_docket(axis: str, learner: Learner | None) -> str:
    """What the files say and the docket does not know."""
    now, written = schooling.pointed(axis), learner.version if learner else ""
    if written == now:
        return ""
    said = {"now": now or _t("词表"), "written": written or _t("词表")}
    return _t("文件指向 %(now)s，记录里启用的是 %(written)s：有人绕过系统动过模型文件夹") % said


def _history(learner: Learner | None) -> list[Entry]:
    if learner is None:
        return []
    return list(learner.entries.select_related("by").order_by("-pk")[:HISTORY_MAX])


def _told(axis: str, card: Card) -> dict[str, Any]:
    """The card's figures with names in the reader's language."""
    holdout = card["holdout"]
    scores = holdout["evaluation"]["per_class"]
    return {
        "trained_at": datetime.fromisoformat(card["trained_at"]),
        "chance": max(card["beside"]["comparison"]["p"], LEAST_P),
        "sources": [(SOURCES.get(one, one), n) for one, n in card["rows"].items()],
        "examined": [(SOURCES.get(one, one), n) for one, n in card["examined"].items()],
        "left_out": [(_named(axis, code), n) for code, n in card["left_out"].items()],
        "classes": [
            (_named(axis, code), score, holdout["recall_intervals"][code])
            for code, score in sorted(scores.items(), key=lambda item: -item[1]["n"])
        ],
        "confused": [
            (_named(axis, one["truth"]), _named(axis, one["given"]), one["n"])
            for one in holdout["confused"]
        ],
        "reliability": [
            (one, Share(one["confidence"], 1), Share(one["accuracy"], 1))
            for one in holdout["reliability"]
        ],
        "abstention": holdout["abstention"],
    }


def _drift(learner: Learner, request: StaffRequest) -> dict[str, Any]:
    found = measured(learner, request.at)
    shifts = [(SHIFTS[one.about], one, max(one.p, LEAST_P)) for one in found.shifts]
    return {"drift": found, "shifts": shifts}


def _named(axis: str, code: str) -> str:
    return name_of(axis, code, english=words.is_english()) if code else _t("没有判断")
