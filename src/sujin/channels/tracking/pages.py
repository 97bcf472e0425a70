"""Find the matter, see how it stands, add to it."""

from typing import Any, cast

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _t
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from sujin.channels.channel import WEB_FORM
from sujin.channels.tracking import ball, proof, words
from sujin.channels.tracking.forms import FindForm, MaterialForm, ReviewForm, VerdictForm
from sujin.channels.tracking.receive import (
    add,
    appeal,
    goes_on,
    hurry,
    kept,
    may_appeal,
    may_say,
    say,
)
from sujin.complaints import clock
from sujin.complaints.models import Complaint
from sujin.platform.refusal import Refusal
from sujin.platform.ui.request import AnyRequest

FIND, CASE = "tracking:find", "tracking:case"


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def find(request: HttpRequest) -> HttpResponse:
    """Number and code; whatever is wrong with them, the answer is the same."""
    asked = cast(AnyRequest, request)
    if "code" in asked.GET or "leave" in asked.POST:
        # A code somebody put into an address does not stay there, and opens nothing.
        proof.forget(asked.session)
        return redirect(FIND)
    if asked.method != "POST":
        return render(asked, "tracking/find.html", {"form": FindForm()})
    return _look_up(asked, FindForm(asked.POST))


def _look_up(request: AnyRequest, form: FindForm) -> HttpResponse:
    if form.is_valid():
        number = form.cleaned_data["number"]
        if proof.is_proven(**form.cleaned_data, at=request.at):
            proof.remember(request.session, number, at=request.at)
            return redirect(CASE, number)
        form.add_error(None, _not_found())
    return render(request, "tracking/find.html", {"form": form}, status=422)


def _not_found() -> str:
    return _t(
        "没有查到。请对照当时记下的编号和查询码再看一遍；"
        "一小时内错 %(n)d 次，这个编号要过一小时才能再查。急用请打下面的电话。"
    ) % {"n": proof.MISSES_PER_HOUR}


@login_not_required
@never_cache
@require_safe
def case(request: HttpRequest, number: str) -> HttpResponse:
    """How the matter stands."""
    asked = cast(AnyRequest, request)
    if not proof.is_remembered(asked.session, number, at=asked.at):
        return _ask_again(asked)
    return _show(asked, _told(number))


@login_not_required
@never_cache
@require_POST
def material(request: HttpRequest, number: str) -> HttpResponse:
    """More words and papers for the matter; of a merged one, for the one it goes on under."""
    asked = cast(AnyRequest, request)
    if not proof.is_remembered(asked.session, number, at=asked.at):
        return _ask_again(asked)
    told = _told(number)
    live = goes_on(told)
    form = MaterialForm(asked.POST, asked.FILES, kept=kept(live).count())
    if not form.is_valid():
        return _show(asked, told, form)
    try:
        add(live, **form.cleaned_data, at=asked.at)
    except Refusal as refusal:
        form.add_error(None, str(refusal))
        return _show(asked, told, form)
    messages.success(asked, _t("收到了，已经放进这件事里，经办人会看到。"))
    return redirect(CASE, number)


@login_not_required
@never_cache
@require_POST
def verdict(request: HttpRequest, number: str) -> HttpResponse:
    """The customer's own word on the answer; what is not solved goes one level higher."""
    asked = cast(AnyRequest, request)
    if not proof.is_remembered(asked.session, number, at=asked.at):
        return _ask_again(asked)
    told = _told(number)
    form = VerdictForm(asked.POST)
    try:
        if form.is_valid():
            say(goes_on(told), **form.cleaned_data, at=asked.at)
            messages.success(asked, _heard(form.cleaned_data["satisfied"]))
            return redirect(CASE, number)
    except Refusal as refusal:
        form.add_error("note", str(refusal))
    return _show(asked, told, verdict_form=form)


@login_not_required
@never_cache
@require_POST
def review(request: HttpRequest, number: str) -> HttpResponse:
    """The customer does not accept the decision and asks the organisation above for a review."""
    asked = cast(AnyRequest, request)
    if not proof.is_remembered(asked.session, number, at=asked.at):
        return _ask_again(asked)
    told = _told(number)
    form = ReviewForm(asked.POST)
    try:
        if form.is_valid():
            appeal(goes_on(told), **form.cleaned_data, at=asked.at)
            messages.success(asked, _t("收到了。上一级机构会核查，30 日内把决定和理由告诉您。"))
            return redirect(CASE, number)
    except Refusal as refusal:
        form.add_error("words", str(refusal))
    return _show(asked, told, review_form=form)


@login_not_required
@never_cache
@require_POST
def urging(request: HttpRequest, number: str) -> HttpResponse:
    """The customer asks to hurry: whoever has the matter hears of it at once."""
    asked = cast(AnyRequest, request)
    if not proof.is_remembered(asked.session, number, at=asked.at):
        return _ask_again(asked)
    told = _told(number)
    try:
        hurry(goes_on(told), at=asked.at)
        messages.success(asked, _t("已经转告经办人，请等我们的电话。"))
    except Refusal as refusal:
        messages.info(asked, str(refusal))
    return redirect(CASE, number)


def _heard(satisfied: str) -> str:
    if satisfied == "yes":
        return _t("谢谢您告诉我们。")
    return _t("对不起没有解决好。已经交给上一级重新办理，不用再说一遍。")


def _ask_again(request: AnyRequest) -> HttpResponse:
    messages.info(request, _t("请输入编号和查询码。为保护您的信息，查看 30 分钟后要重新输入。"))
    return redirect(FIND)


def _told(number: str) -> Complaint:
    cases = Complaint.objects.select_related(
        "desk", "origin", "merged_into__desk", "merged_into__origin"
    )
    return cases.get(number=number)


def _show(
    request: AnyRequest,
    told: Complaint,
    form: MaterialForm | None = None,
    verdict_form: VerdictForm | None = None,
    review_form: ReviewForm | None = None,
) -> HttpResponse:
    live = goes_on(told)
    shown: dict[str, Any] = {
        "case": told,
        "ball": ball.of(live, clock.of(live, now=request.at)),
        "steps": words.steps(told, customer=WEB_FORM.account()),
        "promises": live.promises.filter(released_at__isnull=True).order_by("due_at", "pk"),
        "at": request.at,
        "form": form or MaterialForm(kept=kept(live).count()),
        "has_errors": form is not None,
        "may_judge": may_say(live, at=request.at),
        "verdict_form": verdict_form or VerdictForm(),
        "may_appeal": review_form is not None or may_appeal(live, at=request.at),
        "review_form": review_form or ReviewForm(),
    }
    is_wrong = any(one is not None for one in (form, verdict_form, review_form))
    return render(request, "tracking/case.html", shown, status=422 if is_wrong else 200)
