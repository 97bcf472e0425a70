"""A model of the bank's own behind an OpenAI-compatible address: asked once, believed never.

``POST {url}/chat/completions``. What comes back is the words of a stranger: this module only sees
to it that they are few, in time, and from the address that was configured.
"""

import http.client
import json
import time
from dataclasses import dataclass, field
from enum import StrEnum
from threading import BoundedSemaphore
from typing import Any

from sujin.platform import wire

STEP_SECONDS = 5.0
WHOLE_SECONDS = 10.0  # somebody sits before the screen
ANSWER_MAX = 64 * 1024
WORDS_MAX = 600  # tokens of the answer: two codes and two quotations
# An endpoint that hangs must not take all the threads that serve pages.
AT_ONCE = 2

_free = BoundedSemaphore(AT_ONCE)


@dataclass(frozen=True, slots=True)
class Adviser:
    """The endpoint: its base address, the model's name there, and the key it wants, if any."""

    url: str
    model: str
    key: str = field(default="", repr=False)


class Silence(StrEnum):
    """Why there is no answer."""

    BUSY = "busy"
    ABSENT = "absent"
    LATE = "late"
    STATUS = "status"
    ELSEWHERE = "elsewhere"
    LONG = "long"
    GARBLED = "garbled"


class NoAnswer(Exception):
    """Nothing to read; ``why`` says what was wrong and nothing of what was said."""

    def __init__(self, why: Silence, status: int = 0) -> None:
        super().__init__(f"{why} {status or ''}".strip())
        self.why, self.status = why, status


def ask(adviser: Adviser, *, instructions: str, material: str) -> str:
    """The model's words, unread. Raises NoAnswer.

    ``material`` is data and goes as the user's message; nothing else leaves the house.
    """
    body = {
        "model": adviser.model,
        "messages": [
            {"role": "system", "content": instructions},
            {"role": "user", "content": material},
        ],
        "response_format": {"type": "json_object"},
        "temperature": 0,
        "max_tokens": WORDS_MAX,
        "stream": False,
    }
    if not _free.acquire(blocking=False):
        raise NoAnswer(Silence.BUSY)
    try:
        return _words(_post(adviser, json.dumps(body, ensure_ascii=False).encode()))
    finally:
        _free.release()


def _post(adviser: Adviser, body: bytes) -> bytes:
    url = adviser.url.rstrip("/") + "/chat/completions"
    headers = {"Content-Type": "application/json", "Accept": "application/json"}
    if adviser.key:
        headers["Authorization"] = f"Bearer {adviser.key}"
    began = time.monotonic()
    try:
        with wire.conversation(url, step=STEP_SECONDS, whole=WHOLE_SECONDS) as connection:
            connection.request("POST", wire.target(url), body, headers)
            # The model thinks before its first byte: here the whole counts, not the step.
            connection.sock.settimeout(WHOLE_SECONDS)
            answer = connection.getresponse()
            said = answer.read(ANSWER_MAX + 1)
    except (OSError, http.client.HTTPException) as error:
        is_late = isinstance(error, TimeoutError) or time.monotonic() - began >= WHOLE_SECONDS
        raise NoAnswer(Silence.LATE if is_late else Silence.ABSENT) from None
    return _accepted(answer.status, said, is_cut=time.monotonic() - began >= WHOLE_SECONDS)


def _accepted(status: int, said: bytes, *, is_cut: bool) -> bytes:
    if 300 <= status < 400:
        raise NoAnswer(Silence.ELSEWHERE, status)
    if status != 200:
        raise NoAnswer(Silence.STATUS, status)
    if len(said) > ANSWER_MAX:
        raise NoAnswer(Silence.LONG)
    if is_cut:
        raise NoAnswer(Silence.LATE)
    return said


def _words(said: bytes) -> str:
    """``choices[0].message.content`` of the answer."""
    try:
        told: Any = json.loads(said)
        words = told["choices"][0]["message"]["content"]
    except (ValueError, LookupError, TypeError, RecursionError):
        raise NoAnswer(Silence.GARBLED) from None
    if not isinstance(words, str):
        raise NoAnswer(Silence.GARBLED)
    return words
