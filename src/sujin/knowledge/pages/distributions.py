"""What was handed out, and how far each unit is: the list, the map, the people, the file."""

import csv
import io
from collections.abc import Iterator
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from sujin.knowledge.acts.urge_readers import urge_readers
from sujin.knowledge.models import Acknowledgement, Distribution, Measure
from sujin.knowledge.models.reading import URGE, WATCHING, watched
from sujin.knowledge.unit_map import Tally, Unit, silent, unit_map
from sujin.platform.acts.export import exported
from sujin.platform.models import Org
from sujin.platform.refusal import Refusal
from sujin.platform.ui.listing import Column, Filter, Listing, Sort
from sujin.platform.ui.request import StaffRequest, holds, staff

LEVELS, FEW = 2, 3
SILENT_FIRST = 12
FORMULA = ("=", "+", "-", "@", "\t", "\r")
COLUMNS = [
    Column("what", _("内容")),
    Column("sent", _("下发时间"), "sent"),
    Column("read_by", _("学习期限"), "read_by"),
    Column("people", _("人数")),
    Column("done", _("已读懂")),
]
SORTS = [
    Sort("sent", _("最近下发在前"), ("-sent_at", "-pk")),
    Sort("read_by", _("按学习期限"), ("read_by", "pk")),
]
PEOPLE_COLUMNS = [
    Column("person", _("姓名")),
    Column("unit", _("单位")),
    Column("read", _("阅读时间")),
    Column("understood", _("读懂时间")),
    Column("quiz", _("小测")),
]
PEOPLE_SORTS = [Sort("unit", _("按单位"), ("unit__path", "pk"))]


def _in_state(rows: QuerySet[Acknowledgement], value: str) -> QuerySet[Acknowledgement]:
    asked = {
        "missing": Q(understood_at__isnull=True),
        "unread": Q(read_at__isnull=True),
        "done": Q(understood_at__isnull=False),
    }
    return rows.filter(asked[value])


STATES = (("missing", _("还没读懂")), ("unread", _("还没打开")), ("done", _("已读懂")))
SHOWN = {
    "silent": _("还没有人读懂"),
    "late": _("有人逾期"),
    "bare": _("没写本地举措"),
}


@require_safe
def distributions(request: HttpRequest) -> HttpResponse:
    """Those that somebody watched over has to read."""
    asked = _watcher(request)
    rows = Distribution.objects.within(asked.reach).listed()
    listing = Listing(request.GET, rows, sorts=SORTS, columns=COLUMNS)
    page = list(listing.page_rows)
    counted = _counted(asked, page)
    lines = [{**counted.get(one.pk, {}), "distribution": one} for one in page]
    context = {"listing": listing, "lines": lines, "today": timezone.localdate(asked.at)}
    return render(request, "knowledge/distributions.html", context)


def _counted(asked: StaffRequest, page: list[Distribution]) -> dict[int, dict[str, int]]:
    rows = Acknowledgement.objects.expected().within(asked.reach).filter(distribution__in=page)
    done = Count("pk", filter=Q(understood_at__isnull=False))
    counted = rows.order_by().values("distribution").annotate(people=Count("pk"), done=done)
    return {
        int(one["distribution"]): {"people": one["people"], "done": one["done"]} for one in counted
    }


@require_safe
def distribution(request: HttpRequest, pk: int) -> HttpResponse:
    """The map of units in reach."""
    asked = _watcher(request)
    return _show(asked, _found(asked, pk))


@require_POST
def urging(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask those who are missing to read: of one unit, or all in reach."""
    asked = holds(request, URGE)
    found = _found(asked, pk)
    unit = _unit(asked, request.POST.get("unit", ""))
    try:
        count = urge_readers(found, unit=unit, reach=asked.reach, by=asked.person, at=asked.at)
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _t("已催学 %(n)d 人") % {"n": count})
    return redirect(found.map_url)


@require_safe
def people(request: HttpRequest, pk: int) -> HttpResponse:
    """Person by person, of one unit and below it, or all in reach."""
    asked = _watcher(request)
    found = _found(asked, pk)
    unit = _unit(asked, request.GET.get("unit", ""))
    rows = Acknowledgement.objects.expected().within(asked.reach).filter(distribution=found)
    if unit is not None:
        rows = rows.filter(unit__path__startswith=unit.path)
        if not rows.exists():
            raise Http404
    listing = Listing(
        request.GET,
        rows.select_related("person", "unit"),
        filters=[Filter("state", _("状态"), STATES, _in_state)],
        sorts=PEOPLE_SORTS,
        columns=PEOPLE_COLUMNS,
    )
    measures = found.measures.filter(watched(asked.reach)).select_related("unit", "by")
    if unit is not None:
        measures = measures.filter(unit__path__startswith=unit.path)
    context = {
        "distribution": found,
        "listing": listing,
        "unit": unit,
        "measures": list(measures.order_by("-pk")[:50]),
    }
    return render(request, "knowledge/distribution_people.html", context)


@require_safe
def export(request: HttpRequest, pk: int) -> HttpResponse:
    """The map as a CSV file, on the record."""
    asked = holds(request, "export")
    found = _found(asked, pk)
    lines = list(_csv_lines(found, unit_map(found, asked.reach, asked.at)))
    exported("readings", len(lines) - 1, by=asked.person, at=asked.at)
    memory = io.StringIO()
    csv.writer(memory).writerows([list(map(_plainly, line)) for line in lines])
    response = HttpResponse("\ufeff" + memory.getvalue(), content_type="text/csv; charset=utf-8")
    name = f"reading-{found.pk}-{timezone.localdate(asked.at):%Y%m%d}.csv"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _watcher(request: HttpRequest) -> StaffRequest:
    asked = staff(request)
    if not WATCHING & asked.reach.may:
        raise PermissionDenied
    return asked


def _found(asked: StaffRequest, pk: int) -> Distribution:
    found = Distribution.objects.within(asked.reach).listed().filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def _unit(asked: StaffRequest, said: str) -> Org | None:
    """An organisation of the map; nothing, when none was asked for."""
    if not said:
        return None
    if not said.isdecimal() or len(said) > 12:
        raise Http404
    found = Org.objects.filter(pk=int(said)).first()
    if found is None:
        raise Http404
    return found


def _show(asked: StaffRequest, found: Distribution) -> HttpResponse:
    tops = unit_map(found, asked.reach, asked.at)
    whole = Tally()
    for top in tops:
        whole.add(top.tally)
    quiet = silent(tops)
    shown, under = asked.GET.get("show", ""), asked.GET.get("under", "")
    opened = next((one for one in _all(tops) if str(one.org.pk) == under), None)
    context: dict[str, Any] = {
        "distribution": found,
        "is_over": found.is_over(asked.at),
        "whole": whole,
        "silent": quiet,
        "silent_first": quiet[:SILENT_FIRST],
        "units": _listed(tops, opened, shown),
        "opened": opened,
        "shown": shown,
        "choices": SHOWN,
        "may_urge": URGE in asked.reach.may,
        "measures": _latest(found, asked),
    }
    return render(asked, "knowledge/distribution.html", context)


def _all(tops: list[Unit]) -> Iterator[Unit]:
    return (one for top in tops for one in top.walk())


def _listed(tops: list[Unit], opened: Unit | None, shown: str) -> list[Unit]:
    """What a screen holds: everything that was asked for by name; one unit that was opened, two
    levels deep; else the tops, with what is right below them where they are few."""
    if shown in SHOWN:
        return [one for one in _all(tops) if _is_shown(one, shown)]
    if opened is not None:
        return [one for one in opened.walk() if one.depth - opened.depth <= LEVELS]
    return [one for one in _all(tops) if one.depth < LEVELS] if len(tops) <= FEW else tops


def _is_shown(unit: Unit, shown: str) -> bool:
    if shown == "silent":
        return unit.is_silent
    if shown == "late":
        return unit.tally.late > 0
    if shown == "bare":
        return unit.tally.measures < unit.tally.units
    return True


def _latest(found: Distribution, asked: StaffRequest) -> list[Measure]:
    if not found.wants_measures:
        return []
    rows = found.measures.filter(watched(asked.reach)).select_related("unit", "by")
    return list(rows.order_by("-pk")[:6])


def _csv_lines(found: Distribution, tops: list[Unit]) -> Iterator[list[str]]:
    yield [
        _t("机构号"), _t("机构"), _t("人数"), _t("已打开"), _t("已读懂"), _t("通过小测"),
        _t("单位数"), _t("已写举措"), _t("逾期人数"),
    ]  # fmt: skip
    for top in tops:
        for unit in top.walk():
            tally = unit.tally
            yield [
                unit.org.code, str(unit.org), str(tally.people), str(tally.read),
                str(tally.understood), str(tally.passed), str(tally.units),
                str(tally.measures), str(tally.late),
            ]  # fmt: skip


def _plainly(told: str) -> str:
    """A name that begins like a formula stays words."""
    return f"'{told}" if told.startswith(FORMULA) else told
