"""What the doors of machines share: one JSON object by POST, a bearer token, refusals in JSON."""

import hmac
import json
from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, JsonResponse
from django.utils.translation import gettext as _t

BODY_MAX = 1024 * 1024


class Declined(Exception):
    """The request is answered with an error: which field, what is wrong, what to do."""

    def __init__(self, status: int, field: str, message: str, remedy: str) -> None:
        super().__init__(message)
        self.status = status
        self.error = {"field": field, "message": message, "remedy": remedy}


def refuse_strangers(request: HttpRequest, known_token: str) -> None:
    """Raises Declined unless this is a POST of JSON by whoever holds the token; where none was
    given out, nobody holds it."""
    if request.method != "POST":
        raise Declined(405, "method", _t("只接受 POST"), _t("请用 POST 提交"))
    scheme, _space, token = request.headers.get("Authorization", "").partition(" ")
    known = hmac.compare_digest(token.strip().encode(), known_token.encode())
    if scheme.lower() != "bearer" or not known_token or not known:
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


def body_of(request: HttpRequest) -> dict[str, Any]:
    """The JSON object that was sent. Raises Declined."""
    raw = request.read(BODY_MAX + 1)
    if len(raw) > BODY_MAX:
        raise Declined(
            413,
            "body",
            _t("请求超过 %(kb)d KB 的上限") % {"kb": BODY_MAX // 1024},
            _t("请只发送要点，录音和全文另行保存"),
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


def string(body: Mapping[str, Any], name: str, field: str = "") -> str:
    """The text under ``name``; absent is empty. Raises Declined."""
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


def refusal_of(declined: Declined) -> JsonResponse:
    """The refusal as the sender reads it."""
    response = JsonResponse({"error": declined.error}, status=declined.status)
    if declined.status == 401:
        response["WWW-Authenticate"] = "Bearer"
    if declined.status == 405:
        response["Allow"] = "POST"
    return response
