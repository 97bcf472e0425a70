"""同业比较: published figures of peers, each table on one basis, our own beside them."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from sujin.complaints import words
from sujin.governance import peering
from sujin.governance.models import PeerFigure
from sujin.governance.models.owned import WATCH
from sujin.governance.peerbook import quarter_name
from sujin.governance.peering import SCALES, Asked
from sujin.platform.ui.request import StaffRequest, holds

BY = {
    "customers": _("每百万个人客户投诉量"),
    "outlets": _("平均每营业网点投诉量"),
    "assets": _("每千亿元资产投诉量"),
    "share": _("占该行全部投诉的比例（%）"),
    "count": _("投诉量（件）"),
}


@require_safe
def peers(request: HttpRequest) -> HttpResponse:
    """The quarter, business and denominator that the address asks for; the latest otherwise."""
    asked = holds(request, WATCH)
    known = peering.quarters()
    context: dict[str, Any] = {"known": known, "may_own": asked.reach.everything}
    if known:
        wanted = _asked(asked, known)
        found = peering.tables(wanted)
        context |= {
            "asked": wanted, "by": BY[wanted.by], "tables": found, "many": len(found) > 1,
            "quarter": quarter_name(wanted.quarter), "choices": _choices(wanted, known),
            "sources": sorted({one.figure.source for table in found for one in table.lines
                               if one.figure}),
        }  # fmt: skip
    return render(request, "governance/peers.html", context)


def _asked(asked: StaffRequest, known: list[Any]) -> Asked:
    named = {quarter_name(one): one for one in known}
    quarter = named.get(asked.GET.get("quarter", ""), known[0])
    by = asked.GET.get("by", "")
    business = asked.GET.get("business", "")
    return Asked(
        quarter, business if business in _businesses() else "",
        by if by in SCALES else "customers", asked.reach.everything,
    )  # fmt: skip


def _businesses() -> list[str]:
    rows = PeerFigure.objects.valid().order_by("business")
    return list(rows.values_list("business", flat=True).distinct())


def _choices(asked: Asked, known: list[Any]) -> list[dict[str, Any]]:
    """The three questions of the page, with what is chosen."""
    spoken = [(code, words.named("business", code)) for code in _businesses() if code]
    return [
        {"name": "quarter", "label": _("季度"), "chosen": quarter_name(asked.quarter),
         "options": [(quarter_name(one), quarter_name(one)) for one in known]},
        {"name": "business", "label": _("业务"), "chosen": asked.business,
         "options": [("", _("全部业务")), *spoken]},
        {"name": "by", "label": _("怎么比"), "chosen": asked.by, "options": list(BY.items())},
    ]  # fmt: skip
