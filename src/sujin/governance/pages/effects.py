"""效果卡: did what we wrote help? One line for each version, one page for each card."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from sujin.engine.effect_cards import Terms
from sujin.governance.kinds.effect import EFFECTS, REASONS
from sujin.governance.models import EffectCard
from sujin.platform.ui.listing import Column, Filter, Listing, Sort
from sujin.platform.ui.request import StaffRequest, staff

READERS = frozenset({"draft", "release", "compile", "inspect"})
MEASURES = {
    "overall": _("总体（不愿看到的结果，相对变化）"),
    "reopened": _("再次来诉"),
    "escalated": _("升级督办"),
    "hours": _("办理用时（倍数）"),
    "satisfied": _("回访满意"),
}
COLUMNS = [
    Column("title", _("知识")),
    Column("verdict", _("判定")),
    Column("effect", _("总体效果（95%区间）")),
    Column("cases", _("推开后的投诉")),
    Column("used", _("显示率、使用率")),
    Column("looked", _("最近一次计算")),
]
SORTS = [Sort("new", _("最近推开在前"), ("-version__released_at", "-pk"))]
# The picture reaches from a half to twice, in logarithms; a share from -30 to +30 points.
WIDTH = 320


def _of_verdict(rows: QuerySet[EffectCard], value: str) -> QuerySet[EffectCard]:
    return rows.filter(verdict=value)


FILTERS = [Filter("verdict", _("判定"), tuple(EFFECTS.items()), _of_verdict)]


@dataclass(frozen=True, slots=True)
class Line:
    """One measure as the page shows it: words, and places on a line of ``WIDTH``."""

    name: Any
    verdict: Any
    reason: Any
    told: str
    naive: str
    before_after: str
    cases: int
    branches: int
    low: float
    high: float
    dot: float

    @property
    def width(self) -> float:
        return max(self.high - self.low, 2.0)


def _reader(request: HttpRequest) -> StaffRequest:
    asked = staff(request)
    if not READERS & asked.reach.may:
        raise PermissionDenied
    return asked


@require_safe
def effects(request: HttpRequest) -> HttpResponse:
    """Every card; figures of all branches together, no case and no person."""
    _reader(request)
    rows = EffectCard.objects.select_related("version__item__owner")
    listing = Listing(request.GET, rows, filters=FILTERS, sorts=SORTS, columns=COLUMNS)
    lines = [{"card": card, "line": next(iter(_lines(card)), None)} for card in listing.page_rows]
    context = {"listing": listing, "lines": lines, "alpha": Terms().alpha}
    return render(request, "governance/effects.html", context)


@require_safe
def effect(request: HttpRequest, pk: int) -> HttpResponse:
    """One card: what was compared, what would turn it, and what misleads."""
    _reader(request)
    rows = EffectCard.objects.select_related("version__item__owner")
    card = rows.filter(pk=pk).first()
    if card is None:
        raise Http404
    history = [(entry, entry.what()) for entry in card.entries.select_related("by").in_order()]
    context = {
        "card": card,
        "lines": _lines(card),
        "stages": card.version.stages.select_related("org").order_by("since", "org__path"),
        "whole": card.figures[0] if card.figures else {},
        "history": history,
        "terms": Terms(),
        "middle": WIDTH / 2,
    }
    return render(request, "governance/effect.html", context)


def _lines(card: EffectCard) -> list[Line]:
    return [_line(one) for one in card.figures]


def _line(one: Mapping[str, Any]) -> Line:
    measure = str(one["measure"])
    return Line(
        MEASURES.get(measure, measure),
        EFFECTS.get(one["verdict"], one["verdict"]),
        REASONS.get(one["because"], one["because"]),
        _told(measure, one["effect"], one["low"], one["high"]),
        _interval(measure, one.get("naive")),
        _interval(measure, one.get("before_after")),
        one["cases"],
        one["branches"],
        *(_place(measure, one[name]) for name in ("low", "high", "effect")),
    )


def _interval(measure: str, told: Mapping[str, Any] | None) -> str:
    return _told(measure, told["value"], told["low"], told["high"]) if told else "—"


def _told(measure: str, value: float | None, low: float | None, high: float | None) -> str:
    if value is None or low is None or high is None:
        return "—"
    if measure == "hours":
        figures = [f"×{value:.2f}", f"{low:.2f}", f"{high:.2f}"]
    else:
        figures = [f"{100 * one:+.1f}%" for one in (value, low, high)]
    said = dict(zip(("value", "low", "high"), figures, strict=True))
    return _t("%(value)s（%(low)s – %(high)s）") % said


def _place(measure: str, value: float | None) -> float:
    """Where it stands on the line, nothing changed in the middle, ends cut off."""
    if value is None:
        return WIDTH / 2
    moved = value - 1 if measure == "hours" else value
    reach = 1.0 if measure in {"hours", "overall"} else 0.3
    return round(WIDTH / 2 * (1 + max(-1.0, min(1.0, moved / reach))), 1)
