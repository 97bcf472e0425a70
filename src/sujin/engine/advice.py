"""What an outside model says about a text, read as the words of a stranger.

The answer must be JSON of the agreed shape; a code counts only when it was offered, and only with
a quotation that stands word for word in the text that was sent. Everything else is dropped: there
is no field in which a model could tell anybody anything.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

# Characters; what is shorter, or is mask and marks alone, is found in any text.
QUOTE_MIN, QUOTE_MAX = 4, 200


class Unreadable(ValueError):
    """The answer is not JSON of the agreed shape."""


@dataclass(frozen=True, slots=True)
class Advice:
    """One code for one axis, and the words of the text that are said to show it."""

    axis: str
    code: str
    quote: str


def instructions(prompt: str, offered: Mapping[str, Mapping[str, str]]) -> str:
    """The `prompt` of the pack with the codes that are `offered`: axis -> code -> name."""
    return f"{prompt.strip()}\n\n{json.dumps(offered, ensure_ascii=False)}"


def material(text: str) -> str:
    """The text as data: one JSON string, which no text can end early."""
    return json.dumps({"text": text}, ensure_ascii=False)


def read(answer: str, text: str, offered: Mapping[str, Mapping[str, str]]) -> tuple[Advice, ...]:
    """The usable advice in `answer`, in the order of the axes offered. Raises Unreadable."""
    try:
        told: Any = json.loads(answer)
    except (ValueError, RecursionError):
        raise Unreadable("not JSON") from None
    if not isinstance(told, dict):
        raise Unreadable("not an object")
    return tuple(_usable(told, text, offered))


def _usable(
    told: Mapping[str, Any], text: str, offered: Mapping[str, Mapping[str, str]]
) -> Iterator[Advice]:
    for axis, codes in offered.items():
        said = told.get(axis)
        if not isinstance(said, dict):
            continue
        code, quote = said.get("code"), said.get("quote")
        if not isinstance(code, str) or not isinstance(quote, str):
            continue
        if code in codes and _is_evidence(quote.strip(), text):
            yield Advice(axis, code, quote.strip())


def _is_evidence(quote: str, text: str) -> bool:
    letters = sum(char.isalnum() for char in quote)
    return letters >= QUOTE_MIN and len(quote) <= QUOTE_MAX and quote in text
