"""The library: everything that is served to this reader; and what is in whose care."""

from datetime import timedelta
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from sujin.knowledge.audience import audience_of
from sujin.knowledge.catalogue import forms, line_names
from sujin.knowledge.duties import DRAFT, RELEASE
from sujin.knowledge.kinds.version import DRAFT as IS_DRAFT
from sujin.knowledge.kinds.version import RELEASED, STATES
from sujin.knowledge.kinds.version import SUBMITTED as IS_SUBMITTED
from sujin.knowledge.models import Item, Version
from sujin.platform.ui.listing import Column, Filter, Listing, Sort
from sujin.platform.ui.request import staff

SOON = timedelta(days=30)
COLUMNS = [
    Column("title", _("标题"), "title"),
    Column("form", _("体裁")),
    Column("line", _("条线")),
    Column("version", _("版次")),
    Column("valid", _("有效期至"), "valid"),
]
SORTS = [
    Sort("new", _("最近发布在前"), ("-released_at", "-pk")),
    Sort("title", _("按标题"), ("title", "pk")),
    Sort("valid", _("快到期在前"), ("valid_to", "pk")),
]
CARE_COLUMNS = [
    Column("title", _("标题")),
    Column("form", _("体裁")),
    Column("state", _("状态")),
    Column("who", _("起草人")),
    Column("valid", _("有效期至")),
]
CARE_SORTS = [Sort("new", _("最近在前"), ("-drafted_at", "-pk"))]


def _of_form(rows: QuerySet[Version], value: str) -> QuerySet[Version]:
    return rows.filter(item__form=value)


def _of_line(rows: QuerySet[Version], value: str) -> QuerySet[Version]:
    return rows.filter(item__line=value)


def _in_state(rows: QuerySet[Version], value: str) -> QuerySet[Version]:
    return rows.filter(state=value)


def filters() -> list[Filter[Version]]:
    """By form and by line, in the reader's language."""
    shapes = tuple((form.code, form.name) for form in forms().values())
    return [
        Filter("form", _("体裁"), shapes, _of_form),
        Filter("line", _("条线"), tuple(line_names().items()), _of_line),
    ]


@require_safe
def library(request: HttpRequest) -> HttpResponse:
    """What this reader may be shown today."""
    asked = staff(request)
    rows = Version.objects.served(audience_of(asked.reach), asked.at).listed()
    listing = Listing(request.GET, rows, filters=filters(), sorts=SORTS, columns=COLUMNS)
    context = {
        "listing": listing,
        "lines": _lines(listing.page_rows),
        "shapes": list(forms().values()),
        "may_draft": DRAFT in asked.reach.may,
        "has_care": bool({DRAFT, RELEASE} & asked.reach.may),
    }
    return render(request, "knowledge/library.html", context)


@require_safe
def care(request: HttpRequest) -> HttpResponse:
    """What waits for this person's hand: drafts, releases, what runs out within thirty days."""
    asked = staff(request)
    mine = Item.objects.in_care_of(asked.reach, DRAFT) | Item.objects.in_care_of(
        asked.reach, RELEASE
    )
    states = tuple((code, label) for code, label in STATES.items())
    rows = Version.objects.filter(item__in=mine).listed().select_related("drafted_by")
    if "state" not in request.GET:
        waiting = rows.filter(state__in=[IS_DRAFT, IS_SUBMITTED])
        rows = waiting | rows.filter(state=RELEASED, valid_to__lte=asked.at + SOON)
    listing = Listing(
        request.GET,
        rows,
        filters=[Filter("state", _("状态"), states, _in_state), *filters()],
        sorts=CARE_SORTS,
        columns=CARE_COLUMNS,
    )
    context = {"listing": listing, "lines": _lines(listing.page_rows)}
    return render(request, "knowledge/care.html", context)


def _lines(rows: list[Version]) -> list[dict[str, Any]]:
    names = line_names()
    return [
        {"version": row, "item": row.item, "line": names.get(row.item.line, row.item.line)}
        for row in rows
    ]
