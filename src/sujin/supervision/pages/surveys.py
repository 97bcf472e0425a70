"""客户满意度: by unit what customers said of closed cases, beside what staff wrote down of their
own call-backs and beside those who are dissatisfied and said nothing."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from sujin.engine.silent import Estimate, Lists, estimate
from sujin.engine.survey import Gap, Score
from sujin.platform.models import Org
from sujin.platform.ui.request import holds
from sujin.supervision import silent, survey_figures
from sujin.supervision.kinds.survey import FLAGS
from sujin.supervision.models import SampleSurvey
from sujin.supervision.models.survey import SURVEY
from sujin.supervision.pages.survey_guard import chosen, draws, places
from sujin.supervision.questionnaires import DIMENSIONS, OVERALL, RECOMMEND, numbers
from sujin.supervision.survey_figures import Told

SAMPLES_SHOWN = 5
RIGHT_BELOW = 2  # steps of a path: nobody estimates the silent deeper down
RECENT, NOW = "recent", "now"


@dataclass(frozen=True, slots=True)
class Cell:
    """A score as the table shows it; ``url`` opens its sheets."""

    score: Score
    url: str

    @property
    def is_hidden(self) -> bool:
        """Of so few that one could guess who said what."""
        return self.score.value is None or self.score.n < int(numbers()["least"])

    @property
    def is_few(self) -> bool:
        return self.score.n < int(numbers()["small"])

    @property
    def value(self) -> float:
        return (self.score.value or 0.0) * 100

    @property
    def low(self) -> float:
        return self.score.low * 100

    @property
    def high(self) -> float:
        return self.score.high * 100


@dataclass(frozen=True, slots=True)
class Row:
    """One unit over the months; ``url`` opens the units below it, empty where there are none."""

    name: str
    url: str
    told: Told
    cells: tuple[Cell, ...]
    response: float | None
    returned: str
    uncounted: str
    by_staff: Cell
    gap: Gap | None
    otherwise: str
    silent: Estimate | None
    is_estimated: bool

    @property
    def points(self) -> Mapping[str, float] | None:
        """The gap in percentage points."""
        if self.gap is None or self.by_staff.is_hidden:
            return None
        return {"value": self.gap.value * 100, "low": self.gap.low * 100,
                "high": self.gap.high * 100}  # fmt: skip


@require_safe
def surveys(request: HttpRequest) -> HttpResponse:
    """``?unit=`` looks at the units below one, ``?month=`` at one month of those shown."""
    asked = holds(request, SURVEY)
    under = chosen(asked)
    months = silent.months_over(asked.at, int(numbers()["months"]))
    month = asked.GET.get("month", RECENT)
    since, until = days(months, month)
    heard = survey_figures.told(under, since, until)
    is_high = len(under.lineage) <= RIGHT_BELOW
    hidden = silent.town(asked.reach, asked.at) if is_high else None
    rows = _rows(under, heard, month, hidden)
    whole = survey_figures.total(heard.values())
    context: dict[str, Any] = {
        "under": under, "places": places(asked), "numbers": numbers(), "month": month,
        "months": [f"{one:%Y-%m}" for one in months[:-1]],
        "whole": _row(_t("合计"), under, whole, _scope(under, month), town=hidden),
        "rows": rows, "heads": heads(),
        "flags": [(FLAGS[flag], n, sheets(**_scope(under, month), flag=flag))
                  for flag, n in whole.flags.items()],
        "samples": SampleSurvey.objects.within(asked.reach).defer("frame")
                   .select_related("unit").order_by("-opened_at", "-pk")[:SAMPLES_SHOWN],
        "may_draw": draws(asked),
    }  # fmt: skip
    return render(request, "supervision/surveys.html", context)


def heads() -> list[Any]:
    """What the columns of scores are called."""
    names = {OVERALL: _("满意度"), RECOMMEND: _("净推荐值")}
    return [names.get(one, DIMENSIONS[one]) for one in survey_figures.dimensions()]


def days(months: list[date], asked: str) -> tuple[date, date]:
    """The first day, and the first that is not meant any more: of ``2026-02``, of the month that
    runs, else of all that are over."""
    if asked == NOW:
        return months[-1], (months[-1] + timedelta(days=31)).replace(day=1)
    for first, after in pairwise(months):
        if f"{first:%Y-%m}" == asked:
            return first, after
    return months[0], months[-1]


def sheets(**query: str) -> str:
    """The list of what was said, narrowed."""
    return f"{reverse('supervision:sheets')}?{urlencode(query)}"


def _scope(unit: Org, month: str) -> dict[str, str]:
    return {"unit": str(unit.pk), "month": month}


def _rows(
    under: Org, heard: Mapping[int, Told], month: str, hidden: silent.Town | None
) -> list[Row]:
    """In the order of the tree: a league table of few answers would be a lottery."""
    units = Org.objects.filter(pk__in=heard).order_by("pk")
    rows = []
    for unit in units:
        scope = _scope(unit, month)
        is_itself = unit.pk == under.pk
        below = "" if is_itself else f"?{urlencode(scope)}"
        if is_itself:
            scope["own"] = "yes"
        town = hidden if len(unit.lineage) == RIGHT_BELOW and not is_itself else None
        name = _t("%(unit)s本级") % {"unit": unit} if is_itself else str(unit)
        rows.append(_row(name, unit, heard[unit.pk], scope, url=below, town=town))
    return rows


def _row(
    name: str, unit: Org, told: Told, scope: Mapping[str, str], *, url: str = "",
    town: silent.Town | None = None,
) -> Row:  # fmt: skip
    counted = sheets(**scope, flag="counted")
    cells = tuple(Cell(told.score(one), counted) for one in survey_figures.dimensions())
    return Row(
        name, url, told, cells, told.filled / told.sent * 100 if told.sent else None,
        sheets(**scope), sheets(**scope, flag="uncounted"), Cell(told.by_staff, ""), told.gap,
        sheets(**scope, flag="otherwise"), _estimate(town, unit), town is not None,
    )  # fmt: skip


def _estimate(town: silent.Town | None, unit: Org) -> Estimate | None:
    """Of the same whole months; of a few alone there is none."""
    if town is None:
        return None
    kept = town if unit.is_root else town.of(unit=str(unit.pk))
    recent = int(silent.rules()["recent"])
    return estimate(sum(kept.lists()[-recent:], Lists()), int(silent.rules()["both_min"]))
