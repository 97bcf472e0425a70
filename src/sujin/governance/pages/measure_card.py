"""效果卡: what the drop since a measure is made of, and what of it remains."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from sujin.engine.verify import TooShort
from sujin.engine.verify.card import Cause, EffectCard, Span, effect_card
from sujin.governance import wave_words
from sujin.governance.measured import MONDAY, WEEK, declared_of, observed_of
from sujin.governance.models import Measure
from sujin.governance.models.measure import node_of
from sujin.governance.models.owned import WATCH
from sujin.governance.verdict_words import CAUSES, REMAINS, factor, signed
from sujin.platform.ui.request import StaffRequest, holds

DAY = timedelta(days=1)
YEAR = 52 * WEEK
# Further away there are no complaints, nor days to reckon with.
YEARS = (2000, 2200)
TIMES = ("before_first", "before_last", "after_first", "after_last")


class SpansForm(forms.Form):
    """Two times to compare; each a few weeks."""

    before_first = forms.DateField(label=_("前一段，自"))
    before_last = forms.DateField(label=_("至"))
    after_first = forms.DateField(label=_("后一段，自"))
    after_last = forms.DateField(label=_("至"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in TIMES:
            self.fields[name].widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")

    def clean(self) -> dict[str, Any]:
        told = super().clean() or {}
        days = [told[name] for name in TIMES if name in told]
        if len(days) == len(TIMES):
            if (
                sorted(set(days)) != days
                or not YEARS[0] <= min(days).year <= max(days).year < YEARS[1]
            ):
                raise forms.ValidationError(_t("四个日期须由早到晚，两段不能重叠"))
            told |= _whole_weeks(told)
        return told

    def spans(self) -> tuple[Span, Span]:
        days = [self.cleaned_data[name] for name in TIMES]
        return Span(days[0], days[1]), Span(days[2], days[3])


def _whole_weeks(told: Mapping[str, date]) -> dict[str, date]:
    """The weeks that lie inside: what is counted, and what the links open, are the same days."""
    made: dict[str, date] = {}
    for name in ("before", "after"):
        first, last = told[f"{name}_first"], told[f"{name}_last"]
        begins = MONDAY(first + 6 * DAY)
        ends = MONDAY(last + DAY) - DAY
        if ends < begins:
            raise forms.ValidationError(_t("每段至少要有一个整周（周一到周日）"))
        made |= {f"{name}_first": begins, f"{name}_last": ends}
    return made


@dataclass(frozen=True, slots=True)
class Line:
    """One part as a row of the card."""

    name: str
    factor: str
    change: str
    between: str
    is_rest: bool


@require_safe
def measure_card(request: HttpRequest, pk: int) -> HttpResponse:
    """The card between the times of the address: at first the weeks since the start, and the same
    weeks of the year before."""
    asked = holds(request, WATCH)
    rows = Measure.objects.readable(asked.reach).select_related("problem__owner")
    found = rows.filter(pk=pk).first()
    today = timezone.localdate(asked.at)
    if found is None or not found.has_begun(today):
        raise Http404
    form = SpansForm(asked.GET if "after_last" in asked.GET else _usual(found, today))
    context: dict[str, Any] = {"measure": found, "problem": found.problem, "form": form}
    if form.is_valid():
        context |= _told(asked, found, *form.spans())
    return render(request, "governance/measure_card.html", context)


def _usual(found: Measure, today: date) -> dict[str, date]:
    first = MONDAY(found.starts_on) + WEEK * (found.settle + 1)
    last = max(min(MONDAY(today), found.judge_on) - DAY, first + WEEK)
    return {
        "before_first": first - YEAR, "before_last": last - YEAR,
        "after_first": first, "after_last": last,
    }  # fmt: skip


def _told(asked: StaffRequest, found: Measure, before: Span, after: Span) -> dict[str, Any]:
    today = timezone.localdate(asked.at)
    upto = min(after.last + WEEK, today)
    try:
        card = effect_card(
            observed_of(found, upto), declared_of(found), before=before, after=after, seed=found.pk
        )
    except (TooShort, ValueError):
        return {"too_little": True}
    nodes = list(map(node_of, found.targets))
    names = wave_words.names(nodes)
    links = [
        (names.node(node), *(names.cases(found.problem.stream, node, s.first, s.last) for s in (before, after)))  # noqa: E501
        for node in nodes
    ]  # fmt: skip
    return {"lines": lines_of(card, {}), "raw": signed(card.raw - 1), "links": links}


def lines_of(card: EffectCard, names: Mapping[Cause, str]) -> list[Line]:
    """``names`` are for causes that are called otherwise here."""
    return [
        Line(
            names.get(part.cause) or str(CAUSES[part.cause]), factor(part.factor),
            signed(part.factor - 1), f"{signed(part.low - 1)} … {signed(part.high - 1)}",
            part.cause is REMAINS,
        )
        for part in card.parts
    ]  # fmt: skip
