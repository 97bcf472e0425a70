"""What stays of a personal thing when it is masked: enough for its owner to know it again."""

import re
from collections.abc import Callable, Mapping

from sujin.engine.names import DOUBLE

_COMPOUND = re.compile(DOUBLE)


def mask(kind: str, value: str) -> str:
    """What is shown instead of ``value``; a kind without a shape of its own is a card."""
    return _MASKS.get(kind, _number)(value)


def _number(value: str) -> str:
    return f"{value[:6]}{'*' * max(4, len(value) - 10)}{value[-4:]}"


def _document(value: str) -> str:
    return f"{value[0]}{'*' * (len(value) - 2)}{value[-1]}"


def _someone(value: str) -> str:
    return f"{value[:2] if _COMPOUND.match(value) else value[0]}某"


_MASKS: Mapping[str, Callable[[str], str]] = {
    "phone": lambda value: f"{value[:3]}****{value[-4:]}",
    "id_number": _document,
    "passport": _document,
    "permit": _document,
    "messenger": lambda value: f"{value[0]}***",
    "email": lambda value: f"{value[0]}***{value[value.rindex('@') :]}",
    "plate": lambda value: f"{value[:2]}·****",
    "address": lambda value: "****",
    "person": _someone,
}
