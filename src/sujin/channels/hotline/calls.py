"""POST /hotline/calls: a call from the telephone system becomes a case, or finds the one it was."""

import hmac
import json
from collections.abc import Mapping
from typing import Any, cast

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, JsonResponse
from django.utils.timezone import localtime
from django.utils.translation import gettext as _t
from django.utils.translation import override
from django.views.decorators.csrf import csrf_exempt

from sujin.channels.channel import HOTLINE
from sujin.channels.fields import Fault
from sujin.channels.hotline import receive
from sujin.channels.hotline.forms import SPARED, CallForm
from sujin.channels.intake import take_in
from sujin.complaints.acts.receive import CannotReceive, Receipt
from sujin.complaints.arrival import Reception
from sujin.complaints.models import Contact
from sujin.platform.models import Org
from sujin.platform.ui.request import AnyRequest
from sujin.platform.ui.time import BANK_ZONE

BODY_MAX = 1024 * 1024
KNOWN = ("call_id", "started_at", "agent", "caller", "transcript", "text", "branch", "kind")
OF_CUSTOMER = ("name", "id_number", "card")


class Declined(Exception):
    """The request is answered with an error: which field, what is wrong, what to do."""

    def __init__(self, status: int, field: str, message: str, remedy: str) -> None:
        super().__init__(message)
        self.status = status
        self.error = {"field": field, "message": message, "remedy": remedy}


@csrf_exempt
@login_not_required
def calls(request: HttpRequest) -> JsonResponse:
    """201 with the new case, 200 with the case a repeated delivery became, or an error in JSON.

    What is wrong with a call but does not keep it out stands in ``warnings``.
    """
    try:
        _refuse_strangers(request)
        flat = _flat(_body(request), request)
        form = CallForm(flat, at=cast(AnyRequest, request).at)
        receipt = _take(form, digest=receive.digest_of(flat))
    except Declined as declined:
        return _declined(declined)
    warnings = [_fault(form, name).error for name in form.lacking]
    return JsonResponse(_told(receipt) | {"warnings": warnings}, status=_status(receipt))


def _refuse_strangers(request: HttpRequest) -> None:
    if request.method != "POST":
        raise Declined(405, "method", _t("只接受 POST"), _t("请用 POST 提交一通来电"))
    scheme, _space, token = request.headers.get("Authorization", "").partition(" ")
    known = hmac.compare_digest(token.strip().encode(), settings.HOTLINE_TOKEN.encode())
    if scheme.lower() != "bearer" or not known:
        raise Declined(
            401,
            "Authorization",
            _t("没有令牌，或令牌不对"),
            _t("请带上 Authorization: Bearer 和本行发放的令牌"),
        )
    if request.content_type != "application/json":
        raise Declined(
            415, "Content-Type", _t("只接受 JSON"), _t("请用 Content-Type: application/json")
        )


def _body(request: HttpRequest) -> dict[str, Any]:
    raw = request.read(BODY_MAX + 1)
    if len(raw) > BODY_MAX:
        raise Declined(
            413,
            "body",
            _t("请求超过 %(kb)d KB 的上限") % {"kb": BODY_MAX // 1024},
            _t("请只发送通话要点，录音和全文另行保存"),
        )
    try:
        body = json.loads(raw.decode("utf-8"), parse_constant=_refuse_constant)
    except (ValueError, RecursionError):
        body = None
    if not isinstance(body, dict):
        raise Declined(400, "body", _t("不是 JSON 对象"), _t("请发送 UTF-8 编码的一个 JSON 对象"))
    return body


def _refuse_constant(word: str) -> None:
    raise ValueError(word)


def _flat(body: Mapping[str, Any], request: HttpRequest) -> dict[str, str]:
    """The call's values as strings; the Idempotency-Key stands in where a call has no identity."""
    customer = body.get("customer") or {}
    if not isinstance(customer, dict):
        raise Declined(422, "customer", _t("customer 不是对象"), _t('请写成 {"name": …}'))
    flat = {name: _string(body, name) for name in KNOWN}
    flat |= {name: _string(customer, name, f"customer.{name}") for name in OF_CUSTOMER}
    flat["text"] = flat["text"] or flat.pop("transcript")
    flat["call_id"] = flat["call_id"] or request.headers.get("Idempotency-Key", "").strip()
    if not flat["call_id"]:
        raise Declined(
            400,
            "Idempotency-Key",
            _t("没有 call_id，也没有 Idempotency-Key"),
            _t("请为每通来电带上一个不变的标识，重发时不会重复登记"),
        )
    return flat


def _string(body: Mapping[str, Any], name: str, field: str = "") -> str:
    value = body.get(name)
    value = "" if value is None else value
    if not isinstance(value, str) or not _is_storable(value):
        raise Declined(
            422,
            field or name,
            _t("%(field)s 不是文本") % {"field": field or name},
            _t("请写成 JSON 字符串，不含空字符"),
        )
    return value


def _is_storable(value: str) -> bool:
    """JSON can spell half a character and a NUL; the database keeps neither."""
    return "\0" not in value and not any("\ud800" <= letter <= "\udfff" for letter in value)


def _take(form: CallForm, *, digest: str) -> Receipt:
    if form.refused:
        raise _fault(form, form.refused[0])
    given = form.accepted()
    # Kept with the contact, so in the language of the house whatever the sender speaks.
    with override(settings.LANGUAGE_CODE):
        lacking = [str(SPARED[name]) for name in form.lacking]
    draft = receive.call(given, digest=digest, lacking=lacking)
    try:
        receipt = take_in(draft, (), by=given["agent"] or HOTLINE.account(), at=form.at)
    except CannotReceive as refusal:
        raise Declined(422, "body", str(refusal), _t("请更正后重发")) from None
    if receipt.reception is Reception.KNOWN:
        _refuse_another_body(given["call_id"], digest)
    return receipt


def _fault(form: CallForm, name: str) -> Declined:
    fault, field = form.errors.as_data()[name][0], form.fields[name].label
    if isinstance(fault, Fault):
        return Declined(422, str(field), fault.what, fault.remedy)
    return Declined(422, str(field), " ".join(fault.messages), _t("请更正这个字段后重发"))


def _refuse_another_body(call_id: str, digest: str) -> None:
    contact = Contact.objects.get(source=HOTLINE.code, external_id=receive.key_of(call_id))
    if contact.attributes.get(receive.DIGEST) != digest:
        raise Declined(
            409,
            "call_id",
            _t("这个 call_id 已经登记过，内容不同"),
            _t("重发须与第一次完全相同；另一通来电请换一个 call_id"),
        )


def _told(receipt: Receipt) -> dict[str, Any]:
    case = receipt.complaint
    desk = case.desk
    assert isinstance(desk, Org)
    return {
        "number": case.number,
        "desk": desk.code,
        "desk_name": desk.name,
        "tier": case.tier,
        "due_at": localtime(case.due_at, BANK_ZONE).isoformat() if case.due_at else None,
        "reception": receipt.reception.value,
    }


def _status(receipt: Receipt) -> int:
    return 200 if receipt.reception is Reception.KNOWN else 201


def _declined(declined: Declined) -> JsonResponse:
    response = JsonResponse({"error": declined.error}, status=declined.status)
    if declined.status == 401:
        response["WWW-Authenticate"] = "Bearer"
    if declined.status == 405:
        response["Allow"] = "POST"
    return response
