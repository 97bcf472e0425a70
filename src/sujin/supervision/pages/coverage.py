"""培训覆盖: how much of what must be held is held, unit by unit; every figure opens its people."""

import io
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import xlsxwriter
from django.core.exceptions import PermissionDenied
from django.db.models import Prefetch
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from sujin.complaints.pages.export import MEDIA_TYPE
from sujin.engine.training import Demand, Holding
from sujin.platform.acts.export import exported
from sujin.platform.models import Org, Person, Post
from sujin.platform.reach import role_name
from sujin.platform.ui.listing import Column, Filter, Listing, Sort
from sujin.platform.ui.request import StaffRequest, staff
from sujin.supervision import roll
from sujin.supervision.models import Enrolment
from sujin.supervision.models.training import TRAIN, watched_places
from sujin.supervision.roll import Figures
from sujin.supervision.theme import Proposal, proposals
from sujin.supervision.trainingbook import Training, demands, narrowed, trainings

HOLDINGS = {
    Holding.HELD: _("有效"), Holding.DUE: _("在期限内"), Holding.OVERDUE: _("逾期"),
    Holding.LAPSED: _("证书到期"), Holding.FAILED: _("未通过"), Holding.EXEMPT: _("免训"),
}  # fmt: skip
PILES = {
    "uncovered": _("还没学全"), "covered": _("已学全"), "overdue": _("逾期"),
    "lapsed": _("证书到期"), "failed": _("未通过"), "due": _("在期限内"),
}  # fmt: skip


def watching(request: HttpRequest) -> StaffRequest:
    """The request of somebody who watches over people's trainings; 403 otherwise."""
    asked = staff(request)
    if not watched_places(asked.reach):
        raise PermissionDenied
    return asked


@dataclass(frozen=True, slots=True)
class Asked:
    """Which unit, which role, which training the address asks about."""

    unit: Org
    role: str
    training: str

    @property
    def demands(self) -> tuple[Demand, ...]:
        return narrowed(role=self.role, training=self.training)

    def query(self, **changes: str) -> str:
        told = {"unit": str(self.unit.pk), "role": self.role, "training": self.training} | changes
        return urlencode({name: value for name, value in told.items() if value})

    def people(self, pile: str, **changes: str) -> str:
        """Where the people of a figure are listed."""
        return f"{reverse('supervision:training_people')}?{self.query(**changes, pile=pile)}"


@dataclass(frozen=True, slots=True)
class Line:
    """A unit or a training with its figures, and what each of them opens."""

    name: str
    url: str
    figures: Figures
    asked: Asked
    change: dict[str, str]

    @property
    def piles(self) -> dict[str, str]:
        return {pile: self.asked.people(pile, **self.change) for pile in roll.PILES}


@require_safe
def coverage(request: HttpRequest) -> HttpResponse:
    """One unit: in all, by the units below it, and by training."""
    asked = watching(request)
    what = read(asked)
    total, units, themes = counted(asked, what)
    roles = sorted({one.role for one in demands()})
    context: dict[str, Any] = {
        "what": what, "total": total, "units": units, "themes": themes,
        "above": _above(asked, what.unit), "places": watched_places(asked.reach),
        "roles": [(code, role_name(code)) for code in roles],
        "trainings": trainings().values(), "may_train": TRAIN in asked.reach.may,
    }  # fmt: skip
    return render(asked, "supervision/coverage.html", context)


def read(asked: StaffRequest) -> Asked:
    """What the address asks about; a unit out of reach is 404, an unknown code is nothing asked."""
    places = watched_places(asked.reach)
    number = asked.GET.get("unit", "")
    unit: Org | None = min(places, key=lambda place: len(place.path))
    if number:
        plain = number.isascii() and number.isdigit() and len(number) < 12
        unit = Org.objects.filter(pk=int(number)).first() if plain else None
    if unit is None or not any(unit.path.startswith(place.path) for place in places):
        raise Http404
    role, training = asked.GET.get("role", ""), asked.GET.get("training", "")
    return Asked(
        unit,
        role if role in {one.role for one in demands()} else "",
        training if training in trainings() else "",
    )


def counted(asked: StaffRequest, what: Asked) -> tuple[Line, list[Line], list[Line]]:
    """Three queries whatever the size of the bank: the units below, and two countings."""
    today = timezone.localdate(asked.at)
    below = list(Org.objects.filter(parent=what.unit).order_by("path"))
    found = roll.by_unit([what.unit.pk, *(one.pk for one in below)], what.demands, today)
    by_training = roll.by_training(what.unit.pk, what.demands, today)
    total = Line(str(what.unit), "", found.get(what.unit.pk, roll.NONE), what, {})
    units = [
        Line(str(one), f"?{what.query(unit=str(one.pk))}", found[one.pk], what,
             {"unit": str(one.pk)})
        for one in below if one.pk in found
    ]  # fmt: skip
    themes = [
        Line(str(one), reverse("supervision:training", args=[code]), by_training[code], what,
             {"training": code})
        for code, one in trainings().items() if code in by_training
    ]  # fmt: skip
    return total, units, themes


def _above(asked: StaffRequest, unit: Org) -> list[Org]:
    """The way back up, as far as the person watches."""
    places = watched_places(asked.reach)
    rows = Org.objects.filter(pk__in=unit.lineage[:-1]).order_by("path")
    return [one for one in rows if any(one.path.startswith(place.path) for place in places)]


@require_safe
def people(request: HttpRequest) -> HttpResponse:
    """The people of a figure, each with every training asked for and where it stands."""
    asked = watching(request)
    what, today = read(asked), timezone.localdate(asked.at)
    pile = asked.GET.get("pile", "")
    keys = roll.people(what.unit.pk, pile if pile in roll.PILES else "people", what.demands, today)
    listing = _listing(asked, what, keys)
    persons = listing.page_rows
    told = roll.holdings(what.unit.pk, [one.pk for one in persons], what.demands, today)
    rows = Enrolment.objects.current().filter(person__in=[one.pk for one in persons])
    known = {(row.person_id, row.training): row for row in rows}
    lines = [
        {"person": one, "posts": one.held, "chips": [
            (trainings()[code], HOLDINGS[holding], holding.value, known.get((one.pk, code)))
            for code, holding in sorted(told[one.pk].items())
        ]}
        for one in persons
    ]  # fmt: skip
    context = {"what": what, "listing": listing, "lines": lines}
    return render(asked, "supervision/training_people.html", context)


def _listing(asked: StaffRequest, what: Asked, keys: Iterable[int]) -> Listing[Any]:
    held = Post.objects.held_at(asked.at).filter(org__path__startswith=what.unit.path)
    posts = Prefetch("posts", queryset=held.select_related("org"), to_attr="held")
    rows: Any = Person.objects.filter(pk__in=list(keys)).prefetch_related(posts)
    roles = sorted({one.role for one in demands()})
    same = _same
    filters: list[Filter[Any]] = [
        Filter("pile", _("哪些人"), tuple(PILES.items()), same),
        Filter("role", _("岗位"), tuple((code, role_name(code)) for code in roles), same),
        Filter("training", _("培训"), tuple((k, str(one)) for k, one in trainings().items()), same),
    ]
    columns = [
        Column("name", _("姓名"), sort="name"),
        Column("post", _("岗位")),
        Column("held", _("培训")),
    ]  # fmt: skip
    sorts = [Sort("name", _("姓名"), ("staff_no",))]
    return Listing(asked.GET, rows, filters=filters, sorts=sorts, columns=columns, size=30)


def _same(rows: Any, _value: str) -> Any:
    """The counting has narrowed them already."""
    return rows


@require_safe
def export(request: HttpRequest) -> HttpResponse:
    """The page as a workbook, on the record; figures, no names."""
    asked = watching(request)
    what = read(asked)
    total, units, themes = counted(asked, what)
    exported("training coverage", 1 + len(units) + len(themes), by=asked.person, at=asked.at)
    response = HttpResponse(_workbook(total, units, themes), content_type=MEDIA_TYPE)
    name = f"training-{timezone.localdate(asked.at):%Y%m%d}.xlsx"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _workbook(total: Line, units: list[Line], themes: list[Line]) -> bytes:
    memory = io.BytesIO()
    with xlsxwriter.Workbook(memory, {"in_memory": True}) as book:
        for name, lines in ((_t("单位"), [total, *units]), (_t("培训"), themes)):
            sheet = book.add_worksheet(name)
            for row, cells in enumerate([_headings(), *map(_cells, lines)]):
                for column, value in enumerate(cells):
                    write = sheet.write_string if isinstance(value, str) else sheet.write_number
                    write(row, column, value)
    return memory.getvalue()


def _headings() -> list[Any]:
    return [
        _t("名称"), _t("应学人数"), _t("学全人数"), _t("覆盖率"), _t("逾期"), _t("证书到期"),
        _t("未通过"), _t("在期限内"), _t("考过人次"), _t("通过人次"), _t("首次通过人次"),
    ]  # fmt: skip


def _cells(line: Line) -> list[Any]:
    one = line.figures
    share = one.coverage.value
    return [
        line.name, one.coverage.of, one.coverage.hits, "" if share is None else round(share, 4),
        one.overdue, one.lapsed, one.failed, one.due, one.passed.of, one.passed.hits,
        one.first.hits,
    ]  # fmt: skip


@require_safe
def proposed(request: HttpRequest) -> HttpResponse:
    """Units whose complaints on a training's theme stand above the others'; never a ranking."""
    asked = watching(request)
    what = read(asked)
    found: list[Proposal] = proposals(what.unit, timezone.localdate(asked.at))
    context = {
        "what": what, "may_train": TRAIN in asked.reach.may,
        "found": [(one, _enrol_url(one)) for one in found],
        "places": watched_places(asked.reach),
    }  # fmt: skip
    return render(asked, "supervision/training_proposals.html", context)


def _enrol_url(one: Proposal) -> str:
    return f"{_training_url(one.training)}?unit={one.unit.pk}#enrol"


def _training_url(training: Training) -> str:
    return reverse("supervision:training", args=[training.code])
