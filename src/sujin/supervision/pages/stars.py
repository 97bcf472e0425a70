"""星级评定: the sheets of a month beside each other, as far as they can be told apart."""

from collections.abc import Callable
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from sujin.platform.models import Org
from sujin.platform.ui.listing import Column, Filter, Listing, Sort
from sujin.platform.ui.request import StaffRequest, holds, staff
from sujin.platform.ui.verbs import Offered, Verb, Verbs
from sujin.supervision import starbook
from sujin.supervision.acts.rate_outlets import publish_stars
from sujin.supervision.forms_star import NoForm
from sujin.supervision.kinds import star as kinds
from sujin.supervision.models import StarRound, StarSheet
from sujin.supervision.models.star import RATE, READERS, sees_all

WIDTH = 240
COLUMNS = [
    Column("outlet", _("网点")), Column("star", _("星级")), Column("points", _("得分")),
    Column("span", _("得分的范围")), Column("rank", _("可能的位次")),
    Column("apart", _("确定高于／低于")),
]  # fmt: skip
VERBS = Verbs(Verb("publication", _("公布"), "speakerphone", NoForm, publish_stars))
SORTS = [
    Sort("outlet", _("机构号"), ("outlet__path",)),
    Sort("points", _("得分"), ("-points", "outlet__path")),
]


def reader(request: HttpRequest) -> StaffRequest:
    """The request of somebody who has to do with stars; 403 otherwise."""
    asked = staff(request)
    if not READERS & asked.reach.may:
        raise PermissionDenied
    return asked


@require_safe
def stars(request: HttpRequest) -> HttpResponse:
    """The sheets in reach of the month of the address, or of the last one."""
    asked = reader(request)
    rounds = list(StarRound.objects.within(asked.reach).order_by("-month")[:36])
    found = chosen(asked, rounds)
    return _show(asked, found, rounds)


def chosen(asked: StaffRequest, rounds: list[StarRound]) -> StarRound | None:
    """The round of ``?month=2026-02``; the last one where none is asked for, or unknown."""
    month = asked.GET.get("month", "")
    return next((one for one in rounds if f"{one.month:%Y-%m}" == month), next(iter(rounds), None))


@require_POST
def perform(request: HttpRequest, month: str, verb: str) -> HttpResponse:
    """``publication`` of a draft."""
    asked = holds(request, RATE)
    rounds = list(StarRound.objects.within(asked.reach).order_by("-month")[:36])
    found = next((one for one in rounds if f"{one.month:%Y-%m}" == month), None)
    if found is None or verb not in VERBS:
        raise Http404
    bound = VERBS.perform(asked, verb, found)
    if bound is None:
        return redirect(found.get_absolute_url())
    return _show(asked, found, rounds, bound, status=422)


def _show(
    asked: StaffRequest, found: StarRound | None, rounds: list[StarRound],
    bound: Offered | None = None, status: int = 200,
) -> HttpResponse:  # fmt: skip
    rows = StarSheet.objects.within(asked.reach).filter(round=found).select_related("outlet")
    listing = Listing(asked.GET, rows, filters=_filters(), sorts=SORTS, columns=COLUMNS)
    codes = ["publication"] * bool(found and found.state == kinds.DRAFTED and rates(asked))
    context: dict[str, Any] = {
        "round": found,
        "rounds": rounds,
        "listing": listing,
        "lines": [drawn(one) for one in listing.page_rows],
        "levels": starbook.levels().values(),
        "verbs": VERBS.offered(codes, bound),
        "sees_all": sees_all(asked.reach),
    }
    return render(asked, "supervision/stars.html", context, status=status)


def rates(asked: StaffRequest) -> bool:
    return asked.reach.everything and RATE in asked.reach.may


def _filters() -> list[Filter[StarSheet]]:
    branches = Org.objects.filter(kind="branch1").order_by("path")
    return [
        Filter(
            "star", _("星级"), tuple((str(star), str(row)) for star, row in
                                    starbook.levels().items()), _of("star"),
        ),
        Filter(
            "branch", _("一级分行"), tuple((one.path, str(one)) for one in branches),
            lambda rows, value: rows.filter(outlet__path__startswith=value),
        ),
    ]  # fmt: skip


def _of(field: str) -> Callable[[Any, str], Any]:
    return lambda rows, value: rows.filter(**{field: int(value)})


def drawn(sheet: StarSheet) -> dict[str, Any]:
    """A sheet as the list draws it: its points with their interval on a line of WIDTH."""
    total = sum(row.item.weight for row in starbook.items().values())
    low, at, high = (
        round(WIDTH * min(one, total) / total, 1) for one in (sheet.low, sheet.points, sheet.high)
    )
    return {
        "sheet": sheet, "low": low, "at": at, "span": max(high - low, 1.0), "width": WIDTH,
        "marks": [
            round(WIDTH * row.level.points / total, 1) for row in starbook.levels().values()
            if row.level.points > 0
        ],
    }  # fmt: skip
