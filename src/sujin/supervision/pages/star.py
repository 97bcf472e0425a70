"""One unit's sheet: each point with where it comes from and how the next star is gained."""

from dataclasses import dataclass
from typing import Any

from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from sujin.complaints.models import Complaint
from sujin.engine import stars as engine
from sujin.platform.refusal import Refusal
from sujin.platform.ui.request import StaffRequest
from sujin.platform.ui.verbs import Offered, Verb, Verbs
from sujin.supervision import rules, star_counts, starbook
from sujin.supervision.acts.appeal_stars import appeal_star, appeals, decide_star_appeal
from sujin.supervision.forms_star import DecideAppealForm, StarAppealForm
from sujin.supervision.kinds import star as kinds
from sujin.supervision.models import (
    AnswerSheet,
    Enrolment,
    Finding,
    Inspection,
    Shortcoming,
    StarAppeal,
    StarSheet,
)
from sujin.supervision.pages.stars import drawn, rates, reader
from sujin.supervision.starbook import (
    AREAS,
    INSPECTION,
    METRIC,
    SHORTCOMING,
    TRAINING,
    StarItem,
)

ROWS_EACH = 200
APPEAL_VERBS = Verbs(
    Verb("decision", _("审理申诉"), "gavel", DecideAppealForm, decide_star_appeal),
)


@dataclass(frozen=True, slots=True)
class Shown:
    """A line of the sheet; ``gain`` is what ``more`` good ones in succession would add."""

    row: StarItem
    line: engine.Line
    gain: float

    @property
    def left(self) -> float:
        """Points that the line could still earn."""
        return self.line.weight - self.line.points

    @property
    def raw(self) -> float | None:
        return self.line.hits / self.line.n if self.line.n else None

    @property
    def width(self) -> float:
        """Of its bar, in hundredths."""
        return round(100 * self.line.points / self.line.weight, 1)


@require_safe
def star(request: HttpRequest, pk: int) -> HttpResponse:
    """The whole sheet."""
    asked = reader(request)
    return _show(asked, _visible(asked, pk))


@require_http_methods(["GET", "HEAD", "POST"])
def star_line(request: HttpRequest, pk: int, item: str) -> HttpResponse:
    """GET: every row behind one line; POST: the unit appeals against some of them."""
    asked = reader(request)
    found = _visible(asked, pk)
    row = starbook.items(found.round.scheme).get(item)
    line = next((one for one in _shown(found) if one.row.code == item), None)
    if row is None or line is None:
        raise Http404
    pages = Paginator(star_counts.rows(row, found.unit, found.round.window), ROWS_EACH)
    shown = pages.get_page(asked.GET.get("page"))
    told = _named(asked, row, list(shown))
    may_appeal = found.round.takes_appeals(asked.at) and appeals(found, asked.reach)
    keys = [(one.key, name) for one, name, _url in told]
    form = StarAppealForm(keys, asked.POST or None) if may_appeal and keys else None
    if request.method == "POST" and form is not None and form.is_valid():
        try:
            made = appeal_star(found, item=item, **form.cleaned_data, **_who(asked))
            return redirect(made.get_absolute_url())
        except Refusal as refusal:
            form.add_error(None, str(refusal))
    context = {
        "sheet": found, "row": row, "shown": line, "rows": told, "form": form, "page": shown,
    }  # fmt: skip
    status = 422 if form is not None and form.errors else 200
    return render(request, "supervision/star_line.html", context, status=status)


@require_POST
def appeal_verb(request: HttpRequest, pk: int, verb: str) -> HttpResponse:
    """``decision`` of an appeal."""
    asked = reader(request)
    rows = StarAppeal.objects.filter(sheet__in=StarSheet.objects.within(asked.reach).values("pk"))
    appeal = rows.select_related("sheet__round", "sheet__unit").filter(pk=pk).first()
    if appeal is None or verb not in APPEAL_VERBS:
        raise Http404
    bound = APPEAL_VERBS.perform(asked, verb, appeal)
    if bound is None:
        return redirect(appeal.get_absolute_url())
    return _show(asked, _visible(asked, appeal.sheet_id), (appeal.pk, bound), status=422)


def _who(asked: StaffRequest) -> dict[str, Any]:
    return {"by": asked.person, "at": asked.at}


def _visible(asked: StaffRequest, pk: int) -> StarSheet:
    rows = StarSheet.objects.within(asked.reach).select_related("round", "unit")
    found = rows.filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def _shown(found: StarSheet) -> list[Shown]:
    more, known = int(starbook.numbers()["more"]), starbook.items(found.round.scheme)
    by_code = {one["code"]: engine.Item(**one) for one in found.round.rules["items"]}
    lines = [engine.Line(**one) for one in found.lines]
    return [
        Shown(known[one.item], one, engine.gains(by_code[one.item], one, more))
        for one in lines if one.item in known
    ]  # fmt: skip


def _show(
    asked: StaffRequest, found: StarSheet, bound: tuple[int, Offered] | None = None,
    status: int = 200,
) -> HttpResponse:  # fmt: skip
    shown = _shown(found)
    areas: dict[str, list[Shown]] = {}
    for one in shown:
        areas.setdefault(one.row.area, []).append(one)
    history = found.entries.select_related("by").in_order()
    context = {
        "sheet": found,
        "drawn": drawn(found),
        "areas": [(AREAS[area], rows) for area, rows in areas.items()],
        "next": _next(found),
        "ways": sorted((one for one in shown if one.gain > 0.05), key=lambda one: -one.gain)[:5],
        "more": starbook.numbers()["more"],
        "level": starbook.levels(found.round.scheme).get(found.star),
        "signals": _signals(found),
        "appeals": _appeals(asked, found, bound),
        "may_appeal": found.round.takes_appeals(asked.at) and appeals(found, asked.reach),
        "history": [(one, one.what()) for one in history],
    }
    return render(asked, "supervision/star.html", context, status=status)


def _next(found: StarSheet) -> dict[str, Any] | None:
    """The next star, and how many points are missing; None at the top."""
    levels = starbook.levels(found.round.scheme)
    above = [row for star, row in levels.items() if star > found.star]
    if not above:
        return None
    return {"row": above[0], "missing": max(above[0].level.points - found.points, 0.0)}


def _signals(found: StarSheet) -> dict[str, Any]:
    """What says that figures may look better than the work is: findings of the guard at the unit's
    first-level branch, and answers of customers that were set aside."""
    rows = Finding.objects.filter(unit__in=found.unit.lineage).select_related("unit")
    heard = AnswerSheet.objects.filter(
        invitation__unit__path__startswith=found.unit.path, at__gte=found.round.window.since,
        at__lt=found.round.window.until,
    ).aggregate(all=Count("pk"), aside=Count("pk", filter=Q(counted=False)))  # fmt: skip
    told = rows.exclude(verdict="dismissed").order_by("-found_at")
    return {"findings": [(one, rules.title(one.detector)) for one in told[:5]], **heard}


def _appeals(
    asked: StaffRequest, found: StarSheet, bound: tuple[int, Offered] | None
) -> list[tuple[StarAppeal, Any]]:
    told = []
    for one in found.appeals.select_related("asked_by").order_by("pk"):
        codes = ["decision"] * (one.state == kinds.ASKED and rates(asked))
        own = bound[1] if bound is not None and bound[0] == one.pk else None
        told.append((one, APPEAL_VERBS.offered(codes, own)))
    return told


def _named(
    asked: StaffRequest, row: StarItem, rows: list[star_counts.Row]
) -> list[tuple[star_counts.Row, str, str]]:
    """Each row with what it is called and where it is shown; without an address out of reach."""
    keys = [one.key for one in rows]
    if row.source == METRIC:
        cases = Complaint.objects.within(asked.reach).only("number").in_bulk(keys)
        hidden = _t("不在您的权限范围")
        return [
            (one, cases[one.key].number if one.key in cases else hidden, _url(cases, one.key))
            for one in rows
        ]
    found, name = _subjects(asked, row.source, keys)
    return [(one, name % {"n": one.key}, _url(found, one.key)) for one in rows]


def _subjects(asked: StaffRequest, source: str, keys: list[int]) -> tuple[Any, str]:
    """Those in reach by key, and what one of them is called."""
    if source == INSPECTION:
        return Inspection.objects.within(asked.reach).in_bulk(keys), _t("检查 %(n)d")
    if source == SHORTCOMING:
        return Shortcoming.objects.within(asked.reach).in_bulk(keys), _t("问题 %(n)d")
    if source == TRAINING:
        rows = Enrolment.objects.within(asked.reach, asked.at)
        return rows.filter(person=asked.person).in_bulk(keys), _t("培训 %(n)d")
    # What a customer answered is told by number alone: an answer is never opened for its author.
    return {}, _t("答卷 %(n)d")


def _url(found: Any, key: int) -> str:
    return found[key].get_absolute_url() if key in found else ""
