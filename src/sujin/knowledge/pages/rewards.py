"""拦截奖励: claims of those who stopped a fraud, and the decision of the desk that answers."""

from datetime import date
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST

from sujin.knowledge.acts.reward import claim_reward, decide_reward
from sujin.knowledge.audience import audience_of
from sujin.knowledge.duties import RELEASE, may
from sujin.knowledge.kinds.reward import REWARD_STATES, WAITING
from sujin.knowledge.models import RewardClaim, Version
from sujin.knowledge.pages.finding import note_use_here, workplace
from sujin.knowledge.scams import FORM
from sujin.platform.refusal import Refusal
from sujin.platform.ui.listing import Column, Filter, Listing, Sort
from sujin.platform.ui.request import StaffRequest, staff

COLUMNS = [
    Column("claimed", _("申报时间"), "new"),
    Column("scam", _("骗局")),
    Column("who", _("申报人")),
    Column("amount", _("拦截金额"), "amount"),
    Column("story", _("经过")),
    Column("state", _("状态")),
]
SORTS = [
    Sort("new", _("最近在前"), ("-claimed_at",)),
    Sort("amount", _("金额大的在前"), ("-amount",)),
]


class ClaimForm(forms.Form):
    scam = forms.ChoiceField(label=_("骗局"))
    happened_on = forms.DateField(
        label=_("拦截日期"), widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    )
    amount = forms.DecimalField(
        label=_("拦截金额（元）"), min_value=0, max_digits=14, decimal_places=2
    )
    story = forms.CharField(
        label=_("经过"),
        max_length=1000,
        help_text=_("怎么发现、怎么劝住。号码会自动遮蔽，不要写客户姓名。"),
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def __init__(self, *args: Any, scams: list[Version], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.versions = {one.item.code: one for one in scams}
        field = self.fields["scam"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(one.item.code, one.title) for one in scams]


class DecideForm(forms.Form):
    granted = forms.ChoiceField(choices=[("yes", ""), ("no", "")])
    because = forms.CharField(max_length=300)


@require_http_methods(["GET", "HEAD", "POST"])
def rewards(request: HttpRequest) -> HttpResponse:
    """GET: what one has claimed and what waits for one's decision; POST: a new claim."""
    asked = staff(request)
    if request.method != "POST":
        return _show(asked, None)
    form = ClaimForm(request.POST, scams=_scams(asked))
    org = workplace(asked)
    if org is None:
        raise PermissionDenied
    if form.is_valid():
        given = {name: form.cleaned_data[name] for name in ("happened_on", "amount", "story")}
        scam = form.versions[form.cleaned_data["scam"]].item
        try:
            claim_reward(scam, org=org, **given, by=asked.person, at=asked.at)
        except Refusal as refusal:
            form.add_error(None, str(refusal))
        else:
            note_use_here(asked, form.versions[scam.code])
            messages.success(request, _t("已申报，由归口部门认定"))
            return redirect("knowledge:rewards")
    return _show(asked, form, status=422)


@require_POST
def decision(request: HttpRequest, pk: int) -> HttpResponse:
    """Grant or refuse, by whoever releases for the desk that answers for this scam."""
    asked = staff(request)
    rows = RewardClaim.objects.within(asked.reach).select_related("scam__owner")
    claim = rows.filter(pk=pk).first()
    if claim is None:
        raise Http404
    if not may(asked.reach, RELEASE, claim.scam):
        raise PermissionDenied
    form = DecideForm(request.POST)
    if not form.is_valid():
        messages.error(request, _t("请写明理由"))
        return redirect("knowledge:rewards")
    told = form.cleaned_data
    try:
        decide_reward(
            claim, granted=told["granted"] == "yes", because=told["because"],
            by=asked.person, at=asked.at,
        )  # fmt: skip
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _t("已认定"))
    return redirect("knowledge:rewards")


def _scams(asked: StaffRequest) -> list[Version]:
    rows = Version.objects.served(audience_of(asked.reach), asked.at).filter(item__form=FORM)
    return list(rows.listed().order_by("title", "pk"))


def _show(asked: StaffRequest, form: ClaimForm | None, status: int = 200) -> HttpResponse:
    rows = RewardClaim.objects.within(asked.reach)
    states = tuple(REWARD_STATES.items())
    listing = Listing(
        asked.GET,
        rows.select_related("scam__owner", "claimant", "org", "decided_by"),
        filters=[Filter("state", _("状态"), states, lambda rows, value: rows.filter(state=value))],
        sorts=SORTS,
        columns=COLUMNS,
    )
    scams = _scams(asked)
    titles = {one.item_id: one.title for one in scams}
    first: dict[str, date | str] = {
        "scam": asked.GET.get("scam", ""),
        "happened_on": timezone.localdate(asked.at),
    }
    context: dict[str, Any] = {
        "listing": listing,
        "lines": [_line(asked, one, titles) for one in listing.page_rows],
        "form": form or (ClaimForm(initial=first, scams=scams) if workplace(asked) else None),
    }
    return render(asked, "knowledge/rewards.html", context, status=status)


def _line(asked: StaffRequest, one: RewardClaim, titles: dict[int, str]) -> dict[str, Any]:
    waits = one.state == WAITING and one.claimant_id != asked.person.pk
    return {
        "claim": one,
        "title": titles.get(one.scam_id, one.scam.code),
        "may_decide": waits and may(asked.reach, RELEASE, one.scam),
    }
