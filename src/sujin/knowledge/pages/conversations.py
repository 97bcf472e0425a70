"""智能助手: its figures, and what customers asked in vain."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext as _t
from django.views.decorators.http import require_safe

from sujin.engine import converse
from sujin.knowledge.assistant import rules
from sujin.knowledge.conversations import WEEKS, picture
from sujin.knowledge.duties import DRAFT
from sujin.platform.ui.request import staff

MAY_SEE = frozenset({"search", "export"})


@require_safe
def figures(request: HttpRequest) -> HttpResponse:
    """For whoever searches or exports: conversations belong to no organisation, and to nobody."""
    asked = staff(request)
    if not MAY_SEE & asked.reach.may:
        raise PermissionDenied
    shown = picture(asked.at)
    context = {
        "picture": shown,
        "weeks": WEEKS,
        "reasons": [(why(row), count) for row, count in shown.reasons],
        "may_draft": DRAFT in asked.reach.may,
    }
    return render(request, "knowledge/conversations.html", context)


def why(because: str) -> str:
    """Why a person took over, in the reader's language."""
    language = "en" if get_language() == "en" else "zh"
    said = {row.row: row.because.get(language, row.row) for row in rules().rows}
    said |= {
        converse.TWICE: _t("第二次没有找到答案"),
        converse.UNHELPED: _t("客户说没有解决"),
        "button": _t("客户点了转人工"),
    }
    return said.get(because, because)
