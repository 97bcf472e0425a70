"""A sampling survey: its design before anything is drawn, and its result beside the promise."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from math import ceil
from typing import Any

from django.db.models import Count, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from sujin.engine.survey import Answers, Of, Score, nps, share, stratified
from sujin.engine.survey_design import needed
from sujin.platform.models import Org
from sujin.platform.refusal import Refusal
from sujin.platform.ui.request import StaffRequest, holds
from sujin.supervision.acts.draw_sample import designed, draw_sample
from sujin.supervision.forms_survey import SampleForm
from sujin.supervision.kinds import survey as kinds
from sujin.supervision.models import AnswerSheet, SampleSurvey
from sujin.supervision.models.survey import SAMPLE, SURVEY
from sujin.supervision.questionnaires import NPS, OVERALL, Question, numbers, questionnaires
from sujin.supervision.sampling import Design
from sujin.supervision.survey_figures import parts

NEAR = 0.05  # what people usually mean by exact


@dataclass(frozen=True, slots=True)
class Finding:
    """One question: what the sample says of all, beside what a plain count would."""

    question: Question
    weighted: Score
    crude: Score
    strata: tuple[Answers, ...]

    @property
    def points(self) -> dict[str, float]:
        return {
            "value": (self.weighted.value or 0) * 100, "low": self.weighted.low * 100,
            "high": self.weighted.high * 100, "half": self.weighted.half * 100,
            "crude": (self.crude.value or 0) * 100,
        }  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
def survey_new(request: HttpRequest) -> HttpResponse:
    """GET: the form; POST: its design; once that was seen, the draw."""
    asked = holds(request, SAMPLE)
    form = SampleForm(_places(asked), asked.at, asked.POST or None)
    made: Design | None = None
    if request.method == "POST" and form.is_valid():
        try:
            made = designed(asked.reach, **form.plan, at=asked.at)
            if "draw" in asked.POST:
                return redirect(_drawn(asked, form))
        except Refusal as refusal:
            form.add_error(None, str(refusal))
    context = {"form": form, "design": made, "points": _points(made),
               "digest": made.digest if made else "", "numbers": numbers()}  # fmt: skip
    status = 422 if form.errors else 200
    return render(request, "supervision/survey_new.html", context, status=status)


def _drawn(asked: StaffRequest, form: SampleForm) -> SampleSurvey:
    told = form.cleaned_data
    return draw_sample(
        name=told["name"], questionnaire=told["questionnaire"], seen=told["seen"],
        by=asked.person, at=asked.at, **form.plan,
    )  # fmt: skip


def _places(asked: StaffRequest) -> list[Org]:
    return asked.reach.places(SAMPLE)


def _points(made: Design | None) -> dict[str, float]:
    if made is None:
        return {}
    answers = needed(made.population, NEAR)
    return {
        "promised": made.promised * 100, "best": made.best * 100, "near": NEAR * 100,
        "answers": answers, "ask": min(made.population, ceil(answers / made.answering)),
    }  # fmt: skip


@require_safe
def survey(request: HttpRequest, pk: int) -> HttpResponse:
    """What it says of all who were not asked, how sure that is, and who did not answer."""
    asked = holds(request, SURVEY)
    rows = SampleSurvey.objects.within(asked.reach).select_related("unit", "opened_by")
    found = rows.defer("frame").filter(pk=pk).first()
    if found is None or found.questionnaire not in questionnaires():
        raise Http404
    returned = _returned(found)
    findings = _findings(found, returned)
    main = next((one for one in findings if one.question.code == OVERALL), findings[0])
    context: dict[str, Any] = {
        "survey": found, "findings": findings, "main": main, "promised": found.margin * 100,
        # The margin was promised of all the units: one that is missing breaks it.
        "is_kept": main.weighted.value is not None and not main.weighted.missing
                   and main.weighted.half <= found.margin,
        "layers": _layers(found, returned, main), "reasons": _reasons(found),
        "entries": found.entries.select_related("by").in_order(), "whole": _whole(returned),
        "numbers": numbers(),
    }  # fmt: skip
    return render(request, "supervision/survey.html", context)


def _returned(found: SampleSurvey) -> dict[int, dict[str, int]]:
    """By unit: drawn, out, answered, counted."""
    rows: Any = found.invitations.values("stratum").annotate(
        drawn=Count("pk"), out=Count("pk", filter=Q(sent_at__isnull=False)),
        filled=Count("sheet"), counted=Count("sheet", filter=Q(sheet__counted=True)),
    )  # fmt: skip
    return {row["stratum"]: row for row in rows}


def _whole(returned: Mapping[int, Mapping[str, int]]) -> dict[str, float]:
    whole: dict[str, float] = {
        name: sum(row[name] for row in returned.values())
        for name in ("drawn", "out", "filled", "counted")
    }
    whole["response"] = whole["filled"] / whole["out"] * 100 if whole["out"] else 0
    return whole


def _findings(
    found: SampleSurvey, returned: Mapping[int, Mapping[str, int]]
) -> list[Finding]:  # fmt: skip
    heard: dict[tuple[int, str], Counter[int]] = {}
    sheets = AnswerSheet.objects.filter(invitation__sample=found, counted=True)
    told: Any = sheets.values_list("invitation__stratum", "scores")
    for stratum, scores in told:
        for code, mark in scores.items():
            heard.setdefault((stratum, code), Counter())[int(mark)] += 1
    return [
        _finding(one, found, heard, returned)
        for one in questionnaires()[found.questionnaire].scored
    ]


def _finding(
    question: Question, found: SampleSurvey, heard: Mapping[tuple[int, str], Counter[int]],
    returned: Mapping[int, Mapping[str, int]],
) -> Finding:  # fmt: skip
    strata = tuple(
        Answers(
            layer["name"], layer["size"],
            *parts(question.scale, heard.get((layer["unit"], question.code), Counter())),
            asked=returned.get(layer["unit"], {}).get("out", 0),
        )
        for layer in found.strata
    )  # fmt: skip
    up, middle, down = (
        sum(getattr(one, name) for one in strata) for name in ("up", "middle", "down")
    )
    if question.scale == NPS:
        return Finding(question, stratified(strata, Of.NPS), nps(up, middle, down), strata)
    crude = share(up, up + middle)
    return Finding(question, stratified(strata, Of.SHARE), crude, strata)


def _layers(
    found: SampleSurvey, returned: Mapping[int, Mapping[str, int]], main: Finding
) -> list[dict[str, Any]]:
    """Each unit with its own interval: shown in the order of the tree, never ranked."""
    rows = []
    for layer, told in zip(found.strata, main.strata, strict=True):
        score = stratified([told], Of.NPS if main.question.scale == NPS else Of.SHARE)
        row = {**layer, **returned.get(layer["unit"], {}), "score": score}
        row["points"] = {"value": (score.value or 0) * 100, "low": score.low * 100,
                         "high": score.high * 100}  # fmt: skip
        row["response"] = row.get("filled", 0) / row["out"] * 100 if row.get("out") else None
        rows.append(row)
    return rows


def _reasons(found: SampleSurvey) -> list[tuple[str, int]]:
    """Why links did not go out, and how many."""
    rows = found.invitations.filter(state=kinds.UNSENT).values("because").order_by("because")
    return [(row["because"], row["n"]) for row in rows.annotate(n=Count("pk"))]
