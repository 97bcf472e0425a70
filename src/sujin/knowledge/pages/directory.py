"""联系目录: numbers that somebody has rung lately; old ones are not served at all."""

from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from sujin.knowledge import kinds
from sujin.knowledge.acts.release import latest_end
from sujin.knowledge.acts.withdraw import extend
from sujin.knowledge.audience import audience_of
from sujin.knowledge.duties import RELEASE, in_care, may
from sujin.knowledge.forms import ReasonForm
from sujin.knowledge.models import Version
from sujin.platform.models import Entry
from sujin.platform.refusal import Refusal
from sujin.platform.ui.listing import Column, Filter, Listing, Sort
from sujin.platform.ui.request import StaffRequest, staff

FORM = "contact"
COLUMNS = [
    Column("title", _("名称"), "title"),
    Column("phone", _("电话")),
    Column("region", _("地区"), "region"),
    Column("hours", _("受理时间")),
    Column("verified", _("核实于")),
    Column("valid", _("有效期至"), "valid"),
]
SORTS = [
    Sort("region", _("按地区"), ("parts__region", "title")),
    Sort("title", _("按名称"), ("title",)),
    Sort("valid", _("快到期在前"), ("valid_to",)),
]


def _in_region(rows: QuerySet[Version], value: str) -> QuerySet[Version]:
    return rows.filter(parts__region=value)


@require_safe
def directory(request: HttpRequest) -> HttpResponse:
    """The entries in force, by region."""
    asked = staff(request)
    rows = Version.objects.served(audience_of(asked.reach), asked.at).filter(item__form=FORM)
    regions = sorted(filter(None, set(rows.values_list("parts__region", flat=True))))
    named = tuple((one, one) for one in regions)
    listing = Listing(
        request.GET,
        rows.listed(),
        filters=[Filter("region", _("地区"), named, _in_region)],
        sorts=SORTS,
        columns=COLUMNS,
    )
    verified = _verified(listing.page_rows)
    lines = [_line(asked, row, verified) for row in listing.page_rows]
    return render(request, "knowledge/directory.html", {"listing": listing, "lines": lines})


def _verified(rows: list[Version]) -> dict[int, str]:
    """When each was last looked at again; one query."""
    entries = Entry.objects.of(kinds.VersionExtended).about(
        Version.subject, [row.pk for row in rows]
    )
    told = entries.order_by("at", "pk").values_list("subject_id", "at")
    return {pk: f"{timezone.localdate(at):%Y-%m-%d}" for pk, at in told}


def _line(asked: StaffRequest, row: Version, verified: dict[int, str]) -> dict[str, Any]:
    return {
        "version": row,
        "item": row.item,
        "verified": verified.get(row.pk) or row.parts.get("verified_on", ""),
        "may_verify": may(asked.reach, RELEASE, row.item),
    }


@require_POST
def verification(request: HttpRequest, code: str) -> HttpResponse:
    """It was rung and it is right: it holds as long again as the form may."""
    asked = staff(request)
    item = in_care(asked, code, RELEASE)
    form = ReasonForm(request.POST)
    rows = Version.objects.served(audience_of(asked.reach), asked.at)
    found = rows.filter(item=item, item__form=FORM).listed().first()
    if found is None or not form.is_valid():
        messages.error(request, _t("请写明怎样核实的") if found else _t("这一条已经失效"))
        return redirect("knowledge:directory")
    until = latest_end(item, asked.at)
    because = form.cleaned_data["because"]
    try:
        extend(found, valid_to=until, because=because, by=asked.person, at=asked.at)
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _t("已核实，有效期已延长"))
    return redirect("knowledge:directory")
