"""每夜核对: what was found wrong, what is mended, and when it was last looked for."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from sujin.complaints.invariants import INVARIANTS, OF_REPLAY, named
from sujin.complaints.models import Breach, Complaint, Examination
from sujin.complaints.replaying import NO_DOCKET, UNREADABLE
from sujin.platform.ui.listing import Column, Filter, Listing
from sujin.platform.ui.request import staff

READERS = frozenset({"journal", "export"})
COLUMNS = [
    Column("what", _("不符")),
    Column("about", _("对象")),
    Column("points", _("哪里不符")),
    Column("seen", _("首次发现")),
    Column("state", _("状态")),
]
STATES = (("standing", _("未消除")), ("gone", _("已消除")))
RULES = tuple((one.code, one.title) for one in (*INVARIANTS, OF_REPLAY))


@require_safe
def examinations(request: HttpRequest, pk: int | None = None) -> HttpResponse:
    """Breaches in reach, those that stand first; with ``pk`` only what that run saw first."""
    asked = staff(request)
    if not READERS & asked.reach.may:
        raise PermissionDenied
    rows = Breach.objects.within(asked.reach).select_related("complaint")
    if pk is not None:
        rows = rows.filter(seen_in=get_object_or_404(Examination, pk=pk))
    listing = Listing(
        request.GET,
        rows.order_by("-gone_at", "-seen_at", "-pk"),
        filters=[
            Filter("state", _("状态"), STATES, _state),
            Filter("rule", _("规则"), RULES, lambda found, value: found.filter(rule=value)),
        ],
        columns=COLUMNS,
    )
    context = {
        "listing": listing,
        "lines": [_line(one) for one in listing.page_rows],
        "last": Examination.objects.order_by("-pk").first(),
    }
    return render(request, "complaints/examinations.html", context)


def _state(rows: QuerySet[Breach], value: str) -> QuerySet[Breach]:
    return rows.filter(gone_at__isnull=value == "standing")


def _line(breach: Breach) -> dict[str, Any]:
    rule = named(breach.rule)
    return {
        "breach": breach,
        "title": rule.title if rule else breach.rule,
        "remedy": rule.remedy if rule else "",
        "points": _t("、").join(_named(point) for point in breach.points),
    }


def _named(point: str) -> str:
    """A step, a kind of letter or a column, in words."""
    names = {
        "investigated": _t("没有调查记录"),
        "answered": _t("没有答复"),
        "called_back": _t("没有回访"),
        "coded": _t("没有登记行方原因"),
        "decision": _t("处理答复"),
        "extension": _t("延期告知"),
        NO_DOCKET: _t("没有登记记录"),
        UNREADABLE: _t("记录读不出来"),
    }
    columns = {field.attname: field.verbose_name for field in Complaint._meta.concrete_fields}
    return str(names.get(point) or columns.get(point, point))
