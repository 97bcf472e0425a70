"""A text-message gateway that takes JSON: POST {id, to, text}, told twice the same by ``id``."""

import http.client
import json
from dataclasses import dataclass, field

from sujin.platform import wire
from sujin.platform.delivery import Refused, Temporary

STEP_SECONDS = 10.0
WHOLE_SECONDS = 30.0
ANSWER_MAX = 64 * 1024
# What is wrong with our account, the gateway or the hour, not with the number or the text.
LATER = {401, 403, 404, 405, 407, 408, 409, 425, 429}


@dataclass(frozen=True, slots=True)
class Gateway:
    """The gateway of the institution's provider."""

    url: str
    token: str = field(default="", repr=False)


def send(gateway: Gateway, *, key: str, to: str, text: str) -> str:
    """Hand a text over; the gateway's answer once it has taken it. Raises Refused or Temporary.

    The configured address is the only one ever spoken to: a redirection is not followed.
    """
    body = json.dumps({"id": key, "to": to, "text": text}, ensure_ascii=False).encode()
    headers = {
        "Content-Type": "application/json; charset=utf-8",
        "Idempotency-Key": key,
        "Authorization": f"Bearer {gateway.token}",
    }
    try:
        with wire.conversation(gateway.url, step=STEP_SECONDS, whole=WHOLE_SECONDS) as connection:
            return _judged(*_asked(connection, wire.target(gateway.url), body, headers))
    except OSError as error:
        raise Temporary(type(error).__name__) from None


def _asked(
    connection: http.client.HTTPConnection, path: str, body: bytes, headers: dict[str, str]
) -> tuple[int, bytes]:
    try:
        connection.request("POST", path, body, headers)
        answer = connection.getresponse()
        return answer.status, answer.read(ANSWER_MAX)
    except (OSError, http.client.HTTPException) as error:
        # The silence may have begun after the last byte was taken.
        raise Temporary(type(error).__name__, in_doubt=True) from None


def _judged(status: int, said: bytes) -> str:
    words = f"{status} {_receipt(said)}".strip()
    if 200 <= status < 300:
        return words
    if 400 <= status < 500 and status not in LATER:
        raise Refused(words)
    # A gateway that broke down over it may have passed it on before.
    raise Temporary(words, in_doubt=status >= 500)


def _receipt(said: bytes) -> str:
    """The gateway's own number of the message, where it gives one as ``receipt``."""
    try:
        told = json.loads(said)
    except ValueError:
        return ""
    return str(told.get("receipt", ""))[:80] if isinstance(told, dict) else ""
