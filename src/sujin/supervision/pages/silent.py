"""没有变成投诉的不满: complaints beside the dissatisfied who never complained, and what a fall of
complaints means."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from sujin.complaints import words
from sujin.complaints.models import Complaint
from sujin.complaints.rulebook import name_of
from sujin.engine.silent import (
    Comparison,
    Customer,
    Estimate,
    Lists,
    Verdict,
    compare,
    estimate,
    trend,
)
from sujin.platform.models import Org
from sujin.platform.ui.listing import Column, Listing
from sujin.platform.ui.request import StaffRequest
from sujin.supervision import silent
from sujin.supervision.pages.guard import reader
from sujin.supervision.silent import HEAD, Town

SAYINGS = {
    Verdict.STEADY: _("投诉没有明显减少。"),
    Verdict.EASED: _("投诉减少，估计的不满也一同减少：像是真的好转。"),
    Verdict.DETERRED: _(
        "投诉减少，但不满意的客户里来投诉的比例也在下降：可能是投诉变难了，而不是不满变少了。"
    ),
    Verdict.UNCLEAR: _("投诉减少，原因还说不清：两种可能都不能排除。"),
}
WHO: Mapping[str, Callable[[Customer], bool]] = {
    "complained": lambda one: one.complained,
    "otherwise": lambda one: one.is_otherwise,
    "both": lambda one: one.complained and one.is_otherwise,
}
CASE_COLUMNS = [
    Column("number", _("编号")),
    Column("received", _("受理时间")),
    Column("kind", _("类型")),
]
SINKING = -1.645  # one-sided five percent
LEAST_P = 0.001


@dataclass(frozen=True, slots=True)
class Count:
    """A number that opens its cases; a small one is not told."""

    n: int
    url: str

    @property
    def is_small(self) -> bool:
        return 0 < self.n < int(silent.rules()["small"])


@dataclass(frozen=True, slots=True)
class Row:
    """A month, or a unit over the last months."""

    label: str
    url: str
    complained: Count
    otherwise: Count
    both: Count
    told: Estimate | None
    comparison: Comparison | None = None

    @property
    def share(self) -> float | None:
        return self.told.share * 100 if self.told else None

    @property
    def is_warned(self) -> bool:
        return self.comparison is not None and self.comparison.verdict is Verdict.DETERRED


@require_safe
def page(request: HttpRequest) -> HttpResponse:
    """``?unit=`` and ``?business=`` narrow it; ``?month=`` (or ``recent``) with ``?who=`` opens the
    cases of a number."""
    asked = reader(request)
    whole = silent.town(asked.reach, asked.at)
    unit, business = request.GET.get("unit"), request.GET.get("business", "")
    unit = unit if unit in whole.units() else None
    business = business if business in whole.businesses() else ""
    chosen = whole.of(unit=unit, business=business)
    names = _names()
    context: dict[str, Any] = {
        "rules": silent.rules(), "unit": unit, "business": business,
        "unit_name": names.get(unit or "", "") if unit is not None else "",
        "units": [(one, names.get(one, one)) for one in whole.units()],
        "businesses": [(one, _business(one)) for one in whole.businesses() if one],
        **_scope(chosen, unit, business),
        "rows": _units(whole.of(business=business), business, names),
        "nameless": silent.nameless(asked.at) if asked.reach.everything else None,
        **_opened(chosen, asked),
    }  # fmt: skip
    return render(request, "supervision/silent.html", context)


def _scope(chosen: Town, unit: str | None, business: str) -> dict[str, Any]:
    """The sentence of the chosen scope, its verdict, its months."""
    lists, recent = chosen.lists(), int(silent.rules()["recent"])
    before, now = sum(lists[:-recent], Lists()), sum(lists[-recent:], Lists())
    comparison = _compared(lists, float(silent.rules()["alpha"]))
    sinking, scope = trend(lists), _narrowed(unit, business)
    return {
        "now": _row("", "recent", now, scope),
        "before": _row("", "", before, scope),
        "saying": SAYINGS[comparison.verdict] if comparison else None,
        "comparison": comparison,
        "chances": comparison and [_chance(comparison.complaints), _chance(comparison.share)],
        "warned": comparison is not None and comparison.verdict is Verdict.DETERRED,
        "trend": sinking,
        "is_sinking": sinking is not None and sinking < SINKING,
        "months": [
            _row(month, month, one, scope) for month, one in zip(chosen.months, lists, strict=True)
        ][::-1],
    }


def _chance(p: float) -> str:
    return f"{p:.3f}" if p >= LEAST_P else f"<{LEAST_P}"


def _compared(lists: list[Lists], alpha: float) -> Comparison | None:
    """None where either span is too thin to estimate."""
    recent, least = int(silent.rules()["recent"]), int(silent.rules()["both_min"])
    before, now = sum(lists[:-recent], Lists()), sum(lists[-recent:], Lists())
    # A share that sinks leaves few on both lists: what was expected there must be enough.
    expected = before.both / before.otherwise * now.otherwise if before.otherwise else 0.0
    if before.both < least or expected < least:
        return None
    return compare(before, now, (len(lists) - recent, recent), alpha)


def _units(whole: Town, business: str, names: Mapping[str, str]) -> list[Row]:
    """Every unit over the last months; all of them together are warned of wrongly at the pack's
    rate (Bonferroni)."""
    recent, units = int(silent.rules()["recent"]), whole.units()
    alpha = float(silent.rules()["alpha"]) / max(1, len(units))
    found = []
    for unit in units:
        lists = whole.of(unit=unit).lists()
        now = sum(lists[-recent:], Lists())
        comparison = _compared(lists, alpha)
        label = names.get(unit, unit)
        found.append(_row(label, "recent", now, _narrowed(unit, business), comparison))
    return found


def _narrowed(unit: str | None, business: str) -> dict[str, str]:
    """The scope as an address says it; the head office's own unit is an empty one."""
    return {"business": business, **({"unit": unit} if unit is not None else {})}


def _row(
    label: str,
    month: str,
    lists: Lists,
    scope: Mapping[str, str],
    comparison: Comparison | None = None,
) -> Row:
    complained, otherwise, both = (
        Count(n, f"?{urlencode({**scope, 'month': month, 'who': who})}#listing")
        for who, n in (
            ("complained", lists.complained), ("otherwise", lists.otherwise), ("both", lists.both),
        )
    )  # fmt: skip
    told = estimate(lists, int(silent.rules()["both_min"]))
    return Row(label, f"?{urlencode(scope)}", complained, otherwise, both, told, comparison)


def _opened(chosen: Town, request: StaffRequest) -> dict[str, Any]:
    """The cases of one number, if one was asked for and it may be told."""
    month, who = request.GET.get("month", ""), WHO.get(request.GET.get("who", ""))
    recent = chosen.months[-int(silent.rules()["recent"]) :]
    months = recent if month == "recent" else tuple(set(chosen.months) & {month})
    if who is None or not months:
        return {}
    found = [one for cell, one in chosen.found if cell.month in months and who(one)]
    if 0 < len(found) < int(silent.rules()["small"]):
        return {}
    rows = Complaint.objects.within(request.reach).filter(
        pk__in=[case for one in found for case in one.cases]
    )
    ordered = rows.defer("text", "tokens", "minhash", "bands").order_by("-received_at", "-pk")
    listing = Listing(request.GET, ordered, columns=CASE_COLUMNS, size=20)
    cases = [(one, words.KINDS.get(one.kind, one.kind)) for one in listing.page_rows]
    return {"listing": listing, "cases": cases}


def _names() -> dict[str, str]:
    units = Org.objects.filter(parent__parent__isnull=True, parent__isnull=False)
    return {HEAD: _t("总行"), **{str(unit.pk): str(unit) for unit in units}}


def _business(code: str) -> str:
    return name_of("business", code, english=get_language() == "en")
