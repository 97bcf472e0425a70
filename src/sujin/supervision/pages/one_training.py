"""One training: what it is about, what its questions are worth, what it did, who else needs it."""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from sujin.complaints.rulebook import name_of
from sujin.engine.training_items import Flaw, Item, items
from sujin.governance import verdict_words
from sujin.knowledge.audience import ALL_STAFF
from sujin.knowledge.models import Version
from sujin.platform.models import Entry, Org
from sujin.platform.refusal import Refusal
from sujin.platform.ui.request import StaffRequest, staff
from sujin.supervision import roll
from sujin.supervision.acts.enrol import enrol
from sujin.supervision.acts.judge_trainings import waiting
from sujin.supervision.forms_training import EnrolForm
from sujin.supervision.kinds import training as kinds
from sujin.supervision.models import Attempt, Enrolment, TrainingEffect
from sujin.supervision.models.training import TRAIN, watched_places
from sujin.supervision.pages.coverage import watching
from sujin.supervision.trainingbook import Training, narrowed, rule, trainings

FLAWS = {
    Flaw.NONE: _("正常"), Flaw.FEW: _("作答太少，不评价"), Flaw.EASY: _("人人都会，问不出差别"),
    Flaw.MISLEADING: _("学得好的反而答错，请核对题目和答案"),
}  # fmt: skip
SHEETS_MAX = 5000


@require_safe
def training(request: HttpRequest, code: str) -> HttpResponse:
    """For everybody what it is about; for whoever watches over people, how it goes."""
    asked = staff(request)
    return _show(asked, _found(code))


@require_POST
def enrolment(request: HttpRequest, code: str) -> HttpResponse:
    """The people of a unit are to learn it."""
    asked = watching(request)
    found = _found(code)
    if TRAIN not in asked.reach.may:
        raise Http404
    form = EnrolForm(asked.reach, asked.at, asked.POST)
    if form.is_valid():
        try:
            count = enrol(found, **form.cleaned_data, by=asked.person, at=asked.at)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(asked, _t("已安排 %(n)d 人") % {"n": count})
            return redirect(reverse("supervision:training", args=[code]))
    return _show(asked, found, form, status=422)


def _found(code: str) -> Training:
    found = trainings().get(code)
    if found is None:
        raise Http404
    return found


def _show(
    asked: StaffRequest, found: Training, form: EnrolForm | None = None, status: int = 200
) -> HttpResponse:
    served = Version.objects.served(ALL_STAFF, asked.at).filter(item__code__in=found.items)
    mine = Enrolment.objects.current().filter(person=asked.person, training=found.code).first()
    context: dict[str, Any] = {
        "about": found, "theme": list(_theme(found)), "mine": mine,
        "items": served.select_related("item").order_by("title"),
    }  # fmt: skip
    if watched_places(asked.reach):
        context |= _watched(asked, found)
        if TRAIN in asked.reach.may:
            unit = asked.GET.get("unit", "")
            initial = {"unit": unit, "because": kinds.THEME if unit else kinds.SHORTCOMING}
            context["form"] = form or EnrolForm(asked.reach, asked.at, initial=initial)
    return render(asked, "supervision/training.html", context, status=status)


def _theme(found: Training) -> Iterator[str]:
    english = get_language() == "en"
    for axis in ("business", "cause"):
        for code in getattr(found, axis):
            yield name_of(axis, code, english=english)


def _watched(asked: StaffRequest, found: Training) -> dict[str, Any]:
    today = timezone.localdate(asked.at)
    place = min(watched_places(asked.reach), key=lambda one: len(one.path))
    figures = roll.by_training(place.pk, narrowed(training=found.code), today)
    return {
        "place": place, "figures": figures.get(found.code, roll.NONE), "watches": True,
        "questions": list(_questions(asked, found)),
        "effects": list(_effects(asked, found)),
        "ahead": _ahead(asked, found),
        "weeks": rule("effect_weeks"), "share": rule("trained_percent"),
        "few": rule("untrained_percent"),
    }  # fmt: skip


def _questions(asked: StaffRequest, found: Training) -> Iterator[tuple[str, Item, Any]]:
    """Of the attempts in reach, the latest first: what is wrong with a question comes first."""
    told, words = _sheets(asked, found)
    worth = items(told, least=rule("answers_least"))
    order = [Flaw.MISLEADING, Flaw.EASY, Flaw.NONE, Flaw.FEW]
    for one in sorted(worth, key=lambda one: (order.index(one.flaw), one.key)):
        yield words[one.key], one, FLAWS[one.flaw]


def _sheets(
    asked: StaffRequest, found: Training
) -> tuple[list[Mapping[str, bool]], Mapping[str, str]]:
    since: datetime = asked.at - timedelta(days=rule("rates_days"))
    rows = Enrolment.objects.filter(training=found.code)
    if not asked.reach.everything:
        rows = rows.within(asked.reach, asked.at)
    attempts = Attempt.objects.filter(enrolment__in=rows.values("pk"), ended_at__gte=since)
    entries = Entry.objects.of(kinds.AttemptAnswered).filter(
        subject=Attempt.subject, subject_id__in=attempts.values("pk")
    )
    words: dict[str, str] = {}
    sheets: list[Mapping[str, bool]] = []
    for data in entries.order_by("-pk").values_list("data", flat=True)[:SHEETS_MAX]:
        sheets.append({one["key"]: bool(one["right"]) for one in data["answers"]})
        words |= {one["key"]: one["ask"] for one in data["answers"]}
    return sheets, words


def _effects(asked: StaffRequest, found: Training) -> Iterator[dict[str, Any]]:
    """Verdicts given: all of them at the head office, elsewhere those about a unit of one's own."""
    rows = TrainingEffect.objects.filter(training=found.code).exclude(verdict="")
    if not asked.reach.everything:
        own = [step for place in watched_places(asked.reach) for step in place.lineage]
        rows = rows.filter(Q(units__overlap=own))
    effects = list(rows.order_by("-starts_on"))
    keys = {key for one in effects for key in (*one.units, *one.controls)}
    names = {str(org.pk): str(org) for org in Org.objects.filter(pk__in=keys)}
    for one in effects:
        beside = verdict_words.Beside.kept(one.figures, names)
        yield {
            "effect": one, "said": verdict_words.kept(one.verdict, one.figures),
            "besides": list(verdict_words.besides(beside)),
            "units": [names[str(key)] for key in one.units] if asked.reach.everything else [],
        }  # fmt: skip


def _ahead(asked: StaffRequest, found: Training) -> list[dict[str, Any]]:
    """Groups whose day of judgement is still to come, for the head office."""
    if not (asked.reach.everything and found.has_theme):
        return []
    groups = [group for _row, group in waiting(found, timezone.localdate(asked.at))]
    keys = {int(key) for one in groups for key in one.units}
    names = {str(org.pk): str(org) for org in Org.objects.filter(pk__in=keys)}
    return [{"group": one, "units": [names[key] for key in one.units]} for one in groups]
