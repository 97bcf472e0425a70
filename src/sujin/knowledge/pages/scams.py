"""诈骗识别: signs ticked at the counter, the risk, and what to do about it."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from sujin.knowledge.audience import audience_of
from sujin.knowledge.models import Version
from sujin.knowledge.models.usage import SHOWN
from sujin.knowledge.pages.finding import note
from sujin.knowledge.scams import FORM, HEAVY, Suspected, suspected, worst
from sujin.platform.ui.request import StaffRequest, staff

LEVELS: dict[str, tuple[Promise, str]] = {
    "high": (_("风险高"), "alert-triangle"),
    "medium": (_("有疑点"), "help-circle"),
    "low": (_("没有明显迹象"), "circle-check"),
}
COUNTER = ("counter", "script", "advice")
TICKS_MAX = 200


@require_safe
def scams(request: HttpRequest) -> HttpResponse:
    """``?type=&s=``: the signs of one type, or the heavy ones of all; what is ticked is judged.
    Nothing is kept: who the customer is, is not asked."""
    asked = staff(request)
    rows = Version.objects.served(audience_of(asked.reach), asked.at).filter(item__form=FORM)
    versions = list(rows.listed().order_by("title", "pk"))
    ticked = set(request.GET.getlist("s")[:TICKS_MAX])
    code = request.GET.get("type", "")
    chosen = [one for one in versions if one.item.code == code]
    least = 1 if chosen else HEAVY
    found = [suspected(one, ticked, least=least) for one in chosen or versions]
    likely = worst(found)
    context: dict[str, Any] = {
        "types": versions,
        "chosen": chosen[0] if chosen else None,
        "found": found,
        "likely": likely,
        "called": _called(asked, likely) if likely else None,
        "may_claim": bool(asked.reach.posts),
    }
    return render(request, "knowledge/scams.html", context)


def _called(asked: StaffRequest, likely: Suspected) -> dict[str, Any]:
    call = likely.call
    assert call is not None
    note(asked, [likely.version], SHOWN)
    label, icon = LEVELS[call.level]
    told = {part.code: (part, text) for part, text in likely.version.told()}
    language = "en" if get_language() == "en" else "zh"
    return {
        "level": call.level,
        "label": label,
        "icon": icon,
        "do": call.do[language],
        "points": call.points,
        "signs": call.signs,
        "told": [told[code] for code in COUNTER if code in told],
    }
