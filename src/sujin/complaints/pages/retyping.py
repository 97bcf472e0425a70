"""The re-typing report: every complaint that became something else, by whom, and why."""

from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from sujin.complaints import kinds, sides, words
from sujin.complaints.models import Complaint
from sujin.complaints.sides import Entities
from sujin.platform.models import Entry
from sujin.platform.ui.listing import Column, Filter, Listing
from sujin.platform.ui.request import staff

COLUMNS = [
    Column("at", _("时间")),
    Column("number", _("编号")),
    Column("change", _("改类")),
    Column("because", _("理由")),
    Column("by", _("经办")),
]


@require_safe
def retyping(request: HttpRequest) -> HttpResponse:
    """Changes of kind within the person's reach, newest first; each opens its case."""
    asked = staff(request)
    within = Complaint.objects.within(asked.reach)
    rows = Entry.objects.of(
        kinds.Reclassified, kinds.ReclassificationProposed, kinds.ReclassificationRejected
    ).filter(subject=Complaint.subject)
    if not asked.reach.everything:
        entities = Entities()
        own = sides.written_by(sides.of_reader(asked.reach, entities), entities, "by", "at")
        whole = within.filter(entities.whole(asked.reach))
        rows = rows.filter(subject_id__in=within.values("pk"))
        rows = rows.filter(Q(subject_id__in=whole.values("pk")) | Q(own))
    listing = Listing(
        request.GET,
        rows.select_related("by").order_by("-at", "-pk"),
        filters=[Filter("step", _("步骤"), STEPS, _step)],
        columns=COLUMNS,
    )
    lines = _lines(listing.page_rows)
    return render(request, "complaints/retyping.html", {"listing": listing, "lines": lines})


STEPS = (
    (kinds.Reclassified.code, _("已改类")),
    (kinds.ReclassificationProposed.code, _("提请")),
    (kinds.ReclassificationRejected.code, _("未通过")),
)


def _step(rows: QuerySet[Entry], value: str) -> QuerySet[Entry]:
    return rows.filter(kind=value)


def _lines(entries: list[Entry]) -> list[dict[str, Any]]:
    ids = {entry.subject_id for entry in entries}
    cases = Complaint.objects.only("number").in_bulk(ids)
    return [
        {
            "entry": entry,
            "case": cases[entry.subject_id],
            "title": entry.what().title,
            "before": words.KINDS.get(entry.data.get("before", "complaint"), ""),
            "after": words.KINDS.get(entry.data.get("kind", ""), ""),
            "because": entry.data.get("because", ""),
        }
        for entry in entries
    ]
