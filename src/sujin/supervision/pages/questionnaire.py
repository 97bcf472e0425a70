"""The customer's page: five questions on one screen of a telephone, by the link alone.

It tells nothing of a case but the bank, the month and the kind of matter. Links that open nothing
look alike, whatever is wrong with them. A member of staff who is signed in may not answer.
"""

from datetime import datetime
from typing import Any, cast

from django.contrib.auth.decorators import login_not_required
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import get_language
from django.utils.translation import gettext as _t
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from sujin.complaints.rulebook import name_of
from sujin.platform import budget, crypto
from sujin.platform.refusal import Refusal
from sujin.platform.ui.request import AnyRequest, network_of
from sujin.supervision.acts.fill_in import (
    CannotFillIn,
    FilledAlready,
    LinkExpired,
    NoSuchLink,
    customer,
    fill_in,
    opened,
)
from sujin.supervision.forms_survey import SheetForm
from sujin.supervision.links import digest
from sujin.supervision.models import Invitation
from sujin.supervision.questionnaires import numbers, questionnaires
from sujin.supervision.staff_browser import is_staff

LANGUAGES = {"zh": "zh-hans", "en": "en"}
FORBIDDEN, CONFLICT, GONE, MISSING, WRONG, TOO_MANY = 403, 409, 410, 404, 422, 429


# No cookie opens or changes anything here, the link alone does. And with a policy of telling no
# address to anybody, browsers send no origin that a token against forgery could be checked by.
@csrf_exempt
@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def questionnaire(request: HttpRequest, secret: str) -> HttpResponse:
    """GET: the questions; POST: they are answered, once."""
    asked = cast(AnyRequest, request)
    chosen = LANGUAGES.get(asked.GET.get("language", ""))
    with translation.override(chosen or get_language()):
        response = _answered(asked, secret)
    # The address holds the secret: it is told to nobody, not even to ourselves.
    response["Referrer-Policy"] = "no-referrer"
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response


def _answered(asked: AnyRequest, secret: str) -> HttpResponse:
    if asked.person is not None:
        return _said(asked, FORBIDDEN, _t("本行员工不能代客户作答"), _t(
            "这个浏览器里登录着员工账号。客户请换自己的手机打开链接；员工请把链接留给客户。"
        ))  # fmt: skip
    try:
        found = opened(secret, asked.at)
    except NoSuchLink:
        return _unknown(asked)
    except CannotFillIn as refusal:
        return _refused(asked, refusal)
    if asked.method == "POST":
        return _filled(asked, found, secret)
    return _form(asked, found, SheetForm(questionnaires()[found.questionnaire]), secret)


def _unknown(asked: AnyRequest) -> HttpResponse:
    """A wrong link costs a try. A right one costs none and opens whatever others have tried: behind
    one address stand all the customers of a network."""
    key = f"survey:{crypto.blind(network_of(asked), context='survey.tries')}"
    if not budget.spend(key, asked.at, int(numbers()["wrong_most"])):
        return _said(asked, TOO_MANY, _t("试得太多了"), _t("请过一小时再打开短信里的链接。"))
    return _said(asked, MISSING, _t("这个链接打不开"), _t(
        "链接可能没有复制完整。请从短信或邮件里直接点开。"
    ))  # fmt: skip


def _refused(asked: AnyRequest, refusal: CannotFillIn) -> HttpResponse:
    """Each in its own words, none about a case."""
    if isinstance(refusal, LinkExpired):
        return _said(asked, GONE, _t("这份问卷已经过期"), _t(
            "您的意见我们仍然想听，请拨打下面的电话告诉我们。"
        ))  # fmt: skip
    assert isinstance(refusal, FilledAlready)
    return _said(asked, CONFLICT, _t("您的答卷已经收到"), _t(
        "每份问卷只答一次，谢谢您。还有话想说，请拨打下面的电话。"
    ))  # fmt: skip


def _filled(asked: AnyRequest, found: Invitation, secret: str) -> HttpResponse:
    form = SheetForm(questionnaires()[found.questionnaire], asked.POST)
    shown_at = _shown_at(asked.POST.get("stamp", ""), secret)
    if not form.is_valid():
        return _form(asked, found, form, secret, shown_at=shown_at, status=WRONG)
    if shown_at is None:
        form.add_error(None, _t("页面停留太久或不完整，请再点一次提交"))
        return _form(asked, found, form, secret, status=WRONG)
    try:
        fill_in(
            secret, scores=form.scores, words=form.words, network=network_of(asked),
            seconds=(asked.at - shown_at).total_seconds(), is_staff_browser=is_staff(asked),
            by=customer(), at=asked.at,
        )  # fmt: skip
    except FilledAlready as refusal:
        return _refused(asked, refusal)
    except Refusal as refusal:
        form.add_error(None, str(refusal))
        return _form(asked, found, form, secret, shown_at=shown_at, status=WRONG)
    return _said(asked, 200, _t("谢谢您"), _t(
        "您的话我们会看。不满意的地方，可以拨打下面的电话，请上一级机构重新办理。"
    ))  # fmt: skip


def _form(
    asked: AnyRequest, found: Invitation, form: SheetForm, secret: str, *,
    shown_at: datetime | None = None, status: int = 200,
) -> HttpResponse:  # fmt: skip
    """``shown_at`` of the first showing is kept when something has to be mended."""
    english = get_language() == "en"
    context: dict[str, Any] = {
        "form": form, "asked": questionnaires()[found.questionnaire], "month": _month(found),
        "matter": name_of("business", found.complaint.business.split(".")[0], english=english)
        if found.complaint.business else "",
        "stamp": _signer(secret).sign((shown_at or asked.at).isoformat()),
        "language": "en" if english else "zh",
    }  # fmt: skip
    return render(asked, "supervision/questionnaire.html", context, status=status)


def _month(found: Invitation) -> str:
    return date_format(timezone.localtime(found.complaint.received_at), "YEAR_MONTH_FORMAT")


def _shown_at(stamp: str, secret: str) -> datetime | None:
    """When this link's questions were shown; None when nobody can tell."""
    try:
        return datetime.fromisoformat(_signer(secret).unsign(stamp))
    except (signing.BadSignature, ValueError):
        return None


def _signer(secret: str) -> signing.Signer:
    return signing.Signer(salt=f"survey.stamp.{digest(secret)}")


def _said(asked: AnyRequest, status: int, title: str, words: str) -> HttpResponse:
    language = "en" if get_language() == "en" else "zh"
    context = {"title": title, "words": words, "language": language, "is_done": status == 200}
    return render(asked, "supervision/questionnaire_said.html", context, status=status)
