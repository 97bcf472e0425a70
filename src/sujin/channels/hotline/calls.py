"""POST /hotline/calls: a call from the telephone system becomes a case, or finds the one it was."""

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
from sujin.channels.spoken_json import Declined, body_of, refusal_of, refuse_strangers, string
from sujin.complaints.acts.receive import CannotReceive, Receipt
from sujin.complaints.arrival import Reception
from sujin.complaints.models import Contact
from sujin.platform.models import Org
from sujin.platform.ui.request import AnyRequest
from sujin.platform.ui.time import BANK_ZONE

KNOWN = ("call_id", "started_at", "agent", "caller", "transcript", "text", "branch", "kind")
OF_CUSTOMER = ("name", "id_number", "card")


@csrf_exempt
@login_not_required
def calls(request: HttpRequest) -> JsonResponse:
    """201 with the new case, 200 with the case a repeated delivery became, or an error in JSON.

    What is wrong with a call but does not keep it out stands in ``warnings``.
    """
    try:
        refuse_strangers(request, settings.HOTLINE_TOKEN)
        flat = _flat(body_of(request), request)
        form = CallForm(flat, at=cast(AnyRequest, request).at)
        receipt = _take(form, digest=receive.digest_of(flat))
    except Declined as declined:
        return refusal_of(declined)
    warnings = [_fault(form, name).error for name in form.lacking]
    return JsonResponse(_told(receipt) | {"warnings": warnings}, status=_status(receipt))


def _flat(body: Mapping[str, Any], request: HttpRequest) -> dict[str, str]:
    """The call's values as strings; the Idempotency-Key stands in where a call has no identity."""
    customer = body.get("customer") or {}
    if not isinstance(customer, dict):
        raise Declined(422, "customer", _t("customer 不是对象"), _t('请写成 {"name": …}'))
    flat = {name: string(body, name) for name in KNOWN}
    flat |= {name: string(customer, name, f"customer.{name}") for name in OF_CUSTOMER}
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
