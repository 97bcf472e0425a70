"""评分: the sheets of a round beside each other, as far as they can be told apart."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from sujin.platform.models import Org
from sujin.platform.organisation import OrgKind
from sujin.platform.ui.listing import Column, Filter, Listing, Sort
from sujin.platform.ui.request import StaffRequest, holds, staff
from sujin.platform.ui.verbs import Offered, Verb, Verbs
from sujin.supervision import starbook
from sujin.supervision.acts.rate_units import publish_stars
from sujin.supervision.forms_star import SignForm
from sujin.supervision.kinds import star as kinds
from sujin.supervision.models import StarRound, StarSheet
from sujin.supervision.models.star import RATE, READERS
from sujin.supervision.starbook import Scheme

WIDTH = 240
COLUMNS = [
    Column("unit", _("单位")), Column("star", _("等级")), Column("points", _("得分")),
    Column("span", _("得分的范围")), Column("rank", _("可能的位次")),
    Column("apart", _("确定高于／低于")),
]  # fmt: skip
VERBS = Verbs(Verb("publication", _("签署并公布"), "signature", SignForm, publish_stars))
SORTS = [
    Sort("unit", _("机构号"), ("unit__path",)),
    Sort("points", _("得分"), ("-points", "unit__path")),
]


def reader(request: HttpRequest) -> StaffRequest:
    """The request of somebody who has to do with stars; 403 otherwise."""
    asked = staff(request)
    if not READERS & asked.reach.may:
        raise PermissionDenied
    return asked


@require_safe
def stars(request: HttpRequest, scheme: str) -> HttpResponse:
    """The sheets in reach of the month of the address, or of the last one."""
    asked = reader(request)
    row = scheme_of(scheme)
    rounds = rounds_of(asked, row)
    return _show(asked, row, chosen(asked, rounds), rounds)


def scheme_of(code: str) -> Scheme:
    found = starbook.schemes().get(code)
    if found is None:
        raise Http404
    return found


def rounds_of(asked: StaffRequest, scheme: Scheme) -> list[StarRound]:
    rows = StarRound.objects.within(asked.reach).filter(scheme=scheme.code)
    return list(rows.order_by("-month")[:36])


def chosen(asked: StaffRequest, rounds: list[StarRound]) -> StarRound | None:
    """The round of ``?month=2026-02``; the last one where none is asked for, or unknown."""
    month = asked.GET.get("month", "")
    return next((one for one in rounds if f"{one.month:%Y-%m}" == month), next(iter(rounds), None))


@require_POST
def perform(request: HttpRequest, scheme: str, month: str, verb: str) -> HttpResponse:
    """``publication`` of a draft."""
    asked = holds(request, RATE)
    row = scheme_of(scheme)
    rounds = rounds_of(asked, row)
    found = next((one for one in rounds if f"{one.month:%Y-%m}" == month), None)
    if found is None or verb not in VERBS:
        raise Http404
    bound = VERBS.perform(asked, verb, found)
    if bound is None:
        return redirect(found.get_absolute_url())
    return _show(asked, row, found, rounds, bound=bound, status=422)


def _show(
    asked: StaffRequest, scheme: Scheme, found: StarRound | None, rounds: list[StarRound],
    *, bound: Offered | None = None, status: int = 200,
) -> HttpResponse:  # fmt: skip
    listing = listed(asked, scheme, found)
    codes = ["publication"] * bool(found and found.state == kinds.DRAFTED and rates(asked))
    left = found.rules.get("left", []) if found else []
    context: dict[str, Any] = {
        "scheme": scheme,
        "round": found,
        "rounds": rounds,
        "listing": listing,
        "lines": [drawn(one) for one in listing.page_rows],
        "levels": starbook.levels(scheme.code).values(),
        "left": [row for code, row in starbook.items(scheme.code).items() if code in left],
        "verbs": VERBS.offered(codes, bound),
        "appeal_days": starbook.numbers()["appeal_days"],
    }
    return render(asked, "supervision/stars.html", context, status=status)


def listed(asked: StaffRequest, scheme: Scheme, found: StarRound | None) -> Listing[StarSheet]:
    """The sheets as the address asks for them."""
    rows = StarSheet.objects.within(asked.reach).filter(round=found)
    return Listing(
        asked.GET, rows.select_related("unit", "round"), filters=_filters(scheme), sorts=SORTS,
        columns=COLUMNS,
    )  # fmt: skip


def rates(asked: StaffRequest) -> bool:
    return asked.reach.everything and RATE in asked.reach.may


def _filters(scheme: Scheme) -> list[Filter[StarSheet]]:
    levels = starbook.levels(scheme.code)
    named = tuple((str(star), str(row)) for star, row in levels.items())
    found: list[Filter[StarSheet]] = [
        Filter("star", _("等级"), named, lambda rows, value: rows.filter(star=int(value)))
    ]
    if scheme.kind != OrgKind.BRANCH1:
        branches = Org.objects.filter(kind=OrgKind.BRANCH1).order_by("path")
        told = tuple((one.path, str(one)) for one in branches)
        found.append(Filter("branch", _("一级分行"), told, _below))
    return found


def _below(rows: Any, path: str) -> Any:
    return rows.filter(unit__path__startswith=path)


def drawn(sheet: StarSheet) -> dict[str, Any]:
    """A sheet as the list draws it: its points with their interval on a line of WIDTH."""
    levels = starbook.levels(sheet.round.scheme).values()
    total = sum(row.item.weight for row in starbook.items(sheet.round.scheme).values())
    low, at, high = (
        round(WIDTH * min(one, total) / total, 1) for one in (sheet.low, sheet.points, sheet.high)
    )
    return {
        "sheet": sheet, "low": low, "at": at, "span": max(high - low, 1.0), "width": WIDTH,
        "marks": [
            round(WIDTH * row.level.points / total, 1) for row in levels if row.level.points > 0
        ],
    }  # fmt: skip
