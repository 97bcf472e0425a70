"""知识缺口: what was asked and not answered, and the draft that will answer it."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from sujin.knowledge.acts.ask import begin_answer
from sujin.knowledge.duties import DRAFT
from sujin.knowledge.gaps import WEEKS, gaps, ungathered
from sujin.knowledge.models import Gap
from sujin.knowledge.pages.library import filters
from sujin.knowledge.pages.newcomer import own_line, owner_for
from sujin.knowledge.wording import Wording
from sujin.platform.refusal import Refusal
from sujin.platform.ui.listing import Listing
from sujin.platform.ui.request import StaffRequest, holds

SHOWN = 30
TITLE_MAX = 60


class GapForm(forms.Form):
    """Which gap (by its first question), as what, for whom."""

    question = forms.IntegerField(max_value=2**63 - 1, widget=forms.HiddenInput)
    form = forms.ChoiceField(label=_("体裁"))
    line = forms.ChoiceField(label=_("条线"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for one in filters():
            field = self.fields[one.name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = list(one.choices)


@require_http_methods(["GET", "HEAD", "POST"])
def gap_list(request: HttpRequest) -> HttpResponse:
    """GET: the gaps; POST: begin the item that closes one of them."""
    asked = holds(request, DRAFT)
    found = gaps(asked.reach)
    if request.method == "POST":
        return _begin(asked, found)
    listing = Listing(asked.GET, found, size=SHOWN)
    shown = listing.page_rows
    context: dict[str, Any] = {
        "listing": listing,
        "gaps": shown,
        "count": listing.count,
        "ungathered": 0 if shown else ungathered(asked.reach, asked.at),
        "weeks": WEEKS,
        "most": max((n for gap in shown for n in gap.weekly), default=0),
        "form": GapForm(initial={"form": "scenario", "line": own_line(asked)}),
    }
    return render(request, "knowledge/gaps.html", context)


def _begin(asked: StaffRequest, found: QuerySet[Gap]) -> HttpResponse:
    form = GapForm(asked.POST)
    if not form.is_valid():
        messages.error(asked, _t("请选择体裁和条线"))
        return redirect("knowledge:gaps")
    told = form.cleaned_data
    gap = found.filter(questions__contains=[told["question"]]).first()
    if gap is None:
        messages.error(asked, _t("这一类已有人在起草，或已不是缺口"))
        return redirect("knowledge:gaps")
    owner = owner_for(asked, told["line"])
    if owner is None:
        raise PermissionDenied
    wording = _wording(gap, told["form"], told["line"])
    try:
        made = begin_answer(wording, gap.questions, owner=owner, by=asked.person, at=asked.at)
    except Refusal as refusal:
        messages.error(asked, str(refusal))
        return redirect("knowledge:gaps")
    messages.success(asked, _t("草稿已建立，客户的说法已经填好"))
    return redirect(made)


def _wording(gap: Gap, form: str, line: str) -> Wording:
    scope = {"surfaces": ("staff",)}
    code = f"gap-{min(gap.questions)}"
    return Wording(code, form, line, gap.title[:TITLE_MAX], {}, tuple(gap.asks), scope)
